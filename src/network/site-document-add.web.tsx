// Adding photos and documents to a check, made for a phone in the hand: taken or chosen, named, and sent one after the other.
import { CameraOutlined, DeleteOutlined, PaperClipOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Input, Modal, Progress, Select } from 'antd';
import { type ChangeEvent, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { uuidv7 } from 'uuidv7';
import { client } from '../web/client.ts';
import { ProblemAlert } from '../web/message.tsx';
import { nextAttempt } from '../web/operation.ts';
import { shrinkPhoto } from './shrink-photo.web.ts';
import type { SiteCheckView } from './site-check.api.ts';
import { Caption, MediaType, mostDocumentBytes, mostDocuments } from './site-document.ts';
import './site-document.css';

interface Picked {
  readonly key: string;
  readonly file: File;
  /** Undefined: not typed, the item's words stand. */
  readonly caption?: string;
  readonly wrong?: string | undefined;
  readonly problem?: Error | undefined;
  readonly attempt?: ReturnType<typeof nextAttempt>;
}

interface PickButtonProps {
  readonly label: string;
  readonly camera?: boolean;
  readonly disabled: boolean;
  readonly onPick: (files: readonly File[]) => void;
}

/** A camera only where a finger points: on a desk both buttons would open the same window. */
const PickButton = ({ label, camera = false, disabled, onPick }: PickButtonProps) => {
  const input = useRef<HTMLInputElement>(null);
  const take = (event: ChangeEvent<HTMLInputElement>) => {
    onPick([...(event.target.files ?? [])]);
    // The same file may be chosen again.
    event.target.value = '';
  };
  return (
    <span className={camera ? 'kt-camera' : undefined}>
      <Button
        disabled={disabled}
        icon={camera ? <CameraOutlined /> : <PaperClipOutlined />}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        accept={camera ? 'image/*' : MediaType.options.join()}
        {...(camera ? { capture: 'environment' as const } : { multiple: true })}
        onChange={take}
      />
    </span>
  );
};

interface PickedRowProps {
  readonly picked: Picked;
  readonly caption: string;
  readonly busy: boolean;
  readonly onCaption: (caption: string) => void;
  readonly onDrop: () => void;
}

const PickedRow = ({ picked, caption, busy, onCaption, onDrop }: PickedRowProps) => {
  const { t } = useTranslation('siteCheck');
  const field = useId();
  return (
    <li>
      <label htmlFor={field} className="kt-quiet">
        {t('document.captionOf', { name: picked.file.name })}
      </label>
      <div className="kt-picked">
        <Input
          id={field}
          value={caption}
          maxLength={100}
          disabled={busy}
          placeholder={t('document.captionHint')}
          status={picked.wrong === undefined ? '' : 'error'}
          onChange={({ target }) => onCaption(target.value)}
        />
        <Button
          type="text"
          disabled={busy}
          icon={<DeleteOutlined />}
          aria-label={t('document.drop', { name: picked.file.name })}
          onClick={onDrop}
        />
      </div>
      {picked.wrong !== undefined && <Alert role="alert" type="warning" showIcon title={picked.wrong} />}
      <ProblemAlert problem={picked.problem} />
    </li>
  );
};

/** The files that wait, and sending them: those that arrive leave the list, those that do not say why. */
const usePicked = (siteCheck: string, onDone: () => void) => {
  const { t } = useTranslation('siteCheck');
  const queries = useQueryClient();
  const [picked, setPicked] = useState<readonly Picked[]>([]);
  const [progress, setProgress] = useState<{ done: number; of: number }>();
  const change = (key: string, fields: Partial<Picked>) =>
    setPicked((all) => all.map((one) => (one.key === key ? { ...one, ...fields } : one)));
  const drop = (key: string) => setPicked((all) => all.filter((one) => one.key !== key));

  const sendOne = async (one: Picked, caption: string, item: string | undefined): Promise<boolean> => {
    change(one.key, { wrong: undefined, problem: undefined });
    if (!Caption.safeParse(caption).success) {
      change(one.key, { wrong: t('document.captionMissing') });
      return false;
    }
    const file = await shrinkPhoto(one.file);
    if (file.size > mostDocumentBytes) {
      change(one.key, { wrong: t('document.tooLarge') });
      return false;
    }
    const known = { siteCheck, caption, fileSize: file.size, fileModified: one.file.lastModified };
    const input = { ...known, ...(item !== undefined && { item }) };
    const attempt = nextAttempt(one.attempt, input);
    try {
      await client.siteDocument.add({ ...input, id: attempt.id, file });
      drop(one.key);
      return true;
    } catch (error) {
      change(one.key, { problem: error as Error, attempt });
      return false;
    }
  };
  const send = async (captionOf: (one: Picked) => string, item: string | undefined) => {
    let arrived = 0;
    for (const [done, one] of picked.entries()) {
      setProgress({ done, of: picked.length });
      if (await sendOne(one, captionOf(one), item)) arrived += 1;
    }
    setProgress(undefined);
    await queries.invalidateQueries();
    if (arrived === picked.length) onDone();
  };
  const add = (files: readonly File[]) =>
    setPicked((all) => [...all, ...files.map((file) => ({ key: uuidv7(), file }))]);
  return { picked, progress, add, change, drop, send };
};

const AddForm = ({ check, onDone }: { check: SiteCheckView; onDone: () => void }) => {
  const { t } = useTranslation('siteCheck');
  const [item, setItem] = useState<string>();
  const { picked, progress, add, change, drop, send } = usePicked(check.id, onDone);
  const busy = progress !== undefined;
  const label = check.items.find((one) => one.item === item)?.text ?? '';
  const captionOf = (one: Picked) => one.caption ?? label;
  const room = mostDocuments - check.documents.length - picked.length;
  return (
    <div className="kt-add-documents">
      <Alert type="info" showIcon title={t('document.faces')} />
      <Select
        allowClear
        disabled={busy}
        aria-label={t('document.item')}
        placeholder={t('document.item')}
        value={item ?? null}
        options={check.items.map(({ item: value, text }) => ({ value, label: text }))}
        onChange={(value: string | null) => setItem(value ?? undefined)}
      />
      <div className="kt-picked">
        <PickButton camera label={t('document.camera')} disabled={busy || room <= 0} onPick={add} />
        <PickButton label={t('document.choose')} disabled={busy || room <= 0} onPick={add} />
      </div>
      <p className="kt-quiet">{t('document.limits', { count: Math.max(0, room) })}</p>
      {picked.length > 0 && (
        <ul className="kt-list">
          {picked.map((one) => (
            <PickedRow
              key={one.key}
              picked={one}
              caption={captionOf(one)}
              busy={busy}
              onCaption={(caption) => change(one.key, { caption })}
              onDrop={() => drop(one.key)}
            />
          ))}
        </ul>
      )}
      {progress && (
        <div role="status">
          {t('document.sending', { at: progress.done + 1, of: progress.of })}
          <Progress percent={Math.round((100 * progress.done) / progress.of)} showInfo={false} />
        </div>
      )}
      {picked.length > 0 && (
        <Button type="primary" loading={busy} onClick={() => void send(captionOf, item)}>
          {t('document.send', { count: picked.length })}
        </Button>
      )}
    </div>
  );
};

export const AddDocuments = ({ check }: { check: SiteCheckView }) => {
  const { t } = useTranslation('siteCheck');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="small" type="primary" icon={<CameraOutlined />} onClick={() => setOpen(true)}>
        {t('document.add')}
      </Button>
      <Modal open={open} title={t('document.add')} footer={null} destroyOnHidden onCancel={() => setOpen(false)}>
        <AddForm check={check} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
};
