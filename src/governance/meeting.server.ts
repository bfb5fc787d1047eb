// Handlers of meetings and of what was resolved there, and the meetings that duties count.
import { inScope, reachOf } from '../kernel/access.ts';
import type { Day } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import { correctType, voidType } from '../kernel/entry.ts';
import { checkNotBefore, Refusal } from '../kernel/refusal.ts';
import { maskName } from '../person/identity.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { getBody, getOwnBody, mayKeep, shownName, subjectsOf } from './body.server.ts';
import { type FoundBody, listMembers } from './body.sql.ts';
import type { meetingApi, taskApi } from './meeting.api.ts';
import {
  type FoundMeeting,
  findMeeting,
  isMeetingVoided,
  listMeetings,
  listOpenTasks,
  listTasks,
  type OpenTask,
} from './meeting.sql.ts';
import { decideAbsent, meetingHeld, taskClosed } from './meeting.ts';
import { minutesOf } from './minutes.server.ts';
import { replaceStanding } from './replace.server.ts';

const alreadyReplaced = (): Refusal =>
  new Refusal('alreadyReplaced', '这次会议记录已更正或作废，请刷新后再试。', { kind: 'conflict' });

interface MeetingAndBody {
  readonly meeting: FoundMeeting;
  readonly body: FoundBody;
}

/** A meeting of a body that the actor sees; refuses `notFound`. */
const getMeeting = async (tx: Tx, ctx: Ctx, id: string): Promise<MeetingAndBody> => {
  const meeting = await findMeeting(tx, id);
  if (!meeting) {
    if (await isMeetingVoided(tx, id)) throw alreadyReplaced();
    throw new Refusal('notFound', '没有找到这次会议，或不在您的管辖范围内。', { kind: 'absent' });
  }
  return { meeting, body: await getBody(tx, ctx.actor, meeting.body, ctx.today) };
};

/** A meeting whose body the actor keeps, be the body closed by now or not: its records still want correcting. */
const getOwnMeeting = async (tx: Tx, ctx: Ctx, id: string): Promise<MeetingAndBody> => {
  const found = await getMeeting(tx, ctx, id);
  if (!inScope(ctx.actor, found.body.division))
    throw new Refusal('outOfScope', '这个组织不在您的管辖范围内。', { kind: 'access' });
  return found;
};

const hold: Handlers<typeof meetingApi>['hold'] = async (tx, ctx, { id, body: bodyId, on, ...input }) => {
  const body = await getOwnBody(tx, ctx, bodyId);
  checkNotBefore(on, body.openedOn, '成立');
  const absent = decideAbsent({ ...input, on }, await listMembers(tx, body.county, bodyId));
  const base = { id, county: body.county, on, subjects: subjectsOf(body) };
  await ctx.journal.append(tx, ctx, [meetingHeld.draft({ ...base, body: { ...input, absent } })]);
  return { meeting: id };
};

const correct: Handlers<typeof meetingApi>['correct'] = async (tx, ctx, { id, meeting: meetingId, on, ...input }) => {
  const found = await getOwnMeeting(tx, ctx, meetingId);
  checkNotBefore(on, found.body.openedOn, '成立');
  const absent = decideAbsent({ ...input, on }, await listMembers(tx, found.body.county, found.body.id));
  const body = meetingHeld.body.parse({ ...input, absent });
  const { county } = found.meeting;
  await replaceStanding(tx, ctx, { county, root: meetingId, id, type: correctType(meetingHeld.type), on, body });
  return { meeting: meetingId };
};

const get: Handlers<typeof meetingApi>['get'] = async (tx, ctx, { meeting: id }) => {
  const { meeting, body } = await getMeeting(tx, ctx, id);
  const { county, present, absent, ...rest } = meeting;
  const members = await listMembers(tx, county, body.id);
  const named = (ids: readonly string[]) =>
    members.filter((one) => ids.includes(one.id)).map((one) => ({ id: one.id, name: shownName(one), unit: one.unit }));
  return {
    ...rest,
    bodyName: body.name,
    person: body.person,
    personName: body.personName === null ? null : maskName(body.personName),
    present: named(present),
    absent: named(absent),
    guests: [...meeting.guests],
    tasks: await listTasks(tx, county, id),
    mayKeep: mayKeep(ctx.actor, { ...body, closedOn: null }),
  };
};

export const meetingHandlers: Handlers<typeof meetingApi> = {
  hold,
  correct,
  void: async (tx, ctx, { id, meeting, reason }) => {
    const { county } = (await getOwnMeeting(tx, ctx, meeting)).meeting;
    const draft = { county, root: meeting, id, type: voidType(meetingHeld.type), body: { reason } };
    await replaceStanding(tx, ctx, draft);
    return { meeting };
  },
  list: async (tx, ctx, { area = ctx.actor.scope, body, kind, page, pageSize }) => {
    if (!inScope(ctx.actor, area)) throw new Refusal('outOfScope', '这个地区不在您的管辖范围内。', { kind: 'access' });
    const filter = {
      area,
      body,
      kind,
      above: area === ctx.actor.scope,
      anywhere: reachOf(ctx.actor) === 'organisation',
    };
    return listMeetings(tx, filter, { limit: pageSize, offset: (page - 1) * pageSize });
  },
  get,
  minutes: async (tx, ctx, input) => {
    const meeting = await get(tx, ctx, input);
    if (meeting.person !== null)
      throw new Refusal('aboutPerson', '关爱帮扶小组的会议记录涉及服务对象，请在页面上填写用途后打印。');
    return minutesOf(meeting);
  },
};

export const taskHandlers: Handlers<typeof taskApi> = {
  close: async (tx, ctx, { id, meeting: meetingId, task, on, note }) => {
    const { meeting, body } = await getOwnMeeting(tx, ctx, meetingId);
    const found = (await listTasks(tx, meeting.county, meetingId)).find((one) => one.id === task);
    if (!found) throw new Refusal('notFound', '没有找到这件议定事项。', { kind: 'absent' });
    if (found.closedOn) throw new Refusal('alreadyClosed', `已于 ${found.closedOn} 办结。`, { kind: 'conflict' });
    checkNotBefore(on, meeting.heldOn, '开会');
    const base = { id, county: meeting.county, on, subjects: subjectsOf(body) };
    await ctx.journal.append(tx, ctx, [taskClosed.draft({ ...base, body: { meeting: meetingId, task, note } })]);
    return {};
  },
};

/** What the actor's bodies resolved and have not done, due by a day: for the work list. */
export const listTasksDue = (tx: Tx, ctx: Ctx, dueBy: Day): Promise<OpenTask[]> =>
  listOpenTasks(tx, ctx.actor.scope, dueBy);
