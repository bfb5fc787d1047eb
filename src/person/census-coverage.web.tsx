// How far the census is, place by place: persons on file and those visited, with the milestone.
import { useQuery } from '@tanstack/react-query';
import { Alert, Progress, Table, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { ClauseChips } from '../web/clause.tsx';
import { api } from '../web/client.ts';
import { formatCount, formatRate, hiddenMark } from '../web/format.ts';
import { PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { ProblemAlert } from '../web/message.tsx';
import { useSearchState } from '../web/search-state.ts';
import type { CensusCoverage } from './census.ts';

const Query = z.object({ area: z.string().optional() });

type Milestone = NonNullable<CensusCoverage['milestone']>;

const MilestoneLine = ({
  milestone,
  visited,
  listed,
}: {
  milestone: Milestone;
  visited: number | null;
  listed: number | null;
}) => {
  const { t } = useTranslation('census');
  const { title, dueOn, daysLeft, clause } = milestone;
  const isDone = listed !== null && listed > 0 && visited === listed;
  return (
    <p>
      {title} · {t('coverage.due', { day: dueOn })}{' '}
      <Tag color={isDone ? 'success' : daysLeft < 0 ? 'error' : 'default'}>
        {isDone
          ? t('coverage.done')
          : daysLeft < 0
            ? t('coverage.late', { count: -daysLeft })
            : t('coverage.left', { count: daysLeft })}
      </Tag>
      <ClauseChips ids={clause} />
    </p>
  );
};

export const CoverageTable = () => {
  const { t } = useTranslation(['census', 'reporting']);
  const { scope } = useMe();
  const [{ area = scope }] = useSearchState(Query);
  const query = useQuery(api.census.coverage.queryOptions({ input: area === '' ? {} : { area } }));
  const { rows, listed, visited, milestone } = query.data ?? { rows: [], listed: 0, visited: 0, milestone: null };
  const opens = area.length < 9;
  return (
    <section className="kt-census-part" aria-label={t('coverage.title')}>
      <h2>{t('coverage.title')}</h2>
      <ProblemAlert problem={query.error ?? undefined} onRetry={() => void query.refetch()} />
      {milestone !== null && <MilestoneLine milestone={milestone} visited={visited} listed={listed} />}
      {area !== scope && (
        <p>
          <PageLink path="/census">{t('coverage.back')}</PageLink>
        </p>
      )}
      {rows.some(({ listed: count, visited: some }) => count === null || some === null) && (
        <Alert type="info" className="kt-problem" title={t('reporting:hidden.note')} />
      )}
      <Table
        size="small"
        className="kt-table kt-census-coverage"
        aria-label={t('coverage.title')}
        rowKey="division"
        loading={query.isFetching && { delay: 300 }}
        dataSource={rows}
        pagination={rows.length > 30 && { pageSize: 30, showSizeChanger: false }}
        columns={[
          {
            title: t('coverage.place'),
            render: (_, { division, name }) =>
              opens && division !== '' ? (
                <PageLink path="/census" search={{ area: division }}>
                  {name}
                </PageLink>
              ) : (
                name || t('coverage.unknownPlace')
              ),
          },
          { title: t('coverage.listed'), align: 'right', render: (_, row) => formatCount(row.listed) },
          { title: t('coverage.visited'), align: 'right', render: (_, row) => formatCount(row.visited) },
          {
            title: t('coverage.share'),
            render: (_, row) => {
              if (row.listed === null || row.visited === null) return hiddenMark;
              const share = row.listed === 0 ? 0 : row.visited / row.listed;
              return (
                <Progress
                  size="small"
                  percent={Math.floor(share * 100)}
                  format={() => formatRate(share)}
                  aria-label={`${row.name} ${formatRate(share)}`}
                />
              );
            },
          },
          { title: t('coverage.lastVisit'), responsive: ['sm'], render: (_, row) => row.lastVisitMonth ?? '—' },
        ]}
      />
    </section>
  );
};
