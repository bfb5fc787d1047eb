// Operations on half-yearly reports: draft, take figures anew, edit the text, file, open, list, and the workbook.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Area, County, Day, Id, listQuery, operation, page } from '../kernel/contract.ts';
import { Period, Report, ReportStatus, ReportText } from './report.ts';
import { Drift, figureKeys } from './report-figures.ts';

export const reportReaders: readonly Role[] = ['civilAffairs', 'health', 'federation'];
const writers: readonly Role[] = ['civilAffairs'];
const clauses = ['BZ-32'];
const one = { report: Id };

const ReportRow = z.object({
  county: County,
  countyName: z.string(),
  period: Period,
  /** Null where nobody has begun. */
  report: Id.nullable(),
  dueOn: Day,
  filedOn: Day.nullable(),
  status: ReportStatus,
  /** Days from today to the last day, negative when it is past; null once filed. */
  left: z.int().nullable(),
});
export type ReportRow = z.infer<typeof ReportRow>;

export const reportApi = {
  draft: operation({
    name: 'report.draft',
    summary: '起草半年报告',
    method: 'POST',
    path: '/reports',
    roles: writers,
    city: 'noPerson',
    refusals: ['noRule', 'periodNotBegun', 'alreadyDrafted'],
    clauses,
    input: z.object({ id: Id, county: County, period: Period }),
    output: z.object(one),
  }),
  refresh: operation({
    name: 'report.refresh',
    summary: '重新提取报告数据',
    method: 'POST',
    path: '/reports/{report}/figures',
    roles: writers,
    city: 'noPerson',
    refusals: ['alreadyFiled', 'noRule'],
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
    summary: '报送半年报告',
    method: 'POST',
    path: '/reports/{report}/file',
    roles: writers,
    city: 'noPerson',
    refusals: ['alreadyFiled', 'textMissing', 'tooEarly'],
    clauses,
    input: z.object({ id: Id, ...one }),
    output: z.object({ hash: z.string(), filedOn: Day, late: z.boolean() }),
  }),
  get: operation({
    name: 'report.get',
    summary: '半年报告',
    method: 'GET',
    path: '/reports/{report}',
    roles: reportReaders,
    city: 'figures',
    clauses,
    input: z.object(one),
    output: z.object({
      report: Report,
      countyName: z.string(),
      status: ReportStatus,
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
    summary: '半年报告报送情况',
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
    }),
    output: page(ReportRow),
  }),
  sheet: operation({
    name: 'report.sheet',
    summary: '导出半年报告',
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
