// Decides for each row of a list whether it is a new person, a known one, or something for a person to decide (BZ-06, AL-03).
import type { CensusReading, CensusRow } from './census-row.ts';
import { compareNames, nameKey } from './name-match.ts';
import type { Identity } from './person.ts';

/** A person already on file, identity opened. */
export interface KnownPerson extends Partial<Identity> {
  readonly id: string;
}

/** Batch look-ups over the county's people; each returns people, in any order, that have one of the keys. */
export interface PersonIndex {
  findByIds(numbers: readonly string[]): Promise<readonly KnownPerson[]>;
  /** By the first 20 characters: a replacement card only adds a suffix. */
  findByCertificates(numbers: readonly string[]): Promise<readonly KnownPerson[]>;
  findByBirthDates(days: readonly string[]): Promise<readonly KnownPerson[]>;
}

export interface RowRef {
  readonly sheet: string;
  readonly rowNumber: number;
}

/** Somebody on file, or somebody whom an earlier row of this file will create. */
export type PersonRef = { readonly kind: 'person'; readonly id: string } | ({ readonly kind: 'row' } & RowRef);

export interface Difference {
  readonly field:
    | 'name'
    | 'sex'
    | 'birthDate'
    | 'idNumber'
    | 'certificateNumber'
    | 'phone'
    | 'address'
    | 'town'
    | 'village';
  readonly before: string | undefined;
  readonly after: string;
}

export interface Candidate {
  readonly person: PersonRef;
  /** 0..1 */
  readonly score: number;
  readonly reasons: readonly string[];
}

interface Found extends Candidate {
  /** True when a verified number says so; false when name, birth date and place do. */
  readonly certain: boolean;
  /** Earlier row of the same file about the same person. */
  readonly repeats?: RowRef;
}

export type RowOutcome =
  | { readonly kind: 'create' }
  | ({ readonly kind: 'match' } & Found)
  | ({ readonly kind: 'update'; readonly differences: readonly Difference[] } & Found)
  | {
      readonly kind: 'conflict';
      readonly person?: PersonRef;
      readonly reason: string;
      readonly differences: readonly Difference[];
    }
  | { readonly kind: 'review'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'refuse'; readonly reason: string };

/** From `sure` on, a single candidate is taken; from `doubtful` on, a person decides. */
export const matchThresholds = { sure: 0.9, doubtful: 0.6 } as const;

interface Known {
  readonly ref: PersonRef;
  readonly person: Partial<Identity>;
}

const base20 = (certificate: string | undefined): string | undefined => certificate?.slice(0, 20);

class LocalIndex {
  private readonly byId = new Map<string, Known[]>();
  private readonly byCertificate = new Map<string, Known[]>();
  private readonly byBirthDate = new Map<string, Known[]>();

  add(known: Known): void {
    const put = (map: Map<string, Known[]>, key: string | undefined): void => {
      if (!key) return;
      const list = map.get(key);
      if (!list) map.set(key, [known]);
      else if (!list.some((other) => isSame(other.ref, known.ref))) list.push(known);
    };
    put(this.byId, known.person.idNumber);
    put(this.byCertificate, base20(known.person.certificateNumber));
    put(this.byBirthDate, known.person.birthDate);
  }

  withId = (number: string | undefined): readonly Known[] => this.byId.get(number ?? '') ?? [];
  withCertificate = (number: string | undefined): readonly Known[] =>
    this.byCertificate.get(base20(number) ?? '') ?? [];
  bornOn = (day: string | undefined): readonly Known[] => this.byBirthDate.get(day ?? '') ?? [];
}

const isSame = (a: PersonRef, b: PersonRef): boolean => keyOf(a) === keyOf(b);
const keyOf = (ref: PersonRef): string => (ref.kind === 'person' ? ref.id : `${ref.sheet}\n${ref.rowNumber}`);

/** Identity fields that a row gives. */
export const identityOf = (row: CensusRow): Partial<Identity> => ({
  ...(row.name ? { name: row.name } : {}),
  ...(row.sex ? { sex: row.sex } : {}),
  ...(row.birthDate ? { birthDate: row.birthDate } : {}),
  ...(row.idDocument ? { idNumber: row.idDocument.number, idKind: row.idDocument.kind } : {}),
  ...(row.certificate ? { certificateNumber: row.certificate.number } : {}),
  ...(row.phone ? { phone: row.phone } : {}),
  ...(row.address ? { address: row.address } : {}),
  ...(row.householdDivision ? { householdDivision: row.householdDivision } : {}),
  ...(row.householdDivision?.length === 9 ? { town: row.householdDivision } : {}),
  ...(row.villageName ? { village: row.villageName } : {}),
});

const compared = [
  'name',
  'sex',
  'birthDate',
  'idNumber',
  'certificateNumber',
  'phone',
  'address',
  'town',
  'village',
] as const;

const differencesOf = (before: Partial<Identity>, after: Partial<Identity>): Difference[] =>
  compared.flatMap((field) => {
    const [old, now] = [before[field], after[field]];
    if (now === undefined || now === old) return [];
    return [{ field, before: old === 'unknown' ? undefined : old, after: now }];
  });

const nameWords = { same: '姓名相同', variant: '姓名仅写法不同', homophone: '姓名同音', near: '姓名一字之差' } as const;
const nameWeights = { same: 0.45, variant: 0.4, homophone: 0.2, near: 0.15 } as const;

/** How likely two identities with the same birth date are one person; undefined when they cannot be, or nothing in the name agrees. */
export const scoreIdentities = (
  a: Partial<Identity>,
  b: Partial<Identity>,
): { score: number; reasons: string[] } | undefined => {
  if (!a.name || !b.name) return undefined;
  // Verified numbers that differ are two people (twins among them) unless even the name is letter by letter the same.
  const differentIds = a.idNumber !== undefined && b.idNumber !== undefined && a.idNumber !== b.idNumber;
  if (differentIds && nameKey(a.name) !== nameKey(b.name)) return undefined;
  const likeness = compareNames(a.name, b.name);
  if (likeness === 'different') return undefined;
  if (a.sex && b.sex && a.sex !== b.sex && a.sex !== 'unknown' && b.sex !== 'unknown') return undefined;
  let score = nameWeights[likeness] + 0.3;
  const reasons: string[] = [nameWords[likeness], '出生日期相同'];
  const count = (weight: number, reason: string): void => {
    score += weight;
    reasons.push(reason);
  };
  if (a.sex && a.sex === b.sex && a.sex !== 'unknown') count(0.05, '性别相同');
  if (a.town && b.town)
    count(a.town === b.town ? 0.15 : -0.1, a.town === b.town ? '乡镇（街道）相同' : '乡镇（街道）不同');
  if (a.phone && a.phone === b.phone) count(0.1, '电话相同');
  if (differentIds) count(-0.3, '身份证号不同');
  return { score: Math.round(Math.min(1, Math.max(0, score)) * 100) / 100, reasons };
};

/** Matches the rows of one file, batch after batch, against people on file and against earlier rows. */
export class CensusMatcher {
  private readonly earlier = new LocalIndex();
  private readonly firstRow = new Map<string, RowRef>();
  private readonly index: PersonIndex;
  constructor(index: PersonIndex) {
    this.index = index;
  }

  /** One outcome per reading, in order. Three look-ups per call, whatever the number of rows. */
  async match(readings: readonly CensusReading[]): Promise<RowOutcome[]> {
    const onFile = await this.load(readings.map((reading) => identityOf(reading.row)));
    return readings.map((reading) => {
      const outcome = this.decide(reading, onFile);
      this.remember(reading.row, outcome);
      return outcome;
    });
  }

  private async load(identities: readonly Partial<Identity>[]): Promise<LocalIndex> {
    const keys = (pick: (identity: Partial<Identity>) => string | undefined): string[] => [
      ...new Set(identities.flatMap((identity) => pick(identity) ?? [])),
    ];
    const found = await Promise.all([
      this.index.findByIds(keys((identity) => identity.idNumber)),
      this.index.findByCertificates(keys((identity) => base20(identity.certificateNumber))),
      this.index.findByBirthDates(keys((identity) => identity.birthDate)),
    ]);
    const onFile = new LocalIndex();
    for (const person of found.flat()) onFile.add({ ref: { kind: 'person', id: person.id }, person });
    return onFile;
  }

  private remember(row: CensusRow, outcome: RowOutcome): void {
    const ref = { sheet: row.sheet, rowNumber: row.rowNumber };
    if (outcome.kind === 'create') this.earlier.add({ ref: { kind: 'row', ...ref }, person: identityOf(row) });
    if (outcome.kind !== 'match' && outcome.kind !== 'update') return;
    const { person } = outcome;
    if (!this.firstRow.has(keyOf(person))) this.firstRow.set(keyOf(person), ref);
    // What this row adds (an ID number to a person known by name) lets later rows find the same person by it.
    if (outcome.kind === 'update') this.earlier.add({ ref: person, person: identityOf(row) });
  }

  private decide(reading: CensusReading, onFile: LocalIndex): RowOutcome {
    const clash = reading.problems.find((problem) => problem.kind === 'conflict');
    if (clash) return { kind: 'conflict', reason: clash.reason, differences: [] };
    const row = identityOf(reading.row);
    if (!row.name && !row.idNumber && !row.certificateNumber)
      return { kind: 'refuse', reason: '没有姓名，也没有可用的证件号码' };
    const indexes = [onFile, this.earlier];
    const byNumber = decideByNumber(row, indexes, (ref) => this.repeated(ref));
    if (byNumber) return byNumber;
    if (!row.name) return { kind: 'refuse', reason: '没有姓名，且证件号码不在已有人员中' };
    if (!row.birthDate) return { kind: 'refuse', reason: '没有可用的证件号码和出生日期，仅凭姓名无法辨认' };
    return decideByName(row, indexes, (ref) => this.repeated(ref));
  }

  private repeated(ref: PersonRef): RowRef | undefined {
    return ref.kind === 'row' ? { sheet: ref.sheet, rowNumber: ref.rowNumber } : this.firstRow.get(keyOf(ref));
  }
}

type Repeated = (ref: PersonRef) => RowRef | undefined;

const distinct = (all: readonly Known[]): Known[] => [
  ...new Map(all.toReversed().map((known) => [keyOf(known.ref), known])).values(),
];

const settle = (
  row: Partial<Identity>,
  known: Known,
  found: Omit<Found, 'repeats' | 'person'>,
  repeated: Repeated,
): RowOutcome => {
  const repeats = repeated(known.ref);
  const person: Found = { ...found, person: known.ref, ...(repeats ? { repeats } : {}) };
  // A variant spelling of the name is no news; the name on file stays.
  const differences = differencesOf(known.person, row).filter(
    ({ field, before }) => !(field === 'name' && before !== undefined),
  );
  return differences.length === 0 ? { kind: 'match', ...person } : { kind: 'update', differences, ...person };
};

const decideByNumber = (
  row: Partial<Identity>,
  indexes: readonly LocalIndex[],
  repeated: Repeated,
): RowOutcome | undefined => {
  const byId = distinct(indexes.flatMap((index) => index.withId(row.idNumber)));
  const found =
    byId.length > 0 ? byId : distinct(indexes.flatMap((index) => index.withCertificate(row.certificateNumber)));
  const reason = byId.length > 0 ? '身份证号相同' : '残疾人证号相同';
  const [known] = found;
  if (!known) return undefined;
  if (found.length > 1) {
    return {
      kind: 'review',
      candidates: found.map(({ ref }) => ({ person: ref, score: 0.9, reasons: [`${reason}，已有多人使用`] })),
    };
  }
  const against = differencesOf(known.person, row).filter(
    ({ field, before }) => before !== undefined && (field === 'sex' || field === 'birthDate' || field === 'idNumber'),
  );
  const likeness = row.name && known.person.name ? compareNames(row.name, known.person.name) : 'same';
  if (likeness !== 'same' && likeness !== 'variant') {
    const name: Difference = { field: 'name', before: known.person.name, after: row.name ?? '' };
    return { kind: 'conflict', person: known.ref, reason: `${reason}，但姓名不同`, differences: [name, ...against] };
  }
  if (against.length > 0) {
    return {
      kind: 'conflict',
      person: known.ref,
      reason: `${reason}，但性别、出生日期或证件号码不同`,
      differences: against,
    };
  }
  const reasons = likeness === 'variant' ? [reason, nameWords.variant] : [reason];
  return settle(row, known, { certain: true, score: 1, reasons }, repeated);
};

const decideByName = (row: Partial<Identity>, indexes: readonly LocalIndex[], repeated: Repeated): RowOutcome => {
  const scored = distinct(indexes.flatMap((index) => index.bornOn(row.birthDate)))
    .flatMap((known) => {
      const result = scoreIdentities(row, known.person);
      return result && result.score >= matchThresholds.doubtful ? [{ known, ...result }] : [];
    })
    .sort((a, b) => b.score - a.score);
  const [best, second] = scored;
  if (!best) return { kind: 'create' };
  if (best.score >= matchThresholds.sure && !second) {
    return settle(row, best.known, { certain: false, score: best.score, reasons: best.reasons }, repeated);
  }
  return {
    kind: 'review',
    candidates: scored.map(({ known, score, reasons }) => ({ person: known.ref, score, reasons })),
  };
};
