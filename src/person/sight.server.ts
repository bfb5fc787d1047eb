// How much of a person an actor sees: an organisation that has only been sent a referral sees the minimum until it accepts.
import { type Actor, reachOf } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { checkNotClosed } from './closure.ts';
import type { Sight } from './file.ts';
import { findClosure, findSight, listMinimum } from './sight.sql.ts';

/** For a person whom the actor sees at all (row-level security says so). */
export const getSight = async (
  tx: Tx,
  actor: Actor,
  person: { readonly county: string; readonly id: string },
): Promise<Sight['level']> => {
  if (reachOf(actor) !== 'organisation' || actor.organisation === null) return 'full';
  return (await findSight(tx, person.county, { person: person.id, organisation: actor.organisation })) ?? 'minimum';
};

/** Of a page of persons those whom the actor sees by the minimum alone. */
export const listUnaccepted = async (
  tx: Tx,
  actor: Actor,
  persons: readonly string[],
): Promise<ReadonlySet<string>> => {
  if (reachOf(actor) !== 'organisation' || actor.organisation === null || !persons.length) return new Set();
  return listMinimum(tx, actor.scope, { persons, organisation: actor.organisation });
};

/** Refuses whoever sees only the minimum (`minimumSight`), and everybody where the person's data is closed (`closed`). */
export const checkFullSight = async (
  tx: Tx,
  actor: Actor,
  person: { readonly county: string; readonly id: string },
): Promise<void> => {
  checkNotClosed(await findClosure(tx, person.county, person.id));
  if ((await getSight(tx, actor, person)) === 'minimum')
    throw new Refusal('minimumSight', '接收转介之前只能看到转介单上的内容；接收后可查看完整档案。', {
      kind: 'access',
      cites: ['BZ-12'],
    });
};
