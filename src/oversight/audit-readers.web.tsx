// "Who saw my file": organisation, role, account, when and what for, to print and hand to the person or the guardian.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { api } from '../web/client.ts';
import { formatInstant } from '../web/format.ts';
import { PageHead } from '../web/page-head.tsx';
import { usePathParams, useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { PersonPrintButton } from './print-button.web.tsx';

const Path = z.object({ person: z.uuid() });
/** So many lines as a rule fit on the pages that are handed over. */
const Query = z.object({ page: listQuery.page, pageSize: z.coerce.number().int().min(1).max(200).default(100) });

const ReadersPage = () => {
  const { t } = useTranslation(['audit', 'frame']);
  const { person } = usePathParams(Path);
  const state = useSearchState(Query);
  const query = useQuery({
    ...api.audit.readers.queryOptions({ input: { person, ...state[0] } }),
    placeholderData: keepPreviousData,
  });
  const { data } = query;
  return (
    <>
      <PageHead
        {...(data && { title: t('readers.of', { name: data.name }) })}
        intro={
          <>
            {t('readers.number', { id: person })}
            {data &&
              ` · ${t('readers.all', { total: data.total })} · ${t('readers.printed', { at: formatInstant(data.printedAt) })}`}
            <div className="kt-no-print">{t('readers.intro')}</div>
          </>
        }
        action={<PersonPrintButton person={person} kind="readersPrint" />}
      />
      <ListTable
        caption={t('readers.title')}
        query={query}
        state={state}
        rowKey={(row) => String(row.seq)}
        empty={{ title: t('readers.none'), hint: t('readers.noneHint') }}
        columns={[
          { key: 'at', title: t('at'), render: (row) => formatInstant(row.at) },
          { key: 'organisation', title: t('organisation'), render: (row) => row.organisationName ?? '—' },
          { key: 'role', title: t('role'), render: (row) => t(`frame:roles.${row.role}`) },
          { key: 'who', title: t('readers.who'), render: (row) => row.actorName ?? row.actor },
          {
            key: 'what',
            title: t('readers.what'),
            render: ({ summary, purpose }) =>
              [summary, ...(purpose === null ? [] : [t('readers.purpose', { text: purpose })])].join('；'),
          },
        ]}
      />
    </>
  );
};
export default ReadersPage;
