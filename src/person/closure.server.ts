// Handlers that close a person's data, open it again, or destroy the key that it is sealed with.
import type { Tx } from '../kernel/database.ts';
import { asSealed, keysOf } from '../kernel/database.ts';
import { personSubject } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import type { closureApi } from './closure.api.ts';
import { type Closure, checkWithheld, checkWithhold, personErased, personReleased, personWithheld } from './closure.ts';
import { getFiles } from './file.sql.ts';
import { findPerson } from './person.sql.ts';
import { findClosure } from './sight.sql.ts';

interface Subject {
  readonly county: string;
  readonly person: string;
  readonly closure: Closure | null;
}

const getSubject = async (tx: Tx, ctx: Ctx, id: string): Promise<Subject> => {
  const person = await findPerson(tx, id);
  if (!person) throw new Refusal('notFound', '没有找到此人，或此人不在您的管辖范围内。', { kind: 'absent' });
  if (ctx.actor.scope.length > 6)
    throw new Refusal('countyOnly', '封存和删除由县（区）民政部门办理。', { kind: 'access' });
  const base = { county: person.county, subjects: [personSubject(id)] };
  // Whoever writes about the person waits: what they seal must not come between.
  await ctx.journal.lock(tx, { id, ...base });
  return { county: person.county, person: id, closure: await findClosure(tx, person.county, id) };
};

const base = ({ county, person }: Subject, id: string, ctx: Ctx) => ({
  id,
  county,
  on: ctx.today,
  subjects: [personSubject(person)],
});
const nameOf = ({ county, person: subject }: Subject) => ({ county, subject });

export const closureHandlers: Handlers<typeof closureApi> = {
  withhold: async (tx, ctx, { id, person, ...body }) => {
    const subject = await getSubject(tx, ctx, person);
    const file = (await getFiles(tx, subject.county, [person])).get(person);
    checkWithhold(subject.closure, file?.stage ?? 'listed');
    await ctx.journal.append(tx, ctx, [personWithheld.draft({ ...base(subject, id, ctx), body })]);
    await keysOf(tx).withhold(asSealed(tx), nameOf(subject), ctx.now);
    return { id };
  },
  release: async (tx, ctx, { id, person, basis }) => {
    const subject = await getSubject(tx, ctx, person);
    checkWithheld(subject.closure);
    // Opened first: the hashes that the person is found by are made anew.
    await keysOf(tx).withhold(asSealed(tx), nameOf(subject), null);
    await ctx.journal.append(tx, ctx, [personReleased.draft({ ...base(subject, id, ctx), body: { basis } })]);
    return { id };
  },
  erase: async (tx, ctx, { id, person, basis, asker }) => {
    const subject = await getSubject(tx, ctx, person);
    checkWithheld(subject.closure);
    await ctx.journal.append(tx, ctx, [personErased.draft({ ...base(subject, id, ctx), body: { basis, asker } })]);
    await keysOf(tx).destroy(asSealed(tx), nameOf(subject), ctx.now);
    return { id };
  },
};
