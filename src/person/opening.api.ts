// Operations on openings: see one person for a reason and for hours, the list of openings, and ending one early.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Id, listQuery, operation, page } from '../kernel/contract.ts';
import { OpeningEnd, OpeningRequest, OpeningRow } from './opening.ts';

export const openingRoles: readonly Role[] = ['civilAffairs', 'health', 'federation'];

export const openingApi = {
  request: operation({
    name: 'opening.request',
    summary: '临时查阅一人的档案（市级及以上）',
    method: 'POST',
    path: '/openings',
    audit: { kind: 'reveal', answer: ['person'] },
    roles: openingRoles,
    city: 'noPerson',
    refusals: ['notNeeded', 'idNumberInvalid', 'alreadyOpen'],
    input: OpeningRequest.extend({ id: Id }),
    output: z.object({ opening: z.uuid(), person: z.uuid(), endsAt: z.string() }),
  }),
  list: operation({
    name: 'opening.list',
    summary: '临时查阅记录',
    method: 'GET',
    path: '/openings',
    audit: 'search',
    roles: openingRoles,
    city: 'opened',
    input: z.object({ page: listQuery.page, pageSize: listQuery.pageSize }),
    output: page(OpeningRow),
  }),
  end: operation({
    name: 'opening.end',
    summary: '提前结束临时查阅',
    method: 'POST',
    path: '/openings/{opening}/end',
    roles: openingRoles,
    city: 'opened',
    refusals: ['alreadyEnded', 'notYours'],
    input: OpeningEnd.extend({ id: Id, opening: z.uuid() }),
    output: z.object({ endedAt: z.string() }),
  }),
};
