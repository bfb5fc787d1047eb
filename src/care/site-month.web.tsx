// The month of a site: who had how many sessions, who is short, and the export; columns at the desk, cards on a phone.
import './session.css';
import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Select, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery, Month } from '../kernel/contract.ts';
import { ExportButton } from '../oversight/export-button.web.tsx';
import { ClauseChips } from '../web/clause.tsx';
import { api, client } from '../web/client.ts';
import { Lapsed } from '../web/lapsed.tsx';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { PageHead } from '../web/page-head.tsx';
import { EmptyState, Figure, Figures } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import { type ListColumn, ListTable } from '../web/table.tsx';
import type { MonthRow, SiteMonth } from './session.api.ts';
import { isShort, shiftMonth } from './site-month.ts';

const Query = z.object({
  ...listQuery,
  organisation: z.uuid().optional(),
  month: Month.optional(),
  show: z.enum(['short']).optional(),
});
type Query = z.output<typeof Query>;
type QueryState = readonly [Query, (change: Partial<Query>) => void];

const serving = ['hospital', 'centre', 'site'];

const Missing = ({ row }: { row: MonthRow }) => {
  const { t } = useTranslation('session');
  if (row.shortOfRule === null && row.shortOfPlan === null)
    return <span className="kt-quiet">{t('month.notAsked')}</span>;
  if (!isShort(row)) return <Tag color="success">{t('month.enough')}</Tag>;
  return (
    <>
      {(row.shortOfRule ?? 0) > 0 && <Tag color="error">{t('month.byRule', { count: row.shortOfRule ?? 0 })}</Tag>}
      {(row.shortOfPlan ?? 0) > 0 && <Tag color="warning">{t('month.byPlan', { count: row.shortOfPlan ?? 0 })}</Tag>}
    </>
  );
};

const sorters: Readonly<Record<string, (row: MonthRow) => number | string>> = {
  sessions: (row) => row.sessions,
  standardized: (row) => row.standardized,
  lastOn: (row) => row.lastOn ?? '',
  missing: (row) => (row.shortOfRule ?? 0) * 100 + (row.shortOfPlan ?? 0),
};

const pageOf = (view: SiteMonth, { show, search, sort, page, pageSize }: Query) => {
  const key = sorters[sort?.replace('-', '') ?? ''];
  const rows = view.rows.filter(
    (row) => (show === undefined || isShort(row)) && (search === undefined || row.name.includes(search)),
  );
  if (key) rows.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  if (sort?.startsWith('-')) rows.reverse();
  return { rows: rows.slice((page - 1) * pageSize, page * pageSize), total: rows.length };
};

const useColumns = (): readonly [ListColumn<MonthRow>, ...ListColumn<MonthRow>[]] => {
  const { t } = useTranslation('session');
  const number = { align: 'right' as const };
  return [
    { key: 'name', title: t('month.name'), render: (row) => row.name },
    {
      key: 'stage',
      title: t('month.stage'),
      render: (row) => (row.stage === null ? t('month.gone') : t(`stage.${row.stage}`)),
    },
    { key: 'sessions', title: t('month.sessions'), sort: true, ...number, render: (row) => row.sessions },
    { key: 'standardized', title: t('month.standardized'), sort: true, ...number, render: (row) => row.standardized },
    { key: 'other', title: t('month.other'), ...number, deskOnly: true, render: (row) => row.other },
    { key: 'minutes', title: t('month.minutes'), ...number, deskOnly: true, render: (row) => row.minutes },
    { key: 'planned', title: t('month.planned'), ...number, render: (row) => row.planned ?? '—' },
    { key: 'lastOn', title: t('month.lastOn'), sort: true, render: (row) => row.lastOn ?? '—' },
    { key: 'missing', title: t('month.missing'), sort: true, render: (row) => <Missing row={row} /> },
  ];
};

const MonthFigures = ({ view }: { view: SiteMonth }) => {
  const { t } = useTranslation('session');
  const { rule } = view;
  return (
    <Figures>
      <Figure label={t('month.persons')} value={String(view.rows.length)} />
      <Figure
        label={t('month.held')}
        value={String(view.sessionsHeld)}
        {...(view.services.length > 0 && {
          note: t('month.services', {
            services: view.services
              .map(({ service, sessions }) =>
                t('month.serviceTimes', { service: t(`service.${service}`), count: sessions }),
              )
              .join('、'),
          }),
        })}
      />
      <Figure
        label={t('month.short')}
        value={String(view.short)}
        path="/sessions"
        search={{ organisation: view.organisation.id, month: view.month, show: 'short' }}
        {...(view.running && { note: t('month.running') })}
      />
      <Figure
        label={t('month.rule')}
        value={rule ? t('month.times', { count: rule.sessionsPerMonth }) : t('month.noRule')}
        note={
          rule && (
            <>
              <ClauseChips ids={rule.clause} /> <Lapsed endedOn={rule.pack.endedOn} />{' '}
              {rule.assumed !== null && t('month.assumed', { reason: rule.assumed })}
            </>
          )
        }
      />
    </Figures>
  );
};

const MonthBar = ({ organisation, month, state }: { organisation: string; month: string; state: QueryState }) => {
  const { t } = useTranslation('session');
  const [, change] = state;
  const go = (by: number) => change({ month: shiftMonth(month, by), page: 1 });
  return (
    <div className="kt-month-bar">
      <Button icon={<LeftOutlined />} aria-label={t('month.previous')} onClick={() => go(-1)} />
      <strong aria-live="polite">{month}</strong>
      <Button icon={<RightOutlined />} aria-label={t('month.following')} onClick={() => go(1)} />
      <span className="kt-spring" />
      <ExportButton
        label={t('month.export')}
        call={(purpose) => client.session.exportMonth({ organisation, month, purpose })}
      />
    </div>
  );
};

const MonthOf = ({ organisation, state }: { organisation: string; state: QueryState }) => {
  const { t } = useTranslation('session');
  const { clock } = useMe();
  const [list] = state;
  const month = list.month ?? clock.today.slice(0, 7);
  const query = useQuery({
    ...api.session.month.queryOptions({ input: { organisation, month } }),
    placeholderData: keepPreviousData,
  });
  const columns = useColumns();
  const rows = { ...query, data: query.data && pageOf(query.data, list) } as Parameters<
    typeof ListTable<MonthRow, Query>
  >[0]['query'];
  return (
    <>
      <MonthBar organisation={organisation} month={month} state={state} />
      {query.error && <ProblemAlert problem={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <MonthFigures view={query.data} />}
      <ListTable
        caption={t('month.title')}
        query={rows}
        state={state}
        columns={columns}
        rowKey={(row) => row.person}
        rowPath={(row) => (row.stage === null ? undefined : `/persons/${row.person}/sessions`)}
        filters={[{ key: 'show', label: t('month.all'), options: [{ value: 'short', label: t('month.onlyShort') }] }]}
        empty={{ title: t('month.none'), hint: t('month.noneHint') }}
      />
    </>
  );
};

const SitePicker = ({ value, onPick }: { value: string | undefined; onPick: (id: string) => void }) => {
  const { t } = useTranslation('session');
  const { scope } = useMe();
  const { data } = useQuery(
    api.organisation.list.queryOptions({
      input: { page: 1, pageSize: 200, status: 'open', ...(scope.length >= 4 && { area: scope }) },
    }),
  );
  const sites = (data?.rows ?? []).filter(({ kind }) => serving.includes(kind));
  return (
    <Select
      showSearch={{ optionFilterProp: 'label' }}
      className="kt-site-picker"
      aria-label={t('field.organisation')}
      placeholder={t('month.chooseSite')}
      value={value ?? null}
      options={sites.map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(id: string | null) => id !== null && onPick(id)}
    />
  );
};

const SiteMonthPage = () => {
  const { t } = useTranslation('session');
  const { organisation: own, role } = useMe();
  const state = useSearchState<Query>(Query);
  const [list, change] = state;
  const chooses = !['site', 'centre'].includes(role);
  const ownServing = own !== null && serving.includes(own.kind) ? own.id : undefined;
  const organisation = list.organisation ?? ownServing;
  const mayRecord = ['site', 'centre', 'hospital', 'civilAffairs'].includes(role);
  return (
    <>
      <PageHead
        {...(mayRecord &&
          organisation !== undefined && {
            action: (
              <ButtonLink type="primary" path="/sessions/new" search={chooses ? { organisation } : {}}>
                {t('month.record')}
              </ButtonLink>
            ),
          })}
      />
      {chooses && (
        <div className="kt-month-bar">
          <SitePicker value={organisation} onPick={(id) => change({ organisation: id, page: 1 })} />
        </div>
      )}
      {organisation === undefined ? (
        <EmptyState title={t('month.chooseSite')} hint={t('month.chooseSiteHint')} />
      ) : (
        <MonthOf organisation={organisation} state={state} />
      )}
    </>
  );
};
export default SiteMonthPage;
