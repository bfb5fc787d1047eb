// Everything of one kind of work, page by page.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { ClauseChips } from '../web/clause.tsx';
import { api } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { PageHead } from '../web/page-head.tsx';
import { Clock } from '../web/parts.tsx';
import { usePathParams, useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { WorkMissing, WorkName } from './work-words.web.tsx';
import { WorkKind, type WorkRow } from './worklist.ts';

const missingOf = (row: WorkRow) => <WorkMissing row={row} />;

const Params = z.object({ kind: WorkKind });
const Query = z.object(listQuery);

const WorkKindPage = () => {
  const { t } = useTranslation('reporting');
  const { kind } = usePathParams(Params);
  const state = useSearchState(Query);
  const input = { kind, ...state[0] };
  const query = useQuery({ ...api.worklist.list.queryOptions({ input }), placeholderData: keepPreviousData });
  const lacks = query.data?.rows.some(({ missing }) => missing.length > 0) === true;
  return (
    <>
      <PageHead title={t(`work.kind.${kind}`)} intro={<ClauseChips ids={query.data?.clauses ?? []} />} />
      <ListTable
        caption={t(`work.kind.${kind}`)}
        query={query}
        state={state}
        rowKey={(row) => row.key}
        empty={{ title: t('work.none'), hint: t('work.noneHint') }}
        columns={[
          { key: 'name', title: t('work.name'), render: (row) => <WorkName kind={kind} row={row} /> },
          { key: 'place', title: t('work.place'), render: (row) => row.place },
          ...(lacks ? [{ key: 'missing', title: t('work.missing'), render: missingOf }] : []),
          {
            key: 'clock',
            title: t('work.clock'),
            render: ({ clock }) =>
              clock && <Clock dueOn={clock.dueOn} left={clock.left} unit={clock.unit} lapsedOn={clock.lapsedOn} />,
          },
          {
            key: 'act',
            title: '',
            render: ({ link }) => (
              <ButtonLink size="small" path={link.path} search={link.search}>
                {t(`work.act.${kind}`)}
              </ButtonLink>
            ),
          },
        ]}
      />
    </>
  );
};
export default WorkKindPage;
