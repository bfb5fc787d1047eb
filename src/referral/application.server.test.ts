// Applications over HTTP: the counter, the public page, the worklist with its clock, the review and its refusals.
import { expect, test } from 'vitest';
import type { EntryFinding } from '../kernel/entry.ts';
import { personSubject } from '../kernel/entry.ts';
import { checkCharacter } from '../person/identity.ts';
import { screeningRecorded } from '../person/person.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, type Client } from '../server/client.fixtures.ts';

const app = await openTestApp();
const clerk = anActor('civilAffairs');
const neighbour = anActor('civilAffairs', { scope: '511903' });
const village = anActor('village', { scope: '511902001' });

const idNumberOf = (serial: string): string => `51190219850307${serial}${checkCharacter(`51190219850307${serial}`)}`;
const listed = async (options?: Parameters<typeof aClient>[0]): Promise<Client> => {
  const client = aClient(options);
  await app.record(...client.drafts);
  return client;
};
const said = { route: 'self', applicant: '陈志远', clientWilling: true, guardianWilling: true };
const submitting = (person: string, change: object = {}) => ({
  id: newId(),
  person,
  on: '2024-03-04',
  ...said,
  ...change,
});
const submitted = async (client: Client, change: object = {}): Promise<string> => {
  const reply = await app.call<{ application: string }>(
    clerk,
    'POST',
    '/applications',
    submitting(client.person, change),
  );
  expect(reply).toMatchObject({ status: 200 });
  return reply.body.application;
};
const finding = (outcome: string): EntryFinding => ({
  rule: 'riskCeiling',
  outcome,
  because: '总危险度 3 级',
  clause: ['BZ-07'],
  pack: 'bazhong',
});
const screened = (client: Client, outcome: 'eligible' | 'ineligible' | 'unknown', on = '2024-03-05') =>
  app.record(
    screeningRecorded.draft({
      id: newId(),
      county: client.county,
      on,
      subjects: [personSubject(client.person)],
      body: { outcome, pack: { id: 'bazhong', version: 'test' } },
      findings: [finding(outcome === 'eligible' ? 'met' : outcome === 'ineligible' ? 'unmet' : 'unknown')],
    }),
  );
const review = (application: string, change: object = {}, actor = clerk) =>
  app.call(actor, 'POST', `/applications/${application}/review`, {
    id: newId(),
    on: '2024-03-06',
    decision: 'registered',
    ...change,
  });
interface Row {
  application: string;
  name: string;
  receiptNumber: string;
  clock: { dueOn: string; left: number; clause: string[] } | null;
}
const list = async (actor = clerk, input: object = {}) =>
  (await app.call<{ rows: Row[]; total: number }>(actor, 'GET', '/applications', { pageSize: 200, ...input })).body;
interface View extends Row {
  stage: string;
  person: string;
  linkedTo: string | null;
  decision: string | null;
  reason: string | null;
  idNumber: string;
  candidates: { person: string; because: string[] }[];
}
const view = async (application: string, actor = clerk) =>
  (await app.call<View>(actor, 'GET', `/applications/${application}`)).body;

test('application.submit: opens a five-day clock; wrong role, other area, each refusal', async () => {
  const client = await listed();
  const application = await submitted(client);
  app.clock.set('2024-03-08');
  const row = (await list()).rows.find((one) => one.application === application);
  expect(row).toMatchObject({ name: '陈*远', clock: { dueOn: '2024-03-11', left: 1, clause: ['BZ-10', 'NA-01'] } });
  app.clock.set('2024-11-14');
  const post = async (actor: typeof clerk, input: object) =>
    (await app.call(actor, 'POST', '/applications', input)).code;
  const another = await listed();
  expect(await post(anActor('site'), submitting(another.person))).toBe('roleNotAllowed');
  expect(await post(neighbour, submitting(another.person))).toBe('notFound');
  expect(await post(clerk, submitting(another.person, { on: '2024-01-01' }))).toBe('beforeStart');
  expect(await post(clerk, submitting(another.person, { on: '2024-11-15' }))).toBe('inFuture');
  expect(await post(clerk, submitting(client.person))).toBe('stageNotAllowed');
  expect(await post(village, submitting(another.person))).toBeUndefined();
});

test('application.list and application.get: own area only, a village sees its town', async () => {
  const near = await submitted(await listed());
  const far = await submitted(await listed({ town: '511902002' }));
  const seen = async (actor: typeof clerk) => (await list(actor)).rows.map((one) => one.application);
  expect(await seen(neighbour)).toEqual([]);
  expect(await seen(village)).toContain(near);
  expect(await seen(village)).not.toContain(far);
  expect((await app.call(anActor('finance'), 'GET', '/applications')).code).toBe('roleNotAllowed');
  expect((await app.call(neighbour, 'GET', `/applications/${near}`)).code).toBe('notFound');
  expect((await app.call(anActor('finance'), 'GET', `/applications/${near}`)).code).toBe('roleNotAllowed');
  const { receiptNumber } = await view(near);
  expect((await list(clerk, { search: receiptNumber })).rows.map((one) => one.application)).toEqual([near]);
});

test('the oldest open application comes first', async () => {
  await submitted(await listed({ identity: { name: '先到' } }), { on: '2024-01-03' });
  await submitted(await listed({ identity: { name: '后到' } }), { on: '2024-01-04' });
  expect((await list()).rows.slice(0, 2).map(({ name }) => name)).toEqual(['先*', '后*']);
});

test('application.review: registers whom the newest screening finds eligible (BZ-07); each refusal', async () => {
  const client = await listed();
  const application = await submitted(client);
  expect((await review(application)).code).toBe('screeningIncomplete');
  await screened(client, 'ineligible');
  const no = await review(application);
  expect(no).toMatchObject({
    code: 'notEligible',
    body: { cites: ['BZ-07'], detail: expect.stringContaining('总危险度 3 级') },
  });
  await screened(client, 'unknown');
  expect((await review(application)).code).toBe('screeningIncomplete');
  await screened(client, 'eligible');
  expect((await review(application, {}, anActor('health'))).code).toBe('roleNotAllowed');
  expect((await review(application, {}, neighbour)).code).toBe('notFound');
  expect((await review(application, { on: '2024-03-03' })).code).toBe('beforeStart');
  expect((await review(application, { on: '2024-11-15' })).code).toBe('inFuture');
  expect((await review(application, { decision: 'returned' })).code).toBe('reasonMissing');
  expect((await review(application)).status).toBe(200);
  expect(await view(application)).toMatchObject({ decision: 'registered', stage: 'registered', clock: null });
  expect((await review(application)).code).toBe('alreadyDecided');
});

test('a returned applicant may apply again; a refused one is ineligible until applying again', async () => {
  const client = await listed();
  const first = await submitted(client);
  expect((await review(first, { decision: 'returned', reason: '缺少诊断证明' })).status).toBe(200);
  const second = await submitted(client, { on: '2024-03-07' });
  expect((await review(second, { on: '2024-03-08', decision: 'refused', reason: '不在本地居住' })).status).toBe(200);
  expect(await view(first)).toMatchObject({ decision: 'returned', reason: '缺少诊断证明' });
  expect(await view(second)).toMatchObject({ decision: 'refused', stage: 'ineligible' });
  expect((await list(clerk, { status: 'decided' })).rows.map((one) => one.application)).toEqual(
    expect.arrayContaining([first, second]),
  );
});

test('a screening of a former episode does not register anybody again', async () => {
  const before = aClient();
  await app.record(...before.drafts);
  await screened(before, 'eligible', '2024-01-03');
  const site = newId();
  const whole = before.registered('2024-01-04').accepted(site, '2024-01-05').discharged('2024-02-01');
  await app.record(...whole.drafts.slice(before.drafts.length));
  const application = await submitted(before);
  expect((await review(application)).code).toBe('screeningIncomplete');
  await screened(before, 'eligible');
  expect((await review(application)).status).toBe(200);
});

const identity = { name: '赵文清', sex: 'female', town: '511902001', idNumber: idNumberOf('902').toLowerCase() };
const applying = (change: object = {}) => ({
  id: newId(),
  identity,
  ...said,
  applicant: '赵文明',
  relation: '兄',
  phone: '19900000021',
  informed: true,
  ...change,
});
interface Receipt {
  receiptNumber: string;
  dueOn: string;
}
const apply = (change: object = {}, actor: typeof clerk | null = null) =>
  app.call<Receipt>(actor, 'POST', '/public/applications', applying(change));

test('application.apply: anyone gets a receipt number, and sees nothing; each refusal', async () => {
  const input = applying();
  const first = await app.call<Receipt>(null, 'POST', '/public/applications', input);
  expect(first).toMatchObject({ status: 200, body: { dueOn: '2024-11-21' } });
  expect((await app.call<Receipt>(null, 'POST', '/public/applications', input)).body).toEqual(first.body);
  const found = await list(clerk, { search: first.body.receiptNumber });
  expect(found).toMatchObject({ total: 1, rows: [{ name: '赵*清' }] });
  expect((await view(found.rows[0]?.application ?? '')).idNumber).toBe(
    '5119**********902' + idNumberOf('902').slice(-1),
  );
  expect((await list(neighbour, { search: '赵' })).total).toBe(0);
  expect((await app.call(null, 'GET', '/applications')).code).toBe('signInNeeded');
  expect((await apply({ identity: { ...identity, town: '511902999' } })).code).toBe('townUnknown');
  expect(
    (
      await apply({
        identity: { ...identity, idNumber: `${idNumberOf('902').slice(0, 16)}4${idNumberOf('902').slice(-1)}` },
      })
    ).code,
  ).toBe('idNumberInvalid');
  expect((await apply({ identity: { ...identity, idNumber: undefined, birthDate: '2024-11-15' } })).code).toBe(
    'inFuture',
  );
  expect((await apply({ informed: false })).code).toBe('inputInvalid');
  expect((await apply({}, anActor('site', { organisation: newId() }))).status).toBe(200);
});

test('application.reassign: an application for somebody on record goes on under that record, with its clock', async () => {
  const known = await listed({ identity: { name: '周小兰', sex: 'female', idNumber: idNumberOf('908') } });
  app.clock.set('2024-11-11');
  const receipt = await apply({ identity: { ...identity, name: '周小兰', idNumber: idNumberOf('908') } });
  app.clock.set('2024-11-14');
  const application = (await list(clerk, { search: receipt.body.receiptNumber })).rows[0]?.application ?? '';
  const before = await view(application);
  expect(before.candidates).toMatchObject([
    { person: known.person, because: ['idNumber', 'nameAndBirth', 'nameAndTown'] },
  ]);
  const reassign = (person: string, actor = clerk) =>
    app.call<{ application: string }>(actor, 'POST', `/applications/${application}/reassign`, {
      id: newId(),
      person,
      reason: '身份证号一致',
    });
  expect((await reassign(known.person, anActor('health'))).code).toBe('roleNotAllowed');
  expect((await reassign(known.person, neighbour)).code).toBe('notFound');
  expect((await reassign(before.person)).code).toBe('samePerson');
  const registered = aClient().registered('2024-03-04');
  const elsewhere = aClient({ county: '511903' });
  await app.record(...registered.drafts, ...elsewhere.drafts);
  expect((await reassign(registered.person)).code).toBe('stageNotAllowed');
  expect((await reassign(elsewhere.person, anActor('machine', { scope: '5119' }))).code).toBe('otherCounty');

  const moved = await reassign(known.person);
  expect(moved.status).toBe(200);
  expect(await view(moved.body.application)).toMatchObject({
    person: known.person,
    stage: 'applied',
    clock: { dueOn: before.clock?.dueOn },
    candidates: [],
  });
  expect(await view(application)).toMatchObject({ decision: 'returned', linkedTo: known.person });
  expect((await reassign(known.person)).code).toBe('alreadyDecided');
  expect((await app.call(clerk, 'POST', '/applications', submitting(before.person, { on: '2024-11-14' }))).code).toBe(
    'linkedAway',
  );
});
