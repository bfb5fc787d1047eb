// Assessments: team opinion of four disciplines (BZ-11), baseline, process and transfer-out with scored instruments, and risk.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { defineEntry, type EntryFinding } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { Discipline } from '../network/organisation.ts';
import { RecordedFact } from '../person/person.ts';
import { RiskLevel } from '../policy/facts.ts';
import type { StandardRule } from '../policy/pack.ts';
import type { ResolvedRule } from '../policy/resolve.ts';
import { type Instrument, listAnswerProblems, scoreAnswers } from './instrument.ts';

export const AssessmentKind = z.enum(['baseline', 'process', 'transferOut']);
export type AssessmentKind = z.infer<typeof AssessmentKind>;

/** Raw answers by item code (9 = not applicable where the instrument says so), the score as scored then, and by which scorer. */
export const InstrumentResult = z.object({
  instrument: z.string().max(20),
  version: z.string().max(20),
  answers: z.record(z.string(), z.int().min(-1000).max(1000)),
  /** Absent when too many items are missing: not scored, never 0. */
  total: z.number().optional(),
  band: z.string().max(40).optional(),
});
export type InstrumentResult = z.infer<typeof InstrumentResult>;

/** Who took part in a team assessment; with `staff`, name and discipline are those of the staff record. */
export const TeamMember = z.object({
  staff: z.uuid().optional(),
  name: z.string().trim().min(1, '请填写姓名').max(40),
  discipline: Discipline,
});
export type TeamMember = z.infer<typeof TeamMember>;

/** BZ-11. `members` name who took part, by discipline. */
export const teamAssessed = defineEntry({
  type: 'team.assess',
  summary: '多学科综合评估',
  body: z.object({
    members: z.array(TeamMember).min(1),
    opinion: z.string().trim().min(1).max(1000).meta({ sealed: true }),
    suitable: z.boolean(),
    domains: z.array(z.string().max(20)),
  }),
});

export const assessmentRecorded = defineEntry({
  type: 'assessment.record',
  summary: '康复评估',
  body: z.object({
    kind: AssessmentKind,
    assessor: z.string().max(40),
    staff: z.uuid().optional(),
    results: z.array(InstrumentResult),
    risk: RiskLevel.optional(),
    note: z.string().max(1000).optional().meta({ sealed: true }),
    facts: z.array(RecordedFact),
  }),
  tally: (body) => [{ part: body.kind, amount: 0 }],
  replaceable: true,
});

export const assessmentEntries = [teamAssessed, assessmentRecorded];

export const AssessmentView = z.object({
  id: z.uuid(),
  person: z.uuid(),
  kind: AssessmentKind,
  on: Day,
  assessor: z.string(),
  results: z.array(InstrumentResult),
  risk: RiskLevel.nullable(),
  note: z.string().nullable(),
});
export type AssessmentView = z.infer<typeof AssessmentView>;

export const TeamAssessmentView = z.object({
  id: z.uuid(),
  on: Day,
  members: z.array(TeamMember),
  opinion: z.string(),
  suitable: z.boolean(),
  domains: z.array(z.string()),
});
export type TeamAssessmentView = z.infer<typeof TeamAssessmentView>;

/** A member of staff who is named as assessor or team member. */
export interface Assessor {
  readonly id: string;
  readonly name: string;
  readonly discipline: Discipline;
  /** Trained in needs assessment since (BZ-24). */
  readonly trainedOn: Day | null;
}

type ResolvedStandard = ResolvedRule<StandardRule>;

const itemsOf = (standard: ResolvedStandard): readonly { id: string; text: string }[] =>
  'list' in standard.rule.standard ? standard.rule.standard.items : [];

/** The finding that a standard of the place was kept, to be recorded with the entry. */
export const metFinding = ({ rule, pack }: ResolvedStandard, because: string): EntryFinding => ({
  rule: rule.id,
  outcome: 'met',
  because,
  clause: rule.clause,
  pack: `${pack.id}@${pack.version}`,
});

/** BZ-11: refuses (`disciplinesMissing`) a team without every discipline that the place's standard names. */
export const decideTeam = (
  members: readonly TeamMember[],
  standard: ResolvedStandard | undefined,
): readonly EntryFinding[] => {
  if (!standard) return [];
  const present = new Set<string>(members.map((member) => member.discipline));
  const missing = itemsOf(standard).filter(({ id }) => !present.has(id));
  if (missing.length) {
    const names = missing.map(({ text }) => text).join('、');
    throw new Refusal('disciplinesMissing', `综合评估还缺少${names}，各专业到齐后才能出具意见。`, {
      fields: { members: `缺少${names}` },
      cites: standard.rule.clause,
    });
  }
  return [
    metFinding(
      standard,
      itemsOf(standard)
        .map(({ text }) => text)
        .join('、'),
    ),
  ];
};

/** BZ-24: where the place asks for it, refuses (`assessorUntrained`) an assessor who is not staff trained in needs assessment by that day. */
export const decideAssessor = (
  assessor: Pick<Assessor, 'name' | 'trainedOn'> | undefined,
  on: Day,
  standard: ResolvedStandard | undefined,
): readonly EntryFinding[] => {
  if (!standard) return [];
  const trained = assessor?.trainedOn ?? null;
  if (!assessor || trained === null || trained > on) {
    const who = assessor ? `${assessor.name}到 ${on} 为止` : '评估人不在工作人员名册中，或';
    throw new Refusal(
      'assessorUntrained',
      `${who}没有需求评估培训记录，不能签署评估。请先登记培训，或由受过培训的人员评估。`,
      {
        fields: { staff: '没有需求评估培训记录' },
        cites: standard.rule.clause,
      },
    );
  }
  return [metFinding(standard, `${assessor.name}，${trained} 培训`)];
};

/** The answers to one instrument, before they are scored. */
export const AnsweredInstrument = InstrumentResult.pick({ instrument: true, version: true, answers: true });
export type AnsweredInstrument = z.infer<typeof AnsweredInstrument>;

/** Scores what was answered. Refuses `instrumentUnknown`, and `answersInvalid` naming instrument and item. */
export const scoreResults = (
  answered: readonly AnsweredInstrument[],
  find: (id: string, version: string) => Instrument | undefined,
): InstrumentResult[] =>
  answered.map(({ instrument: id, version, answers }, i) => {
    const instrument = find(id, version);
    if (!instrument || answered.findIndex((other) => other.instrument === id) !== i)
      throw new Refusal('instrumentUnknown', `量表“${id}”第 ${version} 版不存在或重复填写，请刷新页面。`, {
        fields: { [`results.${i}.instrument`]: '量表不存在或重复' },
      });
    const problems = Object.entries(listAnswerProblems(instrument, answers));
    if (problems.length)
      throw new Refusal('answersInvalid', `${instrument.short}填写有误：${problems[0]?.[1] ?? ''}`, {
        fields: Object.fromEntries(problems.map(([code, text]) => [`results.${i}.answers.${code}`, text])),
      });
    const { total, band } = scoreAnswers(instrument, answers);
    return { instrument: id, version, answers, ...(total === undefined ? {} : { total }), ...(band ? { band } : {}) };
  });

/**
 * What an assessment follows (QS-08): one baseline per episode (`baselineExists`), and nothing else before it (`baselineMissing`).
 * `baseline` is the day of the episode's baseline, if there is one.
 */
export const checkOrder = (kind: AssessmentKind, on: Day, baseline: Day | null): void => {
  if (kind === 'baseline' && baseline !== null)
    throw new Refusal(
      'baselineExists',
      `本周期已于 ${baseline} 做过基线评估。有误请更正那一次，之后的评估请选过程评估。`,
      {
        kind: 'conflict',
        cites: ['QS-08'],
      },
    );
  if (kind !== 'baseline' && (baseline === null || baseline > on))
    throw new Refusal('baselineMissing', `到 ${on} 为止还没有基线评估，请先做基线评估。`, { cites: ['QS-08'] });
};

/** BZ-16: refuses (`topicsMissing`) a transfer-out assessment that leaves open a topic of the place's standard. */
export const decideTopics = (
  results: readonly InstrumentResult[],
  standard: ResolvedStandard | undefined,
): readonly EntryFinding[] => {
  if (!standard) return [];
  const answered = new Set(results.flatMap((result) => Object.keys(result.answers)));
  const missing = itemsOf(standard).filter(({ id }) => !answered.has(id));
  if (missing.length) {
    const names = missing.map(({ text }) => text).join('、');
    throw new Refusal('topicsMissing', `转出评估还没有填写${names}。`, {
      fields: { results: `缺少${names}` },
      cites: standard.rule.clause,
    });
  }
  return [
    metFinding(
      standard,
      itemsOf(standard)
        .map(({ text }) => text)
        .join('、'),
    ),
  ];
};

/** The risk level of an assessment as a fact of the person, which screening reads. */
export const riskFacts = (on: Day, risk: RiskLevel | undefined): RecordedFact[] =>
  risk === undefined ? [] : [{ kind: 'risk', on, value: risk, source: 'assessment' }];

export interface SeriesPoint {
  readonly on: Day;
  readonly kind: AssessmentKind;
  readonly total: number;
}

/** The totals of each instrument over time, oldest first; assessments that were not scored leave no point. */
export const seriesOf = (assessments: readonly AssessmentView[]): ReadonlyMap<string, readonly SeriesPoint[]> => {
  const series = new Map<string, SeriesPoint[]>();
  for (const { on, kind, results } of [...assessments].sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0)))
    for (const { instrument, total } of results)
      if (total !== undefined) series.set(instrument, [...(series.get(instrument) ?? []), { on, kind, total }]);
  return series;
};
