// The file's rows: reads for other slices, and the projection that folds entries into file, placement and sight.
import { sql } from 'kysely';
import { lockChains } from '../kernel/chain.ts';
import type { Tx } from '../kernel/database.ts';
import { type Entry, personSubject, subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import { emptyFile, type File, foldFile, moves, type PersonFile, type Placement, type Sight } from './file.ts';

const fileColumns = sql`county, id, person, episode, stage, stage_on as "stageOn", town, site, applied_on as "appliedOn",
  registered_on as "registeredOn", referred_on as "referredOn", queued_on as "queuedOn", accepted_on as "acceptedOn",
  in_service_on as "inServiceOn", ended_on as "endedOn", outcome, entry`;

/** Holds the chains of persons: who decides on them at the same time waits, and then sees what was decided here. */
export const lockPersons = async (tx: Tx, county: string, persons: readonly string[]): Promise<void> => {
  await lockChains(tx, county, persons.map(personSubject), []);
};

/** The newest episode of each of these persons that the actor sees, by person id. */
export const getFiles = async (tx: Tx, county: string, persons: readonly string[]): Promise<Map<string, File>> => {
  const { rows } = await sql<File>`
    select distinct on (person) ${fileColumns} from file
    where county = ${county} and person = any(${[...persons]}::uuid[]) order by person, episode desc`.execute(tx);
  return new Map(rows.map((row) => [row.person, row]));
};

const load = async (tx: Tx, county: string, persons: readonly string[]): Promise<Map<string, PersonFile>> => {
  const { rows } = await sql<{
    id: string;
    files: File[] | null;
    placements: Placement[] | null;
    sights: Sight[] | null;
  }>`
    select p.id,
      (select json_agg(f order by f.episode) from (select ${fileColumns} from file where county = ${county} and person = p.id) f) as files,
      (select json_agg(x order by x."fromOn", x."untilOn" nulls last) from (select file, town, site, from_on as "fromOn", until_on as "untilOn", entry
        from placement where county = ${county} and person = p.id) x) as placements,
      (select json_agg(s) from (select organisation, level, from_on as "fromOn", until_on as "untilOn"
        from sight where county = ${county} and person = p.id) s) as sights
    from unnest(${[...persons]}::uuid[]) as p(id)`.execute(tx);
  return new Map(
    rows.map((row) => [row.id, { files: row.files ?? [], placements: row.placements ?? [], sights: row.sights ?? [] }]),
  );
};

const save = async (tx: Tx, county: string, states: ReadonlyMap<string, PersonFile>): Promise<void> => {
  const files = [...states.values()].flatMap((state) => state.files);
  await sql`
    insert into file (county, id, person, episode, stage, stage_on, town, site, applied_on, registered_on, referred_on, queued_on, accepted_on, in_service_on, ended_on, outcome, entry)
    select county, id, person, episode, stage, "stageOn", town, site, "appliedOn", "registeredOn", "referredOn", "queuedOn", "acceptedOn", "inServiceOn", "endedOn", outcome, entry
    from json_to_recordset(${JSON.stringify(files)}::json) as t(county text, id uuid, person uuid, episode int, stage text, "stageOn" date, town text, site uuid,
      "appliedOn" date, "registeredOn" date, "referredOn" date, "queuedOn" date, "acceptedOn" date, "inServiceOn" date, "endedOn" date, outcome text, entry uuid)
    on conflict (county, id) do update set stage = excluded.stage, stage_on = excluded.stage_on, town = excluded.town, site = excluded.site,
      applied_on = excluded.applied_on, registered_on = excluded.registered_on, referred_on = excluded.referred_on, queued_on = excluded.queued_on,
      accepted_on = excluded.accepted_on, in_service_on = excluded.in_service_on, ended_on = excluded.ended_on, outcome = excluded.outcome`.execute(
    tx,
  );
  const placements = [...states].flatMap(([person, state]) => state.placements.map((row) => ({ ...row, person })));
  if (placements.length)
    await sql`
      insert into placement (county, person, file, town, site, from_on, until_on, entry)
      select ${county}, person, file, town, site, "fromOn", "untilOn", entry
      from json_to_recordset(${JSON.stringify(placements)}::json) as t(person uuid, file uuid, town text, site uuid, "fromOn" date, "untilOn" date, entry uuid)
      on conflict (county, person, file, from_on, entry) do update set town = excluded.town, site = excluded.site, until_on = excluded.until_on`.execute(
      tx,
    );
  const sights = [...states].flatMap(([person, state]) => state.sights.map((row) => ({ ...row, person })));
  if (sights.length)
    await sql`
      insert into sight (county, person, organisation, level, from_on, until_on)
      select ${county}, person, organisation, level, "fromOn", "untilOn"
      from json_to_recordset(${JSON.stringify(sights)}::json) as t(person uuid, organisation uuid, level text, "fromOn" date, "untilOn" date)
      on conflict (county, person, organisation) do update set level = excluded.level, from_on = excluded.from_on, until_on = excluded.until_on`.execute(
      tx,
    );
};

const applyFiles = async (tx: Tx, entries: readonly Entry[], earlier: Promise<unknown>): Promise<void> => {
  for (const county of new Set(entries.map((entry) => entry.county))) {
    const own = entries.filter((entry) => entry.county === county);
    const persons = [...new Set(own.flatMap((entry) => subjectIds(entry, 'person')))];
    const fresh = own.every((entry) => entry.type === 'person.list');
    const before = fresh ? new Map(persons.map((id) => [id, emptyFile])) : await load(tx, county, persons);
    const after = new Map<string, PersonFile>();
    for (const entry of own)
      for (const person of subjectIds(entry, 'person'))
        after.set(person, foldFile(after.get(person) ?? before.get(person) ?? emptyFile, entry, person));
    const changed = new Map([...after].filter(([person, state]) => state !== before.get(person)));
    await earlier;
    if (changed.size) await save(tx, county, changed);
  }
};

export const fileProjection: Projection = {
  readsAhead: true,
  types: [...Object.keys(moves), 'person.update'],
  tables: [
    { name: 'file', kind: 'person', column: 'person' },
    { name: 'placement', kind: 'person', column: 'person' },
    { name: 'sight', kind: 'person', column: 'person' },
  ],
  apply: applyFiles,
};
