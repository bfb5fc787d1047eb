import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { machineActor } from '../kernel/access.ts';
import { backupRecipient, isSealed, makeBackupKey } from '../kernel/backup-seal.ts';
import type { Connection } from '../kernel/database.ts';
import { putSetting } from '../kernel/setting.ts';
import { openTestApp } from './app.fixtures.ts';
import { makeDueBackup } from './daily-backup.ts';
import { testMasterKeys } from './database-for-tests.ts';

const app = await openTestApp();
const home = mkdtempSync(join(tmpdir(), 'kangtu-daily-'));
afterAll(() => rmSync(home, { recursive: true }));
const folder = join(home, 'backups');
const { user = '', password, host = '', port = 0, database: name = '' } = app.admin.options;
const admin: Connection = { user, host, port, database: name, password: String(password ?? '') };
const make = (now: string) =>
  makeDueBackup(
    { admin, database: app.database, plan: { folder, keepDays: 2 }, masterKeys: testMasterKeys },
    `${now}+08:00`,
  );

test('one sealed backup a day after two in the morning; old ones go once a new one is there, other files stay', async () => {
  await expect(make('2024-11-14T03:00:00')).rejects.toMatchObject({ code: 'noBackupKey' });
  expect(existsSync(folder)).toBe(false);
  const recipient = await makeBackupKey(join(home, 'key'));
  await app.database.as(machineActor, (tx) => putSetting(tx, backupRecipient, recipient));
  expect(await make('2024-11-14T01:59:00')).toBeUndefined();
  const first = await make('2024-11-14T02:00:00');
  expect(await isSealed(first ?? '')).toBe(true);
  expect(await make('2024-11-14T23:00:00')).toBeUndefined();
  writeFileSync(join(folder, 'kangtu-2020-01-01.txt'), '');
  await make('2024-11-16T02:00:00');
  expect(readdirSync(folder)).toContain('kangtu-2024-11-14.backup');
  await make('2024-11-17T02:00:00');
  expect(readdirSync(folder).sort()).toEqual([
    'kangtu-2020-01-01.txt',
    'kangtu-2024-11-16.backup',
    'kangtu-2024-11-17.backup',
  ]);
});
