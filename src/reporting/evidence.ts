// What became of a clause in a place: each rule with its figure, and the state that follows from the figures alone.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { voidType } from '../kernel/entry.ts';
import type { ClauseCoverage } from '../policy/coverage.ts';
import { IndicatorName } from './indicator.ts';
import { WorkLink } from './worklist.ts';

/**
 * The worst of a clause's parts is the clause's. `stated`: a rule that no figure of the product judges here (a standard that screens
 * enforce, an indicator without a target, a duty of another level). `met` never stands without a figure or a record.
 */
export const EvidenceState = z.enum(['late', 'behind', 'noData', 'planned', 'met', 'stated']);
export type EvidenceState = z.infer<typeof EvidenceState>;

/** What shows a part: rules of the five kinds, records without a rule, or a ledger to come. */
export const EvidenceKind = z.enum(['criterion', 'standard', 'duty', 'indicator', 'milestone', 'record', 'ledger']);
export type EvidenceKind = z.infer<typeof EvidenceKind>;

/** In the order of the screen. */
export const EvidenceCount = z.enum([
  // Duties and dated steps.
  'late',
  'due',
  'doneLate',
  'done',
  'planned',
  // Persons by their newest screening, and those who wait for one.
  'eligible',
  'ineligible',
  'unknown',
  'waiting',
  // Standards: what was looked at, what was not, and what is missing.
  'organisations',
  'sites',
  'checked',
  'unchecked',
  'bodies',
  'gaps',
  // Entries of twelve months.
  'records',
]);
export type EvidenceCount = z.infer<typeof EvidenceCount>;

/** A count that is hidden (docs/decisions/0007) is null, and never 0. */
export type EvidenceCounts = Partial<Record<EvidenceCount, number | null>>;

const Figure = z.object({
  counts: z.partialRecord(EvidenceCount, z.int().nullable()),
  indicator: z
    .object({
      name: IndicatorName,
      hidden: z.boolean(),
      value: z.number().nullable(),
      numerator: z.int().nullable(),
      denominator: z.int().nullable(),
      target: z.number().nullable(),
      targetYear: z.int().nullable(),
      met: z.boolean().nullable(),
    })
    .nullable(),
  /** The newest record. */
  latestOn: Day.nullable(),
});
export type EvidenceFigure = z.infer<typeof Figure>;

export const noFigure: EvidenceFigure = { counts: {}, indicator: null, latestOn: null };
export const countsOf = (counts: EvidenceCounts, latestOn: Day | null = null): EvidenceFigure => ({
  ...noFigure,
  counts,
  latestOn,
});

const EvidenceRule = z.object({
  id: z.string(),
  title: z.string(),
  packName: z.string(),
  /** The last day of the document's period, where that is over. */
  endedOn: Day.nullable(),
  /** Why a number or a reading is ours and not the document's. */
  assumed: z.string().nullable(),
});
export type EvidenceRule = z.infer<typeof EvidenceRule>;

export const EvidencePart = z.object({
  kind: EvidenceKind,
  rules: z.array(EvidenceRule),
  /** Null where the document does not hold. */
  state: EvidenceState.nullable(),
  figure: Figure,
  link: WorkLink.nullable(),
});
export type EvidencePart = z.infer<typeof EvidencePart>;

export const EvidenceRow = z.object({
  clause: z.string(),
  /** The letters before the clause's number. */
  document: z.string(),
  kinds: z.array(z.string()),
  summary: z.string(),
  state: EvidenceState.nullable(),
  parts: z.array(EvidencePart),
  /** The ledger to come. */
  planned: z.string().nullable(),
});
export type EvidenceRow = z.infer<typeof EvidenceRow>;

/** A hidden count stands for somebody: zero is never hidden. */
const some = (count: number | null | undefined): boolean => count === null || (count ?? 0) > 0;

const ofDue = ({ counts }: EvidenceFigure): EvidenceState => {
  if (Object.keys(counts).length === 0) return 'stated';
  if (some(counts.late)) return 'late';
  if (some(counts.done) || some(counts.doneLate)) return 'met';
  return some(counts.planned) ? 'planned' : 'noData';
};

const ofIndicator = ({ indicator }: EvidenceFigure): EvidenceState => {
  if (indicator === null) return 'stated';
  const { met, value, hidden } = indicator;
  if (met !== null) return met ? 'met' : 'behind';
  return value === null && !hidden ? 'noData' : 'stated';
};

const ofScreening = ({ counts: { eligible, ineligible, unknown, waiting } }: EvidenceFigure): EvidenceState => {
  if (![eligible, ineligible, unknown].some(some)) return 'noData';
  return some(unknown) || some(waiting) ? 'behind' : 'met';
};

const ofStandard = ({ counts }: EvidenceFigure): EvidenceState => {
  if (Object.keys(counts).length === 0) return 'stated';
  if (![counts.organisations, counts.sites, counts.checked, counts.bodies].some(some)) return 'noData';
  return some(counts.gaps) || some(counts.unchecked) ? 'behind' : 'met';
};

/** The state of one part, from its figure alone. */
export const decidePart = (kind: EvidenceKind, figure: EvidenceFigure): EvidenceState => {
  switch (kind) {
    case 'duty':
    case 'milestone':
      return ofDue(figure);
    case 'indicator':
      return ofIndicator(figure);
    case 'criterion':
      return ofScreening(figure);
    case 'standard':
      return ofStandard(figure);
    case 'record':
      return some(figure.counts.records) ? 'met' : 'noData';
    case 'ledger':
      return 'planned';
  }
};

/** The state of a clause: that of its worst part. A clause of which nothing is known has no data. */
export const decideState = (states: readonly EvidenceState[]): EvidenceState =>
  EvidenceState.options.find((state) => states.includes(state)) ?? 'noData';

/** Entry types that operations leave under another name, or that what they only read is made of. */
const recordsOf: Readonly<Record<string, readonly string[]>> = {
  'person.file': ['person.list'],
  'application.apply': ['application.submit'],
  'application.list': ['application.review'],
  'census.confirm': ['person.list'],
  'organisation.network': ['organisation.open'],
  'organisation.list': ['organisation.open'],
  'staff.list': ['staff.join'],
  'settlement.month': ['session.record'],
  'session.month': ['session.record'],
  'session.exportMonth': ['session.record'],
};

/** Entries of a type; where `holding` is set, those whose body holds one of these. */
export interface RecordsAsked {
  readonly type: string;
  readonly holding: readonly object[] | null;
}

export const keyOfRecords = ({ type, holding }: RecordsAsked): string => `${type} ${JSON.stringify(holding)}`;

/** The entries by which operations show that they were used, of the types that the journal knows. */
export const listRecordsAsked = (
  { operations, records }: Pick<ClauseCoverage, 'operations' | 'records'>,
  known: ReadonlySet<string>,
): RecordsAsked[] =>
  [...new Set(operations.flatMap((name) => recordsOf[name] ?? [name]))]
    .filter((type) => known.has(type) && type !== voidType(type))
    .map((type) => ({ type, holding: records[type] ?? null }));

/** Entries of these are about places and offices, so that few of them point at nobody's illness. */
const ofPlaces = [
  'organisation.',
  'staff.',
  'activity.',
  'siteCheck.',
  'siteDocument.',
  'hazard.',
  'report.',
  'duty.',
  'policy.',
];
export const isOfPersons = (type: string): boolean => !ofPlaces.some((prefix) => type.startsWith(prefix));

const pageOfRecords: Readonly<Record<string, string>> = {
  application: '/applications',
  recommendation: '/applications',
  referral: '/referrals',
  session: '/sessions',
  organisation: '/network',
  staff: '/staff',
  siteCheck: '/site-checks',
  siteDocument: '/site-checks',
  body: '/bodies',
  report: '/reports',
  activity: '/activities',
  opening: '/openings',
  account: '/accounts',
  signInRules: '/sign-in-rules',
  risk: '/risks',
  export: '/exports',
  audit: '/audit',
};

/** The page on which the records of these operations are found; those about persons stand in the persons' files. */
export const linkOfRecords = ([first]: readonly RecordsAsked[]): WorkLink => ({
  path: pageOfRecords[first?.type.split('.')[0] ?? ''] ?? '/persons',
  search: {},
});
