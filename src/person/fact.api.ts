// The operation that fills in what is not known about a person.
import { z } from 'zod';
import { Day, Id, operation } from '../kernel/contract.ts';
import { FactInput } from './fact.ts';

export const factApi = {
  record: operation({
    name: 'fact.record',
    summary: '补充情况',
    method: 'POST',
    path: '/persons/{person}/facts',
    roles: ['civilAffairs', 'health', 'federation', 'hospital', 'village'],
    refusals: ['linkedAway', 'inFuture', 'beforeStart'],
    clauses: ['BZ-06', 'BZ-07'],
    input: z.object({
      id: Id,
      person: z.uuid(),
      /** The day on which it was said; each fact has the day from which it holds. */
      on: Day,
      facts: z.array(FactInput).min(1, '请至少填写一项').max(30),
      note: z.string().trim().max(500).optional(),
    }),
    output: z.object({ id: z.uuid() }),
  }),
};
