// Operations that link two records of one human and take the link away.
import { z } from 'zod';
import { Day, Id, operation } from '../kernel/contract.ts';

const input = z.object({
  id: Id,
  /** The record that stands for the human. */
  person: z.uuid(),
  other: z.uuid(),
  on: Day,
  reason: z.string().trim().min(2, '请写明理由').max(200),
});

export const linkApi = {
  record: operation({
    name: 'person.link',
    summary: '关联为同一人',
    method: 'POST',
    path: '/persons/{person}/links',
    roles: ['civilAffairs'],
    refusals: ['samePerson', 'otherCounty', 'linkedAway', 'bothActive', 'otherActive', 'beforeStart', 'inFuture'],
    clauses: ['AL-03', 'QS-08'],
    input,
    output: z.object({ id: z.uuid() }),
  }),
  remove: operation({
    name: 'person.unlink',
    summary: '解除关联',
    method: 'POST',
    path: '/persons/{person}/links/{other}/remove',
    roles: ['civilAffairs'],
    refusals: ['notLinked', 'beforeStart', 'inFuture'],
    clauses: ['AL-03', 'QS-08'],
    input,
    output: z.object({ id: z.uuid() }),
  }),
};
