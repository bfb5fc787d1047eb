// The indicators as screens, the API and the command line show them: value, target, gap, and who or what is behind.
import { z } from 'zod';
import { type Actor, reachOf, seesSmallCells } from '../kernel/access.ts';
import { Day, Month } from '../kernel/contract.ts';
import { Refusal } from '../kernel/refusal.ts';
import { listCounties, listTowns } from '../network/division.ts';
import { CoverageCondition, isTargetMet, ratio, ServiceCondition, type Target } from '../policy/measure.ts';
import { PackRef } from '../policy/resolve.ts';

export const IndicatorName = z.enum(['standardized-service-rate', 'county-coverage']);
export type IndicatorName = z.infer<typeof IndicatorName>;

const figure = {
  /** Something of this row is hidden because it could point at a person (docs/decisions/0007); what is hidden is null. */
  hidden: z.boolean(),
  numerator: z.int().nullable(),
  denominator: z.int().nullable(),
  /** A fraction; null where there is nothing to count. */
  value: z.number().nullable(),
  target: z.number().nullable(),
  met: z.boolean().nullable(),
};

/** A part of the area asked for. `area` is a division code, an organisation's id for a site, or null where it is not known. */
export const IndicatorChild = z.object({
  area: z.string().nullable(),
  kind: z.enum(['county', 'town', 'site']),
  name: z.string(),
  ...figure,
  /** Coverage only: persons in service, standardized sessions of the measuring month, and what is missing. */
  clients: z.int().nullable().optional(),
  sessions: z.int().nullable().optional(),
  missing: z.array(CoverageCondition).optional(),
});
export type IndicatorChild = z.infer<typeof IndicatorChild>;

/** A person behind the figure, by masked name. For coverage everyone in service counts; `sessions` are those of the measuring month. */
export const IndicatorPerson = z.object({
  id: z.uuid(),
  county: z.string(),
  name: z.string(),
  town: z.string().nullable(),
  townName: z.string().nullable(),
  site: z.uuid().nullable(),
  siteName: z.string().nullable(),
  counts: z.boolean(),
  missing: z.array(ServiceCondition),
  sessions: z.int().optional(),
});
export type IndicatorPerson = z.infer<typeof IndicatorPerson>;

/** What the formula was worked with, for showing it in words. */
export const IndicatorFormula = z.object({
  title: z.string(),
  summary: z.string(),
  /** Why a number of the formula is ours and not the document's. */
  assumed: z.string().nullable(),
  /** The measuring month. */
  month: Month,
  requires: z.array(ServiceCondition),
  sessionsPerMonth: z.int().nullable(),
  reassessEveryMonths: z.int().nullable(),
  minimumClients: z.int().nullable(),
  minimumSessions: z.int().nullable(),
});
export type IndicatorFormula = z.infer<typeof IndicatorFormula>;

export const IndicatorAnswer = z.object({
  indicator: IndicatorName,
  area: z.string(),
  areaName: z.string(),
  site: z.uuid().nullable(),
  on: Day,
  pack: PackRef,
  packName: z.string(),
  clause: z.array(z.string()),
  formula: IndicatorFormula,
  ...figure,
  /** The year whose target applies; an earlier one goes on applying after the last. */
  targetYear: z.int().nullable(),
  /** How many more must count to reach the target; 0 when it is met. */
  short: z.int().nullable(),
  children: z.array(IndicatorChild),
  people: z.array(IndicatorPerson),
  /** How many people the filter matches; `people` is one page of them. */
  peopleTotal: z.int(),
});
export type IndicatorAnswer = z.infer<typeof IndicatorAnswer>;

/** `on` is the month's last day, or today in the current month. Null figures: no rule was in force on that day. */
export const TrendMonth = z.object({
  month: Month,
  on: Day,
  inForce: z.boolean(),
  hidden: z.boolean(),
  numerator: z.int().nullable(),
  denominator: z.int().nullable(),
  value: z.number().nullable(),
  target: z.number().nullable(),
});
export type TrendMonth = z.infer<typeof TrendMonth>;

/** Value, target and whether it is met. */
export const figureOf = (numerator: number, denominator: number, target: Target | undefined) => {
  const value = ratio(numerator, denominator);
  return {
    hidden: false,
    numerator,
    denominator,
    value,
    target: target?.value ?? null,
    met: isTargetMet(value, target),
  };
};

/** How many more must count; the small term keeps 0.55 × 100 from becoming 56. */
export const shortOf = (numerator: number, denominator: number, target: Target | undefined): number | null =>
  target === undefined ? null : Math.max(0, Math.ceil(target.value * denominator - 1e-9) - numerator);

/** Where a figure is asked for: an area code, and a site of it. */
export interface IndicatorPlace {
  readonly area: string;
  readonly site: string | undefined;
}

const refusePlace = (message: string): Refusal => new Refusal('outOfScope', message, { kind: 'access' });

/** Whether the code names a city, county or town on board; '' is the nation. */
const isKnownArea = (area: string): boolean =>
  area.length === 9
    ? listTowns(area.slice(0, 6)).some(({ code }) => code === area)
    : listCounties(area).some(({ code }) => code.startsWith(area));

/**
 * The place that the actor asks about. Organisations that serve see their own clients only, so that is what their figure is of;
 * offices see any part of their area. Refuses `outOfScope`, and `areaUnknown` for a code that is not on board.
 */
export const decidePlace = (
  actor: Actor,
  asked: { area?: string | undefined; site?: string | undefined },
): IndicatorPlace => {
  if (reachOf(actor) === 'organisation') {
    if (actor.organisation === null) throw refusePlace('您的账号没有所属机构，不能查看指标。');
    if (asked.site !== undefined && asked.site !== actor.organisation) throw refusePlace('只能查看本机构的指标。');
    // Its clients may live in any town of the county.
    return { area: actor.scope.slice(0, 6), site: actor.organisation };
  }
  const area = asked.area ?? actor.scope;
  if (!area.startsWith(actor.scope)) throw refusePlace('这个地区不在您的管辖范围内。');
  if (!isKnownArea(area))
    throw new Refusal('areaUnknown', `没有代码为 ${area} 的地区。`, {
      kind: 'input',
      fields: { area: '请核对行政区划代码' },
    });
  return { area, site: asked.site };
};

/** Refuses (`figuresOnly`) persons and single sites to whoever may not see the persons: nearly every site is a small count. */
export const checkDetail = (actor: Actor, { area, site }: IndicatorPlace, people: boolean): void => {
  if (seesSmallCells(actor, area) || (!people && site === undefined)) return;
  throw new Refusal('figuresOnly', '本单位只看汇总数字，不逐人、逐个站点查看（《个人信息保护法》第六条）。', {
    kind: 'access',
  });
};
