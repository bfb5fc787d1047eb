// Which rules hold in an area on a day: the nearest area wins per rule id, then the rule in force that day.
import { z } from 'zod';
import { type Day, yearOf } from '../kernel/calendar.ts';
import { findTarget, type MeasureName, type Target } from './measure.ts';
import type { AreaPrefix, DutyRule, IndicatorRule, Pack, Rule, RuleKind } from './pack.ts';

/** The pack behind an outcome; kept with the outcome, so that old decisions name the text that made them. */
export const PackRef = z.object({
  id: z.string(),
  version: z.string(),
  /** The pack's period is over; it goes on applying until a successor is adopted. */
  lapsed: z.boolean(),
});
export type PackRef = z.infer<typeof PackRef>;

export interface ResolvedRule<R extends Rule = Rule> {
  readonly rule: R;
  readonly pack: PackRef;
  readonly packName: string;
}

export interface ResolvedRules {
  readonly area: string;
  readonly on: Day;
  /** Nearest area first, then in the order of the packs' files. */
  readonly rules: readonly ResolvedRule[];
}

/** 511900 → 5119: codes of a city or province lose the zeros that say "the whole of it". */
export const trimArea = (area: string): string => (area.length === 6 ? area.replace(/(00){1,2}$/, '') : area);

/** How near a pack is to the area: the length of its covering prefix; undefined when it does not cover the area. */
export function findNearness(areas: readonly AreaPrefix[], area: string): number | undefined {
  const covering = areas.filter((prefix) => prefix === '*' || trimArea(area).startsWith(trimArea(prefix)));
  const lengths = covering.map((prefix) => (prefix === '*' ? 0 : trimArea(prefix).length));
  return lengths.length === 0 ? undefined : Math.max(...lengths);
}

const inForce = (span: { from?: Day | undefined; to?: Day | undefined }, on: Day): boolean =>
  (span.from === undefined || span.from <= on) && (span.to === undefined || on <= span.to);

/** The pack's rules of that day; after its period, those of the period's last day, marked as lapsed. */
function rulesOfPack(pack: Pack, on: Day): ResolvedRule[] {
  const { from, to } = pack.period;
  if (on < from) return [];
  const lapsed = to !== undefined && on > to;
  const effectiveOn = lapsed ? to : on;
  const ref = { id: pack.id, version: pack.version, lapsed };
  return pack.rules
    .filter((rule) => inForce(rule, effectiveOn))
    .map((rule) => ({ rule, pack: ref, packName: pack.name }));
}

/** Every pack that covers the area, nearest first; a child stands before its parent where both cover the same area. */
export function listPacksFor(packs: ReadonlyMap<string, Pack>, area: string): Pack[] {
  const depth = (pack: Pack | undefined): number => (pack ? 1 + depth(packs.get(pack.parent ?? '')) : 0);
  return [...packs.values()]
    .flatMap((pack) => {
      const nearness = findNearness(pack.areas, area);
      return nearness === undefined ? [] : [{ pack, nearness, depth: depth(pack) }];
    })
    .sort((a, b) => b.nearness - a.nearness || b.depth - a.depth || (a.pack.id < b.pack.id ? -1 : 1))
    .map(({ pack }) => pack);
}

/** The rules that hold in the area (any division code) on the day. */
export function resolveRules(library: { packs: ReadonlyMap<string, Pack> }, area: string, on: Day): ResolvedRules {
  const rules = new Map<string, ResolvedRule>();
  for (const pack of listPacksFor(library.packs, area))
    for (const resolved of rulesOfPack(pack, on))
      if (!rules.has(resolved.rule.id)) rules.set(resolved.rule.id, resolved);
  return { area, on, rules: [...rules.values()] };
}

const isKind =
  <K extends RuleKind>(kind: K) =>
  (resolved: ResolvedRule): resolved is ResolvedRule<Extract<Rule, { kind: K }>> =>
    resolved.rule.kind === kind;

export const listRules = <K extends RuleKind>(resolved: ResolvedRules, kind: K) => resolved.rules.filter(isKind(kind));

/** The rule of that kind and id, if the place has one. */
export const findRule = <K extends RuleKind>(resolved: ResolvedRules, kind: K, id: string) =>
  listRules(resolved, kind).find(({ rule }) => rule.id === id);

export const findDuty = (resolved: ResolvedRules, id: string): ResolvedRule<DutyRule> | undefined =>
  findRule(resolved, 'duty', id);

export interface ResolvedIndicator<M extends MeasureName> extends ResolvedRule<Extract<IndicatorRule, { measure: M }>> {
  /** The target of the day's year, where the pack sets one. */
  readonly target: Target | undefined;
}

/** The place's indicator for a measure, with the target of the day. */
export function findIndicator<M extends MeasureName>(
  resolved: ResolvedRules,
  measure: M,
): ResolvedIndicator<M> | undefined {
  const measures = (one: ResolvedRule): one is ResolvedRule<Extract<IndicatorRule, { measure: M }>> =>
    one.rule.kind === 'indicator' && one.rule.measure === measure;
  const found = resolved.rules.find(measures);
  return found && { ...found, target: findTarget(found.rule.targets, yearOf(resolved.on)) };
}
