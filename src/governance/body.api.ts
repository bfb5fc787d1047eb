// Operations on bodies and their rosters.
import { z } from 'zod';
import { Area, Day, Id, listQuery, operation, page } from '../kernel/contract.ts';
import { BodyKind } from '../policy/duty.ts';
import { BodyRow, bodyKeepers, bodyReaders, Member, memberFields, RequiredMember } from './body.ts';

const clauses = ['QS-06', 'AL-10', 'AL-16', 'BZ-22', 'CM-01', 'CM-03', 'CM-04'];
const names = {
  name: z.string().trim().min(2).max(60).optional(),
  office: z.string().trim().max(60).optional(),
  village: z.string().trim().max(40).optional(),
};

export const bodyApi = {
  open: operation({
    name: 'body.open',
    summary: '成立组织',
    method: 'POST',
    path: '/bodies',
    roles: bodyKeepers,
    city: 'noPerson',
    refusals: ['levelMismatch', 'personMissing', 'personUnfit', 'villageMissing', 'alreadyThere', 'inFuture'],
    clauses,
    input: z.object({ id: Id, on: Day, kind: BodyKind, division: Area, person: Id.optional(), ...names }),
    output: z.object({ body: Id }),
  }),
  change: operation({
    name: 'body.change',
    summary: '修改组织信息',
    method: 'PUT',
    path: '/bodies/{body}',
    roles: bodyKeepers,
    city: 'noPerson',
    refusals: ['alreadyClosed'],
    input: z.object({ id: Id, body: Id, ...names, name: z.string().trim().min(2).max(60) }),
    output: z.object({}),
  }),
  close: operation({
    name: 'body.close',
    summary: '撤销组织',
    method: 'POST',
    path: '/bodies/{body}/close',
    roles: bodyKeepers,
    city: 'noPerson',
    refusals: ['alreadyClosed', 'beforeStart', 'inFuture'],
    input: z.object({ id: Id, body: Id, on: Day, reason: z.string().trim().min(1).max(200) }),
    output: z.object({}),
  }),
  list: operation({
    name: 'body.list',
    summary: '组织一览与缺员',
    method: 'GET',
    path: '/bodies',
    audit: { kind: 'search', answer: ['rows.person'] },
    roles: bodyReaders,
    city: 'noPerson',
    clauses,
    input: z.object({
      ...listQuery,
      area: Area.optional(),
      kind: BodyKind.optional(),
      person: Id.optional(),
      status: z.enum(['open', 'closed']).default('open'),
    }),
    output: page(BodyRow).extend({
      /** Bodies that the place must have and has not. */
      missing: z.array(z.object({ kind: BodyKind, clause: z.array(z.string()) })),
    }),
  }),
  get: operation({
    name: 'body.get',
    summary: '组织及其名册',
    method: 'GET',
    path: '/bodies/{body}',
    audit: { kind: 'read', answer: ['person'] },
    roles: bodyReaders,
    city: 'noPerson',
    clauses,
    input: z.object({
      body: Id,
      /** The roster and its gaps as of this day; default today. */
      on: Day.optional(),
    }),
    output: BodyRow.extend({
      roster: z.array(Member),
      required: z.array(RequiredMember),
      mayKeep: z.boolean(),
    }),
  }),
};

export const memberApi = {
  join: operation({
    name: 'member.join',
    summary: '成员加入',
    method: 'POST',
    path: '/bodies/{body}/members',
    roles: bodyKeepers,
    city: 'noPerson',
    refusals: ['alreadyClosed', 'beforeStart', 'inFuture', 'familyUnfit', 'familyPhone'],
    clauses,
    input: z.object({ id: Id, body: Id, on: Day, ...memberFields }),
    output: z.object({ member: Id }),
  }),
  leave: operation({
    name: 'member.leave',
    summary: '成员退出',
    method: 'POST',
    path: '/bodies/{body}/members/{member}/leave',
    roles: bodyKeepers,
    city: 'noPerson',
    refusals: ['alreadyLeft', 'beforeStart', 'inFuture'],
    input: z.object({ id: Id, body: Id, member: Id, on: Day, reason: z.string().trim().max(200).optional() }),
    output: z.object({}),
  }),
};
