// Sessions over HTTP: the roll-call that is recorded, each refusal, corrections and voids, and what the month of a site shows.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { Actor } from '../kernel/access.ts';
import { personSubject } from '../kernel/entry.ts';
import { readSheet } from '../kernel/sheet.ts';
import type { CellValue } from '../kernel/sheet-cell.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation, type Client } from '../server/client.fixtures.ts';
import { serviceSuspended } from './discharge.ts';
import type { Roster, SessionView, SiteMonth } from './session.api.ts';

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

const aSession = (change: object = {}) => ({
  id: newId(),
  on: '2024-03-04',
  organisation: site.id,
  kind: 'group',
  domain: 'socialSkills',
  standardized: true,
  startAt: '09:00',
  minutes: 60,
  leader: '李敏',
  persons: [zhang.person, li.person],
  absent: [wang.person],
  ...change,
});
const record = (change: object = {}, actor: Actor = worker) => app.call(actor, 'POST', '/sessions', aSession(change));
const recorded = async (change: object = {}): Promise<string> => {
  const reply = await app.call<{ session: string }>(worker, 'POST', '/sessions', aSession(change));
  expect(reply).toMatchObject({ status: 200 });
  return reply.body.session;
};
const textOf = (cell: CellValue): string =>
  cell !== null && typeof cell === 'object' ? (cell.day ?? cell.raw) : String(cell ?? '');
const rowsOf = async (workbook: Buffer): Promise<string[][]> => {
  const folder = mkdtempSync(join(tmpdir(), 'kangtu-'));
  try {
    writeFileSync(join(folder, 'month.xlsx'), workbook);
    const rows: string[][] = [];
    for await (const row of readSheet(join(folder, 'month.xlsx'))) rows.push(row.cells.map(textOf));
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
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

test('session.month and its workbook: counts, who is short of what', async () => {
  await recorded({ on: '2024-10-08', persons: [zhang.person, li.person], absent: [] });
  await recorded(alone(zhang.person, { on: '2024-10-09', standardized: false, domain: 'peerSupport' }));
  await recorded(alone(zhang.person, { on: '2024-10-10' }));
  const path = `/organisations/${site.id}/months/2024-10`;
  const { body } = await app.call<SiteMonth>(worker, 'GET', path);
  expect(body).toMatchObject({ running: false, sessionsHeld: 3, rule: { sessionsPerMonth: 1, clause: ['BZ-02'] } });
  const row = (client: Client) => body.rows.find(({ person }) => person === client.person);
  expect(row(zhang)).toMatchObject({
    name: '张*国',
    sessions: 3,
    standardized: 2,
    other: 1,
    minutes: 180,
    lastOn: '2024-10-10',
    planned: 4,
    shortOfRule: 0,
    shortOfPlan: 1,
  });
  expect(row(wang)).toMatchObject({ sessions: 0, shortOfRule: 1, shortOfPlan: 4, lastOn: null });
  expect(row(unsigned)).toMatchObject({ shortOfRule: 1, planned: null, shortOfPlan: null });
  const january = await app.call<SiteMonth>(worker, 'GET', `/organisations/${site.id}/months/2024-01`);
  expect(january.body.rows.find(({ person }) => person === zhang.person)).toMatchObject({ shortOfRule: null });
  expect((await app.call<SiteMonth>(neighbour, 'GET', path)).body.rows).toEqual([]);
  expect((await app.call(otherWorker, 'GET', path)).code).toBe('otherOrganisation');
  expect((await app.call(anActor('finance'), 'GET', path)).code).toBe('roleNotAllowed');
  expect((await app.call(anActor('finance'), 'POST', `${path}/sheet`, { purpose: '核对' })).code).toBe(
    'roleNotAllowed',
  );
  const file = await app.http.inject({
    method: 'POST',
    url: `/api${path}/sheet`,
    headers: { 'x-test-actor': encodeURIComponent(JSON.stringify(worker)) },
    payload: { purpose: '核对次数' },
  });
  expect(decodeURIComponent(String(file.headers['content-disposition']))).toContain(
    '东城街道精康站2024-10康复服务台账.xlsx',
  );
  const cells = await rowsOf(file.rawPayload);
  const ledger = cells.filter((row) => row.includes('同伴支持'));
  expect(ledger).toEqual([expect.arrayContaining(['2024-10-09', '09:00', '张*国', '个别', '其他服务', '李敏'])]);
  expect(cells.filter((row) => row[0] === '张*国')).toEqual([
    ['张*国', '服务中', '3', '2', '1', '180', '2024-10-10', '4', '0', '1'],
  ]);
});

test('a site that serves somebody no more sees its own sessions of them, by masked name, and nothing that came after', async () => {
  const left = named('吴离开')
    .accepted(site.id, '2024-01-20')
    .session(site.id, '2024-05-06')
    .discharged('2024-05-20')
    .applied('2024-06-01')
    .registered('2024-06-02')
    .accepted(otherSite.id, '2024-06-03')
    .session(otherSite.id, '2024-05-30');
  await app.record(...left.drafts);
  const path = `/organisations/${site.id}/months/2024-05`;
  const { body } = await app.call<SiteMonth>(worker, 'GET', path);
  const row = body.rows.find(({ person }) => person === left.person);
  expect(row).toMatchObject({ name: '吴*开', stage: null, sessions: 1, lastOn: '2024-05-06', planned: null });
  expect((await app.call(worker, 'GET', `/persons/${left.person}`)).code).toBe('notFound');
  expect((await app.call(worker, 'GET', `/persons/${left.person}/sessions`)).code).toBe('notFound');
});

test('where the document counts other services apart, what is standardized follows from the service (SY-06, SY-07)', async () => {
  const [county, town] = ['331124', '331124001'];
  const here = anOrganisation('site', { division: town, name: '西屏街道康复站' });
  const client = aClient({ county, town })
    .registered('2024-01-10')
    .accepted(here.id, '2024-01-20')
    .withPapers(here.id, '2024-01-25');
  await app.record(here.draft, ...client.drafts);
  const actor = anActor('site', { scope: town, organisation: here.id });
  const own = { organisation: here.id, kind: 'individual', persons: [client.person], absent: [] };
  const held = async (change: object) => {
    const { body } = await app.call<{ session: string }>(actor, 'POST', '/sessions', aSession({ ...own, ...change }));
    return body.session;
  };
  // Neither choice of the sender counts.
  const training = await held({ standardized: false, startAt: '09:00' });
  const lecture = await held({ standardized: true, service: 'lecture', startAt: '11:00' });
  await held({ standardized: true, service: 'peerSupport', startAt: '14:00' });
  const get = async (id: string) => (await app.call<SessionView>(actor, 'GET', `/sessions/${id}`)).body;
  expect([await get(training), await get(lecture)]).toMatchObject([
    { standardized: true },
    { standardized: false, service: 'lecture' },
  ]);
  const month = await app.call<SiteMonth>(actor, 'GET', `/organisations/${here.id}/months/2024-03`);
  expect(month.body).toMatchObject({
    rows: [{ sessions: 3, standardized: 1, other: 2 }],
    services: [
      { service: 'lecture', sessions: 1 },
      { service: 'peerSupport', sessions: 1 },
    ],
  });
  const corrected = { ...aSession({ ...own, standardized: false, startAt: '11:00' }), session: lecture };
  expect((await app.call(actor, 'POST', `/sessions/${lecture}/correct`, corrected)).status).toBe(200);
  expect(await get(lecture)).toMatchObject({ standardized: true });
  const tallies = await app.admin.query(
    `select part, count from tally where subject = $1 and type = 'session.record' and count > 0 order by part`,
    [client.person],
  );
  expect(tallies.rows.map(({ part, count }) => `${part} ${count}`)).toEqual([
    ' 3',
    'other 1',
    'service.peerSupport 1',
    'socialSkills 3',
    'standardized 2',
  ]);
  // Bazhong's document knows no such service, and leaves the choice.
  expect((await record({ service: 'lecture' })).code).toBe('serviceUnknown');
  const chosen = await view(await recorded({ standardized: false, startAt: '16:00' }));
  expect(chosen.body).toMatchObject({ standardized: false });
});
