// Which classes of a person's data an office needs for its purpose (PIPL 6): one table, applied where a file, a list or a line is composed.
import { z } from 'zod';
import type { Actor, Role } from '../kernel/access.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { FactKey } from '../policy/facts.ts';

export const FieldClass = z.enum([
  'identity',
  'certificate',
  'need',
  'condition',
  'diagnosis',
  'risk',
  'assessment',
  'benefit',
]);
export type FieldClass = z.infer<typeof FieldClass>;

export const fieldClassNames: Readonly<Record<FieldClass, string>> = {
  identity: '身份和联系方式',
  certificate: '残疾人证',
  need: '需求和意愿',
  condition: '病情状况（是否稳定）',
  diagnosis: '诊断和医疗意见',
  risk: '危险性等级',
  assessment: '评估内容',
  benefit: '救助和待遇',
};

const classOfFact: Readonly<Record<FactKey, FieldClass>> = {
  birthDate: 'identity',
  sex: 'identity',
  householdDivision: 'identity',
  residenceDivision: 'identity',
  livesAt: 'identity',
  guardian: 'identity',
  certificate: 'certificate',
  needsRehabilitation: 'need',
  selfCaring: 'need',
  clientWilling: 'need',
  guardianWilling: 'need',
  severe: 'condition',
  stability: 'condition',
  remission: 'condition',
  diagnosis: 'diagnosis',
  medicalOpinion: 'diagnosis',
  majorPhysicalIllness: 'diagnosis',
  infectiousDisease: 'diagnosis',
  risk: 'risk',
};

/** A role of the table; a town's civil affairs works beside the villages and not in the county's place. */
export type Desk =
  | Extract<Role, 'civilAffairs' | 'health' | 'federation' | 'hospital' | 'centre' | 'site' | 'village'>
  | 'town';

interface Reads {
  readonly classes: readonly FieldClass[];
  /** Clause or law; else why it is ours. */
  readonly because: string;
}

const provider: Reads = {
  classes: ['identity', 'certificate', 'need', 'condition', 'diagnosis', 'risk', 'assessment'],
  because: '提供服务的机构（BZ-11、BZ-14、QS-08）；救助和待遇不属于服务所需，暂定',
};
const nearby: Reads = {
  classes: ['identity', 'certificate', 'need', 'condition', 'risk', 'benefit'],
  because: '入户摸底、走访只问病情是否稳定和意愿（BZ-06、AL-03）；不看诊断和评估，暂定',
};

export const readsOfDesk: Readonly<Record<Desk, Reads>> = {
  civilAffairs: { classes: FieldClass.options, because: '牵头单位（BZ-06、BZ-26）' },
  health: {
    classes: provider.classes,
    because: '提供诊断、治疗和危险性评估（BZ-06、CM-06）；救助和待遇由民政、残联办理，暂定',
  },
  federation: {
    classes: ['identity', 'certificate', 'need', 'benefit'],
    because: '持证人员名单（BZ-06、AL-03）；病情、诊断、危险性和评估不属于其职责所需，暂定',
  },
  hospital: provider,
  centre: provider,
  site: provider,
  town: nearby,
  village: nearby,
};

type Reader = Pick<Actor, 'role' | 'scope'>;

/** Whoever has no row sees no person, or (the product itself) everything. */
export const classesOf = ({ role, scope }: Reader): ReadonlySet<FieldClass> => {
  const desk = role === 'civilAffairs' && scope.length > 6 ? 'town' : role;
  if (desk === 'machine') return new Set(FieldClass.options);
  return new Set(desk in readsOfDesk ? readsOfDesk[desk as Desk].classes : []);
};

export const mayReadFact = (reader: Reader, fact: FactKey): boolean => classesOf(reader).has(classOfFact[fact]);

/** In place of what a line or a finding would say. */
export const notForOffice = '本单位无权查看';

/** Refuses (`notForOffice`) a reader whose purpose does not need the class. */
export const checkClass = (reader: Reader, needed: FieldClass): void => {
  if (!classesOf(reader).has(needed))
    throw new Refusal('notForOffice', `${notForOffice}：${fieldClassNames[needed]}（《个人信息保护法》第六条）。`, {
      kind: 'access',
    });
};
