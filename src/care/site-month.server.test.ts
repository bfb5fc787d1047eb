// The month of a site over HTTP: its counts, its workbook, who is short of what, and what of a session counts as standardized.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readSheet } from '../kernel/sheet.ts';
import type { CellValue } from '../kernel/sheet-cell.ts';
import { anActor, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation, type Client } from '../server/client.fixtures.ts';
import type { SessionView, SiteMonth } from './session.api.ts';
import { aSessionInput } from './session.fixtures.ts';

const app = await openTestApp();
const site = anOrganisation('site', { name: '东城街道精康站' });
const otherSite = anOrganisation('site', { name: '西城街道精康站', division: '511902002' });
const worker = anActor('site', { organisation: site.id });
const otherWorker = anActor('site', { organisation: otherSite.id, user: 'other' });
const neighbour = anActor('civilAffairs', { scope: '511903' });

const named = (name: string): Client => aClient({ identity: { name } }).registered('2024-01-10');
const ready = (name: string): Client => named(name).accepted(site.id, '2024-01-20').withPapers(site.id, '2024-01-25');
const [zhang, li, wang] = [ready('张建国'), ready('李秀英'), ready('王芳')];
const unsigned = named('赵无纸').accepted(site.id, '2024-01-20').withPapers(site.id, '2024-01-25', ['agreement']);

beforeAll(() =>
  app.record(site.draft, otherSite.draft, ...[zhang, li, wang, unsigned].flatMap((client) => client.drafts)),
);

const record = (change: object = {}) => {
  const input = aSessionInput({
    kind: 'individual',
    organisation: site.id,
    persons: [zhang.person],
    absent: [],
    ...change,
  });
  return app.call<{ session: string }>(worker, 'POST', '/sessions', input);
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

test('session.month and its workbook: counts, who is short of what', async () => {
  await record({ on: '2024-10-08', kind: 'group', persons: [zhang.person, li.person] });
  await record({ on: '2024-10-09', standardized: false, domain: 'peerSupport' });
  await record({ on: '2024-10-10' });
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
    const { body } = await app.call<{ session: string }>(
      actor,
      'POST',
      '/sessions',
      aSessionInput({ ...own, ...change }),
    );
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
  const corrected = { ...aSessionInput({ ...own, standardized: false, startAt: '11:00' }), session: lecture };
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
  const { body } = await record({ standardized: false, startAt: '16:00' });
  const chosen = await app.call<SessionView>(worker, 'GET', `/sessions/${body.session}`);
  expect(chosen.body).toMatchObject({ standardized: false });
});
