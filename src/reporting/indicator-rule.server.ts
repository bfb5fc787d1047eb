// The rule of a place for an indicator on a day: its target there, and what its formula was worked with.
import { lastWholeMonthBefore } from '../kernel/calendar.ts';
import type { Day } from '../kernel/contract.ts';
import { Refusal } from '../kernel/refusal.ts';
import { nameOfDivision } from '../network/division.ts';
import type { Ctx } from '../policy/context.ts';
import type { MeasureName, Target } from '../policy/measure.ts';
import { findIndicator, findNearness, type ResolvedIndicator, resolveRules, trimArea } from '../policy/resolve.ts';
import {
  type IndicatorFormula,
  type IndicatorName,
  type IndicatorPlace,
  isCounting,
  type Judged,
  measureOf,
} from './indicator.ts';

export interface IndicatorOn extends Judged {
  readonly rule: ResolvedIndicator<MeasureName>['rule'];
  readonly resolved: ResolvedIndicator<MeasureName>;
  readonly place: IndicatorPlace;
  readonly on: Day;
}

/** "100 people in the district" is no target of one of its towns or sites. A template has no area: its county or city is meant. */
const isOfPlace = (ctx: Ctx, pack: string, { area, site }: IndicatorPlace): boolean => {
  if (site !== undefined) return false;
  const nearness = findNearness(ctx.packs.packs.get(pack)?.areas ?? [], area);
  return nearness === undefined ? area.length <= 6 : nearness === trimArea(area).length;
};

/** The rule of the place that is in force on the day, or undefined. */
export const findRuleOn = (
  ctx: Ctx,
  name: IndicatorName,
  { place, on }: { readonly place: IndicatorPlace; readonly on: Day },
): IndicatorOn | undefined => {
  const resolved = findIndicator<MeasureName>(resolveRules(ctx.packs, place.area, on), measureOf[name]);
  if (!resolved) return undefined;
  const applies = !isCounting(name) || isOfPlace(ctx, resolved.pack.id, place);
  const target: Target | undefined = applies ? resolved.target : undefined;
  return { name, target, rule: resolved.rule, resolved, place, on };
};

/** As `findRuleOn`; refuses `noRule`. */
export const getRuleOn = (...args: Parameters<typeof findRuleOn>): IndicatorOn => {
  const found = findRuleOn(...args);
  if (found) return found;
  const [, , { place, on }] = args;
  const where = place.area ? nameOfDivision(place.area) : '全国';
  throw new Refusal('noRule', `${on} 当日，${where}没有规定这项指标的政策，不作计算。`);
};

export const formulaOf = ({ rule, on }: IndicatorOn): IndicatorFormula => {
  const service =
    rule.measure === 'standardizedServiceRate' || rule.measure === 'homeLivingRate' ? rule.params : undefined;
  const coverage = rule.measure === 'countyCoverage' || rule.measure === 'townCoverage' ? rule.params : undefined;
  return {
    title: rule.title,
    summary: rule.summary,
    assumed: rule.assumed?.reason ?? null,
    month: lastWholeMonthBefore(on),
    requires: service?.requires ?? [],
    sessionsPerMonth: service?.sessionsPerMonth ?? null,
    reassessEveryMonths: service?.reassessEveryMonths ?? null,
    minimumClients: coverage?.minimumClients ?? null,
    minimumSessions:
      coverage?.minimumSessions ?? (rule.measure === 'clientsServed' ? rule.params.minimumSessions : null),
    qualifications: rule.measure === 'qualifiedStaffShare' ? rule.params.qualifications : [],
    institutions: rule.measure === 'institutionCoverage' ? rule.params.each : [],
    afterMonths: 'afterMonths' in rule.params ? rule.params.afterMonths : null,
  };
};
