// Registered persons whom no organisation has taken yet.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { api } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { ClockCell, usePersonColumns } from './card.web.tsx';

const Query = z.object(listQuery);

const PendingPage = () => {
  const { t } = useTranslation('referral');
  const { role } = useMe();
  const state = useSearchState(Query);
  const query = useQuery({
    ...api.referral.pending.queryOptions({ input: state[0] }),
    placeholderData: keepPreviousData,
  });
  const person = usePersonColumns<NonNullable<typeof query.data>['rows'][number]>();
  const sends = role === 'civilAffairs' || role === 'hospital';
  return (
    <>
      <PageHead intro={t('pending.intro')} />
      <ListTable
        caption={t('pending.title')}
        query={query}
        state={state}
        rowKey={(row) => row.person}
        rowPath={(row) => `/persons/${row.person}`}
        searchHint={t('person.name')}
        empty={{ title: t('pending.empty'), hint: t('pending.emptyHint') }}
        columns={[
          ...person,
          { key: 'sinceOn', title: t('pending.since'), render: (row) => row.sinceOn },
          { key: 'clock', title: t('clock'), render: (row) => <ClockCell clock={row.clock} /> },
          {
            key: 'refer',
            title: t('pending.refer'),
            render: (row) =>
              sends ? (
                <ButtonLink size="small" path="/referrals/new" search={{ person: row.person }}>
                  {t('pending.refer')}
                </ButtonLink>
              ) : (
                '—'
              ),
          },
        ]}
      />
    </>
  );
};
export default PendingPage;
