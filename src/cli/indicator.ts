// `kangtu indicator`: an indicator of an area on a day, with its parts and, if asked, the people behind it.
import type { Command } from 'commander';
import { machineActor } from '../kernel/access.ts';
import { Refusal } from '../kernel/refusal.ts';
import { serviceConditionNames } from '../policy/measure.ts';
import { indicatorApi } from '../reporting/indicator.api.ts';
import { getIndicator } from '../reporting/indicator.server.ts';
import { type IndicatorAnswer, IndicatorName, isCounting, type MissingStep } from '../reporting/indicator.ts';
import { type DataFlag, dataOption, withDatabase } from './open.ts';

interface Flags extends DataFlag {
  readonly area: string;
  readonly site?: string;
  readonly on?: string;
  readonly people?: boolean;
  readonly json?: boolean;
}

const inputOf = (indicator: string, { area, site, on, people = false }: Flags) => {
  const parsed = indicatorApi.get['~orpc'].inputSchema?.safeParse({ indicator, area, site, on, people });
  if (parsed?.success) return parsed.data;
  const fields = parsed?.error.issues.map((issue) => issue.path.join('.')).join('、');
  throw new Refusal('inputInvalid', `参数有误：${fields}。指标可用：${IndicatorName.options.join('、')}`, {
    kind: 'input',
  });
};

const nameOfStep = (step: MissingStep): string => (step === 'registration' ? '登记' : serviceConditionNames[step]);

/** A share, or the number of what is only counted. */
const amount = (indicator: IndicatorName, value: number | null): string => {
  if (value === null) return '—';
  return isCounting(indicator) ? String(value) : `${(value * 100).toFixed(1)}%`;
};
const ofWhat = ({ numerator, denominator }: { numerator: number | null; denominator: number | null }): string =>
  denominator === null ? '' : `${numerator}/${denominator} = `;

const print = (answer: IndicatorAnswer): void => {
  const { formula, indicator, value, target, met, before } = answer;
  const verdict = met === null ? '' : met ? ' 达标' : ` 未达标，还差 ${answer.short}`;
  console.log(
    `${answer.areaName} ${formula.title} ${answer.on}（计量月 ${formula.month}，依据 ${answer.clause.join('、')}）`,
  );
  console.log(`${ofWhat(answer)}${amount(indicator, value)} 目标 ${amount(indicator, target)}${verdict}`);
  if (before) console.log(`一年前（${before.on}）${ofWhat(before)}${amount(indicator, before.value)}`);
  for (const child of answer.children)
    console.log(
      `  ${child.name}\t${ofWhat(child)}${amount(indicator, child.value)}\t${(child.lacks ?? []).map((one) => `缺${one}`).join('、')}`,
    );
  for (const one of answer.organisations) console.log(`  ${one.id}\t${one.name}\t${one.is.join('、')}`);
  for (const one of answer.staff)
    console.log(`  ${one.id}\t${one.name}\t${one.organisationName}\t${one.counts ? '计入' : '未计入'}`);
  for (const person of answer.people)
    console.log(
      `  ${person.id}\t${person.name}\t${person.counts ? '计入' : person.missing.map(nameOfStep).join('、') || '未计入'}`,
    );
};

export const addIndicator = (program: Command): void => {
  program
    .command('indicator')
    .description(`查看指标：${IndicatorName.options.join('、')}`)
    .argument('<indicator>', '指标名称')
    .requiredOption('--area <代码>', '4 位市、6 位县（区）或 9 位乡镇（街道）代码')
    .option('--site <编号>', '只看一家机构')
    .option('--on <日期>', '截至哪一天，默认今天')
    .option('--people', '列出背后的人员')
    .option('--json', '输出 JSON')
    .option(...dataOption)
    .action(async (indicator: string, flags: Flags) => {
      const input = inputOf(indicator, flags);
      const answer = await withDatabase(flags, ({ database, ctx }) =>
        database.as(machineActor, (tx) => getIndicator(tx, ctx, { ...input, pageSize: 1_000_000 })),
      );
      if (flags.json) console.log(JSON.stringify(answer, null, 2));
      else print(answer);
    });
};
