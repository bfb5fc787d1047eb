// All referrals of an area: those that wait first, then the answered ones.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { api } from '../web/client.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { ClockCell, usePersonColumns } from './card.web.tsx';
import { ReferralStatus } from './referral.ts';

const Query = z.object({ ...listQuery, status: ReferralStatus.optional() });

const ReferralsPage = () => {
  const { t } = useTranslation('referral');
  const state = useSearchState(Query);
  const query = useQuery({ ...api.referral.list.queryOptions({ input: state[0] }), placeholderData: keepPreviousData });
  const person = usePersonColumns<NonNullable<typeof query.data>['rows'][number]>();
  return (
    <>
      <PageHead />
      <ListTable
        caption={t('referrals.title')}
        query={query}
        state={state}
        rowKey={(row) => row.referral}
        rowPath={(row) => `/referrals/${row.referral}`}
        searchHint={t('referrals.search')}
        filters={[
          {
            key: 'status',
            label: t('referrals.status'),
            options: ReferralStatus.options.map((value) => ({ value, label: t(`status.${value}`) })),
          },
        ]}
        empty={{ title: t('referrals.empty'), hint: t('referrals.emptyHint') }}
        columns={[
          ...person,
          { key: 'organisation', title: t('referrals.organisation'), render: (row) => row.organisationName },
          { key: 'reason', title: t('referrals.reason'), render: (row) => t(`reason.${row.reason}`) },
          { key: 'sentOn', title: t('referrals.sentOn'), render: (row) => row.sentOn },
          {
            key: 'status',
            title: t('referrals.status'),
            render: (row) =>
              [t(`status.${row.status}`), row.answeredOn, row.cause && t(`cause.${row.cause}`)]
                .filter((part) => part)
                .join(' '),
          },
          { key: 'clock', title: t('clock'), render: (row) => <ClockCell clock={row.clock} /> },
        ]}
      />
    </>
  );
};
export default ReferralsPage;
