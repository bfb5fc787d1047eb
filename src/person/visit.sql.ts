// Home visits of one person as they stand, read from the journal: they need no rows of their own.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';
import { type StandingEntry, standingEntries } from '../kernel/projection.ts';
import { visitRecorded } from './person.ts';

/** Visits to a person that stand, newest first. */
export const listVisits = async (tx: Tx, county: string, person: string): Promise<StandingEntry[]> => {
  const visits = await standingEntries(
    tx,
    county,
    sql`e.type in ('visit.record', 'visit.correct') and exists (select from entry_subject s
      where s.county = ${county} and s.entry = e.id and s.about and s.kind = 'person' and s.subject = ${person})`,
  );
  return visits
    .filter(({ type }) => type === visitRecorded.type)
    .sort((a, b) => (a.on === b.on ? b.place - a.place : a.on < b.on ? 1 : -1));
};

export const findOrganisationNames = async (tx: Tx, ids: readonly string[]): Promise<Map<string, string>> => {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from organisation where id = any(${[...new Set(ids)]}::uuid[])`.execute(tx);
  return new Map(rows.map(({ id, name }) => [id, name]));
};
