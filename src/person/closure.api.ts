// Operations that close a person's data to all use, open it again, or delete it.
import { z } from 'zod';
import { Id, operation } from '../kernel/contract.ts';
import { Asker, ClosureBasis, personReleased } from './closure.ts';

const output = z.object({ id: z.uuid() });
const of = { id: Id, person: z.uuid() };

export const closureApi = {
  withhold: operation({
    name: 'person.withhold',
    summary: '封存档案',
    method: 'POST',
    path: '/persons/{person}/withhold',
    roles: ['civilAffairs'],
    refusals: ['stillServed', 'alreadyClosed', 'countyOnly'],
    input: z.object({ ...of, basis: ClosureBasis, asker: Asker }),
    output,
  }),
  release: operation({
    name: 'person.release',
    summary: '解除封存',
    method: 'POST',
    path: '/persons/{person}/release',
    roles: ['civilAffairs'],
    refusals: ['notWithheld', 'countyOnly'],
    input: z.object({ ...of, basis: personReleased.body.shape.basis }),
    output,
  }),
  erase: operation({
    name: 'person.erase',
    summary: '删除个人信息',
    method: 'POST',
    path: '/persons/{person}/erase',
    roles: ['civilAffairs'],
    refusals: ['notWithheld', 'countyOnly'],
    input: z.object({
      ...of,
      basis: ClosureBasis,
      asker: Asker,
      // Ticked by whoever has read that nothing brings it back.
      understood: z.literal(true, '请确认已知悉删除后不能恢复'),
    }),
    output,
  }),
};
