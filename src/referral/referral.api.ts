// Operations on referrals: send, the receiver's answers, the queue and its review, and the lists that people work through.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Area, Day, Id, listQuery, operation, page, Town } from '../kernel/contract.ts';
import { Organisation } from '../network/organisation.ts';
import { DutyClock } from './clock.ts';
import { DeclineCause, QueueWish, ReferralReason, ReferralStatus, referralFields } from './referral.ts';

const senders: readonly Role[] = ['civilAffairs', 'hospital', 'centre'];
const receivers: readonly Role[] = ['hospital', 'centre', 'site'];
const overseers: readonly Role[] = ['civilAffairs', 'health', 'federation', 'hospital', 'centre', 'site'];

const who = {
  person: Id,
  /** Masked in lists. */
  name: z.string(),
  sex: z.string(),
  age: z.int().nullable(),
  town: Town.nullable(),
};

/** One row of a list of referrals: the minimum that a receiver may know before it accepts. */
const ReferralRow = z.object({
  referral: Id,
  ...who,
  organisation: Id,
  organisationName: z.string(),
  originName: z.string().nullable(),
  reason: ReferralReason,
  suggestion: z.string().nullable(),
  status: ReferralStatus,
  sentOn: Day,
  queuedOn: Day.nullable(),
  reviewedOn: Day.nullable(),
  wish: QueueWish.nullable(),
  answeredOn: Day.nullable(),
  cause: DeclineCause.nullable(),
  note: z.string().nullable(),
  /** For an unanswered referral the receiver's clock, for a queued one the review's; else null. */
  clock: DutyClock.nullable(),
});

const ReferralView = ReferralRow.extend({
  /** Whether identity is given, masked: to who sees the whole area, and to the receiver once it has accepted. */
  full: z.boolean(),
  idNumber: z.string().nullable(),
  birthDate: Day.nullable(),
  phone: z.string().nullable(),
  hasAddress: z.boolean(),
  guardian: z.object({ name: z.string(), relation: z.string().nullable() }).nullable(),
  situation: z.string().nullable(),
});

const answerInput = {
  id: Id,
  referral: Id,
  on: Day,
  note: z.string().trim().max(500).optional(),
};
const answerRefusals = ['notReceiver', 'alreadyAnswered', 'stageNotAllowed', 'linkedAway', 'beforeStart', 'inFuture'];

export const referralApi = {
  send: operation({
    name: 'referral.send',
    summary: '转介到机构',
    method: 'POST',
    path: '/referrals',
    roles: senders,
    refusals: ['stageNotAllowed', 'linkedAway', 'receiverUnfit', 'consentMissing', 'beforeStart', 'inFuture'],
    clauses: ['BZ-12', 'BZ-13', 'QS-08'],
    input: z.object({ id: Id, person: Id, on: Day, ...referralFields }),
    output: z.object({ referral: Id }),
  }),
  accept: operation({
    name: 'referral.accept',
    summary: '接收转介',
    method: 'POST',
    path: '/referrals/{referral}/accept',
    roles: receivers,
    refusals: answerRefusals,
    clauses: ['BZ-12'],
    input: z.object(answerInput),
    output: z.object({}),
  }),
  queue: operation({
    name: 'referral.queue',
    summary: '列入排队',
    method: 'POST',
    path: '/referrals/{referral}/queue',
    roles: receivers,
    refusals: answerRefusals,
    clauses: ['BZ-13'],
    input: z.object(answerInput),
    output: z.object({}),
  }),
  decline: operation({
    name: 'referral.decline',
    summary: '退回转介',
    method: 'POST',
    path: '/referrals/{referral}/decline',
    roles: receivers,
    refusals: [...answerRefusals, 'noteMissing'],
    clauses: ['BZ-12'],
    input: z.object({ ...answerInput, cause: DeclineCause }),
    output: z.object({}),
  }),
  withdraw: operation({
    name: 'referral.withdraw',
    summary: '撤回转介',
    method: 'POST',
    path: '/referrals/{referral}/withdraw',
    roles: senders,
    refusals: ['notSender', 'alreadyAnswered', 'stageNotAllowed', 'linkedAway', 'beforeStart', 'inFuture'],
    clauses: ['BZ-13'],
    input: z.object(answerInput),
    output: z.object({}),
  }),
  review: operation({
    name: 'referral.review',
    summary: '排队复核：重新了解意愿',
    method: 'POST',
    path: '/referrals/{referral}/review',
    roles: ['civilAffairs', ...receivers],
    refusals: ['notReceiver', 'alreadyAnswered', 'stageNotAllowed', 'linkedAway', 'beforeStart', 'inFuture'],
    clauses: ['BZ-13'],
    input: z.object({ ...answerInput, wish: QueueWish }),
    output: z.object({}),
  }),
  inbox: operation({
    name: 'referral.inbox',
    summary: '本机构待办的转介',
    method: 'GET',
    path: '/referrals/inbox',
    audit: 'search',
    roles: receivers,
    clauses: ['BZ-12'],
    input: z.object({ ...listQuery }),
    output: page(ReferralRow).extend({
      /** Who is served and how many fit; null: the account belongs to no organisation, or no number is set. */
      serving: z.int().nullable(),
      capacity: z.int().nullable(),
    }),
  }),
  pending: operation({
    name: 'referral.pending',
    summary: '已登记待转介的人员',
    method: 'GET',
    path: '/referrals/pending',
    audit: 'search',
    roles: ['civilAffairs', 'hospital', 'health'],
    clauses: ['BZ-12'],
    input: z.object({ ...listQuery, area: Area.optional() }),
    output: page(z.object({ ...who, sinceOn: Day, clock: DutyClock.nullable() })),
  }),
  list: operation({
    name: 'referral.list',
    summary: '转介列表',
    method: 'GET',
    path: '/referrals',
    audit: 'search',
    roles: overseers,
    clauses: ['BZ-12', 'BZ-13'],
    input: z.object({ ...listQuery, area: Area.optional(), status: ReferralStatus.optional(), person: Id.optional() }),
    output: page(ReferralRow),
  }),
  get: operation({
    name: 'referral.get',
    summary: '转介单',
    method: 'GET',
    path: '/referrals/{referral}',
    audit: { kind: 'read', answer: ['person'] },
    roles: overseers,
    city: 'opened',
    clauses: ['BZ-12'],
    input: z.object({ referral: Id }),
    output: ReferralView,
  }),
  receivers: operation({
    name: 'referral.receivers',
    summary: '可以转介到的机构及容量',
    method: 'GET',
    path: '/referrals/receivers',
    audit: 'read',
    roles: senders,
    clauses: ['BZ-12', 'BZ-13'],
    input: z.object({ person: Id }),
    output: z.object({
      rows: z.array(Organisation.extend({ waiting: z.int(), sameTown: z.boolean() })),
      /** The person, masked, and the town that "nearby" is measured from. */
      name: z.string(),
      town: Town.nullable(),
    }),
  }),
};
