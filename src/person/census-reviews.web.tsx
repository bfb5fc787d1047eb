// Rows of lists that wait for a person to say who they are.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { api } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';

const Query = z.object({ ...listQuery, list: z.uuid().optional(), kind: z.enum(['review', 'conflict']).optional() });

const ReviewsPage = () => {
  const { t } = useTranslation('census');
  const state = useSearchState(Query);
  const query = useQuery({
    ...api.census.reviews.queryOptions({ input: state[0] }),
    placeholderData: keepPreviousData,
  });
  const first = query.data?.rows[0];
  const begin = first && (
    <ButtonLink type="primary" path={`/census/reviews/${first.list}/${first.position}`}>
      {t('reviews.begin')}
    </ButtonLink>
  );
  return (
    <>
      <PageHead intro={t('reviews.intro')} {...(begin && { action: begin })} />
      <ListTable
        caption={t('reviews.title')}
        query={query}
        state={state}
        rowKey={({ list, position }) => `${list}${position}`}
        rowPath={({ list, position }) => `/census/reviews/${list}/${position}`}
        filters={[
          {
            key: 'kind',
            label: t('reviews.kind'),
            options: (['review', 'conflict'] as const).map((value) => ({ value, label: t(`kinds.${value}`) })),
          },
        ]}
        empty={{
          title: t('reviews.none'),
          hint: t('reviews.noneHint'),
          action: <ButtonLink path="/census">{t('reviews.toLists')}</ButtonLink>,
        }}
        columns={[
          { key: 'name', title: t('row.name'), render: ({ name }) => name ?? t('row.nameless') },
          { key: 'kind', title: t('reviews.kind'), render: ({ kind }) => t(`kinds.${kind}`) },
          { key: 'reason', title: t('row.reasons'), render: ({ reason }) => reason },
          { key: 'candidates', title: t('reviews.candidates'), align: 'right', render: (row) => row.candidates },
          {
            key: 'list',
            title: t('fileName'),
            render: ({ sender, fileName }) => `${t(`senders.${sender}`)} · ${fileName}`,
          },
        ]}
      />
    </>
  );
};
export default ReviewsPage;
