// Printing a page about a person: asks what for, leaves a record, and puts who, when and what for on every printed page.
import './export.css';
import { Form, Input, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { createPortal, flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { client } from '../web/client.ts';
import { Field, SchemaForm } from '../web/form.tsx';
import { useOperation } from '../web/operation.ts';
import { PrintTrigger } from '../web/parts.tsx';
import type { PrintKind } from './export.ts';
import { PurposeForm } from './export-button.web.tsx';

/** While such a page is open, the browser's own print command gives a sentence instead of the person. */
const useGuard = (open: boolean) => {
  useEffect(() => {
    document.body.classList.toggle('kt-print-guard', !open);
    return () => document.body.classList.remove('kt-print-guard');
  }, [open]);
};

export const PersonPrintButton = ({ person, kind }: { person: string; kind: PrintKind }) => {
  const { t } = useTranslation('audit');
  const [asked, setAsked] = useState(false);
  const [mark, setMark] = useState<string>();
  const [form] = Form.useForm();
  useGuard(mark !== undefined);
  const print = useOperation(client.export.print, {
    form,
    onDone: ({ watermark }) => {
      flushSync(() => {
        setAsked(false);
        setMark(watermark);
      });
      document.body.classList.remove('kt-print-guard');
      window.print();
      // One record, one printing.
      setMark(undefined);
    },
  });
  return (
    <>
      <PrintTrigger onClick={() => setAsked(true)} />
      <Modal
        open={asked}
        title={t('exports.print')}
        footer={null}
        onCancel={() => setAsked(false)}
        destroyOnHidden
        transitionName=""
      >
        <p className="kt-quiet">{t('exports.printTold')}</p>
        <SchemaForm
          schema={PurposeForm}
          form={form}
          onSubmit={({ purpose }) => print.run({ person, kind, purpose })}
          problem={print.problem}
          busy={print.busy}
          submitLabel={t('exports.printGo')}
        >
          <Field name="purpose" label={t('exports.purpose')}>
            <Input maxLength={100} />
          </Field>
        </SchemaForm>
      </Modal>
      {createPortal(
        <>
          <div className="kt-watermark">{mark}</div>
          <div className="kt-print-refused">{t('exports.printGuard')}</div>
        </>,
        document.body,
      )}
    </>
  );
};
