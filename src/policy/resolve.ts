// Which rules hold in an area on a day: the nearest area wins per rule id, then the rule in force that day.
import { z } from 'zod';
import { Day, yearOf } from '../kernel/calendar.ts';
import { findTarget, type MeasureName, type Target } from './measure.ts';
import type { AreaPrefix, DutyRule, IndicatorRule, Pack, Rule, RuleKind } from './pack.ts';

/** The pack behind an outcome; kept with the outcome, so that old decisions name the text that made them. */
export const PackRef = z.object({
  id: z.string(),
  version: z.string(),
  /** The pack's period is over; it goes on applying until a successor or a withdrawal is adopted. */
  lapsed: z.boolean(),
  /** The last day of its period; only where that is over. */
  endedOn: Day.optional(),
});
export type PackRef = z.infer<typeof PackRef>;

/** A place's own decision about a pack: a text that holds there from a day, or that none does. */
export interface Adoption {
  readonly id: string;
  /** The pack whose place it takes; see `slotOf`. */
  readonly slot: string;
  /** The text adopted, with the areas of the adoption; null: withdrawn. */
  readonly pack: Pack | null;
  readonly areas: readonly AreaPrefix[];
  readonly fromOn: Day;
  /** Who decided (the area of the office), why and when; none for a text that is only being tried. */
  readonly decided?: { readonly by: string; readonly reason: string; readonly at: string };
}

/** The packs that ship with the product, and what places have decided, in the order in which it was recorded. */
export interface Packs {
  readonly packs: ReadonlyMap<string, Pack>;
  readonly adoptions?: readonly Adoption[];
}

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
  const ref = { id: pack.id, version: pack.version, lapsed, ...(lapsed ? { endedOn: to } : {}) };
  return pack.rules
    .filter((rule) => inForce(rule, effectiveOn))
    .map((rule) => ({ rule, pack: ref, packName: pack.name }));
}

/** The first of a line of successors: packs of one slot never hold beside each other. */
export function slotOf(pack: Pick<Pack, 'id' | 'replaces'>, packs: ReadonlyMap<string, Pack>): string {
  const seen = new Set<string>();
  let at: Pick<Pack, 'id' | 'replaces'> = pack;
  while (at.replaces !== undefined && !seen.has(at.replaces)) {
    seen.add(at.replaces);
    const before = packs.get(at.replaces);
    if (before === undefined) return at.replaces;
    at = before;
  }
  return at.id;
}

/** A pack that holds in an area on a day, and the decision that put it there; without one it is shipped for the area. */
export interface StandingPack {
  readonly pack: Pack;
  readonly nearness: number;
  readonly adoption?: Adoption;
}

/** Later in the list wins among equals, as it was recorded later. */
const best = <T>(list: readonly T[], compare: (a: T, b: T) => number): T | undefined =>
  list.reduce<T | undefined>((kept, one) => (kept === undefined || compare(one, kept) >= 0 ? one : kept), undefined);
const byDay = (a: Day, b: Day): number => (a < b ? -1 : a > b ? 1 : 0);

const withNearness = <T>(list: readonly T[], areasOf: (one: T) => readonly AreaPrefix[], area: string) =>
  list.flatMap((one) => {
    const nearness = findNearness(areasOf(one), area);
    return nearness === undefined ? [] : [{ one, nearness }];
  });

/**
 * The packs that hold in the area on the day, nearest first; where both are as near, the place's own stands before a template, and a child before its parent. For each slot:
 * the area's own decision in force (the nearest, then the latest), else the pack shipped for the area, the latest successor first.
 */
export function listStandingPacks({ packs, adoptions = [] }: Packs, area: string, on: Day): StandingPack[] {
  const all = [...packs.values()];
  const decided = withNearness(
    adoptions.filter(({ fromOn }) => fromOn <= on),
    ({ areas }) => areas,
    area,
  );
  const shipped = withNearness(
    all.filter(({ period }) => period.from <= on),
    (pack) => pack.areas,
    area,
  ).map(({ one, nearness }) => ({ one, nearness, slot: slotOf(one, packs) }));
  const slots = new Set([...decided.map(({ one }) => one.slot), ...shipped.map(({ slot }) => slot)]);
  /** A place's own document goes before a template that it adopted besides. */
  const isTemplate = ({ id }: Pack): number => Number(packs.get(id)?.areas.length === 0);
  const depth = (pack: Pack | undefined): number => (pack ? 1 + depth(packs.get(pack.parent ?? '')) : 0);
  return [...slots]
    .flatMap((slot): StandingPack[] => {
      const own = best(
        decided.filter(({ one }) => one.slot === slot),
        (a, b) => a.nearness - b.nearness || byDay(a.one.fromOn, b.one.fromOn),
      );
      if (own) return own.one.pack ? [{ pack: own.one.pack, nearness: own.nearness, adoption: own.one }] : [];
      const found = best(
        shipped.filter((one) => one.slot === slot),
        (a, b) => a.nearness - b.nearness || byDay(a.one.period.from, b.one.period.from),
      );
      return found ? [{ pack: found.one, nearness: found.nearness }] : [];
    })
    .sort(
      (a, b) =>
        b.nearness - a.nearness ||
        isTemplate(a.pack) - isTemplate(b.pack) ||
        depth(b.pack) - depth(a.pack) ||
        (a.pack.id < b.pack.id ? -1 : 1),
    );
}

/** The first day on which any pack, shipped or adopted, says something about the area. */
export function findFirstDay({ packs, adoptions = [] }: Packs, area: string): Day | undefined {
  const begins = [
    ...[...packs.values()]
      .filter((pack) => findNearness(pack.areas, area) !== undefined)
      .map(({ period }) => period.from),
    ...adoptions.filter(({ areas }) => findNearness(areas, area) !== undefined).map(({ fromOn }) => fromOn),
  ];
  return begins.sort()[0];
}

/** The rules that hold in the area (any division code) on the day. */
export function resolveRules(library: Packs, area: string, on: Day): ResolvedRules {
  const rules = new Map<string, ResolvedRule>();
  for (const { pack } of listStandingPacks(library, area, on))
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
