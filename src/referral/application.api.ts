// Operations on applications: at the counter, by the public, and their review.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Area, Day, Id, listQuery, operation, page, Town } from '../kernel/contract.ts';
import { Stage } from '../person/file.ts';
import { Purpose } from '../person/person.ts';
import { ApplicationRoute, applicationFields, PublicApplication, ReviewDecision } from './application.ts';
import { DutyClock } from './clock.ts';

const offices: Role[] = ['civilAffairs', 'federation', 'health', 'hospital', 'village'];

const Outcome = z.enum(['eligible', 'ineligible', 'unknown']);

const who = {
  person: Id,
  /** Masked. */
  name: z.string(),
  sex: z.string(),
  age: z.int().nullable(),
  town: Town.nullable(),
};

const applicationRow = {
  application: Id,
  receiptNumber: z.string(),
  ...who,
  route: ApplicationRoute,
  receivedOn: Day,
  decision: ReviewDecision.or(z.literal('closed')).nullable(),
  decidedOn: Day.nullable(),
  screening: Outcome.nullable(),
  /** Null once decided, or where no pack sets the duty. */
  clock: DutyClock.nullable(),
};

/** A record that may be of the same human. */
const Candidate = z.object({
  ...who,
  idNumber: z.string().nullable(),
  stage: Stage,
  because: z.array(z.enum(['idNumber', 'certificateNumber', 'nameAndBirth', 'nameAndTown'])),
});

/** Whom to ask about an application, in full. */
const ApplicantContact = z.object({
  person: Id,
  name: z.string(),
  applicant: z.string(),
  phone: z.string().nullable(),
});
export type ApplicantContact = z.infer<typeof ApplicantContact>;

const ApplicationView = z.object({
  ...applicationRow,
  idNumber: z.string().nullable(),
  birthDate: Day.nullable(),
  stage: Stage,
  linkedTo: Id.nullable(),
  applicant: z.string(),
  relation: z.string().nullable(),
  phone: z.string().nullable(),
  needs: z.string().nullable(),
  clientWilling: z.boolean(),
  guardianWilling: z.boolean().nullable(),
  reason: z.string().nullable(),
  newestScreening: z
    .object({ outcome: Outcome, on: Day, open: z.array(z.string()), clause: z.array(z.string()) })
    .nullable(),
  candidates: z.array(Candidate),
});

export const applicationApi = {
  submit: operation({
    name: 'application.submit',
    summary: '提出申请（柜台录入）',
    method: 'POST',
    path: '/applications',
    roles: offices,
    refusals: ['stageNotAllowed', 'linkedAway', 'beforeStart', 'inFuture'],
    clauses: ['BZ-10', 'BZ-09', 'QS-08'],
    input: z.object({ id: Id, person: Id, on: Day, ...applicationFields }),
    output: z.object({ application: Id, receiptNumber: z.string() }),
  }),
  apply: operation({
    name: 'application.apply',
    summary: '公众申请',
    method: 'POST',
    path: '/public/applications',
    roles: 'anyone',
    refusals: ['townUnknown', 'idNumberInvalid', 'inFuture'],
    clauses: ['BZ-10'],
    input: PublicApplication.extend({ id: Id }),
    output: z.object({ receiptNumber: z.string(), receivedOn: Day, dueOn: Day.nullable() }),
  }),
  list: operation({
    name: 'application.list',
    summary: '申请列表，逾期在前',
    method: 'GET',
    path: '/applications',
    audit: 'search',
    roles: offices,
    clauses: ['BZ-10'],
    input: z.object({ ...listQuery, area: Area.optional(), status: z.enum(['open', 'decided']).default('open') }),
    output: page(z.object(applicationRow)),
  }),
  get: operation({
    name: 'application.get',
    summary: '申请详情',
    method: 'GET',
    path: '/applications/{application}',
    audit: { kind: 'read', answer: ['person', 'candidates.person'] },
    roles: offices,
    city: 'opened',
    clauses: ['BZ-10'],
    input: z.object({ application: Id }),
    output: ApplicationView,
  }),
  // Not a write with an id: its answer holds personal fields, which receipts must not keep.
  contact: operation({
    name: 'application.contact',
    summary: '查看申请人的联系方式',
    method: 'POST',
    path: '/applications/{application}/contact',
    audit: { kind: 'reveal', answer: ['person'] },
    writes: false,
    roles: offices,
    city: 'opened',
    clauses: ['BZ-10'],
    input: z.object({ application: Id, purpose: Purpose }),
    output: ApplicantContact,
  }),
  review: operation({
    name: 'application.review',
    summary: '审核登记',
    method: 'POST',
    path: '/applications/{application}/review',
    roles: ['civilAffairs'],
    refusals: [
      'alreadyDecided',
      'stageNotAllowed',
      'linkedAway',
      'reasonMissing',
      'notEligible',
      'screeningIncomplete',
      'beforeStart',
      'inFuture',
    ],
    clauses: ['BZ-10', 'BZ-07'],
    input: z.object({
      id: Id,
      application: Id,
      on: Day,
      decision: ReviewDecision,
      reason: z.string().trim().max(500).optional(),
    }),
    output: z.object({}),
  }),
  reassign: operation({
    name: 'application.reassign',
    summary: '转到同一人的已有档案',
    method: 'POST',
    path: '/applications/{application}/reassign',
    roles: ['civilAffairs'],
    refusals: ['alreadyDecided', 'stageNotAllowed', 'linkedAway', 'samePerson', 'otherCounty', 'inFuture'],
    clauses: ['BZ-10'],
    input: z.object({ id: Id, application: Id, person: Id, reason: z.string().trim().min(1).max(200) }),
    output: z.object({ application: Id }),
  }),
};
