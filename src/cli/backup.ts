// `kangtu backup-key`, `kangtu backup`, `kangtu restore` and `kangtu drill`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { machineActor } from '../kernel/access.ts';
import { verifyJournal } from '../kernel/archive-verify.ts';
import { type BackupReport, makeBackup } from '../kernel/backup.ts';
import { backupRecipient, makeBackupKey } from '../kernel/backup-seal.ts';
import { systemClock } from '../kernel/calendar.ts';
import { defaultFolder } from '../kernel/cluster.ts';
import { openDatabase } from '../kernel/database.ts';
import { masterKeyFile, masterKeySource, masterKeysInFile } from '../kernel/master-key.ts';
import { Refusal } from '../kernel/refusal.ts';
import { type BackupSource, restoreBackup } from '../kernel/restore.ts';
import { findSetting, putSetting } from '../kernel/setting.ts';
import { getPackLibrary } from '../policy/library.ts';
import { openEngine } from '../server/engine.ts';
import { contextOf } from '../server/http.ts';
import { journal } from '../server/slices.ts';
import { type DataFlag, dataOption, jsonOption, type Opened, print, withDatabase } from './open.ts';

interface Flags extends DataFlag {
  readonly json?: boolean;
  readonly plain?: boolean;
  readonly key?: string;
}

const tell = (report: BackupReport, { json = false }: Flags, done: string): void => {
  if (json) print(report);
  else console.log(`${done} ${report.file}：日志 ${report.entries} 条，账号 ${report.tables.account ?? 0} 个。`);
};

const makeKey = (file: string, flags: Flags): Promise<void> =>
  withDatabase(flags, async ({ database }) => {
    const recipient = await makeBackupKey(file);
    await database.as(machineActor, (tx) => putSetting(tx, backupRecipient, recipient));
    console.log(`密钥已写入 ${file}，今后的备份都用它加密。`);
    console.log('请把这个文件抄到两个 U 盘，分两处锁好，再从本机删除：没有它，任何人（包括您）都打不开备份。');
    console.log('以前的备份仍用以前的密钥打开。');
  });

const recipientFor = async ({ database }: Opened, plain: boolean): Promise<string | null> => {
  if (plain) return null;
  const recipient = await database.as(machineActor, (tx) => findSetting(tx, backupRecipient));
  if (recipient !== undefined) return recipient;
  throw new Refusal(
    'noBackupKey',
    '还没有备份密钥。请先运行 kangtu backup-key <密钥文件>；演示数据可以加 --plain，不加密地备份。',
  );
};

const backup = (file: string, flags: Flags): Promise<void> =>
  withDatabase(flags, async (opened) => {
    const recipient = await recipientFor(opened, flags.plain ?? false);
    const done = recipient === null ? '已备份（未加密）到' : '已加密备份到';
    tell(
      await makeBackup(opened.engine.admin, journal, { file, recipient, masterKeys: opened.engine.masterKeys }),
      flags,
      done,
    );
  });

/** These are said before anything is written. */
const harmless = new Set([
  'backupBroken',
  'backupVersion',
  'keyNeeded',
  'keyWrong',
  'notEmpty',
  'schemaDiffers',
  'masterKeyMissing',
]);

const restoreOrUndo = async ({ engine, database, ctx }: Opened, source: BackupSource): Promise<BackupReport> => {
  try {
    return await restoreBackup(engine.admin, { database, journal, ctx, masterKeys: engine.masterKeys }, source);
  } catch (error) {
    // It was empty before; half a restoration must not be taken for a whole one.
    if (!(error instanceof Refusal && harmless.has(error.code))) await engine.recreate();
    throw error;
  }
};

const restore = (file: string, flags: Flags): Promise<void> =>
  withDatabase(
    flags,
    async (opened) => tell(await restoreOrUndo(opened, { file, keyFile: flags.key }), flags, '已恢复并核对'),
    { restores: true },
  );

/** Restores into an engine of its own that is thrown away, and says how long that took. */
const drill = async (file: string, { key, json = false }: Flags): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'kangtu-drill-'));
  // A backup in clear brings no master key: it is opened with this installation's.
  const own = await masterKeySource(masterKeyFile(defaultFolder())).read();
  if (own.length > 0) await masterKeysInFile(masterKeyFile(folder)).write?.(own);
  const start = performance.now();
  const engine = await openEngine({ url: '', folder });
  const database = openDatabase(engine.app, { keys: engine.keys, max: 4 });
  try {
    const ctx = contextOf({ packs: getPackLibrary(), clock: systemClock }, machineActor, 'cli');
    const report = await restoreBackup(
      engine.admin,
      { database, journal, ctx, masterKeys: engine.masterKeys },
      { file, keyFile: key },
    );
    const { problems } = await verifyJournal(database, journal);
    if (problems.length > 0) throw new Refusal('restoreDiffers', `恢复后日志核对不符：${problems.length} 处。`);
    const seconds = Math.round((performance.now() - start) / 100) / 10;
    if (json) print({ ...report, seconds });
    else console.log(`演练成功：从 ${file} 恢复 ${report.entries} 条日志并核对无误，用时 ${seconds} 秒。`);
  } finally {
    await database.close();
    await engine.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

const keyOption = ['--key <文件>', '备份密钥文件'] as const;

export const addBackup = (program: Command): void => {
  program
    .command('backup-key')
    .description('新建备份密钥：今后的备份都用它加密，恢复时要用')
    .argument('<文件>', '密钥写入的文件，请另存他处')
    .option(...dataOption)
    .action(makeKey);
  program
    .command('backup')
    .description('把整个数据库加密备份到一个文件；运行中也可以')
    .argument('<文件>', '例如 kangtu-2024-11-14.backup')
    .option('--plain', '不加密（只用于演示数据）')
    .option(...dataOption)
    .option(...jsonOption)
    .action(backup);
  program
    .command('restore')
    .description('把备份恢复到空的数据库，并核对与备份相同')
    .argument('<文件>')
    .option(...keyOption)
    .option(...dataOption)
    .option(...jsonOption)
    .action(restore);
  program
    .command('drill')
    .description('演练：把备份恢复到一个临时数据库，核对，并报告用时')
    .argument('<文件>')
    .option(...keyOption)
    .option(...jsonOption)
    .action(drill);
};
