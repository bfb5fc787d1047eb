// The referrals that wait at one's own organisation, with how full it is.
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

const InboxPage = () => {
  const { t } = useTranslation('referral');
  const state = useSearchState(Query);
  const query = useQuery({
    ...api.referral.inbox.queryOptions({ input: state[0] }),
    placeholderData: keepPreviousData,
  });
  const person = usePersonColumns<NonNullable<typeof query.data>['rows'][number]>();
  const { serving = null, capacity = null } = query.data ?? {};
  return (
    <>
      <PageHead
        intro={
          <>
            {t('inbox.intro')}{' '}
            {serving !== null &&
              (capacity === null ? t('inbox.serving', { serving }) : t('inbox.capacity', { serving, capacity }))}
          </>
        }
      />
      <ListTable
        caption={t('inbox.title')}
        query={query}
        state={state}
        rowKey={(row) => row.referral}
        rowPath={(row) => `/referrals/${row.referral}`}
        searchHint={t('referrals.search')}
        empty={{ title: t('inbox.empty'), hint: t('inbox.emptyHint') }}
        columns={[
          ...person,
          { key: 'status', title: t('referrals.status'), render: (row) => t(`status.${row.status}`) },
          { key: 'clock', title: t('clock'), render: (row) => <ClockCell clock={row.clock} /> },
          { key: 'reason', title: t('referrals.reason'), render: (row) => t(`reason.${row.reason}`) },
          { key: 'suggestion', title: t('referrals.suggestion'), render: (row) => row.suggestion ?? '—' },
          { key: 'origin', title: t('referrals.origin'), render: (row) => row.originName ?? '—', deskOnly: true },
          { key: 'sentOn', title: t('referrals.sentOn'), render: (row) => row.sentOn },
        ]}
      />
    </>
  );
};
export default InboxPage;
