// One assessment: scores, answers in words, risk; correcting and voiding it.
import { PersonPrintButton } from '../oversight/print-button.web.tsx';
import './assessment.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Input, Space, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { api, client } from '../web/client.ts';
import { Field } from '../web/form.tsx';
import { FormButton } from '../web/form-button.tsx';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';

import { usePathParams } from '../web/search-state.ts';
import type { InstrumentResult } from './assessment.ts';
import { type Instrument, optionsOf } from './instrument.ts';

const Path = z.object({ assessment: z.uuid() });
const VoidFields = z.object({ reason: z.string().trim().min(1).max(200) });

const Result = ({ result, instrument }: { result: InstrumentResult; instrument: Instrument }) => {
  const { t } = useTranslation('assessment');
  const textOf = (item: Instrument['items'][number]): string => {
    const value = result.answers[item.code];
    const choices = [...optionsOf(instrument, item), ...(instrument.notApplicable ? [instrument.notApplicable] : [])];
    return choices.find((choice) => choice.value === value)?.text ?? '—';
  };
  const total = result.total === undefined ? t('history.notScored') : t('form.score', { total: result.total });
  return (
    <section className="kt-result">
      <h2>
        {instrument.title} <Tag>{total}</Tag>
        {result.band !== undefined && <Tag>{result.band}</Tag>}
      </h2>
      <div className="kt-cards">
        <dl>
          {instrument.items.map((item) => (
            <div key={item.code} style={{ display: 'contents' }}>
              <dt>{item.text}</dt>
              <dd>{textOf(item)}</dd>
            </div>
          ))}
        </dl>
      </div>
      <p className="kt-quiet">{t('form.source', { text: instrument.sources.join('；') })}</p>
    </section>
  );
};

const VoidButton = ({ assessment, person }: { assessment: string; person: string }) => {
  const { t } = useTranslation('assessment');
  const navigate = useNavigate();
  return (
    <FormButton
      danger
      label={t('view.void')}
      title={t('view.voidTitle')}
      schema={VoidFields}
      call={client.assessment.void}
      inputOf={({ reason }) => ({ assessment, reason })}
      onDone={() => void navigate({ to: `/persons/${person}/assessments`, replace: true })}
    >
      <Field name="reason" label={t('view.voidReason')}>
        <Input.TextArea rows={2} maxLength={200} />
      </Field>
    </FormButton>
  );
};

const ViewPage = () => {
  const { t } = useTranslation('assessment');
  const { assessment } = usePathParams(Path);
  const { role } = useMe();
  const { data: view } = useSuspenseQuery(api.assessment.get.queryOptions({ input: { assessment } }));
  const mayChange = role === 'hospital' || role === 'centre' || role === 'site';
  return (
    <>
      <PageHead
        title={`${t(`kind.${view.kind}`)} · ${view.name}`}
        intro={
          <>
            {view.on} · {t('history.assessor')} {view.assessor}
          </>
        }
        action={
          <ButtonLink type="primary" path={`/persons/${view.person}/papers`}>
            {t('view.papers')}
          </ButtonLink>
        }
      />
      {view.risk !== null && (
        <p>
          {t('risk.label')}：{t(`risk.levels.${view.risk}` as 'risk.levels.0')}
        </p>
      )}
      {view.results.map((result) => {
        const instrument = view.instruments.find(({ id }) => id === result.instrument);
        return instrument && <Result key={result.instrument} result={result} instrument={instrument} />;
      })}
      {view.note !== null && (
        <section className="kt-result">
          <h2>{t('view.note')}</h2>
          {view.note}
        </section>
      )}
      <Space wrap className="kt-no-print">
        <PersonPrintButton person={view.person} kind="assessmentPrint" />
        {mayChange && <ButtonLink path={`/assessments/${assessment}/correct`}>{t('view.correct')}</ButtonLink>}
        {mayChange && <VoidButton assessment={assessment} person={view.person} />}
      </Space>
    </>
  );
};
export default ViewPage;
