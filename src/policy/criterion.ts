// The closed list of tests that a criterion may use on a person's facts, and their three-valued combination.
import { z } from 'zod';
import { Day } from '../kernel/calendar.ts';
import { CertificateCategory, CertificateGrade, FactKey, LivesAt, RiskLevel, Stability } from './facts.ts';

const holds = z.literal(true);

/** Tests and their parameters. A test that needs none is written `name: true`. */
export const testParams = {
  /** 总危险度: `reading` latest takes the last assessment of the window, highest the worst one in it. */
  riskAtMost: z.strictObject({
    level: RiskLevel,
    withinMonths: z.int().min(1).optional(),
    reading: z.enum(['latest', 'highest']).default('latest'),
  }),
  /** Whole years of age, both ends included: to 60 lasts until the day before the 61st birthday. */
  ageBetween: z.strictObject({ from: z.int().min(0), to: z.int().min(0) }),
  hasCertificate: z.strictObject({ categories: z.array(CertificateCategory).min(1).optional() }),
  gradeIn: z.strictObject({ grades: z.array(CertificateGrade).min(1) }),
  residentOf: z.strictObject({ area: z.string().regex(/^\d{2,12}$/), kind: z.enum(['household', 'residence']) }),
  livesAt: z.strictObject({ places: z.array(LivesAt).min(1) }),
  stable: z.strictObject({ classes: z.array(Stability).min(1) }),
  willing: z.strictObject({ by: z.array(z.enum(['client', 'guardian'])).min(1) }),
  judgedFit: z.strictObject({ withinMonths: z.int().min(1).optional() }),
  needsRehabilitation: holds,
  selfCaring: holds,
  hasDiagnosis: holds,
  severe: holds,
  remission: holds,
  noMajorPhysicalIllness: holds,
  noInfectiousDisease: holds,
  hasGuardian: holds,
};

export type TestName = keyof typeof testParams;
export const testNames = Object.keys(testParams) as readonly TestName[];
export type TestParams = { [name in TestName]: z.infer<(typeof testParams)[name]> };

/** Exactly one key: a test, or `all`, `any`, `when` over further conditions. */
export type Condition = { [name in TestName]?: TestParams[name] | undefined } & {
  all?: Condition[] | undefined;
  any?: Condition[] | undefined;
  when?: { if: Condition; require: Condition; otherwise?: Condition | undefined } | undefined;
};

const optionalTests = z.strictObject(testParams).partial().shape;

export const Condition: z.ZodType<Condition> = z.lazy(() =>
  z
    .strictObject({
      ...optionalTests,
      all: z.array(Condition).min(1).optional(),
      any: z.array(Condition).min(1).optional(),
      when: z.strictObject({ if: Condition, require: Condition, otherwise: Condition.optional() }).optional(),
    })
    .refine((condition) => Object.keys(condition).length === 1, {
      error: '一个条件只写一项检验，或 all、any、when 之一',
    }),
);

export const FindingOutcome = z.enum(['met', 'unmet', 'unknown']);
export type FindingOutcome = z.infer<typeof FindingOutcome>;

/** The answer of one condition: why, on which fact, and which facts are missing. */
export const Verdict = z.object({
  outcome: FindingOutcome,
  because: z.string(),
  /** Facts to be asked for; only where the outcome is unknown. */
  needs: z.array(FactKey).optional(),
  fact: z.object({ key: FactKey, value: z.unknown(), on: Day.optional(), source: z.string().optional() }).optional(),
  get children() {
    return z.array(Verdict).optional();
  },
});
export type Verdict = z.infer<typeof Verdict>;

const listNeeds = (verdicts: readonly Verdict[]): FactKey[] => [...new Set(verdicts.flatMap((v) => v.needs ?? []))];

function join(outcome: FindingOutcome, children: Verdict[], deciding: readonly Verdict[]): Verdict {
  const because = deciding.map((child) => child.because).join('；');
  return outcome === 'unknown'
    ? { outcome, because, needs: listNeeds(deciding), children }
    : { outcome, because, children };
}

const pick = (children: readonly Verdict[], outcome: FindingOutcome) => children.filter((c) => c.outcome === outcome);

/** Unmet beats unknown beats met. */
export function allOf(children: Verdict[]): Verdict {
  for (const outcome of ['unmet', 'unknown'] as const) {
    const deciding = pick(children, outcome);
    if (deciding.length > 0) return join(outcome, children, deciding);
  }
  return join('met', children, children);
}

/** Met beats unknown beats unmet. */
export function anyOf(children: Verdict[]): Verdict {
  for (const outcome of ['met', 'unknown'] as const) {
    const deciding = pick(children, outcome);
    if (deciding.length > 0) return join(outcome, children, deciding);
  }
  return join('unmet', children, children);
}

const notAsked: Verdict = { outcome: 'met', because: '此项不适用' };

/** `required` where `given` is met, `otherwise` where it is unmet; an unknown `given` matters only if the two differ. */
export function whenGiven(given: Verdict, required: Verdict, otherwise: Verdict = notAsked): Verdict {
  const children = otherwise === notAsked ? [given, required] : [given, required, otherwise];
  if (given.outcome !== 'unknown') {
    const branch = given.outcome === 'met' ? required : otherwise;
    const needs = branch.needs ? { needs: branch.needs } : {};
    return { outcome: branch.outcome, because: `${given.because}；${branch.because}`, ...needs, children };
  }
  if (required.outcome === otherwise.outcome && required.outcome !== 'unknown')
    return { outcome: required.outcome, because: `${required.because}；${otherwise.because}`, children };
  return join('unknown', children, pick([given, required, otherwise], 'unknown'));
}
