// Worked cases of the scales: scoring rules and cut-offs with their sources.
import { expect, test } from 'vitest';
import { type Instrument, listAnswerProblems, needsByDomain, scoreAnswers, warnUnsuited } from './instrument.ts';
import { getInstruments } from './instrument-library.ts';

const get = (id: string): Instrument => {
  const found = getInstruments().current.find((instrument) => instrument.id === id);
  if (!found) throw new Error(`no instrument ${id}`);
  return found;
};
const sdss = get('sdss');
const adl = get('adl');
const nine = get('nine');

/** Answers in the order of the items; null leaves one out. */
const answers = (instrument: Instrument, values: readonly (number | null)[]): Record<string, number> =>
  Object.fromEntries(
    instrument.items.flatMap((item, i) => {
      const value = values[i];
      return value === null || value === undefined ? [] : [[item.code, value]];
    }),
  );
const score = (instrument: Instrument, ...values: (number | null)[]) =>
  scoreAnswers(instrument, answers(instrument, values));

// 全国12地区协作组: 0-2 per item, total 2 or more is social disability; 9 (no spouse, no child) is not counted.
test.each([
  ['all well', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0, '未见社会功能缺陷'],
  ['one point stays below the cut-off', [0, 0, 0, 1, 0, 0, 0, 0, 0, 0], 1, '未见社会功能缺陷'],
  ['two points reach it', [1, 0, 0, 1, 0, 0, 0, 0, 0, 0], 2, '有社会功能缺陷'],
  ['9 adds nothing', [1, 9, 9, 1, 0, 0, 0, 0, 0, 0], 2, '有社会功能缺陷'],
  ['the worst', [2, 2, 2, 2, 2, 2, 2, 2, 2, 2], 20, '有社会功能缺陷'],
])('SDSS: %s', (_, values, total, band) => {
  expect(score(sdss, ...values)).toMatchObject({ total, band });
});

test('SDSS: with too few counted answers there is no score, neither 0 nor a band', () => {
  expect(score(sdss, 0, 9, 9, 9, 9, 0, 0, 0, 0, null)).toEqual({
    counted: 5,
    total: undefined,
    band: undefined,
    impaired: undefined,
  });
  expect(score(sdss, 0, 9, 9, 9, 9, 0, 0, 0, 0, 0).total).toBe(0);
});

// Chinese 14-item form: total 16 or less normal; two items of 3 or more, or a total of 22 or more, marked impairment.
test.each([
  ['all independent', Array(14).fill(1), 14, '功能正常', false],
  ['16 is still normal', [3, ...Array(13).fill(1)], 16, '功能正常', false],
  ['17 is a decline', [3, 2, ...Array(12).fill(1)], 17, '功能有不同程度下降', true],
  ['21 spread thin is a decline', [...Array(7).fill(2), ...Array(7).fill(1)], 21, '功能有不同程度下降', true],
  ['22 is marked', [...Array(8).fill(2), ...Array(6).fill(1)], 22, '功能明显障碍', true],
  ['two items of 3 are marked at any total', [3, 3, ...Array(12).fill(1)], 18, '功能明显障碍', true],
  ['the worst', Array(14).fill(4), 56, '功能明显障碍', true],
])('ADL: %s', (_, values, total, band, impaired) => {
  expect(score(adl, ...values)).toMatchObject({ total, band, impaired });
});

test('ADL: one item left out is not scored', () => {
  expect(score(adl, ...Array(13).fill(1)).total).toBeUndefined();
});

test('answers outside what an item offers are named', () => {
  expect(Object.keys(listAnswerProblems(adl, { toilet: 9, eating: 5, walking: 1, flying: 1 }))).toEqual([
    'toilet',
    'eating',
    'flying',
  ]);
  expect(listAnswerProblems(sdss, { marriage: 9, work: 2 })).toEqual({});
});

test('the nine-domain checklist asks about every domain and says where help is needed most', () => {
  expect(new Set(nine.items.map((item) => item.domain)).size).toBe(9);
  expect(needsByDomain(nine, { medicineTaking: 1, medicineKnowing: 3, washing: 0, friends: 9 })).toEqual({
    medication: 3,
    lifeSkills: 0,
  });
});

test('SDSS warns outside 15 to 59, and never when the age is not known', () => {
  expect([14, 15, 59, 60].map((age) => warnUnsuited(sdss, age) !== undefined)).toEqual([true, false, false, true]);
  expect(warnUnsuited(sdss, undefined)).toBeUndefined();
});
