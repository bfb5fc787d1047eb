// The schema of a policy pack: what a place's documents ask, as dated rules of five kinds, each citing its clauses.
import { z } from 'zod';
import { Role } from '../kernel/access.ts';
import { Day } from '../kernel/calendar.ts';
import { Condition } from './criterion.ts';
import { Cadence, DutyEvidence, DutySubject, kindsOfEvidence } from './duty.ts';
import { measureParams } from './measure.ts';
import { Standard } from './standard.ts';

/** Clause ids are those of policies/clauses.yaml. */
export const ClauseId = z.string().regex(/^[A-Z]{2}-\d{2}$/, '条款编号形如 BZ-07');
export type ClauseId = z.infer<typeof ClauseId>;

const ruleFields = {
  /** Code looks rules up by id, and a nearer pack overrides a rule by using its id. */
  id: z.string().regex(/^[a-z][A-Za-z0-9]*$/, '规则编号用小写字母开头的英文词，例如 riskCeiling'),
  from: Day.optional(),
  to: Day.optional(),
  clause: z.array(ClauseId).min(1),
  title: z.string().min(1),
  /** What is asked, in our own words. */
  summary: z.string().min(1),
  /** Set where a number or a reading is ours and not the document's. */
  assumed: z.strictObject({ reason: z.string().min(1) }).optional(),
};

const Responsible = z.strictObject({ role: Role, level: z.enum(['city', 'county', 'town', 'organisation']) });

export const CriterionRule = z.strictObject({ ...ruleFields, kind: z.literal('criterion'), require: Condition });
export type CriterionRule = z.infer<typeof CriterionRule>;

export const StandardRule = z.strictObject({ ...ruleFields, kind: z.literal('standard'), standard: Standard });
export type StandardRule = z.infer<typeof StandardRule>;

export const DutyRule = z
  .strictObject({
    ...ruleFields,
    kind: z.literal('duty'),
    cadence: Cadence,
    responsible: Responsible,
    subject: DutySubject,
    evidence: DutyEvidence,
    /** Which body, activity or report, where the evidence has kinds. */
    of: z.string().optional(),
  })
  .superRefine(({ evidence, of }, context) => {
    const kinds = kindsOfEvidence[evidence];
    if (kinds === undefined ? of === undefined : of !== undefined && kinds.includes(of)) return;
    const message = kinds === undefined ? `${evidence} 不分种类，不写 of` : `of 应为 ${kinds.join('、')} 之一`;
    context.addIssue({ code: 'custom', path: ['of'], message });
  });
export type DutyRule = z.infer<typeof DutyRule>;

const targets = z.record(z.string().regex(/^\d{4}$/, '目标按年份写，例如 2024'), z.number().positive());

const indicatorOf = <Name extends keyof typeof measureParams>(name: Name) =>
  z.strictObject({
    ...ruleFields,
    kind: z.literal('indicator'),
    measure: z.literal(name),
    params: measureParams[name],
    /** By year; none where the document only says that the figure is to rise or to fall. */
    targets,
  });

export const IndicatorRule = z.discriminatedUnion('measure', [
  indicatorOf('standardizedServiceRate'),
  indicatorOf('countyCoverage'),
  indicatorOf('townCoverage'),
  indicatorOf('institutionCoverage'),
  indicatorOf('qualifiedStaffShare'),
  indicatorOf('newSites'),
  indicatorOf('clientsServed'),
  indicatorOf('homeLivingRate'),
  indicatorOf('relapseRate'),
  indicatorOf('selfCareRate'),
  indicatorOf('employmentRate'),
]);
export type IndicatorRule = z.infer<typeof IndicatorRule>;

/** What shows that a dated step is done: `recorded` is a note of whoever is responsible (`duty.record`). */
export const MilestoneEvidence = z.enum([
  'recorded',
  'censusCovered',
  'countyServing',
  'institutionThere',
  'filesMade',
]);
export type MilestoneEvidence = z.infer<typeof MilestoneEvidence>;

export const MilestoneRule = z.strictObject({
  ...ruleFields,
  kind: z.literal('milestone'),
  dueOn: Day,
  responsible: Responsible,
  /** Done once in each such area. */
  each: z.enum(['city', 'county', 'town']).default('county'),
  /** Only these areas of the pack's (division codes). */
  places: z
    .array(z.string().regex(/^\d{4}(\d{2}){0,1}(\d{3})?$/))
    .min(1)
    .optional(),
  /** What is to be done on the way, in order (AL-05). */
  steps: z.array(z.strictObject({ id: z.string().regex(/^[a-z][A-Za-z0-9]*$/), text: z.string().min(1) })).optional(),
  /** How the work is judged (AL-05). */
  judgedBy: z.string().min(1).optional(),
  evidence: MilestoneEvidence.default('recorded'),
});
export type MilestoneRule = z.infer<typeof MilestoneRule>;

export const Rule = z.discriminatedUnion('kind', [CriterionRule, StandardRule, DutyRule, IndicatorRule, MilestoneRule]);
export type Rule = z.infer<typeof Rule>;
export type RuleKind = Rule['kind'];

/** A prefix of GB/T 2260 codes (2, 4 or 6 digits; 9 for a town), or "*" for the nation. */
export const AreaPrefix = z
  .string()
  .regex(/^(\*|\d{2}|\d{4}|\d{6}|\d{9})$/, '地区写行政区划代码前缀（加引号），全国写 "*"');
export type AreaPrefix = z.infer<typeof AreaPrefix>;

export const PackFile = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, '政策包编号用小写英文，例如 bazhong'),
  name: z.string().min(1),
  /** Several areas where several places adopted the same document; `adopters`: a template that holds only where it is adopted by an entry. */
  area: z.union([AreaPrefix, z.array(AreaPrefix).min(1), z.literal('adopters')]),
  parent: z.string().optional(),
  /** The pack that this one succeeds: from the first day of its period it stands in that one's place. */
  replaces: z.string().optional(),
  period: z.strictObject({ from: Day, to: Day.optional() }),
  documents: z
    .array(
      z.strictObject({
        title: z.string().min(1),
        number: z.string().optional(),
        issuedOn: Day.optional(),
        clausePrefix: z.string().regex(/^[A-Z]{2}$/),
      }),
    )
    .min(1),
  rules: z.array(Rule).min(1),
});
export type PackFile = z.infer<typeof PackFile>;

/** A pack as loaded. */
export interface Pack extends Omit<PackFile, 'area'> {
  readonly areas: readonly AreaPrefix[];
  /** Changes whenever the text of the pack or of one of its ancestors does. */
  readonly version: string;
  readonly file: string;
  /** As written: what is kept where a place adopts it. */
  readonly text: string;
}
