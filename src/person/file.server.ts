// What other slices ask of a person's file: the person, the current episode, and whether a move is allowed now.
import type { Actor } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { FactSources, Facts } from '../policy/facts.ts';
import { getFiles, lockPersons } from './file.sql.ts';
import { checkMove, type File, type MoveType } from './file.ts';
import { listLinked } from './file-page.sql.ts';
import { maskName } from './identity.ts';
import { findPerson, listFacts, type PersonRow } from './person.sql.ts';
import { assembleFacts, type RecordedFact } from './person.ts';
import { checkFullSight, refuseUnseen } from './sight.server.ts';

export interface PersonAndFile {
  readonly person: PersonRow;
  readonly file: File;
}

/** A person whom the actor sees, with the newest episode. Refuses `notFound`, and `linkedAway` for a record that stands under another. */
export const getPersonAndFile = async (tx: Tx, id: string): Promise<PersonAndFile> => {
  const person = await findPerson(tx, id);
  const file = person && (await getFiles(tx, person.county, [id])).get(id);
  if (!person || !file) throw await refuseUnseen(tx, id);
  if (person.linkedTo)
    throw new Refusal('linkedAway', '这条记录已关联到另一人，请在关联后的档案中办理。', { kind: 'conflict' });
  return { person, file };
};

/**
 * All records of one human that are linked to a person whom the actor sees in full. Refuses `notFound`, and `minimumSight` before an
 * organisation has accepted the person.
 */
export const getRecordsInFull = async (
  tx: Tx,
  actor: Actor,
  id: string,
): Promise<{ county: string; name: string; records: string[] }> => {
  const person = await findPerson(tx, id);
  if (!person) throw await refuseUnseen(tx, id);
  await checkFullSight(tx, actor, person);
  const linked = await listLinked(tx, person.county, id);
  return { county: person.county, name: maskName(person.name), records: [id, ...linked.map((one) => one.id)] };
};

/**
 * A person about whom something is decided: who decides at the same time waits until this transaction ends. What the decision rests on is
 * read after this, not before.
 */
export const holdPerson = async (tx: Tx, id: string): Promise<void> => {
  const person = await findPerson(tx, id);
  if (person) await lockPersons(tx, person.county, [id]);
};

/** As `getPersonAndFile`, held (`holdPerson`), and refuses (`stageNotAllowed`) when the stage does not allow the move. */
export const getMovable = async (tx: Tx, id: string, move: MoveType): Promise<PersonAndFile> => {
  await holdPerson(tx, id);
  const found = await getPersonAndFile(tx, id);
  checkMove(move, found.file.stage);
  return found;
};

/** The newest fact of each kind, with its own day and source. */
export const listNewestFacts = async (tx: Tx, person: PersonRow): Promise<RecordedFact[]> => {
  const newest = new Map<string, RecordedFact>();
  for (const { kind, on, value, source } of await listFacts(tx, person.county, person.id))
    if (!newest.has(kind)) newest.set(kind, { kind, on, value, source } as RecordedFact);
  return [...newest.values()];
};

/** The facts that stand on a day, with their sources; see policy/facts.ts. */
export const getFactsOn = async (
  tx: Tx,
  person: PersonRow,
  on: string,
): Promise<{ facts: Facts; sources: FactSources }> =>
  assembleFacts(person, await listFacts(tx, person.county, person.id), on);
