// The journal entries that rows of a list become.
import { canonicalJson } from '../kernel/canonical.ts';
import { type EntryDraft, personSubject } from '../kernel/entry.ts';
import { rowId } from './census.ts';
import { compareFacts, storable } from './census-compare.ts';
import { extrasFrom, factsFrom } from './census-facts.ts';
import type { PlannedList, RowPlan, Target } from './census-plan.ts';
import type { CensusReading } from './census-row.ts';
import { type Identity, personListed, personUpdated } from './person.ts';

const later = (a: string, b: string | null): string => (b !== null && b > a ? b : a);

interface ListedRow {
  readonly id: string;
  readonly person: string;
  readonly county: string;
  readonly rowNumber: number;
}

/**
 * The record that a row makes: all of it, but for a number that belongs to somebody else (`without`). `plan` has what was made of the
 * row already.
 */
export const draftListed = (
  list: PlannedList,
  row: ListedRow,
  reading: CensusReading,
  {
    without = [],
    nameIfNone = '',
    plan,
  }: {
    without?: readonly ('idNumber' | 'certificateNumber')[];
    nameIfNone?: string;
    plan?: Pick<RowPlan, 'identity' | 'facts'>;
  } = {},
): EntryDraft => {
  const identity = plan ? { ...plan.identity } : storable(reading);
  for (const field of without) delete identity[field];
  if (without.includes('idNumber')) delete identity.idKind;
  if (!identity.town?.startsWith(row.county)) delete identity.town;
  return personListed.draft({
    id: row.id,
    county: row.county,
    on: list.listedOn,
    subjects: [personSubject(row.person)],
    body: {
      identity: { ...identity, name: identity.name ?? nameIfNone, sex: identity.sex ?? 'unknown' },
      facts: plan ? [...plan.facts] : factsFrom(reading.row, { sender: list.sender, listedOn: list.listedOn }),
      list: list.id,
      row: row.rowNumber,
      ...extrasFrom(reading.row),
    },
  });
};

/** What makes a person on file say what the row says, names and numbers included; undefined when it says so already. */
export const draftTaken = (
  list: PlannedList,
  row: { readonly id: string; readonly rowNumber: number },
  reading: CensusReading,
  target: Target,
): EntryDraft | undefined => {
  const given = storable(reading);
  if (!given.town?.startsWith(target.county)) delete given.town;
  const identity = Object.fromEntries(
    Object.entries(given).filter(
      ([field, value]) => canonicalJson(value) !== canonicalJson(target.identity[field as keyof Identity] ?? null),
    ),
  );
  const { facts } = compareFacts(
    target.facts,
    factsFrom(reading.row, { sender: list.sender, listedOn: list.listedOn }),
  );
  if (Object.keys(identity).length + facts.length === 0) return undefined;
  return personUpdated.draft({
    id: row.id,
    county: target.county,
    on: later(list.listedOn, target.listedOn),
    subjects: [personSubject(target.id)],
    body: { identity, facts, list: list.id, row: row.rowNumber, ...extrasFrom(reading.row) },
  });
};

/** What a plan writes; undefined when it writes nothing. */
export const draftPlan = (
  list: PlannedList,
  position: number,
  reading: CensusReading,
  plan: RowPlan,
  listedOn: string | null,
): EntryDraft | undefined => {
  const { person, county } = plan;
  if (person === undefined) return undefined;
  const id = rowId(list.id, position, 'entry');
  const { rowNumber } = reading.row;
  if (plan.outcome === 'create') return draftListed(list, { id, person, county, rowNumber }, reading, { plan });
  if (plan.outcome !== 'update') return undefined;
  return personUpdated.draft({
    id,
    county,
    on: later(list.listedOn, listedOn),
    subjects: [personSubject(person)],
    body: {
      identity: plan.identity,
      facts: [...plan.facts],
      list: list.id,
      row: rowNumber,
      ...extrasFrom(reading.row),
    },
  });
};
