// The bodies of an area: members, meetings, and who is still missing.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { fullNameOfDivision } from '../network/division.ts';
import { BodyKind } from '../policy/duty.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { type ListColumn, type ListFilter, ListTable } from '../web/table.tsx';
import type { BodyRow } from './body.ts';
import { bodyKeepers } from './body.ts';

const Query = z.object({
  ...listQuery,
  kind: BodyKind.optional(),
  status: z.enum(['open', 'closed']).optional(),
});

interface Missing {
  readonly kind: BodyKind;
  readonly clause: readonly string[];
}

const MissingBodies = ({ missing }: { missing: readonly Missing[] }) => {
  const { t } = useTranslation('governance');
  if (missing.length === 0) return null;
  return (
    <Alert
      className="kt-problem"
      type="warning"
      showIcon
      title={t('bodies.missing')}
      description={
        <ul className="kt-list">
          {missing.map(({ kind, clause }) => (
            <li key={kind}>
              {t(`bodyKind.${kind}`)} <ClauseChips ids={clause} />
            </li>
          ))}
        </ul>
      }
    />
  );
};

const useColumns = (): [ListColumn<BodyRow>, ...ListColumn<BodyRow>[]] => {
  const { t } = useTranslation('governance');
  const nameOf = (row: BodyRow) => (row.personName === null ? row.name : `${row.name}（${row.personName}）`);
  return [
    { key: 'name', title: t('bodies.name'), render: nameOf },
    { key: 'kind', title: t('bodies.kind'), render: (row) => t(`bodyKind.${row.kind}`) },
    {
      key: 'area',
      title: t('bodies.area'),
      render: ({ division, village }) => `${fullNameOfDivision(division)}${village ?? ''}`,
    },
    { key: 'members', title: t('bodies.members'), render: (row) => t('bodies.membersOf', { count: row.members }) },
    {
      key: 'gaps',
      title: t('bodies.gaps'),
      render: ({ gaps }) =>
        gaps.length === 0 ? (
          t('bodies.noGaps')
        ) : (
          <Tag color="warning">{t('bodies.gapsOf', { count: gaps.length })}</Tag>
        ),
    },
    { key: 'met', title: t('bodies.lastMet'), render: (row) => row.lastMetOn ?? t('bodies.never') },
    {
      key: 'overdue',
      title: t('bodies.overdue'),
      render: ({ overdueTasks }) =>
        overdueTasks === 0 ? (
          t('bodies.noGaps')
        ) : (
          <Tag color="error">{t('bodies.overdueOf', { count: overdueTasks })}</Tag>
        ),
    },
  ];
};

const useFilters = (): ListFilter[] => {
  const { t } = useTranslation('governance');
  return [
    {
      key: 'kind',
      label: t('bodies.kind'),
      options: BodyKind.options.map((value) => ({ value, label: t(`bodyKind.${value}`) })),
    },
    {
      key: 'status',
      label: t('bodies.status'),
      options: (['open', 'closed'] as const).map((value) => ({ value, label: t(`bodies.${value}`) })),
    },
  ];
};

const BodiesPage = () => {
  const { t } = useTranslation('governance');
  const { role } = useMe();
  const state = useSearchState(Query);
  const query = useQuery({ ...api.body.list.queryOptions({ input: state[0] }), placeholderData: keepPreviousData });
  const add = bodyKeepers.includes(role) ? (
    <ButtonLink type="primary" path="/bodies/new">
      {t('body.open')}
    </ButtonLink>
  ) : undefined;
  return (
    <>
      <PageHead intro={t('bodies.intro')} action={add} />
      <MissingBodies missing={query.data?.missing ?? []} />
      <ListTable
        caption={t('bodies.title')}
        query={query}
        state={state}
        rowKey={(row) => row.id}
        rowPath={(row) => `/bodies/${row.id}`}
        searchHint={t('bodies.search')}
        filters={useFilters()}
        columns={useColumns()}
        empty={{ title: t('bodies.none'), hint: t('bodies.noneHint'), action: add }}
      />
    </>
  );
};
export default BodiesPage;
