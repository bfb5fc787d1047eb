// Operations on reports: draft, take figures anew, edit the text, file, open, list, the table of a county's towns, and the workbooks.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Area, County, Day, Id, listQuery, operation, page, Town } from '../kernel/contract.ts';
import { ReportKind } from '../policy/duty.ts';
import { Report, ReportStatus, ReportText } from './report.ts';
import { Drift, FigureValues, figureKeys } from './report-figures.ts';
import { Period } from './report-period.ts';

export const reportReaders: readonly Role[] = ['civilAffairs', 'health', 'federation'];
const writers: readonly Role[] = ['civilAffairs'];
const clauses = ['BZ-32', 'QS-12', 'QS-13', 'AL-19'];
const tableClauses = ['QS-13'];
const one = { report: Id };

const ReportRow = z.object({
  county: County,
  /** Who owes it: a town or the county. */
  area: Area,
  areaName: z.string(),
  kind: ReportKind,
  period: Period,
  /** Null where nobody has begun. */
  report: Id.nullable(),
  dueOn: Day,
  /** 'HH:MM' of that day; null: until the day ends. */
  dueBefore: z.string().nullable(),
  filedOn: Day.nullable(),
  filedAt: z.string().nullable(),
  clause: z.array(z.string()),
  /** The last day of the document that asks for it, where that is over. */
  endedOn: Day.nullable(),
  status: ReportStatus,
  /** Days from today to the last day, negative when it is past; null once filed. */
  left: z.int().nullable(),
});
export type ReportRow = z.infer<typeof ReportRow>;

/** The tables that the towns of a county filed of a period, side by side. */
const ReportSummary = z.object({
  county: County,
  countyName: z.string(),
  period: Period,
  dueOn: Day,
  dueBefore: z.string().nullable(),
  clause: z.array(z.string()),
  endedOn: Day.nullable(),
  /** What else there is to choose, the last due first. */
  periods: z.array(Period),
  rows: z.array(
    z.object({
      area: Town,
      areaName: z.string(),
      report: Id.nullable(),
      status: ReportStatus,
      filedOn: Day.nullable(),
      filedAt: z.string().nullable(),
      /** As filed; null until then. */
      values: FigureValues.nullable(),
      remarks: z.string(),
    }),
  ),
  /** Of those that filed. */
  total: FigureValues,
});
export type ReportSummary = z.infer<typeof ReportSummary>;
const summaryInput = z.object({ county: County, period: Period.optional() });

export const reportApi = {
  /** Counts past row-level security: whoever is a town's office counts where persons were on the day, not who is there now. */
  draft: operation({
    name: 'report.draft',
    summary: '起草报告',
    method: 'POST',
    path: '/reports',
    roles: writers,
    city: 'figures',
    refusals: ['noRule', 'periodNotBegun', 'alreadyDrafted'],
    clauses,
    /** Without a town: the county's own. */
    input: z.object({ id: Id, county: County, town: Town.optional(), period: Period }),
    output: z.object(one),
  }),
  refresh: operation({
    name: 'report.refresh',
    summary: '重新提取报告数据',
    method: 'POST',
    path: '/reports/{report}/figures',
    roles: writers,
    city: 'figures',
    refusals: ['alreadyFiled', 'noRule', 'periodNotBegun'],
    clauses,
    input: z.object({ id: Id, ...one }),
    output: z.object({ asOf: Day }),
  }),
  edit: operation({
    name: 'report.edit',
    summary: '修改报告文字',
    method: 'PUT',
    path: '/reports/{report}/text',
    roles: writers,
    city: 'noPerson',
    refusals: ['alreadyFiled'],
    clauses,
    input: z.object({ id: Id, ...one, text: ReportText }),
    output: z.object({}),
  }),
  file: operation({
    name: 'report.file',
    summary: '报送报告',
    method: 'POST',
    path: '/reports/{report}/file',
    roles: writers,
    city: 'noPerson',
    refusals: ['alreadyFiled', 'textMissing', 'tooEarly'],
    clauses,
    input: z.object({ id: Id, ...one }),
    output: z.object({ hash: z.string(), filedOn: Day, filedAt: z.string(), late: z.boolean() }),
  }),
  get: operation({
    name: 'report.get',
    summary: '一份报告',
    method: 'GET',
    path: '/reports/{report}',
    roles: reportReaders,
    city: 'figures',
    clauses,
    input: z.object(one),
    output: z.object({
      report: Report,
      areaName: z.string(),
      clause: z.array(z.string()),
      endedOn: Day.nullable(),
      status: ReportStatus,
      /** Whether figures taken today would be of a later day than those of this draft. */
      stale: z.boolean(),
      /** False: for who may not see the persons. No towns, no drift, and the totals in `hidden` are null (docs/decisions/0007). */
      exact: z.boolean(),
      hidden: z.array(z.enum(figureKeys)),
      /** Whether the content still hashes to what was filed; null for a draft. */
      intact: z.boolean().nullable(),
      /** Figures of the same day that later entries changed. */
      drift: z.array(Drift),
    }),
  }),
  list: operation({
    name: 'report.list',
    summary: '报告报送情况',
    method: 'GET',
    path: '/reports',
    roles: reportReaders,
    city: 'figures',
    clauses,
    input: z.object({
      ...listQuery,
      area: Area.optional(),
      status: ReportStatus.optional(),
      period: Period.optional(),
      kind: ReportKind.optional(),
      /** `recent`: what is not filed, and what was due in this quarter or later. */
      span: z.enum(['recent', 'all']).default('all'),
    }),
    output: page(ReportRow),
  }),
  summary: operation({
    name: 'report.summary',
    summary: '各乡镇（街道）报送汇总',
    method: 'GET',
    path: '/report-summary',
    roles: reportReaders,
    refusals: ['noRule'],
    clauses: tableClauses,
    input: summaryInput,
    output: ReportSummary,
  }),
  summarySheet: operation({
    name: 'report.summarySheet',
    summary: '导出各乡镇（街道）报送汇总',
    method: 'GET',
    path: '/report-summary/sheet',
    audit: 'export',
    roles: reportReaders,
    refusals: ['noRule'],
    clauses: tableClauses,
    input: summaryInput,
    output: z.file(),
  }),
  sheet: operation({
    name: 'report.sheet',
    summary: '导出报告',
    method: 'GET',
    path: '/reports/{report}/sheet',
    audit: 'export',
    roles: reportReaders,
    city: 'figures',
    clauses,
    /** The copy for publication hides what could point at a person; the return is the report as filed, for who may have it. */
    input: z.object({ ...one, copy: z.enum(['return', 'publication']).default('return') }),
    output: z.file(),
  }),
};
