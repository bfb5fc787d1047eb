// Operations on duties: each instance with its evidence, counts by rule, a month's days, and the calendar file of an office.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Area, Day, listQuery, operation, page } from '../kernel/contract.ts';
import { DutyState } from '../policy/duty-instance.ts';
import { DutyCountView, DutyDay, DutyInstanceView } from './duty.ts';

export const dutyReaders: readonly Role[] = [
  'civilAffairs',
  'health',
  'federation',
  'hospital',
  'centre',
  'site',
  'village',
];

/** Without dates the month of today; `on`: the day as of which one asks. */
const span = { area: Area.optional(), from: Day.optional(), to: Day.optional(), on: Day.optional() };
const responsible = z.enum(['mine', 'all']).default('all');
const refusals = ['spanWrong', 'inFuture', 'areaUnknown'];
const clauses = ['BZ-12', 'BZ-13', 'BZ-32', 'QS-09', 'QS-13', 'AL-07'];
const spanShown = { from: Day, to: Day, on: Day };

export const dutyApi = {
  list: operation({
    name: 'duty.list',
    summary: '职责逐件情况',
    method: 'GET',
    path: '/duties',
    audit: 'search',
    roles: dutyReaders,
    city: 'figures',
    refusals,
    clauses,
    input: z.object({
      ...listQuery,
      ...span,
      state: DutyState.optional(),
      duty: z.string().max(60).optional(),
      responsible,
    }),
    output: page(DutyInstanceView),
  }),
  counts: operation({
    name: 'duty.counts',
    summary: '职责完成情况汇总',
    method: 'GET',
    path: '/duties/counts',
    roles: dutyReaders,
    city: 'figures',
    refusals,
    clauses,
    input: z.object({ ...span, responsible }),
    output: z.object({ ...spanShown, rows: z.array(DutyCountView) }),
  }),
  calendar: operation({
    name: 'duty.calendar',
    summary: '职责日历',
    method: 'GET',
    path: '/duties/calendar',
    roles: dutyReaders,
    city: 'figures',
    refusals,
    clauses,
    input: z.object({ ...span, responsible }),
    output: z.object({ ...spanShown, days: z.array(DutyDay) }),
  }),
  feed: operation({
    name: 'duty.feed',
    summary: '导出职责日历文件',
    method: 'GET',
    path: '/duties/feed',
    audit: 'export',
    roles: dutyReaders,
    city: 'figures',
    refusals,
    clauses,
    /** From today for a year: what the asking office itself owes, by title and count. */
    input: z.object({}),
    output: z.file(),
  }),
};
