// Handler for a medical institution's advice: stated as facts that screening reads.
import { personSubject } from '../kernel/entry.ts';
import { checkNotBefore, Refusal } from '../kernel/refusal.ts';
import { getPersonAndFile } from '../person/file.server.ts';
import { recommendationRecorded } from '../person/person.ts';
import type { Handlers } from '../policy/context.ts';
import type { recommendationApi } from './recommendation.api.ts';

export const recommendationHandlers: Handlers<typeof recommendationApi> = {
  record: async (tx, ctx, { id, person, on, ...body }) => {
    const found = await getPersonAndFile(tx, person);
    if (found.file.stage === 'died')
      throw new Refusal('stageNotAllowed', '此人已登记死亡，不能办理这一步。', { cites: ['BZ-09'] });
    checkNotBefore(on, found.person.listedOn, '建档');
    const { county } = found.file;
    await ctx.journal.append(tx, ctx, [
      recommendationRecorded.draft({ id, county, on, subjects: [personSubject(person)], body }),
    ]);
    return {};
  },
};
