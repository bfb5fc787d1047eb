// Sessions over HTTP: the roll-call that is recorded, each refusal, corrections and voids, and who stands on the roster.
import { beforeAll, expect, test } from 'vitest';
import type { Actor } from '../kernel/access.ts';
import { personSubject } from '../kernel/entry.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation, type Client } from '../server/client.fixtures.ts';
import { serviceSuspended } from './discharge.ts';
import type { Roster, SessionView } from './session.api.ts';
import { aSessionInput } from './session.fixtures.ts';

const app = await openTestApp();
const site = anOrganisation('site', { name: '东城街道精康站' });
const otherSite = anOrganisation('site', { name: '西城街道精康站', division: '511902002' });
const worker = anActor('site', { organisation: site.id });
const otherWorker = anActor('site', { organisation: otherSite.id, user: 'other' });
const clerk = anActor('civilAffairs');
const neighbour = anActor('civilAffairs', { scope: '511903' });

const named = (name: string): Client => aClient({ identity: { name } }).registered('2024-01-10');
const ready = (name: string): Client => named(name).accepted(site.id, '2024-01-20').withPapers(site.id, '2024-01-25');
const [zhang, li, wang] = [ready('张建国'), ready('李秀英'), ready('王芳')];
const unsigned = named('赵无纸').accepted(site.id, '2024-01-20').withPapers(site.id, '2024-01-25', ['agreement']);
const elsewhere = named('钱在西').accepted(otherSite.id, '2024-01-20').withPapers(otherSite.id, '2024-01-25');
const queueing = named('孙等候').referred(site.id, '2024-01-20').queued(site.id, '2024-01-22');
const halted = ready('周暂停').session(site.id, '2024-02-01');
const suspension = serviceSuspended.draft({
  id: newId(),
  county: halted.county,
  on: '2024-02-02',
  subjects: [personSubject(halted.person)],
  body: { reason: 'family' },
});

beforeAll(() =>
  app.record(
    site.draft,
    otherSite.draft,
    ...[zhang, li, wang, unsigned, elsewhere, queueing, halted].flatMap((client) => client.drafts),
    suspension,
  ),
);

const aSession = (change: object = {}) =>
  aSessionInput({ organisation: site.id, persons: [zhang.person, li.person], absent: [wang.person], ...change });

const record = (change: object = {}, actor: Actor = worker) => app.call(actor, 'POST', '/sessions', aSession(change));
const recorded = async (change: object = {}): Promise<string> => {
  const reply = await app.call<{ session: string }>(worker, 'POST', '/sessions', aSession(change));
  expect(reply).toMatchObject({ status: 200 });
  return reply.body.session;
};
const view = (session: string, actor: Actor = worker) => app.call<SessionView>(actor, 'GET', `/sessions/${session}`);
const alone = (person: string, change: object = {}) => ({
  kind: 'individual',
  persons: [person],
  absent: [],
  ...change,
});

test('session.record: a roll-call is kept once, however often it is sent', async () => {
  const input = aSession({ on: '2024-03-01', title: '菜场购物', note: '天气好' });
  const first = await app.call(worker, 'POST', '/sessions', input);
  expect(first.body).toEqual({ session: input.id, attended: 2, warnings: [] });
  expect(await app.call(worker, 'POST', '/sessions', input)).toEqual(first);
  const seen = await view(input.id);
  expect(seen.body).toMatchObject({
    status: 'standing',
    on: '2024-03-01',
    title: '菜场购物',
    organisation: { name: '东城街道精康站' },
    unseen: 0,
    daysLate: 258,
    mayChange: true,
  });
  expect(seen.body.persons.map(({ name }) => name).sort()).toEqual(['张建国', '李秀英'].sort());
  expect(seen.body.absent).toEqual([{ id: wang.person, name: '王芳' }]);
  const { rows } = await app.admin.query('select person from attendance where session = $1', [input.id]);
  expect(rows.map(({ person }) => person).sort()).toEqual([zhang.person, li.person].sort());
  const { rows: files } = await app.admin.query('select stage, in_service_on::text from file where person = $1', [
    li.person,
  ]);
  expect(files[0]).toEqual({ stage: 'inService', in_service_on: '2024-03-01' });
});

test('session.record: wrong role, another organisation, other areas', async () => {
  expect((await record({}, anActor('health'))).code).toBe('roleNotAllowed');
  expect((await record({ organisation: otherSite.id })).code).toBe('otherOrganisation');
  expect((await record({}, neighbour)).code).toBe('notFound');
  expect((await record({ organisation: otherSite.id }, otherWorker)).code).toBe('notFound');
});

test('session.record: each refusal, naming who', async () => {
  const problem = async (change: object, actor: Actor = worker) => {
    const reply = await app.call<{ code: string; detail: string; cites: string[] }>(
      actor,
      'POST',
      '/sessions',
      aSession({ absent: [], ...change }),
    );
    expect(reply.status).toBeGreaterThanOrEqual(400);
    return reply.body;
  };
  const papers = await problem({ persons: [zhang.person, unsigned.person] });
  expect(papers).toMatchObject({ code: 'papersMissing', cites: ['BZ-14'] });
  expect(papers.detail).toContain('赵无纸（知情同意书）');
  expect(papers.detail).not.toContain('张建国');
  // Papers were signed on 2024-01-25, after acceptance.
  expect(await problem({ on: '2024-01-24' })).toMatchObject({ code: 'papersMissing' });
  expect(await problem({ on: '2024-01-19' })).toMatchObject({ code: 'beforeStart' });
  expect(await problem({ on: '2024-11-15' })).toMatchObject({ code: 'inFuture' });
  expect(await problem({ persons: [elsewhere.person] }, clerk)).toMatchObject({ code: 'notAtSite' });
  expect(await problem({ persons: [queueing.person] }, clerk)).toMatchObject({ code: 'notAtSite' });
  const suspended = await problem({ persons: [zhang.person, halted.person] });
  expect(suspended).toMatchObject({ code: 'stageNotAllowed', detail: expect.stringContaining('周暂停（暂停服务）') });
  expect(await problem({ kind: 'individual' })).toMatchObject({ code: 'tooMany' });
  expect(await problem({ persons: Array.from({ length: 61 }, newId) })).toMatchObject({ code: 'tooMany' });
  expect(await problem({ persons: [zhang.person, zhang.person] })).toMatchObject({ code: 'namedTwice' });
  expect(await problem({ absent: [zhang.person] })).toMatchObject({ code: 'namedTwice' });
});

test('session.record: someone who is elsewhere in the same minutes is named until confirmed; a session right after is none', async () => {
  await recorded(alone(zhang.person, { on: '2024-04-01', startAt: '09:00', minutes: 60 }));
  await recorded({ on: '2024-04-01', startAt: '10:00' });
  const clash = { on: '2024-04-01', startAt: '09:30', persons: [zhang.person, wang.person], absent: [] };
  const refused = await record(clash);
  expect(refused).toMatchObject({ status: 409, code: 'overlap' });
  expect(JSON.stringify(refused.body)).toContain('张建国');
  expect(JSON.stringify(refused.body)).not.toContain('王芳');
  const kept = await app.call<{ warnings: string[] }>(
    worker,
    'POST',
    '/sessions',
    aSession({ ...clash, overlapConfirmed: true }),
  );
  expect(kept.body.warnings).toHaveLength(1);
});

test('session.correct: replaces day and roll-call under the same session; each refusal', async () => {
  const session = await recorded({ on: '2024-05-06' });
  const correction = (change: object = {}, actor: Actor = worker) =>
    app.call(actor, 'POST', `/sessions/${session}/correct`, aSession({ on: '2024-05-06', ...change }));
  // Who was marked absent came after all.
  expect(await correction({ persons: [zhang.person, wang.person], absent: [li.person] })).toMatchObject({
    status: 200,
  });
  expect(await correction({ on: '2024-05-07', persons: [zhang.person, wang.person], absent: [] })).toMatchObject({
    status: 200,
  });
  const seen = (await view(session)).body;
  expect(seen).toMatchObject({ status: 'corrected', on: '2024-05-07' });
  expect(seen.versions.map(({ act }) => act)).toEqual(['record', 'correct', 'correct']);
  expect(seen.persons.map(({ id }) => id).sort()).toEqual([zhang.person, wang.person].sort());
  const tally = await app.admin.query(
    `select subject, sum(count)::int as count from tally where type = 'session.record' and part = '' and month = '2024-05' group by 1 having sum(count) > 0`,
  );
  expect(tally.rows.map(({ subject }) => subject).sort()).toEqual([zhang.person, wang.person].sort());
  expect((await correction({ persons: [unsigned.person], absent: [] })).code).toBe('papersMissing');
  expect((await correction({ persons: [halted.person], absent: [] })).code).toBe('stageNotAllowed');
  expect((await correction({ on: '2024-01-19', persons: [zhang.person], absent: [] })).code).toBe('beforeStart');
  expect((await correction({}, anActor('federation'))).code).toBe('roleNotAllowed');
  expect((await correction({}, neighbour)).code).toBe('notFound');
  expect((await correction({ organisation: otherSite.id }, otherWorker)).code).toBe('notFound');
});

test('session.correct: who has left since then stays as recorded', async () => {
  const leaver = ready('郑转出');
  await app.record(...leaver.drafts);
  const session = await recorded({ on: '2024-05-20', persons: [zhang.person, leaver.person], absent: [] });
  await app.record(...leaver.discharged('2024-06-03').drafts.slice(-1));
  expect((await view(session)).body).toMatchObject({ unseen: 1 });
  const corrected = await app.call(
    worker,
    'POST',
    `/sessions/${session}/correct`,
    aSession({ on: '2024-05-20', minutes: 90, persons: [zhang.person], absent: [] }),
  );
  expect(corrected.body).toMatchObject({ attended: 2 });
  const { rows } = await app.admin.query('select minutes from attendance where session = $1 and person = $2', [
    session,
    leaver.person,
  ]);
  expect(rows).toEqual([{ minutes: 90 }]);
});

test('session.get: names who recorded and corrected it, not their accounts', async () => {
  const account = {
    id: newId(),
    username: 'zhou.kangfu',
    name: '周康复',
    role: 'site',
    organisation: site.id,
    scope: '511902',
    password: 'A-long-passw0rd-7',
  };
  expect((await app.call(anActor('systemAdmin'), 'POST', '/accounts', account)).status).toBe(200);
  const zhou = anActor('site', { organisation: site.id, user: account.username });
  const session = await recorded({ on: '2024-06-12' });
  const change = { ...aSession({ on: '2024-06-12', minutes: 45 }), session };
  expect((await app.call(zhou, 'POST', `/sessions/${session}/correct`, change)).status).toBe(200);
  expect((await view(session)).body.versions.map(({ actor }) => actor)).toEqual([worker.user, '周康复']);
});

test('session.void: takes the session out of every count, says why, and cannot be done twice', async () => {
  const session = await recorded({ on: '2024-07-01' });
  const annul = (actor: Actor = worker) =>
    app.call(actor, 'POST', `/sessions/${session}/void`, { id: newId(), reason: '日期登记错误' });
  expect((await annul(anActor('federation'))).code).toBe('roleNotAllowed');
  expect((await annul(neighbour)).code).toBe('notFound');
  expect(await annul()).toMatchObject({ status: 200 });
  expect(await annul()).toMatchObject({ code: 'alreadyReplaced' });
  expect((await view(session)).body).toMatchObject({ status: 'voided', mayChange: false });
  expect((await view(session)).body.versions.at(-1)).toMatchObject({ act: 'void', reason: '日期登记错误' });
  expect((await app.admin.query('select 1 from attendance where session = $1', [session])).rows).toEqual([]);
});

test('session.void: voiding the first session brings the person back to before service', async () => {
  const fresh = ready('吴初次');
  await app.record(...fresh.drafts);
  const session = await recorded(alone(fresh.person, { on: '2024-07-02' }));
  const stage = async () =>
    (await app.admin.query('select stage from file where person = $1', [fresh.person])).rows[0]?.stage;
  expect(await stage()).toBe('inService');
  await app.call(worker, 'POST', `/sessions/${session}/void`, { id: newId(), reason: '并未进行' });
  expect(await stage()).toBe('accepted');
});

test('session.get, session.list: masked for offices, invisible elsewhere', async () => {
  const session = await recorded({ on: '2024-08-01' });
  const office = await view(session, clerk);
  expect(office.body.persons.map(({ name }) => name)).toContain('张*国');
  expect((await view(session, neighbour)).code).toBe('notFound');
  expect((await view(session, otherWorker)).code).toBe('notFound');
  expect((await view(session, anActor('finance'))).code).toBe('roleNotAllowed');
  const list = await app.call(worker, 'GET', `/persons/${zhang.person}/sessions`, { month: '2024-08' });
  expect(list.body).toMatchObject({
    name: '张*国',
    total: 1,
    rows: [{ session, on: '2024-08-01', organisationName: '东城街道精康站', daysLate: 105 }],
  });
  const all = await app.call<{ months: { month: string; sessions: number }[] }>(
    clerk,
    'GET',
    `/persons/${zhang.person}/sessions`,
  );
  expect(all.body.months.find(({ month }) => month === '2024-08')).toEqual({
    month: '2024-08',
    sessions: 1,
    standardized: 1,
    minutes: 60,
  });
  expect((await app.call(neighbour, 'GET', `/persons/${zhang.person}/sessions`)).code).toBe('notFound');
  expect((await app.call(anActor('finance'), 'GET', `/persons/${zhang.person}/sessions`)).code).toBe('roleNotAllowed');
});

test('session.roster: whom the site serves, what they lack, and the group that meets on that weekday first', async () => {
  // Mondays: 2024-09-02, 2024-09-09; Wednesday: 2024-09-04.
  await recorded({
    on: '2024-09-02',
    domain: 'physical',
    title: '八段锦',
    persons: [zhang.person, wang.person],
    absent: [],
  });
  await recorded({ on: '2024-09-04', domain: 'peerSupport', minutes: 45, persons: [li.person], absent: [] });
  const path = `/organisations/${site.id}/roster`;
  const { body } = await app.call<Roster>(worker, 'GET', path, { on: '2024-09-09' });
  expect(body.groups.map(({ domain }) => domain)).toEqual(['physical', 'peerSupport']);
  expect(body.groups[0]).toMatchObject({ title: '八段锦', minutes: 60, lastOn: '2024-09-02' });
  expect([...(body.groups[0]?.persons ?? [])].sort()).toEqual([zhang.person, wang.person].sort());
  const row = (client: Client) => body.persons.find(({ id }) => id === client.person);
  expect(row(zhang)).toMatchObject({ name: '张建国', papersMissing: [], sessionsThisMonth: 1, sessionsOnDay: 0 });
  expect(row(unsigned)).toMatchObject({ papersMissing: ['知情同意书'], hasBaseline: false });
  expect(row(halted)).toMatchObject({ stage: 'suspended' });
  expect(row(elsewhere)).toBeUndefined();
  expect(row(queueing)).toBeUndefined();
  const office = await app.call<Roster>(clerk, 'GET', path);
  expect(office.body.persons.find(({ id }) => id === zhang.person)?.name).toBe('张*国');
  expect((await app.call<Roster>(neighbour, 'GET', path)).body.persons).toEqual([]);
  expect((await app.call(otherWorker, 'GET', path)).code).toBe('otherOrganisation');
  expect((await app.call(anActor('health'), 'GET', path)).code).toBe('roleNotAllowed');
});
