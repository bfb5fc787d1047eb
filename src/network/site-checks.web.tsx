// All sites of one's area: when they were last checked, how they scored, and what is open or overdue.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { reachOf } from '../kernel/access.ts';
import { listQuery } from '../kernel/contract.ts';
import { api } from '../web/client.ts';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { fullNameOfDivision } from './division.ts';
import type { CheckedSite } from './site-check.api.ts';
import { ScoreText } from './site-check.web.tsx';

const shown = ['overdue', 'hazards', 'never'] as const;
const Query = z.object({ ...listQuery, show: z.enum(shown).optional() });

const Scores = ({ checks }: Pick<CheckedSite, 'checks'>) => {
  const { t } = useTranslation('siteCheck');
  if (checks.length === 0) return <>—</>;
  return checks.map(({ kind, ok, asked }) => (
    <div key={kind}>
      {t(`kind.${kind}`)}：<ScoreText ok={ok} asked={asked} />
    </div>
  ));
};

const SiteChecksPage = () => {
  const { t } = useTranslation('siteCheck');
  const me = useMe();
  const counts = reachOf(me) === 'figures';
  const state = useSearchState(Query);
  const query = useQuery({
    ...api.siteCheck.list.queryOptions({ input: state[0] }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PageHead intro={t(counts ? 'list.introCity' : 'list.intro')} />
      <ListTable
        caption={t('list.title')}
        query={query}
        state={state}
        rowKey={(row) => row.organisation}
        rowPath={(row) => `/organisations/${row.organisation}`}
        searchHint={t('list.search')}
        filters={[
          {
            key: 'show',
            label: t('list.all'),
            options: shown.map((value) => ({ value, label: t(`list.show.${value}`) })),
          },
        ]}
        empty={{ title: t('list.none'), hint: t('list.noneHint') }}
        columns={[
          { key: 'name', title: t('list.name'), render: (row) => row.name },
          { key: 'division', title: t('list.division'), render: (row) => fullNameOfDivision(row.division) },
          { key: 'lastOn', title: t('list.lastOn'), render: (row) => row.lastOn ?? <Tag>{t('list.show.never')}</Tag> },
          { key: 'score', title: t('list.score'), render: (row) => <Scores checks={row.checks} /> },
          { key: 'open', title: t('openHazards'), align: 'right', render: (row) => row.openHazards },
          {
            key: 'overdue',
            title: t('list.overdue'),
            align: 'right',
            render: (row) => (row.overdueHazards > 0 ? <Tag color="error">{row.overdueHazards}</Tag> : 0),
          },
        ]}
      />
    </>
  );
};
export default SiteChecksPage;
