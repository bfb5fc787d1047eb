// Worked cases beside the packs: what a rule must answer at each of its boundaries, checked whenever packs are.
import { z } from 'zod';
import { Day, yearOf } from '../kernel/calendar.ts';
import { Refusal } from '../kernel/refusal.ts';
import { FindingOutcome } from './criterion.ts';
import { dueOn, listDues } from './duty.ts';
import { FactKey, Facts, Stability } from './facts.ts';
import { findTarget, isTargetMet } from './measure.ts';
import { AreaPrefix, ClauseId, type Pack } from './pack.ts';
import type { PackProblem } from './pack-problem.ts';
import { findDuty, findRule, type Packs, type ResolvedRules, resolveRules } from './resolve.ts';
import { ScreeningOutcome, screenPerson } from './screen.ts';
import type { Source } from './source.ts';
import { listForbiddenWords, listGaps } from './standard.ts';

const caseFields = { name: z.string().min(1), clause: z.array(ClauseId).min(1), area: z.string(), on: Day };

/** Facts are the file's `person` with the case's `facts` over it, without the keys in `unknown`. */
const PersonCase = z.strictObject({
  ...caseFields,
  facts: Facts.optional(),
  unknown: z.array(FactKey).optional(),
  expect: z.strictObject({
    outcome: ScreeningOutcome.optional(),
    refusal: z.string().optional(),
    findings: z.record(z.string(), FindingOutcome).optional(),
    needs: z.array(FactKey).optional(),
  }),
});

/** A clock that an event starts on `startOn`; `stability` is that of the person on that day, and not known where it is left out. */
const DutyCase = z.strictObject({
  ...caseFields,
  duty: z.string(),
  startOn: Day,
  stability: Stability.optional(),
  expect: z.strictObject({ dueOn: Day }),
});

/** A duty of the calendar: its due days from `from` to `to`, both included, and the time of day before which it is to be done. */
const CalendarCase = z.strictObject({
  ...caseFields,
  duty: z.string(),
  from: Day,
  to: Day,
  expect: z.strictObject({ dues: z.array(Day), before: z.string().optional() }),
});

/** `null` where the year has no target. */
const TargetCase = z.strictObject({
  ...caseFields,
  indicator: z.string(),
  value: z.number(),
  expect: z.strictObject({ target: z.number().nullable(), met: z.boolean().nullable() }),
});

/** A name against forbidden words, or what is there against a list. */
const StandardCase = z.strictObject({
  ...caseFields,
  standard: z.string(),
  named: z.string().optional(),
  present: z.array(z.string()).optional(),
  expect: z.strictObject({ forbidden: z.array(z.string()).optional(), gaps: z.array(z.string()).optional() }),
});

export const CaseFile = z.strictObject({
  person: Facts.default({}),
  /** Templates that the cases take as adopted, and where: `comprehensive: "5119"`. */
  adopt: z.record(z.string(), AreaPrefix).default({}),
  cases: z.array(z.union([PersonCase, DutyCase, CalendarCase, TargetCase, StandardCase])).min(1),
});
export type CaseFile = z.infer<typeof CaseFile>;
type WorkedCase = CaseFile['cases'][number];

/** Every case whose answer is not the one written down. */
export function runCases(file: CaseFile, source: Source, library: Packs): PackProblem[] {
  const unknown = Object.keys(file.adopt).filter((id) => library.packs.get(id)?.areas.length !== 0);
  if (unknown.length > 0)
    return unknown.map((id) => source.problem(['adopt', id], `没有名为“${id}”的待采用政策包（area: adopters）`));
  const adopted = { ...library, packs: adoptIn(library.packs, file.adopt) };
  return file.cases.flatMap((one, index) => {
    const rules = resolveRules(adopted, one.area, one.on);
    return differences(file, one, rules).map((difference) =>
      source.problem(['cases', index, 'name'], `案例“${one.name}”不符：${difference}`),
    );
  });
}

const adoptIn = (packs: ReadonlyMap<string, Pack>, adopt: CaseFile['adopt']): ReadonlyMap<string, Pack> =>
  new Map(
    [...packs].map(([id, pack]) => {
      const area = adopt[id];
      return [id, area === undefined ? pack : { ...pack, areas: [area] }];
    }),
  );

function differences(file: CaseFile, one: WorkedCase, rules: ResolvedRules): string[] {
  if ('startOn' in one) return compareDuty(one, rules);
  if ('duty' in one) return compareCalendar(one, rules);
  if ('standard' in one) return compareStandard(one, rules);
  if ('indicator' in one) return compareTarget(one, rules);
  return comparePerson(file, one, rules);
}

const differ = (what: string, expected: unknown, actual: unknown): string[] =>
  JSON.stringify(expected) === JSON.stringify(actual)
    ? []
    : [`${what} 应为 ${JSON.stringify(expected)}，实为 ${JSON.stringify(actual ?? null)}`];

function comparePerson(file: CaseFile, one: z.infer<typeof PersonCase>, rules: ResolvedRules): string[] {
  const { outcome, refusal, findings = {}, needs } = one.expect;
  const facts: Facts = { ...file.person, ...one.facts };
  for (const key of one.unknown ?? []) delete facts[key];
  try {
    const screening = screenPerson(rules, facts, one.on);
    return [
      ...(outcome === undefined ? [] : differ('结论', outcome, screening.outcome)),
      ...(refusal === undefined ? [] : [`应被拒绝（${refusal}），实为 ${screening.outcome}`]),
      ...(needs === undefined ? [] : differ('待补事实', needs.toSorted(), screening.needs.toSorted())),
      ...Object.entries(findings).flatMap(([rule, expected]) =>
        differ(rule, expected, screening.findings.find((finding) => finding.rule === rule)?.outcome),
      ),
    ];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return differ('拒绝', refusal, error.code);
  }
}

function compareDuty(one: z.infer<typeof DutyCase>, rules: ResolvedRules): string[] {
  const duty = findDuty(rules, one.duty);
  if (duty === undefined) return [`当地没有编号为 ${one.duty} 的职责`];
  const { startOn, stability } = one;
  return differ('期限', one.expect.dueOn, dueOn(duty.rule.cadence, { startOn, stability }).dueOn);
}

function compareCalendar(one: z.infer<typeof CalendarCase>, rules: ResolvedRules): string[] {
  const duty = findDuty(rules, one.duty);
  if (duty === undefined) return [`当地没有编号为 ${one.duty} 的职责`];
  const dues = listDues(duty.rule.cadence, one.from, one.to);
  return [
    ...differ(
      '期限',
      one.expect.dues,
      dues.map((due) => due.dueOn),
    ),
    ...differ('时刻', one.expect.before, dues[0]?.dueBefore),
  ];
}

function compareStandard(one: z.infer<typeof StandardCase>, rules: ResolvedRules): string[] {
  const found = findRule(rules, 'standard', one.standard);
  if (found === undefined) return [`当地没有编号为 ${one.standard} 的规范要求`];
  const { standard } = found.rule;
  const { forbidden, gaps } = one.expect;
  return [
    ...(forbidden === undefined ? [] : differ('禁用字样', forbidden, listForbiddenWords(standard, one.named ?? ''))),
    ...(gaps === undefined ? [] : differ('缺项', gaps, listGaps(standard, one.present ?? []))),
  ];
}

function compareTarget(one: z.infer<typeof TargetCase>, rules: ResolvedRules): string[] {
  const indicator = findRule(rules, 'indicator', one.indicator);
  if (indicator === undefined) return [`当地没有编号为 ${one.indicator} 的指标`];
  const target = findTarget(indicator.rule.targets, yearOf(one.on));
  return [
    ...differ('目标', one.expect.target, target?.value ?? null),
    ...differ('是否达标', one.expect.met, isTargetMet(one.value, target)),
  ];
}
