// Linking and un-linking records.
import type { Tx } from '../kernel/database.ts';
import { personSubject } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Handlers } from '../policy/context.ts';
import { getFiles, lockPersons } from './file.sql.ts';
import type { linkApi } from './link.api.ts';
import { lockLinked } from './link.sql.ts';
import { decideLink, decideUnlink, type Linkable } from './link.ts';
import { findPerson } from './person.sql.ts';
import { personLinked, personUnlinked } from './person.ts';

const lock = async (tx: Tx, id: string): Promise<Linkable> => {
  const seen = await findPerson(tx, id);
  if (seen) await lockPersons(tx, seen.county, [id]);
  const linked = seen ? await lockLinked(tx, seen.county, id) : [];
  const person = await findPerson(tx, id);
  const file = person && (await getFiles(tx, person.county, [id])).get(id);
  if (!person || !file) throw new Refusal('notFound', '没有找到此人，或此人不在您的管辖范围内。', { kind: 'absent' });
  return { id, county: person.county, listedOn: person.listedOn, linkedTo: person.linkedTo, linked, file };
};

/** Both records, taken in one order whichever is named first. */
const lockBoth = async (tx: Tx, person: string, other: string): Promise<[Linkable, Linkable]> => {
  const [first, second] = person < other ? [person, other] : [other, person];
  const [a, b] = [await lock(tx, first), await lock(tx, second)];
  return a.id === person ? [a, b] : [b, a];
};

export const linkHandlers: Handlers<typeof linkApi> = {
  record: async (tx, ctx, { id, on, reason, ...ids }) => {
    const [person, other] = await lockBoth(tx, ids.person, ids.other);
    decideLink(person, other, on);
    const subjects = [personSubject(person.id), personSubject(other.id)];
    const body = { person: person.id, other: other.id, reason };
    await ctx.journal.append(tx, ctx, [personLinked.draft({ id, county: person.county, on, subjects, body })]);
    return { id };
  },
  remove: async (tx, ctx, { id, on, reason, ...ids }) => {
    const [person, other] = await lockBoth(tx, ids.person, ids.other);
    decideUnlink(person, other, on);
    const subjects = [personSubject(person.id), personSubject(other.id)];
    const body = { person: person.id, other: other.id, reason };
    await ctx.journal.append(tx, ctx, [personUnlinked.draft({ id, county: person.county, on, subjects, body })]);
    return { id };
  },
};
