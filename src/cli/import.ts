// `kangtu import census`: takes a department's list in as the screen does: upload, dry run, import.
import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { uuidv7 } from 'uuidv7';
import { machineActor } from '../kernel/access.ts';
import { findJob, openJobs } from '../kernel/jobs.ts';
import { Refusal } from '../kernel/refusal.ts';
import { censusApi } from '../person/census.api.ts';
import { censusHandlers, deleteFinishedLists } from '../person/census.server.ts';
import type { CensusListDetail } from '../person/census.ts';
import { CensusSender } from '../person/census-fields.ts';
import { listRowResults, type RowResult } from '../person/census-result.server.ts';
import { guessArea } from '../person/census-upload.server.ts';
import type { Ctx } from '../policy/context.ts';
import { describeFault } from '../server/fault-text.ts';
import { contextOf } from '../server/http.ts';
import { jobTypes } from '../server/slices.ts';
import {
  asOption,
  contextAs,
  type DataFlag,
  dataOption,
  jsonOption,
  type Opened,
  performIn,
  print,
  withDatabase,
} from './open.ts';

interface Flags extends DataFlag {
  readonly kind: CensusSender;
  readonly area?: string;
  readonly on?: string;
  readonly as?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Runs until the job is over, whoever runs it: this command, or a server on the same database. */
const finish = async ({ database }: Opened, id: string): Promise<void> => {
  for (let told = 0; ; ) {
    const job = await database.as(machineActor, (tx) => findJob(tx, id));
    if (job?.state === 'done') return;
    if (!job || job.state === 'failed')
      throw new Refusal('jobFailed', job?.note ?? '任务没有完成。', { kind: 'conflict' });
    if (job.version !== told && job.total !== null) console.error(`${job.done}/${job.total} ${job.note ?? ''}`);
    told = job.version;
    await sleep(200);
  }
};

const fileOf = async (path: string): Promise<File> => {
  try {
    const { mtimeMs } = await stat(path);
    return new File([await openAsBlob(path)], basename(path), { lastModified: mtimeMs });
  } catch (error) {
    throw new Refusal('fileUnreadable', `不能读取文件 ${path}：${error instanceof Error ? error.message : error}`, {
      kind: 'input',
    });
  }
};

interface Taken {
  readonly detail: CensusListDetail;
  readonly results: readonly RowResult[];
}

const take = async (opened: Opened, ctx: Ctx, path: string, flags: Flags): Promise<Taken> => {
  const { database } = opened;
  const file = await fileOf(path);
  const list = uuidv7();
  const upload = {
    id: list,
    sender: flags.kind,
    fileName: file.name,
    fileSize: file.size,
    fileModified: file.lastModified,
    file,
  };
  await performIn(database, ctx, censusApi.upload, censusHandlers.upload, upload);
  const { listedOn } = await performIn(database, ctx, censusApi.get, censusHandlers.get, { list });
  const plan = { id: uuidv7(), list, listedOn: flags.on ?? listedOn, columns: [] };
  const planned = await performIn(database, ctx, censusApi.plan, censusHandlers.plan, plan);
  await finish(opened, planned.job);
  if (!flags.dryRun) {
    const confirmed = await performIn(database, ctx, censusApi.confirm, censusHandlers.confirm, { id: uuidv7(), list });
    await finish(opened, confirmed.job);
  }
  const detail = await performIn(database, ctx, censusApi.get, censusHandlers.get, { list });
  const results = flags.json ? await database.as(ctx.actor, (tx) => listRowResults(tx, list)) : [];
  if (flags.dryRun) await performIn(database, ctx, censusApi.discard, censusHandlers.discard, { id: uuidv7(), list });
  return { detail, results };
};

const run = (path: string, flags: Flags): Promise<void> =>
  withDatabase(flags, async (opened) => {
    await fileOf(path);
    const area =
      flags.area ?? (flags.as === undefined ? await guessArea(path, flags.kind, opened.ctx.today) : undefined);
    const ctx = await contextAs(opened, flags.as, area);
    const jobs = await openJobs({
      connection: opened.engine.app,
      database: opened.database,
      types: jobTypes,
      contextOf: (actor, job) => contextOf({ packs: ctx.packs, clock: opened.clock }, actor, job),
      onFault: (job, error) => console.error(`[${job}] ${describeFault(error)}`),
    });
    try {
      const { detail, results } = await take(opened, ctx, path, flags);
      const { tables: _, ...list } = detail;
      if (flags.json) print({ ...list, dryRun: flags.dryRun ?? false, results });
      else
        console.log(
          `${list.fileName}：${list.rows} 行，${JSON.stringify(list.counts)}${flags.dryRun ? '（试算，没有写入）' : ''}`,
        );
    } finally {
      await jobs.stop();
    }
  });

export const addImport = (program: Command): void => {
  const group = program.command('import').description('导入').helpCommand(false);
  group
    .command('census')
    .description('导入部门名单（xlsx 或 csv）')
    .argument('<文件>')
    .addOption(new Option('--kind <来源>', '名单来自哪个部门').choices(CensusSender.options).makeOptionMandatory())
    .option('--area <代码>', '名单所属的市（4 位）或县（6 位）；默认按名单中的地址辨认')
    .option('--on <日期>', '名单日期；默认取标题中的日期，没有则为今天')
    .option('--dry-run', '只试算，不写入')
    .option(...asOption)
    .option(...dataOption)
    .option(...jsonOption)
    .action(run);
  group
    .command('clean')
    .description('删除早已导入完毕的名单的原始行（人员和情况不受影响）')
    .option('--days <天数>', '导入完毕超过这些天', Number, 30)
    .option(...dataOption)
    .action(({ days, ...flags }: DataFlag & { days: number }) =>
      withDatabase(flags, async ({ database, ctx }) => {
        const before = new Date(Date.parse(ctx.now) - days * 86_400_000).toISOString();
        const count = await database.as(ctx.actor, (tx) => deleteFinishedLists(tx, before));
        console.log(`已清理 ${count} 份名单。`);
      }),
    );
};
