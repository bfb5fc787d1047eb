// The list of accounts, with what an administrator does to them.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Flex, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { api } from '../web/client.ts';
import { formatInstant } from '../web/format.ts';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { AccountRole, AccountStatus, type AccountView } from './account.ts';
import { AccountActions } from './account-actions.web.tsx';
import { ReviewActions, ReviewText, usePendingWords } from './account-review.web.tsx';

const Query = z.object({
  ...listQuery,
  role: AccountRole.optional(),
  status: AccountStatus.optional(),
});

/** In use or not, and what an administrator should look at. */
const States = ({ account }: { account: AccountView }) => {
  const { t } = useTranslation('network');
  const words = usePendingWords();
  return (
    <Flex gap={4} wrap>
      {t(account.disabledAt === null ? 'account.enabled' : 'account.disabled')}
      {account.lockedUntil !== null && <Tag color="error">{t('account.locked')}</Tag>}
      {account.pendingFor.length > 0 && <Tag color="warning">{`${t('account.pending')}：${words(account)}`}</Tag>}
      {account.review?.verdict === 'flagged' && <Tag color="error">{t('account.flagged')}</Tag>}
      {account.isBound && <Tag>{t('account.bound')}</Tag>}
      {account.unused && <Tag color="warning">{t('account.unused')}</Tag>}
    </Flex>
  );
};

const AccountsPage = () => {
  const { t } = useTranslation(['network', 'frame']);
  const { role, user } = useMe();
  const state = useSearchState(Query);
  const query = useQuery({
    ...api.account.list.queryOptions({ input: state[0] }),
    placeholderData: keepPreviousData,
  });
  const manages = role === 'systemAdmin';
  const reviews = role === 'securityAdmin';
  const add = manages && (
    <ButtonLink type="primary" path="/accounts/new">
      {t('account.create')}
    </ButtonLink>
  );
  const actionsOf = (row: AccountView) =>
    row.username === user.username ? (
      t('account.own')
    ) : manages ? (
      <AccountActions account={row} />
    ) : (
      <ReviewActions account={row} />
    );
  return (
    <>
      <PageHead intro={t(reviews ? 'review.intro' : 'account.intro')} action={add} />
      <ListTable
        caption={t('account.title')}
        query={query}
        state={state}
        rowKey={(row) => row.id}
        searchHint={t('account.search')}
        filters={[
          {
            key: 'role',
            label: t('account.role'),
            options: AccountRole.options.map((value) => ({ value, label: t(`frame:roles.${value}`) })),
          },
          {
            key: 'status',
            label: t('account.status'),
            options: AccountStatus.options.map((value) => ({ value, label: t(`account.${value}`) })),
          },
        ]}
        empty={{ title: t('account.none'), hint: t('account.noneHint'), action: add }}
        columns={[
          { key: 'name', title: t('account.name'), render: (row) => row.name },
          { key: 'username', title: t('account.username'), render: (row) => row.username },
          { key: 'role', title: t('account.role'), render: (row) => t(`frame:roles.${row.role}`) },
          { key: 'organisation', title: t('account.organisation'), render: (row) => row.organisation?.name ?? '—' },
          { key: 'scope', title: t('account.scope'), render: (row) => row.scopeName },
          {
            key: 'status',
            title: t('account.status'),
            render: (row) => <States account={row} />,
          },
          {
            key: 'signedIn',
            title: t('account.signedIn'),
            render: (row) => (row.signedInAt === null ? t('account.never') : formatInstant(row.signedInAt)),
          },
          { key: 'review', title: t('review.title'), render: (row) => <ReviewText review={row.review} /> },
          ...(manages || reviews ? [{ key: 'actions', title: t('account.actions'), render: actionsOf }] : []),
        ]}
      />
    </>
  );
};
export default AccountsPage;
