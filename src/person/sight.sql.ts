// Which organisations see how much of a person.
import { sql } from 'kysely';
import type { Day } from '../kernel/contract.ts';
import { countyIn, type Tx } from '../kernel/database.ts';
import type { Closure } from './closure.ts';
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

/** Whether a person's data is closed to all use, or deleted. */
export const findClosure = async (tx: Tx, county: string, person: string): Promise<Closure | null> => {
  const { rows } = await sql<{ closure: Closure | null }>`
    select case when erased_on is not null then 'erased' when withheld_on is not null then 'withheld' end as closure
    from person where county = ${county} and id = ${person}`.execute(tx);
  return rows[0]?.closure ?? null;
};

/** Those of these persons of whom the organisation sees the minimum. */
export const listMinimum = async (
  tx: Tx,
  area: string,
  { persons, organisation }: { persons: readonly string[]; organisation: string },
): Promise<ReadonlySet<string>> => {
  const { rows } = await sql<{ person: string }>`
    select person from sight where ${countyIn('county', area)} and organisation = ${organisation} and person = any(${[...persons]}::uuid[])
      and level = 'minimum' and until_on is null`.execute(tx);
  return new Set(rows.map(({ person }) => person));
};

/** Of these persons whom the actor's organisation serves, the first day on which a consent ended; undefined: none has. */
export const findEndedSight = async (tx: Tx, persons: readonly string[]): Promise<Day | undefined> => {
  const { rows } = await sql<{ endedOn: Day | null }>`
    select min(sharing_ended(county, person, from_on, actor_day())) as "endedOn" from sight
    where actor_reach() = 'organisation' and organisation = actor_organisation()::uuid and person = any(${[...persons]}::uuid[])
      and until_on is null and level = 'full'`.execute(tx);
  return rows[0]?.endedOn ?? undefined;
};

/** The day on which the last consent signed since a day ended, as of a day; the same function as the policies ask. */
export const findSharingEnd = async (
  tx: Tx,
  county: string,
  { person, since, on }: { person: string; since: Day; on: Day },
): Promise<Day | undefined> => {
  const { rows } = await sql<{ endedOn: Day | null }>`
    select sharing_ended(${county}, ${person}, ${since}, ${on}) as "endedOn"`.execute(tx);
  return rows[0]?.endedOn ?? undefined;
};
