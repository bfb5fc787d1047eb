// The parts of a place as links, and the people behind a figure: what each is missing, with the page where it is done.
import { Table, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { ServiceCondition } from '../policy/measure.ts';
import { formatCount, formatShownRate } from '../web/format.ts';
import { PageLink } from '../web/link.tsx';
import { Outcome } from '../web/parts.tsx';
import { type ListColumn, ListTable } from '../web/table.tsx';
import type { IndicatorAnswer, IndicatorChild, IndicatorPerson } from './indicator.ts';
import type { IndicatorState } from './indicator-query.ts';

const doItAt = (
  condition: ServiceCondition,
  { id, site }: IndicatorPerson,
): { path: string; search?: Record<string, string> } => {
  const pages: Readonly<Record<ServiceCondition, string>> = {
    consent: `/persons/${id}/consent`,
    agreement: `/persons/${id}/agreement`,
    baseline: `/persons/${id}/assessments/new`,
    plan: `/persons/${id}/plan`,
    reassessment: `/persons/${id}/assessments/new`,
    sessions: '/sessions/new',
  };
  return {
    path: pages[condition],
    ...(condition === 'sessions' && site !== null && { search: { organisation: site } }),
  };
};

const Missing = ({ person }: { person: IndicatorPerson }) => {
  const { t } = useTranslation('reporting');
  if (person.counts) return <Outcome outcome="met" text={t('people.counts')} />;
  return (
    <>
      {person.missing.map((condition) => (
        <PageLink key={condition} {...doItAt(condition, person)}>
          <Tag color="error">{t('people.lacks', { what: t(`missing.${condition}`) })}</Tag>
        </PageLink>
      ))}
    </>
  );
};

const PartsTable = ({ answer }: { answer: IndicatorAnswer }) => {
  const { t } = useTranslation('reporting');
  const coverage = answer.indicator === 'county-coverage';
  const search = (child: IndicatorChild) => ({
    on: answer.on,
    ...(child.kind === 'site' ? { area: answer.area, site: child.area } : { area: child.area }),
  });
  return (
    <Table<IndicatorChild>
      size="small"
      rowKey={({ area, name }) => area ?? name}
      aria-label={t('chart.parts')}
      dataSource={[...answer.children]}
      pagination={false}
      scroll={{ x: 'max-content' }}
      columns={[
        {
          key: 'name',
          title: t('chart.part'),
          render: (_, child) =>
            child.area === null ? (
              child.name
            ) : (
              <PageLink path={`/indicators/${answer.indicator}`} search={search(child)}>
                {child.name}
              </PageLink>
            ),
        },
        { key: 'value', title: t('chart.value'), align: 'right', render: (_, child) => formatShownRate(child) },
        {
          key: 'counted',
          title: t('chart.counted'),
          align: 'right',
          render: (_, child) => `${formatCount(child.numerator)} / ${formatCount(child.denominator)}`,
        },
        ...(coverage
          ? [
              {
                key: 'clients',
                title: t('chart.clients'),
                align: 'right' as const,
                render: (_: unknown, child: IndicatorChild) => formatCount(child.clients),
              },
              {
                key: 'sessions',
                title: t('chart.sessions'),
                align: 'right' as const,
                render: (_: unknown, child: IndicatorChild) => formatCount(child.sessions),
              },
            ]
          : []),
        {
          key: 'met',
          title: t('chart.met'),
          render: (_, { met }) =>
            met === null ? (
              '—'
            ) : (
              <Outcome outcome={met ? 'met' : 'unmet'} text={t(met ? 'chart.reached' : 'chart.notReached')} />
            ),
        },
      ]}
    />
  );
};

const useColumns = (coverage: boolean): readonly [ListColumn<IndicatorPerson>, ...ListColumn<IndicatorPerson>[]] => {
  const { t } = useTranslation('reporting');
  return [
    { key: 'name', title: t('people.name'), render: ({ name }) => name },
    { key: 'town', title: t('people.town'), render: ({ townName }) => townName ?? '—' },
    { key: 'site', title: t('people.site'), render: ({ siteName }) => siteName ?? t('people.noSite') },
    coverage
      ? { key: 'sessions', title: t('chart.sessions'), render: ({ sessions }) => sessions ?? 0 }
      : { key: 'missing', title: t('people.state'), render: (person) => <Missing person={person} /> },
  ];
};

export const Parts = ({ answer }: { answer: IndicatorAnswer }) => {
  const { t } = useTranslation('reporting');
  if (answer.children.length === 0) return null;
  return (
    <>
      <h2 className="kt-section">{t('chart.parts')}</h2>
      <PartsTable answer={answer} />
    </>
  );
};

export const People = ({ answer, state }: { answer: IndicatorAnswer; state: IndicatorState }) => {
  const { t } = useTranslation('reporting');
  const coverage = answer.indicator === 'county-coverage';
  const columns = useColumns(coverage);
  const query = { data: { rows: answer.people, total: answer.peopleTotal }, isFetching: false, error: null };
  const { requires } = answer.formula;
  const conditions = ServiceCondition.options.filter(
    (condition) =>
      condition === 'sessions' ||
      requires.includes(condition) ||
      (condition === 'reassessment' && answer.formula.reassessEveryMonths !== null),
  );
  return (
    <>
      <Parts answer={answer} />
      <h2 className="kt-section">{t(coverage ? 'people.served' : 'people.title')}</h2>
      <ListTable
        caption={t('people.title')}
        query={query as unknown as Parameters<typeof ListTable<IndicatorPerson, IndicatorState[0]>>[0]['query']}
        state={state}
        columns={columns}
        rowKey={({ id }) => id}
        rowPath={({ id }) => `/persons/${id}`}
        {...(!coverage && {
          filters: [
            {
              key: 'counts',
              label: t('people.state'),
              options: [
                { value: 'true', label: t('people.counts') },
                { value: 'false', label: t('people.countsNot') },
              ],
            },
            {
              key: 'missing',
              label: t('people.missing'),
              options: conditions.map((value) => ({
                value,
                label: t('people.lacks', { what: t(`missing.${value}`) }),
              })),
            },
          ],
        })}
        empty={{ title: t('people.none'), hint: t('people.noneHint') }}
      />
    </>
  );
};
