// Daily backups of a running server: one a day after two in the morning, sealed, and kept for a number of days.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { machineActor } from '../kernel/access.ts';
import { makeBackup } from '../kernel/backup.ts';
import { backupRecipient } from '../kernel/backup-seal.ts';
import { addDays, dayAt, timeAt } from '../kernel/calendar.ts';
import type { Connection, Database } from '../kernel/database.ts';
import type { MasterKeySource } from '../kernel/master-key.ts';
import { Refusal } from '../kernel/refusal.ts';
import { findSetting } from '../kernel/setting.ts';
import { journal } from './slices.ts';

export interface BackupPlan {
  readonly folder: string;
  /** Days that a backup is kept; the newest stays whatever its age. */
  readonly keepDays: number;
}

interface Parts {
  readonly admin: Connection;
  readonly database: Database;
  readonly plan: BackupPlan;
  readonly masterKeys: MasterKeySource;
}

const earliest = '02:00';
const nameOf = (day: string): string => `kangtu-${day}.backup`;
const dayOf = (name: string): string | undefined => /^kangtu-(\d{4}-\d\d-\d\d)\.backup$/.exec(name)?.[1];

const removeOld = async ({ folder, keepDays }: BackupPlan, today: string): Promise<void> => {
  const days = (await readdir(folder)).flatMap((name) => dayOf(name) ?? []).sort();
  for (const day of days.slice(0, -1)) if (day < addDays(today, -keepDays)) await rm(join(folder, nameOf(day)));
};

/**
 * Makes the backup of the day of `now` (real time, ISO) unless it is there or it is still night, and removes those that are too old
 * after it. Returns its path, or undefined when nothing was due. Refuses without a key (`noBackupKey`).
 */
export const makeDueBackup = async (
  { admin, database, plan, masterKeys }: Parts,
  now: string,
): Promise<string | undefined> => {
  const day = dayAt(now);
  const file = join(plan.folder, nameOf(day));
  if (timeAt(now) < earliest || existsSync(file)) return undefined;
  const recipient = await database.as(machineActor, (tx) => findSetting(tx, backupRecipient));
  if (recipient === undefined)
    throw new Refusal('noBackupKey', '还没有备份密钥，今天没有备份。请运行：kangtu backup-key <密钥文件>');
  await mkdir(plan.folder, { recursive: true, mode: 0o700 });
  await makeBackup(admin, journal, { file, recipient, masterKeys });
  await removeOld(plan, day);
  return file;
};

const pause = 10 * 60_000;

/** Looks every ten minutes whether a backup is due; a failure is told each time and tried again. */
export const startDailyBackups = (parts: Parts, log: (line: string) => void): { stop(): Promise<void> } => {
  let running: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      const file = await makeDueBackup(parts, new Date().toISOString());
      if (file !== undefined) log(`已备份到 ${file}。`);
    } catch (error) {
      log(`今天的备份没有做成：${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const start = () => {
    running = running.then(look);
  };
  start();
  const timer = setInterval(start, pause);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
};
