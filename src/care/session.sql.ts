// Rows of sessions: one per person and session, what a roll-call needs to be checked, the lists, and the projection that writes them.
import { sql } from 'kysely';
import { firstDayOf, lastDayOf } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import type { Stage } from '../person/file.ts';
import { byName } from '../person/identity.ts';
import { type Attendee, type OtherService, type SessionBody, sessionRecorded } from './session.ts';

/** The county of these persons (of the first one found), where the actor's scope does not already say it. */
export const findCountyOfPersons = async (tx: Tx, persons: readonly string[]): Promise<string | undefined> => {
  const { rows } = await sql<{ county: string }>`
    select county from person where id = any(${[...persons]}::uuid[]) order by county limit 1`.execute(tx);
  return rows[0]?.county;
};

export const findCountyOfSession = async (tx: Tx, session: string): Promise<string | undefined> => {
  const { rows } = await sql<{ county: string }>`select county from entry where id = ${session}`.execute(tx);
  return rows[0]?.county;
};

export interface AttendeeRow extends Omit<Attendee, 'papersMissing'> {
  readonly stage: Stage;
}

/** The persons of a roll-call whom the actor sees, each with the newest episode and the other sessions of that day: one statement. */
export const findAttendees = async (
  tx: Tx,
  county: string,
  persons: readonly string[],
  on: string,
): Promise<Map<string, AttendeeRow>> => {
  const { rows } = await sql<AttendeeRow>`
    select p.id, p.name, f.stage, f.site, f.accepted_on as "acceptedOn",
      sharing_ended(${county}, p.id, f.registered_on, ${on}) as "consentEndedOn", coalesce(a.sessions, '[]') as "sameDay"
    from person p
    join lateral (select f.stage, f.site, f.accepted_on, f.registered_on from file f where f.county = ${county} and f.person = p.id
      order by f.episode desc limit 1) f on true
    left join lateral (select json_agg(json_build_object('session', a.session, 'startAt', a.start_at, 'minutes', a.minutes) order by a.start_at) as sessions
      from attendance a where a.county = ${county} and a.person = p.id and a.happened_on = ${on}) a on true
    where p.county = ${county} and p.id = any(${[...persons]}::uuid[])`.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
};

export interface PersonSessionRow {
  readonly session: string;
  readonly on: string;
  readonly kind: SessionBody['kind'];
  readonly domain: SessionBody['domain'];
  readonly standardized: boolean;
  readonly service: OtherService | null;
  readonly startAt: string;
  readonly minutes: number;
  readonly leader: string;
  readonly title: string | null;
  readonly organisation: string;
  readonly organisationName: string | null;
  readonly recordedAt: string;
}

/** The sessions of a person, newest first, of one month or of all. */
export const listPersonSessions = async (
  tx: Tx,
  county: string,
  { person, month, page, pageSize }: { person: string; month: string | undefined; page: number; pageSize: number },
): Promise<{ rows: PersonSessionRow[]; total: number }> => {
  const matching = sql`a.county = ${county} and a.person = ${person}
    and (${month ?? null}::text is null or a.happened_on between ${month ? firstDayOf(month) : null}::date and ${month ? lastDayOf(month) : null}::date)`;
  const { rows } = await sql<PersonSessionRow & { total: number }>`
    select a.session, a.happened_on as "on", a.kind, a.domain, a.standardized, a.service, a.start_at as "startAt", a.minutes, a.leader, a.title, a.organisation,
      o.name as "organisationName", e.recorded_at as "recordedAt", count(*) over () as total
    from attendance a left join organisation o on o.id = a.organisation
    left join entry e on e.county = ${county} and e.id = a.session
    where ${matching} order by a.happened_on desc, a.start_at desc, a.session limit ${pageSize} offset ${(page - 1) * pageSize}`.execute(
    tx,
  );
  return { rows: rows.map(({ total, ...row }) => row), total: rows[0]?.total ?? 0 };
};

export interface MonthOfPerson {
  readonly month: string;
  readonly sessions: number;
  readonly standardized: number;
  readonly minutes: number;
}

/** Sessions of a person by month, newest month first. */
export const listMonthsOfPerson = async (tx: Tx, county: string, person: string): Promise<MonthOfPerson[]> => {
  const { rows } = await sql<MonthOfPerson>`
    select to_char(happened_on, 'YYYY-MM') as month, count(*) as sessions, count(*) filter (where standardized) as standardized, sum(minutes) as minutes
    from attendance where county = ${county} and person = ${person} group by 1 order by 1 desc`.execute(tx);
  return rows;
};

export interface SessionVersion {
  readonly id: string;
  readonly type: string;
  readonly on: string;
  readonly at: string;
  /** The name of whose account it was; the user name where there is no such account. */
  readonly actor: string;
  readonly body: SessionBody & { reason?: string };
}

/** A session's entry and whatever replaced it, in order; empty when the actor sees none of its persons. */
export const listVersions = async (tx: Tx, county: string, session: string): Promise<SessionVersion[]> => {
  const { rows } = await sql<SessionVersion>`
    select e.id, e.type, e.happened_on as "on", e.recorded_at as at, coalesce(a.name, e.actor) as actor, e.body
    from entry e left join account a on a.username = e.actor
    where e.county = ${county} and (e.id = ${session} or e.root = ${session}) order by e.seq`.execute(tx);
  return rows;
};

/** The persons whom an entry is about, those among them whom the actor sees with their names. */
export const listSubjects = async (
  tx: Tx,
  county: string,
  entry: string,
): Promise<{ id: string; name: string | null }[]> => {
  const { rows } = await sql<{ id: string; name: string | null }>`
    select s.subject as id, p.name from entry_subject s left join person p on p.county = ${county} and p.id = s.subject
    where s.county = ${county} and s.entry = ${entry} and s.kind = 'person' and s.about order by s.subject`.execute(tx);
  return rows.sort((a, b) => byName(a.name ?? '', b.name ?? ''));
};

/** Names of persons whom the actor sees. */
export const findNames = async (tx: Tx, county: string, persons: readonly string[]): Promise<Map<string, string>> => {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from person where county = ${county} and id = any(${[...persons]}::uuid[])`.execute(tx);
  return new Map(rows.map(({ id, name }) => [id, name]));
};

const applySessions = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries.flatMap((entry) => {
    const { organisation, kind, domain, standardized, service, startAt, minutes, leader, title } =
      entry.body as SessionBody;
    const session = { organisation, kind, domain, standardized, service, startAt, minutes, leader, title };
    return subjectIds(entry, 'person').map((person) => ({
      county: entry.county,
      session: entry.id,
      person,
      on: entry.on,
      ...session,
    }));
  });
  if (!rows.length) return;
  await sql`
    insert into attendance (county, session, person, organisation, happened_on, kind, domain, standardized, service, start_at, minutes, leader, title)
    select county, session, person, organisation, "on", kind, domain, standardized, service, "startAt", minutes, leader, title
    from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, session uuid, person uuid, organisation uuid, "on" date, kind text, domain text,
      standardized boolean, service text, "startAt" text, minutes int, leader text, title text)
    on conflict (county, session, person) do update set organisation = excluded.organisation, happened_on = excluded.happened_on, kind = excluded.kind,
      domain = excluded.domain, standardized = excluded.standardized, service = excluded.service, start_at = excluded.start_at, minutes = excluded.minutes,
      leader = excluded.leader, title = excluded.title`.execute(tx);
};

export const sessionProjection: Projection = {
  types: [sessionRecorded.type],
  tables: [{ name: 'attendance', kind: 'person', column: 'person' }],
  apply: applySessions,
};
