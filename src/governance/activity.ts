// Activities for the public and families, and training of staff (BZ-24, BZ-30, AL-18, CM-09, CM-22, CM-25): what is recorded and how it counts.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { ActivityKind } from '../policy/duty.ts';

/** Kinds whose hours count as a staff member's training of the year (BZ-24). */
export const trainingKinds: readonly ActivityKind[] = ['staffTraining', 'assessorTraining', 'drill'];
/** The tally part of those hours. */
export const trainingPart = 'training';

const Hours = z.number().min(0.5).max(100).multipleOf(0.5);

export const Participant = z.object({
  staff: z.uuid(),
  /** Where it differs from the event's. */
  hours: Hours.optional(),
  credits: z.number().min(0).max(100).multipleOf(0.5).optional(),
});

const count = z.int().min(0).max(1_000_000).optional();

export const activityFields = {
  kind: ActivityKind,
  division: z.string().regex(/^(\d{4}|\d{6}|\d{9})$/),
  organisation: z.uuid().optional(),
  /** Stands in lists and in clear: it names nobody. */
  title: z.string().trim().min(2).max(60),
  place: z.string().trim().max(60).optional(),
  hours: Hours,
  /** Reach: persons, households and leaflets. */
  reached: count,
  families: count,
  leaflets: count,
  staff: z.array(Participant).max(300).default([]),
  note: z.string().trim().max(1000).optional().meta({ sealed: true }),
};

/** The activity's id is the entry's; its subjects are the activity and the staff who took part. */
export const activityRecorded = defineEntry({
  type: 'activity.record',
  summary: '活动与培训',
  body: z.object(activityFields),
  tally: ({ kind, hours, staff }, subject) => {
    if (subject.kind !== 'staff' || !trainingKinds.includes(kind)) return [];
    const amount = staff.find((one) => one.staff === subject.id)?.hours ?? hours;
    return [{ part: trainingPart, amount }];
  },
  replaceable: true,
});
export type ActivityBody = z.infer<typeof activityRecorded.body>;

export const activityEntries = [activityRecorded];

interface Attending {
  readonly id: string;
  readonly county: string;
  readonly name: string;
  readonly sinceOn: Day;
  readonly untilOn: Day | null;
}

const refuseStaff = (code: string, message: string): Refusal =>
  new Refusal(code, message, { fields: { staff: '请核对参加人员' }, cites: ['BZ-24'] });

/** Refuses staff named twice, of another county, or not employed on the day; and a training that nobody attended. */
export const checkActivity = (
  { kind, staff }: Pick<ActivityBody, 'kind' | 'staff'>,
  found: readonly Attending[],
  { county, on }: { readonly county: string; readonly on: Day },
): void => {
  if (new Set(staff.map((one) => one.staff)).size < staff.length)
    throw refuseStaff('namedTwice', '参加人员有重复，请核对。');
  const known = found.filter((one) => one.county === county);
  if (known.length < staff.length)
    throw refuseStaff(
      'otherCounty',
      '参加人员须是本地机构的人员。上级举办的培训，由各县（市、区）分别登记本地参加人员。',
    );
  const away = known.filter(({ sinceOn, untilOn }) => sinceOn > on || (untilOn !== null && untilOn <= on));
  if (away.length)
    throw refuseStaff(
      'notEmployed',
      `${on} 当天不在职：${away.map(({ name }) => name).join('、')}。请核对日期或人员。`,
    );
  if ((kind === 'staffTraining' || kind === 'assessorTraining') && staff.length === 0)
    throw refuseStaff('nobodyThere', '请选择参加培训的人员，学时才能记到各人名下。');
};

export const ActivityRow = z.object({
  id: z.uuid(),
  kind: ActivityKind,
  division: z.string(),
  organisationName: z.string().nullable(),
  title: z.string(),
  heldOn: Day,
  hours: z.number(),
  reached: z.int().nullable(),
  families: z.int().nullable(),
  leaflets: z.int().nullable(),
  staff: z.int(),
});
export type ActivityRow = z.infer<typeof ActivityRow>;

export const ActivityView = ActivityRow.extend({
  organisation: z.uuid().nullable(),
  place: z.string().nullable(),
  note: z.string().nullable(),
  recordedAt: z.string(),
  attending: z.array(
    z.object({ staff: z.uuid(), name: z.string(), hours: z.number(), credits: z.number().nullable() }),
  ),
  mayKeep: z.boolean(),
});
export type ActivityView = z.infer<typeof ActivityView>;

/** A staff member's training in a year. */
export const TrainingRow = z.object({
  staff: z.uuid(),
  name: z.string(),
  discipline: z.string(),
  organisationName: z.string(),
  hours: z.number(),
  credits: z.number(),
  /** Hours still missing; null where no pack asks for any. */
  short: z.number().nullable(),
});
export type TrainingRow = z.infer<typeof TrainingRow>;
