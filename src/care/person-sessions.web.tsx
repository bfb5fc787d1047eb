// The sessions of one person, by month.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery, Month } from '../kernel/contract.ts';
import { api } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { ProblemAlert } from '../web/message.tsx';
import { PageHead } from '../web/page-head.tsx';
import { usePathParams, useSearchState } from '../web/search-state.ts';
import { type ListColumn, ListTable } from '../web/table.tsx';
import { useServiceWords } from './service-select.web.tsx';
import type { PersonSession } from './session.api.ts';

const Path = z.object({ person: z.uuid() });
const Query = z.object({ ...listQuery, month: Month.optional() });

const useColumns = (): readonly [ListColumn<PersonSession>, ...ListColumn<PersonSession>[]] => {
  const { t } = useTranslation(['session', 'care']);
  const serviceWords = useServiceWords();
  return [
    { key: 'on', title: t('field.on'), render: (row) => `${row.on} ${row.startAt}` },
    { key: 'domain', title: t('field.domain'), render: (row) => t(`care:domain.${row.domain}`) },
    { key: 'kind', title: t('field.kind'), render: (row) => t(`kind.${row.kind}`) },
    {
      key: 'standardized',
      title: t('field.standardized'),
      render: serviceWords,
    },
    { key: 'minutes', title: t('field.minutes'), align: 'right', render: (row) => row.minutes },
    { key: 'leader', title: t('field.leader'), deskOnly: true, render: (row) => row.leader },
    {
      key: 'organisation',
      title: t('field.organisation'),
      deskOnly: true,
      render: (row) => row.organisationName ?? '',
    },
    {
      key: 'daysLate',
      title: t('person.late'),
      render: (row) =>
        row.daysLate === 0 ? t('person.onTime') : <Tag>{t('person.lateDays', { count: row.daysLate })}</Tag>,
    },
  ];
};

const PersonSessionsPage = () => {
  const { t } = useTranslation('session');
  const { person } = usePathParams(Path);
  const state = useSearchState<z.output<typeof Query>>(Query);
  const query = useQuery({
    ...api.session.list.queryOptions({ input: { person, ...state[0] } }),
    placeholderData: keepPreviousData,
  });
  const months = (query.data?.months ?? []).map(({ month, sessions, standardized }) => ({
    value: month,
    label: t('person.monthCount', { month, sessions, standardized }),
  }));
  return (
    <>
      <PageHead
        {...(query.data && { title: t('person.of', { name: query.data.name }) })}
        action={<ButtonLink path={`/persons/${person}`}>{t('leave.back')}</ButtonLink>}
      />
      {query.error && <ProblemAlert problem={query.error} onRetry={() => void query.refetch()} />}
      <ListTable
        caption={t('person.title')}
        query={query}
        state={state}
        columns={useColumns()}
        rowKey={(row) => row.session}
        rowPath={(row) => `/sessions/${row.session}`}
        filters={[{ key: 'month', label: t('person.month'), options: months }]}
        empty={{ title: t('person.none'), hint: t('person.noneHint') }}
      />
    </>
  );
};
export default PersonSessionsPage;
