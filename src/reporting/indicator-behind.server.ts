// What is behind a figure: persons by masked name, organisations, or staff.
import type { Tx } from '../kernel/database.ts';
import { nameOfDivision } from '../network/division.ts';
import { maskName } from '../person/identity.ts';
import { isInstitution } from '../policy/measure-network.ts';
import { findPersonNames, findSiteNames } from './indicator.sql.ts';
import type { IndicatorAnswer, IndicatorOrganisation, IndicatorPerson } from './indicator.ts';
import { listCandidates } from './indicator-coverage.server.ts';
import { measuredArea } from './indicator-parts.server.ts';
import type { IndicatorOn } from './indicator-rule.server.ts';
import { listServiceRate } from './measure.sql.ts';
import type { ClientPage, MeasuredClient } from './measure-area.sql.ts';
import { listInService } from './measure-coverage.sql.ts';
import { listAtHome } from './measure-home.sql.ts';
import { listNewSites, listQualified, type OpenOrganisation } from './measure-network.sql.ts';
import { listOutcome } from './measure-outcome.sql.ts';
import { listServed } from './measure-served.sql.ts';

const namePeople = async (tx: Tx, rows: readonly MeasuredClient[]): Promise<IndicatorPerson[]> => {
  const names = await findPersonNames(
    tx,
    [...new Set(rows.map(({ county }) => county))],
    rows.map(({ id }) => id),
  );
  const sites = await findSiteNames(
    tx,
    rows.flatMap(({ site }) => site ?? []),
  );
  return rows.map((row) => ({
    ...row,
    what: row.what as IndicatorPerson['what'],
    name: maskName(names.get(row.id) ?? '—'),
    townName: row.town === null ? null : nameOfDivision(row.town),
    siteName: row.site === null ? null : (sites.get(row.site) ?? null),
  }));
};

const listPersons = (tx: Tx, { rule, place, on }: IndicatorOn, page: ClientPage) => {
  const area = measuredArea(place);
  switch (rule.measure) {
    case 'standardizedServiceRate':
      return listServiceRate(tx, rule.params, area, on, page);
    case 'homeLivingRate':
      return listAtHome(tx, rule.params, area, on, page);
    case 'clientsServed':
      return listServed(tx, rule.params.minimumSessions, area, on, page);
    case 'relapseRate':
    case 'selfCareRate':
    case 'employmentRate':
      return listOutcome(tx, area, { measure: rule.measure, ...rule.params, on }, page);
    default:
      return listInService(tx, area, on, page);
  }
};

const organisationOf = (is: readonly string[], { functions: _, ...one }: OpenOrganisation): IndicatorOrganisation => ({
  ...one,
  divisionName: nameOfDivision(one.division),
  is: [...is],
});

const listOrganisations = async (tx: Tx, asked: IndicatorOn): Promise<IndicatorOrganisation[]> => {
  const { rule, place, on } = asked;
  if (rule.measure !== 'institutionCoverage')
    return (await listNewSites(tx, { area: place.area, organisation: place.site }, on)).map((one) =>
      organisationOf([], one),
    );
  const lines = rule.params.each;
  return (
    (await listCandidates(tx, asked, rule.params))
      .map((one) =>
        organisationOf(
          lines.filter((line) => isInstitution(line, one.functions)).map(({ name }) => name),
          one,
        ),
      )
      // A city's own institution is none of a county's.
      .filter(({ is, division }) => is.length > 0 && division.length >= 6)
  );
};

type Behind = Pick<IndicatorAnswer, 'people' | 'organisations' | 'staff' | 'peopleTotal'>;
export const nothingBehind: Behind = { people: [], organisations: [], staff: [], peopleTotal: 0 };

export const listBehind = async (tx: Tx, asked: IndicatorOn, page: ClientPage): Promise<Behind> => {
  const { rule, place, on } = asked;
  if (rule.measure === 'institutionCoverage' || rule.measure === 'newSites') {
    const all = await listOrganisations(tx, asked);
    const organisations = all.slice(page.offset, page.offset + page.limit);
    return { ...nothingBehind, organisations, peopleTotal: all.length };
  }
  if (rule.measure === 'qualifiedStaffShare') {
    const area = { area: place.area, organisation: place.site };
    const { rows, total } = await listQualified(tx, rule.params.qualifications, area, on, page);
    return { ...nothingBehind, staff: rows, peopleTotal: total };
  }
  const { rows, total } = await listPersons(tx, asked, page);
  return { ...nothingBehind, people: await namePeople(tx, rows), peopleTotal: total };
};
