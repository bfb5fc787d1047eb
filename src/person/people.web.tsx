// The list of persons: sought, filtered and sorted by the server, masked; and the ledger of what the list shows.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { fullNameOfDivision, listCounties, listTowns } from '../network/division.ts';
import { useOrganisationOptions } from '../network/organisation-select.web.ts';
import { ExportButton } from '../oversight/export-button.web.tsx';
import { api, client } from '../web/client.ts';
import { ButtonLink } from '../web/link.tsx';
import { useMe } from '../web/me.ts';
import { PageHead } from '../web/page-head.tsx';
import { Outcome } from '../web/parts.tsx';
import { useSearchState } from '../web/search-state.ts';
import { type ListColumn, type ListFilter, ListTable } from '../web/table.tsx';
import { nameOfStage, Stage } from './file.ts';
import { outcomeLooks } from './finding.web.tsx';
import { PersonQuery } from './people.api.ts';
import type { PersonListRow } from './people.ts';

const LedgerButton = ({ query }: { query: PersonQuery }) => {
  const { t } = useTranslation('person');
  const { search, area, stage, outcome, site, sort } = query;
  return (
    <ExportButton
      label={t('people.ledger')}
      hint={t('people.ledgerHint')}
      call={(purpose) => client.person.ledger({ search, area, stage, outcome, site, sort, purpose })}
    />
  );
};

const useColumns = (): readonly [ListColumn<PersonListRow>, ...ListColumn<PersonListRow>[]] => {
  const { t } = useTranslation('person');
  return [
    { key: 'name', title: t('people.name'), sort: true, render: (row) => row.name },
    {
      key: 'birthDate',
      title: t('people.sexAge'),
      sort: true,
      render: ({ sex, age }) =>
        [t(`sex.${sex}`), ...(age === null ? [] : [t('people.ageOf', { count: age })])].join('，'),
    },
    { key: 'idNumber', title: t('people.idNumber'), deskOnly: true, render: (row) => row.idNumber ?? '—' },
    {
      key: 'town',
      title: t('people.area'),
      render: ({ town, village }) => (town === null ? '—' : `${fullNameOfDivision(town)}${village ?? ''}`),
    },
    {
      key: 'stage',
      title: t('people.stage'),
      render: (row) => (row.linkedTo === null ? nameOfStage(row.stage) : t('people.linked')),
    },
    { key: 'stageOn', title: t('people.stageOn'), sort: true, deskOnly: true, render: (row) => row.stageOn },
    { key: 'site', title: t('people.site'), render: (row) => row.site ?? '—' },
    {
      key: 'outcome',
      title: t('people.outcome'),
      render: ({ outcome }) =>
        outcome === null ? (
          <span className="kt-quiet">{t('people.notScreened')}</span>
        ) : (
          <Outcome outcome={outcomeLooks[outcome]} text={t(`outcome.${outcome}`)} />
        ),
    },
    { key: 'listedOn', title: t('people.listedOn'), sort: true, deskOnly: true, render: (row) => row.listedOn },
  ];
};

export const useAreaFilter = (): ListFilter[] => {
  const { t } = useTranslation('person');
  const { scope } = useMe();
  const areas = scope.length < 6 ? listCounties(scope) : scope.length === 6 ? listTowns(scope) : [];
  if (areas.length === 0) return [];
  const options = areas.map(({ code, name }) => ({ value: code, label: name }));
  return [{ key: 'area', label: t('people.area'), options }];
};

/** A site or a centre sees its own persons alone: nothing to choose. */
const useSiteFilter = ({ area, site }: PersonQuery): ListFilter[] => {
  const { t } = useTranslation('person');
  const { role, scope } = useMe();
  const place = (area ?? scope).slice(0, 6);
  const chooses = role !== 'site' && role !== 'centre';
  const filter = chooses ? { serving: true, ...(place && { area: place }) } : undefined;
  const { options, select } = useOrganisationOptions(filter, site);
  return !chooses ? [] : [{ key: 'site', label: t('people.site'), options, select }];
};

const useFilters = (query: PersonQuery): ListFilter[] => {
  const { t } = useTranslation('person');
  const area = useAreaFilter();
  const site = useSiteFilter(query);
  return [
    ...area,
    ...site,
    {
      key: 'stage',
      label: t('people.stage'),
      options: Stage.options.map((value) => ({ value, label: nameOfStage(value) })),
    },
    {
      key: 'outcome',
      label: t('people.outcome'),
      options: (['eligible', 'ineligible', 'unknown', 'none'] as const).map((value) => ({
        value,
        label: t(`outcome.${value}`),
      })),
    },
  ];
};

const PeoplePage = () => {
  const { t } = useTranslation('person');
  const { role } = useMe();
  const state = useSearchState(PersonQuery);
  const query = useQuery({ ...api.person.search.queryOptions({ input: state[0] }), placeholderData: keepPreviousData });
  const columns = useColumns();
  const filters = useFilters(state[0]);
  const lister = ['civilAffairs', 'health', 'federation', 'village'].includes(role);
  const create = (
    <ButtonLink type="primary" path="/persons/new">
      {t('people.new')}
    </ButtonLink>
  );
  return (
    <>
      <PageHead intro={t('people.intro')} {...(lister && { action: create })} />
      <ListTable
        caption={t('people.title')}
        query={query}
        state={state}
        rowKey={(row) => row.id}
        rowPath={(row) => `/persons/${row.linkedTo ?? row.id}`}
        searchHint={t('people.search')}
        filters={filters}
        empty={{ title: t('people.none'), hint: t('people.noneHint'), ...(lister && { action: create }) }}
        columns={columns}
      />
      {role === 'civilAffairs' && <LedgerButton query={state[0]} />}
    </>
  );
};
export default PeoplePage;
