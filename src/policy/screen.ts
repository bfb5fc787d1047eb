// Screening: every criterion of a place asked of one person's facts, three-valued, each answer with its fact and clause.
import { z } from 'zod';
import { Day } from '../kernel/calendar.ts';
import { Refusal } from '../kernel/refusal.ts';
import { allOf, Verdict } from './criterion.ts';
import { evaluate } from './evaluate.ts';
import { FactKey, type FactSources, type Facts } from './facts.ts';
import { ClauseId, type CriterionRule } from './pack.ts';
import { listRules, PackRef, type ResolvedRule, type ResolvedRules } from './resolve.ts';

/** A criterion's answer, with the rule it answers. */
export const Finding = Verdict.extend({
  rule: z.string(),
  clause: z.array(ClauseId),
  title: z.string(),
  pack: PackRef,
  /** Why a number or reading of the rule is ours and not the document's. */
  assumed: z.string().optional(),
});
export type Finding = z.infer<typeof Finding>;

export const ScreeningOutcome = z.enum(['eligible', 'ineligible', 'unknown']);
export type ScreeningOutcome = z.infer<typeof ScreeningOutcome>;

export const Screening = z.object({
  outcome: ScreeningOutcome,
  on: Day,
  area: z.string(),
  /** The nearest pack that sets criteria here. */
  pack: PackRef,
  findings: z.array(Finding),
  /** Facts to be asked for before the outcome is certain. */
  needs: z.array(FactKey),
});
export type Screening = z.infer<typeof Screening>;

const outcomes = { met: 'eligible', unmet: 'ineligible', unknown: 'unknown' } as const;

/**
 * Asks the place's criteria, all of which must be met. Facts dated after `on` are not yet known on `on`.
 * Refuses with `noCriteria` where no pack in force sets criteria for the area.
 */
export function screenPerson(rules: ResolvedRules, facts: Facts, on: Day, sources: FactSources = {}): Screening {
  const criteria = listRules(rules, 'criterion');
  const [nearest] = criteria;
  if (nearest === undefined)
    throw new Refusal('noCriteria', `${rules.area} 在 ${rules.on} 没有规定服务对象条件的政策，无法筛查`, {
      kind: 'rule',
    });
  const findings = criteria.map((criterion) =>
    findingOf(criterion, evaluate({ facts, on, sources }, criterion.rule.require)),
  );
  const whole = allOf(findings);
  return {
    outcome: outcomes[whole.outcome],
    on,
    area: rules.area,
    pack: nearest.pack,
    findings,
    needs: whole.needs ?? [],
  };
}

const findingOf = ({ rule, pack }: ResolvedRule<CriterionRule>, verdict: Verdict): Finding => ({
  rule: rule.id,
  title: rule.title,
  clause: rule.clause,
  pack,
  ...(rule.assumed ? { assumed: rule.assumed.reason } : {}),
  ...verdict,
});
