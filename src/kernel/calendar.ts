// Days, months, ages and working days as Chinese offices count them, and the one place that says what time it is.
import stateCouncil from 'chinese-days/dist/chinese-days.json' with { type: 'json' };
import { z } from 'zod';

/** A calendar day in Asia/Shanghai, 'YYYY-MM-DD'. Days compare as plain strings. */
export const Day = z.iso
  .date({ error: '请填写真实存在的日期，格式为“年-月-日”，例如 2024-03-01' })
  .refine((day) => day >= '1800' && day < '2200', '年份应在 1800 年至 2199 年之间');
export type Day = z.infer<typeof Day>;

/** A calendar month, 'YYYY-MM'. */
export const Month = z.string().regex(/^(1[89]|2[01])\d\d-(0[1-9]|1[0-2])$/, '请填写月份，格式为“年-月”，例如 2024-03');
export type Month = z.infer<typeof Month>;

const zone = 'Asia/Shanghai';

export const isDay = (text: string): text is Day => Day.safeParse(text).success;

/** -1, 0 or 1, for sorting. */
export const compareDays = (a: Day, b: Day): -1 | 0 | 1 => (a < b ? -1 : a > b ? 1 : 0);

export const addDays = (day: Day, days: number): Day => Temporal.PlainDate.from(day).add({ days }).toString();

/** The same day of the month `months` later; a month without that day gives its last day (Civil Code art. 202). */
export const addMonths = (day: Day, months: number): Day => Temporal.PlainDate.from(day).add({ months }).toString();

/** Days from `from` to `to`; negative when `to` is earlier. */
export const daysBetween = (from: Day, to: Day): number =>
  Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days;

/** Whole months that have passed from `from` to `to`, so that addMonths(from, n) <= to; never negative for from <= to. */
export function monthsBetween(from: Day, to: Day): number {
  const apart = (yearOf(to) - yearOf(from)) * 12 + Number(to.slice(5, 7)) - Number(from.slice(5, 7));
  return addMonths(from, apart) > to ? apart - 1 : apart;
}

export const yearOf = (day: Day | Month): number => Number(day.slice(0, 4));
export const monthOf = (day: Day): Month => day.slice(0, 7);
export const firstDayOf = (month: Month): Day => `${month}-01`;
export const lastDayOf = (month: Month): Day => addDays(addMonths(firstDayOf(month), 1), -1);

/** The day of that number in the month; where the month has no such day, its last day stands for it. */
export function dayInMonth(month: Month, dayOfMonth: number): Day {
  const last = lastDayOf(month);
  const wanted = `${month}-${String(dayOfMonth).padStart(2, '0')}`;
  return wanted < last ? wanted : last;
}

/** The last whole calendar month that ended on or before `day`; on a month's last day that month itself. */
export const lastWholeMonthBefore = (day: Day): Month => monthOf(addMonths(firstDayOf(monthOf(addDays(day, 1))), -1));

/** Months from `from` to `to`, both included. */
export function listMonths(from: Month, to: Month): Month[] {
  const months: Month[] = [];
  for (let day = firstDayOf(from); monthOf(day) <= to; day = addMonths(day, 1)) months.push(monthOf(day));
  return months;
}

/** Completed years of age (周岁). Somebody born on 29 February completes a year on 1 March where the year has no 29th. */
export function ageOn(birthDay: Day, day: Day): number {
  const years = yearOf(day) - yearOf(birthDay);
  return day.slice(5) < birthDay.slice(5) ? years - 1 : years;
}

/** Days that an office declares working (true) or free (false) against the State Council calendar. */
export type CalendarOverrides = Readonly<Record<Day, boolean>>;

const holidays: Readonly<Record<string, string>> = stateCouncil.holidays;
const swappedIn: Readonly<Record<string, string>> = stateCouncil.workdays;
const knownYears = new Set(Object.keys(holidays).map(yearOf));

/** Whether the State Council's calendar of that year is on board; without it only weekends are known to be free. */
export const hasWorkingCalendar = (year: number): boolean => knownYears.has(year);

export function isWorkingDay(day: Day, overrides: CalendarOverrides = {}): boolean {
  const declared = overrides[day];
  if (declared !== undefined) return declared;
  if (day in swappedIn) return true;
  if (day in holidays) return false;
  return Temporal.PlainDate.from(day).dayOfWeek <= 5;
}

export interface WorkingDayCount {
  readonly day: Day;
  /** False when a year on the way has no published calendar, so that public holidays were not taken into account. */
  readonly certain: boolean;
}

/** The `count`-th working day after `day`; the day itself never counts (Civil Code art. 201). `count` 0 gives the day. */
export function countWorkingDays(day: Day, count: number, overrides: CalendarOverrides = {}): WorkingDayCount {
  let current = day;
  let certain = count === 0 || hasWorkingCalendar(yearOf(day));
  for (let left = count; left > 0; ) {
    current = addDays(current, 1);
    certain &&= hasWorkingCalendar(yearOf(current));
    if (isWorkingDay(current, overrides)) left -= 1;
  }
  return { day: current, certain };
}

/** As countWorkingDays, the day alone. */
export const addWorkingDays = (day: Day, count: number, overrides: CalendarOverrides = {}): Day =>
  countWorkingDays(day, count, overrides).day;

/** Working days after `from` up to and with `to`; negative when `to` is earlier (so many days late). */
export function workingDaysBetween(from: Day, to: Day, overrides: CalendarOverrides = {}): number {
  if (to < from) return -workingDaysBetween(to, from, overrides);
  let count = 0;
  for (let day = from; day < to; ) {
    day = addDays(day, 1);
    if (isWorkingDay(day, overrides)) count += 1;
  }
  return count;
}

/** The only source of "now" for the server, jobs and commands; pure code is given a day or an instant instead. */
export interface Clock {
  /** ISO instant in UTC. */
  now(): string;
  /** Today in Asia/Shanghai. */
  today(): Day;
}

/** The day in Asia/Shanghai at an ISO instant. */
export const dayAt = (instant: string): Day =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString();

/** Hour and minute in Asia/Shanghai at an ISO instant, 'HH:MM'. */
export const timeAt = (instant: string): string =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainTime().toString().slice(0, 5);

const clockOf = (now: () => string): Clock => ({ now, today: () => dayAt(now()) });

const realNow = (): string => new Date().toISOString();

export const systemClock: Clock = clockOf(realNow);

/** A clock that showed `startAt` when the real time was `startedAtReal`, and runs on at the real pace. */
export function offsetClock(startAt: string, startedAtReal: string = realNow()): Clock {
  const offset = Date.parse(startAt) - Date.parse(startedAtReal);
  return clockOf(() => new Date(Date.now() + offset).toISOString());
}
