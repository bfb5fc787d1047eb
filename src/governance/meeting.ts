// Meetings of bodies: what is recorded of one, who was there, what was resolved and who does it by when.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';

/** Free text about persons is sealed: the meeting of a care team speaks of a client. */
const Text = z.string().trim().min(1).max(2000).meta({ sealed: true });

export const TaskInput = z.object({
  /** Made by the caller and kept by corrections, so that a task done stays done. */
  id: z.uuid(),
  text: z.string().trim().min(1).max(200).meta({ sealed: true }),
  responsible: z.string().trim().min(1).max(60).meta({ sealed: true }),
  dueOn: Day,
});
export type TaskInput = z.infer<typeof TaskInput>;

export const meetingFields = {
  place: z.string().trim().max(60).optional(),
  agenda: Text,
  decisions: Text.optional(),
  /** Members of the roster who were there; all others of that day were absent. */
  present: z.array(z.uuid()).max(200),
  /** Others who were there, by name and unit. */
  guests: z
    .array(z.string().trim().min(1).max(60).meta({ sealed: true }))
    .max(50)
    .default([]),
  tasks: z.array(TaskInput).max(30).default([]),
};

/** The meeting's id is the entry's; its subjects are the body and, for a care team, the person. */
export const meetingHeld = defineEntry({
  type: 'meeting.hold',
  summary: '召开会议',
  body: z.object({ ...meetingFields, absent: z.array(z.uuid()) }),
  replaceable: true,
});
export type MeetingBody = z.infer<typeof meetingHeld.body>;
export const taskClosed = defineEntry({
  type: 'task.close',
  summary: '办结会议议定事项',
  body: z.object({
    meeting: z.uuid(),
    task: z.uuid(),
    note: z.string().trim().min(1).max(200).meta({ sealed: true }),
  }),
});
export const meetingEntries = [meetingHeld, taskClosed];

interface InRoster {
  readonly id: string;
  readonly fromOn: Day;
  readonly untilOn: Day | null;
}

export const inRosterOn = ({ fromOn, untilOn }: InRoster, on: Day): boolean =>
  fromOn <= on && (untilOn === null || untilOn > on);

/** Who of that day's roster was absent. Refuses who was not in it, a meeting of nobody, and tasks due before the meeting or named twice. */
export const decideAbsent = (
  input: Pick<MeetingBody, 'present' | 'guests' | 'tasks'> & { readonly on: Day },
  roster: readonly InRoster[],
): string[] => {
  const members = roster.filter((one) => inRosterOn(one, input.on)).map(({ id }) => id);
  if (input.present.some((id) => !members.includes(id)))
    throw new Refusal('notMember', `到会人员中有人 ${input.on} 当天不在名册上，请刷新名册后核对。`, {
      fields: { present: '有人不在当天的名册上' },
    });
  if (input.present.length + input.guests.length === 0)
    throw new Refusal('nobodyThere', '请勾选到会成员；名册为空的，请先登记成员。', {
      fields: { present: '请至少勾选一人' },
    });
  const early = input.tasks.findIndex(({ dueOn }) => dueOn < input.on);
  if (early >= 0)
    throw new Refusal('dueTooEarly', '议定事项的期限不能早于开会日期。', {
      fields: { [`tasks.${early}.dueOn`]: `不能早于 ${input.on}` },
    });
  if (new Set(input.tasks.map(({ id }) => id)).size < input.tasks.length)
    throw new Refusal('namedTwice', '议定事项有重复，请刷新页面后重填。', { kind: 'input' });
  return members.filter((id) => !input.present.includes(id));
};

export const Task = z.object({
  id: z.uuid(),
  meeting: z.uuid(),
  text: z.string(),
  responsible: z.string(),
  dueOn: Day,
  closedOn: Day.nullable(),
  note: z.string().nullable(),
});
export type Task = z.infer<typeof Task>;

export const MeetingRow = z.object({
  id: z.uuid(),
  body: z.uuid(),
  bodyName: z.string(),
  person: z.uuid().nullable(),
  heldOn: Day,
  place: z.string().nullable(),
  present: z.int(),
  absent: z.int(),
  tasks: z.int(),
  openTasks: z.int(),
});
export type MeetingRow = z.infer<typeof MeetingRow>;

const Attendee = z.object({ id: z.uuid(), name: z.string(), unit: z.string().nullable() });

export const MeetingView = z.object({
  id: z.uuid(),
  body: z.uuid(),
  bodyName: z.string(),
  person: z.uuid().nullable(),
  personName: z.string().nullable(),
  heldOn: Day,
  place: z.string().nullable(),
  agenda: z.string(),
  decisions: z.string().nullable(),
  present: z.array(Attendee),
  absent: z.array(Attendee),
  guests: z.array(z.string()),
  tasks: z.array(Task),
  recordedAt: z.string(),
  mayKeep: z.boolean(),
});
export type MeetingView = z.infer<typeof MeetingView>;
