// Every file with persons in it asks what for, says who took it when, and is listed for the county and its audit administrator.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import yauzl from 'yauzl';
import { readSheet } from '../kernel/sheet.ts';
import { anActor, newId, openTestApp, type Problem } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { ExportRow } from './export.ts';

const app = await openTestApp();
const site = anOrganisation('site', { name: '东城站点' });
const client = aClient({ identity: { name: '张建国' } })
  .registered('2024-01-10')
  .accepted(site.id, '2024-01-12')
  .withPapers(site.id, '2024-01-15')
  .session(site.id, '2024-10-08');
const waiting = aClient().registered('2024-01-10').referred(site.id, '2024-11-01');
await app.record(site.draft, ...[client, waiting].flatMap(({ drafts }) => drafts));

const clerk = anActor('civilAffairs', { name: '周敏' });
const auditor = anActor('auditAdmin', { name: '吴审' });
const worker = anActor('site', { organisation: site.id, name: '何社工' });
const other = anActor('civilAffairs', { scope: '511922' });

const folder = mkdtempSync(join(tmpdir(), 'kangtu-export-'));
afterAll(() => rmSync(folder, { recursive: true }));
const lastRowOf = async (bytes: Buffer): Promise<string> => {
  const path = join(folder, `${newId()}.xlsx`);
  writeFileSync(path, bytes);
  let last = '';
  for await (const { cells } of readSheet(path)) last = cells.map((cell) => String(cell ?? '')).join('');
  return last;
};
/** What a printer's margin says: it is no cell. */
const marginOf = async (bytes: Buffer): Promise<string> => {
  const zip = await yauzl.fromBufferPromise(bytes, { lazyEntries: true });
  for await (const entry of zip.eachEntry())
    if (entry.fileName === 'xl/worksheets/sheet1.xml')
      return /<oddHeader>([^<]*)<\/oddHeader>/.exec(await text(await zip.openReadStreamPromise(entry)))?.[1] ?? '';
  return '';
};
const list = async (actor: typeof clerk, input: object = {}) =>
  (await app.call<{ rows: ExportRow[]; total: number }>(actor, 'GET', '/exports', input)).body;

const files = [
  { kind: 'persons', actor: clerk, path: '/ledgers/persons', by: '周敏（' },
  {
    kind: 'siteMonth',
    actor: worker,
    path: `/organisations/${site.id}/months/2024-10/sheet`,
    by: '何社工（东城站点）',
  },
  { kind: 'audit', actor: auditor, path: '/audit/sheet', by: '吴审（' },
] as const;

test.each(files)(
  '$kind: refused without a purpose; with it watermarked and listed',
  async ({ kind, actor, path, by }) => {
    const refused = await app.call<Problem>(actor, 'POST', path, {});
    expect(refused).toMatchObject({ code: 'inputInvalid', body: { fields: { purpose: expect.any(String) } } });
    const { status, body } = await app.call<Buffer>(actor, 'POST', path, { purpose: `核对${kind}` });
    expect(status).toBe(200);
    const [row] = (await list(clerk, { kind })).rows;
    expect(row).toMatchObject({ kind, actor: actor.user, purpose: `核对${kind}`, county: '511902' });
    const mark = await lastRowOf(body);
    for (const word of [row?.serial ?? '-', by, '2024-11-14 09:00', `核对${kind}`]) expect(mark).toContain(word);
    expect(await marginOf(body)).toContain(row?.serial);
  },
);

test('export.print: for a purpose, of a file that the actor sees in full, and the audit says whose', async () => {
  const print = (actor: typeof clerk, input: object) =>
    app.call<{ serial: string; watermark: string }>(actor, 'POST', '/exports/prints', {
      id: newId(),
      person: client.person,
      kind: 'filePrint',
      purpose: '转诊时带去医院',
      ...input,
    });
  const { body } = await print(worker, {});
  expect(body.watermark).toContain(body.serial);
  expect(body.watermark).toContain('转诊时带去医院');
  expect((await list(clerk, { kind: 'filePrint' })).rows).toMatchObject([{ serial: body.serial, rows: 1 }]);
  const line = await app.admin.query(
    `select kind, persons from audit_line where operation = 'export.print' and outcome = 'ok'`,
  );
  expect(line.rows).toEqual([{ kind: 'export', persons: [client.person] }]);
  expect((await print(worker, { purpose: ' ' })).code).toBe('inputInvalid');
  expect((await print(worker, { person: waiting.person })).code).toBe('minimumSight');
  expect((await print(worker, { person: waiting.person, kind: 'referralPrint' })).status).toBe(200);
  expect((await print(other, {})).status).toBe(404);
  expect((await print(anActor('finance'), {})).status).toBe(403);
});

test('export.list: the county and its audit administrator, no other county and no other role', async () => {
  const all = await list(clerk);
  expect(all.total).toBe(5);
  expect(await list(auditor)).toEqual(all);
  expect((await list(anActor('auditAdmin', { scope: '5119' }))).total).toBe(5);
  expect((await list(other)).total).toBe(0);
  expect((await list(anActor('auditAdmin', { scope: '511922' }))).total).toBe(0);
  expect((await app.call(other, 'GET', '/exports', { area: '511902' })).code).toBe('outOfScope');
  expect((await list(anActor('civilAffairs', { scope: '511902001' }))).total).toBe(0);
  for (const role of ['health', 'site', 'systemAdmin'] as const)
    expect((await app.call(anActor(role), 'GET', '/exports')).status).toBe(403);
  expect(JSON.stringify(all)).not.toContain('张建国');
});
