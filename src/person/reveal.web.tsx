// The button that shows personal fields in full: asks what for, and leaves a record.
import { useMutation } from '@tanstack/react-query';
import { Button, Form, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Field, SchemaForm } from '../web/form.tsx';
import { Purpose } from './person.ts';

const Asked = z.object({ purpose: Purpose });
const purposes = ['check', 'contact', 'paper'] as const;

interface RevealProps<T> {
  /** The operation that answers with the fields, given what for. */
  readonly ask: (purpose: string) => Promise<T>;
  readonly shown: T | undefined;
  readonly onShown: (shown: T | undefined) => void;
}

/** Once the fields are shown, the button hides them again. */
export const RevealButton = <T,>({ ask, shown, onShown }: RevealProps<T>) => {
  const { t } = useTranslation('person');
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm();
  const reveal = useMutation({
    mutationFn: ({ purpose }: { purpose: string }) => ask(purpose),
    onSuccess: (answer) => {
      onShown(answer);
      setOpen(false);
    },
  });
  if (shown !== undefined)
    return (
      <Button size="small" className="kt-no-print" onClick={() => onShown(undefined)}>
        {t('file.hide')}
      </Button>
    );
  return (
    <>
      <Button size="small" className="kt-no-print" onClick={() => setOpen(true)}>
        {t('file.reveal')}
      </Button>
      <Modal open={open} title={t('file.reveal')} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
        <p>{t('file.purposeHint')}</p>
        <SchemaForm
          schema={Asked}
          form={form}
          onSubmit={(values) => reveal.mutateAsync(values).catch(() => undefined)}
          problem={reveal.error ?? undefined}
          busy={reveal.isPending}
          submitLabel={t('file.show')}
        >
          <Field name="purpose" label={t('file.purpose')}>
            <Select
              options={purposes.map((key) => ({ value: t(`file.purposes.${key}`), label: t(`file.purposes.${key}`) }))}
            />
          </Field>
        </SchemaForm>
      </Modal>
    </>
  );
};
