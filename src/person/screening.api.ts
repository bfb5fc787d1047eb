// Operations on screenings: ask the criteria, record the outcome, screen a town at once, and the worklist of what is not known.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Area, Day, Id, listQuery, operation, page, Town } from '../kernel/contract.ts';
import { ScreeningOutcome } from '../policy/screen.ts';
import { Comparison, PersonComparison, TriedFacts } from './comparison.ts';
import { ScreeningView, UnknownRow } from './screening.ts';

const readers: Role[] = ['civilAffairs', 'health', 'federation', 'hospital', 'village'];
const screeners: Role[] = ['civilAffairs', 'health'];

export const screeningApi = {
  preview: operation({
    name: 'screening.preview',
    summary: '查看一人是否符合准入条件',
    method: 'GET',
    path: '/persons/{person}/screening',
    audit: 'read',
    roles: readers,
    city: 'opened',
    refusals: ['linkedAway', 'noCriteria', 'inFuture'],
    clauses: ['BZ-07'],
    input: z.object({ person: z.uuid(), on: Day.optional() }),
    output: ScreeningView,
  }),
  compare: operation({
    name: 'screening.compare',
    summary: '按各地的条件对照一人的情况',
    method: 'GET',
    path: '/persons/{person}/screening/compare',
    audit: 'read',
    roles: readers,
    city: 'opened',
    refusals: ['linkedAway', 'inFuture'],
    clauses: ['BZ-07', 'QS-05', 'AL-01', 'SY-01'],
    input: z.object({ person: z.uuid(), on: Day.optional() }),
    output: PersonComparison,
  }),
  // In the body, not the address: addresses are logged, and nobody should be told of there. Nothing is stored.
  try: operation({
    name: 'screening.try',
    summary: '按各地的条件对照填写的情况（不指明是谁，不保存）',
    method: 'POST',
    path: '/screenings/try',
    writes: false,
    roles: 'signedIn',
    refusals: ['inFuture'],
    clauses: ['BZ-07', 'QS-05', 'AL-01', 'SY-01'],
    input: z.object({ on: Day.optional(), facts: TriedFacts }),
    output: Comparison,
  }),
  record: operation({
    name: 'screening.record',
    summary: '登记筛查结果',
    method: 'POST',
    path: '/persons/{person}/screenings',
    roles: screeners,
    refusals: ['linkedAway', 'stageNotAllowed', 'noCriteria', 'inFuture', 'beforeStart'],
    clauses: ['BZ-07'],
    input: z.object({ id: Id, person: z.uuid(), on: Day }),
    output: z.object({ id: z.uuid(), outcome: ScreeningOutcome }),
  }),
  batch: operation({
    name: 'screening.batch',
    summary: '筛查一个乡镇（街道）的全部已摸底人员',
    method: 'POST',
    path: '/screenings/batch',
    roles: screeners,
    refusals: ['tooMany', 'noCriteria', 'inFuture'],
    clauses: ['BZ-07'],
    input: z.object({ id: Id, town: Town, on: Day }),
    output: z.object({
      recorded: z.int(),
      /** Nothing new since their last screening: not recorded again. */
      unchanged: z.int(),
      /** Listed, applied or screened on a later day than the one asked for. */
      notYet: z.int(),
      outcomes: z.record(ScreeningOutcome, z.int()),
    }),
  }),
  unknown: operation({
    name: 'screening.unknown',
    summary: '筛查情况不清楚的人员',
    method: 'GET',
    path: '/screenings/unknown',
    audit: 'search',
    roles: readers,
    clauses: ['BZ-07'],
    input: z.object({ ...listQuery, area: Area.optional() }),
    output: page(UnknownRow),
  }),
};
