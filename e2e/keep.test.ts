// SIGKILL of backup, rotation and restoration, and a disk that takes no more: no half is taken for a whole, and the next try works.
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { machineActor } from '../src/kernel/access.ts';
import { systemClock } from '../src/kernel/calendar.ts';
import { openDatabase } from '../src/kernel/database.ts';
import { unreadableText } from '../src/kernel/keys.ts';
import { masterKeysInFile } from '../src/kernel/master-key.ts';
import { checkBackup } from '../src/kernel/restore.ts';
import { getPackLibrary } from '../src/policy/library.ts';
import { aClient } from '../src/server/client.fixtures.ts';
import { openEngine } from '../src/server/engine.ts';
import { contextOf } from '../src/server/http.ts';
import { journal } from '../src/server/slices.ts';
import { startServer } from '../src/server/start.ts';
import { countEntriesIn, killCommand, runCommand } from './command.fixtures.ts';
import { Caller, CrashServer, type Look, openLook, randomBelow, seed } from './crash.fixtures.ts';

/** Of each command. */
const kills = Number(process.env.KANGTU_KILLS ?? (process.env.KANGTU_DEEP ? 20 : 1));
const timeout = 120_000 + kills * 60_000;
const persons = 1000;

const base = mkdtempSync(join(tmpdir(), 'kangtu-keep-'));
// The database's own account has to get in, where the tests run as root.
chmodSync(base, 0o755);
const [folder, copies] = [join(base, 'data'), join(base, 'copies')];
const keyFile = join(base, 'backup.key');
const whole = join(copies, 'whole.backup');
const server = new CrashServer(folder);
let look: Look;

const on = (data: string, ...args: string[]): string[] => [...args, '--data', data];
const done = async (...args: string[]): Promise<string> => {
  const { code, out } = await runCommand(args);
  expect(code, out).toBe(0);
  return out;
};

/** More persons, so that each command has something to do for a while. */
const addPersons = async (): Promise<void> => {
  const engine = await openEngine({ folder, url: '' });
  const database = openDatabase(engine.app, { keys: engine.keys, max: 2 });
  const ctx = contextOf({ packs: getPackLibrary(), clock: systemClock }, machineActor, 'seed');
  for (let at = 0; at < persons; at += 500) {
    const drafts = Array.from({ length: 500 }, (_, i) => aClient({ identity: { name: `韩${at + i}` } }).drafts).flat();
    await database.as(machineActor, (tx) => journal.append(tx, ctx, drafts));
  }
  await database.close();
  await engine.stop();
};

beforeAll(async () => {
  mkdirSync(copies);
  await seed(folder);
  await addPersons();
  await server.start();
  look = await openLook(folder);
  await done(...on(folder, 'backup-key', keyFile));
}, timeout);
afterAll(async () => {
  await look?.close();
  await server.end('SIGTERM');
  rmSync(base, { recursive: true, force: true });
}, timeout);

const parts = (): string[] => readdirSync(copies).filter((name) => name.endsWith('.part'));
const isWhole = (name: string): Promise<boolean> =>
  checkBackup({ file: join(copies, name), keyFile }).then(
    () => true,
    () => false,
  );

test(`a backup is killed ${kills} times: what is under its name is whole`, { timeout }, async () => {
  for (let round = 0; round < kills; round += 1) {
    const args = on(folder, 'backup', join(copies, `killed-${round}.backup`));
    const before = parts().length;
    await killCommand(args, { when: () => parts().length > before, more: randomBelow(120) });
    for (const name of readdirSync(copies))
      expect(await isWhole(name), `${name} is whole, or is named as a part`).toBe(!name.endsWith('.part'));
  }
  // What nobody has written to for an hour is no backup under way.
  const [fresh = '', ...old] = parts();
  for (const name of old) utimesSync(join(copies, name), 0, 0);
  await done(...on(folder, 'backup', whole));
  expect(parts()).toEqual(fresh ? [fresh] : []);
  expect(await isWhole('whole.backup')).toBe(true);
});

test.skipIf(platform() === 'win32')('a backup for which there is no room says so and leaves nothing', async () => {
  const before = readdirSync(copies);
  const file = join(copies, 'tight.backup');
  // The shell's limit is in blocks of 512 or 1024 bytes: well below a backup of this size.
  const { code, out } = await runCommand(on(folder, 'backup', file), 'ulimit -f 64');
  expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('磁盘空间不足') });
  expect(out).not.toMatch(/\n\s+at /);
  expect(readdirSync(copies)).toEqual(before);
  await done(...on(folder, 'backup', file));
});

/** Names that anybody can read, through whatever data keys and master keys there are now. */
const readNames = async (): Promise<void> => {
  const engine = await openEngine({ folder, url: '', attach: true });
  const database = openDatabase(engine.app, { keys: engine.keys, max: 1 });
  const { rows } = await database.as(machineActor, (tx) => sql<{ name: string }>`select name from person`.execute(tx));
  await database.close();
  expect(rows.length).toBeGreaterThanOrEqual(persons);
  expect(rows.filter(({ name }) => name === unreadableText || !/^[\u4e00-\u9fff]/.test(name))).toEqual([]);
};
const masters = async (): Promise<string[]> =>
  (await look.rows('select distinct master from sealing_key where master is not null')).map(({ master }) => master);

test(`a rotation is killed ${kills} times: everything stays readable, and the next one goes on`, {
  timeout,
}, async () => {
  const caller = new Caller(server);
  await caller.signIn('clerk');
  const inFile = async () => (await masterKeysInFile(join(folder, 'master.key')).read()).map(({ id }) => id);
  for (let round = 0; round < kills; round += 1) {
    const before = await inFile();
    const when = async () => (await inFile()).length > before.length || (await masters()).length > 1;
    await killCommand(on(folder, 'keys', 'rotate'), { when, more: randomBelow(80) });
    await readNames();
    await caller.call('/persons?search=韩7');
    const wrapping = await masters();
    expect((await inFile()).filter((id) => wrapping.includes(id)).length, 'each key in use is in the file').toBe(
      wrapping.length,
    );
  }
  await done(...on(folder, 'keys', 'rotate', '--forget-old'));
  expect(await inFile()).toEqual(await masters());
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  await readNames();
  await caller.call('/persons?search=韩7');
  await look.verify();
});

test(`a restoration is killed ${kills} times: nothing serves half of it, and it can be run again`, {
  timeout,
}, async () => {
  for (let round = 0; round < kills; round += 1) {
    const there = join(base, `restored-${round}`);
    const restore = on(there, 'restore', whole, '--key', keyFile);
    const start = () => startServer({ folder: there, url: '', port: 0, host: '127.0.0.1', demo: true, web: false });
    const when = async () => (await countEntriesIn(there)) > 0;
    const ended = await killCommand(restore, { when, more: randomBelow(40) });
    expect(ended, 'the restoration was still under way').not.toBeNull();
    await expect(start()).rejects.toMatchObject({ code: 'restoreCut' });
    const used = await runCommand(on(there, 'journal', 'verify'));
    expect(used).toMatchObject({ code: 1, out: expect.stringContaining('请再运行一次：kangtu restore') });

    expect(await done(...restore)).toContain('已恢复并核对');
    const again = await runCommand(restore);
    expect(again).toMatchObject({ code: 1, out: expect.stringContaining('只能恢复到空的数据库') });
    const restored = await start();
    expect(restored).toMatchObject({ hasAccounts: true, isDemo: false });
    await restored.stop();
  }
});
