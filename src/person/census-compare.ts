// What a row says otherwise than what is on file: identity to fill in, facts that are new, contradictions to show.
import { canonicalJson } from '../kernel/canonical.ts';
import { factNames } from '../policy/facts.ts';
import type { CensusDifference } from './census.ts';
import { identityFrom } from './census-facts.ts';
import type { CensusReading } from './census-row.ts';
import { labelOfField, shownFact, shownIdentity } from './census-shown.ts';
import { nameOfOrigin } from './fact.ts';
import { maskName } from './identity.ts';
import { Identity, type RecordedFact } from './person.ts';

type Field = Exclude<keyof Identity, 'idKind' | 'guardian'>;

// A newer phone or address replaces the older one. Who somebody is and where they are registered is only filled in: a list that
// says otherwise is shown, and its word kept as a dated fact.
const replaced: ReadonlySet<Field> = new Set(['phone', 'address']);
const filled: readonly Field[] = [
  'name',
  'sex',
  'birthDate',
  'idNumber',
  'certificateNumber',
  'phone',
  'address',
  'town',
  'village',
  'householdDivision',
];
const isKnown = (value: unknown): boolean => value !== undefined && value !== null && value !== 'unknown';

/** What the row adds to or says otherwise than the identity on file. */
export const compareIdentity = (known: Partial<Identity>, given: Partial<Identity>) => {
  const identity: Partial<Identity> = {};
  const differences: CensusDifference[] = [];
  for (const field of filled) {
    const [before, after] = [known[field], given[field]];
    if (!isKnown(after) || after === before || field === 'name') continue;
    const taken = !isKnown(before) || replaced.has(field);
    if (taken) Object.assign(identity, { [field]: after });
    if (taken && field === 'idNumber' && given.idKind) identity.idKind = given.idKind;
    if (field === 'householdDivision' && given.town !== undefined) continue;
    const shown = isKnown(before) ? shownIdentity(field, String(before)) : null;
    differences.push({
      field,
      label: labelOfField(field),
      before: shown,
      after: shownIdentity(field, String(after)),
      taken,
    });
  }
  if (given.guardian && !known.guardian) {
    identity.guardian = given.guardian;
    differences.push({
      field: 'guardian',
      label: '监护人',
      before: null,
      after: maskName(given.guardian.name),
      taken: true,
    });
  }
  return { identity, differences };
};

const isSameFact = (a: RecordedFact, b: RecordedFact): boolean =>
  a.kind === b.kind && a.on === b.on && a.source === b.source && canonicalJson(a.value) === canonicalJson(b.value);

// One list gives a guardian's relation and another does not: only another name is another guardian.
const said = ({ kind, value }: RecordedFact): string =>
  canonicalJson(kind === 'guardian' && value !== null ? ((value as { name?: string }).name ?? null) : value);

// Risk is a series: another level on another day contradicts nothing.
const contradicts = (stored: RecordedFact, fact: RecordedFact): boolean =>
  stored.kind === fact.kind && fact.kind !== 'risk' && stored.source !== fact.source && said(stored) !== said(fact);

/** Facts that are not on file yet, and where the newest word of another source says otherwise. */
export const compareFacts = (known: readonly RecordedFact[], given: readonly RecordedFact[]) => {
  const facts = given.filter((fact) => !known.some((stored) => isSameFact(stored, fact)));
  const newestFirst = known.toSorted((a, b) => (a.on < b.on ? 1 : a.on > b.on ? -1 : 0));
  const differences = facts.flatMap((fact): CensusDifference[] => {
    const stored = newestFirst.find((other) => contradicts(other, fact));
    if (!stored) return [];
    return [
      {
        field: fact.kind,
        label: factNames[fact.kind],
        before: `${shownFact(stored)}（${nameOfOrigin(stored.source)} ${stored.on}）`,
        after: `${shownFact(fact)}（${nameOfOrigin(fact.source)} ${fact.on}）`,
        taken: fact.on >= stored.on,
      },
    ];
  });
  return { facts, differences };
};

const GivenIdentity = Identity.partial();

/** The identity of the row within the limits of what can be stored; a field beyond them is left out. */
export const storable = (reading: CensusReading): Partial<Identity> => {
  const identity = identityFrom(reading.row);
  const checked = GivenIdentity.safeParse(identity);
  if (checked.success) return identity;
  const wrong = new Set(checked.error.issues.map((issue) => String(issue.path[0])));
  return Object.fromEntries(Object.entries(identity).filter(([field]) => !wrong.has(field)));
};
