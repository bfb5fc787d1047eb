// Workbooks made to write or read elsewhere (bombs are in sheet.test.ts): nothing is ever unpacked to a name from inside the file.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import yazl from 'yazl';
import { inFolder, type RawSheet, removeFolders, rowsOf, workbookParts, zipOf } from '../person/census.fixtures.ts';

afterAll(removeFolders);

const sheet: RawSheet = { name: '名单', rows: [['姓名'], ['张三']] };
const parts = workbookParts([sheet]);
const outcomeOf = async (bytes: Buffer): Promise<string> => {
  const path = await inFolder('list.xlsx', bytes);
  const outcome = await rowsOf(path).then(
    (rows) => `${rows.length} rows`,
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : `bug: ${String(error)}`),
  );
  // Beside the file lies nothing, and nothing above it.
  expect(readdirSync(dirname(path))).toEqual(['list.xlsx']);
  expect(existsSync(join(dirname(path), '..', 'escaped.txt'))).toBe(false);
  return outcome;
};

/** yazl writes no name like these: one of the same length is written over in the bytes. */
const renamed = async (name: string): Promise<Buffer> => {
  const placeholder = 'p'.repeat(Buffer.byteLength(name));
  const bytes = await zipOf({ ...parts, [placeholder]: 'escaped' });
  let text = bytes.toString('latin1');
  text = text.replaceAll(placeholder, Buffer.from(name).toString('latin1'));
  return Buffer.from(text, 'latin1');
};

test.each([
  '../../escaped.txt',
  '../escaped.txt',
  '/tmp/escaped.txt',
  'C:\\escaped.txt',
  '..\\..\\escaped.txt',
  'xl/../../escaped.txt',
])('an entry named %s is refused or passed over', async (name) => {
  expect(['fileUnreadable', '2 rows']).toContain(await outcomeOf(await renamed(name)));
});

test.each(['CON', 'nul.xml', 'xl/aux.xml', 'COM1:stream', '名单\u202excod.xlsx'])(
  'an entry named %s is passed over',
  async (name) => {
    expect(await outcomeOf(await renamed(name))).toBe('2 rows');
  },
);

test('a sheet said to lie outside the workbook is not looked for there', async () => {
  const rels = Object.keys(parts).find((name) => name.endsWith('workbook.xml.rels')) ?? '';
  for (const target of [
    '../../../../etc/passwd',
    '/etc/passwd',
    'file:///etc/passwd',
    'https://evil.example/sheet1.xml',
  ]) {
    const text = String(parts[rels]).replace(/Target="[^"]*sheet1\.xml"/, `Target="${target}"`);
    expect(text).toContain(target);
    expect(['fileUnreadable', 'fileEmpty']).toContain(await outcomeOf(await zipOf({ ...parts, [rels]: text })));
  }
});

test('a symbolic link in place of a sheet is read as the text that it is', async () => {
  const zip = new yazl.ZipFile();
  for (const [name, content] of Object.entries(parts))
    if (name.endsWith('sheet1.xml')) zip.addBuffer(Buffer.from('/etc/passwd'), name, { mode: 0o120777 });
    else zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const bytes = Buffer.concat(await Array.fromAsync(zip.outputStream as AsyncIterable<Buffer>));
  expect(['fileUnreadable', 'fileEmpty']).toContain(await outcomeOf(bytes));
});

test('a workbook in a workbook stays shut', async () => {
  const nested = { ...parts, 'xl/embeddings/list.xlsx': await renamed('../escaped.txt') };
  expect(await outcomeOf(await zipOf(nested))).toBe('2 rows');
});
