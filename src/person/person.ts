// A record of a person: identity fields, facts with their sources, and the entries that make and change them.
import { z } from 'zod';
import { Day, Town } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { FactKey, type FactSources, Facts, factKeys, LivesAt, RiskLevel, Sex } from '../policy/facts.ts';

export const Guardian = z.object({
  name: z.string().trim().min(1).max(40).meta({ sealed: true }),
  relation: z.string().trim().max(20).optional(),
  phone: z.string().trim().max(20).optional().meta({ sealed: true }),
});
export type Guardian = z.infer<typeof Guardian>;

/** Identity and contact of a person. Unknown fields are absent; fields marked sealed are personal. */
export const Identity = z.object({
  name: z.string().trim().min(1, '请填写姓名').max(40).meta({ sealed: true }),
  sex: Sex.or(z.literal('unknown')),
  birthDate: Day.optional(),
  idNumber: z.string().max(18).optional().meta({ sealed: true }),
  idKind: z.enum(['citizen', 'residencePermit', 'foreigner', 'other']).optional(),
  certificateNumber: z.string().max(22).optional().meta({ sealed: true }),
  phone: z.string().max(20).optional().meta({ sealed: true }),
  address: z.string().max(100).optional().meta({ sealed: true }),
  town: Town.optional(),
  village: z.string().max(40).optional(),
  householdDivision: z.string().max(12).optional(),
  guardian: Guardian.nullable().optional(),
});
export type Identity = z.infer<typeof Identity>;

/** Where a fact was said: a department's list, a visit, an application, a hospital, or by hand. */
export const FactOrigin = z.enum([
  'federation',
  'health',
  'civil',
  'visit',
  'application',
  'hospital',
  'assessment',
  'manual',
]);
export type FactOrigin = z.infer<typeof FactOrigin>;

/**
 * One fact: `kind` is a key of `Facts`; `value` is that key's value, except `risk`, whose value is one level (0–5), and
 * `diagnosis` and `medicalOpinion`, whose `on` is the fact's own day.
 */
export const RecordedFact = z.object({
  kind: FactKey,
  on: Day,
  // A guardian's name; the other facts are read in SQL.
  value: z.json().meta({ sealed: (fact: unknown) => (fact as { kind?: string }).kind === 'guardian' }),
  source: FactOrigin,
});
export type RecordedFact = z.infer<typeof RecordedFact>;

/** What a list says beyond identity and facts (BZ-06: treatment and aid): kept with the entry, shown in the file's timeline. */
export const ListExtras = z.object({
  hospital: z.string().max(200).optional(),
  medication: z.string().max(500).optional().meta({ sealed: true }),
  aid: z.array(z.string().max(100)).optional(),
  remark: z.string().max(1000).optional().meta({ sealed: true }),
});
export type ListExtras = z.infer<typeof ListExtras>;

/** BZ-06, AL-03: a person becomes known, from a list or by hand. Opens the first episode at stage `listed`. */
export const personListed = defineEntry({
  type: 'person.list',
  summary: '建立人员记录',
  body: z.object({
    identity: Identity,
    facts: z.array(RecordedFact),
    list: z.uuid().optional(),
    row: z.int().optional(),
    extras: ListExtras.optional(),
    /** BZ-13: the record in the county that pushed the file. */
    movedFrom: z.object({ county: z.string().length(6), person: z.uuid() }).optional(),
  }),
});

/** Identity fields that changed (absent: as before) and further facts from another list. */
export const personUpdated = defineEntry({
  type: 'person.update',
  summary: '更新人员信息',
  body: z.object({
    identity: Identity.partial(),
    facts: z.array(RecordedFact),
    list: z.uuid().optional(),
    row: z.int().optional(),
    extras: ListExtras.optional(),
  }),
});

/** `other` is found to be the same human as the subject: its facts count here, its record stays. Both are subjects. */
export const personLinked = defineEntry({
  type: 'person.link',
  summary: '关联为同一人',
  body: z.object({
    person: z.uuid(),
    other: z.uuid(),
    reason: z.string().max(200).meta({ sealed: true }),
    score: z.number().optional(),
  }),
});

export const personUnlinked = defineEntry({
  type: 'person.unlink',
  summary: '解除关联',
  body: z.object({ person: z.uuid(), other: z.uuid(), reason: z.string().max(200).meta({ sealed: true }) }),
});

/** Facts given outside a list or visit, e.g. the answer to "not known" at screening. */
export const factRecorded = defineEntry({
  type: 'fact.record',
  summary: '补充情况',
  body: z.object({ facts: z.array(RecordedFact).min(1), note: z.string().max(500).optional().meta({ sealed: true }) }),
});

/** BZ-06, SY-04: a home visit, by whom, what was found. */
export const visitRecorded = defineEntry({
  type: 'visit.record',
  summary: '入户走访',
  body: z.object({
    method: z.enum(['home', 'phone', 'office']),
    participants: z.array(z.string().max(40)).min(1),
    met: z.array(z.enum(['client', 'guardian', 'otherFamily', 'none'])),
    facts: z.array(RecordedFact),
    family: z.string().max(500).optional().meta({ sealed: true }),
    aid: z.array(z.string().max(40)),
    note: z.string().max(1000).optional().meta({ sealed: true }),
  }),
  replaceable: true,
});

/** BZ-07: the outcome of a screening; findings and pack version are on the entry. */
export const screeningRecorded = defineEntry({
  type: 'screening.record',
  summary: '准入筛查',
  body: z.object({
    outcome: z.enum(['eligible', 'ineligible', 'unknown']),
    pack: z.object({ id: z.string(), version: z.string() }),
  }),
});

/** BZ-09: a hospital advises community rehabilitation, with its opinion of fitness. */
export const recommendationRecorded = defineEntry({
  type: 'recommendation.record',
  summary: '医疗机构建议',
  body: z.object({
    fit: z.boolean(),
    livesAt: LivesAt.optional(),
    risk: RiskLevel.optional(),
    diagnosis: z.string().max(10).optional(),
    advice: z.string().max(500).meta({ sealed: true }),
  }),
});

/** Why somebody is shown personal fields in full, in their own words. */
export const Purpose = z.string().trim().min(2, '请写明用途').max(100);

/** A reader is shown the personal fields in full, for a purpose. */
export const personRevealed = defineEntry({
  type: 'person.reveal',
  summary: '查看完整个人信息',
  body: z.object({ purpose: z.string().trim().min(2).max(100).meta({ sealed: true }) }),
});

/** BZ-26: a ledger of persons, another file or a print leaves the product. Its subject is the list that was made; the rows are counted, not kept. */
export const ledgerExported = defineEntry({
  type: 'ledger.export',
  summary: '导出、打印含个人信息的文件',
  body: z.object({
    ledger: z.string().max(20),
    purpose: z.string().trim().min(2).max(100).meta({ sealed: true }),
    // What was typed into the search box may be a name.
    filter: z.record(z.string(), z.string()).meta({ sealed: true }),
    rows: z.int(),
  }),
});

export const personEntries = [
  personRevealed,
  ledgerExported,
  personListed,
  personUpdated,
  personLinked,
  personUnlinked,
  factRecorded,
  visitRecorded,
  screeningRecorded,
  recommendationRecorded,
];

/** Facts that an entry of any of these types states, in order. */
export const factsOf = (entry: { type: string; on: Day; body: unknown }): RecordedFact[] => {
  if (entry.type === recommendationRecorded.type) {
    const body = entry.body as z.infer<typeof recommendationRecorded.body>;
    const fact = (kind: RecordedFact['kind'], value: RecordedFact['value']): RecordedFact => ({
      kind,
      on: entry.on,
      value,
      source: 'hospital',
    });
    return [
      fact('medicalOpinion', { fit: body.fit }),
      ...(body.livesAt ? [fact('livesAt', body.livesAt)] : []),
      ...(body.risk === undefined ? [] : [fact('risk', body.risk)]),
      ...(body.diagnosis ? [fact('diagnosis', { code: body.diagnosis })] : []),
    ];
  }
  return (entry.body as { facts?: RecordedFact[] }).facts ?? [];
};

export interface StoredFact extends RecordedFact {
  readonly entry: string;
}

/** What of a person's record counts as fact besides what was stated as one. */
export interface FactBearer {
  readonly listedOn: string;
  readonly birthDate: string | null;
  readonly sex: Identity['sex'];
  readonly householdDivision: string | null;
  readonly town: string | null;
  readonly guardian: Guardian | null | undefined;
}

/** The facts that stand on a day, in the shape that policy rules read, with their sources. Identity counts as facts too. */
export const assembleFacts = (
  person: FactBearer,
  stored: readonly StoredFact[],
  on: string,
): { facts: Facts; sources: FactSources } => {
  const known = stored.filter((fact) => fact.on <= on);
  const facts: Record<string, unknown> = {};
  const sources: Partial<Record<FactKey, { on: string; source: string }>> = {};
  for (const key of factKeys) {
    const newest = known.find((fact) => fact.kind === key);
    if (!newest) continue;
    facts[key] = newest.value;
    sources[key] = { on: newest.on, source: newest.source };
    if ((key === 'diagnosis' || key === 'medicalOpinion') && newest.value !== null)
      facts[key] = { ...(newest.value as object), on: newest.on };
  }
  const risks = known.filter((fact) => fact.kind === 'risk');
  if (risks.length) facts.risk = risks.map((fact) => ({ on: fact.on, level: fact.value }));
  const own = { on: person.listedOn, source: 'manual' };
  const fill = (key: FactKey, value: unknown): void => {
    if (facts[key] !== undefined || value === null || value === undefined || value === 'unknown') return;
    facts[key] = value;
    sources[key] = own;
  };
  fill('birthDate', person.birthDate);
  fill('sex', person.sex);
  fill('householdDivision', person.householdDivision);
  fill('residenceDivision', person.town);
  if (person.guardian) fill('guardian', { name: person.guardian.name, relation: person.guardian.relation });
  return { facts: Facts.parse(facts), sources };
};

/** Refuses a birth after the day on which somebody is put on record. */
export const checkBornBy = (birthDate: string | undefined, on: string): void => {
  if (birthDate !== undefined && birthDate > on)
    throw new Refusal('inFuture', `出生日期（${birthDate}）不能晚于建档日期（${on}）。`, {
      kind: 'input',
      fields: { 'identity.birthDate': '不能晚于今天' },
    });
};
