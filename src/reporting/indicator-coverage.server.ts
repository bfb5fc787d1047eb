// Counties, towns and institutions that are there: coverage of a place (BZ-01, QS-03, BZ-17, AL-08), and new sites and staff (QS-01, BZ-21).
import type { Tx } from '../kernel/database.ts';
import { listCounties, listTowns } from '../network/division.ts';
import type { Ctx } from '../policy/context.ts';
import { type AreaCoverageParams, coverageConditions, type InstitutionParams } from '../policy/measure.ts';
import { missingInstitutions } from '../policy/measure-network.ts';
import { countiesOfWhole } from './city-cells.ts';
import { figureOf, type IndicatorChild, type IndicatorPlace, type Judged } from './indicator.ts';
import { hideCoverage, hideTownCounts } from './indicator-hidden.ts';
import {
  type Count,
  type Counted,
  judgedPart,
  type Part,
  partsOf,
  seesCells,
  sumsOf,
} from './indicator-parts.server.ts';
import type { IndicatorOn } from './indicator-rule.server.ts';
import { type AreaService, countAreaService } from './measure-coverage.sql.ts';
import { countQualified, listInstitutions, listNewSites, type StaffGroup } from './measure-network.sql.ts';

/** One place that covers or does not; its own `met` says so. */
const coverageChild = (
  part: Part,
  services: readonly AreaService[],
  params: AreaCoverageParams,
  judged: Judged,
): IndicatorChild => {
  const { clients, sessions } = services.find(({ area }) => area === part.area) ?? { clients: 0, sessions: 0 };
  const { counts, missing } = coverageConditions(params, { clients, sessions });
  const figure = figureOf({ numerator: counts ? 1 : 0, denominator: 1 }, judged);
  return { ...part, ...figure, met: counts, clients, sessions, missing };
};

const counting = (parts: readonly IndicatorChild[]) => ({
  numerator: parts.filter(({ met }) => met).length,
  denominator: parts.length,
});

const withoutTarget = ({ name }: Judged): Judged => ({ name, target: undefined });

/** Counties that provide the service among the counties of the area; a county's own figure opens to its towns. */
export const countCounties = async (
  tx: Tx,
  ctx: Ctx,
  asked: IndicatorOn,
  params: AreaCoverageParams,
): Promise<Counted> => {
  const { place, on } = asked;
  const counties = listCounties(place.area);
  const codes = counties.map(({ code }) => code);
  const service = await countAreaService(tx, 'county', codes, on);
  const parts = counties.map(({ code, name }) =>
    coverageChild({ area: code, kind: 'county', name }, service, params, asked),
  );
  const figure = figureOf(counting(parts), asked);
  const open = seesCells(ctx, place);
  if (open && place.area.length < 6) return { figure, children: parts };
  const byTown = await countAreaService(tx, 'town', open ? codes : countiesOfWhole(place.area), on);
  const towns = partsOf(place).map((part) => coverageChild(part, byTown, params, withoutTarget(asked)));
  if (open) return { figure, children: towns };
  const all = await countAreaService(tx, 'county', countiesOfWhole(place.area), on);
  const children = place.area.length < 6 ? parts : towns;
  return { figure, children: hideCoverage(children, { counties: all, towns: byTown }, params) };
};

const townsOf = (county: string): Part[] =>
  listTowns(county).map(({ code, name }) => ({ area: code, kind: 'town', name }));

/** Towns that have the service among the towns of the area. */
export const countTowns = async (
  tx: Tx,
  ctx: Ctx,
  asked: IndicatorOn,
  params: AreaCoverageParams,
): Promise<Counted> => {
  const { place, on } = asked;
  const counties = listCounties(place.area);
  const open = seesCells(ctx, place);
  const whole = open ? counties.map(({ code }) => code) : countiesOfWhole(place.area);
  const service = await countAreaService(tx, 'town', whole, on);
  const child = (part: Part) => coverageChild(part, service, params, withoutTarget(asked));
  const exact = counties.flatMap(({ code }) => townsOf(code).map(child));
  const all = open ? [] : await countAreaService(tx, 'county', whole, on);
  const shown = (open ? exact : hideCoverage(exact, { counties: all, towns: service }, params)).filter(
    ({ area }) => place.area.length < 9 || area === place.area,
  );
  const own = exact.filter(({ area }) => shown.some((one) => one.area === area));
  const figure: Counted['figure'] = { ...figureOf(counting(own), asked) };
  const hidden = shown.some(({ met }) => met === null);
  if (place.area.length >= 6)
    return {
      figure: hidden ? { ...figure, hidden, numerator: null, value: null, met: null } : figure,
      children: place.area.length === 6 ? shown : [],
    };
  const children = partsOf(place).map((part) => {
    const inCounty = (towns: readonly IndicatorChild[]) =>
      towns.filter(({ area }) => area?.startsWith(part.area ?? ''));
    return hideTownCounts({ ...part, ...figureOf(counting(inCounty(own)), asked) }, inCounty(shown));
  });
  return { figure: hidden ? { ...figure, hidden, numerator: null, value: null, met: null } : figure, children };
};

/** The open organisations that may be one of the asked institutions. */
export const listCandidates = (tx: Tx, { place, on }: IndicatorOn, { each }: InstitutionParams) =>
  listInstitutions(
    tx,
    place.area.slice(0, 6),
    each.flatMap(({ functions }) => functions),
    on,
  );

/** Counties that have all the institutions that the document names. Organisations are public: nothing is hidden. */
export const countInstitutions = async (tx: Tx, asked: IndicatorOn, params: InstitutionParams): Promise<Counted> => {
  const found = await listCandidates(tx, asked, params);
  const parts = listCounties(asked.place.area).map(({ code, name }): IndicatorChild => {
    const lacks = missingInstitutions(
      params,
      found.filter(({ division }) => division.startsWith(code)),
    );
    const counts = lacks.length === 0;
    const figure = figureOf({ numerator: counts ? 1 : 0, denominator: 1 }, asked);
    return { area: code, kind: 'county', name, ...figure, met: counts, lacks };
  });
  return { figure: figureOf(counting(parts), asked), children: parts };
};

const inPart =
  ({ area }: Part) =>
  ({ division }: { readonly division: string }): boolean =>
    division.startsWith(area ?? ' ');

/** What lies at no part of the place is its own: a county's hospital, a city's centre. */
const ofPlaceItself =
  (place: IndicatorPlace, parts: readonly Part[]) =>
  ({ division }: { readonly division: string }) =>
    division.startsWith(place.area) && !parts.some((part) => inPart(part)({ division }));

export const countNewSites: Count = async (tx, _, asked) => {
  const { place, on } = asked;
  const found = await listNewSites(tx, { area: place.area, organisation: place.site }, on);
  const parts = place.area.length === 9 ? [] : partsOf(place);
  const figure = (sites: typeof found, judged: Judged) =>
    figureOf({ numerator: sites.length, denominator: sites.length }, judged);
  return {
    figure: figure(found, asked),
    children: place.site
      ? []
      : parts.map((part) => ({ ...part, ...figure(found.filter(inPart(part)), judgedPart(asked)) })),
  };
};

/** Staff are not clients: their numbers point at nobody's illness, and nothing is hidden. */
export const countStaff = async (
  tx: Tx,
  asked: IndicatorOn,
  params: { qualifications: string[] },
): Promise<Counted> => {
  const { place, on } = asked;
  const area = { area: place.area, organisation: place.site };
  const groups = await countQualified(tx, params.qualifications as never, area, on);
  const figure = (own: readonly StaffGroup[]) => figureOf(sumsOf(own, true), asked);
  if (place.site) return { figure: figure(groups), children: [] };
  const organisations = groups.map(
    (group): IndicatorChild => ({ area: group.organisation, kind: 'site', name: group.name, ...figure([group]) }),
  );
  if (place.area.length >= 6) return { figure: figure(groups), children: organisations };
  const parts = partsOf(place);
  const own = groups.filter(ofPlaceItself(place, parts));
  const counties = parts.map((part) => ({ ...part, ...figure(groups.filter(inPart(part))) }));
  const rest: IndicatorChild[] = own.length ? [{ area: null, kind: 'county', name: '市级机构', ...figure(own) }] : [];
  return { figure: figure(groups), children: [...counties, ...rest] };
};
