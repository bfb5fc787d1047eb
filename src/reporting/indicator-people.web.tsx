// The people behind a figure: what each is missing, with the page where it is done, or what came of each.
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { PageLink } from '../web/link.tsx';
import { Outcome } from '../web/parts.tsx';
import { type ListColumn, ListTable } from '../web/table.tsx';
import { type IndicatorAnswer, type IndicatorName, type IndicatorPerson, isOutcome, MissingStep } from './indicator.ts';
import type { IndicatorState } from './indicator-query.ts';

const doItAt = (
  condition: MissingStep,
  { id, site }: IndicatorPerson,
): { path: string; search?: Record<string, string> } => {
  const pages: Readonly<Record<MissingStep, string>> = {
    registration: `/persons/${id}`,
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

/** What came of somebody, and when it was recorded; of whom nothing was recorded it says that. */
const OutcomeOf = ({ person, indicator }: { person: IndicatorPerson; indicator: IndicatorName }) => {
  const { t } = useTranslation('reporting');
  const { counts, what, whatOn } = person;
  const good = indicator === 'relapse-rate' ? !counts : counts;
  if (what != null) return <Outcome outcome={good ? 'met' : 'unmet'} text={t(`what.${what}`, { on: whatOn })} />;
  if (indicator === 'self-care-rate') return <Outcome outcome="unknown" text={t('what.notRecorded')} />;
  return t(indicator === 'relapse-rate' ? 'what.noRelapse' : 'what.noJob');
};

/** Whether the list tells of each person how often he or she came, what came of it, or what is missing. */
const tellsOf = (indicator: IndicatorName): 'sessions' | 'what' | 'missing' => {
  if (isOutcome(indicator)) return 'what';
  return ['county-coverage', 'town-coverage', 'clients-served'].includes(indicator) ? 'sessions' : 'missing';
};

const useColumns = (
  indicator: IndicatorName,
): readonly [ListColumn<IndicatorPerson>, ...ListColumn<IndicatorPerson>[]] => {
  const { t } = useTranslation('reporting');
  return [
    { key: 'name', title: t('people.name'), render: ({ name }) => name },
    { key: 'town', title: t('people.town'), render: ({ townName }) => townName ?? '—' },
    { key: 'site', title: t('people.site'), render: ({ siteName }) => siteName ?? t('people.noSite') },
    {
      sessions: {
        key: 'sessions',
        title: t(indicator === 'clients-served' ? 'people.sessions' : 'chart.sessions'),
        render: ({ sessions }: IndicatorPerson) => sessions ?? 0,
      },
      what: {
        key: 'what',
        title: t('people.what'),
        render: (person: IndicatorPerson) => <OutcomeOf person={person} indicator={indicator} />,
      },
      missing: {
        key: 'missing',
        title: t('people.state'),
        render: (person: IndicatorPerson) => <Missing person={person} />,
      },
    }[tellsOf(indicator)],
  ];
};

export const People = ({ answer, state }: { answer: IndicatorAnswer; state: IndicatorState }) => {
  const { t } = useTranslation('reporting');
  const { indicator } = answer;
  const tells = tellsOf(indicator);
  const columns = useColumns(indicator);
  const query = { data: { rows: answer.people, total: answer.peopleTotal }, isFetching: false, error: null };
  const { requires } = answer.formula;
  const conditions = MissingStep.options.filter(
    (condition) =>
      condition === 'sessions' ||
      (condition === 'registration' && indicator === 'home-living-rate') ||
      (requires as readonly MissingStep[]).includes(condition) ||
      (condition === 'reassessment' && answer.formula.reassessEveryMonths !== null),
  );
  const counted = {
    key: 'counts',
    label: t('people.state'),
    options: [
      { value: 'true', label: t('people.counts') },
      { value: 'false', label: t('people.countsNot') },
    ],
  };
  const lacking = {
    key: 'missing',
    label: t('people.missing'),
    options: conditions.map((value) => ({ value, label: t('people.lacks', { what: t(`missing.${value}`) }) })),
  };
  return (
    <>
      <h2 className="kt-section">{t(tells === 'sessions' ? 'people.served' : 'people.title')}</h2>
      <ListTable
        caption={t('people.title')}
        query={query as unknown as Parameters<typeof ListTable<IndicatorPerson, IndicatorState[0]>>[0]['query']}
        state={state}
        columns={columns}
        rowKey={({ id }) => id}
        rowPath={({ id }) => `/persons/${id}`}
        filters={tells === 'sessions' ? [] : tells === 'what' ? [counted] : [counted, lacking]}
        empty={{ title: t('people.none'), hint: t('people.noneHint') }}
      />
    </>
  );
};
