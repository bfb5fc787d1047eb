// What every row of a list comes to: counts that filter, and the rows with reason, differences and problems.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { listQuery } from '../kernel/contract.ts';
import { api } from '../web/client.ts';
import { PageLink } from '../web/link.tsx';
import { Figure, Figures } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import { type ListColumn, ListTable } from '../web/table.tsx';
import {
  type CensusListDetail,
  CensusOutcome,
  CensusResult,
  type CensusRowView,
  censusOutcomeNames,
} from './census.ts';

const Shown = z.union([CensusOutcome, CensusResult]);
const Query = z.object({ ...listQuery, outcome: Shown.optional() });

const order = [...new Set([...CensusOutcome.options, ...CensusResult.options])];
const colours: Partial<Record<z.infer<typeof Shown>, string>> = {
  create: 'success',
  update: 'processing',
  review: 'warning',
  conflict: 'warning',
  waiting: 'warning',
  refuse: 'error',
};

const Reasons = ({ row }: { row: CensusRowView }) => {
  const { t } = useTranslation('census');
  return (
    <ul className="kt-census-reasons">
      {row.reasons.length > 0 && <li>{row.reasons.join('，')}</li>}
      {row.differences.map(({ field, label, before, after, taken }) => (
        <li key={`${field}${after}`}>
          {label}：{before === null ? t('row.none') : before} → {after}
          {!taken && <span className="kt-quiet"> {t('row.kept')}</span>}
        </li>
      ))}
      {row.problems.map((problem) => (
        <li key={problem} className="kt-quiet">
          {problem}
        </li>
      ))}
    </ul>
  );
};

const useColumns = (list: CensusListDetail): readonly [ListColumn<CensusRowView>, ...ListColumn<CensusRowView>[]] => {
  const { t } = useTranslation('census');
  const hasSheets = list.tables.length > 1;
  return [
    {
      key: 'row',
      title: t('row.number'),
      width: 140,
      render: ({ sheet, rowNumber }) => (hasSheets ? t('row.inSheet', { sheet, rowNumber }) : rowNumber),
    },
    {
      key: 'name',
      title: t('row.name'),
      width: 100,
      render: ({ name, person }) =>
        person === null ? (name ?? '—') : <PageLink path={`/persons/${person}`}>{name ?? '—'}</PageLink>,
    },
    {
      key: 'outcome',
      title: t('row.outcome'),
      width: 160,
      render: ({ outcome, position }) => {
        if (outcome === null) return '—';
        const tag = <Tag color={colours[outcome] ?? 'default'}>{censusOutcomeNames[outcome]}</Tag>;
        return outcome === 'waiting' ? <PageLink path={`/census/reviews/${list.id}/${position}`}>{tag}</PageLink> : tag;
      },
    },
    { key: 'reasons', title: t('row.reasons'), render: (row) => <Reasons row={row} /> },
  ];
};

export const RowsTable = ({ list }: { list: CensusListDetail }) => {
  const { t } = useTranslation('census');
  const state = useSearchState(Query);
  const input = { ...state[0], list: list.id };
  const query = useQuery({ ...api.census.rows.queryOptions({ input }), placeholderData: keepPreviousData });
  const columns = useColumns(list);
  const counted = order.filter((outcome) => list.counts[outcome] !== undefined);
  return (
    <>
      <Figures>
        {counted.map((outcome) => (
          <Figure
            key={outcome}
            label={censusOutcomeNames[outcome]}
            value={String(list.counts[outcome])}
            path={`/census/${list.id}`}
            search={{ outcome }}
          />
        ))}
      </Figures>
      <ListTable
        caption={t('row.caption')}
        query={query}
        state={state}
        rowKey={({ position }) => String(position)}
        filters={[
          {
            key: 'outcome',
            label: t('row.outcome'),
            options: counted.map((value) => ({ value, label: censusOutcomeNames[value] })),
          },
        ]}
        empty={{ title: t('row.nothing'), hint: t('row.nothingHint') }}
        columns={columns}
      />
    </>
  );
};
