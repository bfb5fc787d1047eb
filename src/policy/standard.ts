// What "done right" asks for: closed lists of items that must be there, and words that must not.
import { z } from 'zod';
import { BodyKind } from './duty.ts';

/** What an institution can do (BZ-03, BZ-17, AL-08). */
export const ProviderFunction = z.enum([
  'assessment',
  'referral',
  'training',
  'supervision',
  'demonstration',
  'medical',
  'rehabilitation',
  'socialWork',
  'psychiatricClinic',
  'custodyCare',
  'dayCare',
  'residentialCare',
  'homeSupport',
]);
export type ProviderFunction = z.infer<typeof ProviderFunction>;

/** Lists whose items the product records by name; a pack may ask for no other. Open lists are null. */
const itemsOfList = {
  teamDisciplines: ['psychiatrist', 'nurse', 'therapist', 'socialWorker', 'psychologist'],
  documentsBeforeService: ['consent', 'agreement'],
  processSteps: ['transferIn', 'registration', 'baseline', 'process', 'transferOut', 'specialCase'],
  providerFunctions: ProviderFunction.options,
  sessionDomains: [
    'medication',
    'relapsePrevention',
    'physical',
    'lifeSkills',
    'socialSkills',
    'vocational',
    'psychological',
    'peerSupport',
    'familySupport',
    'homeGuidance',
  ],
  networkTiers: ['cityCentre', 'countyCentre', 'comprehensive', 'site'],
  transferOutTopics: ['effect', 'illness', 'selfCare', 'socialAndWork', 'jobWish'],
  assessorTraining: ['needsAssessment'],
  ledgers: ['clients', 'services', 'assessments', 'reports'],
  /** SY-07: service that is counted apart from standardized service. */
  otherServices: ['lecture', 'inclusion', 'familyHelp', 'peerSupport'],
  /** BZ-04: what a site must have; open lists say what the product has no field of its own for. */
  siteChecklist: null,
  /** QS-14. */
  safetyChecklist: null,
  /** QS-07. */
  institutionRules: null,
  /** AL-10, CM-03, CM-04, QS-06: who belongs to a body; `of` says which. */
  bodyMembers: null,
} as const satisfies Record<string, readonly string[] | null>;

export type StandardList = keyof typeof itemsOfList;
const listNames = Object.keys(itemsOfList) as [StandardList, ...StandardList[]];

const Item = z.strictObject({ id: z.string().regex(/^[a-z][A-Za-z0-9]*$/), text: z.string().min(1) });

const ListStandard = z
  .strictObject({ list: z.enum(listNames), of: BodyKind.optional(), items: z.array(Item).min(1) })
  .superRefine(({ list, of, items }, context) => {
    if ((list === 'bodyMembers') !== (of !== undefined))
      context.addIssue({
        code: 'custom',
        path: ['of'],
        message: `清单 bodyMembers 用 of 写明哪种组织，其他清单不写 of`,
      });
    const known: readonly string[] | null = itemsOfList[list];
    items.forEach(({ id }, index) => {
      if (known && !known.includes(id))
        context.addIssue({
          code: 'custom',
          path: ['items', index, 'id'],
          message: `清单 ${list} 没有“${id}”这一项，可用：${known.join('、')}`,
        });
    });
  });

const NameStandard = z.strictObject({
  forbiddenWords: z.array(z.string().min(1)).min(1),
  /** Other forms of single characters of these words, mostly traditional ones: { 碍: [礙] }. */
  alsoWritten: z.record(z.string(), z.array(z.string().min(1)).min(1)).default({}),
  brand: z.string().optional(),
});
export type NameStandard = z.infer<typeof NameStandard>;

export const Standard = z.union([ListStandard, NameStandard]);
export type Standard = z.infer<typeof Standard>;

/** The texts of what a list standard asks for and `present` lacks. */
export const listGaps = (standard: Standard, present: readonly string[]): string[] =>
  'list' in standard ? standard.items.filter(({ id }) => !present.includes(id)).map(({ text }) => text) : [];

/** Letters and digits alone, in one form: without width, spaces, punctuation, signs, and what shows nothing at all. */
const plainName = (name: string): string =>
  name.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}|[^\p{L}\p{N}]/gu, '');

const withoutOtherForms = (name: string, alsoWritten: NameStandard['alsoWritten']): string =>
  Object.entries(alsoWritten).reduce(
    (text, [form, others]) => others.reduce((one, other) => one.replaceAll(other, form), text),
    name,
  );

/** The forbidden words in a name, also when spaced out, in full width, with what cannot be seen between, or in the other forms that the pack knows. */
export function listForbiddenWords(standard: Standard, name: string): string[] {
  if (!('forbiddenWords' in standard)) return [];
  const plain = withoutOtherForms(plainName(name), standard.alsoWritten);
  return standard.forbiddenWords.filter((word) => plain.includes(word));
}

/** The brand that names of the place carry and this one does not. */
export const findMissingBrand = (standard: Standard, name: string): string | undefined =>
  'forbiddenWords' in standard && standard.brand !== undefined && !plainName(name).includes(standard.brand)
    ? standard.brand
    : undefined;
