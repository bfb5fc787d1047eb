// Joint sweeps of an area, the newest first.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { nameOfDivision } from '../network/division.ts';
import { api } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { sweepKeepers } from './sweep.api.ts';

const Query = z.object({ ...listQuery });

const SweepsPage = () => {
  const { t } = useTranslation('sweep');
  const { role, scope } = useMe();
  const state = useSearchState(Query);
  const { page, pageSize } = state[0];
  const query = useQuery({
    ...api.sweep.list.queryOptions({ input: { page, pageSize } }),
    placeholderData: keepPreviousData,
  });
  const add =
    scope.length === 6 && sweepKeepers.includes(role) ? (
      <ButtonLink type="primary" path="/sweeps/new">
        {t('open')}
      </ButtonLink>
    ) : undefined;
  return (
    <>
      <PageHead intro={t('intro')} action={add} />
      <ListTable
        caption={t('title')}
        query={query}
        state={state}
        rowKey={(row) => row.id}
        rowPath={(row) => `/sweeps/${row.id}`}
        empty={{ title: t('none'), hint: t('noneHint'), action: add }}
        columns={[
          { key: 'name', title: t('name'), render: (row) => row.title },
          { key: 'county', title: t('county'), render: (row) => nameOfDivision(row.county) },
          { key: 'year', title: t('year'), render: (row) => row.year },
          { key: 'span', title: t('span'), render: (row) => t('spanOf', { from: row.fromOn, to: row.toOn }) },
          { key: 'covered', title: t('covered'), render: ({ covered, towns }) => t('coveredOf', { covered, towns }) },
          {
            key: 'state',
            title: t('state'),
            render: ({ closedOn }) =>
              closedOn === null ? <Tag color="processing">{t('running')}</Tag> : t('closedOn', { day: closedOn }),
          },
        ]}
      />
    </>
  );
};
export default SweepsPage;
