// Reads of links between records of one human.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';

/** Records that stand under this one, locked together with it so that two who link at once meet here. */
export const lockLinked = async (tx: Tx, county: string, person: string): Promise<string[]> => {
  const { rows } = await sql<{ id: string; linkedTo: string | null }>`select id, linked_to as "linkedTo" from person
    where county = ${county} and (id = ${person} or linked_to = ${person}) order by id for update`.execute(tx);
  return rows.filter((row) => row.linkedTo === person).map(({ id }) => id);
};
