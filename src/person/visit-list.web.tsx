// The visits to a person so far, each to be corrected or voided by those who may.
import { Button, Form, Input, Modal, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { client } from '../web/client.ts';
import { Field, SchemaForm } from '../web/form.tsx';
import { useOperation } from '../web/operation.ts';
import type { VisitView } from './visit.ts';

const Reason = z.object({ reason: z.string().trim().min(2).max(200) });

const VoidButton = ({ person, visit }: { person: string; visit: string }) => {
  const { t } = useTranslation('person');
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm();
  const voiding = useOperation(client.visit.void, { form, onDone: () => setOpen(false) });
  return (
    <>
      <Button size="small" danger onClick={() => setOpen(true)}>
        {t('visit.void')}
      </Button>
      <Modal open={open} title={t('visit.voidTitle')} footer={null} onCancel={() => setOpen(false)} destroyOnHidden>
        <SchemaForm
          schema={Reason}
          form={form}
          onSubmit={({ reason }) => voiding.run({ person, visit, reason })}
          problem={voiding.problem}
          busy={voiding.busy}
          submitLabel={t('visit.void')}
        >
          <Field name="reason" label={t('visit.voidReason')}>
            <Input.TextArea rows={2} maxLength={200} />
          </Field>
        </SchemaForm>
      </Modal>
    </>
  );
};

interface EarlierVisitsProps {
  readonly person: string;
  readonly visits: readonly VisitView[];
  readonly onCorrect: (visit: string) => void;
}

export const EarlierVisits = ({ person, visits, onCorrect }: EarlierVisitsProps) => {
  const { t } = useTranslation('person');
  return (
    <section className="kt-section">
      <h2>{t('visit.earlier')}</h2>
      {visits.length === 0 && <p className="kt-quiet">{t('visit.none')}</p>}
      <ul className="kt-visits">
        {visits.map((visit) => (
          <li key={visit.id}>
            <time dateTime={visit.on}>{visit.on}</time> {t(`visit.methods.${visit.method}`)}{' '}
            {visit.met.map((one) => t(`visit.who.${one}`)).join('、')} <span>{visit.participants.join('、')}</span>{' '}
            {visit.corrected && <Tag>{t('visit.wasCorrected')}</Tag>}
            {visit.organisation !== null && <span className="kt-quiet">{visit.organisation}</span>}
            {visit.family !== null && <p>{visit.family}</p>}
            {visit.note !== null && <p>{visit.note}</p>}
            {visit.mayChange && (
              <div className="kt-file-links kt-no-print">
                <Button size="small" onClick={() => onCorrect(visit.id)}>
                  {t('visit.correct')}
                </Button>
                <VoidButton person={person} visit={visit.id} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
};
