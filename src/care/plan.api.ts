// The contract of the individual plan.
import { z } from 'zod';
import { Day, Id, operation } from '../kernel/contract.ts';
import { planMade } from './agreement.ts';

export const planApi = {
  make: operation({
    name: 'plan.make',
    summary: '制定康复计划',
    method: 'POST',
    path: '/persons/{person}/plans',
    roles: ['centre', 'site'],
    refusals: ['baselineMissing', 'beforeStart', 'inFuture', 'linkedAway', 'periodInvalid', 'stageNotAllowed'],
    clauses: ['QS-08', 'QS-10', 'SY-06'],
    /** A plan takes the place of the one before from its first day on. */
    input: z.object({ id: Id, person: z.uuid(), on: Day, ...planMade.body.shape }),
    output: z.object({ id: Id }),
  }),
};
