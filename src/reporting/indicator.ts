// The indicators as screens, the API and the command line show them: value, target, gap, and who or what is behind.
import { z } from 'zod';
import { type Actor, reachOf, seesSmallCells } from '../kernel/access.ts';
import { Day, Month } from '../kernel/contract.ts';
import { Refusal } from '../kernel/refusal.ts';
import { listCounties, listTowns } from '../network/division.ts';
import { Discipline } from '../network/organisation.ts';
import {
  CoverageCondition,
  countingMeasures,
  fallingMeasures,
  isTargetMet,
  type MeasureName,
  Qualification,
  ratio,
  ServiceCondition,
  type Target,
} from '../policy/measure.ts';
import { PackRef } from '../policy/resolve.ts';
import { ProviderFunction } from '../policy/standard.ts';

/** In the order of the page. */
export const IndicatorName = z.enum([
  'standardized-service-rate',
  'home-living-rate',
  'county-coverage',
  'town-coverage',
  'clients-served',
  'new-sites',
  'institution-coverage',
  'qualified-staff-share',
  'relapse-rate',
  'self-care-rate',
  'employment-rate',
]);
export type IndicatorName = z.infer<typeof IndicatorName>;

export const measureOf = {
  'standardized-service-rate': 'standardizedServiceRate',
  'home-living-rate': 'homeLivingRate',
  'county-coverage': 'countyCoverage',
  'town-coverage': 'townCoverage',
  'clients-served': 'clientsServed',
  'new-sites': 'newSites',
  'institution-coverage': 'institutionCoverage',
  'qualified-staff-share': 'qualifiedStaffShare',
  'relapse-rate': 'relapseRate',
  'self-care-rate': 'selfCareRate',
  'employment-rate': 'employmentRate',
} as const satisfies Record<IndicatorName, MeasureName>;

/** What a figure opens to. Organisations are known to everybody who is signed in; persons and staff are not. */
export const behindOf = (name: IndicatorName): 'persons' | 'organisations' | 'staff' => {
  if (name === 'institution-coverage' || name === 'new-sites') return 'organisations';
  return name === 'qualified-staff-share' ? 'staff' : 'persons';
};
/** A number, and no share of anything. */
export const isCounting = (name: IndicatorName): boolean => countingMeasures.includes(measureOf[name]);
/** The less the better. */
export const isFalling = (name: IndicatorName): boolean => fallingMeasures.includes(measureOf[name]);
/** Compared with the same cohort a year earlier, because no document sets a target. */
export const isOutcome = (name: IndicatorName): boolean =>
  name === 'relapse-rate' || name === 'self-care-rate' || name === 'employment-rate';
/** Says something of a single site's own clients, sessions or staff. */
export const isOfSite = (name: IndicatorName): boolean =>
  isOutcome(name) || ['standardized-service-rate', 'clients-served', 'qualified-staff-share'].includes(name);

/** What a person may lack; whoever is not registered lacks that first. */
export const MissingStep = z.enum([...ServiceCondition.options, 'registration']);
export type MissingStep = z.infer<typeof MissingStep>;

/** What came of a person of the cohort. */
export const OutcomeWhat = z.enum(['paused', 'hospital', 'risk', 'caring', 'notCaring', 'job', 'shelteredJob']);
export type OutcomeWhat = z.infer<typeof OutcomeWhat>;

const figure = {
  /** Something of this row is hidden because it could point at a person (docs/decisions/0007); what is hidden is null. */
  hidden: z.boolean(),
  numerator: z.int().nullable(),
  /** Null for what is only counted. */
  denominator: z.int().nullable(),
  /** A fraction, or the number of what is only counted; null where there is nothing to count. */
  value: z.number().nullable(),
  target: z.number().nullable(),
  met: z.boolean().nullable(),
  /** Persons or staff of whom nothing tells whether they count: they are missing, not counted. */
  unknown: z.int().nullable().optional(),
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
  /** Institutions only: those that a county must have and lacks. */
  lacks: z.array(z.string()).optional(),
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
  missing: z.array(MissingStep),
  sessions: z.int().optional(),
  /** Outcomes only; null: nothing was recorded. */
  what: OutcomeWhat.nullable().optional(),
  whatOn: Day.nullable().optional(),
});
export type IndicatorPerson = z.infer<typeof IndicatorPerson>;

/** An organisation behind the figure: what of the asked institutions it is, or that it is new. */
export const IndicatorOrganisation = z.object({
  id: z.uuid(),
  name: z.string(),
  division: z.string(),
  divisionName: z.string(),
  openedOn: Day,
  is: z.array(z.string()),
});
export type IndicatorOrganisation = z.infer<typeof IndicatorOrganisation>;

/** A member of staff behind the figure; `qualification` null: not recorded. */
export const IndicatorStaff = z.object({
  id: z.uuid(),
  name: z.string(),
  discipline: Discipline,
  organisation: z.uuid(),
  organisationName: z.string(),
  qualification: Qualification.nullable(),
  counts: z.boolean(),
});
export type IndicatorStaff = z.infer<typeof IndicatorStaff>;

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
  /** Backgrounds that count, as the document names them. */
  qualifications: z.array(Qualification),
  /** Institutions that each county must have, with their functions. */
  institutions: z.array(z.object({ name: z.string(), functions: z.array(ProviderFunction) })),
  /** The cohort entered service so many months ago or earlier. */
  afterMonths: z.int().nullable(),
});
export type IndicatorFormula = z.infer<typeof IndicatorFormula>;

/** One line of the page of all indicators. */
export const IndicatorRow = z.object({
  indicator: IndicatorName,
  title: z.string(),
  clause: z.array(z.string()),
  pack: PackRef,
  packName: z.string(),
  assumed: z.boolean(),
  ...figure,
  targetYear: z.int().nullable(),
});
export type IndicatorRow = z.infer<typeof IndicatorRow>;

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
  /** Self-care only: of the denominator, those who cared for themselves when they entered service. */
  atEntry: z.int().nullable(),
  /** Outcomes only: the same figure of the cohort of a year earlier. */
  before: z.object({ on: Day, ...figure }).nullable(),
  /** The other rate of DOMAIN's denominator trap: registered persons, or all listed persons who live at home. */
  beside: IndicatorRow.nullable(),
  children: z.array(IndicatorChild),
  people: z.array(IndicatorPerson),
  organisations: z.array(IndicatorOrganisation),
  staff: z.array(IndicatorStaff),
  /** How many people (or staff, or organisations) the filter matches; the lists are one page of them. */
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

interface Sums {
  readonly numerator: number;
  readonly denominator: number;
  readonly unknown?: number | undefined;
}

/** How an indicator is judged. */
export interface Judged {
  readonly name: IndicatorName;
  readonly target: Target | undefined;
}

/** Value, target and whether it is met. */
export const figureOf = ({ numerator, denominator, unknown }: Sums, { name, target }: Judged) => {
  const counting = isCounting(name);
  const value = counting ? numerator : ratio(numerator, denominator);
  return {
    hidden: false,
    numerator,
    denominator: counting ? null : denominator,
    value,
    target: target?.value ?? null,
    met: isTargetMet(value, target, isFalling(name)),
    ...(unknown !== undefined && { unknown }),
  };
};

/** How many more must count (of what is to fall: fewer); the small term keeps 0.55 × 100 from becoming 56. */
export const shortOf = (
  { numerator, denominator }: { numerator: number | null; denominator: number | null },
  { name, target }: Judged,
): number | null => {
  if (target === undefined || numerator === null) return null;
  if (isCounting(name)) return Math.max(0, target.value - numerator);
  if (denominator === null) return null;
  if (isFalling(name)) return Math.max(0, numerator - Math.floor(target.value * denominator + 1e-9));
  return Math.max(0, Math.ceil(target.value * denominator - 1e-9) - numerator);
};

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
