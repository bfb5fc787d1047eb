// Operations on home visits: record, correct, void, and those of one person.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Id, operation } from '../kernel/contract.ts';
import { VisitInput, VisitView } from './visit.ts';

const visitors: Role[] = ['civilAffairs', 'health', 'federation', 'village', 'centre', 'site'];
const ofVisit = { id: Id, person: z.uuid(), visit: z.uuid() };
const Recorded = z.object({ id: z.uuid() });

export const visitApi = {
  record: operation({
    name: 'visit.record',
    summary: '登记入户走访',
    method: 'POST',
    path: '/persons/{person}/visits',
    roles: visitors,
    refusals: ['linkedAway', 'stageNotAllowed', 'minimumSight', 'inFuture', 'beforeStart'],
    clauses: ['BZ-06'],
    input: VisitInput.extend({ id: Id, person: z.uuid() }),
    output: Recorded,
  }),
  correct: operation({
    name: 'visit.correct',
    summary: '更正入户走访',
    method: 'POST',
    path: '/persons/{person}/visits/{visit}/correct',
    roles: visitors,
    refusals: ['otherOrganisation', 'inFuture', 'beforeStart'],
    clauses: ['BZ-26'],
    input: VisitInput.extend(ofVisit),
    output: Recorded,
  }),
  void: operation({
    name: 'visit.void',
    summary: '作废入户走访',
    method: 'POST',
    path: '/persons/{person}/visits/{visit}/void',
    roles: visitors,
    refusals: ['otherOrganisation'],
    clauses: ['BZ-26'],
    input: z.object({ ...ofVisit, reason: z.string().trim().min(2, '请写明作废原因').max(200) }),
    output: Recorded,
  }),
  list: operation({
    name: 'visit.list',
    summary: '一人的入户走访',
    method: 'GET',
    path: '/persons/{person}/visits',
    audit: 'read',
    roles: visitors,
    city: 'opened',
    refusals: ['minimumSight'],
    clauses: ['BZ-06'],
    input: z.object({ person: z.uuid() }),
    output: z.object({ name: z.string(), rows: z.array(VisitView) }),
  }),
};
