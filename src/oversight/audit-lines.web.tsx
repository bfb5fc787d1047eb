// The audit administrator's page: what is unusual first, then the lines with their filters, and the workbook.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { DatePicker, Input, Tag } from 'antd';
import dayjs from 'dayjs';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Role } from '../kernel/access.ts';
import { AuditKind, listQuery } from '../kernel/contract.ts';
import { api, client } from '../web/client.ts';
import { formatInstant } from '../web/format.ts';
import { PageLink } from '../web/link.tsx';
import { PageHead } from '../web/page-head.tsx';
import { useSearchState } from '../web/search-state.ts';
import { type ListColumn, ListTable } from '../web/table.tsx';
import { AuditOutcome, type AuditRow, auditFilter } from './audit.ts';
import { UnusualReading } from './audit-unusual.web.tsx';
import { ExportButton } from './export-button.web.tsx';

const Query = z.object({ ...listQuery, ...auditFilter });
type Query = z.infer<typeof Query>;
type State = readonly [Query, (change: Partial<Query>) => void];

const Outcome = ({ outcome }: { outcome: string }) => {
  const { t, i18n } = useTranslation('audit');
  const known = i18n.exists(`audit:outcomes.${outcome}`);
  const text = known ? t(`outcomes.${outcome}` as never) : `${t('outcomes.refused')}（${outcome}）`;
  return <Tag color={outcome === 'ok' ? 'default' : 'error'}>{text}</Tag>;
};

const Details = ({ details }: { details: AuditRow['details'] }) => {
  const { t, i18n } = useTranslation('audit');
  const { filters, searchLength, total } = details;
  const nameOf = (name: string): string => (i18n.exists(`audit:filter.${name}`) ? t(`filter.${name}` as never) : name);
  const parts = [
    ...(Array.isArray(filters) && filters.length
      ? [t('filters', { names: filters.map((name) => nameOf(String(name))).join('、') })]
      : []),
    ...(typeof searchLength === 'number' ? [t('typed', { count: searchLength })] : []),
    ...(typeof total === 'number' ? [t('found', { count: total })] : []),
  ];
  return <span className="kt-quiet">{parts.join('；') || '—'}</span>;
};

/** File numbers, the first one as a link to all of its lines. */
const Files = ({ persons, query }: { persons: readonly string[]; query: Query }) => {
  const { t } = useTranslation('audit');
  const [first, ...others] = persons;
  if (first === undefined) return '—';
  return (
    <span title={persons.join('\n')}>
      <PageLink path="/audit" search={{ from: query.from, to: query.to, person: first }}>
        {others.length > 0 ? t('more', { first: first.slice(-12), count: persons.length }) : first.slice(-12)}
      </PageLink>
    </span>
  );
};

const useColumns = (query: Query): readonly [ListColumn<AuditRow>, ...ListColumn<AuditRow>[]] => {
  const { t } = useTranslation(['audit', 'frame']);
  return [
    { key: 'at', title: t('at'), render: (row) => formatInstant(row.at) },
    {
      key: 'actor',
      title: t('actor'),
      render: ({ actor, actorName }) => (actor === '' ? t('nobody') : [actorName, actor].filter(Boolean).join(' ')),
    },
    {
      key: 'role',
      title: t('role'),
      render: ({ role, organisationName }) => [t(`frame:roles.${role}`), organisationName].filter(Boolean).join('，'),
    },
    { key: 'summary', title: t('summary'), render: (row) => row.summary },
    { key: 'outcome', title: t('outcome'), render: (row) => <Outcome outcome={row.outcome} /> },
    { key: 'persons', title: t('persons'), render: (row) => <Files persons={row.persons} query={query} /> },
    { key: 'details', title: t('details'), render: (row) => <Details details={row.details} /> },
    { key: 'address', title: t('address'), render: (row) => row.address ?? t('console') },
  ];
};

const useFilters = () => {
  const { t } = useTranslation(['audit', 'frame']);
  return [
    {
      key: 'kind',
      label: t('kind'),
      options: AuditKind.options.map((value) => ({ value, label: t(`kinds.${value}`) })),
    },
    {
      key: 'role',
      label: t('role'),
      options: Role.options.map((value) => ({ value, label: t(`frame:roles.${value}`) })),
    },
    {
      key: 'outcome',
      label: t('outcome'),
      options: AuditOutcome.options.map((value) => ({ value, label: t(`outcomes.${value}`) })),
    },
  ];
};

/** Days and one person: what a list's filter bar has no field for. */
const Span = ({ state: [query, change], shown }: { state: State; shown: { from: string; to: string } | undefined }) => {
  const { t } = useTranslation('audit');
  const [wrong, setWrong] = useState(false);
  const seek = (text: string) => {
    const number = text.trim() === '' ? undefined : text.trim().toLowerCase();
    const fits = auditFilter.person.safeParse(number).success;
    setWrong(!fits);
    if (fits) change({ person: number, page: 1 });
  };
  const day = (key: 'from' | 'to') => {
    const value = query[key] ?? shown?.[key];
    return (
      <DatePicker
        aria-label={t(key)}
        prefix={t(key)}
        value={value === undefined ? null : dayjs(value)}
        onChange={(chosen) => change({ [key]: chosen?.format('YYYY-MM-DD'), page: 1 })}
      />
    );
  };
  return (
    <search className="kt-filters">
      {day('from')}
      {day('to')}
      <Input.Search
        key={query.person ?? ''}
        allowClear
        defaultValue={query.person ?? ''}
        placeholder={t('personHint')}
        aria-label={t('person')}
        status={wrong ? 'error' : ''}
        onSearch={seek}
      />
      {wrong && <span role="alert">{t('personWrong')}</span>}
    </search>
  );
};

const AuditExport = ({ query: { page: _page, pageSize: _size, sort: _sort, ...filter } }: { query: Query }) => {
  const { t } = useTranslation('audit');
  return <ExportButton label={t('export')} call={(purpose) => client.audit.export({ ...filter, purpose })} />;
};

const AuditPage = () => {
  const { t } = useTranslation('audit');
  const state = useSearchState(Query);
  const [query] = state;
  const lines = useQuery({ ...api.audit.list.queryOptions({ input: query }), placeholderData: keepPreviousData });
  return (
    <>
      <PageHead intro={t('intro')} action={<AuditExport query={query} />} />
      <Span state={state} shown={lines.data} />
      <UnusualReading from={query.from} to={query.to} />
      <ListTable
        caption={t('title')}
        query={lines}
        state={state}
        rowKey={(row) => String(row.seq)}
        searchHint={t('search')}
        filters={useFilters()}
        empty={{ title: t('none'), hint: t('noneHint') }}
        columns={useColumns(query)}
      />
    </>
  );
};
export default AuditPage;
