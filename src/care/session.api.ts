// Operations on sessions: record, correct, void, look at; the roll-call of a day, the month of a site and its export.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Day, Id, listQuery, Month, operation, page } from '../kernel/contract.ts';
import { Stage } from '../person/file.ts';
import { Purpose } from '../person/person.ts';
import { PackRef } from '../policy/resolve.ts';
import { Domain, OtherService, SessionInput, SessionKind, sessionRecorded } from './session.ts';

export const recorders: Role[] = ['site', 'centre', 'hospital', 'civilAffairs'];
const readers: Role[] = [...recorders, 'federation', 'health'];

const checks = [
  'consentMissing',
  'namedTwice',
  'tooMany',
  'inFuture',
  'notAtSite',
  'otherOrganisation',
  'stageNotAllowed',
  'beforeStart',
  'papersMissing',
  'overlap',
  'serviceUnknown',
] as const;

const Recorded = z.object({ session: z.uuid(), attended: z.int(), warnings: z.array(z.string()) });
const Named = z.object({ id: z.uuid(), name: z.string() });

const Version = z.object({
  id: z.uuid(),
  act: z.enum(['record', 'correct', 'void']),
  on: Day,
  at: z.string(),
  actor: z.string(),
  /** Why it was voided. */
  reason: z.string().nullable(),
});

export const SessionView = z.object({
  session: z.uuid(),
  /** The entry that holds the content now: what a correction or void replaces. */
  source: z.uuid(),
  on: Day,
  /** Days between the session and its first record. */
  daysLate: z.int(),
  status: z.enum(['standing', 'corrected', 'voided']),
  ...sessionRecorded.body.omit({ organisation: true, absent: true, staff: true }).shape,
  organisation: Named,
  persons: z.array(Named),
  absent: z.array(Named),
  /** Attended or absent, but outside what the actor may see. */
  unseen: z.int(),
  mayChange: z.boolean(),
  versions: z.array(Version),
});
export type SessionView = z.infer<typeof SessionView>;

export const PersonSession = z.object({
  session: z.uuid(),
  on: Day,
  kind: SessionKind,
  domain: Domain,
  standardized: z.boolean(),
  service: OtherService.nullable(),
  startAt: z.string(),
  minutes: z.int(),
  leader: z.string(),
  title: z.string().nullable(),
  organisation: z.uuid(),
  organisationName: z.string().nullable(),
  daysLate: z.int(),
});
export type PersonSession = z.infer<typeof PersonSession>;

/** A group as it met lately: who belongs to it and how it was held. */
export const UsualGroup = z.object({
  kind: SessionKind,
  domain: Domain,
  title: z.string().nullable(),
  standardized: z.boolean(),
  service: OtherService.nullable(),
  startAt: z.string(),
  minutes: z.int(),
  leader: z.string(),
  lastOn: Day,
  /** Persons at this organisation now who came at least once lately. */
  persons: z.array(z.uuid()),
});
export type UsualGroup = z.infer<typeof UsualGroup>;

export const RosterPerson = z.object({
  id: z.uuid(),
  name: z.string(),
  stage: Stage,
  acceptedOn: Day,
  /** Documents asked for before any service that are not valid on the day. */
  papersMissing: z.array(z.string()),
  hasBaseline: z.boolean(),
  hasPlan: z.boolean(),
  sessionsThisMonth: z.int(),
  /** Sessions already recorded for this day. */
  sessionsOnDay: z.int(),
});
export type RosterPerson = z.infer<typeof RosterPerson>;

export const Roster = z.object({
  on: Day,
  organisation: Named,
  persons: z.array(RosterPerson),
  /** Which clauses ask for the papers before any service. */
  papersClauses: z.array(z.string()),
  /** Where the place's document counts other services apart: which, and by what clause. What is standardized then follows from the choice. */
  otherServices: z.object({ items: z.array(OtherService), clause: z.array(z.string()) }).nullable(),
  /** The likeliest for this day first. */
  groups: z.array(UsualGroup),
});
export type Roster = z.infer<typeof Roster>;

export const MonthRow = z.object({
  person: z.uuid(),
  name: z.string(),
  /** The stage now; null for somebody whom the organisation serves no more, who is no more than what it did. */
  stage: Stage.nullable(),
  sessions: z.int(),
  standardized: z.int(),
  other: z.int(),
  minutes: z.int(),
  lastOn: Day.nullable(),
  /** Sessions a month that the plan in force sums up to; null without a plan. */
  planned: z.int().nullable(),
  /** Missing against the place's number; null where it asks nothing of this person for the month. */
  shortOfRule: z.int().nullable(),
  shortOfPlan: z.int().nullable(),
});
export type MonthRow = z.infer<typeof MonthRow>;

export const SiteMonth = z.object({
  month: Month,
  organisation: Named,
  /** The month has not ended: what is missing can still be made up. */
  running: z.boolean(),
  rule: z
    .object({
      sessionsPerMonth: z.int(),
      clause: z.array(z.string()),
      assumed: z.string().nullable(),
      pack: PackRef,
    })
    .nullable(),
  sessionsHeld: z.int(),
  /** Sessions of each other service that was held (SY-07). */
  services: z.array(z.object({ service: OtherService, sessions: z.int() })),
  short: z.int(),
  rows: z.array(MonthRow),
});
export type SiteMonth = z.infer<typeof SiteMonth>;

const ofSite = z.object({ organisation: z.uuid(), month: Month });

export const sessionApi = {
  record: operation({
    name: 'session.record',
    summary: '登记康复服务',
    method: 'POST',
    path: '/sessions',
    roles: recorders,
    refusals: checks,
    clauses: ['BZ-14', 'QS-09', 'SY-06', 'SY-07'],
    input: SessionInput.extend({ id: Id }),
    output: Recorded,
  }),
  correct: operation({
    name: 'session.correct',
    summary: '更正康复服务记录',
    method: 'POST',
    path: '/sessions/{session}/correct',
    roles: recorders,
    refusals: [...checks, 'alreadyReplaced'],
    clauses: ['BZ-26'],
    input: SessionInput.extend({ id: Id, session: z.uuid() }),
    output: Recorded,
  }),
  void: operation({
    name: 'session.void',
    summary: '作废康复服务记录',
    method: 'POST',
    path: '/sessions/{session}/void',
    roles: recorders,
    refusals: ['otherOrganisation', 'alreadyReplaced'],
    clauses: ['BZ-26'],
    input: z.object({ id: Id, session: z.uuid(), reason: z.string().trim().min(2, '请写明作废原因').max(200) }),
    output: z.object({ session: z.uuid() }),
  }),
  get: operation({
    name: 'session.get',
    summary: '查看一次康复服务',
    method: 'GET',
    path: '/sessions/{session}',
    audit: { kind: 'search', answer: ['persons.id', 'absent.id'] },
    roles: readers,
    city: 'opened',
    input: z.object({ session: z.uuid() }),
    output: SessionView,
  }),
  list: operation({
    name: 'session.list',
    summary: '一个人的康复服务',
    method: 'GET',
    path: '/persons/{person}/sessions',
    audit: 'read',
    roles: readers,
    city: 'opened',
    refusals: ['minimumSight'],
    clauses: ['BZ-26', 'QS-09'],
    input: z.object({ ...listQuery, person: z.uuid(), month: Month.optional() }),
    output: page(PersonSession).extend({
      name: z.string(),
      months: z.array(z.object({ month: Month, sessions: z.int(), standardized: z.int(), minutes: z.int() })),
    }),
  }),
  roster: operation({
    name: 'session.roster',
    summary: '机构某日的点名册',
    method: 'GET',
    path: '/organisations/{organisation}/roster',
    audit: { kind: 'search', answer: ['persons.id'] },
    roles: recorders,
    refusals: ['otherOrganisation'],
    clauses: ['BZ-14'],
    input: z.object({ organisation: z.uuid(), on: Day.optional() }),
    output: Roster,
  }),
  month: operation({
    name: 'session.month',
    summary: '机构某月的服务次数',
    method: 'GET',
    path: '/organisations/{organisation}/months/{month}',
    audit: 'search',
    roles: readers,
    refusals: ['otherOrganisation'],
    clauses: ['QS-09', 'SY-06', 'SY-07'],
    input: ofSite,
    output: SiteMonth,
  }),
  exportMonth: operation({
    name: 'session.exportMonth',
    summary: '导出机构某月的服务台账',
    method: 'POST',
    writes: false,
    path: '/organisations/{organisation}/months/{month}/sheet',
    audit: 'export',
    roles: readers,
    refusals: ['otherOrganisation'],
    clauses: ['BZ-26'],
    input: ofSite.extend({ purpose: Purpose }),
    output: z.file(),
  }),
};
