// The kinds of report and the periods that they are of: names, first days, and from when a report may be filed.
import { z } from 'zod';
import { addDays, addMonths, type Day, dayAt, firstDayOf, monthOf, timeAt } from '../kernel/calendar.ts';
import type { ReportKind } from '../policy/duty.ts';

/** A half year '2024-H1', a year '2024', or the last day of a half month '2024-02-29', which is the day its table is due. */
export const Period = z
  .string()
  .regex(/^20\d{2}(-H[12]|-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))?$/, '应为 年份-H1、年份-H2、年份，或半月的最后一天');
export type Period = z.infer<typeof Period>;

export const kindOfPeriod = (period: Period): ReportKind =>
  period.includes('H') ? 'halfYear' : period.length === 4 ? 'year' : 'halfMonth';

/** Of a half year or a year; the first day of a half month hangs on the rule (report-due.ts). */
export const firstDayOfPeriod = (period: Period): Day =>
  `${period.slice(0, 4)}-${period.endsWith('H2') ? '07' : '01'}-01`;
export const lastDayOfPeriod = (period: Period): Day =>
  kindOfPeriod(period) === 'halfMonth' ? period : `${period.slice(0, 4)}-${period.endsWith('H1') ? '06-30' : '12-31'}`;

export const firstDayOfQuarter = (day: Day): Day => {
  const first = 3 * Math.floor((Number(day.slice(5, 7)) - 1) / 3) + 1;
  return `${day.slice(0, 4)}-${String(first).padStart(2, '0')}-01`;
};

/** 2024年上半年, 2024年, 2024年2月下半月 */
export const nameOfPeriod = (period: Period): string => {
  const [year, part = '', day = ''] = period.split('-');
  const kind = kindOfPeriod(period);
  if (kind === 'year') return `${year}年`;
  if (kind === 'halfYear') return `${year}年${part === 'H1' ? '上半年' : '下半年'}`;
  return `${year}年${Number(part)}月${Number(day) <= 15 ? '上半月' : '下半月'}`;
};

/** What such a report is called in its title. */
export const nounOfKind: Readonly<Record<ReportKind, string>> = {
  halfYear: '进展情况报告',
  halfMonth: '进展情况统计表',
  year: '年度总结',
};

/** When a report is due: a day, and the time of that day before which it has to be there ('HH:MM'; null: until the day ends). */
export interface ReportDueTime {
  readonly dueOn: Day;
  readonly dueBefore?: string | null | undefined;
}

/** 2024-02-29 12:00 */
export const textOfDue = ({ dueOn, dueBefore }: ReportDueTime): string => (dueBefore ? `${dueOn} ${dueBefore}` : dueOn);

/**
 * Whether what happened on the day, recorded at the instant, came too late. The stroke of the hour is late: the rule says before. The time
 * of day counts only for what was recorded on its own day.
 */
export const isLate = ({ dueOn, dueBefore }: ReportDueTime, { on, at }: { on: Day; at: string | null }): boolean =>
  on > dueOn ||
  (on === dueOn && Boolean(dueBefore) && at !== null && dayAt(at) === on && timeAt(at) >= (dueBefore ?? ''));

/** Days before its due day from which a half month's table may be filed, and months for a year's; no document's numbers. */
const tableNoticeDays = 3;
const yearNoticeMonths = 1;

/** The first day on which the report may be filed; a half-yearly one in the month in which it is due (each June and December, BZ-32). */
export const opensOn = (period: Period, dueOn: Day): Day => {
  const kind = kindOfPeriod(period);
  if (kind === 'halfMonth') return addDays(dueOn, -tableNoticeDays);
  return kind === 'year' ? addMonths(dueOn, -yearNoticeMonths) : firstDayOf(monthOf(dueOn));
};
