// Worked cases beside the packs: what a rule must answer at each of its boundaries, checked whenever packs are.
import { z } from 'zod';
import { Day, yearOf } from '../kernel/calendar.ts';
import { Refusal } from '../kernel/refusal.ts';
import { FindingOutcome } from './criterion.ts';
import { dueOn } from './duty.ts';
import { FactKey, Facts } from './facts.ts';
import { findTarget, isTargetMet } from './measure.ts';
import { ClauseId } from './pack.ts';
import type { PackProblem } from './pack-problem.ts';
import { findDuty, listRules, type Packs, type ResolvedRules, resolveRules } from './resolve.ts';
import { ScreeningOutcome, screenPerson } from './screen.ts';
import type { Source } from './source.ts';

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

const DutyCase = z.strictObject({
  ...caseFields,
  duty: z.string(),
  startOn: Day,
  expect: z.strictObject({ dueOn: Day }),
});

const TargetCase = z.strictObject({
  ...caseFields,
  indicator: z.string(),
  value: z.number(),
  expect: z.strictObject({ target: z.number(), met: z.boolean() }),
});

export const CaseFile = z.strictObject({
  person: Facts.default({}),
  cases: z.array(z.union([PersonCase, DutyCase, TargetCase])).min(1),
});
export type CaseFile = z.infer<typeof CaseFile>;
type WorkedCase = CaseFile['cases'][number];

/** Every case whose answer is not the one written down. */
export function runCases(file: CaseFile, source: Source, library: Packs): PackProblem[] {
  return file.cases.flatMap((one, index) => {
    const rules = resolveRules(library, one.area, one.on);
    return differences(file, one, rules).map((difference) =>
      source.problem(['cases', index, 'name'], `案例“${one.name}”不符：${difference}`),
    );
  });
}

function differences(file: CaseFile, one: WorkedCase, rules: ResolvedRules): string[] {
  if ('duty' in one) return compareDuty(one, rules);
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
  return differ('期限', one.expect.dueOn, dueOn(duty.rule.cadence, { startOn: one.startOn }).dueOn);
}

function compareTarget(one: z.infer<typeof TargetCase>, rules: ResolvedRules): string[] {
  const indicator = listRules(rules, 'indicator').find(({ rule }) => rule.id === one.indicator);
  if (indicator === undefined) return [`当地没有编号为 ${one.indicator} 的指标`];
  const target = findTarget(indicator.rule.targets, yearOf(one.on));
  return [
    ...differ('目标', one.expect.target, target?.value),
    ...differ('是否达标', one.expect.met, isTargetMet(one.value, target)),
  ];
}
