// A large list end to end: whatever its length, a batch of it is in memory at a time. KANGTU_DEEP=1 takes 100,000 rows.
import pg from 'pg';
import { afterAll, expect, test, vi } from 'vitest';
import { readSheet } from '../kernel/sheet.ts';
import { openTestApp } from '../server/app.fixtures.ts';
import { anId, inFolder, removeFolders } from './census.fixtures.ts';
import { clerk, lists } from './census-server.fixtures.ts';

const app = await openTestApp();
const on = lists(app);
afterAll(removeFolders);

const size = process.env.KANGTU_DEEP ? 100_000 : 2000;
const batch = 1000;
const days = 25_000;

const bornOn = (i: number): string => new Date(Date.UTC(1940, 0, 1 + ((i * 7919) % days))).toISOString().slice(0, 10);
const line = (i: number): string => {
  const number = anId(bornOn(i), 1 + 2 * Math.floor(i / days));
  const name = `${'赵钱孙李周吴郑王'[i % 8]}${'一二三四五六七八九'[i % 9]}${'天地玄黄宇宙洪'[i % 7]}`;
  return `${i + 1},${name},${number},${number}6${1 + (i % 4)},东城街道,139${String(10_000_000 + i)}`;
};

/** The most rows that one statement brought, and the most rows of a list or its journal that one statement took. */
const watchStatements = () => {
  const most = { brought: 0, taken: 0 };
  const original = pg.Client.prototype.query as (...all: unknown[]) => unknown;
  // biome-ignore lint/suspicious/noExplicitAny: stands in for the overloads of pg
  const spy = vi.spyOn(pg.Client.prototype, 'query' as any).mockImplementation(function (this: unknown, ...all) {
    const [given] = all as [{ text?: string; values?: unknown[] } | string];
    const { text = '', values = [] } = typeof given === 'string' ? { text: given } : given;
    if (/census_row|into entry /.test(text))
      for (const value of values.filter((one) => typeof one === 'string' && one.startsWith('[')))
        most.taken = Math.max(most.taken, (JSON.parse(value as string) as unknown[]).length);
    const answer = original.apply(this, all);
    if (answer instanceof Promise)
      answer.then(
        (result) => {
          most.brought = Math.max(most.brought, Array.isArray(result) ? 0 : (result?.rows?.length ?? 0));
        },
        () => undefined,
      );
    return answer;
  });
  return { most, restore: () => spy.mockRestore() };
};

test(
  `a list of ${size} rows is staged, planned, imported and told a batch at a time`,
  async () => {
    const path = await inFolder(
      'list.csv',
      ['序号,姓名,身份证号,残疾证号,乡镇,电话', ...Array.from({ length: size }, (_, i) => line(i))].join('\r\n'),
    );
    const { most, restore } = watchStatements();
    const { body } = await on.upload(path, 'federation', { name: '名单.csv' });
    expect(body.rows).toBe(size);
    await on.plan(body.id);
    await on.confirm(body.id);
    expect(await on.get(body.id)).toMatchObject({ status: 'imported', done: size, counts: { create: size } });
    const file = await app.http.inject({
      method: 'POST',
      url: `/api/census/lists/${body.id}/result`,
      headers: { 'x-test-actor': encodeURIComponent(JSON.stringify(clerk)) },
      payload: { purpose: '核对名单' },
    });
    restore();
    let told = 0;
    for await (const row of readSheet(await inFolder('result.xlsx', file.rawPayload)))
      if (row.cells.includes('新建')) told += 1;
    expect(told).toBe(size);
    expect(most.taken).toBe(batch);
    // People born on one day are looked up together.
    expect(most.brought).toBeLessThanOrEqual(batch * Math.ceil(size / days));
    expect(most.brought).toBeGreaterThanOrEqual(batch);

    const { rows } = await app.admin.query(
      'select count(*)::int as persons, count(distinct id_number_index)::int as numbers from person',
    );
    expect(rows[0]).toEqual({ persons: size, numbers: size });
  },
  process.env.KANGTU_DEEP ? 1_200_000 : 60_000,
);
