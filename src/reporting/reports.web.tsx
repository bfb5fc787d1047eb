// Half-yearly reports of the counties: who filed, who is late, who is missing; a county begins its own here.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { ClauseChip } from '../web/clause.tsx';
import { api, client } from '../web/client.ts';
import { ButtonLink, PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { useOperation } from '../web/operation.ts';
import { PageHead } from '../web/page-head.tsx';
import { Clock } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import type { ReportRow } from './report.api.ts';
import { nameOfPeriod, Period, ReportStatus } from './report.ts';

const Query = z.object({ ...listQuery, status: ReportStatus.optional(), period: Period.optional() });

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

const useWrites = (): boolean => {
  const { role, scope } = useMe();
  return role === 'civilAffairs' && scope.length === 6;
};

const ReportsPage = () => {
  const { t } = useTranslation('reporting');
  const state = useSearchState(Query);
  const query = useQuery({ ...api.report.list.queryOptions({ input: state[0] }), placeholderData: keepPreviousData });
  const draft = useDraft();
  const writes = useWrites();
  const begin = ({ county, period }: ReportRow) => void draft.run({ county, period });
  const open = (query.data?.rows ?? []).filter(({ filedOn }) => filedOn === null);
  const next = open.filter(({ status }) => status !== 'notDue').at(-1);
  const act = (row: ReportRow, primary: boolean) => {
    const look = primary ? { type: 'primary' as const } : { size: 'small' as const };
    const words = primary ? { period: nameOfPeriod(row.period) } : {};
    if (row.report !== null)
      return (
        <ButtonLink path={`/reports/${row.report}`} {...look}>
          {t(row.filedOn === null ? (primary ? 'report.continueOf' : 'report.continue') : 'report.open', words)}
        </ButtonLink>
      );
    if (!writes) return null;
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
            {t('report.intro')} <ClauseChip id="BZ-32" />
          </>
        }
        {...(writes && next !== undefined && { action: act(next, true) })}
      />
      <ProblemAlert problem={draft.problem} />
      <ListTable
        caption={t('report.title')}
        query={query}
        state={state}
        rowKey={({ county, period }) => `${county} ${period}`}
        filters={[
          {
            key: 'status',
            label: t('report.state'),
            options: ReportStatus.options.map((value) => ({ value, label: t(`report.status.${value}`) })),
          },
        ]}
        empty={{ title: t('report.none'), hint: t('report.noneHint') }}
        columns={[
          {
            key: 'period',
            title: t('report.period'),
            render: ({ period, report }) =>
              report === null ? (
                nameOfPeriod(period)
              ) : (
                <PageLink path={`/reports/${report}`}>{nameOfPeriod(period)}</PageLink>
              ),
          },
          { key: 'county', title: t('report.county'), render: ({ countyName }) => countyName },
          { key: 'status', title: t('report.state'), render: ({ status }) => <StatusTag status={status} /> },
          {
            key: 'dueOn',
            title: t('report.dueOn'),
            render: ({ dueOn, left }) => (left === null ? dueOn : <Clock dueOn={dueOn} left={left} unit="days" />),
          },
          { key: 'filedOn', title: t('report.filedOn'), render: ({ filedOn }) => filedOn ?? '—' },
          { key: 'act', title: '', render: (row) => act(row, false) },
        ]}
      />
    </>
  );
};
export default ReportsPage;
