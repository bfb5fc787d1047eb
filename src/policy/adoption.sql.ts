// Rows of what places have decided about packs: the projection, all of them, and whether there are new ones.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';
import type { Entry } from '../kernel/entry.ts';
import { subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import { type AdoptionRow, packAdopted, packWithdrawn } from './adoption.ts';

const rowsOf = (entry: Entry): object[] => {
  if (!packAdopted.is(entry) && !packWithdrawn.is(entry)) return [];
  const { pack, areas, fromOn, reason } = entry.body;
  const [version, text] = packAdopted.is(entry) ? [entry.body.version, entry.body.text] : [null, null];
  const [subject] = subjectIds(entry, 'policy');
  return [{ county: entry.county, id: entry.id, subject, pack, version, text, areas, fromOn, reason, at: entry.at }];
};

const applyAdoptions = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  await sql`
    insert into pack_adoption (county, id, subject, pack, version, text, areas, from_on, reason, recorded_at)
    select county, id, subject, pack, version, text, areas, "fromOn", reason, at
    from json_to_recordset(${JSON.stringify(entries.flatMap(rowsOf))}::json)
      as t(county text, id uuid, subject uuid, pack text, version text, text text, areas text[], "fromOn" date, reason text, at timestamptz)
    on conflict (county, id) do nothing`.execute(tx);
};

export const adoptionProjection: Projection = {
  types: [packAdopted.type, packWithdrawn.type],
  tables: [{ name: 'pack_adoption', kind: 'policy', column: 'subject' }],
  apply: applyAdoptions,
};

/** In the order in which they were recorded. */
export const listAdoptions = async (tx: Tx): Promise<AdoptionRow[]> => {
  const { rows } = await sql<AdoptionRow>`
    select id, county as by, pack, version, text, areas, from_on as "fromOn", reason, recorded_at as "recordedAt"
    from pack_adoption order by recorded_at, id`.execute(tx);
  return rows;
};

/** Another one whenever a decision has been recorded. */
export const readAdoptionStamp = async (tx: Tx): Promise<string> => {
  const { rows } = await sql<{ stamp: string }>`
    select count(*) || ' ' || coalesce(max(recorded_at)::text, '') as stamp from pack_adoption`.execute(tx);
  return rows[0]?.stamp ?? '';
};
