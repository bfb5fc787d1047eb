// Referral of a registered person to an organisation, its answer, the queue and its review (BZ-12, BZ-13).
import { z } from 'zod';
import { defineEntry } from '../kernel/entry.ts';

export const ReferralReason = z.enum(['firstReferral', 'cannotServe', 'queuedTooLong', 'movedAway', 'clientWish']);
export type ReferralReason = z.infer<typeof ReferralReason>;

/** `organisation` is the receiver; any person on duty there can take it. */
export const referralSent = defineEntry({
  type: 'referral.send',
  summary: '转介',
  body: z.object({
    organisation: z.uuid(),
    from: z.uuid().optional(),
    reason: ReferralReason,
    situation: z.string().max(500).optional().meta({ sealed: true }),
    suggestion: z.string().max(500).optional().meta({ sealed: true }),
  }),
});

const answer = { referral: z.uuid(), organisation: z.uuid(), note: z.string().max(500).optional() };
export const referralAccepted = defineEntry({ type: 'referral.accept', summary: '接收转介', body: z.object(answer) });
export const referralQueued = defineEntry({ type: 'referral.queue', summary: '列入排队', body: z.object(answer) });
export const referralDeclined = defineEntry({
  type: 'referral.decline',
  summary: '退回转介',
  body: z.object({ ...answer, cause: z.enum(['full', 'cannotMeetNeed', 'notSuitable', 'unreachable', 'other']) }),
});
export const referralWithdrawn = defineEntry({
  type: 'referral.withdraw',
  summary: '撤回转介',
  body: z.object(answer),
});
/** BZ-13: after 3 months in the queue the wishes are asked again. */
export const referralReviewed = defineEntry({
  type: 'referral.review',
  summary: '排队复核',
  body: z.object({ ...answer, wish: z.enum(['keepWaiting', 'referElsewhere', 'withdraw']) }),
});

export const referralEntries = [
  referralSent,
  referralAccepted,
  referralQueued,
  referralDeclined,
  referralWithdrawn,
  referralReviewed,
];
