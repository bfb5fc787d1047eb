// The contract of assessments: instruments, team opinions, baseline, process and transfer-out, their correction and history.
import { z } from 'zod';
import { Day, Id, operation } from '../kernel/contract.ts';
import { Stage } from '../person/file.ts';
import { RiskLevel } from '../policy/facts.ts';
import { AnsweredInstrument, AssessmentKind, AssessmentView, TeamAssessmentView, TeamMember } from './assessment.ts';
import { Instrument } from './instrument.ts';

const readers = ['civilAffairs', 'health', 'hospital', 'centre', 'site'] as const;
const recorders = ['hospital', 'centre', 'site'] as const;
const person = z.uuid();

const content = {
  on: Day,
  /** The staff record of who assesses; name in `assessor` where there is none. */
  staff: z.uuid().optional(),
  assessor: z.string().trim().min(1, '请填写评估人').max(40),
  results: z.array(AnsweredInstrument).min(1, '请至少填写一份量表'),
  risk: RiskLevel.optional(),
  note: z.string().trim().max(1000).optional(),
};
/** What an assessment says, before it is scored: the input of recording and correcting alike. */
export const AssessmentContent = z.object(content);
export type AssessmentContent = z.infer<typeof AssessmentContent>;

const recordRefusals = ['answersInvalid', 'assessorUntrained', 'beforeStart', 'inFuture', 'instrumentUnknown'] as const;

export const instrumentApi = {
  list: operation({
    name: 'instrument.list',
    summary: '列出评估量表',
    method: 'GET',
    path: '/instruments',
    roles: 'signedIn',
    input: z.object({}),
    output: z.array(Instrument),
  }),
};

export const teamApi = {
  assess: operation({
    name: 'team.assess',
    summary: '登记多学科综合评估',
    method: 'POST',
    path: '/persons/{person}/team-assessments',
    roles: ['civilAffairs', ...recorders],
    refusals: ['beforeStart', 'disciplinesMissing', 'inFuture', 'linkedAway', 'memberUnknown', 'stageNotAllowed'],
    clauses: ['BZ-11'],
    input: z.object({
      id: Id,
      person,
      on: Day,
      members: z.array(TeamMember).min(1, '请填写参加人员').max(20),
      opinion: z.string().trim().min(1, '请填写康复意见').max(1000),
      suitable: z.boolean(),
      domains: z.array(z.string().max(20)).default([]),
    }),
    output: z.object({ id: Id }),
  }),
};

export const assessmentApi = {
  record: operation({
    name: 'assessment.record',
    summary: '登记康复评估',
    method: 'POST',
    path: '/persons/{person}/assessments',
    roles: recorders,
    refusals: [
      ...recordRefusals,
      'baselineExists',
      'baselineMissing',
      'linkedAway',
      'stageNotAllowed',
      'topicsMissing',
    ],
    clauses: ['QS-08', 'BZ-16', 'BZ-24', 'SY-06'],
    input: z.object({ id: Id, person, kind: AssessmentKind, ...content }),
    output: AssessmentView,
  }),
  correct: operation({
    name: 'assessment.correct',
    summary: '更正康复评估',
    method: 'POST',
    path: '/assessments/{assessment}/correct',
    roles: recorders,
    refusals: [...recordRefusals, 'alreadyReplaced', 'notOwn', 'topicsMissing'],
    clauses: ['QS-08'],
    input: z.object({ id: Id, assessment: z.uuid(), ...content }),
    output: AssessmentView,
  }),
  void: operation({
    name: 'assessment.void',
    summary: '作废康复评估',
    method: 'POST',
    path: '/assessments/{assessment}/void',
    roles: recorders,
    refusals: ['alreadyReplaced', 'notOwn'],
    clauses: ['QS-08'],
    input: z.object({
      id: Id,
      assessment: z.uuid(),
      reason: z.string().trim().min(1, '请填写作废原因').max(200),
    }),
    output: z.object({ id: Id }),
  }),
  get: operation({
    name: 'assessment.get',
    summary: '查看一次康复评估',
    method: 'GET',
    path: '/assessments/{assessment}',
    audit: { kind: 'read', answer: ['person'] },
    roles: readers,
    city: 'opened',
    refusals: ['notForOffice'],
    input: z.object({ assessment: z.uuid() }),
    output: AssessmentView.extend({ /** Masked. */ name: z.string(), instruments: z.array(Instrument) }),
  }),
  list: operation({
    name: 'assessment.list',
    summary: '一个人的全部评估',
    method: 'GET',
    path: '/persons/{person}/assessments',
    audit: 'read',
    roles: readers,
    city: 'opened',
    refusals: ['minimumSight', 'notForOffice'],
    clauses: ['QS-08'],
    input: z.object({ person }),
    output: z.object({
      /** Masked. */
      name: z.string(),
      /** Whole years today; null when the birth date is not known. */
      age: z.int().nullable(),
      stage: Stage,
      assessments: z.array(AssessmentView),
      team: z.array(TeamAssessmentView),
      /** Which disciplines the place asks a team for today; null where no document does. */
      teamRule: z
        .object({ disciplines: z.array(z.string()), clause: z.array(z.string()), endedOn: Day.nullable() })
        .nullable(),
      /** The baseline of the current episode: which kind comes next follows from it. */
      baseline: z.uuid().nullable(),
    }),
  }),
};
