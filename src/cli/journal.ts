// `kangtu journal verify|replay|export|load`.
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Command } from 'commander';
import { exportJournal, loadJournal } from '../kernel/archive.ts';
import { replayJournal } from '../kernel/archive-replay.ts';
import { type JournalProblem, verifyJournal } from '../kernel/archive-verify.ts';
import { readJsonLines } from '../kernel/lines.ts';
import { journal } from '../server/slices.ts';
import { type DataFlag, dataOption, jsonOption, print, withDatabase } from './open.ts';

type Flags = DataFlag & { readonly json?: boolean };

const words: Readonly<Record<JournalProblem['problem'], string>> = {
  entryAltered: '条目内容与其校验值不符',
  linkBroken: '链条在此断开',
  entryMissing: '链条所指的条目不存在',
  headDiffers: '链条的末端与记录不符',
  tallyDiffers: '计数与重新计算不符',
};
const describe = ({ problem, county, entry, kind, subject, link, of }: JournalProblem): string =>
  [words[problem], county, kind, subject, link && `第 ${link} 环`, entry && `条目 ${entry}`, of]
    .filter(Boolean)
    .join(' · ');

const verify = (flags: Flags): Promise<void> =>
  withDatabase(flags, async ({ database }) => {
    const proof = await verifyJournal(database, journal);
    if (flags.json) print(proof);
    else {
      for (const problem of proof.problems) console.error(describe(problem));
      console.log(
        `条目 ${proof.entries}，链条 ${proof.chains}，环节 ${proof.links}，问题 ${proof.problems.length} 处。`,
      );
    }
    if (proof.problems.length) process.exitCode = 1;
  });

const replay = (flags: Flags & { readonly check?: boolean }): Promise<void> =>
  withDatabase(flags, async ({ database }) => {
    const done = await replayJournal(database, journal, { check: flags.check ?? false });
    if (flags.json) print(done);
    else if (done.differing.length)
      console.log(`与日志不符的表：${done.differing.join('、')}${flags.check ? '' : '（已重建）'}`);
    else console.log(`由 ${done.entries} 条日志重建，${done.tables.length} 个表与原来相同。`);
    if (flags.check && done.differing.length) process.exitCode = 1;
  });

const write = (file: string | undefined, flags: DataFlag): Promise<void> =>
  withDatabase(flags, async ({ database }) => {
    const out = file === undefined ? process.stdout : createWriteStream(file, { flags: 'wx', mode: 0o600 });
    const entries = await exportJournal(database, async (line) => {
      if (!out.write(`${line}\n`)) await once(out, 'drain');
    });
    if (file !== undefined) {
      out.end();
      await finished(out);
    }
    console.error(`已导出 ${entries} 条。`);
  });

const read = (file: string | undefined, flags: Flags): Promise<void> =>
  withDatabase(flags, async ({ database, ctx }) => {
    const input = file === undefined ? process.stdin : createReadStream(file);
    const report = await loadJournal({ database, journal, ctx }, readJsonLines(input));
    if (flags.json) print(report);
    else console.log(`读入 ${report.read} 条，其中新记录 ${report.recorded} 条。`);
  });

export const addJournal = (program: Command): void => {
  const group = program.command('journal').description('日志').helpCommand(false);
  group
    .command('verify')
    .description('核对每一条目、每一链条和计数，指出第一处断裂')
    .option(...dataOption)
    .option(...jsonOption)
    .action(verify);
  group
    .command('replay')
    .description('由日志重建全部状态表')
    .option('--check', '只比较，不改动')
    .option(...dataOption)
    .option(...jsonOption)
    .action(replay);
  group
    .command('export')
    .description('导出为 NDJSON')
    .argument('[文件]', '默认为标准输出')
    .option(...dataOption)
    .action(write);
  group
    .command('load')
    .description('装入导出的 NDJSON；已有的条目不再记录')
    .argument('[文件]', '默认为标准输入')
    .option(...dataOption)
    .option(...jsonOption)
    .action(read);
};
