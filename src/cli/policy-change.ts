// `kangtu policy list`, `diff` and `try`: which packs hold where, and what another text would change. They record nothing.
import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { machineActor } from '../kernel/access.ts';
import { type Day, isDay } from '../kernel/calendar.ts';
import { Refusal } from '../kernel/refusal.ts';
import { cities, fullNameOfDivision, nameOfDivision } from '../network/division.ts';
import { withPack } from '../policy/adoption.ts';
import { DutyState } from '../policy/duty-instance.ts';
import { findEffects } from '../policy/effects.server.ts';
import type { DutyChange, Effects, RuleChange } from '../policy/effects.ts';
import { formatProblem, type PackLibrary, readDraft } from '../policy/library.ts';
import type { Pack } from '../policy/pack.ts';
import { dayOfTry, viewPacks } from '../policy/policy.server.ts';
import { type DataFlag, dataOption, jsonOption, type Opened, print, withDatabase } from './open.ts';

interface Flags extends DataFlag {
  readonly area: string;
  readonly on?: string;
  readonly json?: boolean;
}

const outcomeWords = { eligible: '符合条件', ineligible: '不符合条件', unknown: '情况不清', none: '没有规定' };
const kindWords = { criterion: '准入条件', standard: '标准', duty: '职责', indicator: '指标', milestone: '节点' };
const changeWords = { added: '＋ 新增', removed: '－ 删除', changed: '～ 修改' };

const readArea = ({ area, on }: Pick<Flags, 'area' | 'on'>): Day | undefined => {
  const known = cities.some(
    (city) => city.code === area || city.counties.some((one) => area.startsWith(one.code) || one.code === area),
  );
  if (!known)
    throw new Refusal(
      'areaUnknown',
      `--area：没有代码为 ${area} 的地区，请填写 4 位市、6 位县（区）或 9 位乡镇代码。`,
      {
        kind: 'input',
      },
    );
  if (on === undefined || isDay(on)) return on;
  throw new Refusal('inputInvalid', '--on 应为日期，例如 2024-03-01。', { kind: 'input' });
};

/** A file of a draft, or the id of a shipped pack. Refuses with every mistake of the file, by line. */
const readPack = (library: PackLibrary, given: string): Pack => {
  const shipped = library.packs.get(given);
  if (shipped) return shipped;
  if (!existsSync(given))
    throw new Refusal(
      'fileUnreadable',
      `没有这个文件，也没有这个编号的政策包：${given}。可用编号：${[...library.packs.keys()].join('、')}`,
      { kind: 'input' },
    );
  const { pack, problems } = readDraft(library, { file: given, text: readFileSync(given, 'utf8') });
  if (pack === undefined || problems.length > 0)
    throw new Refusal('packUnsound', problems.map(formatProblem).join('\n'), { kind: 'input' });
  return pack;
};

const tellChange = ({ change, kind, rule, title, clause, fields }: RuleChange): void => {
  console.log(`${changeWords[change]} ${kindWords[kind]} ${title}（${rule}，${clause.join('、')}）`);
  for (const { field, before, after } of fields) console.log(`    ${field}：${before ?? '无'} → ${after ?? '无'}`);
};

const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '—' : `${(value * 100).toFixed(1)}%`;

const stateWords = {
  late: '逾期',
  due: '待办',
  doneLate: '逾期完成',
  done: '按时完成',
  planned: '应办而尚无台账',
};

const countsOf = (counts: DutyChange['before']): string => {
  if (counts === null) return '不要求';
  const owed = DutyState.options.filter((state) => counts[state] > 0);
  return owed.map((state) => `${stateWords[state]} ${counts[state]} 件`).join('、') || '无到期';
};

const tellDuties = ({ on, duties }: Pick<Effects, 'on' | 'duties'>): void => {
  const year = on.slice(0, 4);
  console.log(
    duties.length === 0
      ? `${year} 年内各项职责的件数没有变化。`
      : `${year} 年内到期的职责（新文件按全年适用试算；正式采用后，采用前已起算的期限仍按原规定）：`,
  );
  for (const { title, clause, before, after } of duties)
    console.log(`  ${title}（${clause.join('、')}）\t${countsOf(before)} → ${countsOf(after)}`);
};

const tellEffects = ({ area, on, changes, people, duties, figures }: Effects): void => {
  console.log(`${fullNameOfDivision(area)}，${on}`);
  console.log(changes.length === 0 ? '规则没有变化。' : `规则变化 ${changes.length} 处：`);
  changes.forEach(tellChange);
  console.log(
    `共筛查 ${people.screened} 人，结论变化 ${people.changed} 人，其中已登记或在服务 ${people.served} 人（不受影响，下次评估时按新规定复核）。`,
  );
  for (const { before, after, people: count } of people.counts)
    console.log(`  ${outcomeWords[before]} → ${outcomeWords[after]}\t${count} 人`);
  for (const one of people.persons)
    console.log(
      `  ${one.person}\t${one.name}\t${nameOfDivision(one.place)}\t${outcomeWords[one.before]} → ${outcomeWords[one.after]}\t${one.because.join('、')}${one.served ? '\t已登记或在服务，不受影响' : ''}`,
    );
  tellDuties({ on, duties });
  for (const { title, before, after } of figures)
    console.log(
      `${title}：${percent(before?.value)}（目标 ${percent(before?.target)}） → ${percent(after?.value)}（目标 ${percent(after?.target)}）`,
    );
};

const answer = async (
  flags: Flags,
  texts: (library: PackLibrary, opened: Opened) => { before: PackLibrary; after: PackLibrary; on: Day },
): Promise<void> => {
  const effects = await withDatabase(flags, (opened) => {
    const { area } = flags;
    const asked = { area, ...texts(opened.ctx.packs, opened) };
    return opened.database.as(machineActor, (tx) => findEffects(tx, opened.ctx, asked, Number.POSITIVE_INFINITY));
  });
  if (flags.json) print(effects);
  else tellEffects(effects);
};

const diff = (old: string, next: string, flags: Flags): Promise<void> => {
  const asked = readArea(flags);
  return answer(flags, (library, { ctx }) => {
    const [before, after] = [readPack(library, old), readPack(library, next)];
    const on = asked ?? dayOfTry(after, dayOfTry(before, ctx.today));
    const place = { areas: [flags.area], fromOn: on, instead: before };
    return {
      before: withPack(library, { ...place, pack: before }),
      after: withPack(library, { ...place, pack: after }),
      on,
    };
  });
};

const tryFile = (file: string, flags: Flags): Promise<void> => {
  const asked = readArea(flags);
  return answer(flags, (library, { ctx }) => {
    const pack = readPack(library, file);
    const on = dayOfTry(pack, ctx.today, asked);
    return { before: library, after: withPack(library, { pack, areas: [flags.area], fromOn: on }), on };
  });
};

const list = async ({ area, on, ...flags }: Partial<Flags>): Promise<void> => {
  const asked = area === undefined ? on : readArea({ area, ...(on === undefined ? {} : { on }) });
  const places =
    area === undefined ? cities.flatMap((city) => [city, ...city.counties].map(({ code }) => code)) : [area];
  const views = await withDatabase(flags, async ({ ctx }) =>
    places.map((place) => viewPacks(ctx.packs, place, asked ?? ctx.today)),
  );
  if (flags.json)
    return print(views.map(({ area: of, on: day, standing }) => ({ area: of, on: day, packs: standing })));
  for (const { area: of, on: day, standing } of views) {
    console.log(`${fullNameOfDivision(of)}（${of}），${day}`);
    for (const { id, version, name, sinceOn, lapsed, period, decided, newer } of standing) {
      const by = decided ? `${nameOfDivision(decided.by)}民政部门采用：${decided.reason}` : '随产品提供';
      const ended = lapsed ? `，文件期限 ${period.to} 已过，继续执行` : '';
      console.log(`  ${id}@${version} ${name}：自 ${sinceOn}，${by}${ended}${newer ? '；产品另有新文本' : ''}`);
    }
  }
};

export const addPolicyChange = (policy: Command): void => {
  const area = ['--area <代码>', '4 位市、6 位县（区）或 9 位乡镇（街道）代码'] as const;
  const on = ['--on <日期>', '按哪一天，默认今天；文件尚未施行的，为施行首日'] as const;
  policy
    .command('list', { isDefault: true })
    .description('各地适用哪些政策包：自何时起、由谁采用、期限是否已过')
    .option(...area)
    .option('--on <日期>', '哪一天，默认今天')
    .option(...jsonOption)
    .option(...dataOption)
    .action(list);
  policy
    .command('diff')
    .description('比较两份政策包：规则有何不同，一地哪些人的筛查结论会变；只看，不采用')
    .argument('<旧>', '政策包编号或文件')
    .argument('<新>', '政策包编号或文件')
    .requiredOption(...area)
    .option(...on)
    .option(...jsonOption)
    .option(...dataOption)
    .action(diff);
  policy
    .command('try')
    .description('用一份草案与现行规定比较，按现有数据试算；只看，不采用')
    .argument('<文件>', '政策包文件')
    .requiredOption(...area)
    .option(...on)
    .option(...jsonOption)
    .option(...dataOption)
    .action(tryFile);
};
