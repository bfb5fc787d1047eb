// What is known about a person when policy rules are asked: a missing key means not known, null means known to be none.
import { z } from 'zod';
import { Day } from '../kernel/calendar.ts';

export const Sex = z.enum(['male', 'female']);
export type Sex = z.infer<typeof Sex>;

export const LivesAt = z.enum(['home', 'hospital', 'institution', 'elsewhere']);
export type LivesAt = z.infer<typeof LivesAt>;

export const Stability = z.enum(['stable', 'basicallyStable', 'unstable']);
export type Stability = z.infer<typeof Stability>;

export const Remission = z.enum(['basic', 'none']);
export type Remission = z.infer<typeof Remission>;

/** Overall risk level 0 (none) to 5 (violence with a weapon, arson …), from the national management standard of 2018. */
export const RiskLevel = z.int().min(0).max(5);
export type RiskLevel = z.infer<typeof RiskLevel>;

/** Category digit of the disability certificate: 1 sight, 2 hearing, 3 speech, 4 limbs, 5 intellect, 6 mental, 7 multiple. */
export const CertificateCategory = z.int().min(1).max(7);
export type CertificateCategory = z.infer<typeof CertificateCategory>;

/** Grade 1 (heaviest) to 4, as printed on the certificate; never computed from a scale. */
export const CertificateGrade = z.int().min(1).max(4);
export type CertificateGrade = z.infer<typeof CertificateGrade>;

const DivisionCode = z.string().regex(/^\d{2,12}$/, '请填写行政区划代码，例如 511902');

/** The facts that policy rules may ask for. Dates lie on the facts that grow old; the rest is as of the screening day. */
export const Facts = z.strictObject({
  birthDate: Day.optional(),
  sex: Sex.optional(),
  /** Division code (GB/T 2260, longer for town and village) of the household register. */
  householdDivision: DivisionCode.optional(),
  residenceDivision: DivisionCode.optional(),
  livesAt: LivesAt.optional(),
  diagnosis: z
    .strictObject({ code: z.string().min(1), on: Day.optional() })
    .nullable()
    .optional(),
  certificate: z.strictObject({ category: CertificateCategory, grade: CertificateGrade }).nullable().optional(),
  /** Registered as a person with severe mental illness. */
  severe: z.boolean().optional(),
  /** Every known risk assessment, in any order. */
  risk: z.array(z.strictObject({ on: Day, level: RiskLevel })).optional(),
  stability: Stability.optional(),
  remission: Remission.optional(),
  /** Opinion of a medical institution on whether community rehabilitation suits the person. */
  medicalOpinion: z.strictObject({ on: Day, fit: z.boolean() }).optional(),
  needsRehabilitation: z.boolean().optional(),
  selfCaring: z.boolean().optional(),
  majorPhysicalIllness: z.boolean().optional(),
  infectiousDisease: z.boolean().optional(),
  guardian: z.strictObject({ name: z.string().optional(), relation: z.string().optional() }).nullable().optional(),
  clientWilling: z.boolean().optional(),
  guardianWilling: z.boolean().optional(),
});
export type Facts = z.infer<typeof Facts>;

export const FactKey = Facts.keyof();
export type FactKey = z.infer<typeof FactKey>;

export const factKeys: readonly FactKey[] = FactKey.options;

/** Where a fact comes from (a list, a visit, an assessment) and the day it was true. */
export const FactSource = z.strictObject({ on: Day.optional(), source: z.string().optional() });
export type FactSource = z.infer<typeof FactSource>;

/** Sources are kept beside the facts, so that the facts stay one plain object. */
export const FactSources = z.partialRecord(FactKey, FactSource);
export type FactSources = z.infer<typeof FactSources>;

/** The names people know the facts by. */
export const factNames: Readonly<Record<FactKey, string>> = {
  birthDate: '出生日期',
  sex: '性别',
  householdDivision: '户籍所在地',
  residenceDivision: '现居住地',
  livesAt: '居住状况',
  diagnosis: '疾病诊断',
  certificate: '残疾人证',
  severe: '是否严重精神障碍',
  risk: '危险性评估',
  stability: '病情稳定程度',
  remission: '症状缓解情况',
  medicalOpinion: '医疗机构意见',
  needsRehabilitation: '康复需求',
  selfCaring: '生活自理',
  majorPhysicalIllness: '重大躯体疾病',
  infectiousDisease: '传染性疾病',
  guardian: '监护人',
  clientWilling: '本人意愿',
  guardianWilling: '监护人意愿',
};

/** A facts file: the facts, and where each comes from. */
export const FactsFile = Facts.extend({ sources: FactSources.optional() });
export type FactsFile = z.infer<typeof FactsFile>;
