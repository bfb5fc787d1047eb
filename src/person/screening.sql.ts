// Rows of screenings: the projection, the newest of each person, a town's persons with their facts at once, and who is still unclear.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import type { File } from './file.ts';
import { type PersonRow, personColumns } from './person.sql.ts';
import type { StoredFact } from './person.ts';
import { screeningRecorded } from './person.ts';
import type { RecordedScreening, UnknownRow } from './screening.ts';

const applyScreenings = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries.filter(screeningRecorded.is).flatMap((entry) =>
    subjectIds(entry, 'person').map((person) => ({
      county: entry.county,
      id: entry.id,
      person,
      on: entry.on,
      outcome: entry.body.outcome,
      pack: entry.body.pack.id,
      version: entry.body.pack.version,
      findings: entry.findings,
    })),
  );
  await sql`
    insert into screening (county, id, person, happened_on, outcome, pack, version, findings)
    select county, id, person, "on", outcome, pack, version, findings
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as t(county text, id uuid, person uuid, "on" date, outcome text, pack text, version text, findings jsonb)
    on conflict (county, id) do update set person = excluded.person, happened_on = excluded.happened_on, outcome = excluded.outcome,
      pack = excluded.pack, version = excluded.version, findings = excluded.findings`.execute(tx);
};

export const screeningProjection: Projection = {
  types: [screeningRecorded.type],
  tables: [{ name: 'screening', kind: 'person', column: 'person' }],
  apply: applyScreenings,
};

const screeningColumns = sql`s.id, s.happened_on as "on", s.outcome, s.pack, s.version, s.findings`;

/** The newest screening of each of these persons, by person id; a person never screened is absent. */
export const newestScreenings = async (
  tx: Tx,
  county: string,
  persons: readonly string[],
): Promise<Map<string, RecordedScreening>> => {
  const { rows } = await sql<RecordedScreening & { person: string }>`
    select distinct on (s.person) s.person, ${screeningColumns} from screening s
    where s.county = ${county} and s.person = any(${[...persons]}::uuid[])
    order by s.person, s.happened_on desc, s.id desc`.execute(tx);
  return new Map(rows.map(({ person, ...row }) => [person, row]));
};

export interface Screenable {
  readonly person: PersonRow;
  readonly file: Pick<File, 'county' | 'person' | 'episode' | 'appliedOn' | 'stage'>;
  readonly facts: readonly StoredFact[];
  readonly newest: RecordedScreening | undefined;
}

/** Persons at `stages`, of a town or of the whole county, with every fact of theirs and of the records linked to them; at most `limit`, by id. */
export const listScreenables = async (
  tx: Tx,
  county: string,
  {
    town,
    stages,
    limit,
    after,
  }: { town: string | null; stages: readonly string[]; limit: number; after?: string | undefined },
): Promise<Screenable[]> => {
  const inTown = town === null ? sql`` : sql`and f.town = ${town}`;
  const { rows } = await sql<{
    person: PersonRow;
    file: Screenable['file'];
    facts: StoredFact[] | null;
    newest: RecordedScreening | null;
  }>`
    with waiting as materialized (
      select f.person as id, f.episode, f.applied_on, f.stage from file f
      where f.county = ${county} ${inTown} and (${after ?? null}::uuid is null or f.person > ${after ?? null}) and f.stage = any(${[...stages]}::text[])
        and not exists (select from file n where n.county = ${county} and n.person = f.person and n.episode > f.episode)),
    asked as materialized (
      select w.*, to_jsonb(p) as person, w.id as record from waiting w
      join (select ${personColumns} from person where county = ${county}) p on p.id = w.id and p."linkedTo" is null
      order by w.id limit ${limit}),
    known as materialized (
      select r.person, json_agg(json_build_object('kind', f.kind, 'on', f.happened_on, 'value', f.value, 'source', f.source, 'entry', f.entry)
        order by f.happened_on desc, f.entry desc, f.position desc) as facts
      from (select id as person, id as record from asked
        union all select linked_to, id from person where county = ${county} and linked_to in (select id from asked)) r
      join fact f on f.county = ${county} and f.person = r.record group by r.person),
    last as materialized (
      select distinct on (s.person) s.person, ${screeningColumns} from screening s
      where s.county = ${county} and s.person in (select id from asked) order by s.person, s.happened_on desc, s.id desc)
    select a.person, json_build_object('county', ${county}::text, 'person', a.id, 'episode', a.episode, 'appliedOn', a.applied_on, 'stage', a.stage) as file, k.facts,
      case when l.id is not null then json_build_object('id', l.id, 'on', l."on", 'outcome', l.outcome, 'pack', l.pack, 'version', l.version, 'findings', l.findings) end as newest
    from asked a left join known k on k.person = a.id left join last l on l.person = a.id order by a.id`.execute(tx);
  return rows.map(({ person, file, facts, newest }) => ({
    person,
    file,
    facts: facts ?? [],
    newest: newest ?? undefined,
  }));
};

/** Persons at `stages` whose newest screening left something unknown, oldest screening first. */
export const listUnknown = async (
  tx: Tx,
  { area, stages, page, pageSize }: { area: string; stages: readonly string[]; page: number; pageSize: number },
): Promise<{ rows: UnknownRow[]; total: number }> => {
  const inArea = area.length >= 6 ? sql`p.county = ${area.slice(0, 6)}` : sql`starts_with(p.county, ${area})`;
  const inTown = area.length > 6 ? sql`and p.town = ${area}` : sql``;
  const { rows } = await sql<UnknownRow & { total: number }>`
    select p.id as person, p.name, p.town, s.happened_on as "on",
      (select json_agg(json_build_object('rule', x.rule, 'because', x.because))
        from jsonb_to_recordset(s.findings) as x(rule text, outcome text, because text) where x.outcome = 'unknown') as missing,
      count(*) over () as total
    from screening s
    join person p on p.county = s.county and p.id = s.person and p.linked_to is null
    join file f on f.county = s.county and f.person = s.person and f.stage = any(${[...stages]}::text[])
    where s.outcome = 'unknown' and ${inArea} ${inTown}
      and not exists (select from screening n where n.county = s.county and n.person = s.person and (n.happened_on, n.id) > (s.happened_on, s.id))
      and not exists (select from file n where n.county = f.county and n.person = f.person and n.episode > f.episode)
    order by s.happened_on, p.id limit ${pageSize} offset ${(page - 1) * pageSize}`.execute(tx);
  return {
    rows: rows.map(({ total, ...row }) => ({ ...row, missing: row.missing ?? [] })),
    total: rows[0]?.total ?? 0,
  };
};
