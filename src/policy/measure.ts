// The closed list of measures that indicators may use, and their slow, obvious definition for one person or one area.
import { z } from 'zod';
import { addMonths, type Day, firstDayOf, lastWholeMonthBefore, monthOf } from '../kernel/calendar.ts';
import { ProviderFunction } from './standard.ts';

/** Process steps that standardized service asks for, in the order in which they are done. */
export const ServiceCondition = z.enum(['consent', 'agreement', 'baseline', 'plan', 'reassessment', 'sessions']);
export type ServiceCondition = z.infer<typeof ServiceCondition>;

export const serviceConditionNames: Readonly<Record<ServiceCondition, string>> = {
  consent: '知情同意书',
  agreement: '服务协议',
  baseline: '基线评估',
  plan: '康复计划',
  reassessment: '按期复评',
  sessions: '当月规范服务次数',
};

export const ServiceRateParams = z.strictObject({
  requires: z.array(z.enum(['consent', 'agreement', 'baseline', 'plan'])).min(1),
  /** Standardized sessions attended in the measuring month. */
  sessionsPerMonth: z.int().min(1),
  /** The last baseline or process assessment may be this many months old, the same day of the month included. */
  reassessEveryMonths: z.int().min(1).optional(),
});
export type ServiceRateParams = z.infer<typeof ServiceRateParams>;

/** When an area (a county, a town) counts as providing the service on a day. */
export const AreaCoverageParams = z.strictObject({
  /** Persons in service on the day. */
  minimumClients: z.int().min(1),
  /** Standardized sessions held in the measuring month. */
  minimumSessions: z.int().min(0),
});
export type AreaCoverageParams = z.infer<typeof AreaCoverageParams>;

/** Institutions that a county must have: for each line at least one open organisation that has all its functions (BZ-17, AL-08). */
export const InstitutionParams = z.strictObject({
  each: z.array(z.strictObject({ name: z.string().min(1), functions: z.array(ProviderFunction).min(1) })).min(1),
});
export type InstitutionParams = z.infer<typeof InstitutionParams>;

/** Backgrounds of staff that a document counts (BZ-21). */
export const Qualification = z.enum(['psychology', 'socialWork', 'psychiatry', 'nursing', 'rehabilitation', 'other']);
export type Qualification = z.infer<typeof Qualification>;

const OutcomeParams = z.strictObject({
  /** The cohort: who entered service so many months before the day, or longer ago. */
  afterMonths: z.int().min(1),
});

/** Name → parameters. A new measure comes with its SQL in reporting and its definition here. */
export const measureParams = {
  standardizedServiceRate: ServiceRateParams,
  countyCoverage: AreaCoverageParams,
  townCoverage: AreaCoverageParams,
  institutionCoverage: InstitutionParams,
  /** Staff employed on the day at institutions that serve, and how many of them have one of these backgrounds. */
  qualifiedStaffShare: z.strictObject({ qualifications: z.array(Qualification).min(1) }),
  /** Sites opened since the first of January of the day's year: a number. */
  newSites: z.strictObject({}),
  /** Distinct persons with so many sessions attended since the first of January: a number. */
  clientsServed: z.strictObject({ minimumSessions: z.int().min(1) }),
  /** The rate of 民发〔2017〕167号: of all listed persons who live at home, those who receive standardized service. */
  homeLivingRate: ServiceRateParams,
  relapseRate: OutcomeParams,
  selfCareRate: OutcomeParams,
  employmentRate: OutcomeParams,
};
/** Measures that count; their targets are numbers and not fractions. */
export const countingMeasures: readonly MeasureName[] = ['newSites', 'clientsServed'];
/** Measures that are to fall: met where the value is at or below the target. */
export const fallingMeasures: readonly MeasureName[] = ['relapseRate'];
export type MeasureName = keyof typeof measureParams;

/** The days on which something holds: from its first day to its last, both included; open without a last day. */
export interface Span {
  readonly fromOn: Day;
  readonly toOn?: Day | undefined;
}

export const holdsOn = ({ fromOn, toOn }: Span, on: Day): boolean => fromOn <= on && (toOn === undefined || on <= toOn);

/** One episode of one person: all that the standardized-service rate looks at, entered at any time. */
export interface EpisodeHistory {
  readonly registeredOn: Day;
  /** The day of discharge, closing, moving out or death; the person no longer counts from that day. */
  readonly leftOn?: Day | undefined;
  readonly consents: readonly Span[];
  readonly agreements: readonly Span[];
  readonly plans: readonly Span[];
  readonly assessments: readonly { readonly on: Day; readonly kind: 'baseline' | 'process' }[];
  readonly sessions: readonly { readonly on: Day; readonly standardized: boolean; readonly attended: boolean }[];
}

/** Whether the person belongs to the registered clients (the rate's denominator) on that day. */
export const isRegistered = ({ registeredOn, leftOn }: EpisodeHistory, on: Day): boolean =>
  registeredOn <= on && (leftOn === undefined || on < leftOn);

export interface ServiceAnswer {
  readonly counts: boolean;
  readonly missing: readonly ServiceCondition[];
}

/**
 * Whether a registered person receives standardized service on day `on` (BZ-02, QS-04, AL-02), and which conditions are missing.
 * Sessions are asked only of persons whose first agreement of the episode began before the measuring month, which is the
 * last whole calendar month that ended on or before `on`.
 */
export function serviceConditions(params: ServiceRateParams, history: EpisodeHistory, on: Day): ServiceAnswer {
  const month = lastWholeMonthBefore(on);
  const done = history.assessments.filter((assessment) => assessment.on <= on);
  const sessions = history.sessions.filter(
    (session) => session.attended && session.standardized && monthOf(session.on) === month,
  );
  const met: Readonly<Record<ServiceCondition, boolean>> = {
    consent: history.consents.some((span) => holdsOn(span, on)),
    agreement: history.agreements.some((span) => holdsOn(span, on)),
    baseline: done.some(({ kind }) => kind === 'baseline'),
    plan: history.plans.some((span) => holdsOn(span, on)),
    reassessment: isReassessed(params, done, on),
    sessions:
      !history.agreements.some(({ fromOn }) => fromOn < firstDayOf(month)) ||
      sessions.length >= params.sessionsPerMonth,
  };
  const asked: readonly ServiceCondition[] = [...params.requires, 'reassessment', 'sessions'];
  const missing = ServiceCondition.options.filter((condition) => asked.includes(condition) && !met[condition]);
  return { counts: missing.length === 0, missing };
}

/** Nobody is late for a second assessment before the first one was made: then only `baseline` is missing. */
function isReassessed(params: ServiceRateParams, done: EpisodeHistory['assessments'], on: Day): boolean {
  const { reassessEveryMonths } = params;
  if (reassessEveryMonths === undefined || done.length === 0) return true;
  return done.some((assessment) => on <= addMonths(assessment.on, reassessEveryMonths));
}

export const CoverageCondition = z.enum(['clients', 'sessions']);
export type CoverageCondition = z.infer<typeof CoverageCondition>;

/** Whether an area provides the service (BZ-01, QS-03), from its persons in service and its sessions of the measuring month. */
export function coverageConditions(
  params: AreaCoverageParams,
  area: { readonly clients: number; readonly sessions: number },
): { counts: boolean; missing: CoverageCondition[] } {
  const missing: CoverageCondition[] = [];
  if (area.clients < params.minimumClients) missing.push('clients');
  if (area.sessions < params.minimumSessions) missing.push('sessions');
  return { counts: missing.length === 0, missing };
}

/** Targets by year, as written in a pack. */
export type Targets = Readonly<Record<string, number>>;

export interface Target {
  readonly value: number;
  readonly year: number;
  /** The year asked lies after the last target, which goes on applying. */
  readonly carriedOver: boolean;
}

/** The target of a year; a year after the last one keeps the last; a year before the first has none. */
export function findTarget(targets: Targets, year: number): Target | undefined {
  const years = Object.keys(targets)
    .map(Number)
    .sort((a, b) => b - a);
  const applying = years.find((one) => one <= year);
  const value = applying === undefined ? undefined : targets[applying];
  if (applying === undefined || value === undefined) return undefined;
  return { value, year: applying, carriedOver: applying < year };
}

/** numerator / denominator, or null where nobody is to be counted. */
export const ratio = (numerator: number, denominator: number): number | null =>
  denominator === 0 ? null : numerator / denominator;

/** 以上 and 不少于 include the number itself, as 以下 does for what is to fall. Null where there is no value or no target. */
export const isTargetMet = (value: number | null, target: Target | undefined, falling = false): boolean | null => {
  if (value === null || target === undefined) return null;
  return falling ? value <= target.value : value >= target.value;
};
