// Census lists end to end over HTTP: what departments send, the dry run, the import and its resumption, two lists about the same people.
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { readSheet } from '../kernel/sheet.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { contextOf } from '../server/http.ts';
import { anId, anXlsx, fullWidth, inFolder, removeFolders } from './census.fixtures.ts';
import { deleteFinishedLists } from './census.server.ts';
import { importBatch } from './census-run.server.ts';
import { aCsv, clerk, lists } from './census-server.fixtures.ts';

const app = await openTestApp();
const on = lists(app);
afterAll(removeFolders);

const count = async (table: string): Promise<number> =>
  Number((await app.admin.query(`select count(*) from ${table}`)).rows[0].count);
const everybody = () =>
  app.read(
    async (tx) =>
      (
        await sql<{
          id: string;
          name: string;
          id_number: string;
        }>`select id, county, name, town, phone, id_number from person`.execute(tx)
      ).rows,
  );
const person = async (name: string) => (await everybody()).filter((row) => row.name === name);
const facts = async (id: string) =>
  (await app.admin.query('select kind, value, happened_on::text as "on", source from fact where person = $1', [id]))
    .rows;

const bornOn = (n: number): string => `${1950 + (n % 50)}-01-${String(1 + Math.floor(n / 50)).padStart(2, '0')}`;
const people = (from: number, to: number, more: (n: number) => Record<string, string> = () => ({})) =>
  Array.from({ length: to - from }, (_, i) => ({
    姓名: `${'赵钱孙李周吴郑王'[(from + i) % 8]}${'一二三四五六七八九十'[(from + i) % 10]}明`,
    身份证号: anId(bornOn(from + i), 11),
    乡镇: '东城街道',
    ...more(from + i),
  }));

test('a messy workbook: read, planned, imported, and every row told', async () => {
  const path = await anXlsx([
    {
      name: '持证',
      rows: [
        ['巴州区精神残疾人名单(截至2023年11月)', null, null, null, null, null],
        ['序号', '姓 名', '身份证号码', '残疾证号', '乡镇(街道)', '监护人'],
        [
          1,
          '马小云',
          fullWidth(anId('1985-03-07', 11).toLowerCase()),
          `${anId('1985-03-07', 11)}62`,
          '东城办事处',
          '马大山',
        ],
        [2, '林 静', { v: '5.1190219850307E+17', t: 'n' }, null, '西城街道', null],
        [3, null, '123', null, '西城街道', null],
        [4, '何处来', anId('1990-05-05', 21), null, '通江县诺江镇', null],
        ['合计', '4人', null, null, null, null],
      ],
    },
    { name: '说明', rows: [['填表说明:请按要求填写']] },
  ]);
  const { body, status } = await on.upload(path, 'federation', { name: `马小云${anId('1985-03-07', 11)}.xlsx` });
  expect(status).toBe(200);
  const list = await on.get(body.id);
  expect(list).toMatchObject({ status: 'mapping', listedOn: '2023-11-30', fileName: '马小云….xlsx' });
  expect(list.tables.map(({ sheet, firstDataRow }) => [sheet, firstDataRow])).toEqual([
    ['持证', 3],
    ['说明', 0],
  ]);
  const samples = JSON.stringify(list.tables);
  expect(samples).toContain('马*云');
  expect(samples).not.toContain(anId('1985-03-07', 11));

  await on.plan(body.id);
  const rows = await on.rows(body.id);
  expect(rows.map(({ rowNumber, outcome }) => [rowNumber, outcome])).toEqual([
    [3, 'create'],
    [4, 'refuse'],
    [5, 'refuse'],
    [6, 'refuse'],
    [7, 'note'],
  ]);
  expect(rows[1]?.problems.join()).toContain('无法恢复');
  expect(rows[3]?.reasons.join()).toContain('通江县');
  expect(await count('person')).toBe(0);

  await on.confirm(body.id);
  expect(await on.get(body.id)).toMatchObject({ status: 'imported', counts: { create: 1, refuse: 3, note: 1 } });
  const [known] = await person('马小云');
  expect(known).toMatchObject({ id_number: anId('1985-03-07', 11), town: '511902001', county: '511902' });
  expect(await facts(known?.id ?? '')).toContainEqual({
    kind: 'certificate',
    value: { category: 6, grade: 2 },
    on: '2023-11-30',
    source: 'federation',
  });

  const file = await app.http.inject({
    method: 'POST',
    url: `/api/census/lists/${body.id}/result`,
    headers: { 'x-test-actor': encodeURIComponent(JSON.stringify(clerk)) },
    payload: { purpose: '核对名单' },
  });
  const told = await Array.fromAsync(readSheet(await inFolder('result.xlsx', file.rawPayload)));
  const text = JSON.stringify(told.map(({ cells }) => cells));
  expect(text).toContain('新建');
  expect(text).toContain('无法恢复');
  expect(text).not.toContain(anId('1985-03-07', 11));
});

test('a list that meets another: known, filled in, contradicted, doubtful; the same list again brings nothing new', async () => {
  const base = people(100, 104);
  await on.imported(base, 'federation', '2023-10-31');
  const [first, second, third] = base.map((row) => row.身份证号);
  const health = [
    { 姓名: base[0]?.姓名 ?? '', 身份证号: first ?? '', 电话: '19900000001', 诊断: '精神分裂症', 目前状态: '住院' },
    { 姓名: '别人名', 身份证号: second ?? '', 电话: '', 诊断: '', 目前状态: '' },
    { 姓名: base[2]?.姓名 ?? '', 身份证号: third ?? '', 乡镇: '西城街道' },
    { 姓名: base[3]?.姓名 ?? '', 出生日期: bornOn(103), 性别: '男', 乡镇: '西城街道' },
    { 姓名: '全新人', 身份证号: anId('1971-02-03', 31), 乡镇: '西城街道' },
    { 姓名: '全新人', 身份证号: anId('1971-02-03', 31), 乡镇: '西城街道' },
  ];
  const before = await count('entry');
  const list = await on.planned(health, 'health', '2023-11-15');
  expect(await on.outcomes(list)).toEqual(['update', 'conflict', 'update', 'review', 'create', 'match']);
  expect(await count('entry')).toBe(before);
  const planned = await on.rows(list);
  // Where somebody is registered is shown when a list says otherwise, and not changed.
  expect(planned[2]?.differences).toContainEqual(
    expect.objectContaining({ field: 'town', before: '东城街道', after: '西城街道', taken: false }),
  );
  expect(planned[5]?.reasons.join()).toContain('第 6 行');

  await on.confirm(list);
  expect(await on.outcomes(list)).toEqual(['update', 'waiting', 'update', 'waiting', 'create', 'match']);
  const [row] = await person(base[0]?.姓名 ?? '');
  expect(row).toMatchObject({ phone: '19900000001', town: '511902001' });
  expect(await facts(row?.id ?? '')).toContainEqual({
    kind: 'livesAt',
    value: 'hospital',
    on: '2023-11-15',
    source: 'health',
  });
  expect((await person(base[2]?.姓名 ?? ''))[0]).toMatchObject({ town: '511902001' });
  expect(await person('别人名')).toEqual([]);
  expect(await person('全新人')).toHaveLength(1);

  const after = await count('entry');
  const again = await on.imported(health, 'health', '2023-11-15');
  expect(await on.outcomes(again)).toEqual(['match', 'waiting', 'match', 'waiting', 'match', 'match']);
  expect(await count('entry')).toBe(after);
});

test('an import that is killed in the middle of a batch goes on where it was; confirming again doubles nothing', async () => {
  const rows = people(300, 325);
  const list = await on.planned(rows);
  const reply = await app.call<{ job: string }>(clerk, 'POST', `/census/lists/${list}/import`, { id: newId() });
  const ctx = contextOf(app, clerk, 'test');
  const before = await count('entry');
  await app.database.as(clerk, (tx) => importBatch(tx, ctx, list, 10));
  const killed = app.database.as(clerk, async (tx) => {
    await importBatch(tx, ctx, list, 10);
    throw new Error('killed');
  });
  await expect(killed).rejects.toThrow('killed');
  expect(await count('entry')).toBe(before + 10);
  expect(await on.get(list)).toMatchObject({ status: 'importing', done: 10 });

  await on.runJob(reply.body.job);
  await on.runJob(reply.body.job);
  expect(await count('entry')).toBe(before + 25);
  expect(await on.get(list)).toMatchObject({ status: 'imported', done: 25, counts: { create: 25 } });
  expect(await on.confirm(list)).toMatchObject({ status: 409, code: 'alreadyImported' });
});

test('two lists planned before either is imported do not make a person twice', async () => {
  const rows = people(400, 403);
  const [a, b] = [await on.planned(rows, 'federation'), await on.planned(rows, 'civil')];
  expect(await on.outcomes(b)).toEqual(['create', 'create', 'create']);
  await Promise.all([on.confirm(a), on.confirm(b)]);
  const numbers = rows.map((row) => row.身份证号);
  expect((await everybody()).filter((row) => numbers.includes(row.id_number))).toHaveLength(3);
});

test('columns as the clerk sets them are used, and remembered for the next list of the sender', async () => {
  const cells = people(500, 502).map(({ 姓名, 身份证号, 乡镇 }) => ({ 姓名, 身份证号, 乡镇, 情况甲: '住院' }));
  const { body } = await on.upload(await aCsv(cells), 'civil');
  const table = (await on.get(body.id)).tables[0];
  const column = table?.columns.find(({ header }) => header === '情况甲');
  expect(column?.field).toBeNull();
  await on.plan(body.id, { columns: [{ sheet: '', column: column?.column, field: 'livesAt' }] });
  await on.confirm(body.id);
  const [row] = await person(cells[0]?.姓名 ?? '');
  expect(await facts(row?.id ?? '')).toContainEqual(expect.objectContaining({ kind: 'livesAt', value: 'hospital' }));
  const next = await on.upload(await aCsv(people(502, 504).map((row) => ({ ...row, 情况甲: '在家' }))), 'civil');
  const again = (await on.get(next.body.id)).tables[0]?.columns.find(({ header }) => header === '情况甲');
  expect(again).toMatchObject({ field: 'livesAt', confidence: 1 });
});

test('letters that the database cannot hold end up left out, not as a fault', async () => {
  const rows = [
    ['姓名', '身份证号', '备注'],
    ['牛怪字', anId('1982-02-02', 41), 'a_x0000_b_xD83D_c'],
  ];
  const { body, status } = await on.upload(await anXlsx([{ name: '表', rows }]), 'civil');
  expect(status).toBe(200);
  await on.plan(body.id);
  expect(await on.outcomes(body.id)).toEqual(['create']);
});

test('the dry run may be repeated with another mapping; a discarded list is gone', async () => {
  const list = await on.planned(people(600, 602));
  await on.plan(list, { columns: [{ sheet: '', column: 1, field: null }] });
  expect((await on.rows(list)).map(({ outcome }) => outcome)).toEqual(['refuse', 'refuse']);
  await on.plan(list, { columns: [{ sheet: '', column: 1, field: 'idNumber' }] });
  expect(await on.outcomes(list)).toEqual(['create', 'create']);
  expect((await app.call(clerk, 'POST', `/census/lists/${list}/discard`, { id: newId() })).status).toBe(200);
  expect((await app.call(clerk, 'GET', `/census/lists/${list}`)).status).toBe(404);
});

test('finished lists are cleaned away, those with a row that waits are kept', async () => {
  const [done, waiting] = [
    await on.imported(people(650, 652)),
    await on.imported([{ ...people(650, 651)[0], 姓名: '改了名' }]),
  ];
  await app.database.as(clerk, (tx) => deleteFinishedLists(tx, '2025-01-01T00:00:00Z'));
  expect((await app.call(clerk, 'GET', `/census/lists/${done}`)).status).toBe(404);
  expect((await app.call(clerk, 'GET', `/census/lists/${waiting}`)).status).toBe(200);
  expect(await person(people(650, 651)[0]?.姓名 ?? '')).toHaveLength(1);
});

test('files that are no list are refused with what to do', async () => {
  const refused = async (bytes: string | Uint8Array) => (await on.upload(await inFolder('f', bytes), 'civil')).code;
  expect(await refused('')).toBe('fileEmpty');
  expect(await refused('<html><table></table></html>')).toBe('fileUnreadable');
  expect(await refused(Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]))).toBe('fileUnreadable');
  expect(await refused('年份,金额\n2023,5\n')).toBe('noTable');
});

test('refusals of the steps', async () => {
  const list = (await on.upload(await aCsv(people(700, 702)), 'civil')).body.id;
  const twice = [0, 1].map((column) => ({ sheet: '', column, field: 'name' }));
  const none = [0, 1].map((column) => ({ sheet: '', column, field: null }));
  expect((await on.plan(list, { columns: twice })).code).toBe('doubleField');
  expect((await on.plan(list, { columns: none })).code).toBe('noKeyColumn');
  expect((await on.plan(list, { listedOn: '2030-01-01' })).code).toBe('inFuture');
  expect((await on.confirm(list)).code).toBe('notPlanned');
  expect((await app.call(clerk, 'POST', `/census/lists/${list}/result`, { purpose: '核对名单' })).code).toBe(
    'notPlanned',
  );
  await on.plan(list);
  await on.confirm(list);
  expect((await on.plan(list)).code).toBe('alreadyImporting');
  expect((await app.call(clerk, 'POST', `/census/lists/${list}/discard`, { id: newId() })).code).toBe(
    'alreadyImporting',
  );
});

test('lists are for civil affairs of the area alone', async () => {
  const list = await on.imported([...people(800, 802), { 姓名: '没身份', 身份证号: '', 乡镇: '' }]);
  const health = anActor('health');
  for (const path of ['/census/lists', `/census/lists/${list}`, `/census/lists/${list}/rows`, '/census/reviews'])
    expect((await app.call(health, 'GET', path)).status).toBe(403);
  for (const path of [`/census/lists/${list}/import`, `/census/lists/${list}/discard`])
    expect((await app.call(health, 'POST', path, { id: newId() })).status).toBe(403);
  expect((await on.upload(await aCsv(people(1, 3)), 'health', { actor: health })).status).toBe(403);
  const neighbour = anActor('civilAffairs', { scope: '511903' });
  for (const path of [`/census/lists/${list}`, `/census/lists/${list}/rows`])
    expect((await app.call(neighbour, 'GET', path)).status).toBe(404);
  const result = (actor: typeof health) =>
    app.call(actor, 'POST', `/census/lists/${list}/result`, { purpose: '核对名单' });
  expect((await result(health)).status).toBe(403);
  expect((await result(neighbour)).status).toBe(404);
  expect((await app.call<{ total: number }>(neighbour, 'GET', '/census/lists')).body.total).toBe(0);
  for (const path of [`/census/lists/${list}/import`, `/census/lists/${list}/discard`])
    expect((await app.call(neighbour, 'POST', path, { id: newId() })).status).toBe(404);
  const town = anActor('civilAffairs', { scope: '511902001' });
  expect((await on.upload(await aCsv(people(1, 3)), 'civil', { actor: town })).code).toBe('outOfScope');
  const city = anActor('civilAffairs', { scope: '5119' });
  expect((await app.call(city, 'GET', `/census/lists/${list}`)).code).toBe('figuresOnly');
});

test('a list of the whole city goes to the counties that its rows name', async () => {
  // By the command line: an office of the city sees nobody, and so could not compare.
  const city = anActor('machine', { scope: '5119' });
  const cells = [
    { 姓名: '城里人', 身份证号: anId('1966-06-06', 51), 县区: '巴州区', 乡镇: '东城街道' },
    { 姓名: '县里人', 身份证号: anId('1966-06-06', 53), 县区: '通江县', 乡镇: '诺江镇' },
    { 姓名: '何处人', 身份证号: anId('1966-06-06', 55), 县区: '', 乡镇: '' },
  ];
  const { body } = await on.upload(await aCsv(cells), 'federation', { actor: city });
  await on.plan(body.id, { actor: city });
  await on.confirm(body.id, city);
  expect((await on.get(body.id, city)).counts).toEqual({ create: 2, refuse: 1 });
  expect((await person('县里人'))[0]).toMatchObject({ county: '511921' });
});

test('coverage counts persons and those visited, by town, with the milestone of the census', async () => {
  const county = anActor('civilAffairs', { scope: '511923' });
  const { body } = await on.upload(
    await aCsv([{ 姓名: '平昌人', 身份证号: anId('1970-07-07', 61), 乡镇: '' }]),
    'civil',
    { actor: county },
  );
  await on.plan(body.id, { actor: county });
  await on.confirm(body.id, county);
  const [row] = await person('平昌人');
  app.clock.set('2023-12-20');
  const visit = {
    id: newId(),
    on: '2023-12-18',
    method: 'home',
    participants: ['李干部'],
    met: ['client'],
    facts: [],
    aid: [],
  };
  expect((await app.call(county, 'POST', `/persons/${row?.id}/visits`, visit)).status).toBe(200);
  const coverage = await app.call<never>(county, 'GET', '/census/coverage');
  expect(coverage.body).toMatchObject({
    listed: 1,
    visited: 1,
    rows: [{ division: '', listed: 1, visited: 1, lastVisitMonth: '2023-12' }],
    milestone: { dueOn: '2023-12-31', daysLeft: 11, clause: ['BZ-06'] },
  });
  expect((await app.call(county, 'GET', '/census/coverage', { area: '511902' })).status).toBe(403);
  expect((await app.call(anActor('site'), 'GET', '/census/coverage')).status).toBe(403);
  app.clock.set('2024-11-14');
});
