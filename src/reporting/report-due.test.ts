// Which days a half month's table is of and when it is late: short months, the 31st, and the stroke of noon.
import { expect, test } from 'vitest';
import { getPackLibrary } from '../policy/library.ts';
import { listReportDues } from './report-due.ts';
import { isLate, nameOfPeriod } from './report-period.ts';

const packs = getPackLibrary();
const town = '460107101';
const spans = (fromOn: string, toOn: string, kind: string) =>
  listReportDues(packs, town, fromOn, toOn)
    .filter((due) => due.kind === kind)
    .map((due) => [due.fromOn, due.dueOn, due.dueBefore, nameOfPeriod(due.period)]);

test('half months follow each other without a gap; February’s last day stands for the 30th (QS-13)', () => {
  expect(spans('2025-02-01', '2025-04-15', 'halfMonth')).toEqual([
    ['2025-01-31', '2025-02-15', '12:00', '2025年2月上半月'],
    ['2025-02-16', '2025-02-28', '12:00', '2025年2月下半月'],
    ['2025-03-01', '2025-03-15', '12:00', '2025年3月上半月'],
    ['2025-03-16', '2025-03-30', '12:00', '2025年3月下半月'],
    ['2025-03-31', '2025-04-15', '12:00', '2025年4月上半月'],
  ]);
  expect(spans('2028-02-16', '2028-02-29', 'halfMonth')).toEqual([
    ['2028-02-16', '2028-02-29', '12:00', '2028年2月下半月'],
  ]);
});

test('a year’s summary is of the year up to its due day, of whom the rule names (QS-12)', () => {
  expect(listReportDues(packs, town, '2025-01-01', '2025-12-31').filter(({ kind }) => kind === 'year')).toMatchObject([
    { period: '2025', fromOn: '2025-01-01', endsOn: '2025-11-01', dueOn: '2025-11-01', dueBefore: null },
  ]);
  expect(listReportDues(packs, '654301', '2025-01-01', '2025-12-31')).toMatchObject([{ kind: 'year', period: '2025' }]);
  expect(listReportDues(packs, '654301001', '2025-01-01', '2025-12-31')).toEqual([]);
});

test.each([
  ['2025-03-14', '2025-03-14T23:00', false],
  ['2025-03-15', '2025-03-15T11:59', false],
  ['2025-03-15', '2025-03-15T12:00', true],
  ['2025-03-15', '2025-03-15T12:01', true],
  ['2025-03-16', '2025-03-16T08:00', true],
  // Loaded later from elsewhere: the day is what is known of it.
  ['2025-03-15', '2025-04-01T15:00', false],
] as const)('filed on %s, recorded at %s: late %s', (on, at, late) => {
  const due = { dueOn: '2025-03-15', dueBefore: '12:00' };
  expect(isLate(due, { on, at: new Date(`${at}:00+08:00`).toISOString() })).toBe(late);
  expect(isLate({ dueOn: due.dueOn }, { on: due.dueOn, at: null })).toBe(false);
});
