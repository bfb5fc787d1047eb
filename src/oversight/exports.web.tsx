// What left the product with persons in it: who took it, when, what for, and the serial number that the paper or file carries.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { api } from '../web/client.ts';
import { formatInstant } from '../web/format.ts';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { ListTable } from '../web/table.tsx';
import { ExportKind } from './export.ts';

const Query = z.object({ page: listQuery.page, pageSize: listQuery.pageSize, kind: ExportKind.optional() });

const ExportsPage = () => {
  const { t, i18n } = useTranslation('audit');
  const state = useSearchState(Query);
  const query = useQuery({ ...api.export.list.queryOptions({ input: state[0] }), placeholderData: keepPreviousData });
  const nameOf = (kind: string): string =>
    i18n.exists(`audit:exports.kinds.${kind}`) ? t(`exports.kinds.${kind}` as never) : kind;
  return (
    <>
      <PageHead intro={t('exports.intro')} />
      <ListTable
        caption={t('exports.title')}
        query={query}
        state={state}
        rowKey={({ id }) => id}
        filters={[
          {
            key: 'kind',
            label: t('exports.what'),
            options: ExportKind.options.map((value) => ({ value, label: nameOf(value) })),
          },
        ]}
        empty={{ title: t('exports.none'), hint: t('exports.noneHint') }}
        columns={[
          { key: 'at', title: t('at'), render: ({ at }) => formatInstant(at) },
          { key: 'serial', title: t('exports.serial'), render: ({ serial }) => serial },
          { key: 'what', title: t('exports.what'), render: ({ kind }) => nameOf(kind) },
          { key: 'purpose', title: t('exports.purpose'), render: ({ purpose }) => purpose },
          { key: 'rows', title: t('exports.rows'), render: ({ rows }) => rows },
          {
            key: 'who',
            title: t('exports.who'),
            render: ({ actor, actorName, organisationName }) =>
              [actorName ?? actor, ...(organisationName === null ? [] : [organisationName])].join('，'),
          },
          { key: 'county', title: t('exports.county'), deskOnly: true, render: ({ countyName }) => countyName },
        ]}
      />
    </>
  );
};
export default ExportsPage;
