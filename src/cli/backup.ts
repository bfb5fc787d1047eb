// `kangtu backup` and `kangtu restore`.
import type { Command } from 'commander';
import { type BackupReport, makeBackup, restoreBackup } from '../kernel/backup.ts';
import { Refusal } from '../kernel/refusal.ts';
import { journal } from '../server/slices.ts';
import { type DataFlag, dataOption, jsonOption, type Opened, print, withDatabase } from './open.ts';

type Flags = DataFlag & { readonly json?: boolean };

const tell = (report: BackupReport, { json = false }: Flags, done: string): void => {
  if (json) print(report);
  else console.log(`${done} ${report.file}：日志 ${report.entries} 条，账号 ${report.tables.account ?? 0} 个。`);
};

const backup = (file: string, flags: Flags): Promise<void> =>
  withDatabase(flags, async ({ engine }) => tell(await makeBackup(engine.admin, journal, file), flags, '已备份到'));

/** These are said before anything is written. */
const harmless = new Set(['backupBroken', 'notEmpty', 'schemaDiffers']);

const restoreOrUndo = async ({ engine, database, ctx }: Opened, file: string): Promise<BackupReport> => {
  try {
    return await restoreBackup(engine.admin, { database, journal, ctx }, file);
  } catch (error) {
    // It was empty before; half a restoration must not be taken for a whole one.
    if (!(error instanceof Refusal && harmless.has(error.code))) await engine.recreate();
    throw error;
  }
};

const restore = (file: string, flags: Flags): Promise<void> =>
  withDatabase(flags, async (opened) => tell(await restoreOrUndo(opened, file), flags, '已恢复并核对'));

export const addBackup = (program: Command): void => {
  program
    .command('backup')
    .description('把整个数据库备份到一个文件；运行中也可以')
    .argument('<文件>', '例如 kangtu-2024-11-14.backup')
    .option(...dataOption)
    .option(...jsonOption)
    .action(backup);
  program
    .command('restore')
    .description('把备份恢复到空的数据库，并核对与备份相同')
    .argument('<文件>')
    .option(...dataOption)
    .option(...jsonOption)
    .action(restore);
};
