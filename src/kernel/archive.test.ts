// The journal taken out, put back, proved and replayed: whole when it is whole, and each kind of damage is found and named.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createAccount } from '../network/account.server.ts';
import { personListed, visitRecorded } from '../person/person.ts';
import { anActor, newId, openTestApp, type TestApp } from '../server/app.fixtures.ts';
import { testMasterKeys } from '../server/database-for-tests.ts';
import { contextOf } from '../server/http.ts';
import { machineActor } from './access.ts';
import { digestTable, exportJournal, loadJournal } from './archive.ts';
import { replayJournal } from './archive-replay.ts';
import { verifyJournal } from './archive-verify.ts';
import { chainAudit, verifyAudit } from './audit-chain.ts';
import { makeBackup } from './backup.ts';
import { makeBackupKey } from './backup-seal.ts';
import type { Connection } from './database.ts';
import { personSubject } from './entry.ts';
import { readJsonLines } from './lines.ts';
import { masterKeysInFile } from './master-key.ts';
import { type BackupSource, restoreBackup } from './restore.ts';
import { putSetting } from './setting.ts';

const live = await openTestApp();
const [loaded, restored] = [await openTestApp(), await openTestApp()];
const [cut, unsealed, empty] = [await openTestApp(), await openTestApp(), await openTestApp()];
const folder = mkdtempSync(join(tmpdir(), 'kangtu-archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

const contextFor = (app: TestApp) => contextOf({ packs: app.packs, clock: app.clock }, machineActor, 'test');
const targetOf = (app: TestApp) => ({
  masterKeys: testMasterKeys,
  database: app.database,
  journal: app.journal,
  ctx: contextFor(app),
});
const adminOf = (app: TestApp): Connection => {
  const { user = '', password, host = '', port = 0, database = '' } = app.admin.options;
  return { user, host, port, database, password: String(password ?? '') };
};

const persons = Array.from({ length: 4 }, newId);
const [first = '', second = ''] = persons;
const visits = Array.from({ length: 3 }, newId);

const visit = (id: string, subjects: readonly string[], more: object = {}) => ({
  ...visitRecorded.draft({
    id,
    county: '511902',
    on: '2024-03-05',
    subjects: subjects.map(personSubject),
    body: {
      method: 'home',
      participants: ['王敏'],
      met: ['client'],
      facts: [{ kind: 'selfCaring', on: '2024-03-05', value: true, source: 'visit' }],
      aid: [],
    },
  }),
  ...more,
});

beforeAll(async () => {
  for (const [i, person] of persons.entries())
    await live.record(
      personListed.draft({
        id: newId(),
        county: i === 3 ? '511921' : '511902',
        on: '2024-01-02',
        subjects: [personSubject(person)],
        body: { identity: { name: '韩梅', sex: 'female', town: i === 3 ? '511921001' : '511902001' }, facts: [] },
      }),
    );
  // A group, a correction that drops one of it, a void: the cases in which order and places matter.
  await live.record(...visits.map((id) => visit(id, persons.slice(0, 3))));
  const correction = newId();
  await live.record(visit(correction, [first], { type: 'visit.correct', replaces: visits[0] }));
  await live.record(visit(newId(), [first, second], { type: 'visit.correct', replaces: correction }));
  await live.record({
    ...visit(newId(), persons.slice(0, 3)),
    type: 'visit.void',
    body: { reason: '录错' },
    replaces: visits[1] ?? '',
  });
  const input = {
    id: newId(),
    username: 'admin',
    name: '王管理',
    role: 'systemAdmin' as const,
    scope: '5119',
    password: 'A-long-word-1',
  };
  await live.database.as(machineActor, (tx) => createAccount(tx, contextFor(live), input));
});

const lines = async (app: TestApp): Promise<string[]> => {
  const all: string[] = [];
  await exportJournal(app.database, async (line) => void all.push(line));
  return all;
};
async function* each(all: readonly string[]) {
  yield* all;
}
const digests = (app: TestApp) =>
  app.read(async (tx) => {
    const tables = ['entry_subject', 'chain', 'tally', 'person', 'fact', 'file', 'placement', 'sight'];
    const all: Record<string, unknown> = {};
    for (const table of tables) all[table] = await digestTable(tx, table);
    return all;
  });

describe('export and load', () => {
  test('carry the whole journal into another database, once, with the same chains, tallies and state', async () => {
    const all = await lines(live);
    const count = all.filter((line) => line.startsWith('{"entry"')).length;
    expect(await loadJournal(targetOf(loaded), each(all))).toEqual({ read: count, recorded: count });
    expect(await loadJournal(targetOf(loaded), each(all))).toEqual({ read: count, recorded: 0 });
    expect(await digests(loaded)).toEqual(await digests(live));
    expect(await lines(loaded)).toEqual(all);
    expect((await verifyJournal(loaded.database, loaded.journal)).problems).toEqual([]);
  });

  test('refuse a file that was cut, that was changed, and one that is something else', async () => {
    const all = await lines(live);
    await expect(loadJournal(targetOf(cut), each(all.slice(0, -1)))).rejects.toMatchObject({ code: 'archiveCut' });
    const changed = all.map((line) => line.replace('王敏', '王雪'));
    await expect(loadJournal(targetOf(cut), each(changed))).rejects.toMatchObject({ code: 'hashDiffers' });
    await expect(loadJournal(targetOf(cut), each(['{"a":1}']))).rejects.toMatchObject({ code: 'notAnArchive' });
    await expect(loadJournal(targetOf(cut), each(['nonsense']))).rejects.toMatchObject({ code: 'notAnArchive' });
  });
});

describe('verify names the first thing that is broken', () => {
  /** Damages inside a transaction of the owner that is undone afterwards. */
  const damaged = async (damage: string, values: unknown[], undo: string, undoValues: unknown[]) => {
    await live.admin.query(damage, values);
    try {
      return (await verifyJournal(live.database, live.journal)).problems;
    } finally {
      await live.admin.query(undo, undoValues);
    }
  };
  const id = visits[2];

  test('nothing', async () => {
    const proof = await verifyJournal(live.database, live.journal);
    expect(proof).toMatchObject({ entries: 11, problems: [] });
    expect(proof.chains).toBe(5);
  });
  test('an entry whose body was edited', async () => {
    const edit = `update entry set body = jsonb_set(body, '{method}', $2) where id = $1`;
    expect(await damaged(edit, [id, '"phone"'], edit, [id, '"home"'])).toEqual([
      { problem: 'entryAltered', county: '511902', entry: id },
    ]);
  });
  test('a link that was exchanged', async () => {
    const edit = `update entry_subject set hash = sha256(hash) where entry = $1 and subject = $2`;
    const { rows } = await live.admin.query('select hash from entry_subject where entry = $1 and subject = $2', [
      id,
      second,
    ]);
    const back = 'update entry_subject set hash = $3 where entry = $1 and subject = $2';
    const problems = await damaged(edit, [id, second], back, [id, second, rows[0].hash]);
    expect(problems[0]).toMatchObject({ problem: 'linkBroken', subject: second, link: 4, entry: id });
  });
  test('the newest link taken away', async () => {
    const head = 'update chain set length = length + $2 where subject = $1';
    expect(await damaged(head, [second, 1], head, [second, -1])).toMatchObject([
      { problem: 'headDiffers', subject: second },
    ]);
  });
  test('an entry taken away', async () => {
    const { rows } = await live.admin.query('delete from entry where id = $1 returning to_jsonb(entry) as row', [id]);
    const back = 'insert into entry overriding system value select * from jsonb_populate_record(null::entry, $1)';
    const problems = await damaged('select 1', [], back, [rows[0].row]);
    expect(problems).toContainEqual(expect.objectContaining({ problem: 'entryMissing', entry: id }));
  });
  test('a tally that was moved', async () => {
    const edit = `update tally set count = count + $2 where subject = $1 and type = 'visit.record' and part = ''`;
    expect(await damaged(edit, [first, 1], edit, [first, -1])).toMatchObject([
      { problem: 'tallyDiffers', subject: first, of: 'visit.record  2024-03' },
    ]);
  });
});

describe('replay', () => {
  test('rebuilds state equal to the live one, and restores what was lost', async () => {
    const before = await digests(live);
    expect(await replayJournal(live.database, live.journal)).toMatchObject({ differing: [] });
    expect(await digests(live)).toEqual(before);
    await live.admin.query(`update file set stage = 'closed' where person = $1`, [first]);
    await live.admin.query('delete from fact where person = $1', [second]);
    const check = await replayJournal(live.database, live.journal, { check: true });
    expect([...check.differing].sort()).toEqual(['fact', 'file']);
    expect(await digests(live)).not.toEqual(before);
    expect((await replayJournal(live.database, live.journal)).differing).toHaveLength(2);
    expect(await digests(live)).toEqual(before);
  });
});

describe('backup and restore', () => {
  const file = join(folder, 'kangtu.backup');

  test('bring accounts, settings, journal and state over, equal; sessions stay behind', async () => {
    // U+2028 ends a line for some readers, and stands in a line of JSON as it is.
    await live.read((tx) => putSetting(tx, { name: 'place', schema: z.string() }, '巴\u2028中'));
    await live.call(anActor('civilAffairs'), 'GET', '/persons');
    await chainAudit(live.database);
    const report = await makeBackup(adminOf(live), live.journal, { file, recipient: null, masterKeys: testMasterKeys });
    expect(report).toMatchObject({
      entries: 11,
      tables: { account: 1, account_credential: 1, setting: 2, sealing_key: 5 },
    });
    expect(await restoreBackup(adminOf(restored), targetOf(restored), { file })).toEqual(report);
    expect(await digests(restored)).toEqual(await digests(live));
    const hash = (app: TestApp) => app.admin.query('select password from account_credential');
    expect((await hash(restored)).rows).toEqual((await hash(live)).rows);
    // Goes on where it was: the next entry links to the restored chain.
    await restored.record(visit(newId(), [first]));
    expect((await verifyJournal(restored.database, restored.journal)).problems).toEqual([]);
    // So does the audit: its next line comes after those of the backup, in one chain.
    await restored.call(anActor('civilAffairs'), 'GET', '/persons');
    expect(await verifyAudit(adminOf(restored), restored.database, {})).toMatchObject({ lines: 2, problem: null });
  });

  test('refuse a database in use, a file that exists, and a file that was changed or cut', async () => {
    await expect(restoreBackup(adminOf(live), targetOf(live), { file })).rejects.toMatchObject({ code: 'notEmpty' });
    await expect(
      makeBackup(adminOf(live), live.journal, { file, recipient: null, masterKeys: testMasterKeys }),
    ).rejects.toMatchObject({
      code: 'fileExists',
    });
    const text = gunzipSync(readFileSync(file)).toString();
    const broken = async (name: string, content: string | Buffer) => {
      writeFileSync(join(folder, name), content);
      await expect(
        restoreBackup(adminOf(loaded), targetOf(loaded), { file: join(folder, name) }),
      ).rejects.toMatchObject({
        code: 'backupBroken',
      });
    };
    await broken('changed', gzipSync(text.replace('王敏', '王雪')));
    await broken('cut', gzipSync(text.split('\n').slice(0, -2).join('\n')));
    await broken('short', readFileSync(file).subarray(0, 400));
    await broken('other', gzipSync('{"a":1}\n'));
    expect((await loaded.read((tx) => sql`select 1 from account`.execute(tx))).rows).toEqual([]);
  });

  test('refuse, before anything is written, what a backup never holds, though its checksum is right', async () => {
    const text = gunzipSync(readFileSync(file)).toString();
    const lines = text.trimEnd().split('\n').slice(0, -1);
    const { end } = JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
    const forged = async (name: string, all: readonly string[]) => {
      const body = all.map((line) => `${line}\n`).join('');
      const sha256 = createHash('sha256').update(body).digest('hex');
      writeFileSync(join(folder, name), gzipSync(`${body}${JSON.stringify({ end: { ...end, sha256 } })}\n`));
      const masterKeys = { ...testMasterKeys, write: () => Promise.reject(new Error('written')) };
      const before = await digests(empty);
      const error = await restoreBackup(
        adminOf(empty),
        { ...targetOf(empty), masterKeys },
        { file: join(folder, name) },
      ).catch((reason: unknown) => reason);
      expect(await digests(empty), name).toEqual(before);
      return error;
    };
    const [head = '', ...rest] = lines;
    const withLine = (line: string) => [head, line, ...rest];
    for (const table of [
      'account_session',
      'entry',
      'person',
      'migration',
      'pg_authid',
      'person"; drop table person; --',
    ])
      expect(await forged('table', withLine(JSON.stringify({ table, rows: [{ id: 1 }] })))).toMatchObject({
        code: 'backupBroken',
        message: expect.stringContaining('不属于备份的表'),
      });
    for (const line of [
      '{"table":"account","rows":[1]}',
      '{"entries":{}}',
      '{"other":1}',
      head,
      `${'['.repeat(1000)}${']'.repeat(1000)}`,
    ])
      expect(await forged('line', withLine(line))).toMatchObject({ code: 'backupBroken' });
    const later = head.replace('"version":2', '"version":3');
    expect(await forged('later', [later, ...rest])).toMatchObject({
      code: 'backupVersion',
      message: expect.stringContaining('请用做这份备份时的康途版本恢复'),
    });
  });

  test('a line without end is refused as soon as it is longer than any of ours', async () => {
    let given = 0;
    async function* endless() {
      for (; ; given += 1) yield Buffer.alloc(2 ** 20, 0x20);
    }
    await expect(readJsonLines(endless()).next()).rejects.toMatchObject({ code: 'lineTooLarge' });
    expect(given).toBeLessThan(100);
  });

  test('are sealed for a key that only opening needs; without it, with another, or changed they open nothing', async () => {
    const [sealed, key, other] = ['sealed.backup', 'own.key', 'other.key'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const recipient = await makeBackupKey(key);
    await makeBackupKey(other);
    await expect(makeBackupKey(key)).rejects.toMatchObject({ code: 'fileExists' });
    const report = await makeBackup(adminOf(live), live.journal, {
      file: sealed,
      recipient,
      masterKeys: { ...testMasterKeys, write: async () => undefined },
    });
    // To a machine without this master key: a backup in clear is of no use there, a sealed one brings it along.
    const elsewhere = masterKeysInFile(join(folder, 'elsewhere.key'));
    const there = { ...targetOf(unsealed), masterKeys: elsewhere };
    await expect(restoreBackup(adminOf(unsealed), there, { file })).rejects.toMatchObject({ code: 'masterKeyMissing' });
    const restore = (source: BackupSource) => restoreBackup(adminOf(unsealed), there, source);
    await expect(restore({ file: sealed })).rejects.toMatchObject({ code: 'keyNeeded' });
    await expect(restore({ file: sealed, keyFile: other })).rejects.toMatchObject({ code: 'keyWrong' });
    await expect(restore({ file: sealed, keyFile: sealed })).rejects.toMatchObject({ code: 'keyWrong' });
    const bytes = readFileSync(sealed);
    const changed = join(folder, 'changed.backup');
    for (const cut of [bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1), bytes.subarray(0, -20)]) {
      writeFileSync(changed, cut);
      await expect(restore({ file: changed, keyFile: key })).rejects.toMatchObject({ code: 'backupBroken' });
    }
    expect(await restore({ file: sealed, keyFile: key })).toEqual(report);
  });
});
