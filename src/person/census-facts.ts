// What a row of a list says about a person: identity, and facts with the list's day and sender as their source (AL-03).

import type { CensusSender } from './census-fields.ts';
import { identityOf } from './census-match.ts';
import type { CensusRow } from './census-row.ts';
import type { Identity, ListExtras, RecordedFact } from './person.ts';

export interface CensusSource {
  readonly sender: CensusSender;
  /** Day that the list shows, used where the row itself gives none. */
  readonly listedOn: string;
}

/** Identity fields of the row, guardian included; enough to create a person when `name` is there. */
export const identityFrom = (row: CensusRow): Partial<Identity> => {
  const { guardianName: name, guardianRelation: relation, guardianPhone: phone } = row;
  const guardian = name ? { name, ...(relation ? { relation } : {}), ...(phone ? { phone } : {}) } : undefined;
  return { ...identityOf(row), ...(guardian ? { guardian } : {}) };
};

/**
 * Facts of the row. `on` is the fact's own day where the row gives one (diagnosis, risk), else the row's list date, else the
 * list's. The list of the health side is the register of severe mental disorders: one of its six kinds makes `severe` true.
 */
export const factsFrom = (row: CensusRow, source: CensusSource): RecordedFact[] => {
  const on = row.listDate ?? source.listedOn;
  const facts: RecordedFact[] = [];
  const add = (kind: RecordedFact['kind'], value: RecordedFact['value'] | undefined, day = on): void => {
    if (value !== undefined) facts.push({ kind, value, on: day, source: source.sender });
  };
  add('birthDate', row.birthDate);
  add('sex', row.sex);
  add('householdDivision', row.householdDivision);
  add('livesAt', row.livesAt);
  add('diagnosis', row.diagnosis && { code: row.diagnosis.code }, row.diagnosedOn ?? on);
  const { certificateCategory: category, certificateGrade: grade } = row;
  add('certificate', category !== undefined && grade !== undefined ? { category, grade } : undefined);
  add('severe', source.sender === 'health' && row.diagnosis?.category !== undefined ? true : undefined);
  add('risk', row.riskLevel, row.riskOn ?? on);
  add('stability', row.stability);
  const { guardianName: name, guardianRelation: relation } = row;
  add('guardian', name ? { name, ...(relation ? { relation } : {}) } : undefined);
  return facts;
};

/** What the row says beyond identity and facts; `{}` when it says nothing more, so that it can be spread into a body. */
export const extrasFrom = ({ hospital, medication, aid, remark }: CensusRow): { extras?: ListExtras } => {
  const extras = {
    ...(hospital ? { hospital } : {}),
    ...(medication ? { medication } : {}),
    ...(aid?.length ? { aid } : {}),
    ...(remark ? { remark } : {}),
  };
  return Object.keys(extras).length ? { extras } : {};
};
