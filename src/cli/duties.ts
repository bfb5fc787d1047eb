// `kangtu duties`: each instance of a duty of an area in a span of days, with its state, evidence and clause.
import type { Command } from 'commander';
import { machineActor } from '../kernel/access.ts';
import { Refusal } from '../kernel/refusal.ts';
import { dutyApi } from '../reporting/duty.api.ts';
import { listDutyInstances } from '../reporting/duty.server.ts';
import type { DutyInstanceView } from '../reporting/duty.ts';
import { type DataFlag, dataOption, jsonOption, print, withDatabase } from './open.ts';

interface Flags extends DataFlag {
  readonly area: string;
  readonly from: string;
  readonly to: string;
  readonly on?: string;
  readonly json?: boolean;
}

const inputOf = ({ area, from, to, on }: Flags) => {
  const parsed = dutyApi.list['~orpc'].inputSchema?.safeParse({ area, from, to, on });
  if (parsed?.success) return parsed.data;
  const fields = parsed?.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('；');
  throw new Refusal('inputInvalid', `参数有误：${fields}`, { kind: 'input' });
};

const stateWords = { due: '待办', late: '逾期', done: '按时完成', doneLate: '逾期完成', planned: '应办，尚无台账' };

const tell = (one: DutyInstanceView): void => {
  const due = `${one.dueOn}${one.dueBefore === null ? '' : ` ${one.dueBefore} 前`}`;
  const lapsed = one.pack.lapsed ? '（文件期限已过、继续执行）' : '';
  console.log(
    [due, stateWords[one.state], one.title, one.subject.name, one.responsible.name, `${one.done}/${one.asked}`]
      .concat(`${one.clause.join('、')}${lapsed}`)
      .join('\t'),
  );
};

const jsonOf = ({ duty, clause, subject, responsible, dueOn, dueBefore, state, evidence }: DutyInstanceView) => ({
  duty,
  clause,
  subject,
  responsible,
  due: dueBefore === null ? dueOn : `${dueOn}T${dueBefore}`,
  state,
  evidence,
});

export const addDuties = (program: Command): void => {
  program
    .command('duties')
    .description('列出一地在一段日期内到期的职责：对象、负责单位、期限、状态、办理记录和条款')
    .requiredOption('--area <代码>', '4 位市、6 位县（区）或 9 位乡镇（街道）代码')
    .requiredOption('--from <日期>', '从哪一天到期')
    .requiredOption('--to <日期>', '到哪一天到期')
    .option('--on <日期>', '截至哪一天，默认今天')
    .option(...jsonOption)
    .option(...dataOption)
    .action(async (flags: Flags) => {
      const input = inputOf(flags);
      const { rows } = await withDatabase(flags, ({ database, ctx }) =>
        database.as(machineActor, (tx) => listDutyInstances(tx, ctx, { ...input, pageSize: 1_000_000 })),
      );
      if (flags.json) print(rows.map(jsonOf));
      else rows.forEach(tell);
    });
};
