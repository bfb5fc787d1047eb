// The half-yearly report of a county (BZ-32): its period, figures frozen with their day, text, and the entries that draft and file it.
import { z } from 'zod';
import { County, Day } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { Figures } from './report-figures.ts';

/** A half year, '2024-H1'. */
export const Period = z.string().regex(/^\d{4}-H[12]$/, '应为 年份-H1 或 年份-H2');
export type Period = z.infer<typeof Period>;

export const firstDayOfPeriod = (period: Period): Day =>
  `${period.slice(0, 4)}-${period.endsWith('1') ? '01' : '07'}-01`;
export const lastDayOfPeriod = (period: Period): Day =>
  `${period.slice(0, 4)}-${period.endsWith('1') ? '06-30' : '12-31'}`;
/** 2024年上半年 */
export const nameOfPeriod = (period: Period): string =>
  `${period.slice(0, 4)}年${period.endsWith('1') ? '上半年' : '下半年'}`;

/** Periods that begin between the two days, the newest first. */
export const listPeriods = (fromOn: Day, toOn: Day): Period[] => {
  const periods: Period[] = [];
  for (let year = Number(toOn.slice(0, 4)); year >= Number(fromOn.slice(0, 4)); year--)
    for (const half of [2, 1]) {
      const period = `${year}-H${half}`;
      if (firstDayOfPeriod(period) <= toOn && lastDayOfPeriod(period) >= fromOn) periods.push(period);
    }
  return periods;
};

const section = z.string().trim().max(4000);
/** What the county writes: progress on goals, on tasks, on safeguards (BZ-32). */
export const ReportText = z.object({ goals: section, tasks: section, safeguards: section });
export type ReportText = z.infer<typeof ReportText>;
export const reportSections = ['goals', 'tasks', 'safeguards'] as const satisfies readonly (keyof ReportText)[];
export const sectionNames: Readonly<Record<keyof ReportText, string>> = {
  goals: '一、目标进展',
  tasks: '二、任务进展',
  safeguards: '三、保障措施',
};
export const emptyText: ReportText = { goals: '', tasks: '', safeguards: '' };

const content = {
  period: Period,
  /** The day the figures are of: the last of the period, or the day of drafting where that is earlier. */
  asOf: Day,
  /** The last day in time, by the place's duty. */
  dueOn: Day,
  /** The reporting office, by name. */
  organisation: z.string().max(60),
  figures: Figures,
  text: ReportText,
};
export const ReportContent = z.object(content);
export type ReportContent = z.infer<typeof ReportContent>;

/** Figures are taken; a second one takes them anew, before filing. The subject is the report; the first entry's id is its id. */
export const reportDrafted = defineEntry({
  type: 'report.draft',
  summary: '起草半年报告',
  body: ReportContent,
});
export const reportEdited = defineEntry({
  type: 'report.edit',
  summary: '修改半年报告文字',
  body: z.object({ text: ReportText }),
});
/** The whole report as filed; `hash` is `hashReport` of the rest of the body. Never corrected: later data shows as a drift note. */
export const reportFiled = defineEntry({
  type: 'report.file',
  summary: '报送半年报告',
  body: z.object({ ...content, hash: z.string().regex(/^[0-9a-f]{64}$/) }),
});
export const reportEntries = [reportDrafted, reportEdited, reportFiled];

/** A report as stored; `filedOn` and `hash` are null while it is a draft. */
export const Report = z.object({
  county: County,
  id: z.uuid(),
  ...content,
  draftedOn: Day,
  filedOn: Day.nullable(),
  hash: z.string().nullable(),
});
export type Report = z.infer<typeof Report>;

/** How a county stands with a period on a day. */
export const ReportStatus = z.enum(['filed', 'filedLate', 'due', 'overdue', 'notDue']);
export type ReportStatus = z.infer<typeof ReportStatus>;

/** `due` once the month of the last day has begun (each June and December), `overdue` after that day. */
export const statusOfReport = (dueOn: Day, filedOn: Day | null, today: Day): ReportStatus => {
  if (filedOn !== null) return filedOn > dueOn ? 'filedLate' : 'filed';
  if (today > dueOn) return 'overdue';
  return today.slice(0, 7) >= dueOn.slice(0, 7) ? 'due' : 'notDue';
};

/** The day of the figures when drafted on `today`. Refuses (`periodNotBegun`) a period that has not begun. */
export const decideAsOf = (period: Period, today: Day): Day => {
  if (firstDayOfPeriod(period) > today)
    throw new Refusal('periodNotBegun', `${nameOfPeriod(period)}还没有开始，不能起草报告。`, {
      fields: { period: '尚未开始' },
      cites: ['BZ-32'],
    });
  const end = lastDayOfPeriod(period);
  return today < end ? today : end;
};

/** Refuses (`alreadyFiled`) any change of a filed report. */
export const checkDraft = (report: Pick<Report, 'filedOn'>): void => {
  if (report.filedOn !== null)
    throw new Refusal('alreadyFiled', `报告已于 ${report.filedOn} 报送，内容不再改变。`, {
      kind: 'conflict',
      cites: ['BZ-32'],
    });
};

/** Refuses to file a report without its text (`textMissing`), or before the month in which it is due (`tooEarly`). */
export const checkFiling = (report: Pick<Report, 'text' | 'dueOn' | 'period'>, today: Day): void => {
  const empty = reportSections.filter((name) => report.text[name] === '');
  if (empty.length)
    throw new Refusal('textMissing', `请先填写：${empty.map((name) => sectionNames[name].slice(2)).join('、')}。`, {
      fields: Object.fromEntries(empty.map((name) => [`text.${name}`, '请填写'])),
      cites: ['BZ-32'],
    });
  if (statusOfReport(report.dueOn, null, today) === 'notDue')
    throw new Refusal('tooEarly', `${nameOfPeriod(report.period)}的报告从 ${report.dueOn.slice(0, 7)} 起报送。`, {
      cites: ['BZ-32'],
    });
};
