// Uploads that want to be written elsewhere, shown as something else, or read for ever.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { openTestApp } from '../server/app.fixtures.ts';
import { inFolder, removeFolders, workbookParts, zipOf } from './census.fixtures.ts';
import { aCsv, lists } from './census-server.fixtures.ts';

const app = await openTestApp();
const on = lists(app);
afterAll(removeFolders);

// A place of its own for what the server stages: lists of other tests come and go in the common one.
const place = mkdtempSync(join(tmpdir(), 'kangtu-hostile-'));
vi.stubEnv('TMPDIR', place);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(place, { recursive: true });
});
const staged = (): string[] => readdirSync(place).filter((name) => name.startsWith('kangtu-list-'));

test.each([
  ['../../../etc/cron.d/x.csv', 'x.csv'],
  ['/etc/passwd', 'passwd'],
  ['C:\\Windows\\System32\\名单.csv', '名单.csv'],
  ['\\\\server\\share\\名单.csv', '名单.csv'],
  ['CON', 'CON'],
  ['名单\r\nSet-Cookie: a=b\u0007.csv', '名单Set-Cookie: a=b.csv'],
  ['名单\u202evsc.exe', '名单vsc.exe'],
  ['\u200b\u2028', '名单'],
  [`${'长'.repeat(200)}.csv`, `${'长'.repeat(76)}.csv`],
])('a file named %j is shown as %s and written under no name of its own', async (name, shown) => {
  expect(tmpdir()).toBe(place);
  const before = staged();
  const { body, status } = await on.upload(await aCsv([{ 姓名: '马大山', 乡镇: '东城街道' }]), 'federation', { name });
  expect(status).toBe(200);
  expect((await on.get(body.id)).fileName).toBe(shown);
  expect(staged().filter((one) => !before.includes(one))).toEqual([]);
});

test('a name that cannot be kept is refused', async () => {
  const path = await aCsv([{ 姓名: '马大山', 乡镇: '东城街道' }]);
  expect(await on.upload(path, 'federation', { name: '名单\u0000.csv' })).toMatchObject({ code: 'inputInvalid' });
});

/** A small file that unpacks to so many bytes of rows without a value. */
const aBlank = (bytes: number): Promise<Buffer> => {
  const parts = workbookParts([
    {
      name: '名单',
      rows: [
        ['姓名', '乡镇'],
        ['马大山', '东城街道'],
      ],
    },
  ]);
  const path = 'xl/worksheets/sheet1.xml';
  const [head = '', tail = ''] = String(parts[path]).split('</sheetData>');
  const row = '<row spans="1:40" ht="18"><c s="1"/><c s="1"/><c s="1"/></row>';
  const rows = Buffer.alloc(bytes - (bytes % row.length), row);
  return zipOf({ ...parts, [path]: Buffer.concat([Buffer.from(head), rows, Buffer.from(`</sheetData>${tail}`)]) });
};

test('330 MB of rows without a value are given up within seconds, with the words to do', {
  timeout: 60_000,
}, async () => {
  const path = await inFolder('list.xlsx', await aBlank(330_000_000));
  const start = performance.now();
  const { body, code } = await on.upload(path, 'federation');
  expect({ code, detail: body.detail }).toEqual({ code: 'fileTooLarge', detail: expect.stringContaining('空行超过') });
  // Read to its end, it took 25 s.
  expect(performance.now() - start).toBeLessThan(15_000);
});
