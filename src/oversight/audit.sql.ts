// Reading the audit's lines; row-level security leaves an audit administrator those of the area, and others those about a person they see.
import { type RawBuilder, sql } from 'kysely';
import type { Role } from '../kernel/access.ts';
import type { AuditKind } from '../kernel/contract.ts';
import { type Tx, together } from '../kernel/database.ts';
import type { Reading } from './audit-unusual.ts';

export interface LineFilter {
  readonly from: string;
  readonly to: string;
  readonly search?: string | undefined;
  readonly kind?: AuditKind | undefined;
  readonly role?: Role | undefined;
  readonly outcome?: 'ok' | 'refused' | undefined;
  readonly person?: string | undefined;
}

export interface LineRow {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly actorName: string | null;
  readonly role: Role;
  readonly organisationName: string | null;
  readonly address: string | null;
  readonly operation: string;
  readonly kind: AuditKind;
  readonly outcome: string;
  readonly persons: string[];
  readonly details: Record<string, unknown>;
}

interface Paging {
  readonly limit: number;
  readonly offset: number;
}

/** Lets the view audit_of_persons show the lines about these records of one county, for the rest of the transaction. */
const askAbout = async (tx: Tx, county: string, persons: readonly string[]): Promise<void> => {
  await sql`select set_config('kangtu.audit_county', ${county}, true), set_config('kangtu.audit_persons', ${`{${persons.join()}}`}, true)`.execute(
    tx,
  );
};

const columns = sql`l.seq, l.at, l.actor, a.name as "actorName", l.role, o.name as "organisationName", l.address, l.operation, l.kind,
  l.outcome, l.persons, l.details`;
const named = sql`left join account a on a.username = l.actor left join organisation o on o.id = l.organisation`;

const listFrom = async (
  tx: Tx,
  { source, where }: { source: 'audit_line' | 'audit_of_persons'; where: RawBuilder<unknown> },
  { limit, offset }: Paging,
): Promise<{ rows: LineRow[]; total: number }> => {
  const [{ rows }, count] = await together(
    sql<LineRow>`
      with l as (select * from ${sql.table(source)} l where ${where} order by l.seq desc limit ${limit} offset ${offset})
      select ${columns} from l ${named} order by l.seq desc`.execute(tx),
    sql<{ total: number }>`select count(*)::int as total from ${sql.table(source)} l where ${where}`.execute(tx),
  );
  return { rows, total: count.rows[0]?.total ?? 0 };
};

/** The lines of a filter, newest first. */
export const listLines = async (
  tx: Tx,
  { from, to, search, kind, role, outcome, person }: LineFilter,
  paging: Paging,
): Promise<{ rows: LineRow[]; total: number }> => {
  if (person !== undefined) await askAbout(tx, '', [person]);
  const where = sql`l.day between ${from} and ${to}
    and (${search ?? null}::text is null or l.actor = lower(${search ?? null})) and (${kind ?? null}::text is null or l.kind = ${kind ?? null})
    and (${role ?? null}::text is null or l.role = ${role ?? null})
    and (${outcome ?? null}::text is null or (l.outcome = 'ok') = (${outcome ?? null} = 'ok'))`;
  return listFrom(tx, { source: person === undefined ? 'audit_line' : 'audit_of_persons', where }, paging);
};

/** Who opened the file of one human, under any of the records in one county, newest first. Refused requests showed nothing. */
export const listReaders = async (
  tx: Tx,
  { county, records }: { county: string; records: readonly string[] },
  paging: Paging,
): Promise<{ rows: LineRow[]; total: number }> => {
  await askAbout(tx, county, records);
  return listFrom(tx, { source: 'audit_of_persons', where: sql`l.outcome = 'ok'` }, paging);
};

/** The purposes that were given for showing the full data of the records: by actor and instant, which the entry shares with its line. */
export const listPurposes = async (
  tx: Tx,
  { county, records }: { county: string; records: readonly string[] },
): Promise<Map<string, string>> => {
  const { rows } = await sql<{ actor: string; at: string; purpose: string }>`
    select e.actor, e.recorded_at as at, e.body ->> 'purpose' as purpose
    from entry_subject s join entry e on e.county = s.county and e.id = s.entry
    where s.county = ${county} and s.kind = 'person' and s.subject = any(${records}::uuid[]) and e.county = ${county} and e.type = 'person.reveal'`.execute(
    tx,
  );
  return new Map(rows.map(({ actor, at, purpose }) => [`${actor} ${at}`, purpose]));
};

/** Lines that may be unusual: of accounts that on some day opened or were refused half as much as is unusual, or read at night. Newest first. */
export const listReadings = async (
  tx: Tx,
  { from, to, filesPerHour, refused }: { from: string; to: string; filesPerHour: number; refused: number },
  limit: number,
): Promise<Reading[]> => {
  const { rows } = await sql<Reading>`
    with reading as (
      select l.seq, l.day, l.actor, l.at, l.persons, case l.outcome when 'ok' then 'opened' else 'unseen' end as act
      from audit_line l
      where l.day between ${from} and ${to} and l.actor <> '' and (l.outcome in ('notFound', 'outOfScope', 'minimumSight')
        or l.outcome = 'ok' and l.kind in ('read', 'reveal') and l.persons <> '{}')),
    busy as (
      select actor from reading group by actor, day having sum(cardinality(persons)) filter (where act = 'opened') > ${filesPerHour} / 2
        or count(*) filter (where act = 'unseen') * 2 >= ${refused}
      union
      select actor from reading where act = 'opened' and extract(hour from at at time zone 'Asia/Shanghai') not between 6 and 21)
    select actor, at, act, persons from reading where actor in (select actor from busy) order by seq desc limit ${limit}`.execute(
    tx,
  );
  return rows;
};
