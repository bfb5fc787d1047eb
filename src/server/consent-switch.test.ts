// Consent as a switch: with its withdrawal or its last day an organisation sees nothing more, by any operation; signing anew brings it back.
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { z } from 'zod';
import { assessmentRecorded } from '../assessment/assessment.ts';
import { consentSigned } from '../care/agreement.ts';
import { replayJournal } from '../kernel/archive-replay.ts';
import { personSubject } from '../kernel/entry.ts';
import { accessRows } from './access-guide.ts';
import { smallestInput } from './access-input.fixtures.ts';
import { type Answer, sendTo } from './access-request.fixtures.ts';
import { anActor, newId, openTestApp } from './app.fixtures.ts';
import { aClient, anOrganisation, type Client } from './client.fixtures.ts';
import { contract } from './contract.ts';

const app = await openTestApp();
const county = '511902';
const hospital = anOrganisation('hospital', { name: '巴州医院' });
const office = anActor('civilAffairs');
const health = anActor('health');
beforeAll(() => app.record(hospital.draft));
/** Each test has a site of its own, so that nobody of another test is seen there. */
let site = anOrganisation('site');
let worker = anActor('site');
beforeEach(() => {
  site = anOrganisation('site', { name: `站点${newId()}` });
  worker = anActor('site', { organisation: site.id });
  return app.record(site.draft);
});

const identity = { name: '端木寒松', idNumber: '511902198503070417', phone: '13919020417', address: '金丝雀巷七号' };
const facts = [{ kind: 'diagnosis', on: '2024-01-20', value: { code: 'F20.417' }, source: 'health' } as const];
const served = async (consent: object = {}): Promise<Client> => {
  const client = aClient({ identity, facts }).registered('2024-02-01').accepted(site.id, '2024-03-01');
  const about = () => ({ id: newId(), county, on: '2024-03-02', subjects: [personSubject(client.person)] });
  const signed = { signedBy: 'both' as const, signer: '闻人素琴', fromOn: '2024-03-02', version: '2024-1' };
  await app.record(
    ...client.drafts,
    consentSigned.draft({
      ...about(),
      body: { ...signed, purposes: ['service', 'record'], recipients: ['provider'], ...consent },
    }),
    assessmentRecorded.draft({
      ...about(),
      body: { kind: 'baseline', assessor: '钟离评估', results: [], facts: [] },
    }),
    ...client.withPapers(site.id, '2024-03-02', ['agreement', 'plan']).drafts.slice(-2),
    ...client.session(site.id, '2024-03-10').drafts.slice(-1),
  );
  return client;
};
const consentOf = async ({ person }: Client): Promise<string> => {
  const { rows } = await app.admin.query('select id from consent where person = $1', [person]);
  return rows[0].id;
};
const hidden = ['端木寒松', '13919020417', '金丝雀巷七号', 'F20.417', '闻人素琴', '钟离评估', '独立做饭'];

/** Every operation open to the site, each naming whom it can. */
const walk = async (client: Client, writes: boolean): Promise<{ name: string; answer: Answer; told: string[] }[]> => {
  const known = {
    ...{ person: client.person, other: client.person, referral: client.idOf('referral.send'), site: site.id },
    ...{ organisation: site.id, county, area: county, town: '511902001', division: '511902001', scope: county },
    ...{ consent: await consentOf(client), application: client.idOf('application.submit'), search: identity.name },
    ...{ session: newId(), assessment: newId(), visit: newId(), report: newId(), list: newId(), staff: newId() },
    ...{ account: newId(), opening: newId() },
  };
  const found = [];
  for (const row of accessRows(contract)) {
    const { roles } = row.meta;
    if (row.meta.writes !== writes || roles === 'anyone' || roles === 'signedIn' || !roles.includes('site')) continue;
    const schema = row.operation['~orpc'].inputSchema as z.ZodType;
    const { input } = smallestInput(schema, known, { id: newId, naming: true, strangers: true });
    const answer = await sendTo(app, { row, actor: worker, input: input as Record<string, unknown> });
    const told = hidden.filter((text) => answer.text.includes(text) && !JSON.stringify(input).includes(text));
    if (!writes || JSON.stringify(input).includes(client.person)) found.push({ name: row.meta.name, answer, told });
  }
  return found;
};
const fileOf = (client: Client, actor = worker) =>
  app.call<{ detail: string; endedOn: string | null; next: { step: string; by: string } }>(
    actor,
    'GET',
    `/persons/${client.person}`,
  );
const withdraw = async (client: Client, on: string) =>
  app.call(worker, 'POST', `/consents/${await consentOf(client)}/withdraw`, { id: newId(), on, reason: '不愿再来' });
const signAnew = (client: Client, change: object = {}, actor = office) =>
  app.call(actor, 'POST', `/persons/${client.person}/consents`, {
    ...{ id: newId(), on: '2024-11-14', signedBy: 'client', signer: '端木寒松', fromOn: '2024-11-14' },
    ...{ version: '2024-1', purposes: ['service', 'record'], recipients: ['provider'], ...change },
  });

/** Nothing of the person for the site; the county as before. */
const expectOut = async (client: Client): Promise<void> => {
  const read = await walk(client, false);
  expect(read.filter(({ told }) => told.length > 0).map(({ name, told }) => `${name}: ${told}`)).toEqual([]);
  // By its masked name in the site's own work, and in what it has to stop.
  const naming = read.filter(({ answer }) => answer.text.includes('端**松')).map(({ name }) => name);
  expect(naming.filter((name) => !['session.month', 'session.exportMonth', 'worklist.get'].includes(name))).toEqual([]);
  const written = await walk(client, true);
  expect(written.length).toBeGreaterThan(8);
  expect(written.filter(({ answer }) => answer.status < 400).map(({ name }) => name)).toEqual([]);
  expect(await fileOf(client)).toMatchObject({ status: 403, code: 'consentMissing' });
  for (const actor of [office, health, anActor('hospital', { organisation: hospital.id })])
    expect((await fileOf(client, actor)).status).toBe(200);
};

test('a withdrawal: the site is out at once by every read and write, the county stays, signing anew brings the site back', async () => {
  const client = await served();
  expect((await walk(client, false)).filter(({ told }) => told.length > 0).length).toBeGreaterThanOrEqual(5);
  expect((await withdraw(client, '2024-11-14')).body).toEqual({ stage: 'suspended' });
  await expectOut(client);
  const { body } = await fileOf(client, office);
  expect(body).toMatchObject({ endedOn: '2024-11-14', next: { step: 'consent', by: 'civilAffairs' } });
  const resume = () =>
    app.call(office, 'POST', `/persons/${client.person}/resume`, {
      id: newId(),
      person: client.person,
      on: '2024-11-14',
    });
  expect((await resume()).code).toBe('consentMissing');
  const push = { reason: 'moved', division: '511903001', push: { agreed: true } };
  const close = await app.call(office, 'POST', `/persons/${client.person}/close`, {
    id: newId(),
    on: '2024-11-14',
    ...push,
  });
  expect(close.code).toBe('consentMissing');

  expect((await signAnew(client)).status).toBe(200);
  expect((await fileOf(client)).body).toMatchObject({ endedOn: null, next: { step: 'resume' } });
  expect((await resume()).status).toBe(200);
});

test('the last day is the last day of sight, by the clock of the request and with no job', async () => {
  const client = await served({ untilOn: '2024-11-14' });
  expect((await fileOf(client)).status).toBe(200);
  app.clock.set('2024-11-15', '00:00');
  await expectOut(client);
  const session = {
    ...{ id: newId(), organisation: site.id, kind: 'individual', domain: 'lifeSkills', standardized: true },
    ...{ startAt: '09:00', minutes: 60, leader: '李敏', persons: [client.person], on: '2024-11-15' },
  };
  for (const actor of [worker, office])
    expect((await app.call(actor, 'POST', '/sessions', session)).code).toBe('consentMissing');
  // What was done while it lasted may still be entered late, by the county.
  expect(
    (await app.call(office, 'POST', '/sessions', { ...session, id: newId(), on: '2024-11-13' })).code,
  ).toBeUndefined();
  expect((await signAnew(client, { on: '2024-11-15', fromOn: '2024-11-15' })).status).toBe(200);
  expect((await fileOf(client)).status).toBe(200);
  app.clock.set('2024-11-14');
});

test('before the first consent the site sees whom it accepted; two consents: the one that stands is enough', async () => {
  const accepted = aClient({ identity }).registered('2024-02-01').accepted(site.id, '2024-03-01');
  await app.record(...accepted.drafts);
  expect((await fileOf(accepted)).status).toBe(200);
  const client = await served();
  expect((await signAnew(client)).status).toBe(200);
  const first = await consentOf(client);
  await app.call(worker, 'POST', `/consents/${first}/withdraw`, { id: newId(), on: '2024-11-14', reason: '重复登记' });
  expect((await fileOf(client)).status).toBe(200);
});

test('work lists: the site and the office are told a month ahead, and whom to stop serving', async () => {
  const ending = await served({ untilOn: '2024-12-10' });
  const gone = await served();
  await withdraw(gone, '2024-11-14');
  const rowsOf = async (actor: typeof office, kind: string) =>
    (
      await app.call<{ rows: { key: string; name: string; link: { path: string } }[] }>(
        actor,
        'GET',
        `/worklist/${kind}`,
      )
    ).body.rows;
  for (const actor of [worker, office]) {
    expect((await rowsOf(actor, 'consentEnding')).map(({ key }) => key)).toEqual([ending.person]);
    expect((await rowsOf(actor, 'consentEnded')).find(({ key }) => key === gone.person)).toMatchObject({
      name: '端**松',
      link: { path: actor === office ? `/persons/${gone.person}` : '/sessions' },
    });
  }
});

test('a referral to another handler that neither consent nor application names is refused (PIPL 23)', async () => {
  const client = aClient().registered('2024-02-01');
  await app.record(...client.drafts);
  const send = (change: object) =>
    app.call(office, 'POST', '/referrals', {
      ...{ id: newId(), person: client.person, on: '2024-11-01', organisation: hospital.id, reason: 'clientWish' },
      ...change,
    });
  expect(await send({})).toMatchObject({ code: 'consentMissing', body: { fields: { agreedBy: expect.anything() } } });
  expect((await send({ agreedBy: 'client' })).status).toBe(200);
});

test('replaying the journal gives equal tables', async () => {
  expect((await replayJournal(app.database, app.journal, { check: true })).differing).toEqual([]);
});
