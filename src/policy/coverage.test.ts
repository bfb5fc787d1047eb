// Every clause of the five documents has its place, every place named exists, and every rule that can has a worked case.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { listRecordsAsked } from '../reporting/evidence.ts';
import { accessRows } from '../server/access-guide.ts';
import { contract } from '../server/contract.ts';
import { journal } from '../server/slices.ts';
import { CaseFile } from './cases.ts';
import { checkPacks } from './check.ts';
import { listCoverage } from './coverage.ts';
import { getPackLibrary, listPackFiles, loadPackLibrary, packFolder } from './library.ts';
import { parseSource, readSource } from './source.ts';

const folder = mkdtempSync(join(tmpdir(), 'kangtu-coverage-'));
afterAll(() => rmSync(folder, { recursive: true }));

const library = getPackLibrary();

test('all 106 rows of the five documents, each with a rule, an operation or a plan', () => {
  const rows = listCoverage(library);
  const ids = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${prefix}-${String(at + 1).padStart(2, '0')}`);
  const asked = [...ids('BZ', 33), ...ids('QS', 17), ...ids('AL', 19), ...ids('SY', 12), ...ids('CM', 25)];
  expect(asked).toHaveLength(106);
  const places = new Map(
    rows.map((row) => [row.clause, row.rules.length + row.operations.length + (row.planned ? 1 : 0)]),
  );
  expect(asked.filter((id) => !places.get(id))).toEqual([]);
  expect(rows.find(({ clause }) => clause === 'BZ-21')?.rules).toMatchObject([
    { pack: 'bazhong', id: 'qualifiedStaffShare', kind: 'indicator' },
  ]);
});

test('a clause names no operation that the contract lacks, and keeps those that the contract cites it for', () => {
  const known = new Set(accessRows(contract).map(({ meta }) => meta.name));
  const named = listCoverage(library).flatMap(({ clause, operations }) => operations.map((name) => ({ clause, name })));
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter(({ name }) => !known.has(name))).toEqual([]);
  const citing = new Map([['BZ-12', ['referral.send', 'referral.list']]]);
  const row = listCoverage(library, citing).find(({ clause }) => clause === 'BZ-12');
  expect(row?.operations.filter((name) => name === 'referral.send')).toHaveLength(1);
  expect(row?.operations).toContain('referral.list');
});

test('what narrows the records of a clause is something that such entries hold', () => {
  const known = new Set(journal.types.keys());
  const wrong = listCoverage(library).flatMap((row) => {
    const asked = listRecordsAsked(row, known).map(({ type }) => type);
    return Object.entries(row.records).flatMap(([type, parts]) => {
      const shape = (journal.types.get(type)?.body as z.ZodObject | undefined)?.shape ?? {};
      const holds = ([field, value]: [string, unknown]) =>
        field in shape && (Array.isArray(value) || shape[field]?.safeParse(value).success);
      const sound = asked.includes(type) && parts.every((part) => Object.entries(part).every(holds));
      return sound ? [] : [`${row.clause} ${type}`];
    });
  });
  expect(wrong).toEqual([]);
});

test('a clause without a place, and a plan that is overtaken, are told with their line', () => {
  cpSync(packFolder, folder, { recursive: true, filter: (file) => !file.endsWith('.cases.yaml') });
  const text = readFileSync(join(packFolder, 'clauses.yaml'), 'utf8')
    .replace('    planned: 服务手册\n', '')
    .replace('    served: [recommendation.record, application.submit]\n', '    planned: 建议书台账\n');
  writeFileSync(join(folder, 'clauses.yaml'), text);
  const lines = text.split('\n');
  const told = loadPackLibrary(folder).unplaced.map(({ line, message }) => [message, lines[line - 1]?.trim()]);
  expect(told).toEqual([
    ['条款 BZ-09 已有规则或操作，不再写 planned', 'planned: 建议书台账'],
    ['条款 BZ-20 没有着落：没有规则引用它，也没有写 served 或 planned', 'kind: [R]'],
  ]);
  expect(checkPacks(folder).problems).toHaveLength(2);
});

/** What a case may be about. */
const ruleOf = (one: CaseFile['cases'][number]): string[] => {
  if ('duty' in one) return [one.duty];
  if ('indicator' in one) return [one.indicator];
  if ('standard' in one) return [one.standard];
  return Object.keys(one.expect.findings ?? {});
};

test('every criterion, indicator and duty of a pack has a worked case beside it', () => {
  for (const file of listPackFiles(packFolder)) {
    const pack = [...library.packs.values()].find((one) => one.file === file);
    const name = file.replace('.yaml', '.cases.yaml');
    expect(existsSync(join(packFolder, name)), name).toBe(true);
    const cases =
      parseSource(readSource(name, readFileSync(join(packFolder, name), 'utf8')), CaseFile).value?.cases ?? [];
    const worked = new Set(cases.flatMap(ruleOf));
    const without = pack?.rules.filter(
      (rule) => ['criterion', 'indicator', 'duty'].includes(rule.kind) && !worked.has(rule.id),
    );
    expect(
      without?.map(({ id }) => id),
      name,
    ).toEqual([]);
  }
});
