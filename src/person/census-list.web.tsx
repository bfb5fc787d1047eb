// One list through its steps: columns, dry run, import, result. Each status of the list shows the one thing to do next.
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Popconfirm, Steps } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { ExportButton } from '../oversight/export-button.web.tsx';
import { api, client } from '../web/client.ts';
import { JobProgress } from '../web/job.tsx';
import { ButtonLink } from '../web/link.tsx';
import { ProblemAlert } from '../web/message.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { usePathParams } from '../web/search-state.ts';
import './census.css';
import type { CensusListDetail } from './census.ts';
import { MappingStep } from './census-mapping.web.tsx';
import { RowsTable } from './census-rows.web.tsx';

const Params = z.object({ list: z.uuid() });

const stepOf = { mapping: 0, planning: 1, planned: 1, importing: 2, imported: 3 } as const;

const ConfirmButton = ({ list }: { list: CensusListDetail }) => {
  const { t } = useTranslation('census');
  const confirm = useOperation(client.census.confirm);
  const { create = 0, update = 0 } = list.counts;
  return (
    <>
      <Button type="primary" loading={confirm.busy} onClick={() => void confirm.run({ list: list.id })}>
        {t(list.status === 'importing' ? 'resume' : 'confirm', { create, update })}
      </Button>
      <ProblemAlert problem={confirm.problem} />
    </>
  );
};

const DiscardButton = ({ list }: { list: CensusListDetail }) => {
  const { t } = useTranslation('census');
  const navigate = useNavigate();
  const { message } = App.useApp();
  const discard = useOperation(client.census.discard, {
    onDone: () => {
      void message.success(t('discarded'));
      void navigate({ to: '/census' });
    },
  });
  return (
    <Popconfirm title={t('discardSure')} onConfirm={() => void discard.run({ list: list.id })}>
      <Button loading={discard.busy}>{t('discard')}</Button>
    </Popconfirm>
  );
};

const Result = ({ list }: { list: CensusListDetail }) => {
  const { t } = useTranslation('census');
  return (
    <p className="kt-census-actions">
      <ExportButton label={t('download')} call={(purpose) => client.census.result({ list: list.id, purpose })} />
      {list.status === 'planned' && <DiscardButton list={list} />}
    </p>
  );
};

const Running = ({ list }: { list: CensusListDetail }) => {
  const { t } = useTranslation('census');
  const queries = useQueryClient();
  return (
    <section aria-label={t(`statuses.${list.status}`)}>
      <p>{t(list.status === 'planning' ? 'planningHint' : 'importingHint')}</p>
      {list.job !== null && <JobProgress job={list.job} onDone={() => void queries.invalidateQueries()} />}
    </section>
  );
};

const headAction = (list: CensusListDetail, reviewText: string) => {
  if (list.status === 'planned') return <ConfirmButton list={list} />;
  if (list.status !== 'imported' || list.waiting === 0) return undefined;
  return (
    <ButtonLink type="primary" path="/census/reviews" search={{ list: list.id }}>
      {reviewText}
    </ButtonLink>
  );
};

const CensusListPage = () => {
  const { t } = useTranslation('census');
  const { list: id } = usePathParams(Params);
  const { data: list } = useSuspenseQuery(api.census.get.queryOptions({ input: { list: id } }));
  const action = headAction(list, t('toReviews', { count: list.waiting }));
  const isRunning = list.status === 'planning' || list.status === 'importing';
  return (
    <>
      <PageHead
        title={list.fileName}
        intro={`${t(`senders.${list.sender}`)} · ${t('rowCount', { count: list.rows })} · ${t('listedOn')} ${list.listedOn}`}
        {...(action !== undefined && { action })}
      />
      <Steps
        size="small"
        className="kt-census-steps"
        current={stepOf[list.status]}
        items={(['mapping', 'plan', 'import'] as const).map((step) => ({ title: t(`steps.${step}`) }))}
      />
      {list.status === 'mapping' && <MappingStep list={list} />}
      {isRunning && <Running list={list} />}
      {(list.status === 'planned' || list.status === 'imported') && (
        <>
          <p className="kt-quiet">{t(list.status === 'planned' ? 'plannedHint' : 'importedHint')}</p>
          <Result list={list} />
          <RowsTable list={list} />
        </>
      )}
      {list.status === 'planned' && (
        <details className="kt-census-again">
          <summary>{t('mapAgain')}</summary>
          <MappingStep list={list} />
        </details>
      )}
      {list.status === 'mapping' && (
        <p className="kt-census-actions kt-census-part">
          <DiscardButton list={list} />
        </p>
      )}
      {list.status === 'importing' && <ImportStuck list={list} />}
    </>
  );
};
export default CensusListPage;

/** For an import whose job was given up: it goes on where it stopped. */
const ImportStuck = ({ list }: { list: CensusListDetail }) => {
  const { t } = useTranslation('census');
  return (
    <details className="kt-census-again">
      <summary>{t('stuck')}</summary>
      <ConfirmButton list={list} />
    </details>
  );
};
