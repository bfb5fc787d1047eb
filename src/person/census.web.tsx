// The census: drop a list in, see where every list stands, and how far the towns are.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { api } from '../web/client.ts';
import { formatInstant } from '../web/format.ts';
import { ButtonLink, PageLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { type ListColumn, ListTable } from '../web/table.tsx';
import './census.css';
import type { CensusListView } from './census.ts';
import { CoverageTable } from './census-coverage.web.tsx';
import { UploadBox } from './census-upload.web.tsx';

const Query = z.object(listQuery);

const colours = {
  mapping: 'warning',
  planning: 'processing',
  planned: 'warning',
  importing: 'processing',
  imported: 'success',
} as const;

const useColumns = (): readonly [ListColumn<CensusListView>, ...ListColumn<CensusListView>[]] => {
  const { t } = useTranslation('census');
  return [
    { key: 'fileName', title: t('fileName'), render: ({ fileName }) => fileName },
    { key: 'sender', title: t('sender'), render: ({ sender }) => t(`senders.${sender}`) },
    { key: 'listedOn', title: t('listedOn'), render: ({ listedOn }) => listedOn },
    { key: 'rows', title: t('rows'), align: 'right', render: ({ rows }) => rows },
    {
      key: 'status',
      title: t('status'),
      render: ({ status }) => <Tag color={colours[status]}>{t(`statuses.${status}`)}</Tag>,
    },
    {
      key: 'waiting',
      title: t('waiting'),
      align: 'right',
      render: ({ id, waiting }) =>
        waiting === 0 ? (
          '—'
        ) : (
          <PageLink path="/census/reviews" search={{ list: id }}>
            {waiting}
          </PageLink>
        ),
    },
    { key: 'uploadedAt', title: t('uploadedAt'), deskOnly: true, render: (row) => formatInstant(row.uploadedAt) },
  ];
};

const Lists = () => {
  const { t } = useTranslation('census');
  const state = useSearchState(Query);
  const query = useQuery({ ...api.census.list.queryOptions({ input: state[0] }), placeholderData: keepPreviousData });
  const columns = useColumns();
  return (
    <>
      <UploadBox />
      <h2>{t('lists')}</h2>
      <ListTable
        caption={t('lists')}
        query={query}
        state={state}
        rowKey={({ id }) => id}
        rowPath={({ id }) => `/census/${id}`}
        empty={{ title: t('none'), hint: t('noneHint') }}
        columns={columns}
      />
    </>
  );
};

const CensusPage = () => {
  const { t } = useTranslation('census');
  const { scope } = useMe();
  const waiting = useQuery(api.census.reviews.queryOptions({ input: { page: 1, pageSize: 1 } }));
  const total = waiting.data?.total ?? 0;
  const review = <ButtonLink path="/census/reviews">{t('toReviews', { count: total })}</ButtonLink>;
  // A list is matched against everybody of the county, whom a town does not see.
  const mayImport = scope.length <= 6;
  return (
    <>
      <PageHead intro={t(mayImport ? 'intro' : 'townIntro')} {...(total > 0 && { action: review })} />
      {mayImport && <Lists />}
      <CoverageTable />
    </>
  );
};
export default CensusPage;
