// `kangtu indicator`: an indicator of an area on a day, with its parts and, if asked, the people behind it.
import type { Command } from 'commander';
import { machineActor } from '../kernel/access.ts';
import { Refusal } from '../kernel/refusal.ts';
import { serviceConditionNames } from '../policy/measure.ts';
import { indicatorApi } from '../reporting/indicator.api.ts';
import { getIndicator } from '../reporting/indicator.server.ts';
import { type IndicatorAnswer, IndicatorName } from '../reporting/indicator.ts';
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

const percent = (value: number | null): string => (value === null ? '—' : `${(value * 100).toFixed(1)}%`);

const print = (answer: IndicatorAnswer): void => {
  const { formula, numerator, denominator, value, target, met } = answer;
  const verdict = met === null ? '' : met ? ' 达标' : ` 未达标，还差 ${answer.short}`;
  console.log(
    `${answer.areaName} ${formula.title} ${answer.on}（计量月 ${formula.month}，依据 ${answer.clause.join('、')}）`,
  );
  console.log(`${numerator}/${denominator} = ${percent(value)} 目标 ${percent(target)}${verdict}`);
  for (const child of answer.children)
    console.log(`  ${child.name}\t${child.numerator}/${child.denominator}\t${percent(child.value)}`);
  for (const person of answer.people)
    console.log(
      `  ${person.id}\t${person.name}\t${person.counts ? '计入' : person.missing.map((m) => serviceConditionNames[m]).join('、')}`,
    );
};

export const addIndicator = (program: Command): void => {
  program
    .command('indicator')
    .description('查看指标：standardized-service-rate 规范服务率，county-coverage 县（区）覆盖率')
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
