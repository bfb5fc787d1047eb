// Operations on meetings of bodies and on what was resolved there.
import { z } from 'zod';
import { Area, Day, Id, listQuery, operation, page, Reason } from '../kernel/contract.ts';
import { BodyKind } from '../policy/duty.ts';
import { bodyKeepers, bodyReaders } from './body.ts';
import { MeetingRow, MeetingView, meetingFields } from './meeting.ts';

const clauses = ['AL-14', 'CM-03'];
const held = ['notMember', 'nobodyThere', 'dueTooEarly', 'namedTwice', 'beforeStart', 'inFuture'];

export const meetingApi = {
  hold: operation({
    name: 'meeting.hold',
    summary: '登记会议',
    method: 'POST',
    path: '/bodies/{body}/meetings',
    roles: bodyKeepers,
    city: 'noPerson',
    refusals: [...held, 'alreadyClosed'],
    clauses,
    input: z.object({ id: Id, body: Id, on: Day, ...meetingFields }),
    output: z.object({ meeting: Id }),
  }),
  correct: operation({
    name: 'meeting.correct',
    summary: '更正会议记录',
    method: 'PUT',
    path: '/meetings/{meeting}',
    roles: bodyKeepers,
    city: 'noPerson',
    refusals: [...held, 'alreadyReplaced'],
    clauses,
    input: z.object({ id: Id, meeting: Id, on: Day, ...meetingFields }),
    output: z.object({ meeting: Id }),
  }),
  void: operation({
    name: 'meeting.void',
    summary: '作废会议记录',
    method: 'POST',
    path: '/meetings/{meeting}/void',
    roles: bodyKeepers,
    city: 'noPerson',
    refusals: ['alreadyReplaced'],
    input: z.object({ id: Id, meeting: Id, reason: Reason }),
    output: z.object({ meeting: Id }),
  }),
  list: operation({
    name: 'meeting.list',
    summary: '会议一览',
    method: 'GET',
    path: '/meetings',
    audit: { kind: 'search', answer: ['rows.person'] },
    roles: bodyReaders,
    city: 'noPerson',
    input: z.object({
      page: listQuery.page,
      pageSize: listQuery.pageSize,
      area: Area.optional(),
      body: Id.optional(),
      kind: BodyKind.optional(),
    }),
    output: page(MeetingRow),
  }),
  get: operation({
    name: 'meeting.get',
    summary: '会议记录',
    method: 'GET',
    path: '/meetings/{meeting}',
    audit: { kind: 'read', answer: ['person'] },
    roles: bodyReaders,
    city: 'noPerson',
    input: z.object({ meeting: Id }),
    output: MeetingView,
  }),
  minutes: operation({
    name: 'meeting.minutes',
    summary: '下载会议记录（Word）',
    method: 'GET',
    path: '/meetings/{meeting}/minutes',
    audit: 'export',
    roles: bodyReaders,
    city: 'noPerson',
    refusals: ['aboutPerson'],
    clauses,
    input: z.object({ meeting: Id }),
    output: z.file(),
  }),
};

export const taskApi = {
  close: operation({
    name: 'task.close',
    summary: '办结议定事项',
    method: 'POST',
    path: '/meetings/{meeting}/tasks/{task}/close',
    roles: bodyKeepers,
    city: 'noPerson',
    refusals: ['alreadyClosed', 'beforeStart', 'inFuture'],
    input: z.object({ id: Id, meeting: Id, task: Id, on: Day, note: z.string().trim().min(1).max(200) }),
    output: z.object({}),
  }),
};
