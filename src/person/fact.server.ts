// Recording facts about a person outside a list or a visit.
import { personSubject } from '../kernel/entry.ts';
import { checkNotBefore } from '../kernel/refusal.ts';
import type { Handlers } from '../policy/context.ts';
import type { factApi } from './fact.api.ts';
import { decideFacts, draftFacts, originOf } from './fact.ts';
import { getPersonAndFile } from './file.server.ts';

export const factHandlers: Handlers<typeof factApi> = {
  record: async (tx, ctx, { id, person: personId, on, facts, note }) => {
    const { person } = await getPersonAndFile(tx, personId);
    checkNotBefore(on, person.listedOn, '建档');
    const recorded = decideFacts(facts, originOf(ctx.actor.role), ctx.today);
    const base = { id, county: person.county, on, subjects: [personSubject(person.id)] };
    await ctx.journal.append(tx, ctx, [draftFacts(base, recorded, note)]);
    return { id };
  },
};
