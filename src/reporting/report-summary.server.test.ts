// Reports of the other places over HTTP: towns' tables due at noon and the district's summary of them, and a county's year.
import { expect, test } from 'vitest';
import { personSubject } from '../kernel/entry.ts';
import { refold } from '../kernel/projection.ts';
import { personUpdated } from '../person/person.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { DutyInstanceView } from './duty.ts';
import type { ReportRow, ReportSummary } from './report.api.ts';
import type { Report, ReportStatus } from './report.ts';
import type { Drift } from './report-figures.ts';
import type { WorkGroup } from './worklist.ts';

const app = await openTestApp();

interface Opened {
  readonly report: Report;
  readonly status: ReportStatus;
  readonly intact: boolean | null;
  readonly drift: Drift[];
}
const open = (id: string, actor: ReturnType<typeof anActor>) => app.call<Opened>(actor, 'GET', `/reports/${id}`);
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
  expect((await fileOf(district, id)).code).toBe('outOfScope');
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
