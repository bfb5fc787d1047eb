// What is different between the rules of two texts in one place: rules added, removed and changed, field by field, in words.
import type { RuleChange } from './effects.ts';
import { factNames } from './facts.ts';
import type { Rule } from './pack.ts';
import type { ResolvedRules } from './resolve.ts';

/** Words for the parts of a rule; a part without one (a list item's id) is told as it is written. */
const words: Readonly<Record<string, string>> = {
  ...factNames,
  kind: '类别',
  title: '名称',
  summary: '说明',
  clause: '条款',
  from: '起',
  to: '止',
  assumed: '暂定',
  reason: '理由',
  require: '条件',
  otherwise: '否则',
  if: '如果',
  all: '各项',
  any: '任一项',
  when: '视情况',
  riskAtMost: '总危险度不高于',
  level: '级别',
  withinMonths: '几个月内',
  reading: '取法',
  ageBetween: '年龄',
  hasCertificate: '持残疾人证',
  categories: '类别',
  gradeIn: '残疾等级',
  grades: '等级',
  residentOf: '户籍或居住地',
  area: '地区',
  places: '地点',
  stable: '病情稳定程度',
  classes: '档次',
  willing: '意愿',
  by: '由谁',
  judgedFit: '医疗机构认为适合',
  hasDiagnosis: '有疾病诊断',
  noMajorPhysicalIllness: '没有重大躯体疾病',
  noInfectiousDisease: '没有传染性疾病',
  hasGuardian: '有监护人',
  measure: '指标',
  params: '参数',
  targets: '目标',
  requires: '须具备',
  sessionsPerMonth: '每月服务次数',
  reassessEveryMonths: '复评间隔（月）',
  minimumClients: '最少服务人数',
  minimumSessions: '最少服务次数',
  cadence: '时限',
  workingDaysAfter: '工作日内',
  overMonthsSince: '超过几个月',
  monthsAfter: '每隔几个月',
  afterByStability: '按稳定程度',
  monthsOfYear: '每年月份',
  daysOfMonth: '每月日期',
  everyMonth: '每月',
  everyYear: '每年',
  event: '起算',
  days: '日',
  months: '月',
  day: '日',
  before: '时刻之前',
  amount: '数量',
  unit: '单位',
  responsible: '责任单位',
  role: '部门',
  subject: '对象',
  evidence: '完成依据',
  of: '种类',
  standard: '标准',
  list: '清单',
  items: '项目',
  id: '编号',
  text: '文字',
  dueOn: '完成日期',
  each: '每个',
  steps: '步骤',
  judgedBy: '评价方式',
};

type Leaves = ReadonlyMap<string, string>;

const wordsOf = (path: readonly string[]): string => path.map((part) => words[part] ?? part).join(' · ');

/** Every value of the rule by its path in words. Lists of items are told by the items' ids, so that a moved item is no change. */
function leavesOf(value: unknown, path: readonly string[] = []): [string, string][] {
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== 'object' || one === null)) return [[wordsOf(path), value.join('、')]];
    return value.flatMap((one, index) => {
      const id = typeof one === 'object' && one !== null && 'id' in one ? String(one.id) : `第${index + 1}项`;
      return leavesOf(one, [...path, id]);
    });
  }
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, part]) => (part === undefined ? [] : leavesOf(part, [...path, key])));
  return [[wordsOf(path), value === true ? '是' : value === false ? '否' : String(value)]];
}

const leavesOfRule = ({ id: _, ...rule }: Rule): Leaves => new Map(leavesOf(rule));

function compareFields(before: Rule, after: Rule): RuleChange['fields'] {
  const [old, now] = [leavesOfRule(before), leavesOfRule(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((field) => ({ field, before: old.get(field) ?? null, after: now.get(field) ?? null }))
    .filter((one) => one.before !== one.after);
}

const changeOf = (rule: Rule, change: RuleChange['change'], fields: RuleChange['fields'] = []): RuleChange => ({
  rule: rule.id,
  kind: rule.kind,
  title: rule.title,
  clause: rule.clause,
  change,
  fields,
});

/** The rules of one place under two texts: first what is gone, then what is different, then what is new. */
export function compareRules(before: ResolvedRules, after: ResolvedRules): RuleChange[] {
  const old = new Map(before.rules.map(({ rule }) => [rule.id, rule]));
  const now = new Map(after.rules.map(({ rule }) => [rule.id, rule]));
  const removed = [...old.values()].filter(({ id }) => !now.has(id)).map((rule) => changeOf(rule, 'removed'));
  const added = [...now.values()].filter(({ id }) => !old.has(id)).map((rule) => changeOf(rule, 'added'));
  const changed = [...now.values()].flatMap((rule) => {
    const was = old.get(rule.id);
    const fields = was === undefined ? [] : compareFields(was, rule);
    return fields.length === 0 ? [] : [changeOf(rule, 'changed', fields)];
  });
  return [...removed, ...changed, ...added];
}
