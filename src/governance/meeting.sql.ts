// Reads of meetings and of what was resolved there.
import { sql } from 'kysely';
import type { Day } from '../kernel/contract.ts';
import { countyIn, type Tx } from '../kernel/database.ts';
import type { BodyKind } from '../policy/duty.ts';
import type { MeetingRow, Task } from './meeting.ts';

export interface FoundMeeting {
  readonly county: string;
  readonly id: string;
  readonly body: string;
  readonly heldOn: Day;
  readonly place: string | null;
  readonly agenda: string;
  readonly decisions: string | null;
  readonly present: readonly string[];
  readonly absent: readonly string[];
  readonly guests: readonly string[];
  readonly recordedAt: string;
}

export const findMeeting = async (tx: Tx, id: string): Promise<FoundMeeting | undefined> => {
  const { rows } = await sql<FoundMeeting>`
    select county, id, body, held_on as "heldOn", place, agenda, decisions, present, absent, guests, recorded_at as "recordedAt"
    from meeting where id = ${id}`.execute(tx);
  return rows[0];
};

/** Whether a meeting of that id was recorded and then voided, as far as the actor sees the entry. */
export const isMeetingVoided = async (tx: Tx, id: string): Promise<boolean> => {
  const { rows } = await sql`select 1 from entry where root = ${id} and type = 'meeting.void'`.execute(tx);
  return rows.length > 0;
};

export const listTasks = async (tx: Tx, county: string, meeting: string): Promise<Task[]> => {
  const { rows } = await sql<Task>`
    select id, meeting, text, responsible, due_on as "dueOn", closed_on as "closedOn", note from meeting_task
    where county = ${county} and meeting = ${meeting} order by position`.execute(tx);
  return rows;
};

export interface MeetingFilter {
  readonly area: string;
  readonly above: boolean;
  readonly anywhere: boolean;
  readonly body?: string | undefined;
  readonly kind?: BodyKind | undefined;
}

/** The newest first. */
export const listMeetings = async (
  tx: Tx,
  { area, above, anywhere, body, kind }: MeetingFilter,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<{ rows: MeetingRow[]; total: number }> => {
  const { rows } = await sql<MeetingRow & { total: number }>`
    select m.id, m.body, b.name as "bodyName", m.person, m.held_on as "heldOn", m.place, cardinality(m.present) + cardinality(m.guests) as present,
      cardinality(m.absent) as absent,
      (select count(*)::int from meeting_task t where t.county = m.county and t.meeting = m.id) as tasks,
      (select count(*)::int from meeting_task t where t.county = m.county and t.meeting = m.id and t.closed_on is null) as "openTasks",
      count(*) over ()::int as total
    from meeting m join body b on b.county = m.county and b.id = m.body
    where ${countyIn('m.county', area)}
      and (starts_with(b.division, ${area}) or (${above} and starts_with(${area}, b.division)) or (${anywhere} and b.person is not null))
      and (${body ?? null}::uuid is null or m.body = ${body ?? null}::uuid)
      and (${kind ?? null}::text is null or b.kind = ${kind ?? null})
    order by m.held_on desc, m.id desc limit ${limit} offset ${offset}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};

export interface OpenTask extends Task {
  readonly body: string;
  readonly bodyName: string;
  readonly division: string;
}

/** What was resolved and is not done, due by a day, the longest due first. */
export const listOpenTasks = async (tx: Tx, area: string, dueBy: Day): Promise<OpenTask[]> => {
  const { rows } = await sql<OpenTask>`
    select t.id, t.meeting, t.text, t.responsible, t.due_on as "dueOn", t.closed_on as "closedOn", t.note, b.id as body, b.name as "bodyName", b.division
    from meeting_task t join body b on b.county = t.county and b.id = t.body
    where ${countyIn('t.county', area)} and starts_with(b.division, ${area}) and t.closed_on is null and t.due_on <= ${dueBy}
    order by t.due_on, t.id`.execute(tx);
  return rows;
};
