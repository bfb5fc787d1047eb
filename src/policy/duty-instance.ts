// Each single time that a duty is owed: when it falls due, what shows it done, and how it stands as of a day.
import { z } from 'zod';
import {
  addDays,
  addMonths,
  type CalendarOverrides,
  type Day,
  dayAt,
  firstDayOf,
  monthOf,
  timeAt,
} from '../kernel/calendar.ts';
import { type Cadence, type DutyEvidence, dueOn, eventOf, listDues } from './duty.ts';
import type { Stability } from './facts.ts';
import type { DutyRule } from './pack.ts';

/** `planned`: no ledger of the product holds the evidence yet, so that nothing is said to be done or late. */
export const DutyState = z.enum(['late', 'due', 'doneLate', 'done', 'planned']);
export type DutyState = z.infer<typeof DutyState>;

/** The end of a day, for clocks that ask "before when". */
export const endOfDay = '24:00';

/** As of which moment one asks: `time` is 'HH:MM' of today's clock, and the day's end for days that are over. */
export interface AsOf {
  readonly on: Day;
  readonly time: string;
}

/** One dated record that counts. `forOn`: the due day that it was made for, where the record says so (a report of a period). */
export interface DutyRecord {
  readonly id: string | null;
  readonly on: Day;
  readonly at?: string | undefined;
  readonly amount: number;
  readonly forOn?: Day | undefined;
}

/** What is known of one whom a duty is owed for. */
export interface DutyKnowledge {
  /** Since when it is there; null for areas, which always are. */
  readonly sinceOn: Day | null;
  /** From this day on nothing new is owed. */
  readonly endOn?: Day | undefined;
  /** Days on which a clock started. */
  readonly starts: readonly Day[];
  readonly records: readonly DutyRecord[];
  /** Assessments of stability, in order of their days; the last of a day stands. */
  readonly stability?: readonly { readonly on: Day; readonly value: Stability }[];
}

export interface DutyInstance {
  readonly dueOn: Day;
  readonly dueBefore?: string | undefined;
  readonly certain: boolean;
  readonly state: DutyState;
  readonly done: number;
  readonly asked: number;
  readonly evidence: readonly DutyRecord[];
}

/** A span of the calendar that ends with the due day, and how much is asked in it. */
export interface DutyPeriod {
  readonly firstOn: Day;
  readonly dueOn: Day;
  readonly dueBefore: string | null;
  readonly asked: number;
  /** False for hours. */
  readonly times: boolean;
}

/** Evidence that may start the same duty's next clock: on the day of the start itself it is that start, not its end. */
const startsAnew: readonly DutyEvidence[] = ['queueReviewed', 'transferOutAssessed', 'followedUp'];
export const countsOnStart = (evidence: DutyEvidence): boolean => !startsAnew.includes(evidence);

/** The spans of a calendar duty that fall due from `from` to `to`: months and years, or the days since the last due day. */
export const listPeriods = (cadence: Cadence, from: Day, to: Day): DutyPeriod[] => {
  const { everyMonth, everyYear } = cadence;
  const { amount: asked, unit } = everyMonth ?? everyYear ?? { amount: 1, unit: 'times' };
  const firstOf = (day: Day, before: Day | undefined): Day => {
    if (everyMonth) return firstDayOf(monthOf(day));
    return everyYear ? `${day.slice(0, 4)}-01-01` : addDays(before ?? day, 1);
  };
  // Every cadence of the calendar has a due day in any thirteen months.
  const dues = listDues(cadence, addMonths(from, -13), to);
  return dues.flatMap((due, index) => {
    const firstOn = firstOf(due.dueOn, dues[index - 1]?.dueOn);
    const dueBefore = due.dueBefore ?? null;
    return due.dueOn < from ? [] : [{ firstOn, dueOn: due.dueOn, dueBefore, asked, times: unit === 'times' }];
  });
};

/** Whether the moment has passed the last one in time. */
export const isPast = (due: { readonly dueOn: Day; readonly dueBefore?: string | null | undefined }, at: AsOf) =>
  at.on > due.dueOn || (at.on === due.dueOn && due.dueBefore != null && at.time >= due.dueBefore);

/** A record without its hour on a day that asks for one does not show that it was in time. */
const inTime = (due: { readonly dueOn: Day; readonly dueBefore?: string | null | undefined }, record: DutyRecord) => {
  const on = record.at === undefined ? record.on : dayAt(record.at);
  if (on !== due.dueOn || due.dueBefore == null) return on <= due.dueOn;
  return record.at !== undefined && timeAt(record.at) < due.dueBefore;
};

const stateOf = (
  due: Pick<DutyPeriod, 'dueOn' | 'dueBefore'>,
  done: boolean,
  last: DutyRecord | undefined,
  at: AsOf,
) => (done ? (last === undefined || inTime(due, last) ? 'done' : 'doneLate') : isPast(due, at) ? 'late' : 'due');

/** Whoever left on or before the due day owed nothing then; later, what was missed stays missed. */
const stillOwed = (endOn: Day | undefined, due: Day, at: AsOf): boolean =>
  endOn === undefined || endOn > at.on || endOn > due;

const byDay = (a: DutyRecord, b: DutyRecord): number =>
  a.on === b.on ? ((a.id ?? '') < (b.id ?? '') ? -1 : 1) : a.on < b.on ? -1 : 1;

interface Asked {
  readonly from: Day;
  readonly to: Day;
  readonly at: AsOf;
  readonly calendarOverrides?: CalendarOverrides;
}

const clockInstances = (
  { cadence, evidence }: Pick<DutyRule, 'cadence' | 'evidence'>,
  known: DutyKnowledge,
  { from, to, at, calendarOverrides = {} }: Asked,
): DutyInstance[] =>
  [...new Set(known.starts)]
    .filter((startOn) => startOn <= at.on)
    .sort()
    .flatMap((startOn): DutyInstance[] => {
      const stability = known.stability?.findLast(({ on }) => on <= startOn)?.value;
      const { dueOn: due, certain } = dueOn(cadence, { startOn, stability, calendarOverrides });
      if (due < from || due > to) return [];
      const ended = known.endOn !== undefined && known.endOn <= at.on ? known.endOn : at.on;
      const first = known.records
        .filter(({ on }) => on <= ended && (on > startOn || (on === startOn && countsOnStart(evidence))))
        .sort(byDay)[0];
      if (first === undefined && !stillOwed(known.endOn, due, at)) return [];
      const state = stateOf({ dueOn: due, dueBefore: null }, first !== undefined, first, at);
      return [{ dueOn: due, certain, state, done: first ? 1 : 0, asked: 1, evidence: first ? [first] : [] }];
    });

/** A period is owed by whoever was there before it began (as the standardized-service rate has it), and is still there when it ends. */
const periodInstances = (
  { cadence }: Pick<DutyRule, 'cadence'>,
  known: DutyKnowledge,
  { from, to, at }: Asked,
): DutyInstance[] =>
  listPeriods(cadence, from, to)
    .filter(({ firstOn }) => known.sinceOn === null || known.sinceOn < firstOn)
    .filter(({ dueOn: due }) => stillOwed(known.endOn, due, at))
    .map((period): DutyInstance => {
      const evidence = known.records
        .filter(({ on }) => on <= at.on)
        .filter(({ on, forOn }) =>
          forOn === undefined ? period.firstOn <= on && on <= period.dueOn : forOn === period.dueOn,
        )
        .sort(byDay);
      const done = evidence.reduce((sum, { amount }) => sum + amount, 0);
      const state = stateOf(period, done >= period.asked, evidence.at(-1), at);
      const { dueBefore, asked } = period;
      return { dueOn: period.dueOn, dueBefore: dueBefore ?? undefined, certain: true, state, done, asked, evidence };
    });

/**
 * Every instance of a duty for one subject that falls due from `from` to `to`, as of a moment. Only records and starts of that day or
 * before are looked at, so that what happens later changes no earlier answer. Done late is only what can say what it was done for: the
 * end of a clock, or a record with `forOn`; what is merely counted in a span counts in its own span.
 */
export const instancesOf = (
  rule: Pick<DutyRule, 'cadence' | 'evidence'>,
  known: DutyKnowledge,
  asked: Asked,
): DutyInstance[] =>
  eventOf(rule.cadence) === undefined ? periodInstances(rule, known, asked) : clockInstances(rule, known, asked);
