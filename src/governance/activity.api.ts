// Operations on activities, training events, and the training hours of staff.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Area, Day, Id, listQuery, operation, page, Reason } from '../kernel/contract.ts';
import { ActivityKind } from '../policy/duty.ts';
import { ActivityRow, ActivityView, activityFields, TrainingRow } from './activity.ts';

export const activityKeepers: Role[] = [
  'civilAffairs',
  'health',
  'federation',
  'hospital',
  'centre',
  'site',
  'village',
];
/** Those who see the staff of the area: the employers (staff.list). */
export const trainingReaders: Role[] = ['civilAffairs', 'health', 'federation', 'hospital', 'centre', 'site'];

const Year = z.string().regex(/^20\d{2}$/, '应为四位年份');
const clauses = ['BZ-24', 'BZ-30', 'AL-18', 'CM-09', 'CM-22', 'CM-25'];
const refusals = ['namedTwice', 'otherCounty', 'notEmployed', 'nobodyThere', 'notOwnOrganisation', 'inFuture'];
const { division: _, ...rest } = activityFields;

export const activityApi = {
  record: operation({
    name: 'activity.record',
    summary: '登记活动或培训',
    method: 'POST',
    path: '/activities',
    roles: activityKeepers,
    city: 'noPerson',
    refusals,
    clauses,
    input: z.object({ id: Id, on: Day, ...rest, division: Area }),
    output: z.object({ activity: Id }),
  }),
  correct: operation({
    name: 'activity.correct',
    summary: '更正活动或培训记录',
    method: 'PUT',
    path: '/activities/{activity}',
    roles: activityKeepers,
    city: 'noPerson',
    refusals: [...refusals, 'alreadyReplaced'],
    clauses,
    input: z.object({ id: Id, activity: Id, on: Day, ...rest, division: Area }),
    output: z.object({ activity: Id }),
  }),
  void: operation({
    name: 'activity.void',
    summary: '作废活动或培训记录',
    method: 'POST',
    path: '/activities/{activity}/void',
    roles: activityKeepers,
    city: 'noPerson',
    refusals: ['notOwnOrganisation', 'alreadyReplaced'],
    input: z.object({ id: Id, activity: Id, reason: Reason }),
    output: z.object({ activity: Id }),
  }),
  list: operation({
    name: 'activity.list',
    summary: '活动与培训一览',
    method: 'GET',
    path: '/activities',
    roles: activityKeepers,
    city: 'noPerson',
    clauses,
    input: z.object({ ...listQuery, area: Area.optional(), kind: ActivityKind.optional(), year: Year.optional() }),
    output: page(ActivityRow).extend({
      /** Of all that match, not of the page. */
      reach: z.object({ reached: z.int(), families: z.int(), leaflets: z.int() }),
    }),
  }),
  get: operation({
    name: 'activity.get',
    summary: '一次活动或培训',
    method: 'GET',
    path: '/activities/{activity}',
    roles: activityKeepers,
    city: 'noPerson',
    input: z.object({ activity: Id }),
    output: ActivityView,
  }),
  training: operation({
    name: 'activity.training',
    summary: '从业人员年度培训学时',
    method: 'GET',
    path: '/training',
    roles: trainingReaders,
    city: 'noPerson',
    clauses: ['BZ-24'],
    input: z.object({
      ...listQuery,
      year: Year.optional(),
      organisation: Id.optional(),
      /** Only those who are short of the hours that the place asks for. */
      short: z.union([z.boolean(), z.stringbool()]).optional(),
    }),
    output: page(TrainingRow).extend({
      year: z.string(),
      /** Hours that the place's pack asks of each in a year; null where none does. */
      required: z.number().nullable(),
      clause: z.array(z.string()),
      shortCount: z.int(),
    }),
  }),
};
