// Exchange between departments and joint sweeps over HTTP: who is told what, receipts that differ, lists reconciled, and when the two duties count as done.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Actor } from '../kernel/access.ts';
import { personSubject } from '../kernel/entry.ts';
import { readSheet } from '../kernel/sheet.ts';
import { listTowns } from '../network/division.ts';
import type { ExportRow } from '../oversight/export.ts';
import { removeFolders } from '../person/census.fixtures.ts';
import { clerk, lists } from '../person/census-server.fixtures.ts';
import { visitRecorded } from '../person/person.ts';
import { type DutyQuery, listDuties } from '../reporting/duty.sql.ts';
import type { WorkGroup, WorkRow } from '../reporting/worklist.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { ExchangeRow, ExchangeView, MonthState } from './exchange.ts';
import type { SweepView } from './sweep.ts';

const app = await openTestApp();
const county = '511902';
const [health, federation, police] = [anActor('health'), anActor('federation'), anActor('publicSecurity')];
const town = anActor('civilAffairs', { scope: '511902001' });
const village = anActor('village', { scope: '511902001' });
const neighbour = anActor('health', { scope: '511903' });
const city = anActor('health', { scope: '5119' });

const site = anOrganisation('site', { name: '东城站点' });
const facts = (level: number) =>
  [
    { kind: 'diagnosis', on: '2024-01-20', value: { code: 'F20.417' }, source: 'health' },
    { kind: 'stability', on: '2024-01-20', value: 'unstable', source: 'health' },
    { kind: 'risk', on: '2024-10-20', value: level, source: 'health' },
  ] as const;
const risky = aClient({
  identity: { name: '欧阳丹枫', idNumber: '511902198503070417', phone: '13919020417' },
  facts: facts(4),
}).registered('2024-02-01');
const calm = aClient({ identity: { name: '司徒静远' }, facts: facts(1) }).registered('2024-10-08');
const later = aClient({ on: '2024-11-04', identity: { name: '上官秋白' } }).registered('2024-11-05');
await app.record(site.draft, ...[risky, calm, later].flatMap(({ drafts }) => drafts));

const folder = mkdtempSync(join(tmpdir(), 'kangtu-exchange-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
  removeFolders();
});
const cellsOf = async (bytes: Buffer): Promise<string[][]> => {
  const path = join(folder, `${newId()}.xlsx`);
  writeFileSync(path, bytes);
  return Array.fromAsync(readSheet(path), ({ cells }) => cells.map((cell) => String(cell ?? '')));
};

type Method = 'GET' | 'POST';
const call = <T = never>(actor: Actor, method: Method, path: string, input: object = {}) =>
  app.call<T>(actor, method, path, method === 'GET' ? input : { id: newId(), ...input });
const ok = async <T = never>(actor: Actor, method: Method, path: string, input: object = {}): Promise<T> => {
  const { status, body } = await call<T>(actor, method, path, input);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
};
const codeOf = async (actor: Actor, method: Method, path: string, input: object = {}) =>
  (await call(actor, method, path, input)).code;

const batch = { month: '2024-10', kind: 'clients', purpose: '每月互通信息' };
const sent = (actor: Actor, to: string, change: object = {}) =>
  ok<{ exchange: string; rows: number }>(actor, 'POST', '/exchanges', { ...batch, to, ...change });
const downloaded = async (actor: Actor, exchange: string) =>
  cellsOf(await ok<Buffer>(actor, 'POST', `/exchanges/${exchange}/download`, { purpose: '核对底数' }));
const inbox = async (actor: Actor) =>
  (await ok<{ rows: ExchangeRow[] }>(actor, 'GET', '/exchanges', { waiting: true })).rows.map(({ id }) => id);
/** What of the exchange is on somebody's work list; its count and its page say the same. */
const workOf = async (actor: Actor) => {
  const { groups } = await ok<{ groups: WorkGroup[] }>(actor, 'GET', '/worklist');
  const own = groups.find(({ kind }) => kind === 'exchange');
  const page = await call<{ rows: WorkRow[]; total: number }>(actor, 'GET', '/worklist/exchange', {});
  if (page.code === 'notYours') return expect(own).toBeUndefined();
  expect(page.body).toMatchObject({ total: own?.total ?? 0, rows: own?.rows ?? [] });
  return own?.rows.map(({ name, missing, clock, link }) => [link.path, name, missing, clock?.dueOn, clock?.left]) ?? [];
};
const receive = (actor: Actor, exchange: string, receipt: object) =>
  call<{ agrees: boolean }>(actor, 'POST', `/exchanges/${exchange}/receipt`, receipt);
const stateOf = async (department: string, actor: Actor = clerk): Promise<MonthState | undefined> =>
  (
    await ok<{ rows: { department: string; state: MonthState }[] }>(actor, 'GET', '/exchange-months/2024-10', {
      county,
    })
  ).rows.find((row) => row.department === department)?.state;

/** How a duty of the county stands, as the duties engine asks its evidence. */
const dutyOn = async (evidence: 'exchangeMade' | 'sweepDone', dueOn: string, on: string) => {
  const query: DutyQuery = {
    ...{
      ref: 0,
      rule: 'any',
      counties: [county],
      from: '2024-01-01',
      today: on,
      at: { on, time: '24:00' },
      of: undefined,
    },
    ...{ times: true, evidence, subject: 'county', areas: [{ county, area: county }], town: null, organisation: null },
    periods: [
      {
        firstOn: `${dueOn.slice(0, evidence === 'sweepDone' ? 4 : 7)}${evidence === 'sweepDone' ? '-01' : ''}-01`,
        dueOn,
        dueBefore: null,
        asked: 1,
        times: true,
      },
    ],
  };
  const { rows } = await app.read((tx) => listDuties(tx, [query], { state: undefined, limit: 10, offset: 0 }));
  return rows.map(({ state }) => state);
};

const linesTold: readonly { from: Actor; to: Actor; has: string[]; hasNot: string[] }[] = [
  {
    ...{ from: clerk, to: health },
    ...{ has: ['欧阳丹枫', '511902198503070417', 'F20.417', '不稳定', '4 级', '司徒静远'], hasNot: ['上官秋白'] },
  },
  {
    ...{ from: clerk, to: federation },
    ...{ has: ['欧阳丹枫', '511902198503070417'], hasNot: ['F20.417', '不稳定', '4 级', '疾病诊断', '危险性'] },
  },
  {
    ...{ from: health, to: police },
    ...{ has: ['欧阳丹枫', '13919020417', '4 级'], hasNot: ['司徒静远', '511902198503070417', 'F20.417', '不稳定'] },
  },
  // What the sender may not read it cannot tell, whatever the receiver may.
  { ...{ from: federation, to: clerk }, has: ['欧阳丹枫'], hasNot: ['F20.417', '不稳定', '4 级'] },
];

test.each(linesTold)(
  'a batch from $from.role to $to.role tells what the receiver may read of whom it may see, as of the month’s end',
  async ({ from, to, has, hasNot }) => {
    const { exchange, rows } = await sent(from, to.role);
    expect(await inbox(to)).toEqual([exchange]);
    const cells = await downloaded(to, exchange);
    const text = JSON.stringify(cells);
    for (const word of has) expect(text).toContain(word);
    for (const word of hasNot) expect(text).not.toContain(word);
    expect(rows).toBe(to === police ? 1 : 2);
    expect(cells.at(-1)?.join('')).toContain('用途：核对底数');
    const { rows: exports } = await ok<{ rows: ExportRow[] }>(clerk, 'GET', '/exports', { kind: 'exchange' });
    expect(exports[0]).toMatchObject({ actor: to.user, rows, purpose: '核对底数' });
    // Its lines are sealed on their way, and gone with the receipt.
    const kept = await app.admin.query('select cells::text from exchange_row where exchange = $1', [exchange]);
    expect(kept.rows).toHaveLength(rows);
    expect(JSON.stringify(kept.rows)).not.toContain('欧阳丹枫');
    expect((await receive(to, exchange, { rows })).body).toMatchObject({ agrees: true });
    expect(await inbox(to)).toEqual([]);
    expect(await workOf(to)).toEqual([]);
    expect(await codeOf(to, 'POST', `/exchanges/${exchange}/download`, { purpose: '再看' })).toBe('notKept');
    expect(await codeOf(to, 'POST', `/exchanges/${exchange}/receipt`, { rows })).toBe('alreadyReceived');
  },
);

test('a receipt with another count asks for a remark, leaves the month unmade, and gives way to one that agrees', async () => {
  const month = { month: '2024-09' };
  const adoption = { pack: 'comprehensive', areas: [county], fromOn: '2024-09-01', reason: '县里同意' };
  await ok(clerk, 'POST', '/policy/adoptions', adoption);
  expect(await dutyOn('exchangeMade', '2024-09-30', '2024-11-14')).toEqual(['late']);
  const { exchange } = await sent(clerk, 'health', month);
  // Due at the month's end by the plan that was adopted; nobody else's work.
  const asked = [`/exchanges/${exchange}`, '2024-09 民政部门发来的在册人员数据', ['receive'], '2024-09-30', -45];
  expect(await workOf(health)).toEqual([asked]);
  for (const actor of [clerk, federation, police, neighbour]) expect(await workOf(actor)).toEqual([]);
  for (const actor of [town, village, city]) await workOf(actor);
  expect(await codeOf(health, 'POST', `/exchanges/${exchange}/receipt`, { rows: 0 })).toBe('remarkMissing');
  expect((await receive(health, exchange, { rows: 0, remark: '少一人，张某未列' })).body).toMatchObject({
    agrees: false,
  });
  expect(await inbox(health)).toEqual([exchange]);
  expect(await workOf(health)).toEqual([]);
  expect(await workOf(clerk)).toMatchObject([
    [`/exchanges/${exchange}`, '2024-09 发给卫生健康部门的在册人员数据', ['resend'], '2024-09-30', -45],
  ]);
  expect(await dutyOn('exchangeMade', '2024-09-30', '2024-11-14')).toEqual(['late']);
  app.clock.set('2024-11-15');
  expect((await receive(health, exchange, { rows: 1 })).body).toMatchObject({ agrees: true });
  expect(await workOf(clerk)).toEqual([]);
  expect(await dutyOn('exchangeMade', '2024-09-30', '2024-11-15')).toEqual(['doneLate']);
  expect(await dutyOn('exchangeMade', '2024-09-30', '2024-11-14')).toEqual(['late']);
  // Taken back by the sender, the month is unmade again.
  expect(await codeOf(health, 'POST', `/exchanges/${exchange}/void`, { reason: '不是我发的' })).toBe('notSender');
  await ok(clerk, 'POST', `/exchanges/${exchange}/void`, { reason: '发错月份' });
  expect(await codeOf(clerk, 'POST', `/exchanges/${exchange}/void`, { reason: '再来一次' })).toBe('notFound');
  expect(await dutyOn('exchangeMade', '2024-09-30', '2024-11-15')).toEqual(['late']);
});

test('who may send what to whom; others neither find a batch nor open it', async () => {
  const send = (actor: Actor, to: string, change: object = {}) =>
    codeOf(actor, 'POST', '/exchanges', { ...batch, to, ...change });
  expect(await send(clerk, 'civilAffairs')).toBe('ownDepartment');
  expect(await send(clerk, 'health')).toBe('alreadySent');
  expect(await send(clerk, 'health', { month: '2024-12' })).toBe('monthAhead');
  expect(await send(clerk, 'health', { purpose: '' })).toBe('inputInvalid');
  expect(await send(federation, 'publicSecurity')).toBe('notForOffice');
  expect(await send(town, 'health')).toBe('countyOnly');
  expect(await send(police, 'health')).toBe('roleNotAllowed');
  expect(await send(city, 'federation')).toBe('figuresOnly');
  const { exchange, rows } = await sent(health, 'federation', { kind: 'changes', month: '2024-11' });
  expect(rows).toBe(1);
  expect(await ok<ExchangeView>(clerk, 'GET', `/exchanges/${exchange}`)).toMatchObject({ mayReceive: false, rows });
  expect(await codeOf(clerk, 'POST', `/exchanges/${exchange}/download`, { purpose: '看看' })).toBe('notReceiver');
  for (const actor of [police, neighbour, town, anActor('federation', { scope: '511903' })])
    expect(await codeOf(actor, 'GET', `/exchanges/${exchange}`)).toBe('notFound');
  expect(await codeOf(city, 'POST', `/exchanges/${exchange}/download`, { purpose: '看看' })).toBe('figuresOnly');
  expect(await codeOf(neighbour, 'GET', '/exchange-months/2024-10', { county })).toBe('outOfScope');
  expect(await stateOf('federation', city)).toBe('received');
});

test('a list that comes back is reconciled by the census review, and stays so when its rows are cleared away', async () => {
  const on = lists(app);
  const aRow = { 姓名: '欧阳丹枫', 身份证号: '', 出生日期: '1985-03-07', 联系电话: '13519020417' };
  const list = await on.imported([aRow, { ...aRow, 姓名: '诸葛新来', 出生日期: '1990-01-01' }], 'health', '2024-10-31');
  const own = await on.imported([{ 姓名: '闻人另一', 出生日期: '1991-01-01' }], 'civil', '2024-10-31');
  const take = (actor: Actor, input: object) =>
    codeOf(actor, 'POST', '/exchange-lists', { month: '2024-10', ...input });
  expect(await take(clerk, { list: own })).toBe('ownList');
  expect(await take(anActor('civilAffairs', { scope: '511903' }), { list })).toBe('notFound');
  expect(await take(health, { list })).toBe('roleNotAllowed');
  expect(await stateOf('health')).toBe('received');
  await ok(clerk, 'POST', '/exchange-lists', { list, month: '2024-10' });
  expect(await take(clerk, { list, month: '2024-11' })).toBe('alreadyTaken');
  expect(await stateOf('health')).toBe('returned');
  expect(await workOf(clerk)).toMatchObject([
    ['/exchanges', '2024-10 卫生健康部门的名单', ['reconcile'], '2024-10-31', -15],
  ]);
  const waiting = (await on.reviews(list)).map(({ position }) => position);
  expect(waiting).toHaveLength(1);
  expect(await codeOf(clerk, 'POST', `/exchange-lists/${list}/reconcile`)).toBe('stillWaiting');
  for (const position of waiting) await on.resolve(list, position, { decision: 'dismiss' });
  await ok(clerk, 'POST', `/exchange-lists/${list}/reconcile`);
  expect(await workOf(clerk)).toEqual([]);
  expect(await codeOf(clerk, 'POST', `/exchange-lists/${list}/reconcile`)).toBe('alreadyReconciled');
  await app.admin.query('delete from census_row where list = $1', [list]);
  await app.admin.query('delete from census_list where id = $1', [list]);
  const { rows } = await ok<{ rows: { department: string; lists: { counts: object }[] }[] }>(
    ...([clerk, 'GET', '/exchange-months/2024-10'] as const),
  );
  expect(rows.find(({ department }) => department === 'health')?.lists).toMatchObject([
    { counts: { created: 1, dismissed: 1, waiting: 0 } },
  ]);
  expect(await stateOf('health')).toBe('reconciled');
  await ok(clerk, 'POST', `/exchange-lists/${list}/void`, { reason: '记错月份' });
  expect(await stateOf('health')).toBe('received');
});

const [first, second] = listTowns(county).map(({ code }) => code) as [string, string];
const sweeping = {
  ...{ on: '2024-11-01', county, year: 2024, title: '2024年联合排查', from: '2024-10-01', to: '2024-11-30' },
  ...{ departments: ['civilAffairs', 'health', 'publicSecurity'], towns: [first, second] },
};

test('a sweep is closed only when each town is covered; visits and risk count by themselves; the year counts as done from that day', async () => {
  const open = (actor: Actor, change: object = {}) => codeOf(actor, 'POST', '/sweeps', { ...sweeping, ...change });
  expect(await open(town)).toBe('countyOnly');
  expect(await open(neighbour)).toBe('outOfScope');
  expect(await open(federation)).toBe('roleNotAllowed');
  expect(await open(health, { to: '2024-09-30' })).toBe('spanInvalid');
  expect(await open(health, { towns: ['511903001'] })).toBe('otherCounty');
  const { sweep } = await ok<{ sweep: string }>(health, 'POST', '/sweeps', sweeping);
  expect(await open(clerk)).toBe('alreadyOpen');

  const cover = { town: first, on: '2024-11-05', households: 120, residents: 300, found: 2, note: '某户需再访' };
  const covering = (actor: Actor, change: object = {}) =>
    call<{ cover: string }>(actor, 'POST', `/sweeps/${sweep}/covers`, { ...cover, ...change });
  expect((await covering(village, { town: second })).code).toBe('outOfScope');
  expect((await covering(village, { on: '2024-09-30' })).code).toBe('outsideSpan');
  expect((await covering(clerk, { town: '511902003' })).code).toBe('notSwept');
  const wrong = (await covering(village)).body.cover;
  await ok(town, 'GET', `/sweeps/${sweep}`);
  expect(await codeOf(town, 'POST', `/sweep-covers/${wrong}/void`, { reason: '不是我' })).toBe('outOfScope');
  await ok(village, 'POST', `/sweep-covers/${wrong}/void`, { reason: '填错数' });
  await covering(village, { village: '一村', households: 100 });
  expect(await codeOf(clerk, 'POST', `/sweeps/${sweep}/void`, { reason: '取消' })).toBe('alreadyCovered');

  const visit = visitRecorded.draft({
    ...{ id: newId(), county, on: '2024-11-06', subjects: [personSubject(risky.person)] },
    body: { method: 'home', participants: ['李敏'], met: ['client'], facts: [], aid: [] },
  });
  await app.record(visit);
  const rowsFor = async (actor: Actor) => (await ok<SweepView>(actor, 'GET', `/sweeps/${sweep}`)).rows;
  const live = { visited: 1, atRisk: 1, newAtRisk: 1, managed: 1 };
  expect(await rowsFor(health)).toMatchObject([
    { town: first, covered: true, households: 100, found: 2, live, covers: [{ village: '一村', note: '某户需再访' }] },
    { town: second, covered: false, live: { visited: 0, atRisk: 0 } },
  ]);
  expect((await rowsFor(federation))[0]?.live).toEqual({ visited: 1 });
  // Neither public security, which sees nobody, nor the city learns a count that could point at someone.
  for (const actor of [police, city])
    expect((await rowsFor(actor))[0]).toMatchObject({
      households: 100,
      found: null,
      live: null,
      covers: [{ note: null }],
    });
  expect(await codeOf(neighbour, 'GET', `/sweeps/${sweep}`)).toBe('notFound');

  const close = (actor: Actor) =>
    call(actor, 'POST', `/sweeps/${sweep}/close`, { on: '2024-11-10', summary: '底数已清' });
  expect(await close(clerk)).toMatchObject({ code: 'notCovered', body: { detail: expect.stringContaining('1 个') } });
  expect((await close(town)).code).toBe('countyOnly');
  await covering(clerk, { town: second });
  expect(await dutyOn('sweepDone', '2024-12-31', '2024-11-15')).toEqual(['due']);
  expect((await close(clerk)).status).toBe(200);
  expect(await dutyOn('sweepDone', '2024-12-31', '2024-11-15')).toEqual(['done']);
  expect(await dutyOn('sweepDone', '2024-12-31', '2024-11-09')).toEqual(['due']);
  expect((await covering(clerk)).code).toBe('closed');

  // Taken back by whoever closed it or civil affairs: the year is as if it had not been closed, and the page says so.
  const reopen = (actor: Actor) => codeOf(actor, 'POST', `/sweeps/${sweep}/reopen`, { reason: '某镇漏登一村' });
  expect(await ok<SweepView>(health, 'GET', `/sweeps/${sweep}`)).toMatchObject({ mayReopen: false });
  expect(await reopen(health)).toBe('otherOffice');
  expect(await reopen(town)).toBe('countyOnly');
  expect(await reopen(neighbour)).toBe('notFound');
  const { sweep: other } = await ok<{ sweep: string }>(health, 'POST', '/sweeps', sweeping);
  expect(await reopen(clerk)).toBe('alreadyOpen');
  await ok(health, 'POST', `/sweeps/${other}/void`, { reason: '重复部署' });
  expect(await ok<SweepView>(clerk, 'GET', `/sweeps/${sweep}`)).toMatchObject({ mayReopen: true, reopenings: [] });
  expect(await reopen(clerk)).toBeUndefined();
  expect(await reopen(clerk)).toBe('notClosed');
  expect(await dutyOn('sweepDone', '2024-12-31', '2024-11-15')).toEqual(['due']);
  const told = { closedOn: '2024-11-10', on: '2024-11-15' };
  expect(await ok<SweepView>(health, 'GET', `/sweeps/${sweep}`)).toMatchObject({
    ...{ closedOn: null, summary: null, covered: 2, mayKeep: true, mayReopen: false },
    reopenings: [{ ...told, reason: '某镇漏登一村' }],
  });
  expect(await ok<SweepView>(village, 'GET', `/sweeps/${sweep}`)).toMatchObject({
    reopenings: [{ ...told, reason: null }],
  });
  expect((await covering(village, { village: '二村' })).status).toBe(200);
  expect((await close(health)).status).toBe(200);
  expect(await dutyOn('sweepDone', '2024-12-31', '2024-11-15')).toEqual(['done']);
  const stored = await app.admin.query('select summary from sweep union all select note from sweep_cover');
  expect(JSON.stringify(stored.rows)).not.toMatch(/底数|某户/);
});
