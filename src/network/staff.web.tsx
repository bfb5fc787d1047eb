// The list of staff, of one organisation or of an area.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Flex } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { api } from '../web/client.ts';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { StaffJoin, StaffLeave, StaffQualify } from './staff-forms.web.tsx';

const Query = z.object({ ...listQuery, status: z.enum(['employed', 'left']).optional() });

/** The table of staff; `organisation` narrows it to one. Its state lives in the address of the page that shows it. */
export const StaffTable = ({ organisation }: { organisation?: string }) => {
  const { t } = useTranslation('network');
  const state = useSearchState(Query);
  const query = useQuery({
    ...api.staff.list.queryOptions({ input: { ...state[0], organisation } }),
    placeholderData: keepPreviousData,
  });
  return (
    <ListTable
      caption={t('staff.listTitle')}
      query={query}
      state={state}
      rowKey={(row) => row.id}
      searchHint={t('staff.search')}
      filters={[
        {
          key: 'status',
          label: t('staff.status'),
          options: (['employed', 'left'] as const).map((value) => ({ value, label: t(`staff.${value}`) })),
        },
      ]}
      empty={{ title: t('staff.none'), hint: t('staff.noneHint') }}
      columns={[
        { key: 'name', title: t('staff.name'), render: (row) => row.name },
        { key: 'discipline', title: t('staff.discipline'), render: (row) => t(`discipline.${row.discipline}`) },
        { key: 'organisation', title: t('staff.organisation'), render: (row) => row.organisationName },
        {
          key: 'background',
          title: t('staff.background'),
          render: ({ qualificationKind }) =>
            qualificationKind === null ? t('staff.backgroundUnknown') : t(`background.${qualificationKind}`),
        },
        { key: 'qualification', title: t('staff.qualification'), render: (row) => row.qualification ?? '—' },
        { key: 'trained', title: t('staff.assessorTrainedOn'), render: (row) => row.assessorTrainedOn ?? '—' },
        { key: 'since', title: t('staff.sinceOn'), render: (row) => row.sinceOn },
        {
          key: 'until',
          title: t('staff.untilOn'),
          render: (row) =>
            row.untilOn ?? (
              <Flex wrap gap="small">
                <StaffQualify staff={row} />
                <StaffLeave staff={row} />
              </Flex>
            ),
        },
      ]}
    />
  );
};

const StaffPage = () => {
  const { organisation } = useMe();
  return (
    <>
      <PageHead action={organisation ? <StaffJoin organisation={organisation.id} /> : undefined} />
      <StaffTable />
    </>
  );
};
export default StaffPage;
