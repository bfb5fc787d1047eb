// Rows of activities and of the staff who took part: reads, training hours from the tallies, and the projection that writes them.
import { sql } from 'kysely';
import { countyIn, type Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import type { ActivityKind } from '../policy/duty.ts';
import { type ActivityRow, activityRecorded, type TrainingRow, trainingPart } from './activity.ts';

export interface FoundActivity extends ActivityRow {
  readonly county: string;
  readonly organisation: string | null;
  readonly place: string | null;
  readonly note: string | null;
  readonly recordedAt: string;
}

const columns = sql`a.county, a.id, a.kind, a.division, a.organisation, o.name as "organisationName", a.title, a.place, a.held_on as "heldOn", a.hours::float8 as hours,
  a.reached, a.families, a.leaflets, a.note, a.recorded_at as "recordedAt",
  (select count(*)::int from activity_staff s where s.county = a.county and s.activity = a.id) as staff`;

export const findActivity = async (tx: Tx, id: string): Promise<FoundActivity | undefined> => {
  const { rows } = await sql<FoundActivity>`
    select ${columns} from activity a left join organisation o on o.id = a.organisation where a.id = ${id}`.execute(tx);
  return rows[0];
};

export const isActivityVoided = async (tx: Tx, id: string): Promise<boolean> => {
  const { rows } = await sql`select 1 from entry where root = ${id} and type = 'activity.void'`.execute(tx);
  return rows.length > 0;
};

export interface Attending {
  readonly staff: string;
  readonly name: string;
  readonly hours: number;
  readonly credits: number | null;
}

export const listAttending = async (tx: Tx, county: string, activity: string): Promise<Attending[]> => {
  const { rows } = await sql<Attending>`
    select x.staff, s.name, x.hours::float8 as hours, x.credits::float8 as credits from activity_staff x join staff s on s.county = x.county and s.id = x.staff
    where x.county = ${county} and x.activity = ${activity} order by s.name, x.staff`.execute(tx);
  return rows;
};

/** Where the reach of all that match stands beside each row. */
interface ListedActivity extends FoundActivity {
  readonly total: number;
  readonly allReached: number;
  readonly allFamilies: number;
  readonly allLeaflets: number;
}

/** The newest first, with the reach of all that match. */
export const listActivities = async (
  tx: Tx,
  query: {
    readonly area: string;
    readonly kind?: ActivityKind | undefined;
    readonly year?: string | undefined;
    readonly search?: string | undefined;
    readonly limit: number;
    readonly offset: number;
  },
): Promise<{
  rows: FoundActivity[];
  total: number;
  reach: { reached: number; families: number; leaflets: number };
}> => {
  const { area, kind = null, year = null, search = null } = query;
  const { rows } = await sql<ListedActivity>`
    select ${columns}, count(*) over ()::int as total, coalesce(sum(a.reached) over (), 0)::int as "allReached",
      coalesce(sum(a.families) over (), 0)::int as "allFamilies", coalesce(sum(a.leaflets) over (), 0)::int as "allLeaflets"
    from activity a left join organisation o on o.id = a.organisation
    where ${countyIn('a.county', area)} and starts_with(a.division, ${area})
      and (${kind}::text is null or a.kind = ${kind}) and (${year}::text is null or to_char(a.held_on, 'YYYY') = ${year})
      and (${search}::text is null or position(${search ?? ''} in a.title) > 0)
    order by a.held_on desc, a.id desc limit ${query.limit} offset ${query.offset}`.execute(tx);
  const [first] = rows;
  return {
    rows,
    total: first?.total ?? 0,
    reach: { reached: first?.allReached ?? 0, families: first?.allFamilies ?? 0, leaflets: first?.allLeaflets ?? 0 },
  };
};

interface TrainingQuery {
  readonly area: string;
  readonly year: string;
  readonly organisation: string | null;
  readonly search: string | null;
  /** Only those below it. */
  readonly below: number | null;
  /** Null where no hours are asked for. */
  readonly required: number | null;
  readonly limit: number;
  readonly offset: number;
}

/** Staff of organisations that serve, employed at the year's end (or now), the fewest hours first. Managers and others do not serve directly. */
export const listTraining = async (
  tx: Tx,
  query: TrainingQuery,
): Promise<{ rows: Omit<TrainingRow, 'short'>[]; total: number; shortCount: number }> => {
  const { area, year, organisation, search, below, required } = query;
  const { rows } = await sql<Omit<TrainingRow, 'short'> & { total: number; shortCount: number }>`
    with trained as (
      select s.id as staff, s.name, s.discipline, o.name as "organisationName",
        coalesce((select sum(t.amount)::float8 from tally t where t.county = s.county and t.kind = 'staff' and t.subject = s.id
          and t.type = ${activityRecorded.type} and t.part = ${trainingPart} and t.month between ${`${year}-01`} and ${`${year}-12`}), 0) as hours,
        coalesce((select sum(x.credits)::float8 from activity_staff x join activity a on a.county = x.county and a.id = x.activity
          where x.county = s.county and x.staff = s.id and to_char(a.held_on, 'YYYY') = ${year}), 0) as credits
      from staff s join organisation o on o.id = s.organisation
      where ${countyIn('s.county', area)} and starts_with(o.division, ${area}) and o.kind in ('hospital', 'centre', 'site')
        and s.discipline <> 'manager' and to_char(s.since_on, 'YYYY') <= ${year}
        and (s.until_on is null or to_char(s.until_on, 'YYYY') > ${year})
        and (${organisation}::uuid is null or s.organisation = ${organisation}::uuid)
        and (${search}::text is null or position(${search ?? ''} in s.name) > 0 or position(${search ?? ''} in o.name) > 0))
    select *, count(*) over ()::int as total,
      (select count(*)::int from trained where hours < coalesce(${required}::numeric, 0)) as "shortCount"
    from trained where ${below}::numeric is null or hours < ${below}::numeric
    order by hours, "organisationName", name, staff limit ${query.limit} offset ${query.offset}`.execute(tx);
  return {
    rows: rows.map(({ total: _, shortCount: __, ...row }) => row),
    total: rows[0]?.total ?? 0,
    shortCount: rows[0]?.shortCount ?? 0,
  };
};

const applyActivities = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const found = entries.filter(activityRecorded.is).flatMap((entry) =>
    subjectIds(entry, 'activity').map((id) => ({
      ...entry.body,
      id,
      county: entry.county,
      held_on: entry.on,
      recorded_at: entry.at,
    })),
  );
  if (!found.length) return;
  await sql`
    insert into activity (county, id, kind, division, organisation, title, place, held_on, hours, reached, families, leaflets, note, recorded_at)
    select county, id, kind, division, organisation, title, place, held_on, hours, reached, families, leaflets, note, recorded_at
    from json_to_recordset(${JSON.stringify(found.map(({ staff: _, ...row }) => row))}::json) as t(county text, id uuid, kind text, division text,
      organisation uuid, title text, place text, held_on date, hours numeric, reached int, families int, leaflets int, note text, recorded_at timestamptz)
    on conflict (county, id) do nothing`.execute(tx);
  const staff = found.flatMap(({ county, id, hours, staff }) =>
    staff.map((one) => ({ hours, ...one, county, activity: id })),
  );
  if (staff.length)
    await sql`
      insert into activity_staff (county, activity, staff, hours, credits)
      select county, activity, staff, hours, credits from json_to_recordset(${JSON.stringify(staff)}::json)
        as t(county text, activity uuid, staff uuid, hours numeric, credits numeric)
      on conflict (county, activity, staff) do nothing`.execute(tx);
};

export const activityProjection: Projection = {
  types: [activityRecorded.type],
  tables: [
    { name: 'activity', kind: 'activity', column: 'id' },
    { name: 'activity_staff', kind: 'activity', column: 'activity' },
  ],
  apply: applyActivities,
};
