// Activities and training events of an area, with how many they reached.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { fullNameOfDivision } from '../network/division.ts';
import { ActivityKind } from '../policy/duty.ts';
import { api } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { type ListFilter, ListTable } from '../web/table.tsx';

const Query = z.object({
  ...listQuery,
  kind: ActivityKind.optional(),
  year: z
    .string()
    .regex(/^20\d{2}$/)
    .optional(),
});

interface Reach {
  readonly reached: number | null;
  readonly families: number | null;
  readonly leaflets: number | null;
}

/** What of the reach is known, in words. */
export const useReach = () => {
  const { t } = useTranslation('governance');
  return (reach: Reach): string =>
    (['reached', 'families', 'leaflets'] as const)
      .flatMap((key) => (reach[key] ? [t(`activities.${key}`, { count: reach[key] })] : []))
      .join(t('listMark'));
};

/** The five years up to this one. */
export const useYears = (): { value: string; label: string }[] => {
  const { clock } = useMe();
  const last = Number(clock.today.slice(0, 4));
  return [0, 1, 2, 3, 4].map((back) => ({ value: String(last - back), label: String(last - back) }));
};

const useFilters = (): ListFilter[] => {
  const { t } = useTranslation('governance');
  return [
    {
      key: 'kind',
      label: t('activities.kind'),
      options: ActivityKind.options.map((value) => ({ value, label: t(`activityKind.${value}`) })),
    },
    { key: 'year', label: t('activities.year'), options: useYears() },
  ];
};

const ActivitiesPage = () => {
  const { t } = useTranslation('governance');
  const state = useSearchState(Query);
  const reachOf = useReach();
  const query = useQuery({ ...api.activity.list.queryOptions({ input: state[0] }), placeholderData: keepPreviousData });
  const total = query.data && reachOf(query.data.reach);
  const add = (
    <ButtonLink type="primary" path="/activities/new">
      {t('activities.record')}
    </ButtonLink>
  );
  return (
    <>
      <PageHead intro={t('activities.intro')} action={add} />
      {total && (
        <p role="status">
          {t('activities.total')}
          {total}
        </p>
      )}
      <ListTable
        caption={t('activities.title')}
        query={query}
        state={state}
        rowKey={(row) => row.id}
        rowPath={(row) => `/activities/${row.id}`}
        searchHint={t('activities.search')}
        filters={useFilters()}
        columns={[
          { key: 'name', title: t('activities.name'), render: (row) => row.title },
          { key: 'kind', title: t('activities.kind'), render: (row) => t(`activityKind.${row.kind}`) },
          { key: 'on', title: t('activities.heldOn'), render: (row) => row.heldOn },
          { key: 'area', title: t('activities.area'), render: (row) => fullNameOfDivision(row.division) },
          { key: 'organisation', title: t('activities.organisation'), render: (row) => row.organisationName ?? '—' },
          {
            key: 'hours',
            title: t('activities.hours'),
            render: (row) => t('activities.hoursOf', { count: row.hours }),
          },
          { key: 'reach', title: t('activities.reach'), render: (row) => reachOf(row) || '—' },
          {
            key: 'staff',
            title: t('activities.staff'),
            render: (row) => (row.staff === 0 ? '—' : t('activities.staffOf', { count: row.staff })),
          },
        ]}
        empty={{ title: t('activities.none'), hint: t('activities.noneHint'), action: add }}
      />
    </>
  );
};
export default ActivitiesPage;
