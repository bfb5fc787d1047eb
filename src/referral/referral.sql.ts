// Rows of referrals: reads for the lists, and the projection that writes them.
import { sql } from 'kysely';
import { countyIn, keysOf, type Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import type { Guardian } from '../person/person.ts';
import { searchHashes } from '../person/person-search.ts';
import { foldReferrals, type Referral, type ReferralStatus, referralEntries } from './referral.ts';

const columns = sql`r.county, r.id, r.person, r.organisation, r.origin, r.reason, r.situation, r.suggestion, r.status, r.sent_on as "sentOn",
  r.queued_on as "queuedOn", r.reviewed_on as "reviewedOn", r.wish, r.answered_on as "answeredOn", r.cause, r.note`;

export const findReferral = async (tx: Tx, id: string): Promise<Referral | undefined> => {
  const { rows } = await sql<Referral>`select ${columns} from referral r where r.id = ${id}`.execute(tx);
  return rows[0];
};

/** The referral of a person that waits for an answer or in a queue. */
export const findOpenReferral = async (tx: Tx, county: string, person: string): Promise<Referral | undefined> => {
  const { rows } = await sql<Referral>`
    select ${columns} from referral r where r.county = ${county} and r.person = ${person} and r.status in ('sent', 'queued')
    order by r.sent_on desc, r.id desc limit 1`.execute(tx);
  return rows[0];
};

export interface PersonCard {
  readonly name: string;
  readonly sex: string;
  readonly birthDate: string | null;
  readonly town: string | null;
}

export interface ReferralListRow extends Referral, PersonCard {
  readonly organisationName: string;
  readonly originName: string | null;
}

const listed = sql`${columns}, p.name, p.sex, p.birth_date as "birthDate", p.town, o.name as "organisationName", s.name as "originName"`;
const joined = sql`referral r join person p on p.county = r.county and p.id = r.person
  join organisation o on o.id = r.organisation left join organisation s on s.id = r.origin`;

export interface ReferralQuery {
  readonly area: string;
  readonly organisation?: string | undefined;
  readonly person?: string | undefined;
  readonly status?: readonly ReferralStatus[] | undefined;
  readonly search?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** Referrals: those that wait first, by the day their clock started, then the answered ones, the newest first. */
export const listReferrals = async (
  tx: Tx,
  { area, organisation, person, status, search = '', limit, offset }: ReferralQuery,
): Promise<{ rows: ReferralListRow[]; total: number }> => {
  const hashes = searchHashes(keysOf(tx).index, search);
  const { rows } = await sql<ReferralListRow & { total: number }>`
    select ${listed}, count(*) over ()::int as total from ${joined}
    where ${countyIn('r.county', area)}
      and (${organisation ?? null}::uuid is null or r.organisation = ${organisation ?? null}::uuid)
      and (${person ?? null}::uuid is null or r.person = ${person ?? null}::uuid)
      and (${status ?? null}::text[] is null or r.status = any(${status ?? null}::text[]))
      and (${search} = '' or p.name_search @> ${hashes}::bigint[] or p.id_number_search @> ${hashes}::bigint[] or position(${search} in o.name) > 0)
    order by r.status not in ('sent', 'queued'), case when r.status in ('sent', 'queued') then r.status end desc,
      case when r.status in ('sent', 'queued') then coalesce(r.reviewed_on, r.queued_on, r.sent_on) end, r.answered_on desc, r.id desc
    limit ${limit} offset ${offset}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};

/** A referral with what its form prints; `level` is how the organisation asking may see the person, null if it has no sight. */
export interface ReferralFormRow extends ReferralListRow {
  readonly idNumber: string | null;
  readonly phone: string | null;
  readonly address: string | null;
  readonly guardian: Guardian | null;
  readonly level: 'minimum' | 'full' | null;
}

export const findReferralForm = async (
  tx: Tx,
  id: string,
  organisation: string | null,
): Promise<ReferralFormRow | undefined> => {
  const { rows } = await sql<ReferralFormRow>`
    select ${listed}, p.id_number as "idNumber", p.phone, p.address, p.guardian,
      (select g.level from sight g where g.county = r.county and g.person = r.person and g.organisation = ${organisation}::uuid and g.until_on is null) as level
    from ${joined} where r.id = ${id}`.execute(tx);
  return rows[0];
};

export interface PendingRow extends PersonCard {
  readonly county: string;
  readonly person: string;
  readonly sinceOn: string;
}

/** Registered persons whom nobody has referred yet, or whose referral came back, the longest waiting first. */
export const listPending = async (
  tx: Tx,
  query: {
    readonly area: string;
    readonly search: string | undefined;
    readonly limit: number;
    readonly offset: number;
  },
): Promise<{ rows: PendingRow[]; total: number }> => {
  const { area, search = '', limit, offset } = query;
  const hashes = searchHashes(keysOf(tx).index, search);
  const { rows } = await sql<PendingRow & { total: number }>`
    select f.county, f.person, f.stage_on as "sinceOn", p.name, p.sex, p.birth_date as "birthDate", p.town, count(*) over ()::int as total
    from file f join person p on p.county = f.county and p.id = f.person
    where ${countyIn('f.county', area)} and f.stage = 'registered' and p.linked_to is null
      and (${search} = '' or p.name_search @> ${hashes}::bigint[] or p.id_number_search @> ${hashes}::bigint[])
    order by f.stage_on, f.person limit ${limit} offset ${offset}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};

/** Referrals that wait at each organisation, as far as the actor sees them. */
export const countWaiting = async (
  tx: Tx,
  county: string,
  organisations: readonly string[],
): Promise<Map<string, number>> => {
  const { rows } = await sql<{ organisation: string; count: number }>`
    select organisation, count(*)::int as count from referral
    where county = ${county} and organisation = any(${[...organisations]}::uuid[]) and status in ('sent', 'queued') group by organisation`.execute(
    tx,
  );
  return new Map(rows.map(({ organisation, count }) => [organisation, count]));
};

const load = async (tx: Tx, county: string, persons: readonly string[]): Promise<Map<string, Referral[]>> => {
  const { rows } = await sql<Referral>`
    select ${columns} from referral r where r.county = ${county} and r.person = any(${[...persons]}::uuid[]) order by r.sent_on, r.id`.execute(
    tx,
  );
  return Map.groupBy(rows, (row) => row.person);
};

const save = async (tx: Tx, rows: readonly Referral[]): Promise<void> => {
  await sql`
    insert into referral (county, id, person, organisation, origin, reason, situation, suggestion, status, sent_on, queued_on, reviewed_on, wish, answered_on, cause, note)
    select county, id, person, organisation, origin, reason, situation, suggestion, status, "sentOn", "queuedOn", "reviewedOn", wish, "answeredOn", cause, note
    from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, id uuid, person uuid, organisation uuid, origin uuid, reason text, situation text,
      suggestion text, status text, "sentOn" date, "queuedOn" date, "reviewedOn" date, wish text, "answeredOn" date, cause text, note text)
    on conflict (county, id) do update set organisation = excluded.organisation, origin = excluded.origin, reason = excluded.reason, situation = excluded.situation,
      suggestion = excluded.suggestion, status = excluded.status, sent_on = excluded.sent_on, queued_on = excluded.queued_on, reviewed_on = excluded.reviewed_on,
      wish = excluded.wish, answered_on = excluded.answered_on, cause = excluded.cause, note = excluded.note`.execute(
    tx,
  );
};

const applyReferrals = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  for (const [county, own] of Map.groupBy(entries, (entry) => entry.county)) {
    const persons = [...new Set(own.flatMap((entry) => subjectIds(entry, 'person')))];
    const before = await load(tx, county, persons);
    const after = new Map<string, readonly Referral[]>();
    for (const entry of own)
      for (const person of subjectIds(entry, 'person'))
        after.set(person, foldReferrals(after.get(person) ?? before.get(person) ?? [], entry, person));
    const rows = [...after.values()].flat();
    if (rows.length) await save(tx, rows);
  }
};

export const referralProjection: Projection = {
  types: [...referralEntries.map(({ type }) => type), 'file.close'],
  tables: [{ name: 'referral', kind: 'person', column: 'person' }],
  apply: applyReferrals,
};
