// A report of a county or a town (BZ-32, QS-13, QS-12): figures frozen with their day, text, and the entries that draft and file it.
import { z } from 'zod';
import { County, Day, Town } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { ReportKind } from '../policy/duty.ts';
import { Figures } from './report-figures.ts';
import {
  firstDayOfPeriod,
  isLate,
  kindOfPeriod,
  nameOfPeriod,
  nounOfKind,
  opensOn,
  Period,
  type ReportDueTime,
} from './report-period.ts';

const section = z.string().trim().max(4000);
const ReportSection = z.enum(['goals', 'tasks', 'safeguards', 'problems', 'plans', 'remarks']);
type ReportSection = z.infer<typeof ReportSection>;
/** What the office writes, by section; which sections a report has hangs on its kind. */
export const ReportText = z.partialRecord(ReportSection, section);
export type ReportText = z.infer<typeof ReportText>;

interface SectionOfKind {
  readonly key: ReportSection;
  readonly name: string;
  /** Without it the report cannot be filed. */
  readonly required: boolean;
}
const asked = (key: ReportSection, name: string): SectionOfKind => ({ key, name, required: true });

/** Half a year: progress on goals, on tasks, on safeguards (BZ-32). A table has remarks alone, where its figures are corrected in words. */
export const sectionsOfKind: Readonly<Record<ReportKind, readonly SectionOfKind[]>> = {
  halfYear: [asked('goals', '一、目标进展'), asked('tasks', '二、任务进展'), asked('safeguards', '三、保障措施')],
  halfMonth: [{ key: 'remarks', name: '备注', required: false }],
  year: [asked('tasks', '一、全年工作'), asked('problems', '二、存在问题'), asked('plans', '三、下一步打算')],
};
export const sectionsOf = (period: Period): readonly SectionOfKind[] => sectionsOfKind[kindOfPeriod(period)];

/** Empty sections of the period's kind with what is written of them; sections of other kinds fall away. */
export const textOf = (
  period: Period,
  text: { readonly [key in keyof ReportText]?: string | undefined } = {},
): ReportText => Object.fromEntries(sectionsOf(period).map(({ key }) => [key, text[key] ?? '']));

const content = {
  period: Period,
  /** Absent: the report is the county's. */
  town: Town.nullish(),
  /** The first day of a half month; absent where the period says it. */
  fromOn: Day.nullish(),
  /** The day the figures are of: the last of the period, or the day of drafting where that is earlier. */
  asOf: Day,
  /** The last day in time, by the place's duty. */
  dueOn: Day,
  /** The time of that day before which it is in time; absent: until the day ends. */
  dueBefore: z
    .string()
    .regex(/^\d\d:\d\d$/)
    .nullish(),
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
  summary: '起草报告',
  body: ReportContent,
});
export const reportEdited = defineEntry({
  type: 'report.edit',
  summary: '修改报告文字',
  body: z.object({ text: ReportText }),
});
/** The whole report as filed; `hash` is `hashReport` of the rest of the body. Never corrected: later data shows as a drift note. */
export const reportFiled = defineEntry({
  type: 'report.file',
  summary: '报送报告',
  body: z.object({ ...content, hash: z.string().regex(/^[0-9a-f]{64}$/) }),
});
export const reportEntries = [reportDrafted, reportEdited, reportFiled];

/** A report as stored; `filedOn`, `filedAt` and `hash` are null while it is a draft. */
export const Report = z.object({
  county: County,
  id: z.uuid(),
  /** Whose it is: the town, or the county. */
  area: z.string(),
  ...content,
  draftedOn: Day,
  filedOn: Day.nullable(),
  filedAt: z.string().nullable(),
  hash: z.string().nullable(),
});
export type Report = z.infer<typeof Report>;

/** The first day whose events the report counts. */
export const firstDayOfReport = ({ period, fromOn }: Pick<Report, 'period' | 'fromOn'>): Day =>
  fromOn ?? firstDayOfPeriod(period);

/** How an office stands with a report at an instant. */
export const ReportStatus = z.enum(['filed', 'filedLate', 'due', 'overdue', 'notDue']);
export type ReportStatus = z.infer<typeof ReportStatus>;

/** What a status is worked out from; `filedOn` and `filedAt` are null where nothing was filed. */
export interface Filing extends ReportDueTime, Pick<Report, 'filedOn' | 'filedAt'> {
  readonly period: Period;
}

/** `due` once it may be filed, `overdue` after the last moment in time. */
export const statusOfReport = (filing: Filing, { today, now }: { today: Day; now: string }): ReportStatus => {
  const { filedOn, filedAt } = filing;
  if (filedOn !== null) return isLate(filing, { on: filedOn, at: filedAt }) ? 'filedLate' : 'filed';
  if (isLate(filing, { on: today, at: now })) return 'overdue';
  return today >= opensOn(filing.period, filing.dueOn) ? 'due' : 'notDue';
};

/** 2024年上半年进展情况报告, 2024年度总结 */
export const nameOfReport = (period: Period): string => {
  const kind = kindOfPeriod(period);
  return `${kind === 'year' ? period : nameOfPeriod(period)}${nounOfKind[kind]}`;
};

/** The day of the figures when drafted on `today`. Refuses (`periodNotBegun`) a period that has not begun. */
export const decideAsOf = (
  { period, fromOn, endsOn, clause }: { period: Period; fromOn: Day; endsOn: Day; clause: readonly string[] },
  today: Day,
): Day => {
  if (fromOn > today)
    throw new Refusal('periodNotBegun', `${nameOfPeriod(period)}还没有开始，不能起草报告。`, {
      fields: { period: '尚未开始' },
      cites: [...clause],
    });
  return today < endsOn ? today : endsOn;
};

/** Refuses (`alreadyFiled`) any change of a filed report. */
export const checkDraft = (report: Pick<Report, 'filedOn'>): void => {
  if (report.filedOn !== null)
    throw new Refusal('alreadyFiled', `报告已于 ${report.filedOn} 报送，内容不再改变。`, { kind: 'conflict' });
};

/** Refuses to file a report without its text (`textMissing`), or before it may be filed (`tooEarly`). */
export const checkFiling = (
  { text, dueOn, period }: Pick<Report, 'text' | 'dueOn' | 'period'>,
  today: Day,
  clause: readonly string[] = [],
): void => {
  const cites = [...clause];
  const empty = sectionsOf(period).filter(({ key, required }) => required && !text[key]);
  if (empty.length)
    throw new Refusal('textMissing', `请先填写：${empty.map(({ name }) => name.replace(/^.、/, '')).join('、')}。`, {
      fields: Object.fromEntries(empty.map(({ key }) => [`text.${key}`, '请填写'])),
      cites,
    });
  const from = opensOn(period, dueOn);
  if (today < from) throw new Refusal('tooEarly', `${nameOfReport(period)}从 ${from} 起报送。`, { cites });
};
