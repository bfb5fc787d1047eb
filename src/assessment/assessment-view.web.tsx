// One assessment: scores, answers in words, risk; correcting and voiding it.
import './assessment.css';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Input, Modal, Space, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { api, client } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { PrintButton } from '../web/parts.tsx';
import { usePathParams } from '../web/search-state.ts';
import type { InstrumentResult } from './assessment.ts';
import { type Instrument, optionsOf } from './instrument.ts';

const Path = z.object({ assessment: z.uuid() });

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
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const remove = useOperation(client.assessment.void, {
    onDone: () => void navigate({ to: `/persons/${person}/assessments`, replace: true }),
  });
  return (
    <>
      <Button danger onClick={() => setOpen(true)}>
        {t('view.void')}
      </Button>
      <Modal
        open={open}
        title={t('view.voidTitle')}
        okText={t('view.void')}
        okButtonProps={{ danger: true, disabled: reason.trim() === '', loading: remove.busy }}
        onOk={() => void remove.run({ assessment, reason })}
        onCancel={() => setOpen(false)}
      >
        <Input.TextArea
          aria-label={t('view.voidReason')}
          placeholder={t('view.voidReason')}
          value={reason}
          maxLength={200}
          onChange={(event) => setReason(event.target.value)}
        />
        <ProblemAlert problem={remove.problem} />
      </Modal>
    </>
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
        <PrintButton />
        {mayChange && <ButtonLink path={`/assessments/${assessment}/correct`}>{t('view.correct')}</ButtonLink>}
        {mayChange && <VoidButton assessment={assessment} person={view.person} />}
      </Space>
    </>
  );
};
export default ViewPage;
