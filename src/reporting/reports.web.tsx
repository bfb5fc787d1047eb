// Reports of the counties and towns: who filed, who is late, who is missing; an office begins its own here.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Flex, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { ReportKind } from '../policy/duty.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api, client } from '../web/client.ts';
import { formatInstant } from '../web/format.ts';
import { Lapsed } from '../web/lapsed.tsx';
import { ButtonLink, PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { Clock } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import type { ReportRow } from './report.api.ts';
import { nameOfReport, ReportStatus } from './report.ts';
import { Period, textOfDue } from './report-period.ts';

const Query = z.object({
  ...listQuery,
  status: ReportStatus.optional(),
  period: Period.optional(),
  kind: ReportKind.optional(),
  /** Absent: what is not filed, and this quarter's. */
  span: z.enum(['all']).optional(),
});

const colors = {
  filed: 'success',
  filedLate: 'warning',
  due: 'processing',
  overdue: 'error',
  notDue: 'default',
} as const;

export const StatusTag = ({ status }: { status: ReportStatus }) => {
  const { t } = useTranslation('reporting');
  return <Tag color={colors[status]}>{t(`report.status.${status}`)}</Tag>;
};

const useDraft = () => {
  const navigate = useNavigate();
  return useOperation(client.report.draft, { onDone: ({ report }) => void navigate({ to: `/reports/${report}` }) });
};

/** Whose reports the actor makes: those of the own place. */
const useOwn = (): ((row: ReportRow) => boolean) => {
  const { role, scope } = useMe();
  return ({ area }) => role === 'civilAffairs' && scope === area;
};

/** What to do first: the newest table, which takes the place of those missed before, or else the report that waits longest. */
const nextOf = (own: readonly ReportRow[]): ReportRow | undefined => {
  const open = own.filter(({ status }) => status === 'due' || status === 'overdue');
  return open.find(({ kind }) => kind === 'halfMonth') ?? open.at(-1);
};

const ReportsPage = () => {
  const { t } = useTranslation('reporting');
  const state = useSearchState(Query);
  // Who comes for one period means that one, whenever it was.
  const span: 'recent' | 'all' = state[0].period === undefined ? (state[0].span ?? 'recent') : 'all';
  const input = { ...state[0], span };
  const query = useQuery({ ...api.report.list.queryOptions({ input }), placeholderData: keepPreviousData });
  const draft = useDraft();
  const isOwn = useOwn();
  const { scope } = useMe();
  const begin = ({ county, area, period }: ReportRow) =>
    void draft.run({ county, period, ...(area !== county && { town: area }) });
  const rows = query.data?.rows ?? [];
  const next = nextOf(rows.filter(isOwn));
  const receives = scope.length === 6 && rows.some(({ area }) => area.length === 9);
  const act = (row: ReportRow, primary: boolean) => {
    const look = primary ? { type: 'primary' as const } : { size: 'small' as const };
    const words = primary ? { report: nameOfReport(row.period) } : {};
    if (row.report !== null)
      return (
        <ButtonLink path={`/reports/${row.report}`} {...look}>
          {t(row.filedOn === null ? (primary ? 'report.continueOf' : 'report.continue') : 'report.open', words)}
        </ButtonLink>
      );
    if (!isOwn(row)) return null;
    return (
      <Button {...look} loading={draft.busy} onClick={() => begin(row)}>
        {t(primary ? 'report.beginOf' : 'report.begin', words)}
      </Button>
    );
  };
  return (
    <>
      <PageHead
        intro={
          <>
            {t('report.intro')} <ClauseChips ids={[...new Set(rows.flatMap(({ clause }) => clause))].sort()} />{' '}
            {[...new Set(rows.flatMap(({ endedOn }) => endedOn ?? []))].map((day) => (
              <Lapsed key={day} endedOn={day} />
            ))}
          </>
        }
        action={
          <Flex wrap gap="small">
            {receives && (
              <ButtonLink path="/report-summary" {...(next === undefined && { type: 'primary' as const })}>
                {t('report.summary')}
              </ButtonLink>
            )}
            {next !== undefined && act(next, true)}
          </Flex>
        }
      />
      <ProblemAlert problem={draft.problem} />
      <ListTable
        caption={t('report.title')}
        query={query}
        state={state}
        rowKey={({ area, period }) => `${area} ${period}`}
        filters={[
          {
            key: 'kind',
            label: t('report.kind'),
            options: ReportKind.options.map((value) => ({ value, label: t(`report.kindName.${value}`) })),
          },
          {
            key: 'status',
            label: t('report.state'),
            options: ReportStatus.options.map((value) => ({ value, label: t(`report.status.${value}`) })),
          },
          { key: 'span', label: t('report.recent'), options: [{ value: 'all', label: t('report.allPeriods') }] },
        ]}
        empty={{ title: t('report.none'), hint: t('report.noneHint') }}
        columns={[
          {
            key: 'period',
            title: t('report.name'),
            render: ({ period, report }) =>
              report === null ? (
                nameOfReport(period)
              ) : (
                <PageLink path={`/reports/${report}`}>{nameOfReport(period)}</PageLink>
              ),
          },
          { key: 'area', title: t('report.office'), render: ({ areaName }) => areaName },
          { key: 'status', title: t('report.state'), render: ({ status }) => <StatusTag status={status} /> },
          {
            key: 'dueOn',
            title: t('report.dueOn'),
            render: (row) => (
              <>
                {textOfDue(row)}{' '}
                {row.left !== null && (row.status === 'due' || row.left < 0) && (
                  <Clock dueOn={row.dueOn} left={row.left} unit="days" />
                )}
              </>
            ),
          },
          {
            key: 'filedOn',
            title: t('report.filedOn'),
            render: ({ filedOn, filedAt, dueBefore }) =>
              dueBefore && filedAt ? formatInstant(filedAt) : (filedOn ?? '—'),
          },
          { key: 'act', title: '', render: (row) => act(row, false) },
        ]}
      />
    </>
  );
};
export default ReportsPage;
