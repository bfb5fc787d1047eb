// Reports over HTTP: figures are frozen when filed, later entries show as drift, and late is late.

import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { refold } from '../kernel/projection.ts';
import { readSheet } from '../kernel/sheet.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { ReportRow } from './report.api.ts';
import type { Report, ReportStatus } from './report.ts';
import { reportFiled } from './report.ts';
import { type Drift, figureColumns } from './report-figures.ts';
import { sheetOfReport } from './report-sheet.server.ts';

const app = await openTestApp();
const site = anOrganisation('site');
const served = aClient()
  .registered('2024-01-10')
  .accepted(site.id, '2024-01-12')
  .withPapers(site.id, '2024-01-15')
  .session(site.id, '2024-05-20')
  .session(site.id, '2024-06-20', { standardized: false });
const left = aClient().registered('2024-01-10').accepted(site.id, '2024-01-31').discharged('2024-03-01');
const queued = aClient({ town: '511902002' })
  .registered('2024-02-01')
  .referred(site.id, '2024-02-02')
  .queued(site.id, '2024-03-15');
await app.record(site.draft, ...[served, left, queued].flatMap(({ drafts }) => drafts));

const county = anActor('civilAffairs');
const city = anActor('civilAffairs', { scope: '5119' });
const other = anActor('civilAffairs', { scope: '511922' });
const text = { goals: '规范服务率稳步提高。', tasks: '完成摸底。', safeguards: '落实经费。' };

interface Opened {
  readonly report: Report;
  readonly status: ReportStatus;
  readonly intact: boolean | null;
  readonly drift: Drift[];
  readonly exact: boolean;
  readonly hidden: string[];
}
const open = (id: string, actor = county) => app.call<Opened>(actor, 'GET', `/reports/${id}`);
const draft = async (period: string, actor = county, scope = '511902') => {
  const id = newId();
  return { id, reply: await app.call<{ report: string }>(actor, 'POST', '/reports', { id, county: scope, period }) };
};
const change = (actor: typeof county, id: string, what: 'figures' | 'file') =>
  app.call<{ hash: string; late: boolean }>(actor, 'POST', `/reports/${id}/${what}`, { id: newId() });
const edit = (id: string, actor = county) => app.call(actor, 'PUT', `/reports/${id}/text`, { id: newId(), text });

test('report.draft → report.edit → report.file: frozen with its hash; a late entry shows as drift and changes nothing', async () => {
  app.clock.set('2024-06-30');
  const { id, reply } = await draft('2024-H1');
  expect(reply.status).toBe(200);
  const drafted = await open(id);
  expect(drafted.body).toMatchObject({
    status: 'due',
    intact: null,
    drift: [],
    report: { asOf: '2024-06-30', dueOn: '2024-06-30' },
  });
  expect(drafted.body.report.figures.total).toMatchObject({
    ...{
      sites: 1,
      newSites: 0,
      listed: 3,
      registered: 2,
      newlyRegistered: 3,
      withAgreement: 1,
      standardized: 0,
      rate: 0,
    },
    ...{
      served: 1,
      sessions: 2,
      standardizedSessions: 1,
      lifeSkills: 2,
      referralsSent: 3,
      referralsInTime: 2,
      referralsLate: 1,
    },
    ...{ waiting: 1, waitingLong: 1, dischargedHome: 1, dischargedOther: 0 },
  });
  expect(drafted.body.report.figures.rows.map(({ area }) => area)).toEqual(['511902001', '511902002']);
  expect((await change(county, id, 'file')).code).toBe('textMissing');
  expect((await edit(id)).status).toBe(200);
  const filed = await change(county, id, 'file');
  expect(filed.body).toMatchObject({ late: false });
  await app.record(...served.session(site.id, '2024-06-28').drafts.slice(-1));
  const after = await open(id);
  // The office that it is filed to has the return as it was filed (BZ-32).
  expect((await open(id, city)).body).toMatchObject({ exact: true, drift: [], report: after.body.report });
  expect(after.body).toMatchObject({
    status: 'filed',
    intact: true,
    report: { filedOn: '2024-06-30', hash: filed.body.hash, text },
  });
  expect(after.body.report.figures).toEqual(drafted.body.report.figures);
  expect(after.body.drift.filter(({ area }) => area === '511902')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ key: 'standardized', filed: 0, now: 1 }),
      expect.objectContaining({ key: 'sessions', filed: 2, now: 3 }),
    ]),
  );
  expect((await edit(id)).code).toBe('alreadyFiled');
  expect((await change(county, id, 'figures')).code).toBe('alreadyFiled');
  expect((await change(county, id, 'file')).code).toBe('alreadyFiled');
  // Rebuilt from its entries the row is the same: the draft's text and figures do not come back.
  await app.read((tx) => refold(tx, '511902', app.journal.projections, [{ kind: 'report', id }]));
  expect((await open(id)).body.report).toEqual(after.body.report);
});

test('report.get: a filed report whose row was changed behind the product no longer fits its hash', async () => {
  const [row] = (await app.call<{ rows: ReportRow[] }>(county, 'GET', '/reports', { period: '2024-H1' })).body.rows;
  const before = await app.admin.query('select figures from report where id = $1', [row?.report]);
  await app.admin.query(`update report set figures = jsonb_set(figures, '{total,registered}', '99') where id = $1`, [
    row?.report,
  ]);
  expect((await open(row?.report ?? '')).body.intact).toBe(false);
  await app.admin.query('update report set figures = $2 where id = $1', [row?.report, before.rows[0].figures]);
});

test('report.refresh: takes the draft’s figures anew and keeps the text; filing after the last day is late', async () => {
  app.clock.set('2024-11-14');
  const { id } = await draft('2023-H2');
  await edit(id);
  await app.record(...aClient({ on: '2023-11-01' }).drafts);
  expect((await open(id)).body.drift).toContainEqual(expect.objectContaining({ key: 'listed', filed: 0, now: 1 }));
  expect((await change(county, id, 'figures')).status).toBe(200);
  expect((await open(id)).body).toMatchObject({
    status: 'overdue',
    drift: [],
    report: { text, figures: { total: { listed: 1 } } },
  });
  expect((await change(county, id, 'file')).body).toMatchObject({ late: true });
});

test('report.list: who filed, who is late, who is missing', async () => {
  const { body } = await app.call<{ rows: ReportRow[]; total: number }>(city, 'GET', '/reports', { area: '5119' });
  const of = (code: string) =>
    body.rows.filter((row) => row.county === code).map(({ period, status }) => [period, status]);
  expect(of('511902')).toEqual([
    ['2024-H2', 'notDue'],
    ['2024-H1', 'filed'],
    ['2023-H2', 'filedLate'],
  ]);
  expect(of('511922')).toEqual([
    ['2024-H2', 'notDue'],
    ['2024-H1', 'overdue'],
    ['2023-H2', 'overdue'],
  ]);
  const late = await app.call<{ total: number }>(city, 'GET', '/reports', { status: 'overdue' });
  expect(late.body.total).toBe(8);
});

test('report.sheet: the workbook says what was filed, when, and with which hash', async () => {
  const [row] = (await app.call<{ rows: ReportRow[] }>(county, 'GET', '/reports', { period: '2024-H1' })).body.rows;
  const { report } = (await open(row?.report ?? '')).body;
  const folder = mkdtempSync(join(tmpdir(), 'kangtu-report-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'report.xlsx');
  await writeFile(path, Buffer.from(await (await sheetOfReport({ report, exact: true, hidden: [] })).arrayBuffer()));
  const cells: string[] = [];
  for await (const { cells: values } of readSheet(path)) cells.push(JSON.stringify(values));
  const all = cells.join('\n');
  for (const word of [
    '巴州区精神障碍社区康复服务进展情况统计表',
    '2024年上半年',
    '东城街道',
    text.safeguards,
    report.hash ?? '-',
  ])
    expect(all).toContain(word);
  expect((await app.call(other, 'GET', `/reports/${row?.report}/sheet`)).status).toBe(404);
});

test('report.get: another office of the city, and a draft for any of them, has no small count and no town', async () => {
  app.clock.set('2024-11-14');
  const { rows } = (await app.call<{ rows: ReportRow[] }>(county, 'GET', '/reports', { period: '2024-H1' })).body;
  const id = rows[0]?.report ?? '';
  const { body } = await open(id, anActor('health', { scope: '5119' }));
  const { total, rows: towns } = body.report.figures;
  expect(body).toMatchObject({ exact: false, intact: true, drift: [] });
  expect(towns).toEqual([]);
  // All persons of this county are fewer than five.
  expect(body.hidden).toEqual(
    expect.arrayContaining(['listed', 'registered', 'standardized', 'rate', 'sessions', 'waiting']),
  );
  for (const { key, group } of figureColumns)
    if (group !== '服务机构' && group !== '从业人员') expect(total[key] ?? 0, key).toBe(0);
  const bytes = await app.call<Buffer>(county, 'GET', `/reports/${id}/sheet`, { copy: 'publication' });
  const path = join(mkdtempSync(join(tmpdir(), 'kangtu-report-')), 'copy.xlsx');
  await writeFile(path, bytes.body);
  const cells: string[][] = [];
  for await (const { cells: values } of readSheet(path)) cells.push(values.map((value) => String(value ?? '')));
  expect(cells.find((row) => row[2] === '在册康复对象')?.[3]).toBe('＊');
  expect(cells.flat().join()).not.toContain('东城街道');
});

test('reports: wrong role, another area, refusals', async () => {
  app.clock.set('2024-11-14');
  const { id } = await draft('2024-H2');
  expect((await draft('2024-H2')).reply.code).toBe('alreadyDrafted');
  expect((await draft('2025-H1')).reply.code).toBe('periodNotBegun');
  expect((await draft('2023-H1')).reply.code).toBe('noRule');
  expect((await draft('2024-H2', city)).reply.code).toBe('outOfScope');
  expect((await draft('2024-H2', county, '511922')).reply.code).toBe('outOfScope');
  expect((await draft('2024-H2', anActor('health'))).reply.status).toBe(403);
  await edit(id);
  expect((await change(county, id, 'file')).code).toBe('tooEarly');
  expect((await change(city, id, 'file')).code).toBe('outOfScope');
  expect((await edit(id, other)).status).toBe(404);
  expect((await change(other, id, 'figures')).status).toBe(404);
  expect((await open(id, other)).status).toBe(404);
  for (const actor of [anActor('site', { organisation: site.id }), anActor('finance')]) {
    expect((await open(id, actor)).status).toBe(403);
    expect((await edit(id, actor)).status).toBe(403);
    expect((await change(actor, id, 'file')).status).toBe(403);
    expect((await app.call(actor, 'GET', '/reports')).status).toBe(403);
    expect((await app.call(actor, 'GET', `/reports/${id}/sheet`)).status).toBe(403);
  }
  expect((await app.call(county, 'GET', '/reports', { area: '5119' })).code).toBe('outOfScope');
});

test('report.file loaded without its draft gives the same row', async () => {
  const id = newId();
  const [row] = (await app.call<{ rows: ReportRow[] }>(county, 'GET', '/reports', { period: '2024-H1' })).body.rows;
  const { report } = (await open(row?.report ?? '')).body;
  const { county: _, id: __, area: ___, filedAt: ____, draftedOn, filedOn, ...body } = report;
  const entry = { id: newId(), county: '511923', on: filedOn ?? '', subjects: [{ kind: 'report' as const, id }] };
  await app.record(reportFiled.draft({ ...entry, body: { ...body, hash: body.hash ?? '' } }));
  const loaded = await open(id, city);
  expect(loaded.body).toMatchObject({ status: 'filed', intact: true, report: { ...body, draftedOn: filedOn } });
});
