// Operations on dated steps: the board of an area, noting what is done, and taking a note back.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Area, Day, Id, listQuery, operation, page } from '../kernel/contract.ts';
import { DutyNote, DutyState, MilestoneRow } from './milestone.ts';

export const milestoneReaders: readonly Role[] = ['civilAffairs', 'health', 'federation'];
const clauses = ['BZ-06', 'BZ-33', 'QS-12', 'AL-02', 'AL-05'];

export const milestoneApi = {
  list: operation({
    name: 'milestone.list',
    summary: '节点和任务的进展',
    method: 'GET',
    path: '/milestones',
    roles: milestoneReaders,
    city: 'figures',
    clauses,
    input: z.object({
      page: listQuery.page,
      pageSize: listQuery.pageSize,
      area: Area.optional(),
      on: Day.optional(),
      state: DutyState.optional(),
    }),
    output: page(MilestoneRow),
  }),
};

export const dutyRecordApi = {
  record: operation({
    name: 'duty.record',
    summary: '登记已办结的职责或步骤',
    method: 'POST',
    path: '/duty-records',
    roles: milestoneReaders,
    city: 'noPerson',
    refusals: ['noRule', 'notOwed', 'otherEvidence', 'stepUnknown', 'tooEarly', 'notResponsible'],
    clauses,
    input: DutyNote.extend({ id: Id }),
    output: z.object({ id: z.uuid() }),
  }),
  void: operation({
    name: 'duty.void',
    summary: '撤销办结登记',
    method: 'POST',
    path: '/duty-records/{record}/void',
    roles: milestoneReaders,
    city: 'noPerson',
    refusals: ['notResponsible'],
    clauses,
    input: z.object({ id: Id, record: z.uuid(), reason: z.string().trim().min(2, '请写明为何撤销').max(200) }),
    output: z.object({ id: z.uuid() }),
  }),
};
