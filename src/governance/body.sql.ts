// Rows of bodies and their members: reads, and the projection that writes them with meetings and tasks.
import { sql } from 'kysely';
import type { Day } from '../kernel/contract.ts';
import { countyIn, type Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import type { BodyKind } from '../policy/duty.ts';
import { type BodyRow, bodyChanged, bodyClosed, bodyOpened, type Member, memberJoined, memberLeft } from './body.ts';
import { meetingHeld, taskClosed } from './meeting.ts';
import { applyMeetings } from './meeting-rows.sql.ts';

export type FoundBody = Omit<BodyRow, 'gaps'> & { readonly county: string; readonly items: readonly string[] };

/** Columns of body `b`, with the roster and the tasks as of `on`. */
const columns = (
  on: Day,
) => sql`b.county, b.id, b.kind, b.division, b.name, b.office, b.village, b.person, p.name as "personName",
  b.opened_on as "openedOn", b.closed_on as "closedOn", coalesce(m.members, 0) as members, coalesce(m.items, '{}') as items,
  (select max(held_on) from meeting x where x.county = b.county and x.body = b.id and x.held_on <= ${on}) as "lastMetOn",
  (select count(*)::int from meeting_task x where x.county = b.county and x.body = b.id and x.due_on < ${on}
    and (x.closed_on is null or x.closed_on > ${on})) as "overdueTasks"`;
const tables = (on: Day) => sql`body b left join person p on p.county = b.county and p.id = b.person
  left join lateral (select count(*)::int as members, array_agg(distinct x.item) filter (where x.item is not null) as items from body_member x
    where x.county = b.county and x.body = b.id and x.from_on <= ${on} and (x.until_on is null or x.until_on > ${on})) m on true`;

export const findBody = async (tx: Tx, id: string, on: Day): Promise<FoundBody | undefined> => {
  const { rows } = await sql<FoundBody>`select ${columns(on)} from ${tables(on)} where b.id = ${id}`.execute(tx);
  return rows[0];
};

export interface BodyFilter {
  readonly area: string;
  /** Bodies of places above the area too: a town's clerk sees the county's. */
  readonly above: boolean;
  /** Bodies about persons wherever they live, as far as the actor sees those: for who serves them. */
  readonly anywhere: boolean;
  readonly kind?: BodyKind | undefined;
  readonly person?: string | undefined;
  readonly search?: string | undefined;
  readonly status: 'open' | 'closed';
  readonly on: Day;
}

/** Higher places first. */
export const listBodies = async (
  tx: Tx,
  { area, above, anywhere, kind, person, search, status, on }: BodyFilter,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<{ rows: FoundBody[]; total: number }> => {
  const { rows } = await sql<FoundBody & { total: number }>`
    select ${columns(on)}, count(*) over ()::int as total from ${tables(on)}
    where ${countyIn('b.county', area)}
      and (starts_with(b.division, ${area}) or (${above} and starts_with(${area}, b.division)) or (${anywhere} and b.person is not null))
      and (${kind ?? null}::text is null or b.kind = ${kind ?? null})
      and (${person ?? null}::uuid is null or b.person = ${person ?? null}::uuid)
      and (${search ?? null}::text is null or position(${search ?? ''} in b.name) > 0)
      and (b.closed_on is null) = ${status === 'open'}
    order by length(b.division), b.division, b.kind, b.opened_on, b.id limit ${limit} offset ${offset}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};

export const isBodyThere = async (
  tx: Tx,
  {
    county,
    kind,
    division,
    person,
    village,
  }: { county: string; kind: BodyKind } & Record<'division', string> & {
      person: string | null;
      village: string | null;
    },
): Promise<boolean> => {
  const { rows } = await sql`select 1 from body where county = ${county} and kind = ${kind} and closed_on is null
    and person is not distinct from ${person}::uuid
    and (person is not null or (division = ${division} and village is not distinct from ${village}))`.execute(tx);
  return rows.length > 0;
};

export type MemberRow = Omit<Member, 'itemText'>;

/** Everybody who ever was in a body, heads first. */
export const listMembers = async (tx: Tx, county: string, body: string): Promise<MemberRow[]> => {
  const { rows } = await sql<MemberRow>`
    select id, name, unit, duty, item, staff, family, phone, from_on as "fromOn", until_on as "untilOn" from body_member
    where county = ${county} and body = ${body}
    order by array_position(array['head', 'deputy', 'office', 'member'], duty), from_on, id`.execute(tx);
  return rows;
};

const openBodies = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries
    .filter(bodyOpened.is)
    .flatMap((entry) =>
      subjectIds(entry, 'body').map((id) => ({ id, county: entry.county, opened_on: entry.on, ...entry.body })),
    );
  if (rows.length)
    await sql`
      insert into body (county, id, kind, division, name, office, village, person, opened_on)
      select county, id, kind, division, name, office, village, person, opened_on
      from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, id uuid, kind text, division text, name text, office text,
        village text, person uuid, opened_on date)
      on conflict (county, id) do update set kind = excluded.kind, division = excluded.division, name = excluded.name,
        office = excluded.office, village = excluded.village, person = excluded.person, opened_on = excluded.opened_on, closed_on = null`.execute(
      tx,
    );
};

const joinMembers = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries.filter(memberJoined.is).flatMap((entry) =>
    subjectIds(entry, 'body').map((body) => ({
      ...entry.body,
      id: entry.id,
      county: entry.county,
      body,
      from_on: entry.on,
    })),
  );
  if (rows.length)
    await sql`
      insert into body_member (county, id, body, person, name, unit, duty, item, staff, family, phone, from_on)
      select t.county, t.id, t.body, b.person, t.name, t.unit, t.duty, t.item, t.staff, t.family, t.phone, t.from_on
      from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, id uuid, body uuid, name text, unit text, duty text, item text,
        staff uuid, family boolean, phone text, from_on date)
        join body b on b.county = t.county and b.id = t.body
      on conflict (county, id) do update set name = excluded.name, unit = excluded.unit, duty = excluded.duty, item = excluded.item,
        staff = excluded.staff, family = excluded.family, phone = excluded.phone, from_on = excluded.from_on, until_on = null`.execute(
      tx,
    );
};

const applyBodies = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  await openBodies(tx, entries);
  await joinMembers(tx, entries);
  for (const entry of entries) {
    const { county, on } = entry;
    const [body] = subjectIds(entry, 'body');
    if (body === undefined) continue;
    if (bodyChanged.is(entry)) {
      const { name, office = null, village = null } = entry.body;
      await sql`update body set name = ${name}, office = ${office}, village = ${village} where county = ${county} and id = ${body}`.execute(
        tx,
      );
    }
    if (bodyClosed.is(entry))
      await sql`update body set closed_on = ${on} where county = ${county} and id = ${body}`.execute(tx);
    if (memberLeft.is(entry))
      await sql`update body_member set until_on = ${on} where county = ${county} and body = ${body} and id = ${entry.body.member}`.execute(
        tx,
      );
  }
  await applyMeetings(tx, entries);
};

export const bodyProjection: Projection = {
  types: [bodyOpened, bodyChanged, bodyClosed, memberJoined, memberLeft, meetingHeld, taskClosed].map(
    ({ type }) => type,
  ),
  tables: ['body', 'body_member', 'meeting', 'meeting_task'].map((name) => ({
    name,
    kind: 'body',
    column: name === 'body' ? 'id' : 'body',
  })),
  apply: applyBodies,
};
