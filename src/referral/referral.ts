// Referral of a registered person to an organisation, its answer, the queue and its review (BZ-12, BZ-13).
import { z } from 'zod';
import type { Day } from '../kernel/contract.ts';
import { defineEntry, type Entry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { checkNotEnded } from '../person/sharing.ts';

export const ReferralReason = z.enum(['firstReferral', 'cannotServe', 'queuedTooLong', 'movedAway', 'clientWish']);
export type ReferralReason = z.infer<typeof ReferralReason>;

export const ReferralStatus = z.enum(['sent', 'queued', 'accepted', 'declined', 'withdrawn']);
export type ReferralStatus = z.infer<typeof ReferralStatus>;

export const DeclineCause = z.enum(['full', 'cannotMeetNeed', 'notSuitable', 'unreachable', 'other']);
export type DeclineCause = z.infer<typeof DeclineCause>;

export const QueueWish = z.enum(['keepWaiting', 'referElsewhere', 'withdraw']);
export type QueueWish = z.infer<typeof QueueWish>;

/** Who agreed to this very receiver, where neither the consent nor the application names it (PIPL 23). */
export const AgreedBy = z.enum(['client', 'guardian', 'both']);

export const referralFields = {
  agreedBy: AgreedBy.optional(),
  organisation: z.uuid(),
  reason: ReferralReason,
  situation: z.string().trim().max(500).optional().meta({ sealed: true }),
  suggestion: z.string().trim().max(500).optional().meta({ sealed: true }),
};

/** `organisation` is the receiver; any person on duty there can take it. `from` is the sender's organisation. */
export const referralSent = defineEntry({
  type: 'referral.send',
  summary: '转介',
  body: z.object({ ...referralFields, from: z.uuid().optional() }),
});

const answer = {
  referral: z.uuid(),
  organisation: z.uuid(),
  note: z.string().max(500).optional().meta({ sealed: true }),
};
export const referralAccepted = defineEntry({ type: 'referral.accept', summary: '接收转介', body: z.object(answer) });
export const referralQueued = defineEntry({ type: 'referral.queue', summary: '列入排队', body: z.object(answer) });
export const referralDeclined = defineEntry({
  type: 'referral.decline',
  summary: '退回转介',
  body: z.object({ ...answer, cause: DeclineCause }),
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
  body: z.object({ ...answer, wish: QueueWish }),
});

export const referralEntries = [
  referralSent,
  referralAccepted,
  referralQueued,
  referralDeclined,
  referralWithdrawn,
  referralReviewed,
];

/** A referral as stored. `reviewedOn`: the last review of its queue; `answeredOn`: the day it was accepted, declined or withdrawn. */
export interface Referral {
  readonly county: string;
  readonly id: string;
  readonly person: string;
  readonly organisation: string;
  readonly origin: string | null;
  readonly reason: ReferralReason;
  readonly situation: string | null;
  readonly suggestion: string | null;
  readonly status: ReferralStatus;
  readonly sentOn: Day;
  readonly queuedOn: Day | null;
  readonly reviewedOn: Day | null;
  readonly wish: QueueWish | null;
  readonly answeredOn: Day | null;
  readonly cause: DeclineCause | null;
  readonly note: string | null;
}

/** Referrals that still ask for something. */
export const isOpen = ({ status }: Pick<Referral, 'status'>): boolean => status === 'sent' || status === 'queued';

/** The day from which a queue's review is counted: its beginning, or the last review (BZ-13). */
export const queueSince = ({
  queuedOn,
  reviewedOn,
  sentOn,
}: Pick<Referral, 'queuedOn' | 'reviewedOn' | 'sentOn'>): Day => reviewedOn ?? queuedOn ?? sentOn;

const sent = (entry: Entry<z.output<(typeof referralSent)['body']>>, person: string): Referral => {
  const { organisation, reason, from = null, situation = null, suggestion = null } = entry.body;
  const later = { queuedOn: null, reviewedOn: null, wish: null, answeredOn: null, cause: null, note: null };
  const said = { organisation, origin: from, reason, situation, suggestion, status: 'sent' as const };
  return { county: entry.county, id: entry.id, person, ...said, sentOn: entry.on, ...later };
};

const answered = (one: Referral, status: ReferralStatus, entry: Entry<{ note?: string | undefined }>): Referral => ({
  ...one,
  status,
  answeredOn: entry.on,
  note: entry.body.note ?? one.note,
});

const step = (one: Referral, entry: Entry): Referral => {
  if (referralAccepted.is(entry)) return answered(one, 'accepted', entry);
  if (referralWithdrawn.is(entry)) return answered(one, 'withdrawn', entry);
  if (referralDeclined.is(entry)) return { ...answered(one, 'declined', entry), cause: entry.body.cause };
  if (referralQueued.is(entry))
    return { ...one, status: 'queued', queuedOn: entry.on, note: entry.body.note ?? one.note };
  if (referralReviewed.is(entry))
    return { ...one, reviewedOn: entry.on, wish: entry.body.wish, note: entry.body.note ?? one.note };
  return one;
};

/** Folds one entry about `person` into that person's referrals. `file.close` ends those that wait. */
export const foldReferrals = (referrals: readonly Referral[], entry: Entry, person: string): readonly Referral[] => {
  if (referralSent.is(entry)) return [...referrals.filter(({ id }) => id !== entry.id), sent(entry, person)];
  if (entry.type === 'file.close')
    return referrals.map((one) => (isOpen(one) ? { ...one, status: 'withdrawn', answeredOn: entry.on } : one));
  const { referral } = entry.body as { referral: string };
  return referrals.map((one) => (one.id === referral ? step(one, entry) : one));
};

interface Receiver {
  readonly id: string;
  readonly name: string;
  readonly county: string;
  readonly kind: string;
  readonly closedOn: Day | null;
}

/**
 * Refuses a receiver that does not serve, is closed, lies in another county (a city's own organisations take from all its counties),
 * or holds the referral already (BZ-13: elsewhere means elsewhere).
 */
export const checkReceiver = (receiver: Receiver, county: string, holder: string | undefined): void => {
  const refuse = (message: string): Refusal =>
    new Refusal('receiverUnfit', message, { fields: { organisation: message }, cites: ['BZ-12', 'BZ-13'] });
  if (!['hospital', 'centre', 'site'].includes(receiver.kind)) throw refuse(`${receiver.name}不承接康复服务。`);
  if (receiver.closedOn) throw refuse(`${receiver.name}已于 ${receiver.closedOn} 撤销。`);
  if (!county.startsWith(receiver.county))
    throw refuse(`${receiver.name}在另一县（区），请选择本县（区）或市级机构；已迁居外县的，在结案时推送档案。`);
  if (receiver.id === holder) throw refuse(`此人正在${receiver.name}排队，请另选机构。`);
};

/** What a referral to another handler may rest on. */
interface Ground {
  readonly receiver: Pick<Receiver, 'id' | 'kind' | 'name'>;
  readonly sender: string | null;
  /** Recipients that the valid consent of this episode names; null: none is valid. */
  readonly recipients: readonly string[] | null;
  /** Day on which the consent of this episode ended. */
  readonly endedOn: Day | null;
  /** Client or guardian asked for the service in this episode's application. */
  readonly asked: boolean;
  readonly agreedBy: string | undefined;
}

/**
 * Refuses (`consentMissing`) a referral that no consent covers: it names the receiver's kind (PIPL 23), or, before the first is signed, the
 * application does, whose notice speaks of the organisations that provide the service; else somebody agreed to this very receiver.
 */
export const checkGround = ({ receiver, sender, recipients, endedOn, asked, agreedBy }: Ground): void => {
  if (receiver.id === sender) return;
  checkNotEnded(endedOn, '转介');
  const kind = receiver.kind === 'hospital' ? 'hospital' : 'provider';
  const named = recipients === null ? asked && kind === 'provider' : recipients.includes(kind);
  if (named || agreedBy !== undefined) return;
  throw new Refusal(
    'consentMissing',
    `${recipients === null ? '申请' : '现行的知情同意书'}没有同意把信息提供给${receiver.name}（《个人信息保护法》第二十三条、第二十九条）。请告知本人或监护人接收机构的名称、目的和内容，征得单独同意，填写“对转给这家机构的同意”后再转介。`,
    { fields: { agreedBy: '请先征得同意并填写' }, cites: ['BZ-12'] },
  );
};
