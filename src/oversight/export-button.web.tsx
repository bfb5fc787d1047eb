// A button that asks what a file with persons in it is for, and then saves it.
import { DownloadOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Purpose } from '../person/person.ts';
import { saveFile } from '../person/save-file.ts';
import { Field, SchemaForm } from '../web/form.tsx';

export const PurposeForm = z.object({ purpose: Purpose });

interface ExportButtonProps {
  readonly label: string;
  readonly hint?: string;
  readonly call: (purpose: string) => Promise<File>;
}

export const ExportButton = ({ label, hint, call }: ExportButtonProps) => {
  const { t } = useTranslation('audit');
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm();
  const taken = useMutation({
    mutationFn: ({ purpose }: { purpose: string }) => call(purpose),
    onSuccess: (file) => {
      saveFile(file);
      setOpen(false);
    },
  });
  return (
    <>
      <Button icon={<DownloadOutlined />} className="kt-no-print" onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal open={open} title={label} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
        {hint !== undefined && <p>{hint}</p>}
        <p className="kt-quiet">{t('exports.told')}</p>
        <SchemaForm
          schema={PurposeForm}
          form={form}
          onSubmit={(values) => taken.mutateAsync(values).catch(() => undefined)}
          problem={taken.error ?? undefined}
          busy={taken.isPending}
          submitLabel={t('exports.go')}
        >
          <Field name="purpose" label={t('exports.purpose')}>
            <Input maxLength={100} />
          </Field>
        </SchemaForm>
      </Modal>
    </>
  );
};
