// Rows of joint sweeps and their coverage, and what visits and assessments of the span say of each town.
import { sql } from 'kysely';
import type { Day } from '../kernel/calendar.ts';
import { countyIn, type Tx } from '../kernel/database.ts';
import { subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import { highRisk } from '../safety/risk.ts';
import { type CoverRow, coverRecorded, type SweepFigures, type SweepRow, sweepClosed, sweepOpened } from './sweep.ts';

export interface FoundSweep extends Omit<SweepRow, 'towns'> {
  readonly towns: readonly string[];
  readonly summary: string | null;
}

const columns = sql`w.id, w.county, w.year, w.title, w.from_on as "fromOn", w.to_on as "toOn", w.departments, w.towns, w.opened_on as "openedOn",
  w.closed_on as "closedOn", w.summary,
  (select count(distinct c.town)::int from sweep_cover c where c.county = w.county and c.sweep = w.id) as covered`;

export const findSweep = async (tx: Tx, id: string): Promise<FoundSweep | undefined> => {
  const { rows } = await sql<FoundSweep>`select ${columns} from sweep w where w.id = ${id}`.execute(tx);
  return rows[0];
};

/** The newest first. */
export const listSweeps = async (
  tx: Tx,
  { area, limit, offset }: { readonly area: string; readonly limit: number; readonly offset: number },
): Promise<{ rows: FoundSweep[]; total: number }> => {
  const { rows } = await sql<FoundSweep & { total: number }>`
    select ${columns}, count(*) over ()::int as total from sweep w where ${countyIn('w.county', area)}
    order by w.year desc, w.from_on desc, w.id desc limit ${limit} offset ${offset}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};

export interface Closing {
  readonly id: string;
  /** Of whoever closed. */
  readonly role: string;
  readonly closedOn: Day;
  /** Null while it stands. */
  readonly reopened: { readonly on: Day; readonly by: string; readonly reason: string } | null;
}

/** Every closing of a sweep in order: at most the last one stands. */
export const listClosings = async (tx: Tx, county: string, sweep: string): Promise<Closing[]> => {
  const { rows } = await sql<Closing>`
    select e.id, e.role, e.happened_on as "closedOn", case when n.id is not null then json_build_object('on', n.happened_on,
      'by', coalesce((select a.name from account a where a.username = n.actor), n.actor), 'reason', n.body ->> 'reason') end as reopened
    from entry e join entry_subject s on s.county = e.county and s.entry = e.id and s.kind = 'record' and s.subject = ${sweep}
    left join entry n on n.county = e.county and n.replaces = e.id
    where e.county = ${county} and e.type = ${sweepClosed.type} order by e.seq`.execute(tx);
  return rows;
};

/** Whether the county has a sweep of the year that is not closed. */
export const hasOpenSweep = async (tx: Tx, county: string, year: number): Promise<boolean> => {
  const { rows } =
    await sql`select from sweep where county = ${county} and year = ${year} and closed_on is null`.execute(tx);
  return rows.length > 0;
};

export interface FoundCover extends Omit<CoverRow, 'mine' | 'found'> {
  readonly county: string;
  readonly sweep: string;
  readonly found: number;
  readonly user: string;
}

const covers = sql`select c.county, c.id, c.sweep, c.town, c.village, c.households, c.residents, c.found, c.note, c.covered_on as "on",
  c.recorded_by as "user", coalesce((select a.name from account a where a.username = c.recorded_by), c.recorded_by) as by from sweep_cover c`;

export const findCover = async (tx: Tx, id: string): Promise<FoundCover | undefined> => {
  const { rows } = await sql<FoundCover>`${covers} where c.id = ${id}`.execute(tx);
  return rows[0];
};

export const listCovers = async (tx: Tx, county: string, sweep: string): Promise<FoundCover[]> => {
  const { rows } = await sql<FoundCover>`${covers} where c.county = ${county} and c.sweep = ${sweep}
    order by c.town, c.village nulls first, c.covered_on, c.id`.execute(tx);
  return rows;
};

/** By town, as of `to`: persons visited in the span; those at risk then, those assessed so in the span, and those looked after. */
export const countSweep = async (
  tx: Tx,
  { county, from, to }: { readonly county: string; readonly from: Day; readonly to: Day },
): Promise<Map<string, SweepFigures>> => {
  const { rows } = await sql<SweepFigures & { town: string }>`
    with visited as (
      select distinct s.subject as person from entry e join entry_subject s on s.county = e.county and s.entry = e.id and s.kind = 'person' and s.about
      where e.county = ${county} and e.type in ('visit.record', 'visit.correct') and e.happened_on between ${from} and ${to}
        and not exists (select from entry n where n.county = e.county and n.replaces = e.id)),
    risky as (
      select p.id as person, p.town, r.on_day, (exists (select from visited v where v.person = p.id)
          or exists (select from fact x where x.county = p.county and x.person = p.id and x.kind in ('risk', 'stability')
            and x.source in ('hospital', 'assessment', 'manual') and x.happened_on between ${from} and ${to})
          or exists (select from body b where b.county = p.county and b.kind = 'careTeam' and b.person = p.id and b.opened_on <= ${to}
            and (b.closed_on is null or b.closed_on > ${to}))) as managed
      from person p
      join lateral (select value::int as level, happened_on as on_day from fact where county = p.county and person = p.id and kind = 'risk'
        and happened_on <= ${to} order by happened_on desc, entry desc, position desc limit 1) r on r.level >= ${highRisk}
      join lateral (select stage from file where county = p.county and person = p.id order by episode desc limit 1) f on f.stage not in ('died', 'moved')
      where p.county = ${county} and p.linked_to is null
        and p.id in (select person from fact where county = ${county} and kind = 'risk' and value >= '3'::jsonb))
    select p.town, count(*) filter (where what = 'visited')::int as visited, count(*) filter (where what = 'risk')::int as "atRisk",
      count(*) filter (where what = 'risk' and on_day >= ${from})::int as "newAtRisk", count(*) filter (where what = 'risk' and managed)::int as managed
    from (select x.town, 'visited' as what, null::date as on_day, false as managed from visited v join person x on x.county = ${county} and x.id = v.person
      union all select town, 'risk', on_day, managed from risky) p
    where p.town is not null group by p.town`.execute(tx);
  return new Map(rows.map(({ town, ...figures }) => [town, figures]));
};

export const sweepProjection: Projection = {
  types: [sweepOpened.type, coverRecorded.type, sweepClosed.type],
  tables: [
    { name: 'sweep', kind: 'record', column: 'id' },
    { name: 'sweep_cover', kind: 'record', column: 'sweep' },
  ],
  apply: async (tx, entries) => {
    const opened = entries.filter(sweepOpened.is);
    for (const { county, id, on, body } of opened)
      await sql`insert into sweep (county, id, year, title, from_on, to_on, departments, towns, opened_on)
        values (${county}, ${id}, ${body.year}, ${body.title}, ${body.from}, ${body.to}, ${body.departments}::text[], ${body.towns}::text[], ${on})
        on conflict (county, id) do nothing`.execute(tx);
    const covered = entries.filter(coverRecorded.is).map(({ county, id, on, actor, body }) => ({
      ...{ ...body, county, id },
      ...{ covered_on: on, recorded_by: actor },
    }));
    if (covered.length)
      await sql`insert into sweep_cover (county, id, sweep, town, village, households, residents, found, note, covered_on, recorded_by)
        select * from json_to_recordset(${JSON.stringify(covered)}::json) as t(county text, id uuid, sweep uuid, town text, village text,
          households int, residents int, found int, note text, covered_on date, recorded_by text) on conflict (county, id) do nothing`.execute(
        tx,
      );
    for (const { county, subjects, on, body } of entries.filter(sweepClosed.is))
      await sql`update sweep set closed_on = ${on}, summary = ${body.summary}
        where county = ${county} and id = any(${subjectIds({ subjects }, 'record')}::uuid[])`.execute(tx);
  },
};
