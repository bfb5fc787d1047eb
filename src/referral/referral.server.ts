// Handlers for referrals: send, the receiver's answers, the queue and its review, and the lists.
import { uuidv7 } from 'uuidv7';
import { findStandingConsent } from '../care/agreement.server.ts';
import { type Actor, reachOf } from '../kernel/access.ts';
import { ageOn } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { personSubject } from '../kernel/entry.ts';
import { checkNotBefore, Refusal } from '../kernel/refusal.ts';
import { getOrganisation, listReceivers, withServing } from '../network/organisation.server.ts';
import { classesOf } from '../person/field-class.ts';
import { getMovable, getPersonAndFile, holdPerson } from '../person/file.server.ts';
import type { MoveType } from '../person/file.ts';
import { maskName, maskNumber, maskPhone } from '../person/identity.ts';
import { getSharingEnd } from '../person/sight.server.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { isAskedFor } from './application.sql.ts';
import { clocksOf, type DutyClock } from './clock.ts';
import type { referralApi } from './referral.api.ts';
import {
  countWaiting,
  findOpenReferral,
  findReferral,
  findReferralForm,
  listPending,
  listReferrals,
  type PersonCard,
  type ReferralListRow,
} from './referral.sql.ts';
import {
  checkGround,
  checkReceiver,
  isOpen,
  queueSince,
  type Referral,
  referralAccepted,
  referralDeclined,
  referralQueued,
  referralReviewed,
  referralSent,
  referralWithdrawn,
} from './referral.ts';

type Api = Handlers<typeof referralApi>;

const notFound = (): Refusal =>
  new Refusal('notFound', '没有找到这份转介单，或不在您的管辖范围内。', { kind: 'absent' });

/** A waiting referral that the move is allowed for, not answered before the day it was sent or queued. */
const getOpenReferral = async (tx: Tx, id: string, on: string, move: MoveType): Promise<Referral> => {
  const seen = await findReferral(tx, id);
  if (seen) await holdPerson(tx, seen.person);
  const found = await findReferral(tx, id);
  if (!found) throw notFound();
  if (!isOpen(found))
    throw new Refusal('alreadyAnswered', `这份转介单已于 ${found.answeredOn} 办结。`, { kind: 'conflict' });
  await getMovable(tx, found.person, move);
  checkNotBefore(on, queueSince(found), found.queuedOn ? '排队或上次复核' : '转介');
  return found;
};

const checkOwn = (actor: Actor, referral: Referral): void => {
  if (actor.organisation !== referral.organisation)
    throw new Refusal('notReceiver', '这份转介单不是转给您所在机构的。', { kind: 'access' });
};

interface Answer {
  readonly id: string;
  readonly referral: string;
  readonly on: string;
  readonly note?: string | undefined;
}

const draftOf = (found: Referral, { id, on, note }: Omit<Answer, 'referral'>) => ({
  id,
  county: found.county,
  on,
  subjects: [personSubject(found.person)],
  body: { referral: found.id, organisation: found.organisation, ...(note ? { note } : {}) },
});

const cardOf = (today: string, { name, sex, birthDate, town }: PersonCard) => ({
  name: maskName(name),
  sex,
  age: birthDate ? ageOn(birthDate, today) : null,
  town,
});

/** Reads the clock of a referral that waits: the receiver's while it is unanswered, the review's while it is queued. */
const referralClocks = (ctx: Ctx): ((referral: Referral) => DutyClock | null) => {
  const receipt = clocksOf(ctx.packs, 'referralReceipt', ctx.today);
  const review = clocksOf(ctx.packs, 'queueReview', ctx.today);
  return (one) => {
    if (one.status === 'sent') return receipt(one.county, one.sentOn);
    return one.status === 'queued' ? review(one.county, queueSince(one)) : null;
  };
};

const rowsOf = (ctx: Ctx, rows: readonly ReferralListRow[]) => {
  const clockOf = referralClocks(ctx);
  return rows.map((row) => {
    const { county: _, id, origin: __, situation: ___, birthDate: ____, ...shown } = row;
    return { ...shown, ...cardOf(ctx.today, row), referral: id, clock: clockOf(row) };
  });
};

/** Sends on. Somebody who waits in a queue is first taken out of it, so that no two organisations hold one referral. */
const send: Api['send'] = async (tx, ctx, { id, person, on, ...body }) => {
  const { file } = await getMovable(tx, person, 'referral.send');
  checkNotBefore(on, file.stageOn, file.stage === 'queued' ? '排队' : '登记');
  const held = await findOpenReferral(tx, file.county, person);
  const receiver = await getOrganisation(tx, body.organisation);
  checkReceiver(receiver, file.county, held?.organisation);
  const from = ctx.actor.organisation;
  const consent = await findStandingConsent(tx, file, on);
  checkGround({
    receiver,
    sender: from,
    recipients: consent?.recipients ?? null,
    endedOn: await getSharingEnd(tx, file, ctx.today),
    asked: await isAskedFor(tx, file),
    agreedBy: body.agreedBy,
  });
  const base = { id, county: file.county, on, subjects: [personSubject(person)] };
  await ctx.journal.append(tx, ctx, [
    ...(held ? [referralWithdrawn.draft(draftOf(held, { id: uuidv7(), on }))] : []),
    referralSent.draft({ ...base, body: { ...body, ...(from ? { from } : {}) } }),
  ]);
  return { referral: id };
};

const withdraw: Api['withdraw'] = async (tx, ctx, input) => {
  const found = await getOpenReferral(tx, input.referral, input.on, 'referral.withdraw');
  if (ctx.actor.role !== 'civilAffairs' && (!found.origin || found.origin !== ctx.actor.organisation))
    throw new Refusal('notSender', '只有转出机构和民政部门可以撤回。', { kind: 'access' });
  await ctx.journal.append(tx, ctx, [referralWithdrawn.draft(draftOf(found, input))]);
  return {};
};

/** BZ-13: who no longer waits here leaves the queue with the review, to be referred elsewhere or not at all. */
const review: Api['review'] = async (tx, ctx, { wish, ...input }) => {
  const found = await getOpenReferral(tx, input.referral, input.on, 'referral.review');
  if (ctx.actor.role !== 'civilAffairs') checkOwn(ctx.actor, found);
  const draft = draftOf(found, input);
  await ctx.journal.append(tx, ctx, [
    referralReviewed.draft({ ...draft, body: { ...draft.body, wish } }),
    ...(wish === 'keepWaiting' ? [] : [referralWithdrawn.draft(draftOf(found, { id: uuidv7(), on: input.on }))]),
  ]);
  return {};
};

const view: Api['get'] = async (tx, ctx, { referral }) => {
  const found = await findReferralForm(tx, referral, ctx.actor.organisation);
  const [row] = found ? rowsOf(ctx, [found]) : [];
  if (!found || !row) throw notFound();
  // A receiver that has only been asked sees no more than the list shows, whatever its role would see elsewhere.
  const full = found.level === null ? reachOf(ctx.actor) !== 'organisation' : found.level === 'full';
  const { guardian } = found;
  return {
    ...row,
    full,
    idNumber: found.idNumber && maskNumber(found.idNumber),
    birthDate: full ? found.birthDate : null,
    phone: full && found.phone !== null ? maskPhone(found.phone) : null,
    hasAddress: full && found.address !== null,
    guardian: full && guardian ? { name: maskName(guardian.name), relation: guardian.relation ?? null } : null,
    situation: full && classesOf(ctx.actor).has('diagnosis') ? found.situation : null,
  };
};

const inbox: Api['inbox'] = async (tx, ctx, { search, page, pageSize }) => {
  const organisation = ctx.actor.organisation;
  if (!organisation) return { rows: [], total: 0, serving: null, capacity: null };
  const { rows, total } = await listReferrals(tx, {
    area: ctx.actor.scope,
    organisation,
    status: ['sent', 'queued'],
    search,
    limit: pageSize,
    offset: (page - 1) * pageSize,
  });
  const [own] = await withServing(tx, ctx, [await getOrganisation(tx, organisation)]);
  return { rows: rowsOf(ctx, rows), total, serving: own?.serving ?? null, capacity: own?.capacity ?? null };
};

/** Those of the person's own town first, then those with room, then by name. */
const receivers: Api['receivers'] = async (tx, ctx, { person }) => {
  const { person: found, file } = await getPersonAndFile(tx, person);
  const organisations = await listReceivers(tx, ctx, file.county);
  const waiting = await countWaiting(
    tx,
    file.county,
    organisations.map(({ id }) => id),
  );
  const isFull = (one: (typeof organisations)[number]): boolean =>
    one.capacity !== null && (one.serving ?? 0) >= one.capacity;
  const rows = organisations
    .map((one) => ({ ...one, waiting: waiting.get(one.id) ?? 0, sameTown: one.division === file.town }))
    .sort((a, b) => Number(b.sameTown) - Number(a.sameTown) || Number(isFull(a)) - Number(isFull(b)));
  return { rows, name: maskName(found.name), town: file.town };
};

export const referralHandlers: Api = {
  send,
  accept: async (tx, ctx, input) => {
    const found = await getOpenReferral(tx, input.referral, input.on, 'referral.accept');
    checkOwn(ctx.actor, found);
    await ctx.journal.append(tx, ctx, [referralAccepted.draft(draftOf(found, input))]);
    return {};
  },
  queue: async (tx, ctx, input) => {
    const found = await getOpenReferral(tx, input.referral, input.on, 'referral.queue');
    checkOwn(ctx.actor, found);
    await ctx.journal.append(tx, ctx, [referralQueued.draft(draftOf(found, input))]);
    return {};
  },
  decline: async (tx, ctx, { cause, ...input }) => {
    const found = await getOpenReferral(tx, input.referral, input.on, 'referral.decline');
    checkOwn(ctx.actor, found);
    if (cause === 'other' && !input.note)
      throw new Refusal('noteMissing', '原因选“其他”时请写明。', { kind: 'input', fields: { note: '请写明原因' } });
    const draft = draftOf(found, input);
    await ctx.journal.append(tx, ctx, [referralDeclined.draft({ ...draft, body: { ...draft.body, cause } })]);
    return {};
  },
  withdraw,
  review,
  inbox,
  pending: async (tx, ctx, { area = ctx.actor.scope, search, page, pageSize }) => {
    const { rows, total } = await listPending(tx, { area, search, limit: pageSize, offset: (page - 1) * pageSize });
    const clocks = clocksOf(ctx.packs, 'referralDispatch', ctx.today);
    return {
      rows: rows.map((row) => ({
        person: row.person,
        ...cardOf(ctx.today, row),
        sinceOn: row.sinceOn,
        clock: clocks(row.county, row.sinceOn),
      })),
      total,
    };
  },
  list: async (tx, ctx, { area = ctx.actor.scope, status, person, search, page, pageSize }) => {
    const query = { area, person, search, limit: pageSize, offset: (page - 1) * pageSize };
    const { rows, total } = await listReferrals(tx, { ...query, status: status && [status] });
    return { rows: rowsOf(ctx, rows), total };
  },
  get: view,
  receivers,
};
