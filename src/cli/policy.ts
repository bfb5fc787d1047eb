// `kangtu policy check` and `kangtu screen`: packs and facts, without a database; the rest of `kangtu policy` is in policy-change.ts.
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { isDay, systemClock } from '../kernel/calendar.ts';
import { Refusal } from '../kernel/refusal.ts';
import { nameOfDivision } from '../network/division.ts';
import { checkPackFile, checkPacks, compareFile, screenFile } from '../policy/check.ts';
import { formatProblem, getPackLibrary, packFolder } from '../policy/library.ts';
import type { Screening } from '../policy/screen.ts';
import { jsonOption, print } from './open.ts';
import { addPolicyChange } from './policy-change.ts';
import { addCoverage } from './policy-coverage.ts';

const check = (path: string, { json = false }: { json?: boolean }): void => {
  if (!existsSync(path)) throw new Refusal('fileUnreadable', `没有这个文件或文件夹：${path}`, { kind: 'input' });
  const found = statSync(path).isDirectory() ? checkPacks(path) : checkPackFile(getPackLibrary(), path);
  if (json) print(found);
  else {
    for (const problem of found.problems) console.error(formatProblem(problem));
    const { packs, rules, cases, problems } = found;
    console.log(`政策包 ${packs} 个，规则 ${rules} 条，案例 ${cases} 个，问题 ${problems.length} 处。`);
  }
  if (found.problems.length) process.exitCode = 1;
};

interface ScreenFlags {
  readonly area?: string;
  readonly compare?: boolean;
  readonly on: string;
  readonly facts: string;
  readonly json?: boolean;
}

const outcomeWords = { eligible: '符合条件', ineligible: '不符合条件', unknown: '尚不能确定' };
const marks = { met: '✓', unmet: '✗', unknown: '？' };

/** `-` is standard input. */
const readText = (file: string): string => {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new Refusal('fileUnreadable', `不能读取文件 ${file}：${error instanceof Error ? error.message : error}`, {
      kind: 'input',
    });
  }
};

const tellScreening = ({ outcome, area, on, findings }: Screening): void => {
  console.log(`${outcomeWords[outcome]}（${area}，${on}）`);
  for (const finding of findings)
    console.log(`${marks[finding.outcome]} ${finding.title}：${finding.because}（${finding.clause.join('、')}）`);
};

/** The same facts under every place's criteria, one place after the other. */
const compare = (asked: { on: string; text: string }, json: boolean): void => {
  const places = compareFile(getPackLibrary(), asked);
  if (json) {
    print(places.map(({ area, document, from, screening }) => ({ area, document, from, screening })));
    return;
  }
  for (const { area, document, from, screening } of places) {
    console.log(`\n${nameOfDivision(area)}：${document}${screening?.pack.lapsed ? '（已到期，暂按原规定）' : ''}`);
    if (screening) tellScreening(screening);
    else console.log(`自 ${from} 起施行，${asked.on} 尚无条件。`);
  }
};

const screen = ({ area, on, facts, compare: all = false, json = false }: ScreenFlags): void => {
  if (!isDay(on)) throw new Refusal('inputInvalid', '--on 应为日期，例如 2024-03-01。', { kind: 'input' });
  if (all) {
    compare({ on, text: readText(facts) }, json);
    return;
  }
  if (area === undefined)
    throw new Refusal('inputInvalid', '请用 --area 指明地区，或用 --compare 对照各地。', { kind: 'input' });
  const result = screenFile(getPackLibrary(), { area, on, text: readText(facts) });
  if (json) print(result);
  else tellScreening(result);
};

export const addPolicy = (program: Command): void => {
  const policy = program.command('policy').description('政策包').helpCommand(false);
  policy
    .command('check')
    .description('检查政策包和案例；有问题时逐处列出文件和行号，并以非零状态结束')
    .argument('[文件或文件夹]', '一份政策包，或政策包所在文件夹', packFolder)
    .option(...jsonOption)
    .action(check);
  addCoverage(policy);
  addPolicyChange(policy);
  program
    .command('screen')
    .description('按一地的条件筛查一个人的事实')
    .option('--area <代码>', '行政区划代码')
    .option('--compare', '不指定一地，按各地的条件逐一对照')
    .option('--on <日期>', '哪一天', systemClock.today())
    .requiredOption('--facts <文件>', '事实的 JSON 文件；- 为标准输入')
    .option(...jsonOption)
    .action(screen);
};
