// Operations on yearly joint sweeps: open, record coverage, close, and the page of coverage by town.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { County, Day, Id, listQuery, operation, page, Reason } from '../kernel/contract.ts';
import { coverFields, SweepRow, SweepView, sweepClosed, sweepFields } from './sweep.ts';

export const sweepKeepers: Role[] = ['civilAffairs', 'health'];
export const sweepCoverers: Role[] = ['civilAffairs', 'health', 'village'];
export const sweepReaders: Role[] = ['civilAffairs', 'health', 'federation', 'publicSecurity', 'village'];
const clauses = ['CM-06'];

export const sweepApi = {
  open: operation({
    name: 'sweep.open',
    summary: '部署联合排查',
    method: 'POST',
    path: '/sweeps',
    roles: sweepKeepers,
    refusals: ['countyOnly', 'spanInvalid', 'otherCounty', 'alreadyOpen', 'inFuture'],
    clauses,
    input: z.object({ id: Id, on: Day, ...sweepFields, county: County }),
    output: z.object({ sweep: Id }),
  }),
  void: operation({
    name: 'sweep.void',
    summary: '作废联合排查',
    method: 'POST',
    path: '/sweeps/{sweep}/void',
    roles: sweepKeepers,
    refusals: ['countyOnly', 'closed', 'alreadyCovered', 'alreadyReplaced'],
    clauses,
    input: z.object({ id: Id, sweep: Id, reason: Reason }),
    output: z.object({ sweep: Id }),
  }),
  close: operation({
    name: 'sweep.close',
    summary: '办结联合排查',
    method: 'POST',
    path: '/sweeps/{sweep}/close',
    roles: sweepKeepers,
    refusals: ['countyOnly', 'closed', 'outsideSpan', 'notCovered', 'inFuture'],
    clauses,
    input: sweepClosed.body.extend({ id: Id, sweep: Id, on: Day }),
    output: z.object({ sweep: Id }),
  }),
  reopen: operation({
    name: 'sweep.reopen',
    summary: '撤销联合排查的办结',
    method: 'POST',
    path: '/sweeps/{sweep}/reopen',
    roles: sweepKeepers,
    refusals: ['countyOnly', 'notClosed', 'otherOffice', 'alreadyOpen', 'alreadyReplaced'],
    clauses,
    input: z.object({ id: Id, sweep: Id, reason: Reason }),
    output: z.object({ sweep: Id }),
  }),
  list: operation({
    name: 'sweep.list',
    summary: '联合排查一览',
    method: 'GET',
    path: '/sweeps',
    roles: sweepReaders,
    city: 'noPerson',
    clauses,
    input: z.object({ page: listQuery.page, pageSize: listQuery.pageSize }),
    output: page(SweepRow),
  }),
  get: operation({
    name: 'sweep.get',
    summary: '一次排查和各乡镇覆盖情况',
    method: 'GET',
    path: '/sweeps/{sweep}',
    roles: sweepReaders,
    city: 'noPerson',
    clauses,
    input: z.object({ sweep: Id }),
    output: SweepView,
  }),
};

export const sweepCoverApi = {
  record: operation({
    name: 'sweepCover.record',
    summary: '登记排查覆盖情况',
    method: 'POST',
    path: '/sweeps/{sweep}/covers',
    roles: sweepCoverers,
    refusals: ['closed', 'notSwept', 'outsideSpan', 'inFuture'],
    clauses,
    input: z.object({ id: Id, sweep: Id, on: Day, ...coverFields }),
    output: z.object({ cover: Id }),
  }),
  void: operation({
    name: 'sweepCover.void',
    summary: '作废排查覆盖情况',
    method: 'POST',
    path: '/sweep-covers/{cover}/void',
    roles: sweepCoverers,
    refusals: ['closed', 'alreadyReplaced'],
    clauses,
    input: z.object({ id: Id, cover: Id, reason: Reason }),
    output: z.object({ cover: Id }),
  }),
};
