// Papers over HTTP: consent, agreement and plan, what stands on a day, what takes over, and what an earlier episode leaves behind.
import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { asSealed } from '../kernel/database.ts';
import { standingEntries } from '../kernel/projection.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation, type Client } from '../server/client.fixtures.ts';
import { getServicePapers } from './agreement.server.ts';
import type { AgreementView, ConsentView, ServicePapers } from './agreement.ts';
import type { PlanView } from './plan.ts';

const app = await openTestApp();
const site = anOrganisation('site');
const other = anOrganisation('site', { name: '别站' });
const worker = anActor('site', { organisation: site.id });
const stranger = anActor('site', { organisation: other.id });
const neighbour = anActor('civilAffairs', { scope: '511903' });

beforeAll(() => app.record(site.draft, other.draft));

const accepted = async (...papers: Parameters<Client['withPapers']>[2] & object): Promise<Client> => {
  const client = aClient({ identity: { guardian: { name: '陈建国', relation: '父亲' } } })
    .registered('2024-01-10')
    .accepted(site.id, '2024-03-01')
    .withPapers(site.id, '2024-03-02', papers);
  await app.record(...client.drafts);
  return client;
};
const papersOn = async (client: Client, on: string): Promise<string> => {
  const papers = (await app.read((tx) => getServicePapers(tx, '511902', [client.person], on))).get(client.person);
  if (!papers) throw new Error('a person asked for is always answered');
  return (['consent', 'agreement', 'baseline', 'plan'] as const).filter((paper) => papers[paper] !== null).join(' ');
};
const signed = { signedBy: 'both', signer: '陈建国', fromOn: '2024-03-05' };
const aConsent = (change: object = {}) => ({
  id: newId(),
  on: '2024-03-05',
  ...signed,
  version: '2024-1',
  purposes: ['service', 'record'],
  recipients: ['provider'],
  ...change,
});
const signConsent = (client: Client, change: object = {}, actor = worker) =>
  app.call<{ id: string }>(actor, 'POST', `/persons/${client.person}/consents`, aConsent(change));

test('consent.sign: valid from its first day to its last; wrong role, other area, each refusal', async () => {
  const client = await accepted();
  const code = async (change: object, actor = worker) => (await signConsent(client, change, actor)).code;
  expect((await signConsent(client, {}, anActor('health'))).status).toBe(403);
  expect((await signConsent(client, {}, neighbour)).status).toBe(404);
  expect((await signConsent(client, {}, stranger)).status).toBe(404);
  expect(await code({ on: '2024-02-28' })).toBe('beforeStart');
  expect(await code({ on: '2024-11-15', fromOn: '2024-11-15' })).toBe('inFuture');
  expect(await code({ fromOn: '2024-03-04' })).toBe('periodInvalid');
  expect(await code({ untilOn: '2024-03-04' })).toBe('periodInvalid');
  expect(await code({ version: '1999' })).toBe('consentTextUnknown');
  expect(await code({ recipients: ['newspaper'] })).toBe('consentTextUnknown');
  expect(await code({ purposes: ['service'] })).toBe('consentIncomplete');
  // A text that comes into force later is not what was signed that day.
  expect(await code({ version: '2026-2' })).toBe('consentTextUnknown');
  expect(await code({ fromOn: '2024-03-06', untilOn: '2024-04-30' })).toBeUndefined();
  expect(
    await Promise.all(['2024-03-05', '2024-03-06', '2024-04-30', '2024-05-01'].map((on) => papersOn(client, on))),
  ).toEqual(['', 'consent', 'consent', '']);
  const registered = aClient().registered('2024-01-10');
  await app.record(...registered.drafts);
  const early = await signConsent(registered, {}, anActor('civilAffairs'));
  expect(early).toMatchObject({ code: 'stageNotAllowed', body: { cites: ['BZ-14'] } });
});

test('consent.withdraw: invalid from that day, service is suspended; each refusal', async () => {
  const client = await accepted('consent', 'agreement');
  await app.record(...client.session(site.id, '2024-03-10').drafts.slice(-1));
  const consent = client.idOf('consent.sign');
  const withdraw = (change: object = {}, actor = worker) =>
    app.call<{ stage: string }>(actor, 'POST', `/consents/${consent}/withdraw`, {
      id: newId(),
      on: '2024-04-01',
      reason: '搬到子女家',
      ...change,
    });
  expect((await withdraw({}, anActor('hospital'))).status).toBe(403);
  expect((await withdraw({}, neighbour)).status).toBe(404);
  expect((await withdraw({ on: '2024-03-01' })).code).toBe('beforeStart');
  expect((await withdraw({ on: '2024-11-15' })).code).toBe('inFuture');
  expect((await withdraw()).body).toEqual({ stage: 'suspended' });
  expect(await papersOn(client, '2024-03-31')).toBe('consent agreement');
  expect(await papersOn(client, '2024-04-01')).toBe('agreement');
  expect((await withdraw({}, anActor('civilAffairs'))).code).toBe('alreadyWithdrawn');
});

test('agreement.sign: with the organisation that serves, whatever the client sends; each refusal', async () => {
  const client = await accepted();
  const sign = (change: object = {}, actor = worker, person = client.person) =>
    app.call(actor, 'POST', `/persons/${person}/agreements`, {
      id: newId(),
      on: '2024-03-05',
      ...signed,
      organisation: other.id,
      frequency: 6,
      items: ['medication', 'lifeSkills'],
      price: 0,
      ...change,
    });
  expect((await sign({}, anActor('health'))).status).toBe(403);
  expect((await sign({}, neighbour)).status).toBe(404);
  expect((await sign({ on: '2024-02-28' })).code).toBe('beforeStart');
  expect((await sign({ on: '2024-11-15', fromOn: '2024-11-15' })).code).toBe('inFuture');
  expect((await sign({ untilOn: '2024-03-01' })).code).toBe('periodInvalid');
  expect((await sign({ items: [] })).code).toBe('inputInvalid');
  expect((await sign({ untilOn: '2024-08-31' })).status).toBe(200);
  const { body } = await app.call<{ agreements: AgreementView[]; next: string }>(
    worker,
    'GET',
    `/persons/${client.person}/papers`,
    { on: '2024-06-01' },
  );
  expect(body.next).toBe('consent');
  expect(body.agreements).toMatchObject([
    { organisation: site.id, organisationName: '东城site', price: 0, signer: '陈*国' },
  ]);
  expect(await papersOn(client, '2024-09-01')).toBe('');
  const registered = aClient().registered('2024-01-10');
  await app.record(...registered.drafts);
  expect((await sign({}, anActor('civilAffairs'), registered.person)).code).toBe('stageNotAllowed');
});

const aPlan = (change: object = {}) => ({
  id: newId(),
  on: '2024-03-10',
  fromOn: '2024-03-10',
  reviewOn: '2024-06-10',
  agreed: true,
  goals: [{ domain: 'medication', goal: '每天自己按时吃药', frequency: 4, responsible: '李敏' }],
  ...change,
});
const make = (client: Client, change: object = {}, actor = worker) =>
  app.call(actor, 'POST', `/persons/${client.person}/plans`, aPlan(change));

test('plan.make: only after the baseline (QS-08); each refusal', async () => {
  const client = await accepted('baseline');
  const code = async (change: object) => (await make(client, change)).code;
  expect((await make(client, {}, anActor('civilAffairs'))).status).toBe(403);
  expect((await make(client, {}, stranger)).status).toBe(404);
  expect(await code({ on: '2024-02-28', fromOn: '2024-03-10' })).toBe('beforeStart');
  const early = await make(client, { on: '2024-03-01' });
  expect(early).toMatchObject({ code: 'baselineMissing', body: { cites: ['QS-08'] } });
  expect(await code({ on: '2024-11-15', fromOn: '2024-11-15', reviewOn: '2024-12-15' })).toBe('inFuture');
  expect(await code({ fromOn: '2024-03-09' })).toBe('periodInvalid');
  expect(await code({ reviewOn: '2024-03-10' })).toBe('periodInvalid');
  expect(await code({ untilOn: '2024-06-09' })).toBe('periodInvalid');
  expect(await code({})).toBeUndefined();
  const registered = aClient().registered('2024-01-10');
  await app.record(...registered.drafts);
  expect((await make(registered, {}, anActor('machine'))).code).toBe('stageNotAllowed');
});

test('the next plan takes over on its first day, also when the earlier one is entered late', async () => {
  const client = await accepted('baseline');
  await make(client, { on: '2024-06-01', fromOn: '2024-06-10', reviewOn: '2024-09-10' });
  await make(client, { on: '2024-03-10', fromOn: '2024-03-10' });
  await make(client, { on: '2024-09-01', fromOn: '2024-09-10', reviewOn: '2024-12-10', untilOn: '2024-12-31' });
  const { body } = await app.call<{ plans: PlanView[]; papers: ServicePapers }>(
    worker,
    'GET',
    `/persons/${client.person}/papers`,
    { on: '2024-09-09' },
  );
  expect(body.plans.map((plan) => [plan.fromOn, plan.supersededOn])).toEqual([
    ['2024-09-10', null],
    ['2024-06-10', '2024-09-10'],
    ['2024-03-10', '2024-06-10'],
  ]);
  expect(body.papers.plan).toBe(body.plans[1]?.id);
});

test('papers of an earlier episode do not stand for the next, and still stand for the days of their own', async () => {
  const first = aClient().registered('2024-01-10').accepted(site.id, '2024-01-20').withPapers(site.id, '2024-01-25');
  const again = first
    .discharged('2024-05-01')
    .applied('2024-06-01')
    .registered('2024-06-10')
    .accepted(site.id, '2024-07-01');
  await app.record(...again.drafts);
  expect(await papersOn(again, '2024-04-30')).toBe('consent agreement baseline plan');
  expect(await papersOn(again, '2024-07-01')).toBe('');
  const anew = again.withPapers(site.id, '2024-07-02', ['agreement']);
  await app.record(...anew.drafts.slice(-1));
  expect(await papersOn(again, '2024-07-02')).toBe('agreement');
});

test('papers.get: masked, with the next step; who may not see it', async () => {
  const client = await accepted('consent');
  const get = (actor: typeof worker) =>
    app.call<{ consents: ConsentView[] }>(actor, 'GET', `/persons/${client.person}/papers`, { on: '2024-03-20' });
  const { body } = await get(worker);
  expect(body).toMatchObject({
    name: '陈*远',
    guardian: { name: '陈*国', relation: '父亲' },
    age: 39,
    stage: 'accepted',
    site: { id: site.id },
    next: 'agreement',
    consents: [{ signer: '王*英' }],
  });
  expect((await get(stranger)).status).toBe(404);
  expect((await get(neighbour)).status).toBe(404);
  expect((await get(anActor('village'))).status).toBe(403);
});

test('folding the journal again gives the same papers', async () => {
  const client = await accepted('consent', 'agreement', 'baseline');
  await make(client);
  await make(client, { on: '2024-06-01', fromOn: '2024-06-10', reviewOn: '2024-09-10' });
  await app.call(worker, 'POST', `/consents/${client.idOf('consent.sign')}/withdraw`, {
    id: newId(),
    on: '2024-08-01',
    reason: '家人接走',
  });
  const tables = ['consent', 'agreement', 'plan', 'assessment'] as const;
  const rows = async () =>
    Promise.all(
      tables.map(
        async (table) =>
          (await app.admin.query(`select * from ${table} where person = $1 order by id`, [client.person])).rows,
      ),
    );
  const before = await rows();
  for (const table of tables) await app.admin.query(`delete from ${table} where person = $1`, [client.person]);
  await app.read(async (tx) => {
    const entries = await standingEntries(
      asSealed(tx),
      '511902',
      sql`exists (select 1 from entry_subject s where s.county = e.county and s.entry = e.id and s.subject = ${client.person})`,
    );
    for (const projection of app.journal.projections.filter((p) =>
      p.tables.some((t) => tables.includes(t.name as never)),
    ))
      await projection.apply(
        tx,
        entries.filter((entry) => projection.types.includes(entry.type)),
        Promise.resolve(),
      );
  });
  expect(await rows()).toEqual(before);
});
