// Organisations and their staff: kinds, tiers (BZ-03), disciplines (BZ-11), and the entries that open and change them.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';

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

export const OrganisationFunction = z.enum([
  'assessment',
  'referral',
  'training',
  'supervision',
  'demonstration',
  'dayCare',
  'residentialCare',
  'homeSupport',
]);
export type OrganisationFunction = z.infer<typeof OrganisationFunction>;

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

const organisationFields = {
  division: z.string().regex(/^(\d{4}|\d{6}|\d{9})$/),
  kind: OrganisationKind,
  tier: Tier,
  name: z.string().trim().min(2).max(60),
  parent: z.uuid().optional(),
  phone: z.string().max(20).optional(),
  address: z.string().max(100).optional(),
  functions: z.array(OrganisationFunction),
  /** Persons served at a time. */
  capacity: z.int().min(0).optional(),
};

export const organisationOpened = defineEntry({
  type: 'organisation.open',
  summary: '设立机构',
  body: z.object(organisationFields),
});
export const organisationClosed = defineEntry({
  type: 'organisation.close',
  summary: '撤销机构',
  body: z.object({ reason: z.string().max(200) }),
});

export const staffJoined = defineEntry({
  type: 'staff.join',
  summary: '人员入职',
  body: z.object({
    organisation: z.uuid(),
    name: z.string().trim().min(1).max(40),
    discipline: Discipline,
    qualification: z.string().max(60).optional(),
    assessorTrainedOn: Day.optional(),
  }),
});
export const staffLeft = defineEntry({
  type: 'staff.leave',
  summary: '人员离职',
  body: z.object({ reason: z.string().max(200) }),
});

export const networkEntries = [organisationOpened, organisationClosed, staffJoined, staffLeft];
