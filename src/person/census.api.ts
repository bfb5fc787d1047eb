// Operations on census lists: upload, columns, dry run, import, result, and the rows that wait for a person.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Area, Day, Id, listQuery, operation, page } from '../kernel/contract.ts';
import { sheetRefusals } from '../kernel/sheet-cell.ts';
import {
  CensusCoverage,
  CensusDecision,
  CensusListDetail,
  CensusListView,
  CensusOutcome,
  CensusResult,
  CensusReview,
  CensusReviewRow,
  CensusRowView,
  ColumnChoice,
} from './census.ts';
import { CensusSender } from './census-fields.ts';
import { Purpose } from './person.ts';

const roles: Role[] = ['civilAffairs'];
const clauses = ['BZ-06', 'AL-03'];
const list = z.uuid();

/** The most that is taken over HTTP; a list of 100,000 persons is some 10 MB. */
export const mostUploadBytes = 32 * 1024 * 1024;

export const censusApi = {
  upload: operation({
    name: 'census.upload',
    summary: '上传部门名单',
    method: 'POST',
    path: '/census/lists',
    roles,
    refusals: [...sheetRefusals, 'noTable'],
    clauses,
    input: z.object({
      id: Id,
      sender: CensusSender,
      fileName: z.string().min(1).max(255),
      /** Size and time of change of the file, so that another file is another upload. */
      fileSize: z.coerce.number().pipe(z.int32().min(0)),
      fileModified: z.coerce.number().min(-8.64e15).max(8.64e15),
      file: z.file().max(mostUploadBytes, `文件超过 ${mostUploadBytes / 2 ** 20} MB，请拆分后上传。`),
    }),
    output: z.object({ id: z.uuid(), rows: z.int() }),
  }),
  list: operation({
    name: 'census.list',
    summary: '部门名单',
    method: 'GET',
    path: '/census/lists',
    roles,
    clauses,
    input: z.object(listQuery),
    output: page(CensusListView),
  }),
  get: operation({
    name: 'census.get',
    summary: '一份名单及其各列',
    method: 'GET',
    path: '/census/lists/{list}',
    audit: 'search',
    roles,
    clauses,
    input: z.object({ list }),
    output: CensusListDetail,
  }),
  plan: operation({
    name: 'census.plan',
    summary: '确认各列并试算',
    method: 'POST',
    path: '/census/lists/{list}/plan',
    roles,
    refusals: ['noKeyColumn', 'doubleField', 'alreadyImporting', 'inFuture'],
    clauses,
    input: z.object({ id: Id, list, listedOn: Day, columns: z.array(ColumnChoice).max(5000) }),
    output: z.object({ job: z.uuid() }),
  }),
  rows: operation({
    name: 'census.rows',
    summary: '名单逐行的结果',
    method: 'GET',
    path: '/census/lists/{list}/rows',
    audit: 'search',
    roles,
    clauses,
    input: z.object({ ...listQuery, list, outcome: z.union([CensusOutcome, CensusResult]).optional() }),
    output: page(CensusRowView),
  }),
  confirm: operation({
    name: 'census.confirm',
    summary: '确认导入名单',
    method: 'POST',
    path: '/census/lists/{list}/import',
    roles,
    refusals: ['notPlanned', 'alreadyImported'],
    clauses,
    input: z.object({ id: Id, list }),
    output: z.object({ job: z.uuid() }),
  }),
  discard: operation({
    name: 'census.discard',
    summary: '放弃未导入的名单',
    method: 'POST',
    path: '/census/lists/{list}/discard',
    roles,
    refusals: ['alreadyImporting'],
    clauses,
    input: z.object({ id: Id, list }),
    output: z.object({ id: z.uuid() }),
  }),
  result: operation({
    name: 'census.result',
    summary: '下载名单逐行结果',
    method: 'POST',
    writes: false,
    path: '/census/lists/{list}/result',
    audit: 'export',
    roles,
    refusals: ['notPlanned'],
    clauses,
    input: z.object({ list, purpose: Purpose }),
    output: z.file(),
  }),
  reviews: operation({
    name: 'census.reviews',
    summary: '待人工核对的名单行',
    method: 'GET',
    path: '/census/reviews',
    audit: 'search',
    roles,
    clauses,
    input: z.object({ ...listQuery, list: list.optional(), kind: z.enum(['review', 'conflict']).optional() }),
    output: page(CensusReviewRow),
  }),
  review: operation({
    name: 'census.review',
    summary: '一行与疑似人员的对照',
    method: 'GET',
    path: '/census/reviews/{list}/{position}',
    audit: { kind: 'read', answer: ['candidates.person'] },
    roles,
    clauses,
    input: z.object({ list, position: z.coerce.number().pipe(z.int32().min(0)) }),
    output: CensusReview,
  }),
  resolve: operation({
    name: 'census.resolve',
    summary: '核对一行：同一人、另一人或不导入',
    method: 'POST',
    path: '/census/reviews/{list}/{position}',
    roles,
    refusals: ['alreadyDecided', 'notCandidate', 'decisionNotAllowed', 'nameMissing'],
    clauses: [...clauses, 'QS-08'],
    input: z.object({
      id: Id,
      list,
      position: z.coerce.number().pipe(z.int32().min(0)),
      decision: CensusDecision,
      /** The candidate, for `link` and `update`. */
      person: z.uuid().optional(),
      note: z.string().trim().max(150).optional(),
    }),
    output: z.object({ result: CensusResult, person: z.uuid().nullable() }),
  }),
  coverage: operation({
    name: 'census.coverage',
    summary: '各乡镇摸底和走访情况',
    method: 'GET',
    path: '/census/coverage',
    roles: ['civilAffairs', 'health', 'federation', 'village'],
    city: 'figures',
    clauses: ['BZ-06'],
    input: z.object({ area: Area.optional() }),
    output: CensusCoverage,
  }),
};
