// One batch of a list: its rows, the look-ups of matching over persons on file and rows already planned, and what is written back.
import { sql } from 'kysely';
import { keysOf, type Tx } from '../kernel/database.ts';
import type { Index } from '../kernel/keys.ts';
import { listCounties } from '../network/division.ts';
import { listSealer, type StagedRow } from './census.sql.ts';
import type { CensusResult } from './census.ts';
import { identityFrom } from './census-facts.ts';
import type { KnownPerson, PersonIndex } from './census-match.ts';
import type { RowPlan, Target } from './census-plan.ts';
import type { CensusReading } from './census-row.ts';
import type { Identity, RecordedFact } from './person.ts';
import { wholeCertificate, wholeNumber } from './person-search.ts';

// Named one by one: a prefix would keep PostgreSQL from the indexes, which begin with the county.
const countiesOf = (area: string): string[] => listCounties(area).map(({ code }) => code);

interface ListKey {
  readonly county: string;
  readonly id: string;
}

const rowColumns = sql`position, sheet, row_number as "rowNumber", epoch, cells`;

/** Rows from a position on, in order. Positions run from 0 without gaps, so the rows done are the position that is next. */
export const listRowsFrom = async (tx: Tx, list: ListKey, from: number, limit: number): Promise<StagedRow[]> => {
  const { rows } = await sql<StagedRow>`select ${rowColumns} from census_row
    where county = ${list.county} and list = ${list.id} and position >= ${from} order by position limit ${limit}`.execute(
    tx,
  );
  return rows;
};

export interface PendingRow {
  readonly position: number;
  readonly planned: RowPlan['outcome'];
  readonly person: string | null;
  readonly reading: CensusReading | null;
}

/** Planned rows from a position on, in order. */
export const listPending = async (tx: Tx, list: ListKey, from: number, limit: number): Promise<PendingRow[]> => {
  const { rows } = await sql<PendingRow>`select position, planned, person, reading from census_row
    where county = ${list.county} and list = ${list.id} and position >= ${from} order by position limit ${limit}`.execute(
    tx,
  );
  return rows;
};

const identityColumns = sql`p.name, p.sex, p.birth_date as "birthDate", p.id_number as "idNumber", p.id_kind as "idKind",
  p.certificate_number as "certificateNumber", p.phone, p.address, p.town, p.village, p.household_division as "householdDivision", p.guardian`;

const withoutNulls = <T extends object>(row: T): T =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T;

interface Key {
  readonly type: 'bigint' | 'date';
  /** The same column name on persons and on planned rows. */
  readonly column: 'id_number_index' | 'certificate_index' | 'birth_date';
  /** What is looked up for a value. */
  readonly key: (index: Index, value: string) => number | string;
}
const numberKey: Key = { type: 'bigint', column: 'id_number_index', key: wholeNumber };
// The certificate itself and its replacements, which add B and a digit to the same 20 characters.
const certificateKey: Key = {
  type: 'bigint',
  column: 'certificate_index',
  key: wholeCertificate,
};
const birthKey: Key = { type: 'date', column: 'birth_date', key: (_, day) => day };

// One look-up per key: asked for all at once, PostgreSQL walks a table whose statistics are of before the list filled it. For the same
// reason rows of a list are looked up by key and list, and only then told by county: no other index begins with either.
const lookUp = (keys: readonly (number | string)[], type: string) =>
  sql`unnest(${[...keys]}::${sql.raw(type)}[]) as one(key)`;

/** Rows of this list that earlier batches of the dry run planned, by one of their keys. */
const planned = async (
  tx: Tx,
  list: ListKey,
  keys: readonly (number | string)[],
  { type, column }: Key,
): Promise<KnownPerson[]> => {
  const { rows } = await sql<{ person: string; reading: CensusReading }>`
    select person, reading from ${lookUp(keys, type)} cross join lateral (
      select * from census_row where list = ${list.id} and ${sql.ref(column)} = one.key and planned in ('create', 'update') offset 0) r
    where r.county = ${list.county}`.execute(tx);
  return rows.map(({ person, reading }) => ({ ...identityFrom(reading.row), id: person }));
};

type FoundPerson = KnownPerson & { readonly record: string; readonly linked: boolean };

/** Records of the area by one of their keys, those that stand for themselves first. */
const onFile = async (
  tx: Tx,
  area: string,
  keys: readonly (number | string)[],
  { type, column }: Key,
): Promise<KnownPerson[]> => {
  const found: FoundPerson[] = [];
  for (const county of countiesOf(area)) {
    const { rows } = await sql<FoundPerson>`
      select coalesce(p.linked_to, p.id) as id, p.id as record, p.linked_to is not null as linked, ${identityColumns}
      from ${lookUp(keys, type)} cross join lateral (select * from person p where p.county = ${county} and ${sql.ref(`p.${column}`)} = one.key offset 0) p`.execute(
      tx,
    );
    found.push(...rows);
  }
  found.sort((a, b) => Number(a.linked) - Number(b.linked) || (a.record < b.record ? -1 : 1));
  return found.map(({ record: _record, linked: _linked, ...known }) => withoutNulls(known));
};

/**
 * Look-ups over the area's persons; a record that is linked away answers for the one that stands for it, and only after that one's own.
 * In a dry run the rows planned so far answer too, as if they were on file.
 */
export const personIndex = (tx: Tx, list: ListKey, isDryRun: boolean): PersonIndex => {
  const find =
    (key: Key) =>
    async (values: readonly string[]): Promise<KnownPerson[]> => {
      if (values.length === 0) return [];
      const keys = values.map((value) => key.key(keysOf(tx).index, value));
      const known = await onFile(tx, list.county, keys, key);
      return isDryRun ? [...known, ...(await planned(tx, list, keys, key))] : known;
    };
  return {
    findByIds: find(numberKey),
    findByCertificates: find(certificateKey),
    findByBirthDates: find(birthKey),
  };
};

type RecordRow = Omit<Target, 'identity' | 'facts'> & Identity & { readonly linkedTo: string | null };

/** Persons on file by id (of the record that stands for them), with every fact on file, those of linked records too. */
export const loadTargets = async (tx: Tx, area: string, ids: readonly string[]): Promise<Map<string, Target>> => {
  if (ids.length === 0) return new Map();
  // By id: a record may be asked for itself and stand with another.
  const byId = new Map<string, RecordRow>();
  for (const county of countiesOf(area)) {
    const { rows } = await sql<RecordRow>`
      select p.id, p.county, p.listed_on as "listedOn", p.linked_to as "linkedTo", ${identityColumns}
      from ${lookUp(ids, 'uuid')} cross join lateral (
        select * from person p where p.county = ${county} and p.id = one.key
        union all select * from person p where p.county = ${county} and p.linked_to = one.key offset 0) p`.execute(tx);
    for (const row of rows) byId.set(row.id, row);
  }
  const records = [...byId.values()];
  const { rows: told } = await sql<RecordedFact & { person: string }>`
    select f.person, f.kind, f.happened_on as "on", f.value, f.source from fact f
    where f.county = any(${[...new Set(records.map(({ county }) => county))]}::text[])
      and f.person = any(${records.map(({ id }) => id)}::uuid[])`.execute(tx);
  const facts = Map.groupBy(told, ({ person }) => person);
  const factsOf = (id: string): RecordedFact[] => (facts.get(id) ?? []).map(({ person: _, ...fact }) => fact);
  const linked = Map.groupBy(records, ({ linkedTo }) => linkedTo);
  const wanted = new Set(ids);
  return new Map(
    records
      .filter(({ id }) => wanted.has(id))
      .map(({ id, county, listedOn, linkedTo: _, ...identity }) => {
        const all = [id, ...(linked.get(id) ?? []).map((record) => record.id)].flatMap(factsOf);
        return [id, { id, county, listedOn, identity: withoutNulls(identity), facts: all }];
      }),
  );
};

export interface PlannedRow {
  readonly position: number;
  readonly rowNumber: number;
  readonly reading: CensusReading;
  readonly person: string;
  readonly plan: RowPlan;
}

/** What earlier batches of the dry run planned for these persons, in order. */
export const listPlanned = async (tx: Tx, list: ListKey, persons: readonly string[]): Promise<PlannedRow[]> => {
  if (persons.length === 0) return [];
  // One look-up per person: asked for all at once, PostgreSQL walks the whole list.
  const { rows } = await sql<PlannedRow>`
    select position, row_number as "rowNumber", person, reading, plan from unnest(${[...persons]}::uuid[]) as one(id) cross join lateral (
      select * from census_row where list = ${list.id} and person = one.id and planned in ('create', 'update', 'match') offset 0) r
    where r.county = ${list.county}`.execute(tx);
  return rows.sort((a, b) => a.position - b.position);
};

/** Who rows with these fingerprints were decided to be. */
export const findDecided = async (tx: Tx, area: string, prints: readonly string[]): Promise<Map<string, string>> => {
  if (prints.length === 0) return new Map();
  const { rows } = await sql<{ fingerprint: string; person: string }>`
    select d.fingerprint, coalesce(p.linked_to, p.id) as person from census_decision d join person p on p.county = d.county and p.id = d.person
    where d.county = any(${countiesOf(area)}::text[]) and d.fingerprint = any(${[...prints]}::text[])`.execute(tx);
  return new Map(rows.map(({ fingerprint, person }) => [fingerprint, person]));
};

export interface PlanToWrite {
  readonly position: number;
  readonly reading: CensusReading | null;
  readonly plan: RowPlan;
}

/** Writes what the dry run made of a batch. */
export const writePlans = async (tx: Tx, list: ListKey, plans: readonly PlanToWrite[]): Promise<void> => {
  const { index } = keysOf(tx);
  const sealed = await listSealer(tx, list);
  const rows = plans.map(({ position, reading, plan }) => {
    const { idDocument, certificate, birthDate = null } = reading?.row ?? {};
    return {
      position,
      reading: reading && sealed(reading),
      planned: plan.outcome,
      // All of a new record is in the reading, so that its plan tells nothing.
      plan: plan.outcome === 'create' ? { ...plan, identity: {}, facts: [] } : sealed(plan),
      person: plan.person ?? null,
      idNumber: idDocument ? numberKey.key(index, idDocument.number) : null,
      certificate: certificate ? certificateKey.key(index, certificate.number) : null,
      birthDate,
    };
  });
  await sql`update census_row r set reading = t.reading, planned = t.planned, plan = t.plan, person = t.person,
      id_number_index = t."idNumber", certificate_index = t.certificate, birth_date = t."birthDate"
    from json_to_recordset(${JSON.stringify(rows)}::json) as t(position int, reading jsonb, planned text, plan jsonb, person uuid, "idNumber" bigint,
      certificate bigint, "birthDate" date)
    where r.county = ${list.county} and r.list = ${list.id} and r.position = t.position`.execute(tx);
};

export interface ResultToWrite {
  readonly position: number;
  readonly outcome: CensusResult;
  readonly plan: RowPlan;
}

/** Writes the rows of a batch that came to something else than planned, or wait, in the transaction that made it so. */
export const writeResults = async (tx: Tx, list: ListKey, results: readonly ResultToWrite[]): Promise<void> => {
  if (results.length === 0) return;
  const sealed = await listSealer(tx, list);
  const rows = results.map(({ position, outcome, plan }) => ({
    position,
    outcome,
    planned: plan.outcome,
    // What was written stands in the journal.
    plan: sealed({ ...plan, identity: {}, facts: [] }),
    person: plan.person ?? null,
  }));
  await sql`update census_row r set outcome = t.outcome, person = t.person, plan = t.plan,
      planned = case when t.outcome = 'waiting' then t.planned else r.planned end
    from json_to_recordset(${JSON.stringify(rows)}::json) as t(position int, outcome text, planned text, plan jsonb, person uuid)
    where r.county = ${list.county} and r.list = ${list.id} and r.position = t.position`.execute(tx);
};

/** Forgets an earlier dry run. */
export const clearPlans = async (tx: Tx, list: ListKey): Promise<void> => {
  await sql`update census_row set planned = null, plan = null, person = null, id_number_index = null, certificate_index = null, birth_date = null
    where county = ${list.county} and list = ${list.id} and planned is not null`.execute(tx);
};

/**
 * Forgets the plans that the connection keeps, so that the statements of a batch are planned once more for the tables as large as they
 * are now. A list makes them grow a thousandfold, and a plan kept from when they were empty reads every row for every key. The plans
 * stay general: one made for this county would trust statistics that may not know it yet.
 */
export const planAnew = async (tx: Tx): Promise<void> => {
  await sql.raw('discard plans').execute(tx);
};

/** Lists of one city import one after another: each must find the persons that the other made. */
export const waitTurn = async (tx: Tx, area: string): Promise<void> => {
  await sql`select pg_advisory_xact_lock(hashtext(${`census:${area.slice(0, 4)}`}))`.execute(tx);
};
