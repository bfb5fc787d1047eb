// What a site looks at: its roll-call, the groups it holds, and the sessions of a month per person.
import { sql } from 'kysely';
import { countyIn, type Tx } from '../kernel/database.ts';
import type { Stage } from '../person/file.ts';
import { byName } from '../person/identity.ts';
import type { UsualGroup } from './session.api.ts';
import type { OtherService, SessionBody } from './session.ts';

export interface RosterRow {
  readonly county: string;
  readonly id: string;
  readonly name: string;
  readonly stage: Stage;
  readonly acceptedOn: string;
  readonly sessionsThisMonth: number;
  readonly sessionsOnDay: number;
}

interface SpanQuery {
  /** The actor's area: its counties are looked through. */
  readonly area: string;
  readonly organisation: string;
  readonly from: string;
  readonly to: string;
}

/** The persons whom the organisation serves now, by name, with their sessions from the first of the month to `to`, and on `to`. */
export const listRoster = async (
  tx: Tx,
  { area, organisation, from, to }: SpanQuery,
): Promise<readonly RosterRow[]> => {
  const { rows } = await sql<RosterRow>`
    select p.county, p.id, p.name, f.stage, f.accepted_on as "acceptedOn", a.month as "sessionsThisMonth", a.day as "sessionsOnDay"
    from file f join person p on p.county = f.county and p.id = f.person
    cross join lateral (select count(*) as month, count(*) filter (where happened_on = ${to}) as day from attendance
      where county = f.county and person = f.person and happened_on between ${from} and ${to}) a
    where ${countyIn('f.county', area)} and f.site = ${organisation} and f.stage in ('accepted', 'inService', 'suspended')
    order by p.id`.execute(tx);
  return rows.sort((a, b) => byName(a.name, b.name));
};

/** Groups that met at the organisation from `from` to `to`: same domain, title and hour are the same group. */
export const listGroups = async (
  tx: Tx,
  { area, organisation, from, to }: SpanQuery,
): Promise<readonly UsualGroup[]> => {
  const { rows } = await sql<UsualGroup>`
    select 'group' as kind, domain, title, standardized, service, start_at as "startAt", max(happened_on) as "lastOn",
      (array_agg(minutes order by happened_on desc))[1] as minutes, (array_agg(leader order by happened_on desc))[1] as leader,
      array_agg(distinct person::text) as persons
    from attendance where ${countyIn('county', area)} and organisation = ${organisation}
      and happened_on between ${from} and ${to} and kind = 'group'
    group by domain, title, standardized, service, start_at`.execute(tx);
  return rows;
};

export interface MonthFiguresRow {
  readonly person: string;
  readonly name: string;
  readonly stage: Stage;
  readonly sessions: number;
  readonly standardized: number;
  readonly minutes: number;
  readonly lastOn: string | null;
  readonly planned: number | null;
  readonly asked: boolean;
}

/**
 * Everyone placed at the organisation in the month, or who came to it, with all their sessions of the month wherever they were held
 * (the rate counts them so) and the plan in force on the day `asOf`.
 */
export const listMonthFigures = async (
  tx: Tx,
  { area, organisation, from, to }: SpanQuery,
  asOf: string,
): Promise<readonly MonthFiguresRow[]> => {
  const { rows } = await sql<MonthFiguresRow>`
    with who as (
      select county, person from placement where ${countyIn('county', area)} and site = ${organisation}
        and from_on <= ${to} and (until_on is null or until_on > ${from})
      union select county, person from attendance where ${countyIn('county', area)} and organisation = ${organisation}
        and happened_on between ${from} and ${to})
    select p.id as person, p.name, f.stage, a.sessions, a.standardized, a.minutes, a.last_on as "lastOn", l.planned,
      (f.ended_on is null or f.ended_on > ${asOf}) and exists (select 1 from agreement g where g.county = p.county and g.person = p.id
        and g.signed_on >= f.registered_on and g.from_on < ${from}) as asked
    from who w join person p on p.county = w.county and p.id = w.person
    join lateral (select stage, ended_on, registered_on from file where county = p.county and person = p.id order by episode desc limit 1) f on true
    cross join lateral (select count(*) as sessions, count(*) filter (where standardized) as standardized, coalesce(sum(minutes), 0) as minutes,
      max(happened_on) as last_on from attendance where county = p.county and person = p.id and happened_on between ${from} and ${to}) a
    left join lateral (select sum((goal ->> 'frequency')::int) as planned from plan, jsonb_array_elements(goals) goal
      where county = p.county and person = p.id and made_on >= f.registered_on and from_on <= ${asOf} and (until_on is null or until_on >= ${asOf})
        and (superseded_on is null or superseded_on > ${asOf})) l on true
    order by p.id`.execute(tx);
  return rows.sort((a, b) => byName(a.name, b.name));
};

/** Whoever came to the organisation in the month, with what they had there and nowhere else. */
export const listOwnWork = async (
  tx: Tx,
  { area, organisation, from, to }: SpanQuery,
): Promise<
  readonly Pick<MonthFiguresRow, 'person' | 'name' | 'sessions' | 'standardized' | 'minutes' | 'lastOn'>[]
> => {
  const { rows } = await sql<Awaited<ReturnType<typeof listOwnWork>>[number]>`
    select p.id as person, p.name, count(*) as sessions, count(*) filter (where a.standardized) as standardized, sum(a.minutes) as minutes,
      max(a.happened_on) as "lastOn"
    from attendance a join person p on p.county = a.county and p.id = a.person
    where ${countyIn('a.county', area)} and a.organisation = ${organisation} and a.happened_on between ${from} and ${to}
    group by p.county, p.id order by p.id`.execute(tx);
  return rows.sort((a, b) => byName(a.name, b.name));
};

export interface LedgerRow
  extends Pick<SessionBody, 'kind' | 'domain' | 'standardized' | 'startAt' | 'minutes' | 'leader'> {
  readonly session: string;
  readonly on: string;
  readonly name: string;
  readonly title: string | null;
  readonly service: OtherService | null;
}

/** Every attendance at the organisation in the span, in order of time. */
export const listLedger = async (
  tx: Tx,
  { area, organisation, from, to }: SpanQuery,
): Promise<readonly LedgerRow[]> => {
  const { rows } = await sql<LedgerRow>`
    select a.session, a.happened_on as "on", a.start_at as "startAt", a.minutes, a.kind, a.domain, a.standardized, a.service, a.leader, a.title, p.name
    from attendance a join person p on p.county = a.county and p.id = a.person
    where ${countyIn('a.county', area)} and a.organisation = ${organisation} and a.happened_on between ${from} and ${to}
    order by a.happened_on, a.start_at, a.session, p.id`.execute(tx);
  return rows;
};
