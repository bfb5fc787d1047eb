// What a row of a list will write, and why: a new record, an addition to a known one, or a question to a person. Pure.
import { cities, nameOfDivision } from '../network/division.ts';
import { type CensusDifference, type CensusOutcome, rowId } from './census.ts';
import { compareFacts, compareIdentity, storable } from './census-compare.ts';
import { factsFrom } from './census-facts.ts';
import type { CensusSender } from './census-fields.ts';
import type { PersonRef, RowOutcome } from './census-match.ts';
import type { CensusReading } from './census-row.ts';
import type { Identity, RecordedFact } from './person.ts';

export interface PlannedList {
  readonly id: string;
  /** The list's area: '' nation, 4 digits a city, 6 a county. */
  readonly county: string;
  readonly sender: CensusSender;
  readonly listedOn: string;
}

/** Whom a row is about, as far as known: a person on file, or one that an earlier row will make. */
export interface Target {
  readonly id: string;
  readonly county: string;
  /** Null: not on file yet. */
  readonly listedOn: string | null;
  readonly identity: Partial<Identity>;
  readonly facts: readonly RecordedFact[];
  /** Row of the same list that it comes from or that was already about it. */
  readonly earlierRow?: string;
}

export interface PlannedCandidate {
  readonly person: string;
  readonly score: number;
  readonly reasons: readonly string[];
}

export interface RowPlan {
  readonly outcome: CensusOutcome;
  readonly county: string;
  /** Whom the row makes or is about; absent when nobody is certain. */
  readonly person?: string;
  readonly reasons: readonly string[];
  readonly differences: readonly CensusDifference[];
  /** To be written: all of it for a new record, what changes for a known one. */
  readonly identity: Partial<Identity>;
  readonly facts: readonly RecordedFact[];
  readonly candidates: readonly PlannedCandidate[];
}

const isCounty = (code: string): boolean => cities.some((city) => city.counties.some((county) => county.code === code));

const countyFor = (list: PlannedList, division: string | undefined): { county: string } | { refused: string } => {
  const county = division?.slice(0, 6);
  if (county === undefined)
    return list.county.length === 6 ? { county: list.county } : { refused: '没有写明可辨认的县（区），不知道归哪里管' };
  if (!county.startsWith(list.county))
    return { refused: `户籍在${nameOfDivision(county)}，不在这份名单的地区（${nameOfDivision(list.county)}）内` };
  return isCounty(county) ? { county } : { refused: `${county} 不是已开通的县（区）` };
};

/** The county that a new record of the row belongs to; undefined when it cannot be told or lies outside the list's area. */
export const placeRow = (list: PlannedList, division: string | undefined): string | undefined => {
  const placed = countyFor(list, division);
  return 'county' in placed ? placed.county : undefined;
};

const nothing = { identity: {}, facts: [], candidates: [], differences: [] } as const;

export class BatchPlanner {
  private readonly targets: Map<string, Target>;
  private readonly list: PlannedList;
  constructor(list: PlannedList, targets: ReadonlyMap<string, Target>) {
    this.list = list;
    this.targets = new Map(targets);
  }

  idOf(ref: PersonRef): string {
    return ref.kind === 'person' ? ref.id : rowId(this.list.id, ref.rowNumber, 'person');
  }

  /** The plan of one row; rows are given in order, so that later ones know what earlier ones will write. */
  plan(position: number, reading: CensusReading, outcome: RowOutcome): RowPlan {
    switch (outcome.kind) {
      case 'refuse':
        return { outcome: 'refuse', county: this.list.county, reasons: [outcome.reason], ...nothing };
      case 'create':
        return this.create(position, reading);
      case 'match':
      case 'update':
        // An earlier row that was refused made nobody.
        if (!this.targets.has(this.idOf(outcome.person)) && outcome.person.kind === 'row')
          return this.create(position, reading);
        return this.update(position, reading, this.idOf(outcome.person), outcome.reasons);
      case 'review':
        return this.wait(
          'review',
          reading,
          '与已有人员疑似同一人',
          outcome.candidates.map((candidate) => ({
            person: this.idOf(candidate.person),
            score: candidate.score,
            reasons: candidate.reasons,
          })),
        );
      case 'conflict': {
        const person = outcome.person && this.idOf(outcome.person);
        const candidates = person ? [{ person, score: 1, reasons: [outcome.reason] }] : [];
        return this.wait('conflict', reading, outcome.reason, candidates);
      }
    }
  }

  /** The row is about this person on file, as a person decided earlier. */
  decided(position: number, reading: CensusReading, person: string): RowPlan {
    return this.update(position, reading, person, ['同样的内容以前已核对']);
  }

  private factsOf(reading: CensusReading): RecordedFact[] {
    return factsFrom(reading.row, { sender: this.list.sender, listedOn: this.list.listedOn });
  }

  private wait(
    outcome: 'review' | 'conflict',
    reading: CensusReading,
    reason: string,
    candidates: readonly PlannedCandidate[],
  ): RowPlan {
    const target = this.targets.get(candidates[0]?.person ?? '');
    const { differences } = target ? compareIdentity(target.identity, storable(reading)) : nothing;
    return {
      ...nothing,
      outcome,
      county: target?.county ?? this.list.county,
      reasons: [reason],
      differences,
      candidates,
    };
  }

  private create(position: number, reading: CensusReading): RowPlan {
    const identity = storable(reading);
    const placed = countyFor(this.list, identity.householdDivision);
    if ('refused' in placed || identity.name === undefined) {
      const reason = 'refused' in placed ? placed.refused : '没有可用的姓名';
      return { outcome: 'refuse', county: this.list.county, reasons: [reason], ...nothing };
    }
    const person = rowId(this.list.id, position, 'person');
    const facts = this.factsOf(reading);
    const { county } = placed;
    this.targets.set(person, {
      id: person,
      county,
      listedOn: null,
      identity,
      facts,
      earlierRow: `第 ${reading.row.rowNumber} 行`,
    });
    return { outcome: 'create', county, person, reasons: [], differences: [], identity, facts, candidates: [] };
  }

  private update(position: number, reading: CensusReading, person: string, why: readonly string[]): RowPlan {
    const target = this.targets.get(person);
    if (!target) throw new Error(`row ${position} is matched to ${person}, who was not loaded`);
    const given = storable(reading);
    // A town of another county is no place on this record.
    if (!given.town?.startsWith(target.county)) delete given.town;
    const compared = compareIdentity(target.identity, given);
    const news = compareFacts(target.facts, this.factsOf(reading));
    const reasons = [...why, ...(target.earlierRow ? [`与本名单${target.earlierRow}为同一人`] : [])];
    const differences = [...compared.differences, ...news.differences];
    const changes = Object.keys(compared.identity).length + news.facts.length > 0;
    this.targets.set(person, {
      ...target,
      identity: { ...target.identity, ...compared.identity },
      facts: [...target.facts, ...news.facts],
      earlierRow: target.earlierRow ?? `第 ${reading.row.rowNumber} 行`,
    });
    return {
      outcome: changes ? 'update' : 'match',
      county: target.county,
      person,
      reasons: changes && news.facts.length ? [...reasons, `新增情况 ${news.facts.length} 项`] : reasons,
      differences,
      identity: compared.identity,
      facts: news.facts,
      candidates: [],
    };
  }

  listedOn(person: string): string | null {
    return this.targets.get(person)?.listedOn ?? null;
  }
}
