// The worklist of applications: those that wait, the most urgent first.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { api } from '../web/client.ts';
import { PageLink } from '../web/link.tsx';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { ClockCell, usePersonColumns } from './card.web.tsx';

const Query = z.object({ ...listQuery, status: z.enum(['open', 'decided']).optional() });

const ApplicationsPage = () => {
  const { t } = useTranslation('referral');
  const state = useSearchState(Query);
  const query = useQuery({
    ...api.application.list.queryOptions({ input: state[0] }),
    placeholderData: keepPreviousData,
  });
  const person = usePersonColumns<NonNullable<typeof query.data>['rows'][number]>();
  return (
    <>
      <PageHead
        intro={
          <>
            {t('applications.intro')} <PageLink path="/apply">{t('applications.publicPage')}</PageLink>
          </>
        }
      />
      <ListTable
        caption={t('applications.title')}
        query={query}
        state={state}
        rowKey={(row) => row.application}
        rowPath={(row) => `/applications/${row.application}`}
        searchHint={t('applications.search')}
        filters={[
          {
            key: 'status',
            label: t('applications.status'),
            options: (['open', 'decided'] as const).map((value) => ({ value, label: t(`applications.${value}`) })),
          },
        ]}
        empty={{ title: t('applications.empty'), hint: t('applications.emptyHint') }}
        columns={[
          ...person,
          { key: 'route', title: t('applications.route'), render: (row) => t(`route.${row.route}`) },
          { key: 'receivedOn', title: t('applications.receivedOn'), render: (row) => row.receivedOn },
          {
            key: 'screening',
            title: t('applications.screening'),
            render: (row) => t(`screening.${row.screening ?? 'none'}`),
          },
          {
            key: 'clock',
            title: t(state[0].status === 'decided' ? 'applications.decision' : 'clock'),
            render: (row) =>
              row.decision ? `${t(`decision.${row.decision}`)} ${row.decidedOn}` : <ClockCell clock={row.clock} />,
          },
          { key: 'receipt', title: t('applications.receipt'), render: (row) => row.receiptNumber, deskOnly: true },
        ]}
      />
    </>
  );
};
export default ApplicationsPage;
