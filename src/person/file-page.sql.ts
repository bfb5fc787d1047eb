// What the page of a file reads beside the person and the newest episode: episodes, placements, linked records, the timeline.
import { sql } from 'kysely';
import type { Role } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import type { File, Stage } from './file.ts';
import type { Identity } from './person.ts';

export interface EpisodeRow extends Omit<File, 'county' | 'id' | 'person' | 'town' | 'outcome' | 'entry'> {
  readonly siteName: string | null;
}

/** Episodes of a person, the newest first. */
export const listEpisodes = async (tx: Tx, county: string, person: string): Promise<EpisodeRow[]> => {
  const { rows } = await sql<EpisodeRow>`
    select f.episode, f.stage, f.stage_on as "stageOn", f.site, o.name as "siteName", f.applied_on as "appliedOn", f.registered_on as "registeredOn",
      f.referred_on as "referredOn", f.queued_on as "queuedOn", f.accepted_on as "acceptedOn", f.in_service_on as "inServiceOn", f.ended_on as "endedOn"
    from file f left join organisation o on o.id = f.site
    where f.county = ${county} and f.person = ${person} order by f.episode desc`.execute(tx);
  return rows;
};

/** First days of what an episode's process leaves beside the days of the file: assessments, transfer-out, pauses. */
export const findStepDays = async (
  tx: Tx,
  county: string,
  person: string,
  since: string,
): Promise<Readonly<Record<'baseline' | 'process' | 'transferOut' | 'specialCase', string | null>>> => {
  const { rows } = await sql<Awaited<ReturnType<typeof findStepDays>>>`
    select min(day) filter (where step = 'baseline') as baseline, min(day) filter (where step = 'process') as process,
      min(day) filter (where step = 'transferOut') as "transferOut", min(day) filter (where step = 'specialCase') as "specialCase"
    from (
      select kind as step, happened_on as day from assessment where county = ${county} and person = ${person} and kind in ('baseline', 'process')
      union all
      select case e.type when 'discharge.record' then 'transferOut' else 'specialCase' end, e.happened_on
      from entry_subject s join entry e on e.county = s.county and e.id = s.entry
      where s.county = ${county} and s.subject = ${person} and s.about and e.type in ('discharge.record', 'service.suspend')
        and not exists (select from entry n where n.county = e.county and n.replaces = e.id)) done
    where day >= ${since}`.execute(tx);
  return rows[0] ?? { baseline: null, process: null, transferOut: null, specialCase: null };
};

/** The application or the referral that a stage waits on, the longest waiting one. */
export const findWaiting = async (tx: Tx, county: string, person: string, stage: Stage): Promise<string | null> => {
  const source =
    stage === 'applied'
      ? sql`(select id, received_on as since_on from application where county = ${county} and person = ${person} and decision is null)`
      : sql`(select id, sent_on as since_on from referral where county = ${county} and person = ${person} and status in ('sent', 'queued'))`;
  const { rows } = await sql<{ id: string }>`select w.id from ${source} w order by w.since_on, w.id limit 1`.execute(
    tx,
  );
  return rows[0]?.id ?? null;
};

export interface PlacementRow {
  readonly town: string | null;
  readonly site: string | null;
  readonly fromOn: string;
  readonly untilOn: string | null;
}

export const listPlacements = async (tx: Tx, county: string, person: string): Promise<PlacementRow[]> => {
  const { rows } = await sql<PlacementRow>`
    select p.town, o.name as site, p.from_on as "fromOn", p.until_on as "untilOn"
    from placement p left join organisation o on o.id = p.site
    where p.county = ${county} and p.person = ${person} order by p.from_on desc, p.until_on desc nulls first`.execute(
    tx,
  );
  return rows;
};

export interface LinkedRow {
  readonly id: string;
  readonly name: string;
  readonly sex: Identity['sex'];
  readonly birthDate: string | null;
  readonly idNumber: string | null;
  readonly listedOn: string;
  readonly sources: string[];
}

/** Records that are linked to a person, with the origins of their facts. */
export const listLinked = async (tx: Tx, county: string, person: string): Promise<LinkedRow[]> => {
  const { rows } = await sql<LinkedRow>`
    select p.id, p.name, p.sex, p.birth_date as "birthDate", p.id_number as "idNumber", p.listed_on as "listedOn",
      array(select distinct f.source from fact f where f.county = ${county} and f.person = p.id order by 1) as sources
    from person p where p.county = ${county} and p.linked_to = ${person} order by p.listed_on, p.id`.execute(tx);
  return rows;
};

export interface TimelineEntryRow {
  readonly id: string;
  readonly type: string;
  readonly on: string;
  readonly at: string;
  readonly actor: string;
  readonly role: Role;
  readonly organisation: string | null;
  readonly body: unknown;
  /** Type of the entry that took this one's place. */
  readonly replacedBy: string | null;
  readonly own: boolean;
}

/** Entries about a person and the records linked to them, newest day first, with the names of who recorded them. */
export const listEntries = async (
  tx: Tx,
  county: string,
  { person, page, pageSize }: { person: string; page: number; pageSize: number },
): Promise<{ rows: TimelineEntryRow[]; total: number }> => {
  const { rows } = await sql<TimelineEntryRow & { total: number }>`
    with about as (
      select s.entry, bool_or(s.subject = ${person}) as own from entry_subject s
      where s.county = ${county} and s.kind = 'person'
        and s.subject in (select id from person where county = ${county} and (id = ${person} or linked_to = ${person}))
      group by s.entry)
    select e.id, e.type, e.happened_on as "on", e.recorded_at as at, coalesce(a.name, e.actor) as actor, e.role, o.name as organisation, e.body,
      n.type as "replacedBy", about.own, count(*) over () as total
    from about join entry e on e.county = ${county} and e.id = about.entry
    left join entry n on n.county = ${county} and n.replaces = e.id
    left join account a on a.username = e.actor
    left join organisation o on o.id::text = e.organisation
    order by e.happened_on desc, e.seq desc limit ${pageSize} offset ${(page - 1) * pageSize}`.execute(tx);
  return { rows: rows.map(({ total, ...row }) => row), total: rows[0]?.total ?? 0 };
};
