// Writes the rows of meetings and of their tasks from entries, for the projection of bodies.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import { meetingHeld, taskClosed } from './meeting.ts';

/** The body's rows are there already: a meeting takes from them whom it is about. */
export const applyMeetings = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const meetings = entries.filter(meetingHeld.is).flatMap((entry) =>
    subjectIds(entry, 'body').map((body) => {
      const { tasks, ...fields } = entry.body;
      return {
        tasks,
        row: { ...fields, body, id: entry.id, county: entry.county, held_on: entry.on, recorded_at: entry.at },
      };
    }),
  );
  if (meetings.length)
    await sql`
      insert into meeting (county, id, body, person, held_on, place, agenda, decisions, present, absent, guests, recorded_at)
      select t.county, t.id, t.body, b.person, t.held_on, t.place, t.agenda, t.decisions,
        array(select json_array_elements_text(t.present)::uuid), array(select json_array_elements_text(t.absent)::uuid),
        array(select json_array_elements_text(t.guests)), t.recorded_at
      from json_to_recordset(${JSON.stringify(meetings.map(({ row }) => row))}::json) as t(county text, id uuid, body uuid, held_on date, place text,
        agenda text, decisions text, present json, absent json, guests json, recorded_at timestamptz)
        join body b on b.county = t.county and b.id = t.body
      on conflict (county, id) do nothing`.execute(tx);
  const tasks = meetings.flatMap(({ tasks, row: { county, id, body } }) =>
    tasks.map(({ dueOn, ...task }, position) => ({ ...task, due_on: dueOn, position, county, meeting: id, body })),
  );
  if (tasks.length)
    await sql`
      insert into meeting_task (county, meeting, id, body, person, position, text, responsible, due_on)
      select t.county, t.meeting, t.id, t.body, b.person, t.position, t.text, t.responsible, t.due_on
      from json_to_recordset(${JSON.stringify(tasks)}::json) as t(county text, meeting uuid, id uuid, body uuid, position int, text text,
        responsible text, due_on date)
        join body b on b.county = t.county and b.id = t.body
      on conflict (county, meeting, id) do nothing`.execute(tx);
  for (const entry of entries.filter(taskClosed.is)) {
    const { meeting, task, note } = entry.body;
    for (const body of subjectIds(entry, 'body'))
      await sql`update meeting_task set closed_on = ${entry.on}, note = ${note}
        where county = ${entry.county} and body = ${body} and meeting = ${meeting} and id = ${task}`.execute(tx);
  }
};
