// Organisations and their staff: kinds, tiers (BZ-03), disciplines (BZ-11), and the entries that open and change them.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { Qualification } from '../policy/measure.ts';
import { ProviderFunction } from '../policy/standard.ts';

export const OrganisationKind = z.enum([
  'civilAffairs',
  'health',
  'federation',
  'finance',
  'publicSecurity',
  'hospital',
  'centre',
  'site',
  'village',
]);
export type OrganisationKind = z.infer<typeof OrganisationKind>;

/** BZ-03: city guidance centre, county sub-centre, comprehensive institution, site; `office` for departments. */
export const Tier = z.enum(['cityCentre', 'countyCentre', 'comprehensive', 'site', 'hospital', 'office']);
export type Tier = z.infer<typeof Tier>;

/** BZ-11: the four disciplines of a team assessment, and others who serve. */
export const Discipline = z.enum([
  'psychiatrist',
  'nurse',
  'therapist',
  'socialWorker',
  'psychologist',
  'manager',
  'other',
]);
export type Discipline = z.infer<typeof Discipline>;

export const organisationFields = {
  division: z.string().regex(/^(\d{4}|\d{6}|\d{9})$/),
  kind: OrganisationKind,
  tier: Tier,
  name: z.string().trim().min(2).max(60),
  parent: z.uuid().optional(),
  phone: z.string().max(20).optional(),
  address: z.string().max(100).optional(),
  functions: z.array(ProviderFunction),
  /** Persons served at a time. */
  capacity: z.int().min(0).max(100_000).optional(),
};

export const organisationOpened = defineEntry({
  type: 'organisation.open',
  summary: '设立机构',
  body: z.object(organisationFields),
});
/** What may change without another organisation: the whole of it as it is from that day on. */
export const changeableFields = {
  name: organisationFields.name,
  phone: organisationFields.phone,
  address: organisationFields.address,
  functions: organisationFields.functions,
  capacity: organisationFields.capacity,
};
export const organisationChanged = defineEntry({
  type: 'organisation.change',
  summary: '变更机构信息',
  body: z.object(changeableFields),
});
export const organisationClosed = defineEntry({
  type: 'organisation.close',
  summary: '撤销机构',
  body: z.object({ reason: z.string().max(200) }),
});

export const staffFields = {
  organisation: z.uuid(),
  name: z.string().trim().min(1).max(40),
  discipline: Discipline,
  /** BZ-21: the background that the share of qualified staff asks for; absent where nobody was asked. */
  qualificationKind: Qualification.optional(),
  /** The degree, licence or title itself. */
  qualification: z.string().max(60).optional(),
  assessorTrainedOn: Day.optional(),
};

export const staffJoined = defineEntry({
  type: 'staff.join',
  summary: '人员入职',
  body: z.object(staffFields),
});
/** BZ-21: a background that was earned, or is recorded only now; it holds from the entry's day. */
export const staffQualified = defineEntry({
  type: 'staff.qualify',
  summary: '登记人员专业背景',
  body: z.object({ kind: Qualification, qualification: z.string().max(60).optional() }),
});
export const staffLeft = defineEntry({
  type: 'staff.leave',
  summary: '人员离职',
  body: z.object({ reason: z.string().max(200) }),
});

export const networkEntries = [
  organisationOpened,
  organisationChanged,
  organisationClosed,
  staffJoined,
  staffQualified,
  staffLeft,
];

/** An organisation as every signed-in user sees it. */
export const Organisation = z.object({
  id: z.uuid(),
  ...organisationFields,
  parent: z.uuid().nullable(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  capacity: z.int().nullable(),
  openedOn: Day,
  /** Day of the newest change. */
  changedOn: Day.nullable(),
  closedOn: Day.nullable(),
  parentName: z.string().nullable(),
  /** Clients placed here now; null where the actor does not see all of them. */
  serving: z.int().nullable(),
});
export type Organisation = z.infer<typeof Organisation>;

export const Staff = z.object({
  id: z.uuid(),
  organisation: z.uuid(),
  organisationName: z.string(),
  name: z.string(),
  discipline: Discipline,
  qualificationKind: Qualification.nullable(),
  qualification: z.string().nullable(),
  assessorTrainedOn: Day.nullable(),
  sinceOn: Day,
  untilOn: Day.nullable(),
});
export type Staff = z.infer<typeof Staff>;

/** Organisations that take clients. */
export const servingKinds: readonly OrganisationKind[] = ['hospital', 'centre', 'site'];

const tiersOfKind = (kind: OrganisationKind): readonly Tier[] => {
  if (kind === 'hospital') return ['hospital', 'comprehensive', 'countyCentre', 'cityCentre'];
  if (kind === 'centre') return ['cityCentre', 'countyCentre', 'comprehensive'];
  if (kind === 'site') return ['site', 'comprehensive'];
  return ['office'];
};

/** The division levels (code lengths) of a tier: a city centre is the city's, a sub-centre the county's (BZ-03). */
const levelsOfTier: Partial<Record<Tier, readonly number[]>> = {
  cityCentre: [4],
  countyCentre: [6],
  comprehensive: [6, 9],
  site: [6, 9],
};

const tierRefusal = (message: string): Refusal =>
  new Refusal('tierMismatch', message, { fields: { tier: message }, cites: ['BZ-03'] });

interface ParentOrganisation {
  readonly division: string;
  readonly kind: OrganisationKind;
  readonly closedOn: Day | null;
}

/** Refuses a tier that does not fit kind and division, and a parent that is closed, of another place, or no institution (BZ-03, BZ-05). */
export const checkOrganisation = (
  input: { readonly kind: OrganisationKind; readonly tier: Tier; readonly division: string },
  parent: ParentOrganisation | undefined,
): void => {
  if (!tiersOfKind(input.kind).includes(input.tier)) throw tierRefusal('机构类型与层级不相符。');
  const levels = levelsOfTier[input.tier];
  if (levels && !levels.includes(input.division.length)) throw tierRefusal('层级与所在行政区划的级别不相符。');
  if (!parent) return;
  const above = input.division.startsWith(parent.division) || parent.division.startsWith(input.division.slice(0, 6));
  if (!above || parent.closedOn !== null)
    throw new Refusal('parentUnfit', '上级或结对机构应在同一县（区）或上级行政区划，且未撤销。', {
      fields: { parent: '请另选一家机构' },
      cites: ['BZ-05'],
    });
};
