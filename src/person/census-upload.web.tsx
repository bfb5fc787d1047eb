// Where lists are dropped in: up to three files, each with the department that sent it.
import { DeleteOutlined, InboxOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button, Select, Upload } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../web/client.ts';
import { ProblemAlert } from '../web/message.tsx';
import { useOperation } from '../web/operation.ts';
import { CensusSender } from './census-fields.ts';

const mostFiles = 3;

interface Picked {
  readonly file: File;
  readonly sender: CensusSender | undefined;
}

/** 残联持证名单.xlsx names its sender; others are asked for. */
const senderOf = (name: string): CensusSender | undefined => {
  if (/残联|持证|残疾|federation/i.test(name)) return 'federation';
  if (/卫健|卫生|医院|住院|在管|严重精神|health/i.test(name)) return 'health';
  if (/民政|救助|低保|特困|civil/i.test(name)) return 'civil';
  return undefined;
};

interface FilesProps {
  readonly picked: readonly Picked[];
  readonly onChange: (picked: readonly Picked[]) => void;
}

const Files = ({ picked, onChange }: FilesProps) => {
  const { t } = useTranslation('census');
  const options = CensusSender.options.map((value) => ({ value, label: t(`senders.${value}`) }));
  return (
    <ul className="kt-census-files">
      {picked.map(({ file, sender }) => (
        <li key={`${file.name}${file.size}`}>
          <span className="kt-census-file">{file.name}</span>
          <Select
            aria-label={t('senderOf', { name: file.name })}
            placeholder={t('pickSender')}
            value={sender ?? null}
            status={sender === undefined ? 'warning' : ''}
            options={options}
            onChange={(value: CensusSender | null) =>
              onChange(picked.map((one) => (one.file === file ? { file, sender: value ?? undefined } : one)))
            }
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('dropFile', { name: file.name })}
            onClick={() => onChange(picked.filter((one) => one.file !== file))}
          />
        </li>
      ))}
    </ul>
  );
};

export const UploadBox = () => {
  const { t } = useTranslation('census');
  const navigate = useNavigate();
  const [picked, setPicked] = useState<readonly Picked[]>([]);
  const upload = useOperation(client.census.upload);
  const isReady = picked.length > 0 && picked.every(({ sender }) => sender !== undefined);
  const send = async () => {
    let rest = picked;
    let last: string | undefined;
    for (const { file, sender } of picked) {
      if (sender === undefined) return;
      const list = await upload.run({
        file,
        sender,
        fileName: file.name,
        fileSize: file.size,
        fileModified: file.lastModified,
      });
      if (list === undefined) return;
      last = list.id;
      rest = rest.filter((one) => one.file !== file);
      setPicked(rest);
    }
    if (picked.length === 1 && last !== undefined) void navigate({ to: `/census/${last}` });
  };
  return (
    <section className="kt-census-upload" aria-label={t('upload')}>
      <Upload.Dragger
        multiple
        accept=".xlsx,.csv,.txt"
        showUploadList={false}
        disabled={upload.busy}
        beforeUpload={(_file, files) => {
          const added = files.map((file) => ({ file, sender: senderOf(file.name) }));
          const known = new Set(picked.map(({ file }) => `${file.name}${file.size}`));
          const fresh = added.filter(({ file }) => !known.has(`${file.name}${file.size}`));
          setPicked([...picked, ...fresh].slice(0, mostFiles));
          return false;
        }}
      >
        <p className="kt-census-drop">
          <InboxOutlined aria-hidden /> {t('drop')}
        </p>
        <p className="kt-quiet">{t('dropHint')}</p>
      </Upload.Dragger>
      <Files picked={picked} onChange={setPicked} />
      <ProblemAlert problem={upload.problem} />
      {picked.length > 0 && (
        <Button type="primary" disabled={!isReady} loading={upload.busy} onClick={() => void send()}>
          {t('upload')}
        </Button>
      )}
    </section>
  );
};
