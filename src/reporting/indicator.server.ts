// Handlers of the indicators: one with its parts and what is behind, all of a place at a glance, and the trend by month.
import { reachOf } from '../kernel/access.ts';
import { addMonths, firstDayOf, lastDayOf, listMonths, monthOf } from '../kernel/calendar.ts';
import type { Day } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import { figuresOnly } from '../kernel/figures.ts';
import { Refusal } from '../kernel/refusal.ts';
import { nameOfDivision } from '../network/division.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { outcomeMonths } from '../policy/measure-outcome.ts';
import type { indicatorApi } from './indicator.api.ts';
import {
  behindOf,
  checkDetail,
  decidePlace,
  type IndicatorAnswer,
  IndicatorName,
  type IndicatorPlace,
  type IndicatorRow,
  isOfSite,
  isOutcome,
  shortOf,
  type TrendMonth,
} from './indicator.ts';
import { listBehind, nothingBehind } from './indicator-behind.server.ts';
import { countIndicator } from './indicator-count.server.ts';
import { findRuleOn, formulaOf, getRuleOn, type IndicatorOn } from './indicator-rule.server.ts';

const checkDay = (on: Day, today: Day): void => {
  if (on > today)
    throw new Refusal('inFuture', `日期 ${on} 晚于今天（${today}）。`, {
      kind: 'input',
      fields: { on: '不能晚于今天' },
    });
};

const nameOfArea = (area: string): string => (area ? nameOfDivision(area) : '全国');

/** The same figure of the cohort of a year earlier, counted by the rule of the day: no document sets a target to compare with. */
const countBefore = async (tx: Tx, ctx: Ctx, asked: IndicatorOn): Promise<IndicatorAnswer['before']> => {
  if (!isOutcome(asked.name)) return null;
  const on = addMonths(asked.on, -outcomeMonths);
  const { figure } = await countIndicator(tx, ctx, { ...asked, on });
  return { on, ...figure };
};

/** What says nothing of a single site or town is left out of its list. */
const isShownAt = ({ area, site }: IndicatorPlace, name: IndicatorName): boolean => {
  if (site !== undefined) return isOfSite(name);
  return area.length < 9 || (name !== 'county-coverage' && name !== 'institution-coverage');
};

const rowOf = async (tx: Tx, ctx: Ctx, asked: IndicatorOn): Promise<IndicatorRow> => {
  const { figure } = await countIndicator(tx, ctx, asked);
  const { name, rule, resolved, target } = asked;
  return {
    indicator: name,
    title: rule.title,
    clause: [...rule.clause],
    pack: resolved.pack,
    packName: resolved.packName,
    assumed: rule.assumed !== undefined,
    ...figure,
    targetYear: target?.year ?? null,
  };
};

const siblings: Partial<Record<IndicatorName, IndicatorName>> = {
  'standardized-service-rate': 'home-living-rate',
  'home-living-rate': 'standardized-service-rate',
};

const countBeside = async (tx: Tx, ctx: Ctx, { name, place, on }: IndicatorOn): Promise<IndicatorRow | null> => {
  const sibling = siblings[name];
  const asked = sibling && isShownAt(place, sibling) ? findRuleOn(ctx, sibling, { place, on }) : undefined;
  return asked ? rowOf(tx, ctx, asked) : null;
};

/** An indicator on a day, as the page, the API and the command line give it. */
export const getIndicator: Handlers<typeof indicatorApi>['get'] = async (tx, ctx, input) => {
  const on = input.on ?? ctx.today;
  const { indicator } = input;
  checkDay(on, ctx.today);
  const aboutSomebody = input.people && behindOf(indicator) !== 'organisations';
  if (aboutSomebody && reachOf(ctx.actor) === 'figures') throw figuresOnly();
  const place = decidePlace(ctx.actor, input);
  checkDetail(ctx.actor, place, aboutSomebody);
  const asked = getRuleOn(ctx, indicator, { place, on });
  const { figure, children, atEntry } = await countIndicator(tx, ctx, asked);
  const page = {
    ...(input.counts === undefined ? {} : { counts: input.counts }),
    ...(input.missing ? { missing: input.missing } : {}),
    limit: input.pageSize,
    offset: (input.page - 1) * input.pageSize,
  };
  const behind = input.people ? await listBehind(tx, asked, page) : nothingBehind;
  return {
    indicator,
    area: place.area,
    areaName: nameOfArea(place.area),
    site: place.site ?? null,
    on,
    pack: asked.resolved.pack,
    packName: asked.resolved.packName,
    clause: [...asked.rule.clause],
    formula: formulaOf(asked),
    ...figure,
    targetYear: asked.target?.year ?? null,
    short: shortOf(figure, asked),
    atEntry: atEntry ?? null,
    before: await countBefore(tx, ctx, asked),
    beside: await countBeside(tx, ctx, asked),
    children: [...children],
    ...behind,
  } satisfies IndicatorAnswer;
};

/** All indicators that the place's rules have on a day, without what is behind them. */
export const listIndicators: Handlers<typeof indicatorApi>['list'] = async (tx, ctx, input) => {
  const on = input.on ?? ctx.today;
  checkDay(on, ctx.today);
  const place = decidePlace(ctx.actor, input);
  checkDetail(ctx.actor, place, false);
  const rows: IndicatorRow[] = [];
  for (const name of IndicatorName.options.filter((one) => isShownAt(place, one))) {
    const asked = findRuleOn(ctx, name, { place, on });
    if (asked) rows.push(await rowOf(tx, ctx, asked));
  }
  return { area: place.area, areaName: nameOfArea(place.area), on, rows };
};

/** Most months of one trend: each is a count of its own. */
const mostMonths = 36;

/** The month's last day, or today in the current month. */
const monthEnd = (month: string, today: Day): Day => {
  const end = lastDayOf(month);
  return end < today ? end : today;
};

const trend: Handlers<typeof indicatorApi>['trend'] = async (tx, ctx, { indicator, from, to, ...input }) => {
  const place = decidePlace(ctx.actor, input);
  checkDetail(ctx.actor, place, false);
  const last = to ?? monthOf(ctx.today);
  if (last > monthOf(ctx.today)) checkDay(firstDayOf(last), ctx.today);
  const months = listMonths(from ?? monthOf(addMonths(firstDayOf(last), -11)), last);
  if (months.length > mostMonths)
    throw new Refusal('tooMany', `走势最多 ${mostMonths} 个月。`, { kind: 'input', fields: { from: '请缩短区间' } });
  const rows: TrendMonth[] = [];
  for (const month of months) {
    const on = monthEnd(month, ctx.today);
    const asked = findRuleOn(ctx, indicator, { place, on });
    const figure = asked && (await countIndicator(tx, ctx, asked)).figure;
    rows.push({
      month,
      on,
      inForce: figure !== undefined,
      hidden: figure?.hidden ?? false,
      numerator: figure?.numerator ?? null,
      denominator: figure?.denominator ?? null,
      value: figure?.value ?? null,
      target: figure?.target ?? null,
    });
  }
  return { months: rows };
};

export const indicatorHandlers: Handlers<typeof indicatorApi> = { get: getIndicator, list: listIndicators, trend };
