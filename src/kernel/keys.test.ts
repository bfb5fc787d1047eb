// Keys over a real database: a new master key while others write, keys that are closed or gone, and the master keys of each source.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient } from '../server/client.fixtures.ts';
import { testMasterKeys } from '../server/database-for-tests.ts';
import { machineActor } from './access.ts';
import { asSealed, type Database, openDatabase } from './database.ts';
import { openKeys } from './key-ring.ts';
import { rotateMaster } from './key-rotation.ts';
import { sealing } from './keys.ts';
import {
  type MasterKey,
  type MasterKeySource,
  makeMasterKey,
  masterKeySource,
  masterKeysInFile,
  readMasterKeys,
} from './master-key.ts';
import { isSealed } from './sealing.ts';
import { findSetting, putSetting } from './setting.ts';

const app = await openTestApp();
const folder = mkdtempSync(join(tmpdir(), 'kangtu-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A source that can be written, as a file; shared by all servers of a test. */
const changing = (): MasterKeySource & { keys: readonly MasterKey[] } => {
  const source = {
    label: '测试',
    keys: [{ id: '00000001', key: Buffer.alloc(32, 7) }] as readonly MasterKey[],
    read: async () => [...source.keys],
    write: async (keys: readonly MasterKey[]) => {
      source.keys = keys;
    },
  };
  return source;
};
const open = async (source: MasterKeySource): Promise<Database> => {
  const database = openDatabase(app.connection, { keys: await openKeys(app.connection, source), max: 3 });
  afterAll(() => database.close());
  return database;
};
const write = async (database: Database, name: string): Promise<string> => {
  const { person, drafts } = aClient({ identity: { name } });
  await database.as(machineActor, (tx) =>
    app.journal.append(tx, { actor: machineActor, now: app.clock.now(), today: app.clock.today() }, drafts),
  );
  return person;
};
const nameOf = async (database: Database, person: string): Promise<string | undefined> => {
  const { rows } = await database.as(machineActor, (tx) =>
    sql<{ name: string }>`select name from person where id = ${person}`.execute(tx),
  );
  return rows[0]?.name;
};
const keysIn = (database: Database) => {
  if (!database.keys) throw new Error('no keys');
  return database.keys;
};

test('a key of a transaction that was undone is not used again', async () => {
  const database = await open(testMasterKeys);
  const { person, drafts } = aClient({ identity: { name: '回滚者' } });
  const ctx = { actor: machineActor, now: app.clock.now(), today: app.clock.today() };
  const undone = database.as(machineActor, async (tx) => {
    await app.journal.append(tx, ctx, drafts);
    // Read back, so that the key is kept in memory.
    expect((await sql<{ name: string }>`select name from person where id = ${person}`.execute(tx)).rows).toEqual([
      { name: '回滚者' },
    ]);
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  await database.as(machineActor, (tx) => app.journal.append(tx, ctx, drafts));
  expect(await nameOf(database, person)).toBe('回滚者');
  expect(await nameOf(await open(testMasterKeys), person)).toBe('回滚者');
});

test('two who seal for a county at once use one key', async () => {
  const database = await open(testMasterKeys);
  const subject = newId();
  const sealed = await Promise.all(
    Array.from({ length: 6 }, (_, i) =>
      database.as(machineActor, async (tx) => {
        const keys = keysIn(database);
        return keys.seal(
          `第${i}句`,
          { county: '511902', subject },
          await keys.forWriting(asSealed(tx), '511902', [subject]),
        );
      }),
    ),
  );
  const rows = sealed.map((text) => ({ text }));
  await app.read((tx) => keysIn(app.database).open(asSealed(tx), rows));
  expect(rows.map(({ text }) => text)).toEqual(sealed.map((_, i) => `第${i}句`));
});

test('a closed key opens and seals nothing until it is released; a destroyed one never again', async () => {
  const database = await open(testMasterKeys);
  const other = await open(testMasterKeys);
  const person = await write(database, '封存者');
  const name = { county: '511902', subject: person };
  const at = app.clock.now();
  await database.as(machineActor, (tx) => keysIn(database).withhold(tx, name, at));
  expect(await nameOf(database, person)).toBe('（已封存）');
  const seal = () =>
    database.as(machineActor, async (tx) =>
      keysIn(database).seal('话', name, await keysIn(database).forWriting(asSealed(tx), '511902', [person])),
    );
  await expect(seal()).rejects.toMatchObject({ code: 'withheld' });
  await database.as(machineActor, (tx) => keysIn(database).withhold(tx, name, null));
  expect(await nameOf(database, person)).toBe('封存者');
  await database.as(machineActor, (tx) => keysIn(database).destroy(tx, name, at));
  expect(await nameOf(other, person)).toBe('（已删除）');
  await expect(seal()).rejects.toMatchObject({ code: 'erased' });
  const { rows } = await app.admin.query('select wrapped, master from sealing_key where subject = $1', [person]);
  expect(rows).toEqual([{ wrapped: null, master: null }]);
});

test('the suite of the state seals what comes after, and both are read', async () => {
  const database = await open(testMasterKeys);
  const before = await write(database, '原先的人');
  await database.as(machineActor, async (tx) => {
    const now = await findSetting(tx, sealing);
    if (now) await putSetting(tx, sealing, { ...now, suite: 'gm' });
  });
  const gm = await open(testMasterKeys);
  const after = await write(gm, '国密的人');
  const { rows } = await app.admin.query<{ name: string }>('select name from person where id = $1', [after]);
  expect(isSealed(rows[0]?.name)).toBe(true);
  expect(Buffer.from(rows[0]?.name.slice(1) ?? '', 'base64url')[0]).toBe(2);
  expect([await nameOf(gm, before), await nameOf(gm, after), await nameOf(database, after)]).toEqual([
    '原先的人',
    '国密的人',
    '国密的人',
  ]);
});

test('the master key is changed while others write and read; cut off, it goes on; without the old key nothing is missing', async () => {
  const source = changing();
  const [rotating, serving] = [await open(source), await open(source)];
  const first = await write(serving, '司徒先来');
  const cut = rotateMaster(rotating, source, {
    progress: () => {
      throw new Error('killed');
    },
  });
  await expect(cut).rejects.toThrow('killed');
  expect(source.keys).toHaveLength(2);
  const names = Array.from({ length: 20 }, (_, i) => `司徒第${i}`);
  const writing = (async () => {
    const persons: string[] = [];
    for (const name of names) persons.push(await write(serving, name));
    return persons;
  })();
  const done = await rotateMaster(rotating, source, { forgetOld: true });
  const persons = await writing;
  expect(source.keys.map(({ id }) => id)).toEqual([done.master]);
  const { rows } = await app.admin.query(
    `select master from sealing_key where master is not null union select value -> 'index' ->> 'master' from setting where name = 'sealing'`,
  );
  expect(rows).toEqual([{ master: done.master }]);
  const later = await open(source);
  expect(await Promise.all([first, ...persons].map((person) => nameOf(later, person)))).toEqual(['司徒先来', ...names]);
  await expect(open(testMasterKeys)).rejects.toMatchObject({ code: 'masterKeyMissing' });
});

test('master keys come from a file that only its owner reads, from the environment, or from a command', async () => {
  const file = join(folder, 'below', 'master.key');
  const source = masterKeysInFile(file);
  expect(await source.read()).toEqual([]);
  const keys = [makeMasterKey(), makeMasterKey()];
  await source.write?.(keys);
  expect(await source.read()).toEqual(keys);
  expect(statSync(file).mode & 0o077).toBe(0);
  const text = readFileSync(file, 'utf8');
  process.env.KANGTU_MASTER_KEY_COMMAND = `cat ${file}`;
  expect(await masterKeySource('/nowhere').read()).toEqual(keys);
  process.env.KANGTU_MASTER_KEY_COMMAND = 'false';
  await expect(masterKeySource('/nowhere').read()).rejects.toMatchObject({ code: 'masterKeyWrong' });
  process.env.KANGTU_MASTER_KEY = text;
  expect(await masterKeySource('/nowhere').read()).toEqual(keys);
  delete process.env.KANGTU_MASTER_KEY;
  delete process.env.KANGTU_MASTER_KEY_COMMAND;
  writeFileSync(file, 'abcd1234 c2hvcnQ=\n');
  await expect(source.read()).rejects.toMatchObject({
    code: 'masterKeyWrong',
    message: expect.stringContaining('第 1 行'),
  });
  expect(() => readMasterKeys('hello', '文件')).toThrow(/主密钥/);
});
