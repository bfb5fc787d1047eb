// Worked cases of unusual reading: the hour slides, files count once, the night runs over midnight.
import { expect, test } from 'vitest';
import { findUnusual, type Reading } from './audit-unusual.ts';

const day = Date.parse('2024-11-14T00:00:00+08:00');
/** Minutes after midnight in China. */
const at = (minutes: number): string => new Date(day + minutes * 60_000).toISOString();
const opens = (minutes: number, ...persons: string[]): Reading => ({
  actor: 'wang',
  at: at(minutes),
  act: 'opened',
  persons,
});
const missed = (minutes: number, actor = 'wang'): Reading => ({ actor, at: at(minutes), act: 'unseen', persons: [] });
const many = (count: number, minutes: (i: number) => number, name = (i: number) => `p${i}`): Reading[] =>
  Array.from({ length: count }, (_, i) => opens(minutes(i), name(i)));
const kinds = (readings: Reading[], filesPerHour = 60) =>
  findUnusual(readings, { filesPerHour }).map(({ kind, count }) => [kind, count]);

test('61 files within sixty minutes are many, 60 are not, wherever the clock hour begins', () => {
  // 9:30 to 10:29: neither clock hour holds more than 31.
  expect(kinds(many(61, (i) => 570 + i * 0.98))).toEqual([['manyFiles', 61]]);
  expect(kinds(many(60, (i) => 570 + i * 0.98))).toEqual([]);
  // The first has left the window when the last comes.
  expect(kinds(many(61, (i) => 570 + i))).toEqual([]);
});

test('one file opened again and again is one file', () => {
  expect(
    kinds(
      many(
        200,
        (i) => 570 + i * 0.2,
        (i) => `p${i % 20}`,
      ),
    ),
  ).toEqual([]);
});

test('hours that overlap are one stretch, hours apart are two', () => {
  expect(
    kinds(
      many(100, (i) => 570 + i),
      10,
    ),
  ).toEqual([['manyFiles', 100]]);
  const twice = [
    ...many(11, (i) => 500 + i),
    ...many(
      11,
      (i) => 700 + i,
      (i) => `q${i}`,
    ),
  ];
  expect(kinds(twice, 10)).toEqual([
    ['manyFiles', 11],
    ['manyFiles', 11],
  ]);
});

test('night is from 22:00 to 05:59 in China, and one night is one flag', () => {
  expect(kinds([opens(21 * 60 + 59, 'a'), opens(6 * 60, 'b')])).toEqual([]);
  const night = findUnusual([opens(22 * 60, 'a'), opens(29 * 60 + 59, 'b'), opens(29 * 60 + 59, 'b')], {
    filesPerHour: 60,
  });
  expect(night).toEqual([{ kind: 'atNight', actor: 'wang', from: at(22 * 60), to: at(29 * 60 + 59), count: 2 }]);
});

test('five refusals within sixty minutes by one account, not by five, are many', () => {
  expect(kinds([0, 10, 20, 30, 59].map((minutes) => missed(600 + minutes)))).toEqual([['manyRefused', 5]]);
  expect(kinds([0, 10, 20, 30, 60].map((minutes) => missed(600 + minutes)))).toEqual([]);
  expect(kinds(['a', 'b', 'c', 'd', 'e'].map((actor) => missed(600, actor)))).toEqual([]);
});
