// Rows that wait for a person: side by side, every decision, and links that are made and taken away without losing anything.
import { type RawBuilder, sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient } from '../server/client.fixtures.ts';
import { anId, removeFolders } from './census.fixtures.ts';
import { clerk, lists } from './census-server.fixtures.ts';

const app = await openTestApp();
const on = lists(app);
afterAll(removeFolders);

const persons = (where: RawBuilder<unknown>) =>
  app.read(
    async (tx) =>
      (
        await sql<{
          id: string;
        }>`select id, name, town, phone, id_number, linked_to from person where ${where}`.execute(tx)
      ).rows,
  );
const record = async (id: string | null) => (await persons(sql`id = ${id}`))[0];
const entries = async (): Promise<number> => (await app.admin.query('select count(*)::int as n from entry')).rows[0].n;

// Known by name and birth date, moved to another town: doubtful.
const doubtful = (name: string, birthDate: string) => ({
  姓名: name,
  出生日期: birthDate,
  性别: '男',
  乡镇: '西城街道',
  目前状态: '住院',
});
const known = async (name: string, birthDate: string, idNumber?: string) => {
  const client = aClient({
    on: '2023-10-01',
    identity: {
      name,
      birthDate,
      sex: 'male',
      householdDivision: '511902001',
      ...(idNumber ? { idNumber, idKind: 'citizen' } : {}),
    },
    facts: [{ kind: 'livesAt', on: '2023-10-01', value: 'home', source: 'federation' }],
  });
  await app.record(...client.drafts);
  return client;
};
const unlink = (person: string, other: string, actor = clerk, day = '2024-11-14') =>
  app.call(actor, 'POST', `/persons/${person}/links/${other}/remove`, { id: newId(), on: day, reason: '核实有误' });

test('same person: linked, facts count, un-linked again; the same row is not asked about twice', async () => {
  const client = await known('周疑似', '1960-01-02');
  const list = await on.imported([doubtful('周疑似', '1960-01-02')], 'health');
  expect(await on.reviews(list)).toMatchObject([{ position: 0, kind: 'review', name: '周*似', candidates: 1 }]);
  const { body: view } = await on.review(list, 0);
  expect(view.candidates).toMatchObject([{ person: client.person }]);
  expect(view.row.values).toContainEqual({
    label: '居住状况',
    value: '住院',
    differs: true,
    source: '卫健名单 2023-11-30',
  });
  expect(view.row.values.map(({ label }) => label)).toEqual(view.candidates[0]?.values.map(({ label }) => label));

  const resolved = await on.resolve(list, 0, { decision: 'link', person: client.person });
  expect(resolved.body).toEqual({ result: 'linked', person: client.person });
  const rows = await persons(sql`linked_to = ${client.person}`);
  expect(rows).toMatchObject([{ name: '周疑似', town: '511902002' }]);
  expect(await record(client.person)).toMatchObject({ town: '511902001' });
  expect((await on.resolve(list, 0, { decision: 'dismiss' })).code).toBe('alreadyDecided');

  const before = await entries();
  const again = await on.imported([doubtful('周疑似', '1960-01-02')], 'health');
  expect(await on.outcomes(again)).toEqual(['match']);
  expect(await entries()).toBe(before);

  expect((await unlink(client.person, rows[0]?.id ?? '')).status).toBe(200);
  expect(await record(rows[0]?.id ?? '')).toMatchObject({ linked_to: null, name: '周疑似' });
  expect((await unlink(client.person, rows[0]?.id ?? '')).code).toBe('notLinked');
});

test('another person: a record of its own, and the next list knows which is which', async () => {
  const client = await known('吴同名', '1961-01-02');
  const list = await on.imported([doubtful('吴同名', '1961-01-02')], 'health');
  const { body: resolved } = await on.resolve(list, 0, { decision: 'create' });
  expect(resolved.result).toBe('created');
  expect(await record(resolved.person)).toMatchObject({ name: '吴同名', town: '511902002', linked_to: null });
  expect(resolved.person).not.toBe(client.person);
  const again = await on.imported([doubtful('吴同名', '1961-01-02')], 'health');
  expect((await on.rows(again))[0]).toMatchObject({ outcome: 'match', person: resolved.person });
});

test('a conflict: kept beside each other, taken from the list, or two people and only one of them has the number', async () => {
  const [a, b, c] = [anId('1962-01-02', 11), anId('1962-01-02', 13), anId('1962-01-02', 15)];
  const kept = await known('郑原名', '1962-01-02', a);
  const taken = await known('冯错字', '1962-01-02', b);
  const owner = await known('陈本人', '1962-01-02', c);
  const list = await on.imported(
    [
      { 姓名: '郑新名', 身份证号: a, 电话: '19900000001' },
      { 姓名: '冯正字', 身份证号: b, 电话: '' },
      { 姓名: '褚他人', 身份证号: c, 电话: '' },
      { 姓名: '卫不要', 身份证号: c, 电话: '' },
    ],
    'civil',
  );
  expect(await on.outcomes(list)).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
  expect((await on.review(list, 0)).body).toMatchObject({ kind: 'conflict', reason: '身份证号相同，但姓名不同' });
  await on.resolve(list, 0, { decision: 'link', person: kept.person });
  expect(await record(kept.person)).toMatchObject({ name: '郑原名', phone: null });
  await on.resolve(list, 1, { decision: 'update', person: taken.person });
  expect(await record(taken.person)).toMatchObject({ name: '冯正字', id_number: b });
  const { body: other } = await on.resolve(list, 2, { decision: 'create' });
  expect(await record(other.person)).toMatchObject({ name: '褚他人', id_number: null });
  expect(await record(owner.person)).toMatchObject({ name: '陈本人', id_number: c });
  const before = await entries();
  expect((await on.resolve(list, 3, { decision: 'dismiss' })).body).toEqual({ result: 'dismissed', person: null });
  expect(await entries()).toBe(before);
  expect(await on.outcomes(list)).toEqual(['linked', 'updated', 'created', 'dismissed']);
  expect(await on.reviews(list)).toEqual([]);
});

test('refusals of a decision', async () => {
  await known('蒋候选', '1963-01-02', anId('1963-01-02', 11));
  const busy = await known('沈在办', '1964-01-02');
  const shared = anId('1964-01-02', 17);
  for (const name of ['尤甲', '尤乙']) await known(name, '1964-01-02', shared);
  const list = await on.imported(
    [
      { 姓名: '蒋他名', 身份证号: anId('1963-01-02', 11), 残疾人证号: '' },
      { 姓名: '韩矛盾', 身份证号: anId('1963-01-02', 13), 残疾人证号: `${anId('1963-01-02', 15)}62` },
      { 姓名: '', 身份证号: shared, 残疾人证号: '' },
    ],
    'federation',
  );
  expect((await on.resolve(list, 0, { decision: 'link', person: busy.person })).code).toBe('notCandidate');
  expect((await on.resolve(list, 1, { decision: 'create' })).code).toBe('decisionNotAllowed');
  expect((await on.resolve(list, 2, { decision: 'create' })).code).toBe('nameMissing');
  const neighbour = anActor('civilAffairs', { scope: '511903' });
  expect((await on.review(list, 0, neighbour)).status).toBe(404);
  expect((await on.resolve(list, 0, { decision: 'dismiss' }, neighbour)).status).toBe(404);
  const health = anActor('health');
  expect((await on.review(list, 0, health)).status).toBe(403);
  expect((await on.resolve(list, 0, { decision: 'dismiss' }, health)).status).toBe(403);
});

const link = (person: string, other: string, actor = clerk, day = '2024-11-14') =>
  app.call(actor, 'POST', `/persons/${person}/links`, { id: newId(), other, on: day, reason: '入户核实' });

test('records on file are linked and un-linked; what must not be linked is refused', async () => {
  const plain = await known('杨甲', '1965-01-02');
  const other = await known('杨乙', '1965-01-02');
  const third = await known('杨丙', '1965-01-02');
  const running = (await known('朱甲', '1966-01-02')).registered('2024-01-10');
  const alsoRunning = (await known('朱乙', '1966-01-02')).registered('2024-01-10');
  const away = aClient({ county: '511921', on: '2023-10-01' });
  await app.record(...running.drafts.slice(1), ...alsoRunning.drafts.slice(1), ...away.drafts);

  expect((await link(plain.person, plain.person)).code).toBe('samePerson');
  expect((await link(running.person, alsoRunning.person)).code).toBe('bothActive');
  expect((await link(plain.person, running.person)).code).toBe('otherActive');
  expect((await link(plain.person, other.person, clerk, '2023-09-01')).code).toBe('beforeStart');
  expect((await link(plain.person, other.person, clerk, '2024-12-01')).code).toBe('inFuture');
  expect((await link(plain.person, away.person)).status).toBe(404);
  // The command line, which acts for the whole city.
  const city = anActor('machine', { scope: '5119' });
  expect((await link(plain.person, away.person, city)).code).toBe('otherCounty');
  expect((await link(plain.person, other.person, anActor('health'))).status).toBe(403);
  expect((await link(plain.person, other.person, anActor('civilAffairs', { scope: '511903' }))).status).toBe(404);

  expect((await link(running.person, plain.person)).status).toBe(200);
  expect(await record(plain.person)).toMatchObject({ linked_to: running.person });
  expect((await link(other.person, plain.person)).code).toBe('linkedAway');
  expect((await link(third.person, running.person)).code).toBe('linkedAway');
  expect((await unlink(running.person, plain.person, anActor('health'))).status).toBe(403);
  expect((await unlink(running.person, plain.person, anActor('civilAffairs', { scope: '511903' }))).status).toBe(404);
  expect((await unlink(running.person, plain.person, clerk, '2023-09-01')).code).toBe('beforeStart');
  expect((await unlink(running.person, plain.person, clerk, '2024-12-01')).code).toBe('inFuture');
  expect((await unlink(running.person, plain.person)).status).toBe(200);
});
