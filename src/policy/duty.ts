// When a duty of a policy pack falls due: the closed list of cadences and their dates.
import { z } from 'zod';
import {
  addDays,
  addMonths,
  type CalendarOverrides,
  countWorkingDays,
  type Day,
  dayInMonth,
  lastDayOf,
  listMonths,
  monthOf,
} from '../kernel/calendar.ts';
import type { Stability } from './facts.ts';

/** What may start a duty's clock. */
export const DutyEvent = z.enum([
  'applied',
  'registered',
  'referred',
  'queued',
  'assessed',
  'discharged',
  'followedUp',
  'hazardFound',
]);
export type DutyEvent = z.infer<typeof DutyEvent>;

/**
 * What shows that a duty is done: the closed list of records that the engine can read. `recorded` is a note of whoever is responsible
 * (`duty.record`), for what no ledger of the product keeps yet.
 */
export const DutyEvidence = z.enum([
  // The end of a clock that an event starts.
  'applicationDecided',
  'referralSent',
  'referralAnswered',
  'queueReviewed',
  'transferOutAssessed',
  'followedUp',
  'hazardClosed',
  // Counted within a span of the calendar.
  'sessionAttended',
  'trainingHours',
  'reportFiled',
  'meetingHeld',
  'activityHeld',
  'exchangeMade',
  'sweepDone',
  'siteInspected',
  'recorded',
]);
export type DutyEvidence = z.infer<typeof DutyEvidence>;

/** Whom or what a duty is owed for; areas stand for what is owed once in each. */
export const DutySubject = z.enum([
  'application',
  'referral',
  'client',
  'hazard',
  'staff',
  'site',
  'town',
  'county',
  'city',
]);
export type DutySubject = z.infer<typeof DutySubject>;

/** Bodies that documents ask for: leading group, joint meeting of departments, experts, town group, care team of a person, village group. */
export const BodyKind = z.enum([
  'leadingGroup',
  'jointMeeting',
  'expertGroup',
  'townManagement',
  'careTeam',
  'villageCare',
]);
export type BodyKind = z.infer<typeof BodyKind>;

/** What is done for the public, for families and for staff besides the service itself (BZ-24, BZ-30, AL-18, CM-09, CM-22, CM-25). */
export const ActivityKind = z.enum([
  'publicity',
  'inclusion',
  'householdVisit',
  'policyAdvice',
  'healthEducation',
  'familyTraining',
  'staffTraining',
  'assessorTraining',
  'drill',
]);
export type ActivityKind = z.infer<typeof ActivityKind>;

/** Reports that offices owe: half-yearly (BZ-32), the table of each half month (QS-13), a year's summary (QS-12, AL). */
export const ReportKind = z.enum(['halfYear', 'halfMonth', 'year']);
export type ReportKind = z.infer<typeof ReportKind>;

/** Which kind of the evidence counts, where it has kinds. */
export const kindsOfEvidence: Partial<Record<DutyEvidence, readonly string[]>> = {
  meetingHeld: BodyKind.options,
  activityHeld: ActivityKind.options,
  reportFiled: ReportKind.options,
};

const interval = z
  .strictObject({ days: z.int().min(1).optional(), months: z.int().min(1).optional() })
  .refine(({ days, months }) => (days === undefined) !== (months === undefined), {
    error: '间隔写 days 或 months 之一',
  });

const dayOfMonth = z.union([z.int().min(1).max(31), z.literal('last')]);
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '请填写时刻，例如 12:00');

const cadences = {
  /** Within so many working days after the day of the event. */
  workingDaysAfter: z.strictObject({ event: DutyEvent, days: z.int().min(1) }),
  /** 超过: falls due on the first day on which more than so many months have passed. */
  overMonthsSince: z.strictObject({ event: DutyEvent, months: z.int().min(1) }),
  /** So many months after each such event, the same day of the month included. */
  monthsAfter: z.strictObject({ event: DutyEvent, months: z.int().min(1) }),
  /** So long after each such event as the person's stability on that day asks for; someone never assessed counts as unstable. */
  afterByStability: z.strictObject({
    event: DutyEvent,
    stable: interval,
    basicallyStable: interval,
    unstable: interval,
  }),
  /** In these months, by that day. */
  monthsOfYear: z.strictObject({ months: z.array(z.int().min(1).max(12)).min(1), day: dayOfMonth.default('last') }),
  /** On these days of every month, before a time of day where one is set; a short month's last day stands for the missing one. */
  daysOfMonth: z.strictObject({ days: z.array(dayOfMonth).min(1), before: time.optional() }),
  /** So many times (or so much of a unit) within every calendar month. */
  everyMonth: z.strictObject({ amount: z.number().positive(), unit: z.enum(['times', 'hours']).default('times') }),
  /** So many times (or so much of a unit) within every calendar year. */
  everyYear: z.strictObject({ amount: z.number().positive(), unit: z.enum(['times', 'hours']).default('times') }),
};

export const cadenceNames = Object.keys(cadences);

/** Exactly one cadence by name. */
export const Cadence = z
  .strictObject(cadences)
  .partial()
  .refine((cadence) => Object.keys(cadence).length === 1, { error: `时限只写一种：${cadenceNames.join('、')}` });
export type Cadence = z.infer<typeof Cadence>;

export interface Due {
  /** The last day on which the duty is done in time. */
  readonly dueOn: Day;
  /** 'HH:MM' in Asia/Shanghai before which it is to be done that day; else until the day ends. */
  readonly dueBefore?: string;
  /** False when working days of a year without a published calendar were counted. */
  readonly certain: boolean;
}

/** What is known on the day on which a clock starts; `stability` is that of the person on that day, where it was ever assessed. */
export interface ClockStart {
  readonly startOn: Day;
  readonly stability?: Stability | undefined;
  readonly calendarOverrides?: CalendarOverrides;
}

/** When a duty falls due whose clock an event started on `startOn`; a TypeError for duties that the calendar sets. */
export function dueOn(cadence: Cadence, { startOn, stability = 'unstable', calendarOverrides = {} }: ClockStart): Due {
  const { workingDaysAfter, overMonthsSince, monthsAfter, afterByStability } = cadence;
  if (workingDaysAfter) {
    const { day, certain } = countWorkingDays(startOn, workingDaysAfter.days, calendarOverrides);
    return { dueOn: day, certain };
  }
  if (overMonthsSince) return { dueOn: addDays(addMonths(startOn, overMonthsSince.months), 1), certain: true };
  if (monthsAfter) return { dueOn: addMonths(startOn, monthsAfter.months), certain: true };
  if (afterByStability) return { dueOn: addInterval(startOn, afterByStability[stability]), certain: true };
  throw new TypeError('this duty is set by the calendar: use listDues');
}

const addInterval = (day: Day, { days, months }: z.infer<typeof interval>): Day =>
  months === undefined ? addDays(day, days ?? 0) : addMonths(day, months);

/** The event that starts the duty's clock; undefined for duties that the calendar sets. */
export const eventOf = ({
  workingDaysAfter,
  overMonthsSince,
  monthsAfter,
  afterByStability,
}: Cadence): DutyEvent | undefined => (workingDaysAfter ?? overMonthsSince ?? monthsAfter ?? afterByStability)?.event;

/** The due days of a calendar duty from `fromOn` to `toOn`, both included, in order; none for duties that an event starts. */
export function listDues(cadence: Cadence, fromOn: Day, toOn: Day): Due[] {
  const before = cadence.daysOfMonth?.before;
  return listMonths(monthOf(fromOn), monthOf(toOn))
    .flatMap((month) => dueDaysInMonth(cadence, month))
    .filter((day) => fromOn <= day && day <= toOn)
    .map((day) => ({ dueOn: day, certain: true, ...(before === undefined ? {} : { dueBefore: before }) }));
}

function dueDaysInMonth(cadence: Cadence, month: string): Day[] {
  const monthNumber = Number(month.slice(5));
  const dayOf = (day: number | 'last') => (day === 'last' ? lastDayOf(month) : dayInMonth(month, day));
  const { monthsOfYear, daysOfMonth, everyMonth, everyYear } = cadence;
  if (monthsOfYear) return monthsOfYear.months.includes(monthNumber) ? [dayOf(monthsOfYear.day)] : [];
  if (daysOfMonth) return [...new Set(daysOfMonth.days.map(dayOf))].sort();
  if (everyMonth || (everyYear && monthNumber === 12)) return [lastDayOf(month)];
  return [];
}

/** Whether a duty still open on day `on` is late: its last day has passed. */
export const isOverdue = (due: Due, on: Day): boolean => on > due.dueOn;
