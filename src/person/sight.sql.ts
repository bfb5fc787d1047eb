// Which organisations see how much of a person.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';
import type { Sight } from './file.ts';

/** What the organisation sees of a person now; undefined: nothing. */
export const findSight = async (
  tx: Tx,
  county: string,
  { person, organisation }: { person: string; organisation: string },
): Promise<Sight['level'] | undefined> => {
  const { rows } = await sql<{ level: Sight['level'] }>`
    select level from sight where county = ${county} and person = ${person} and organisation = ${organisation} and until_on is null`.execute(
    tx,
  );
  return rows[0]?.level;
};
