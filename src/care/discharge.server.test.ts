// Leaving service over HTTP: pause, transfer-out on its assessment, closing, and that the person then leaves the figures' denominator.
import { expect, test } from 'vitest';
import { assessmentRecorded } from '../assessment/assessment.ts';
import type { Actor } from '../kernel/access.ts';
import { personSubject } from '../kernel/entry.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation, type Client } from '../server/client.fixtures.ts';
import type { DischargeBasis } from './discharge.api.ts';

const app = await openTestApp();
const site = anOrganisation('site', { name: '东城街道精康站' });
const otherSite = anOrganisation('site', { name: '西城街道精康站', division: '511902002' });
const worker = anActor('site', { organisation: site.id });
const otherWorker = anActor('site', { organisation: otherSite.id, user: 'other' });
const clerk = anActor('civilAffairs');
const neighbour = anActor('civilAffairs', { scope: '511903' });
await app.record(site.draft, otherSite.draft);

const inService = async (): Promise<Client> => {
  const client = aClient()
    .registered('2024-01-10')
    .accepted(site.id, '2024-01-20')
    .withPapers(site.id, '2024-01-25')
    .session(site.id, '2024-02-05');
  await app.record(...client.drafts);
  return client;
};
const assessed = (client: Client, on: string) =>
  app.record(
    assessmentRecorded.draft({
      id: newId(),
      county: client.county,
      on,
      subjects: [personSubject(client.person)],
      body: { kind: 'transferOut', assessor: '李敏', results: [], facts: [] },
    }),
  );
const post = (client: Client, step: string, input: object, actor: Actor = worker) =>
  app.call<{ stage: string; detail: string; cites: string[] }>(actor, 'POST', `/persons/${client.person}/${step}`, {
    id: newId(),
    ...input,
  });
const out = { on: '2024-06-10', outcome: 'shelteredJob', effect: 'improved', followUpOn: '2024-09-10' };
const placement = async (client: Client) =>
  (
    await app.admin.query('select until_on::text from placement where person = $1 order by from_on', [client.person])
  ).rows.map(({ until_on }) => until_on);

test('discharge.record: rests on the transfer-out assessment, ends the placement that day, and the site sees the person no longer', async () => {
  const client = await inService();
  await assessed(client, '2024-06-03');
  const basis = await app.call<DischargeBasis>(worker, 'GET', `/persons/${client.person}/discharge`);
  expect(basis.body).toMatchObject({
    name: '陈*远',
    organisationName: '东城街道精康站',
    sessions: 1,
    lastSessionOn: '2024-02-05',
    assessment: { on: '2024-06-03' },
    mayDischarge: true,
    mayResume: false,
  });
  expect(await post(client, 'discharge', out)).toMatchObject({ status: 200, body: { stage: 'discharged' } });
  const file = await app.admin.query('select stage, ended_on::text, outcome from file where person = $1', [
    client.person,
  ]);
  expect(file.rows).toEqual([{ stage: 'discharged', ended_on: '2024-06-10', outcome: 'shelteredJob' }]);
  expect(await placement(client)).toEqual(['2024-01-20', '2024-06-10']);
  expect((await app.call(worker, 'GET', `/persons/${client.person}/discharge`)).code).toBe('notFound');
  expect((await post(client, 'discharge', out, clerk)).code).toBe('stageNotAllowed');
});

test('discharge.record: wrong role, other areas, and each refusal', async () => {
  const client = await inService();
  expect((await post(client, 'discharge', out, anActor('federation'))).code).toBe('roleNotAllowed');
  expect((await post(client, 'discharge', out, neighbour)).code).toBe('notFound');
  expect((await post(client, 'discharge', out, otherWorker)).code).toBe('notFound');
  const missing = await post(client, 'discharge', out);
  expect(missing).toMatchObject({ code: 'assessmentMissing', body: { cites: ['BZ-16'] } });
  await assessed(client, '2024-06-11');
  expect((await post(client, 'discharge', out)).code).toBe('assessmentMissing');
  expect((await post(client, 'discharge', { ...out, on: '2024-02-04' })).code).toBe('beforeStart');
  expect((await post(client, 'discharge', { ...out, on: '2024-06-12', followUpOn: '2024-06-12' })).code).toBe(
    'followUpTooEarly',
  );
  expect((await post(client, 'discharge', { ...out, on: '2024-11-15', followUpOn: undefined })).code).toBe('inFuture');
  await app.record(...client.session(site.id, '2024-07-01').drafts.slice(-1));
  expect((await post(client, 'discharge', { ...out, on: '2024-06-12' })).code).toBe('sessionsAfter');
});

test('discharge.record: an assessment of an earlier episode does not count', async () => {
  const first = await inService();
  await assessed(first, '2024-03-01');
  await app.record(...first.discharged('2024-03-02').drafts.slice(-1));
  const again = first.applied('2024-04-01').registered('2024-04-02');
  const back = again.referred(site.id, '2024-04-03').accepted(site.id, '2024-04-04');
  await app.record(...back.drafts.slice(first.drafts.length));
  expect((await post(back, 'discharge', out)).code).toBe('assessmentMissing');
});

test('service.suspend, service.resume: there and back, each refusal', async () => {
  const client = await inService();
  const pause = { on: '2024-03-01', reason: 'hospital' };
  expect((await post(client, 'suspend', pause, anActor('health'))).code).toBe('roleNotAllowed');
  expect((await post(client, 'suspend', pause, neighbour)).code).toBe('notFound');
  expect((await post(client, 'suspend', { ...pause, on: '2024-02-04' })).code).toBe('beforeStart');
  expect((await post(client, 'suspend', { ...pause, on: '2024-11-15' })).code).toBe('inFuture');
  expect((await post(client, 'resume', { on: '2024-03-01' })).code).toBe('stageNotAllowed');
  expect(await post(client, 'suspend', pause)).toMatchObject({ status: 200, body: { stage: 'suspended' } });
  expect((await post(client, 'suspend', pause)).code).toBe('stageNotAllowed');
  expect((await post(client, 'resume', { on: '2024-02-20' })).code).toBe('beforeStart');
  expect((await post(client, 'resume', { on: '2024-04-01' }, neighbour)).code).toBe('notFound');
  expect((await post(client, 'resume', { on: '2024-04-01' }, anActor('health'))).code).toBe('roleNotAllowed');
  expect(await post(client, 'resume', { on: '2024-04-01' })).toMatchObject({
    status: 200,
    body: { stage: 'inService' },
  });
});

test('file.close: each reason ends the file; each refusal', async () => {
  for (const reason of ['moved', 'died', 'closed', 'declined']) {
    const client = await inService();
    expect(await post(client, 'close', { on: '2024-05-01', reason }, clerk)).toMatchObject({ body: { stage: reason } });
    expect((await placement(client)).at(-1)).toBe('2024-05-01');
    expect((await post(client, 'close', { on: '2024-05-02', reason }, clerk)).code).toBe('stageNotAllowed');
  }
  const client = await inService();
  const closing = { on: '2024-05-01', reason: 'moved' };
  expect((await post(client, 'close', closing, anActor('finance'))).code).toBe('roleNotAllowed');
  expect((await post(client, 'close', closing, neighbour)).code).toBe('notFound');
  expect((await post(client, 'close', { ...closing, on: '2024-02-01' })).code).toBe('beforeStart');
  expect((await post(client, 'close', { ...closing, on: '2024-11-15' })).code).toBe('inFuture');
  await app.record(...client.session(site.id, '2024-07-01').drafts.slice(-1));
  expect((await post(client, 'close', closing)).code).toBe('sessionsAfter');
});

test('file.close: pushes the file of somebody who moved to the office of the other county, which alone reads it there', async () => {
  const client = await inService();
  const close = (input: object, actor: Actor = worker) =>
    app.call<{ detail: string; code: string; fields: object; pushed: { county: string; receiptNumber: string } }>(
      actor,
      'POST',
      `/persons/${client.person}/close`,
      { id: newId(), on: '2024-05-06', reason: 'moved', note: '随女儿居住', ...input },
    );
  const push = { agreed: true };
  expect((await close({ division: '511902002', push })).body).toMatchObject({ code: 'sameCounty', cites: ['BZ-13'] });
  expect((await close({ division: '511903999', push })).body).toMatchObject({ code: 'townUnknown' });
  expect((await close({ division: '511903', push })).body).toMatchObject({ code: 'townUnknown' });
  expect((await close({ division: '511903001', push: { agreed: false } })).status).toBe(400);
  expect(await placement(client)).toEqual(['2024-01-20', null]);

  const { status, body } = await close({ division: '511903001', push });
  expect(status).toBe(200);
  expect(body.pushed.county).toBe('511903');
  expect((await placement(client)).at(-1)).toBe('2024-05-06');
  const desk = await app.call<{ rows: { application: string; receiptNumber: string; person: string }[] }>(
    neighbour,
    'GET',
    '/applications?status=open',
  );
  const received = desk.body.rows.find(({ receiptNumber }) => receiptNumber === body.pushed.receiptNumber);
  expect(received).toMatchObject({ town: '511903001', route: 'other' });
  const timeline = (actor: Actor, person: string) =>
    app.call<{ rows: { type: string; words: string }[] }>(actor, 'GET', `/persons/${person}/timeline`);
  expect(JSON.stringify((await timeline(neighbour, received?.person ?? '')).body)).toContain('由巴州区推送');
  expect(JSON.stringify((await timeline(clerk, client.person)).body)).toContain('档案已推送到');
  expect((await timeline(neighbour, client.person)).status).toBe(404);
  expect((await timeline(clerk, received?.person ?? '')).status).toBe(404);
  const facts = await app.admin.query(
    `select kind, happened_on::text, value, source from fact where person = $1 and source <> 'application' order by kind`,
    [received?.person],
  );
  const before = await app.admin.query(
    `select distinct on (kind) kind, happened_on::text, value, source from fact where person = $1 order by kind, happened_on desc, entry desc, position desc`,
    [client.person],
  );
  expect(facts.rows).toEqual(before.rows.filter(({ source }) => source !== 'application'));
});
