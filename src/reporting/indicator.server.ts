// Handlers of the indicators: the place's rule of the day, the measure in SQL, and the parts and people behind.
import { reachOf, seesSmallCells } from '../kernel/access.ts';
import { addMonths, firstDayOf, lastDayOf, lastWholeMonthBefore, listMonths, monthOf } from '../kernel/calendar.ts';
import type { Day } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import { asFigures, figuresOnly } from '../kernel/figures.ts';
import { Refusal } from '../kernel/refusal.ts';
import { listCounties, listTowns, nameOfDivision } from '../network/division.ts';
import { maskName } from '../person/identity.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { type AreaCoverageParams, coverageConditions, type MeasureName, type Target } from '../policy/measure.ts';
import { findIndicator, resolveRules } from '../policy/resolve.ts';
import { countiesOfWhole, wholeOf } from './city-cells.ts';
import type { indicatorApi } from './indicator.api.ts';
import { findPersonNames, findSiteNames } from './indicator.sql.ts';
import {
  checkDetail,
  decidePlace,
  figureOf,
  type IndicatorAnswer,
  type IndicatorChild,
  type IndicatorName,
  type IndicatorPerson,
  type IndicatorPlace,
  shortOf,
  type TrendMonth,
} from './indicator.ts';
import { hideCoverage, hideRate } from './indicator-hidden.ts';
import {
  type AreaService,
  type ClientPage,
  countAreaService,
  countServiceRate,
  listInService,
  listServiceRate,
  type MeasuredArea,
  type MeasuredClient,
  type RateGroup,
} from './measure.sql.ts';

const measureOf = {
  'standardized-service-rate': 'standardizedServiceRate',
  'county-coverage': 'countyCoverage',
} as const satisfies Record<IndicatorName, MeasureName>;

const measuredArea = ({ area, site }: IndicatorPlace): MeasuredArea => ({
  counties: listCounties(area).map(({ code }) => code),
  ...(area.length === 9 ? { town: area } : {}),
  ...(site ? { site } : {}),
});

type CountedFigure = Omit<ReturnType<typeof figureOf>, 'numerator' | 'denominator'> & {
  readonly numerator: number | null;
  readonly denominator: number | null;
};
interface Counted {
  readonly figure: CountedFigure;
  readonly children: readonly IndicatorChild[];
}

type Child = Pick<IndicatorChild, 'area' | 'kind' | 'name'>;

/** The parts of a place, whether or not they have clients: a town without any is a finding too. */
const partsOf = ({ area }: IndicatorPlace): Child[] =>
  area.length < 6
    ? listCounties(area).map(({ code, name }) => ({ area: code, kind: 'county', name }))
    : listTowns(area).map(({ code, name }) => ({ area: code, kind: 'town', name }));

const sum = (groups: readonly RateGroup[], key: 'numerator' | 'denominator'): number =>
  groups.reduce((total, group) => total + group[key], 0);

const childrenOfRate = async (
  tx: Tx,
  place: IndicatorPlace,
  groups: readonly RateGroup[],
  target: Target | undefined,
): Promise<IndicatorChild[]> => {
  if (place.site) return [];
  const child = (part: Child, own: readonly RateGroup[]): IndicatorChild => ({
    ...part,
    ...figureOf(sum(own, 'numerator'), sum(own, 'denominator'), target),
  });
  if (place.area.length === 9) {
    const names = await findSiteNames(
      tx,
      groups.flatMap(({ site }) => site ?? []),
    );
    return groups.map((group) => {
      const name = group.site === null ? '尚未由机构接收' : (names.get(group.site) ?? group.site);
      return child({ area: group.site, kind: 'site', name }, [group]);
    });
  }
  const level = place.area.length < 6 ? 'county' : 'town';
  const children = partsOf(place).map((part) =>
    child(
      part,
      groups.filter((group) => group[level] === part.area),
    ),
  );
  const known = new Set(children.map(({ area }) => area));
  const rest = groups.filter((group) => !known.has(group[level]));
  return rest.length ? [...children, child({ area: null, kind: level, name: '乡镇（街道）不明' }, rest)] : children;
};

const countRate = async (tx: Tx, ctx: Ctx, place: IndicatorPlace, on: Day): Promise<Counted | undefined> => {
  const rule = findIndicator(resolveRules(ctx.packs, place.area, on), 'standardizedServiceRate');
  if (!rule) return undefined;
  const { params } = rule.rule;
  if (seesSmallCells(ctx.actor, place.area)) {
    const groups = await countServiceRate(tx, params, measuredArea(place), on);
    const figure = figureOf(sum(groups, 'numerator'), sum(groups, 'denominator'), rule.target);
    return { figure, children: await childrenOfRate(tx, place, groups, rule.target) };
  }
  const groups = await countServiceRate(tx, params, { counties: countiesOfWhole(place.area) }, on);
  const own = groups.filter(({ county, town }) => (town ?? county).startsWith(place.area));
  // Nearly every site is small, so that its row would hide the town's: the tables end at the towns.
  const children = place.area.length === 9 ? [] : await childrenOfRate(tx, place, own, rule.target);
  return hideRate({ area: place.area, groups, children, target: rule.target });
};

const coverageChild = (
  part: Child,
  service: AreaService | undefined,
  params: AreaCoverageParams,
  target: Target | undefined,
): IndicatorChild => {
  const { clients, sessions } = service ?? { clients: 0, sessions: 0 };
  const { counts, missing } = coverageConditions(params, { clients, sessions });
  return { ...part, ...figureOf(counts ? 1 : 0, 1, target), met: counts, clients, sessions, missing };
};

/** Counties that provide the service among the counties of the area; a county's own figure opens to its towns. */
const countCoverage = async (tx: Tx, ctx: Ctx, place: IndicatorPlace, on: Day): Promise<Counted | undefined> => {
  const rule = findIndicator(resolveRules(ctx.packs, place.area, on), 'countyCoverage');
  if (!rule) return undefined;
  const { params } = rule.rule;
  const counties = listCounties(place.area);
  const codes = counties.map(({ code }) => code);
  const service = await countAreaService(tx, 'county', codes, on);
  const parts = counties.map(({ code, name }) =>
    coverageChild(
      { area: code, kind: 'county', name },
      service.find(({ area }) => area === code),
      params,
      rule.target,
    ),
  );
  const figure = figureOf(parts.filter(({ met }) => met).length, parts.length, rule.target);
  const open = seesSmallCells(ctx.actor, place.area);
  if (open && place.area.length < 6) return { figure, children: parts };
  const byTown = await countAreaService(tx, 'town', open ? codes : countiesOfWhole(place.area), on);
  const towns = partsOf(place).map((part) =>
    coverageChild(
      part,
      byTown.find(({ area }) => area === part.area),
      params,
      undefined,
    ),
  );
  if (open) return { figure, children: towns };
  const all = await countAreaService(tx, 'county', countiesOfWhole(place.area), on);
  const children = place.area.length < 6 ? parts : towns;
  return { figure, children: hideCoverage(children, { counties: all, towns: byTown }, params) };
};

const count = (tx: Tx, ctx: Ctx, name: IndicatorName, place: IndicatorPlace, on: Day): Promise<Counted | undefined> => {
  const counted = () =>
    name === 'county-coverage' ? countCoverage(tx, ctx, place, on) : countRate(tx, ctx, place, on);
  // Who may not see the persons gets numbers of the whole city's table, counted past row-level security and made safe.
  return seesSmallCells(ctx.actor, place.area) ? counted() : asFigures(tx, ctx, counted, wholeOf(place.area));
};

const namePeople = async (
  tx: Tx,
  rows: readonly (MeasuredClient & { sessions?: number })[],
): Promise<IndicatorPerson[]> => {
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
    name: maskName(names.get(row.id) ?? '—'),
    townName: row.town === null ? null : nameOfDivision(row.town),
    siteName: row.site === null ? null : (sites.get(row.site) ?? null),
  }));
};

const listPeople = async (tx: Tx, ctx: Ctx, name: IndicatorName, place: IndicatorPlace, on: Day, page: ClientPage) => {
  const rule = findIndicator(resolveRules(ctx.packs, place.area, on), 'standardizedServiceRate');
  const found =
    name === 'county-coverage'
      ? await listInService(tx, measuredArea(place), on, page)
      : rule && (await listServiceRate(tx, rule.rule.params, measuredArea(place), on, page));
  return { people: await namePeople(tx, found?.rows ?? []), peopleTotal: found?.total ?? 0 };
};

const noRule = (area: string, on: Day): Refusal =>
  new Refusal('noRule', `${on} 当日，${area ? nameOfDivision(area) : '全国'}没有规定这项指标的政策，不作计算。`);

const formulaOf = (ctx: Ctx, name: IndicatorName, area: string, on: Day) => {
  const found = findIndicator(resolveRules(ctx.packs, area, on), measureOf[name]);
  if (!found) throw noRule(area, on);
  const { rule } = found;
  const service = rule.measure === 'standardizedServiceRate' ? rule.params : undefined;
  const coverage = rule.measure === 'countyCoverage' ? rule.params : undefined;
  const formula = {
    title: rule.title,
    summary: rule.summary,
    assumed: rule.assumed?.reason ?? null,
    month: lastWholeMonthBefore(on),
    requires: service?.requires ?? [],
    sessionsPerMonth: service?.sessionsPerMonth ?? null,
    reassessEveryMonths: service?.reassessEveryMonths ?? null,
    minimumClients: coverage?.minimumClients ?? null,
    minimumSessions: coverage?.minimumSessions ?? null,
  };
  return { found, formula };
};

const checkDay = (on: Day, today: Day): void => {
  if (on > today)
    throw new Refusal('inFuture', `日期 ${on} 晚于今天（${today}）。`, {
      kind: 'input',
      fields: { on: '不能晚于今天' },
    });
};

/** An indicator on a day, as the page, the API and the command line give it. */
export const getIndicator: Handlers<typeof indicatorApi>['get'] = async (tx, ctx, input) => {
  const on = input.on ?? ctx.today;
  checkDay(on, ctx.today);
  if (input.people && reachOf(ctx.actor) === 'figures') throw figuresOnly();
  const place = decidePlace(ctx.actor, input);
  checkDetail(ctx.actor, place, input.people);
  const { found, formula } = formulaOf(ctx, input.indicator, place.area, on);
  const counted = await count(tx, ctx, input.indicator, place, on);
  if (!counted) throw noRule(place.area, on);
  const { figure, children } = counted;
  const { numerator, denominator } = figure;
  const page: ClientPage = {
    ...(input.counts === undefined ? {} : { counts: input.counts }),
    ...(input.missing ? { missing: input.missing } : {}),
    limit: input.pageSize,
    offset: (input.page - 1) * input.pageSize,
  };
  const people = input.people
    ? await listPeople(tx, ctx, input.indicator, place, on, page)
    : { people: [], peopleTotal: 0 };
  return {
    indicator: input.indicator,
    area: place.area,
    areaName: place.area ? nameOfDivision(place.area) : '全国',
    site: place.site ?? null,
    on,
    pack: found.pack,
    packName: found.packName,
    clause: [...found.rule.clause],
    formula,
    ...figure,
    targetYear: found.target?.year ?? null,
    short: numerator === null || denominator === null ? null : shortOf(numerator, denominator, found.target),
    children: [...children],
    ...people,
  } satisfies IndicatorAnswer;
};

/** Most months of one trend: each is a count of its own. */
const mostMonths = 36;

/** The month's last day, or today in the current month. */
const monthEnd = (month: string, today: Day): Day => {
  const end = lastDayOf(month);
  return end < today ? end : today;
};

const trend: Handlers<typeof indicatorApi>['trend'] = async (tx, ctx, { indicator, from, to, ...asked }) => {
  const place = decidePlace(ctx.actor, asked);
  checkDetail(ctx.actor, place, false);
  const last = to ?? monthOf(ctx.today);
  if (last > monthOf(ctx.today)) checkDay(firstDayOf(last), ctx.today);
  const months = listMonths(from ?? monthOf(addMonths(firstDayOf(last), -11)), last);
  if (months.length > mostMonths)
    throw new Refusal('tooMany', `走势最多 ${mostMonths} 个月。`, { kind: 'input', fields: { from: '请缩短区间' } });
  const rows: TrendMonth[] = [];
  for (const month of months) {
    const on = monthEnd(month, ctx.today);
    const counted = await count(tx, ctx, indicator, place, on);
    const figure = counted?.figure;
    rows.push({
      month,
      on,
      inForce: counted !== undefined,
      hidden: figure?.hidden ?? false,
      numerator: figure?.numerator ?? null,
      denominator: figure?.denominator ?? null,
      value: figure?.value ?? null,
      target: figure?.target ?? null,
    });
  }
  return { months: rows };
};

export const indicatorHandlers: Handlers<typeof indicatorApi> = { get: getIndicator, trend };
