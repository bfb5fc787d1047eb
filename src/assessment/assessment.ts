// Assessments: team opinion of four disciplines (BZ-11), baseline, process and transfer-out with scored instruments, and risk.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Discipline } from '../network/organisation.ts';
import { RecordedFact } from '../person/person.ts';
import { RiskLevel } from '../policy/facts.ts';

export const AssessmentKind = z.enum(['baseline', 'process', 'transferOut']);
export type AssessmentKind = z.infer<typeof AssessmentKind>;

/** Raw answers by item code (9 = not applicable where the instrument says so), the score as scored then, and by which scorer. */
export const InstrumentResult = z.object({
  instrument: z.string().max(20),
  version: z.string().max(20),
  answers: z.record(z.string(), z.int()),
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

/** A member of staff who may be named as assessor or team member. */
export const AssessorRow = z.object({
  id: z.uuid(),
  name: z.string(),
  discipline: Discipline,
  /** Trained in needs assessment since (BZ-24). */
  trainedOn: Day.nullable(),
  organisation: z.string().nullable(),
});
export type AssessorRow = z.infer<typeof AssessorRow>;
