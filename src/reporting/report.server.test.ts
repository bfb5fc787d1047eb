// Reports over HTTP: figures are frozen when filed, later entries show as drift, and late is late.

import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { personSubject } from '../kernel/entry.ts';
import { refold } from '../kernel/projection.ts';
import { readSheet } from '../kernel/sheet.ts';
import { personUpdated } from '../person/person.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { DutyInstanceView } from './duty.ts';
import type { ReportRow, ReportSummary } from './report.api.ts';
import type { Report, ReportStatus } from './report.ts';
import { reportFiled } from './report.ts';
import { type Drift, figureColumns } from './report-figures.ts';
import { sheetOfReport } from './report-sheet.server.ts';
import type { WorkGroup } from './worklist.ts';

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

const district = '460107';
const [town, sister, silent] = ['460107101', '460107102', '460107103'] as const;
const officeOf = (scope: string) => anActor('civilAffairs', { scope });
const table = async (of: string, period: string) => {
  const id = newId();
  return { id, reply: await app.call(officeOf(of), 'POST', '/reports', { id, county: district, town: of, period }) };
};
const fileOf = (of: string, id: string) =>
  app.call<{ late: boolean }>(officeOf(of), 'POST', `/reports/${id}/file`, { id: newId() });
const reportWork = async (scope: string) => {
  const { body } = await app.call<{ groups: WorkGroup[] }>(officeOf(scope), 'GET', '/worklist');
  return body.groups.find(({ kind }) => kind === 'report');
};

test('QS-13: due on the 15th before noon; the town files, sister towns and the city read nothing, the district sees who was late', async () => {
  const house = anOrganisation('site', { division: town, name: '龙塘站点' });
  const client = (sessions: number) => {
    let one = aClient({ county: district, town }).registered('2025-01-10').accepted(house.id, '2025-01-12');
    one = one.withPapers(house.id, '2025-01-15');
    for (let day = 1; day <= sessions; day++) one = one.session(house.id, `2025-03-0${day}`);
    return one;
  };
  const [enough, short, leaves] = [client(6), client(2), client(0)];
  app.clock.set('2025-03-14');
  await app.record(house.draft, ...[enough, short, leaves].flatMap(({ drafts }) => drafts));
  const work = await reportWork(town);
  expect(work?.clauses).toContain('QS-13');
  expect(work?.rows.find(({ name }) => name === '2025-03-15')).toMatchObject({
    place: expect.stringContaining('2025-03-15 12:00 前'),
    clock: { dueOn: '2025-03-15', left: 1, clause: ['QS-13'] },
  });
  const { id, reply } = await table(town, '2025-03-15');
  expect(reply.status).toBe(200);
  const drafted = (await open(id, officeOf(town))).body;
  expect(drafted).toMatchObject({ status: 'due', report: { fromOn: '2025-03-01', asOf: '2025-03-14', area: town } });
  expect(drafted.report.figures).toMatchObject({
    rows: [],
    sessionsAsked: 6,
    total: { registered: 3, served: 2, sessions: 8, perClient: 4, enoughSessions: 1, shortSessions: 2 },
  });
  for (const stranger of [officeOf(sister), officeOf('4601'), officeOf('511902')])
    expect((await open(id, stranger)).status).toBe(404);
  expect((await table(sister, '2025-03-14')).reply.code).toBe('noRule');
  const foreign = { id: newId(), county: district, town: sister, period: '2025-03-15' };
  expect((await app.call(officeOf(town), 'POST', '/reports', foreign)).code).toBe('outOfScope');
  // The district may look, and may not file for the town.
  expect((await open(id, officeOf(district))).body.report.figures).toEqual(drafted.report.figures);
  expect((await change(officeOf(district), id, 'file')).code).toBe('outOfScope');
  expect((await app.call(officeOf(district), 'POST', '/reports', foreign)).code).toBe('outOfScope');

  app.clock.set('2025-03-15', '11:59');
  const remarks = { id: newId(), text: { remarks: '服务人次含入户 1 次。', goals: '不属于本表' } };
  await app.call(officeOf(town), 'PUT', `/reports/${id}/text`, remarks);
  expect((await fileOf(town, id)).body.late).toBe(false);
  const late = await table(sister, '2025-03-15');
  app.clock.set('2025-03-15', '12:01');
  expect((await fileOf(sister, late.id)).body.late).toBe(true);
  // Overdue from noon on, and of the tables only the newest: those of a year ago come no more.
  const missed = (await reportWork(silent))?.rows.filter(({ name }) => name.length === 10);
  expect(missed).toMatchObject([{ name: '2025-03-15', clock: { left: 0 } }]);
  const summary = await app.call<ReportSummary>(officeOf(district), 'GET', '/report-summary', { county: district });
  const rowOf = (area: string) => summary.body.rows.find((row) => row.area === area);
  expect(summary.body).toMatchObject({ period: '2025-03-15', dueBefore: '12:00', total: { registered: 3 } });
  expect(rowOf(town)).toMatchObject({ status: 'filed', values: { shortSessions: 2 }, remarks: remarks.text.remarks });
  expect(rowOf(sister)).toMatchObject({ status: 'filedLate', values: { registered: 0 } });
  expect(rowOf(silent)).toMatchObject({ status: 'overdue', values: null, report: null });
  expect((await app.call(officeOf(town), 'GET', '/report-summary', { county: district })).code).toBe('outOfScope');
  expect((await app.call(officeOf('4601'), 'GET', '/report-summary', { county: district })).status).toBe(403);
  // The duties say the same, and a report of last quarter leaves the list that a page begins with.
  const asked = { from: '2025-03-15', to: '2025-03-15' };
  const duties = await app.call<{ rows: DutyInstanceView[] }>(officeOf(district), 'GET', '/duties', asked);
  const stateOf = (area: string) =>
    duties.body.rows.find(({ duty, subject }) => duty === 'progressTable' && subject.id === area)?.state;
  expect([town, sister, silent].map(stateOf)).toEqual(['done', 'doneLate', 'late']);
  app.clock.set('2025-04-01');
  const listed = async (span: string) =>
    (await app.call<{ rows: ReportRow[] }>(officeOf(town), 'GET', '/reports', { span, pageSize: 200 })).body.rows;
  expect((await listed('all')).map(({ period }) => period)).toContain('2025-03-15');
  expect((await listed('recent')).filter(({ filedOn }) => filedOn !== null)).toEqual([]);
  app.clock.set('2025-03-15', '12:01');
  const sheet = await app.call(officeOf(district), 'GET', '/report-summary/sheet', { county: district });
  expect(sheet.status).toBe(200);

  // Later data shows beside what was filed. Who moved away since still counts where they were, though the town sees them no more.
  const moved = personUpdated.draft({
    ...{ id: newId(), county: district, on: '2025-03-15', subjects: [personSubject(leaves.person)] },
    body: { identity: { town: sister }, facts: [] },
  });
  await app.record(...short.session(house.id, '2025-03-13').drafts.slice(-1));
  await app.record(moved);
  const after = (await open(id, officeOf(town))).body;
  expect(after).toMatchObject({ status: 'filed', intact: true, report: { filedAt: '2025-03-15T03:59:00.000Z' } });
  expect(after.report.text).toEqual({ remarks: remarks.text.remarks });
  expect(after.report.figures).toEqual(drafted.report.figures);
  expect(after.drift.map(({ key, now }) => [key, now])).toEqual(expect.arrayContaining([['sessions', 9]]));
  expect(after.drift.map(({ key }) => key)).not.toContain('registered');
  await app.read((tx) => refold(tx, district, app.journal.projections, [{ kind: 'report', id }]));
  expect((await open(id, officeOf(town))).body).toEqual(after);
});

test('AL: a county’s yearly summary has the year before beside it, and goes to the prefecture', async () => {
  app.clock.set('2025-12-20');
  const [of, id] = ['654301', newId()];
  await app.record(...aClient({ county: of }).registered('2024-05-10').drafts);
  expect((await app.call(officeOf(of), 'POST', '/reports', { id, county: of, period: '2025' })).status).toBe(200);
  expect((await open(id, officeOf(of))).body.report.figures).toMatchObject({
    total: { listed: 1, newlyRegistered: 0 },
    yearBefore: { listed: 1, newlyRegistered: 1 },
  });
  expect((await fileOf(of, id)).code).toBe('textMissing');
  const rows = await app.call<{ rows: ReportRow[] }>(officeOf('6543'), 'GET', '/reports', { period: '2025' });
  expect(rows.body.rows.map(({ area, status }) => [area, status])).toContainEqual([of, 'due']);
});
