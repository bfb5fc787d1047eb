// What the schema of one pack cannot see: clauses that do not exist, overlaps in time, target gaps, ancestors.
import { addDays, type Day, yearOf } from '../kernel/calendar.ts';
import { countingMeasures } from './measure.ts';
import type { Pack, Rule } from './pack.ts';
import type { PackProblem } from './pack-problem.ts';
import { findNearness, slotOf } from './resolve.ts';
import type { Source } from './source.ts';

/** A pack with the file it was read from. */
export interface LoadedPack {
  readonly pack: Pack;
  readonly source: Source;
}

interface Period {
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
}

const endless = '9999-12-31';
const overlap = (a: Period, b: Period): boolean =>
  (a.from ?? '') <= (b.to ?? endless) && (b.from ?? '') <= (a.to ?? endless);

/** Mistakes of one pack, given the other packs and the clauses that may be cited. */
export function checkPack(
  loaded: LoadedPack,
  all: readonly LoadedPack[],
  clauses: ReadonlyMap<string, unknown>,
): PackProblem[] {
  return [
    ...checkAncestors(loaded, all),
    ...checkSuccession(loaded, all),
    ...checkPeriod(loaded),
    ...checkOverlaps(loaded),
    ...checkHoles(loaded),
    ...loaded.pack.rules.flatMap((rule, index) => [
      ...checkClauses(loaded, all, clauses, rule, index),
      ...checkTargets(loaded, rule, index),
      ...checkParams(loaded, rule, index),
      ...checkMilestone(loaded, rule, index),
      ...checkItems(loaded, rule, index),
    ]),
  ];
}

/** The pack and its ancestors, nearest first; stops where a parent is unknown or comes round again. */
function lineageOf({ pack }: LoadedPack, all: readonly LoadedPack[]): LoadedPack[] {
  const lineage: LoadedPack[] = [];
  let at = all.find((one) => one.pack.id === pack.id);
  while (at !== undefined && !lineage.includes(at)) {
    lineage.push(at);
    const { parent } = at.pack;
    at = all.find((one) => one.pack.id === parent);
  }
  return lineage;
}

function checkAncestors(loaded: LoadedPack, all: readonly LoadedPack[]): PackProblem[] {
  const { pack, source } = loaded;
  if (pack.parent === undefined) return [];
  const parent = all.find((one) => one.pack.id === pack.parent);
  if (parent === undefined) {
    const known = all.map((one) => one.pack.id).filter((id) => id !== pack.id);
    return [source.problem(['parent'], `上级政策包“${pack.parent}”不存在`, `可用：${known.join('、')}`)];
  }
  const last = lineageOf(loaded, all).at(-1);
  if (last?.pack.parent !== undefined && all.some((one) => one.pack.id === last.pack.parent))
    return [source.problem(['parent'], `政策包的上级关系成环：${pack.id} → ${pack.parent} → …`)];
  const uncovered = pack.areas.filter(
    (area) => findNearness(parent.pack.areas, area === '*' ? '' : area) === undefined,
  );
  if (uncovered.length === 0) return [];
  return [source.problem(['area'], `上级政策包“${pack.parent}”不包括地区 ${uncovered.join('、')}`)];
}

function checkSuccession({ pack, source }: LoadedPack, all: readonly LoadedPack[]): PackProblem[] {
  if (pack.replaces === undefined) return [];
  if (pack.replaces === pack.id)
    return [source.problem(['replaces'], '政策包不能接替自己', '新版本沿用原编号，不写 replaces')];
  const packs = new Map(all.map((one) => [one.pack.id, one.pack]));
  if (!packs.has(pack.replaces)) {
    const known = [...packs.keys()].filter((id) => id !== pack.id);
    return [source.problem(['replaces'], `被接替的政策包“${pack.replaces}”不存在`, `可用：${known.join('、')}`)];
  }
  if (slotOf(pack, packs) === pack.id)
    return [source.problem(['replaces'], `政策包的接替关系成环：${pack.id} → ${pack.replaces} → …`)];
  return [];
}

function checkPeriod({ pack, source }: LoadedPack): PackProblem[] {
  const problems: PackProblem[] = [];
  const { from, to = endless } = pack.period;
  if (from > to) problems.push(source.problem(['period', 'to'], '有效期的止日早于起日'));
  pack.rules.forEach((rule, index) => {
    if (rule.from !== undefined && rule.to !== undefined && rule.from > rule.to)
      problems.push(source.problem(['rules', index, 'to'], `规则 ${rule.id} 的止日早于起日`));
    if (rule.from !== undefined && (rule.from < from || rule.from > to))
      problems.push(source.problem(['rules', index, 'from'], `规则 ${rule.id} 的起日不在政策包有效期内`));
    if (rule.to !== undefined && (rule.to < from || rule.to > to))
      problems.push(source.problem(['rules', index, 'to'], `规则 ${rule.id} 的止日不在政策包有效期内`));
  });
  return problems;
}

function checkOverlaps({ pack, source }: LoadedPack): PackProblem[] {
  return pack.rules.flatMap((rule, index) => {
    const other = pack.rules.slice(0, index).find((earlier) => earlier.id === rule.id && overlap(earlier, rule));
    if (other === undefined) return [];
    return [source.problem(['rules', index, 'id'], `规则 ${rule.id} 的两段有效期重叠`, '用 from、to 把前后两段分开')];
  });
}

/** A rule in dated pieces holds from its first day to its last: nobody means the days between two pieces to be without it. */
function checkHoles({ pack, source }: LoadedPack): PackProblem[] {
  return pack.rules.flatMap((rule, index) => {
    const { from } = rule;
    const pieces = pack.rules.filter((other) => other !== rule && other.id === rule.id);
    const before = pieces.flatMap(({ to }) => (from !== undefined && to !== undefined && to < from ? [to] : []));
    const last = before.sort().at(-1);
    if (from === undefined || last === undefined || addDays(last, 1) === from) return [];
    const hole = `${addDays(last, 1)} 至 ${addDays(from, -1)}`;
    return [source.problem(['rules', index, 'from'], `规则 ${rule.id} 在 ${hole} 之间没有规定`, '让后一段紧接前一段')];
  });
}

function checkClauses(
  loaded: LoadedPack,
  all: readonly LoadedPack[],
  clauses: ReadonlyMap<string, unknown>,
  rule: Rule,
  index: number,
): PackProblem[] {
  const prefixes = lineageOf(loaded, all).flatMap(({ pack }) => pack.documents.map((one) => one.clausePrefix));
  return rule.clause.flatMap((id, at) => {
    const path = ['rules', index, 'clause', at];
    if (!clauses.has(id)) return [loaded.source.problem(path, `条款 ${id} 不存在`, '条款编号见 clauses.yaml')];
    if (!prefixes.includes(id.slice(0, 2)))
      return [loaded.source.problem(path, `条款 ${id} 所属文件不在本政策包及其上级的 documents 之中`)];
    return [];
  });
}

/** Every year that the rule covers needs a target; a rule without an end covers the years up to its last target. */
function checkTargets({ pack, source }: LoadedPack, rule: Rule, index: number): PackProblem[] {
  if (rule.kind !== 'indicator' || Object.keys(rule.targets).length === 0) return [];
  const path = ['rules', index, 'targets'];
  const years = Object.keys(rule.targets).map(Number);
  const first = yearOf(rule.from ?? pack.period.from);
  const end = rule.to ?? pack.period.to;
  const last = end === undefined ? Math.max(first, ...years) : yearOf(end);
  const missing: number[] = [];
  for (let year = first; year <= last; year++) if (!years.includes(year)) missing.push(year);
  const outside = years.filter((year) => year < first || year > last);
  return [
    ...(missing.length > 0 ? [source.problem(path, `指标 ${rule.id} 缺少 ${missing.join('、')} 年的目标`)] : []),
    ...outside.map((year) => source.problem([...path, String(year)], `${year} 年不在规则 ${rule.id} 的有效期内`)),
    ...Object.entries(rule.targets)
      .filter(([, target]) => target > 1 && !countingMeasures.includes(rule.measure))
      .map(([year]) =>
        source.problem([...path, year], `指标 ${rule.id} 是比例，目标应在 0 与 1 之间`, '百分之三十写作 0.3'),
      ),
  ];
}

/** Parameters that are each well formed but contradict one another. */
function checkParams({ source }: LoadedPack, rule: Rule, index: number): PackProblem[] {
  if (rule.kind !== 'criterion') return [];
  const { ageBetween } = rule.require;
  if (ageBetween === undefined || ageBetween.from <= ageBetween.to) return [];
  return [source.problem(['rules', index, 'require', 'ageBetween'], '年龄的上限小于下限')];
}

/** Places outside the pack's areas, and steps that were due before the document was there. A template's areas are not known. */
function checkMilestone({ pack, source }: LoadedPack, rule: Rule, index: number): PackProblem[] {
  if (rule.kind !== 'milestone') return [];
  const outside = (rule.places ?? []).flatMap((place, at) =>
    pack.areas.length === 0 || findNearness(pack.areas, place) !== undefined
      ? []
      : [source.problem(['rules', index, 'places', at], `地区 ${place} 不在政策包的地区之内`)],
  );
  if (rule.dueOn >= (rule.from ?? pack.period.from)) return outside;
  return [...outside, source.problem(['rules', index, 'dueOn'], `节点 ${rule.id} 的日期早于有效期的起日`)];
}

/** Items and steps are told apart by their ids. */
function checkItems({ source }: LoadedPack, rule: Rule, index: number): PackProblem[] {
  const twice = (path: readonly PropertyKey[], ids: readonly string[]) =>
    ids.flatMap((id, at) =>
      ids.indexOf(id) === at ? [] : [source.problem(['rules', index, ...path, at, 'id'], `“${id}”写了两次`)],
    );
  const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);
  if (rule.kind === 'milestone') return twice(['steps'], ids(rule.steps ?? []));
  if (rule.kind === 'standard' && 'list' in rule.standard)
    return twice(['standard', 'items'], ids(rule.standard.items));
  return [];
}

/** Two packs of the same rank (neither the other's ancestor) that say the same rule id for one place at one time. */
export function checkPacksTogether(all: readonly LoadedPack[]): PackProblem[] {
  const packs = new Map(all.map((one) => [one.pack.id, one.pack]));
  return all.flatMap((a, index) =>
    all.slice(index + 1).flatMap((b) => {
      const sharesArea = a.pack.areas.some((area) => b.pack.areas.includes(area));
      if (
        !sharesArea ||
        slotOf(a.pack, packs) === slotOf(b.pack, packs) ||
        lineageOf(a, all).includes(b) ||
        lineageOf(b, all).includes(a)
      )
        return [];
      return b.pack.rules.flatMap((rule, at) => {
        const clash = a.pack.rules.some(
          (other) => other.id === rule.id && overlap(periodOf(a, other), periodOf(b, rule)),
        );
        if (!clash) return [];
        const message = `规则 ${rule.id} 与同一地区的政策包 ${a.pack.id} 重复`;
        return [b.source.problem(['rules', at, 'id'], message, '换一个编号，或以 parent 写明先后')];
      });
    }),
  );
}

const periodOf = ({ pack }: LoadedPack, rule: Rule): Period => ({
  from: rule.from ?? pack.period.from,
  to: rule.to ?? pack.period.to,
});
