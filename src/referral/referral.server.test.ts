// Referrals over HTTP: send, the receiver's answers, the queue and its review, the lists, and each refusal.
import { beforeAll, expect, test } from 'vitest';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation, type Client } from '../server/client.fixtures.ts';

const app = await openTestApp();
const clerk = anActor('civilAffairs');
const neighbour = anActor('civilAffairs', { scope: '511903' });
const office = anOrganisation('civilAffairs', { division: '511902' });
const site = anOrganisation('site', { name: '东城站', capacity: 3 });
const other = anOrganisation('site', { name: '西城站', division: '511902002', capacity: 1 });
const away = anOrganisation('site', { name: '恩阳站', division: '511903001' });
const cityCentre = anOrganisation('centre', { name: '市指导中心', division: '5119', tier: 'cityCentre' });
const siteWorker = anActor('site', { organisation: site.id });
const otherWorker = anActor('site', { organisation: other.id });
const hospitalWorker = anActor('hospital', { organisation: newId() });

beforeAll(() => app.record(office.draft, site.draft, other.draft, away.draft, cityCentre.draft));

const recorded = async (client: Client): Promise<Client> => {
  await app.record(...client.drafts);
  return client;
};
const aRegistered = () => recorded(aClient({ identity: { phone: '19900000031' } }).registered('2024-03-04'));
const sending = (person: string, change: object = {}) => ({
  id: newId(),
  person,
  on: '2024-03-05',
  organisation: site.id,
  reason: 'firstReferral',
  situation: '近期情绪平稳',
  suggestion: '先做生活技能训练',
  ...change,
});
const sent = async (client: Client, change: object = {}): Promise<string> => {
  const reply = await app.call<{ referral: string }>(clerk, 'POST', '/referrals', sending(client.person, change));
  expect(reply).toMatchObject({ status: 200 });
  return reply.body.referral;
};
const answer = (referral: string, verb: string, change: object = {}, actor = siteWorker) =>
  app.call(actor, 'POST', `/referrals/${referral}/${verb}`, { id: newId(), on: '2024-03-06', ...change });
interface View {
  referral: string;
  person: string;
  name: string;
  phone: string | null;
  full: boolean;
  status: string;
  situation: string | null;
  clock: { dueOn: string; left: number; unit: string } | null;
}
const view = async (referral: string, actor = clerk) =>
  (await app.call<View>(actor, 'GET', `/referrals/${referral}`)).body;
const inbox = async (actor = siteWorker) =>
  (
    await app.call<{ rows: View[]; serving: number; capacity: number }>(actor, 'GET', '/referrals/inbox', {
      pageSize: 100,
    })
  ).body;
const stageOf = async (person: string): Promise<string | undefined> =>
  (await app.admin.query('select stage from file where person = $1 order by episode desc', [person])).rows[0]?.stage;

test('referral.send: lands in the receiver’s inbox with the least it needs; wrong role, other area, each refusal', async () => {
  const client = await aRegistered();
  const referral = await sent(client);
  app.clock.set('2024-03-08');
  const row = (await inbox()).rows.find((one) => one.referral === referral);
  app.clock.set('2024-11-14');
  expect(row).toMatchObject({ name: '陈*远', suggestion: '先做生活技能训练', clock: { dueOn: '2024-03-12', left: 2 } });
  expect(row).not.toHaveProperty('situation');
  expect((await inbox(otherWorker)).rows).toEqual([]);
  const post = async (actor: typeof clerk, input: object) => (await app.call(actor, 'POST', '/referrals', input)).code;
  const next = (await aRegistered()).person;
  expect(await post(anActor('village'), sending(next))).toBe('roleNotAllowed');
  expect(await post(neighbour, sending(next))).toBe('notFound');
  expect(await post(clerk, sending(client.person))).toBe('stageNotAllowed');
  expect(await post(clerk, sending(next, { on: '2024-03-03' }))).toBe('beforeStart');
  expect(await post(clerk, sending(next, { on: '2024-11-15' }))).toBe('inFuture');
  expect(await post(clerk, sending(next, { organisation: newId() }))).toBe('notFound');
  expect(await post(clerk, sending(next, { organisation: away.id }))).toBe('receiverUnfit');
  expect(await post(clerk, sending(next, { organisation: office.id }))).toBe('receiverUnfit');
  expect(await post(clerk, sending(next, { organisation: cityCentre.id }))).toBeUndefined();
});

test('referral.accept: the receiver sees the person in full only then; each refusal', async () => {
  const client = await aRegistered();
  const referral = await sent(client);
  expect(await view(referral, siteWorker)).toMatchObject({ name: '陈*远', full: false, phone: null, situation: null });
  expect(await view(referral)).toMatchObject({ name: '陈*远', full: true, phone: '199****0031' });
  expect((await answer(referral, 'accept', {}, clerk)).code).toBe('roleNotAllowed');
  expect((await answer(referral, 'accept', {}, otherWorker)).code).toBe('notFound');
  expect((await answer(referral, 'accept', {}, hospitalWorker)).code).toBe('notReceiver');
  expect((await answer(referral, 'accept', { on: '2024-03-04' })).code).toBe('beforeStart');
  expect((await answer(referral, 'accept', { on: '2024-11-15' })).code).toBe('inFuture');
  const before = (await inbox()).serving;
  expect((await answer(referral, 'accept')).status).toBe(200);
  expect(await inbox()).toMatchObject({ serving: before + 1, capacity: 3 });
  expect(await view(referral, siteWorker)).toMatchObject({
    full: true,
    phone: '199****0031',
    status: 'accepted',
    clock: null,
  });
  expect((await answer(referral, 'accept')).code).toBe('alreadyAnswered');
  expect(await stageOf(client.person)).toBe('accepted');
});

test('referral.decline: ends the receiver’s sight and brings the person back to be referred; each refusal', async () => {
  const client = await aRegistered();
  const referral = await sent(client);
  expect((await answer(referral, 'decline', { cause: 'full' }, clerk)).code).toBe('roleNotAllowed');
  expect((await answer(referral, 'decline', { cause: 'full' }, otherWorker)).code).toBe('notFound');
  expect((await answer(referral, 'decline', { cause: 'full' }, hospitalWorker)).code).toBe('notReceiver');
  expect((await answer(referral, 'decline', { cause: 'other' })).code).toBe('noteMissing');
  expect((await answer(referral, 'decline', { cause: 'full', on: '2024-03-04' })).code).toBe('beforeStart');
  expect((await answer(referral, 'decline', { cause: 'full', on: '2024-11-15' })).code).toBe('inFuture');
  expect((await answer(referral, 'decline', { cause: 'full' })).status).toBe(200);
  expect((await app.call(siteWorker, 'GET', `/referrals/${referral}`)).code).toBe('notFound');
  expect(await view(referral)).toMatchObject({ status: 'declined', cause: 'full' });
  expect((await answer(referral, 'decline', { cause: 'full' }, hospitalWorker)).code).toBe('alreadyAnswered');
  const pending = await app.call<{ rows: { person: string; sinceOn: string; clock: { dueOn: string } }[] }>(
    clerk,
    'GET',
    '/referrals/pending',
    { pageSize: 200 },
  );
  expect(pending.body.rows.find((row) => row.person === client.person)).toMatchObject({
    sinceOn: '2024-03-06',
    clock: { dueOn: '2024-03-13' },
  });
});

test('referral.queue and referral.review: over three months in a queue is a duty that a review starts anew (BZ-13)', async () => {
  const client = await aRegistered();
  const referral = await sent(client);
  expect((await answer(referral, 'review', { wish: 'keepWaiting' })).code).toBe('stageNotAllowed');
  expect((await answer(referral, 'queue', {}, clerk)).code).toBe('roleNotAllowed');
  expect((await answer(referral, 'queue', {}, otherWorker)).code).toBe('notFound');
  expect((await answer(referral, 'queue', {}, hospitalWorker)).code).toBe('notReceiver');
  expect((await answer(referral, 'queue', { on: '2024-11-15' })).code).toBe('inFuture');
  expect((await answer(referral, 'queue')).status).toBe(200);
  expect((await answer(referral, 'queue')).code).toBe('stageNotAllowed');
  app.clock.set('2024-06-10');
  expect(await view(referral)).toMatchObject({
    status: 'queued',
    clock: { dueOn: '2024-06-07', left: -3, unit: 'days' },
  });
  const keep = { wish: 'keepWaiting', on: '2024-06-10' };
  expect((await answer(referral, 'review', keep, anActor('health'))).code).toBe('roleNotAllowed');
  expect((await answer(referral, 'review', keep, neighbour)).code).toBe('notFound');
  expect((await answer(referral, 'review', keep, hospitalWorker)).code).toBe('notReceiver');
  expect((await answer(referral, 'review', { ...keep, on: '2024-03-05' })).code).toBe('beforeStart');
  expect((await answer(referral, 'review', { ...keep, on: '2024-06-11' })).code).toBe('inFuture');
  expect((await answer(referral, 'review', keep, clerk)).status).toBe(200);
  expect(await view(referral)).toMatchObject({ wish: 'keepWaiting', clock: { dueOn: '2024-09-11' } });
  app.clock.set('2024-11-14');
  expect((await answer(referral, 'review', { wish: 'referElsewhere', on: '2024-09-12' })).status).toBe(200);
  expect(await view(referral)).toMatchObject({ status: 'withdrawn', wish: 'referElsewhere' });
  expect((await answer(referral, 'review', keep, clerk)).code).toBe('alreadyAnswered');
  expect(await stageOf(client.person)).toBe('registered');
});

test('sending on somebody who queues takes them out of that queue', async () => {
  const client = await recorded(
    aClient().registered('2024-03-04').referred(site.id, '2024-03-05').queued(site.id, '2024-03-06'),
  );
  const first = client.idOf('referral.send');
  const again = { on: '2024-07-01', reason: 'queuedTooLong' };
  expect((await app.call(clerk, 'POST', '/referrals', sending(client.person, again))).code).toBe('receiverUnfit');
  const second = await sent(client, { ...again, organisation: other.id });
  expect(await view(first)).toMatchObject({ status: 'withdrawn' });
  expect((await app.call(siteWorker, 'GET', `/referrals/${first}`)).code).toBe('notFound');
  expect((await inbox(otherWorker)).rows.map((row) => row.referral)).toContain(second);
  expect(await stageOf(client.person)).toBe('referred');
});

test('referral.withdraw: by civil affairs or the sender, not by others; each refusal', async () => {
  const client = await aRegistered();
  const reply = await app.call<{ referral: string }>(hospitalWorker, 'POST', '/referrals', sending(client.person));
  const { referral } = reply.body;
  const back = (actor: typeof clerk, change: object = {}) => answer(referral, 'withdraw', change, actor);
  expect((await back(siteWorker)).code).toBe('roleNotAllowed');
  expect((await back(neighbour)).code).toBe('notFound');
  expect((await back(anActor('hospital', { organisation: newId() }))).code).toBe('notSender');
  expect((await back(hospitalWorker, { on: '2024-03-04' })).code).toBe('beforeStart');
  expect((await back(hospitalWorker, { on: '2024-11-15' })).code).toBe('inFuture');
  expect((await back(hospitalWorker)).status).toBe(200);
  expect((await back(clerk)).code).toBe('alreadyAnswered');
  expect(await stageOf(client.person)).toBe('registered');
});

test('referral.list, pending and receivers: own area, by state, nearest receivers first with their room', async () => {
  const client = await aRegistered();
  const list = async (actor: typeof clerk, input: object = {}) =>
    (await app.call<{ rows: View[] }>(actor, 'GET', '/referrals', { pageSize: 200, ...input })).body.rows;
  expect((await list(clerk, { status: 'declined' })).map(({ status }) => status)).toEqual(['declined']);
  expect(await list(neighbour)).toEqual([]);
  expect((await app.call(anActor('village'), 'GET', '/referrals')).code).toBe('roleNotAllowed');
  expect((await app.call(neighbour, 'GET', '/referrals/pending')).body).toMatchObject({ total: 0 });
  expect((await app.call(siteWorker, 'GET', '/referrals/pending')).code).toBe('roleNotAllowed');
  expect((await app.call(clerk, 'GET', '/referrals/inbox')).code).toBe('roleNotAllowed');
  expect((await app.call(anActor('village'), 'GET', `/referrals/${newId()}`)).code).toBe('roleNotAllowed');
  const receivers = await app.call<{ rows: { name: string; serving: number; capacity: number; waiting: number }[] }>(
    clerk,
    'GET',
    '/referrals/receivers',
    { person: client.person },
  );
  expect(receivers.body.rows.map(({ name }) => name)).toEqual(['东城站', '市指导中心', '西城站']);
  expect(receivers.body.rows[0]).toMatchObject({ capacity: 3, sameTown: true, serving: 1 });
  expect(receivers.body.rows[2]).toMatchObject({ waiting: 1 });
  expect((await app.call(neighbour, 'GET', '/referrals/receivers', { person: client.person })).code).toBe('notFound');
  expect((await app.call(siteWorker, 'GET', '/referrals/receivers', { person: client.person })).code).toBe(
    'roleNotAllowed',
  );
});

test('recommendation.record: the hospital’s opinion becomes a fact that screening reads (BZ-09)', async () => {
  const client = await recorded(aClient());
  const advising = (change: object = {}) => ({
    id: newId(),
    person: client.person,
    on: '2024-02-01',
    fit: true,
    livesAt: 'home',
    risk: 1,
    advice: '建议参加社区康复',
    ...change,
  });
  const record = (actor: typeof clerk, change: object = {}) =>
    app.call(actor, 'POST', '/recommendations', advising(change));
  expect((await record(clerk)).code).toBe('roleNotAllowed');
  expect((await record(anActor('hospital', { scope: '511903' }))).code).toBe('notFound');
  expect((await record(hospitalWorker, { on: '2023-12-31' })).code).toBe('beforeStart');
  expect((await record(hospitalWorker, { on: '2024-11-15' })).code).toBe('inFuture');
  expect((await record(hospitalWorker)).status).toBe(200);
  const { rows } = await app.admin.query('select kind, value, source from fact where person = $1 order by kind', [
    client.person,
  ]);
  expect(rows).toEqual([
    { kind: 'livesAt', value: 'home', source: 'hospital' },
    { kind: 'medicalOpinion', value: { fit: true }, source: 'hospital' },
    { kind: 'risk', value: 1, source: 'hospital' },
  ]);
});
