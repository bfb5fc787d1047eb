// The policy page: every clause of the documents that hold in a place, how it stands, and what shows it; other documents on request.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Flex, Select, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { reachOf } from '../kernel/access.ts';
import { Area } from '../kernel/contract.ts';
import { useDivisionOptions } from '../network/division-select.web.ts';
import { api } from '../web/client.ts';
import { Lapsed } from '../web/lapsed.tsx';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import { type EvidenceRow, EvidenceState } from './evidence.ts';
import { ClauseRow } from './evidence-row.web.tsx';
import './reporting.css';

const Query = z.object({
  area: Area.optional(),
  document: z.string().max(2).optional(),
  state: EvidenceState.optional(),
  /** Where a clause's chip leads to. */
  clause: z.string().max(10).optional(),
});
type Query = z.infer<typeof Query>;
type Answer = Awaited<ReturnType<typeof api.evidence.list.call>>;

interface PickProps {
  readonly query: Query;
  readonly change: (fields: Partial<Query>) => void;
}

const AreaPick = ({ query, change }: PickProps) => {
  const { t } = useTranslation('policy');
  const me = useMe();
  const options = useDivisionOptions(me.scope);
  if (reachOf(me) === 'organisation' || options.length < 2) return null;
  return (
    <Select
      showSearch={{ optionFilterProp: 'label' }}
      aria-label={t('evidence.area')}
      value={query.area ?? (me.scope === '' ? null : me.scope)}
      options={options}
      onChange={(area: string | null) => change({ area: area === me.scope ? undefined : (area ?? undefined) })}
      className="kt-evidence-pick"
    />
  );
};

const DocumentPick = ({ query, change, documents }: PickProps & Pick<Answer, 'documents'>) => {
  const { t } = useTranslation('policy');
  const optionOf = ({ id, title }: Answer['documents'][number]) => ({ value: id, label: `${id} ${title}` });
  return (
    <Select
      aria-label={t('evidence.document')}
      value={query.document ?? ''}
      options={[
        { value: '', label: t('evidence.inForce') },
        ...documents.filter(({ holds }) => holds).map(optionOf),
        { label: t('evidence.others'), options: documents.filter(({ holds }) => !holds).map(optionOf) },
      ]}
      onChange={(document: string) => change({ document: document || undefined, clause: undefined })}
      className="kt-evidence-pick"
    />
  );
};

const StatePick = ({ query, change, rows }: PickProps & { rows: readonly EvidenceRow[] }) => {
  const { t } = useTranslation('policy');
  const count = (state: EvidenceState) => rows.filter((row) => row.state === state).length;
  return (
    <Select
      aria-label={t('evidence.stateFilter')}
      value={query.state ?? ''}
      options={[
        { value: '', label: `${t('evidence.all')} ${t('evidence.count', { count: rows.length })}` },
        ...EvidenceState.options.map((state) => ({
          value: state,
          label: `${t(`evidence.state.${state}`)} ${t('evidence.count', { count: count(state) })}`,
        })),
      ]}
      onChange={(state) => change({ state: state === '' ? undefined : (state as EvidenceState) })}
      className="kt-evidence-pick"
    />
  );
};

const DocumentRows = ({
  document: { title, holds, endedOn },
  rows,
  chosen,
}: {
  document: Answer['documents'][number];
  rows: readonly EvidenceRow[];
  chosen: string | undefined;
}) => {
  const { t } = useTranslation('policy');
  return (
    <section>
      <h2 className="kt-section">
        {title} <Lapsed endedOn={endedOn ?? undefined} />
      </h2>
      {!holds && <Alert type="info" showIcon title={t('evidence.elsewhere')} />}
      <ul className="kt-evidence">
        {rows.map((row) => (
          <ClauseRow key={row.clause} row={row} chosen={row.clause === chosen} />
        ))}
      </ul>
    </section>
  );
};

const hasHidden = (rows: readonly EvidenceRow[]): boolean =>
  rows.some(({ parts }) =>
    parts.some(({ figure }) => figure.indicator?.hidden || Object.values(figure.counts).includes(null)),
  );

const Documents = ({ data, query }: { data: Answer; query: Query }) => {
  const { t } = useTranslation('policy');
  const shown = data.rows.filter(({ state }) => query.state === undefined || state === query.state);
  return (
    <>
      <p className="kt-quiet">{t('evidence.note')}</p>
      {hasHidden(data.rows) && <p className="kt-quiet">{t('evidence.hidden')}</p>}
      {shown.length === 0 && <EmptyState title={t('evidence.none')} hint={t('evidence.noneHint')} />}
      {data.documents.map((document) => {
        const rows = shown.filter((row) => row.document === document.id);
        if (rows.length === 0) return null;
        return <DocumentRows key={document.id} document={document} rows={rows} chosen={query.clause} />;
      })}
    </>
  );
};

const PolicyPage = () => {
  const { t } = useTranslation('policy');
  const [query, change] = useSearchState(Query);
  const document = query.document ?? query.clause?.slice(0, 2);
  const { data, error, refetch, isFetching } = useQuery({
    ...api.evidence.list.queryOptions({ input: { area: query.area, document } }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHead intro={data ? t('evidence.intro', { place: data.areaName, on: data.on }) : t('evidence.pending')} />
      {error && <ProblemAlert problem={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton active />}
      {data && !error && (
        <div aria-busy={isFetching}>
          <Flex wrap gap="small" className="kt-indicator-place kt-no-print">
            <AreaPick query={query} change={change} />
            <DocumentPick query={{ ...query, document }} change={change} documents={data.documents} />
            <StatePick query={query} change={change} rows={data.rows} />
          </Flex>
          <Documents data={data} query={query} />
        </div>
      )}
    </>
  );
};
export default PolicyPage;
