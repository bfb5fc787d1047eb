// Making a plan, which needs the baseline of the same episode.
import { personSubject } from '../kernel/entry.ts';
import { getMovable } from '../person/file.server.ts';
import type { Handlers } from '../policy/context.ts';
import { getServicePapersOf } from './agreement.server.ts';
import { checkStarted, planMade } from './agreement.ts';
import type { planApi } from './plan.api.ts';
import { checkPlan } from './plan.ts';

export const planHandlers: Handlers<typeof planApi> = {
  make: async (tx, ctx, { id, person, on, ...body }) => {
    const { file } = await getMovable(tx, person, 'plan.make');
    checkStarted(file, on, ['QS-08']);
    checkPlan({ on, ...body }, await getServicePapersOf(tx, file.county, person, on));
    const draft = planMade.draft({ id, county: file.county, on, subjects: [personSubject(person)], body });
    await ctx.journal.append(tx, ctx, [draft]);
    return { id };
  },
};
