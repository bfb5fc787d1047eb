// One batch of a list: its rows, the look-ups of matching over persons on file and rows already planned, and what is written back.
import { sql } from 'kysely';
import { countyIn, type Tx } from '../kernel/database.ts';
import type { StagedRow } from './census.sql.ts';
import type { CensusResult } from './census.ts';
import { identityFrom } from './census-facts.ts';
import type { KnownPerson, PersonIndex } from './census-match.ts';
import type { RowPlan, Target } from './census-plan.ts';
import type { CensusReading } from './census-row.ts';
import type { Identity, RecordedFact } from './person.ts';

interface ListKey {
  readonly county: string;
  readonly id: string;
}

const rowColumns = sql`position, sheet, row_number as "rowNumber", epoch, cells`;

/** Rows after a position, in order. */
export const listRowsAfter = async (tx: Tx, list: ListKey, after: number, limit: number): Promise<StagedRow[]> => {
  const { rows } = await sql<StagedRow>`select ${rowColumns} from census_row
    where county = ${list.county} and list = ${list.id} and position > ${after} order by position limit ${limit}`.execute(
    tx,
  );
  return rows;
};

export interface PendingRow {
  readonly position: number;
  readonly planned: RowPlan['outcome'];
  readonly reading: CensusReading | null;
}

/** Planned rows after a position that have not come to anything yet, in order. */
export const listPending = async (tx: Tx, list: ListKey, after: number, limit: number): Promise<PendingRow[]> => {
  const { rows } = await sql<PendingRow>`select position, planned, reading from census_row
    where county = ${list.county} and list = ${list.id} and position > ${after} and outcome is null
    order by position limit ${limit}`.execute(tx);
  return rows;
};

const identityColumns = sql`p.name, p.sex, p.birth_date as "birthDate", p.id_number as "idNumber", p.id_kind as "idKind",
  p.certificate_number as "certificateNumber", p.phone, p.address, p.town, p.village, p.household_division as "householdDivision", p.guardian`;

const withoutNulls = <T extends object>(row: T): T =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T;

// A replacement certificate adds B and a digit to the same 20 characters; written out, so that the plain index finds them.
const certificateForms = (numbers: readonly string[]): string[] =>
  numbers.flatMap((number) => [number, ...Array.from({ length: 9 }, (_, i) => `${number}B${i + 1}`)]);

/** Rows of this list that earlier batches of the dry run planned, by one of their keys. */
const planned = async (tx: Tx, list: ListKey, where: ReturnType<typeof sql>): Promise<KnownPerson[]> => {
  const { rows } = await sql<{ person: string; reading: CensusReading }>`select person, reading from census_row
    where county = ${list.county} and list = ${list.id} and planned in ('create', 'update') and ${where} order by position`.execute(
    tx,
  );
  return rows.map(({ person, reading }) => ({ ...identityFrom(reading.row), id: person }));
};

/**
 * Look-ups over the area's persons; a record that is linked away answers for the one that stands for it, and only after that one's own.
 * In a dry run the rows planned so far answer too, as if they were on file.
 */
export const personIndex = (tx: Tx, list: ListKey, isDryRun: boolean): PersonIndex => {
  const onFile = async (column: string, type: 'text' | 'date', keys: readonly string[]): Promise<KnownPerson[]> => {
    const { rows } = await sql<KnownPerson>`select coalesce(p.linked_to, p.id) as id, ${identityColumns} from person p
      where ${countyIn('p.county', list.county)} and ${sql.ref(column)} = any(${[...keys]}::${sql.raw(type)}[])
      order by p.linked_to is not null, p.id`.execute(tx);
    return rows.map(withoutNulls);
  };
  const find = async (
    keys: readonly string[],
    person: { column: string; type: 'text' | 'date'; keys: readonly string[] },
    staged: ReturnType<typeof sql>,
  ): Promise<KnownPerson[]> => {
    if (keys.length === 0) return [];
    const known = await onFile(person.column, person.type, person.keys);
    return isDryRun ? [...known, ...(await planned(tx, list, staged))] : known;
  };
  return {
    findByIds: (keys) =>
      find(keys, { column: 'p.id_number', type: 'text', keys }, sql`id_number = any(${[...keys]}::text[])`),
    findByCertificates: (keys) =>
      find(
        keys,
        { column: 'p.certificate_number', type: 'text', keys: certificateForms(keys) },
        sql`certificate_number = any(${[...keys]}::text[])`,
      ),
    findByBirthDates: (keys) =>
      find(keys, { column: 'p.birth_date', type: 'date', keys }, sql`birth_date = any(${[...keys]}::date[])`),
  };
};

type TargetRow = Omit<Target, 'identity' | 'facts'> & Identity & { readonly facts: RecordedFact[] | null };

/** Persons on file by id (of the record that stands for them), with every fact on file, those of linked records too. */
export const loadTargets = async (tx: Tx, area: string, ids: readonly string[]): Promise<Map<string, Target>> => {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<TargetRow>`
    with own as (select * from person p where ${countyIn('p.county', area)} and p.id = any(${[...ids]}::uuid[])),
    record as (select county, id, id as stands from own union all
      select l.county, l.id, l.linked_to from person l join own on own.county = l.county and own.id = l.linked_to),
    told as (select r.stands, json_agg(json_build_object('kind', f.kind, 'on', f.happened_on, 'value', f.value, 'source', f.source)) as facts
      from record r join fact f on f.county = r.county and f.person = r.id group by r.stands)
    select p.id, p.county, p.listed_on as "listedOn", ${identityColumns}, told.facts from own p left join told on told.stands = p.id`.execute(
    tx,
  );
  return new Map(
    rows.map(({ id, county, listedOn, facts, ...identity }) => [
      id,
      { id, county, listedOn, identity: withoutNulls(identity), facts: facts ?? [] },
    ]),
  );
};

export interface PlannedRow {
  readonly rowNumber: number;
  readonly person: string;
  readonly plan: RowPlan;
}

/** What earlier batches of the dry run planned for these persons, in order. */
export const listPlanned = async (tx: Tx, list: ListKey, persons: readonly string[]): Promise<PlannedRow[]> => {
  if (persons.length === 0) return [];
  const { rows } = await sql<PlannedRow>`select row_number as "rowNumber", person, plan from census_row
    where county = ${list.county} and list = ${list.id} and person = any(${[...persons]}::uuid[])
      and planned in ('create', 'update', 'match') order by position`.execute(tx);
  return rows;
};

/** Who rows with these fingerprints were decided to be. */
export const findDecided = async (tx: Tx, area: string, prints: readonly string[]): Promise<Map<string, string>> => {
  if (prints.length === 0) return new Map();
  const { rows } = await sql<{ fingerprint: string; person: string }>`
    select d.fingerprint, coalesce(p.linked_to, p.id) as person from census_decision d join person p on p.county = d.county and p.id = d.person
    where ${countyIn('d.county', area)} and d.fingerprint = any(${[...prints]}::text[])`.execute(tx);
  return new Map(rows.map(({ fingerprint, person }) => [fingerprint, person]));
};

export interface PlanToWrite {
  readonly position: number;
  readonly reading: CensusReading | null;
  readonly plan: RowPlan;
}

/** Writes what the dry run made of a batch. */
export const writePlans = async (tx: Tx, list: ListKey, plans: readonly PlanToWrite[]): Promise<void> => {
  const rows = plans.map(({ position, reading, plan }) => ({
    position,
    reading,
    planned: plan.outcome,
    plan,
    person: plan.person ?? null,
    idNumber: reading?.row.idDocument?.number ?? null,
    certificate: reading?.row.certificate?.number.slice(0, 20) ?? null,
    birthDate: reading?.row.birthDate ?? null,
  }));
  await sql`update census_row r set reading = t.reading, planned = t.planned, plan = t.plan, person = t.person,
      id_number = t."idNumber", certificate_number = t.certificate, birth_date = t."birthDate"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t(position int, reading jsonb, planned text, plan jsonb, person uuid, "idNumber" text,
      certificate text, "birthDate" date)
    where r.county = ${list.county} and r.list = ${list.id} and r.position = t.position`.execute(tx);
};

export interface ResultToWrite {
  readonly position: number;
  readonly outcome: CensusResult;
  readonly plan: RowPlan;
}

/** Writes what a batch came to, in the transaction that made it so. */
export const writeResults = async (tx: Tx, list: ListKey, results: readonly ResultToWrite[]): Promise<void> => {
  const rows = results.map(({ position, outcome, plan }) => ({
    position,
    outcome,
    planned: plan.outcome,
    plan,
    person: plan.person ?? null,
  }));
  await sql`update census_row r set outcome = t.outcome, person = t.person, plan = t.plan,
      planned = case when t.outcome = 'waiting' then t.planned else r.planned end
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t(position int, outcome text, planned text, plan jsonb, person uuid)
    where r.county = ${list.county} and r.list = ${list.id} and r.position = t.position`.execute(tx);
};

/** Forgets an earlier dry run. */
export const clearPlans = async (tx: Tx, list: ListKey): Promise<void> => {
  await sql`update census_row set planned = null, plan = null, person = null, id_number = null, certificate_number = null, birth_date = null
    where county = ${list.county} and list = ${list.id} and planned is not null`.execute(tx);
};

/** Lists of one city import one after another: each must find the persons that the other made. */
export const waitTurn = async (tx: Tx, area: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtext(${`census:${area.slice(0, 4)}`}))`.execute(tx);
};
