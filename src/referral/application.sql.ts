// Rows of applications: reads for the worklist and the review, and the projection that writes them.
import { sql } from 'kysely';
import { countyIn, keysOf, type Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import type { Stage } from '../person/file.ts';
import { searchHashes, wholeCertificate, wholeName, wholeNumber } from '../person/person-search.ts';
import type { ScreeningOutcome } from '../policy/screen.ts';
import { type Application, applicationReviewed, applicationSubmitted, foldApplications } from './application.ts';

const columns = sql`a.county, a.id, a.person, a.route, a.applicant, a.relation, a.phone, a.needs, a.client_willing as "clientWilling",
  a.guardian_willing as "guardianWilling", a.received_on as "receivedOn", a.decision, a.decided_on as "decidedOn", a.reason`;

export const findApplication = async (tx: Tx, id: string): Promise<Application | undefined> => {
  const { rows } = await sql<Application>`select ${columns} from application a where a.id = ${id}`.execute(tx);
  return rows[0];
};

export interface ApplicationListRow extends Application {
  readonly name: string;
  readonly sex: string;
  readonly birthDate: string | null;
  readonly town: string | null;
  readonly screening: ScreeningOutcome | null;
}

/** An application with its person and file, for the review. */
export interface CaseRow extends Omit<ApplicationListRow, 'screening'> {
  readonly idNumber: string | null;
  readonly certificateNumber: string | null;
  readonly linkedTo: string | null;
  readonly listedOn: string;
  readonly stage: Stage;
  readonly episode: number;
  readonly appliedOn: string | null;
}

export const findCase = async (tx: Tx, id: string): Promise<CaseRow | undefined> => {
  const { rows } = await sql<CaseRow>`
    select ${columns}, p.name, p.sex, p.birth_date as "birthDate", p.town, p.id_number as "idNumber", p.certificate_number as "certificateNumber",
      p.linked_to as "linkedTo", p.listed_on as "listedOn", f.stage, f.episode, f.applied_on as "appliedOn"
    from application a join person p on p.county = a.county and p.id = a.person
    join lateral (select stage, episode, applied_on from file where county = a.county and person = a.person order by episode desc limit 1) f on true
    where a.id = ${id}`.execute(tx);
  return rows[0];
};

/** Open applications by the day they came in, which is the order of their clocks; decided ones the newest first. */
export const listApplications = async (
  tx: Tx,
  query: {
    readonly area: string;
    readonly open: boolean;
    readonly search: string | undefined;
    readonly limit: number;
    readonly offset: number;
  },
): Promise<{ rows: ApplicationListRow[]; total: number }> => {
  const { area, open, search = '' } = query;
  const hashes = searchHashes(keysOf(tx).index, search);
  const inTown = area.length > 6 ? sql`p.town = ${area}` : sql`true`;
  const { rows } = await sql<ApplicationListRow & { total: number }>`
    select ${columns}, p.name, p.sex, p.birth_date as "birthDate", p.town, s.outcome as screening, count(*) over ()::int as total
    from application a join person p on p.county = a.county and p.id = a.person
    left join lateral (select outcome from screening where county = a.county and person = a.person order by happened_on desc, id desc limit 1) s on true
    where ${countyIn('a.county', area)} and ${inTown} and (a.decision is null) = ${open}
      and (${search} = '' or p.name_search @> ${hashes}::bigint[] or p.id_number_search @> ${hashes}::bigint[]
        or upper(right(a.id::text, 8)) = upper(right(${search}, 8)))
    order by case when ${open} then a.received_on end, a.decided_on desc, a.id limit ${query.limit} offset ${query.offset}`.execute(
    tx,
  );
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};

export interface CandidateRow {
  readonly id: string;
  readonly name: string;
  readonly sex: string;
  readonly birthDate: string | null;
  readonly idNumber: string | null;
  readonly certificateNumber: string | null;
  readonly town: string | null;
  readonly stage: Stage;
}

/** Other records of the county that share ID number, certificate number, or name with birth date or town. */
export const listCandidates = async (
  tx: Tx,
  county: string,
  of: Omit<CandidateRow, 'stage' | 'sex'>,
): Promise<CandidateRow[]> => {
  const { index } = keysOf(tx);
  const idNumber = of.idNumber && wholeNumber(index, of.idNumber);
  const certificate = of.certificateNumber && wholeCertificate(index, of.certificateNumber);
  const name = wholeName(index, of.name);
  const { rows } = await sql<CandidateRow>`
    select p.id, p.name, p.sex, p.birth_date as "birthDate", p.id_number as "idNumber", p.certificate_number as "certificateNumber", p.town, f.stage
    from person p join lateral (select stage from file where county = ${county} and person = p.id order by episode desc limit 1) f on true
    where p.county = ${county} and p.id <> ${of.id} and p.linked_to is null
      and (p.id_number_index = ${idNumber} or p.certificate_index = ${certificate}
        or (p.name_index = ${name} and (p.birth_date = ${of.birthDate} or p.town = ${of.town})))
    order by p.id_number_index = ${idNumber} desc nulls last, p.id limit 10`.execute(tx);
  return rows;
};

/** Whether client or guardian asked for the service in the application that the file's episode rests on. */
export const isAskedFor = async (
  tx: Tx,
  {
    county,
    person,
    appliedOn,
  }: { readonly county: string; readonly person: string; readonly appliedOn: string | null },
): Promise<boolean> => {
  const { rows } = await sql<{ asked: boolean }>`
    select client_willing or coalesce(guardian_willing, false) as asked from application
    where county = ${county} and person = ${person} and received_on >= ${appliedOn}::date and decision = 'registered'
    order by received_on desc, id desc limit 1`.execute(tx);
  return rows[0]?.asked ?? false;
};

const load = async (tx: Tx, county: string, persons: readonly string[]): Promise<Map<string, Application[]>> => {
  const { rows } = await sql<Application>`
    select ${columns} from application a where a.county = ${county} and a.person = any(${[...persons]}::uuid[]) order by a.received_on, a.id`.execute(
    tx,
  );
  return Map.groupBy(rows, (row) => row.person);
};

const save = async (tx: Tx, rows: readonly Application[]): Promise<void> => {
  await sql`
    insert into application (county, id, person, route, applicant, relation, phone, needs, client_willing, guardian_willing, received_on, decision, decided_on, reason)
    select county, id, person, route, applicant, relation, phone, needs, "clientWilling", "guardianWilling", "receivedOn", decision, "decidedOn", reason
    from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, id uuid, person uuid, route text, applicant text, relation text, phone text, needs text,
      "clientWilling" boolean, "guardianWilling" boolean, "receivedOn" date, decision text, "decidedOn" date, reason text)
    on conflict (county, id) do update set route = excluded.route, applicant = excluded.applicant, relation = excluded.relation, phone = excluded.phone,
      needs = excluded.needs, client_willing = excluded.client_willing, guardian_willing = excluded.guardian_willing, received_on = excluded.received_on,
      decision = excluded.decision, decided_on = excluded.decided_on, reason = excluded.reason`.execute(tx);
};

const applyApplications = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  for (const [county, own] of Map.groupBy(entries, (entry) => entry.county)) {
    const persons = [...new Set(own.flatMap((entry) => subjectIds(entry, 'person')))];
    const before = await load(tx, county, persons);
    const after = new Map<string, readonly Application[]>();
    for (const entry of own)
      for (const person of subjectIds(entry, 'person'))
        after.set(person, foldApplications(after.get(person) ?? before.get(person) ?? [], entry, person));
    const rows = [...after.values()].flat();
    if (rows.length) await save(tx, rows);
  }
};

export const applicationProjection: Projection = {
  types: [applicationSubmitted.type, applicationReviewed.type, 'file.close'],
  tables: [{ name: 'application', kind: 'person', column: 'person' }],
  apply: applyApplications,
};
