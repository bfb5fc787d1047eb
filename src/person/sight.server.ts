// How much of a person an actor sees: the minimum until a referral is accepted, and nothing once the consent has ended.
import { type Actor, reachOf } from '../kernel/access.ts';
import type { Day } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { checkNotClosed } from './closure.ts';
import type { File, Sight } from './file.ts';
import { sightEnded } from './sharing.ts';
import { findClosure, findEndedSight, findSharingEnd, findSight, listMinimum } from './sight.sql.ts';

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

/** Why a person named by id is not there for the actor: consent has ended (`consentMissing`), or not theirs to know (`notFound`). */
export const refuseUnseen = async (tx: Tx, person: string): Promise<Refusal> => {
  const endedOn = await findEndedSight(tx, [person]);
  return endedOn === undefined
    ? new Refusal('notFound', '没有找到此人，或此人不在您的管辖范围内。', { kind: 'absent' })
    : sightEnded(endedOn);
};

/** As `refuseUnseen`, for a list of which at least one is not seen; undefined where no consent has ended. */
export const findSightEnded = async (tx: Tx, persons: readonly string[]): Promise<Refusal | undefined> => {
  const endedOn = await findEndedSight(tx, persons);
  return endedOn === undefined ? undefined : sightEnded(endedOn);
};

/** The day on which the last consent of the episode ended; null while one is valid, and before the first is signed. */
export const getSharingEnd = async (
  tx: Tx,
  { county, person, registeredOn }: Pick<File, 'county' | 'person' | 'registeredOn'>,
  on: Day,
): Promise<Day | null> =>
  registeredOn === null ? null : ((await findSharingEnd(tx, county, { person, since: registeredOn, on })) ?? null);
