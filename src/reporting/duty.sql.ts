// Duty instances in SQL: one set-based statement per rule, counted or listed; the pure definition is `instancesOf` (policy/duty-instance.ts).
import { type RawBuilder, sql } from 'kysely';
import type { Day } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import type { DutyEvent, DutyEvidence, DutySubject } from '../policy/duty.ts';
import { countsOnStart, type DutyPeriod, type DutyState } from '../policy/duty-instance.ts';
import { type AreaSubject, type EvidenceSpan, evidenceRows, startRows, subjectRows } from './duty-evidence.sql.ts';

/** A day on which clocks started, and when they fall due; `band` is the stability of that day, where the duty asks for it. */
export interface ClockDue {
  readonly startOn: Day;
  readonly band: string | null;
  readonly dueOn: Day;
  readonly certain: boolean;
}

/** One rule for some counties, with all that is asked of the database. Exactly one of `clock` and `periods` says when it falls due. */
export interface DutyQuery extends Omit<EvidenceSpan, 'placed'> {
  /** Which rule of the caller's list. */
  readonly ref: number;
  readonly evidence: DutyEvidence;
  readonly subject: DutySubject;
  readonly areas: readonly AreaSubject[];
  readonly periods: readonly DutyPeriod[];
  readonly clock?: { readonly event: DutyEvent; readonly byStability: boolean; readonly dues: readonly ClockDue[] };
  readonly town: string | null;
  readonly organisation: string | null;
}

type Rows = RawBuilder<unknown>;
type PlacedQuery = DutyQuery & EvidenceSpan;

/** The days on which clocks of the rule started; few, however many persons there are. */
export const listStarts = async (tx: Tx, query: DutyQuery): Promise<{ startOn: Day; band: string | null }[]> => {
  const { clock } = query;
  const from = clock && startRows(clock.event, { ...query, placed: false }, clock.byStability);
  if (!from) return [];
  const { rows } = await sql<{ startOn: Day; band: string | null }>`
    select distinct start_on as "startOn", band from (${from}) s`.execute(tx);
  return rows;
};

const json = (rows: readonly object[]): string => JSON.stringify(rows);
const nowhere = sql`select null::text as county, null::text as subject, null::date as done_on, null::timestamptz as done_at,
  null::date as for_on, null::numeric as amount, null::uuid as id where false`;

/** Whoever left on or before the due day owed nothing then. */
const stillOwed = ({ at }: DutyQuery, due: Rows): Rows =>
  sql`(s.end_on is null or s.end_on > ${at.on} or s.end_on > ${due})`;

/** Ids and days of what shows an instance; counting needs none, and gathering them is what costs most. */
type Details = (of: Rows) => Rows;
const withDetails: Details = (of) => of;
const withoutDetails: Details = () => sql`null`;

/**
 * Conditions besides the one that joins stand in a case: the planner takes a case to leave half of the rows, but a range of days one in two
 * hundred, and then goes through the county's evidence once for each start.
 */
const clockRows = (query: PlacedQuery, clock: NonNullable<DutyQuery['clock']>, details: Details): Rows | null => {
  const from = startRows(clock.event, query, clock.byStability);
  if (from === null) return null;
  const shown = evidenceRows(query.evidence, query);
  const after = countsOnStart(query.evidence) ? sql`>=` : sql`>`;
  return sql`
    select s.county, s.subject, s.person, s.town, s.organisation, d."dueOn" as due_on, null::text as due_before, d.certain, 1::numeric as asked,
      (count(e.done_on) > 0)::int::numeric as done, min(e.done_on) as last_on, null::timestamptz as last_at,
      ${details(sql`(array_agg(e.id order by e.done_on, e.id) filter (where e.done_on is not null))[1:1]`)}::uuid[] as ids,
      ${details(sql`(array_agg(e.done_on order by e.done_on, e.id) filter (where e.done_on is not null))[1:1]`)}::date[] as days, ${shown === null ? sql`true` : sql`false`} as planned
    from (${from}) s
    join json_to_recordset(${json(clock.dues)}::json) as d("startOn" date, band text, "dueOn" date, certain boolean)
      on d."startOn" = s.start_on and case when d.band is not distinct from s.band then true else false end
    left join (${shown ?? nowhere}) e on e.subject = s.subject and case when e.county = s.county and e.done_on ${after} s.start_on
      and e.done_on <= ${query.at.on} and (s.end_on is null or e.done_on <= s.end_on or s.end_on > ${query.at.on}) then true else false end
    group by s.county, s.subject, s.part, s.person, s.town, s.organisation, s.start_on, s.end_on, s.band, d."dueOn", d.certain
    having count(e.done_on) > 0 or ${stillOwed(query, sql`d."dueOn"`)}`;
};

const periodRows = (query: PlacedQuery, details: Details): Rows | null => {
  const whom = subjectRows(query.subject, query, query.areas);
  if (whom === null) return null;
  const shown = evidenceRows(query.evidence, query);
  const periods = sql`json_to_recordset(${json(query.periods)}::json) as p("firstOn" date, "dueOn" date, "dueBefore" text, asked numeric)`;
  return sql`
    select s.county, s.subject, s.person, s.town, s.organisation, p."dueOn" as due_on, p."dueBefore" as due_before, true as certain, p.asked,
      coalesce(e.done, 0) as done, e.last_on, e.last_at, e.ids, e.days, ${shown === null ? sql`true` : sql`false`} as planned
    from (${whom}) s cross join ${periods}
    left join (
      select e.county, e.subject, p."dueOn", sum(e.amount) as done, max(e.done_on) as last_on, max(e.done_at) as last_at,
        ${details(sql`array_agg(e.id order by e.done_on, e.id)`)}::uuid[] as ids, ${details(sql`array_agg(e.done_on order by e.done_on, e.id)`)}::date[] as days
      from (${shown ?? nowhere}) e join ${periods}
        on e.done_on <= ${query.at.on} and case when e.for_on is null then e.done_on between p."firstOn" and p."dueOn" else e.for_on = p."dueOn" end
      group by 1, 2, 3
    ) e on e.county = s.county and e.subject = s.subject and e."dueOn" = p."dueOn"
    where (s.since_on is null or s.since_on < p."firstOn") and ${stillOwed(query, sql`p."dueOn"`)}`;
};

/** Rows of the rule's instances with their state; null where nothing can be owed. */
const instanceRows = (asked: DutyQuery, details: Details): Rows | null => {
  const { clock, periods } = asked;
  const query = { ...asked, placed: details === withDetails || asked.town !== null || asked.organisation !== null };
  const rows = clock ? clockRows(query, clock, details) : periods.length > 0 ? periodRows(query, details) : null;
  if (rows === null) return null;
  const { at, town, organisation, ref } = query;
  const past = sql`(${at.on}::date > i.due_on or (${at.on}::date = i.due_on and i.due_before is not null and ${at.time} >= i.due_before))`;
  const lastDay = sql`coalesce((i.last_at at time zone 'Asia/Shanghai')::date, i.last_on)`;
  const inTime = sql`case when ${lastDay} <> i.due_on or i.due_before is null then ${lastDay} <= i.due_on
    else coalesce(to_char(i.last_at at time zone 'Asia/Shanghai', 'HH24:MI') < i.due_before, false) end`;
  const here = sql`coalesce(i.town, (select p.town from person p where p.county = i.county and p.id = i.person))`;
  return sql`
    select ${ref}::int as ref, i.*, case when planned then 'planned' when i.done >= i.asked then case when ${inTime} then 'done' else 'doneLate' end
      when ${past} then 'late' else 'due' end as state
    from (${rows}) i
    where ${town === null ? sql`true` : sql`${here} = ${town}`} and ${organisation === null ? sql`true` : sql`i.organisation = ${organisation}::uuid`}`;
};

const unionOf = (queries: readonly DutyQuery[], details: Details): Rows | null => {
  const rows = queries.map((query) => instanceRows(query, details)).filter((one) => one !== null);
  return rows.length === 0
    ? null
    : sql.join(
        rows.map((one) => sql`(${one})`),
        sql` union all `,
      );
};

export interface DutyCount {
  readonly ref: number;
  readonly county: string;
  readonly state: DutyState;
  readonly count: number;
}

/** How many instances of each rule there are in each county and state. */
export const countDuties = async (tx: Tx, queries: readonly DutyQuery[]): Promise<DutyCount[]> => {
  const from = unionOf(queries, withoutDetails);
  if (from === null) return [];
  const { rows } = await sql<DutyCount>`
    select ref, county, state, count(*)::int as count from (${from}) i group by 1, 2, 3`.execute(tx);
  return rows;
};

export interface DutyDayCount {
  readonly ref: number;
  readonly dueOn: Day;
  readonly dueBefore: string | null;
  readonly state: DutyState;
  readonly count: number;
}

/** How many instances fall due on each day, by rule and state. */
export const countDutyDays = async (tx: Tx, queries: readonly DutyQuery[]): Promise<DutyDayCount[]> => {
  const from = unionOf(queries, withoutDetails);
  if (from === null) return [];
  const { rows } = await sql<DutyDayCount>`
    select ref, due_on as "dueOn", due_before as "dueBefore", state, count(*)::int as count
    from (${from}) i group by 1, 2, 3, 4 order by 2, 3, 1, 4`.execute(tx);
  return rows;
};

export interface DutyRow {
  readonly ref: number;
  readonly county: string;
  readonly subject: string;
  readonly person: string | null;
  readonly town: string | null;
  readonly organisation: string | null;
  readonly dueOn: Day;
  readonly dueBefore: string | null;
  readonly certain: boolean;
  readonly state: DutyState;
  readonly asked: number;
  readonly done: number;
  readonly ids: readonly (string | null)[] | null;
  readonly days: readonly Day[] | null;
}

export interface DutyPage {
  readonly state: DutyState | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** A page of instances by their due days, and how many there are. */
export const listDuties = async (
  tx: Tx,
  queries: readonly DutyQuery[],
  { state = undefined, limit, offset }: DutyPage,
): Promise<{ rows: DutyRow[]; total: number }> => {
  const from = unionOf(queries, withDetails);
  if (from === null) return { rows: [], total: 0 };
  const { rows } = await sql<DutyRow & { total: number }>`
    select ref, county, subject, person, town, organisation, due_on as "dueOn", due_before as "dueBefore", certain, state, asked::float8 as asked,
      done::float8 as done, ids, days::text[] as days, (count(*) over ())::int as total
    from (${from}) i where ${state ?? null}::text is null or state = ${state ?? null}
    order by due_on, due_before nulls last, ref, county, subject limit ${limit} offset ${offset}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};

/** Names behind subjects: persons (sealed; opened as they are read), staff and organisations. */
export const findDutyNames = async (
  tx: Tx,
  counties: readonly string[],
  of: { readonly persons: readonly string[]; readonly others: readonly string[] },
): Promise<{ persons: Map<string, string>; others: Map<string, string> }> => {
  const { rows: persons } = await sql<{ id: string; name: string }>`
    select id, name from person where county = any(${[...counties]}::text[]) and id = any(${[...of.persons]}::uuid[])`.execute(
    tx,
  );
  const { rows: others } = await sql<{ id: string; name: string }>`
    select id, name from organisation where id = any(${[...of.others]}::uuid[])
    union all select h.id, o.name || '：' || h.label from hazard h join organisation o on o.id = h.organisation
    where h.county = any(${[...counties]}::text[]) and h.id = any(${[...of.others]}::uuid[])
    union all select id, name from staff where county = any(${[...counties]}::text[]) and id = any(${[...of.others]}::uuid[])`.execute(
    tx,
  );
  const mapOf = (rows: readonly { id: string; name: string }[]) => new Map(rows.map(({ id, name }) => [id, name]));
  return { persons: mapOf(persons), others: mapOf(others) };
};
