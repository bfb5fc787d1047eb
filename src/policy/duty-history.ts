// Which text of a duty governs which clock and which due day, where texts follow each other (docs/decisions/0010-duties-over-time.md).
import { addDays, compareDays, type Day } from '../kernel/calendar.ts';
import { type Cadence, eventOf } from './duty.ts';
import type { DutyRule } from './pack.ts';

export interface Days {
  readonly fromOn: Day;
  readonly toOn: Day;
}

/** A text of one duty in one place while it is the one in force. */
export interface DutySpan extends Days {
  readonly rule: DutyRule;
}

/** What is owed by the text of `span`: what falls due from `fromOn` to `toOn`; of clocks those that started within `starts`. */
export interface OwedSpan<S extends DutySpan> extends Days {
  readonly span: S;
  /** What holds on the due days: the same text or its successor. */
  readonly at: S;
  /** None for duties that the calendar sets. */
  readonly starts?: Days;
}

const beginning: Day = '1800-01-01';

/** Days from a start to its due day at most, generously: months of 31 days, working days over the longest holidays. */
export const longestClock = ({ workingDaysAfter, overMonthsSince, monthsAfter, afterByStability }: Cadence): number => {
  if (workingDaysAfter) return workingDaysAfter.days * 2 + 20;
  const { stable, basicallyStable, unstable } = afterByStability ?? {};
  const lengths = [overMonthsSince ?? monthsAfter, stable, basicallyStable, unstable].map((one) => ({
    days: 0,
    months: 0,
    ...one,
  }));
  return Math.max(...lengths.map(({ days = 0, months = 0 }) => days + months * 31)) + 3;
};

const earlier = (a: Day, b: Day): Day => (compareDays(a, b) < 0 ? a : b);

const owedIn = <S extends DutySpan>(spans: readonly S[], place: number, at: S): OwedSpan<S>[] => {
  const span = spans[place] as S;
  const event = eventOf(span.rule.cadence);
  if (event === undefined) return span === at ? [{ fromOn: at.fromOn, toOn: at.toOn, span, at }] : [];
  const before = spans.slice(0, place).findLast(({ rule }) => eventOf(rule.cadence) === event);
  const toOn = span === at ? at.toOn : earlier(at.toOn, addDays(span.toOn, longestClock(span.rule.cadence)));
  const starts = { fromOn: before ? addDays(before.toOn, 1) : beginning, toOn: span.toOn };
  return toOn < at.fromOn ? [] : [{ fromOn: at.fromOn, toOn, span, at, starts }];
};

/**
 * The texts of one duty, in order and none over another, turned to what is owed by each. A clock keeps the text of the day on which it
 * started; where none let it start, the first that does so later, for what falls due from then on. It is owed while any text of the duty holds
 * on its due day. What the calendar sets is owed by the text of its due day. So each clock and each due day has one text.
 */
export const listOwed = <S extends DutySpan>(spans: readonly S[]): OwedSpan<S>[] =>
  spans.flatMap((at, index) => spans.slice(0, index + 1).flatMap((_, place) => owedIn(spans, place, at)));
