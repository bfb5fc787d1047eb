// Who waits in a queue, the longest first, with the clock of the review that BZ-13 asks for.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { api } from '../web/client.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { ClockCell, usePersonColumns } from './card.web.tsx';

const Query = z.object(listQuery);

const QueuePage = () => {
  const { t } = useTranslation('referral');
  const state = useSearchState(Query);
  const query = useQuery({
    ...api.referral.list.queryOptions({ input: { ...state[0], status: 'queued' } }),
    placeholderData: keepPreviousData,
  });
  const person = usePersonColumns<NonNullable<typeof query.data>['rows'][number]>();
  return (
    <>
      <PageHead intro={t('queue.intro')} />
      <ListTable
        caption={t('queue.title')}
        query={query}
        state={state}
        rowKey={(row) => row.referral}
        rowPath={(row) => `/referrals/${row.referral}`}
        searchHint={t('referrals.search')}
        empty={{ title: t('queue.empty'), hint: t('queue.emptyHint') }}
        columns={[
          ...person,
          { key: 'organisation', title: t('referrals.organisation'), render: (row) => row.organisationName },
          { key: 'queuedOn', title: t('queue.queuedOn'), render: (row) => row.queuedOn },
          { key: 'reviewedOn', title: t('queue.reviewedOn'), render: (row) => row.reviewedOn ?? '—' },
          { key: 'clock', title: t('clock'), render: (row) => <ClockCell clock={row.clock} /> },
        ]}
      />
    </>
  );
};
export default QueuePage;
