// The directory of organisations.
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
import { fullNameOfDivision } from './division.ts';
import { OrganisationKind, Tier } from './organisation.ts';

const Query = z.object({
  ...listQuery,
  kind: OrganisationKind.optional(),
  tier: Tier.optional(),
  status: z.enum(['open', 'closed']).optional(),
});

const OrganisationsPage = () => {
  const { t } = useTranslation('network');
  const { role } = useMe();
  const state = useSearchState(Query);
  const query = useQuery({
    ...api.organisation.list.queryOptions({ input: state[0] }),
    placeholderData: keepPreviousData,
  });
  const add =
    role === 'civilAffairs' ? (
      <ButtonLink type="primary" path="/organisations/new">
        {t('organisation.open')}
      </ButtonLink>
    ) : undefined;
  return (
    <>
      <PageHead action={add} />
      <ListTable
        caption={t('organisations.title')}
        query={query}
        state={state}
        rowKey={(row) => row.id}
        rowPath={(row) => `/organisations/${row.id}`}
        searchHint={t('organisations.search')}
        filters={[
          {
            key: 'kind',
            label: t('organisations.kind'),
            options: OrganisationKind.options.map((value) => ({ value, label: t(`kind.${value}`) })),
          },
          {
            key: 'tier',
            label: t('organisations.tier'),
            options: Tier.options.map((value) => ({ value, label: t(`tier.${value}`) })),
          },
          {
            key: 'status',
            label: t('organisations.status'),
            options: (['open', 'closed'] as const).map((value) => ({ value, label: t(`organisations.${value}`) })),
          },
        ]}
        empty={{ title: t('organisations.none'), hint: t('organisations.noneHint'), action: add }}
        columns={[
          { key: 'name', title: t('organisations.name'), render: (row) => row.name },
          { key: 'kind', title: t('organisations.kind'), render: (row) => t(`kind.${row.kind}`) },
          { key: 'tier', title: t('organisations.tier'), render: (row) => t(`tier.${row.tier}`) },
          { key: 'division', title: t('organisations.division'), render: (row) => fullNameOfDivision(row.division) },
          {
            key: 'parent',
            title: t('organisations.parent'),
            render: (row) => row.parentName ?? '—',
            deskOnly: true,
          },
          {
            key: 'serving',
            title: t('organisations.serving'),
            align: 'right',
            render: (row) => (row.serving === null ? '—' : `${row.serving} / ${row.capacity ?? '—'}`),
          },
          {
            key: 'status',
            title: t('organisations.status'),
            render: (row) => t(row.closedOn ? 'organisations.closed' : 'organisations.open'),
          },
        ]}
      />
    </>
  );
};
export default OrganisationsPage;
