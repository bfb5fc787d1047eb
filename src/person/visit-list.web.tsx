// The visits to a person so far, each to be corrected or voided by those who may.
import { Button, Input, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { client } from '../web/client.ts';
import { Field } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import type { VisitView } from './visit.ts';

const Reason = z.object({ reason: z.string().trim().min(2).max(200) });

const VoidButton = ({ person, visit }: { person: string; visit: string }) => {
  const { t } = useTranslation('person');
  return (
    <FormButton
      size="small"
      danger
      label={t('visit.void')}
      title={t('visit.voidTitle')}
      schema={Reason}
      call={client.visit.void}
      inputOf={({ reason }) => ({ person, visit, reason })}
    >
      <Field name="reason" label={t('visit.voidReason')}>
        <Input.TextArea rows={2} maxLength={200} />
      </Field>
    </FormButton>
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
