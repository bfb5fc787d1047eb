// `kangtu audit verify|archive|limit`.
import type { Command } from 'commander';
import { machineActor } from '../kernel/access.ts';
import { recordAudit, writeAudit } from '../kernel/audit.ts';
import { archiveAudit, compareWithArchive, verifyAuditFile } from '../kernel/audit-archive.ts';
import { type AuditProblem, verifyAudit } from '../kernel/audit-chain.ts';
import { Day } from '../kernel/contract.ts';
import { Refusal } from '../kernel/refusal.ts';
import { putSetting } from '../kernel/setting.ts';
import { FilesPerHour, filesPerHourSetting } from '../oversight/audit.ts';
import { type DataFlag, dataOption, jsonOption, type Opened, print, withDatabase } from './open.ts';

type Flags = DataFlag & { readonly json?: boolean };

const words: Readonly<Record<AuditProblem['problem'], string>> = {
  lineAltered: '记录内容与其校验值不符',
  lineMissing: '记录已被删除',
  linkMissing: '链条在此缺一环',
  dayMissing: '已归档各日的校验值不相衔接',
  unchained: '记录未能列入链条',
};
const describe = ({ problem, day, place, seq }: AuditProblem): string =>
  [`${day} 起：${words[problem]}`, place && `第 ${place} 环`, seq && `记录 ${seq}`].filter(Boolean).join('，');

const dayOf = (text: string | undefined, name: string): string | undefined => {
  if (text === undefined || Day.safeParse(text).success) return text;
  throw new Refusal('inputInvalid', `--${name} 应为日期，例如 2024-11-14。`, { kind: 'input' });
};

const recordOf = ({ ctx }: Opened, operation: string, details: Record<string, string | number>) => ({
  actor: machineActor,
  at: ctx.now,
  address: null,
  operation,
  kind: 'setting' as const,
  outcome: 'ok',
  details,
});

const fileWords = { unreadable: '内容无法读取', altered: '内容与其校验值不符', incomplete: '文件不完整' } as const;

const verifyFile = async (file: string, flags: Flags & { readonly alone?: boolean }): Promise<void> => {
  const proof = await verifyAuditFile(file);
  const differing =
    proof.problem || flags.alone
      ? []
      : await withDatabase(flags, ({ engine }) => compareWithArchive(engine.admin, proof));
  if (flags.json) print({ lines: proof.lines, days: proof.days.size, problem: proof.problem, differing });
  else if (proof.problem)
    console.error(`${fileWords[proof.problem.why]}${proof.problem.place ? `，第 ${proof.problem.place} 环` : ''}。`);
  else if (differing.length) console.error(`与数据库所存的校验值不符的日子：${differing.join('、')}。`);
  else
    console.log(
      `文件完整：${proof.days.size} 日，记录 ${proof.lines} 条${flags.alone ? '；未与数据库核对' : '，与数据库所存的校验值相符'}。`,
    );
  if (proof.problem || differing.length) process.exitCode = 1;
};

interface VerifyFlags extends Flags {
  readonly from?: string;
  readonly to?: string;
  readonly file?: string;
  readonly alone?: boolean;
}

const verify = async (flags: VerifyFlags): Promise<void> => {
  if (flags.file !== undefined) return verifyFile(flags.file, flags);
  const span = { from: dayOf(flags.from, 'from'), to: dayOf(flags.to, 'to') };
  await withDatabase(flags, async ({ engine, database }) => {
    const proof = await verifyAudit(engine.admin, database, span);
    if (flags.json) print(proof);
    else if (proof.problem) console.error(describe(proof.problem));
    else
      console.log(
        `审计链完整：${proof.days} 日，记录 ${proof.lines} 条。${proof.head ? `末环第 ${proof.head.place} 环，校验值 ${proof.head.hash}` : ''}`,
      );
    if (proof.problem) process.exitCode = 1;
  });
};

const archive = (flags: Flags & { readonly before: string; readonly to: string }): Promise<void> =>
  withDatabase(flags, async (opened) => {
    const { engine, database, ctx } = opened;
    const before = dayOf(flags.before, 'before') ?? '';
    const done = await archiveAudit({ admin: engine.admin, database }, { before, file: flags.to }, ctx);
    await recordAudit(database, recordOf(opened, 'audit.archive', { before, lines: done.lines, days: done.days }));
    if (flags.json) print(done);
    else console.log(`已归档到 ${done.file}：${done.days} 日，记录 ${done.lines} 条；数据库中已移除。`);
  });

const limit = (text: string, flags: Flags): Promise<void> =>
  withDatabase(flags, async (opened) => {
    const { data } = FilesPerHour.safeParse(Number(text));
    if (data === undefined) throw new Refusal('inputInvalid', '份数应为不小于 1 的整数。', { kind: 'input' });
    await opened.database.as(machineActor, async (tx) => {
      await putSetting(tx, filesPerHourSetting, data);
      await writeAudit(tx, recordOf(opened, 'audit.limit', { filesPerHour: data }));
    });
    console.log(`一小时内查阅超过 ${data} 份档案即提示。`);
  });

export const addAudit = (program: Command): void => {
  const group = program.command('audit').description('审计记录').helpCommand(false);
  group
    .command('verify')
    .description('核对审计链，指出第一处断裂的记录或日子；或核对归档文件')
    .option('--from <日期>', '从哪一天起')
    .option('--to <日期>', '到哪一天止')
    .option('--file <文件>', '核对归档文件，并与数据库所存的校验值比对')
    .option('--alone', '只看归档文件本身，不打开数据库')
    .option(...dataOption)
    .option(...jsonOption)
    .action(verify);
  group
    .command('archive')
    .description('把满 180 天的审计记录写入文件，核对后从数据库移除')
    .requiredOption('--before <日期>', '归档这一天之前的记录')
    .requiredOption('--to <文件>', '写到哪个文件')
    .option(...dataOption)
    .option(...jsonOption)
    .action(archive);
  group
    .command('limit')
    .description('一小时内查阅多少份档案以上即提示（默认 60）')
    .argument('<份数>')
    .option(...dataOption)
    .action(limit);
};
