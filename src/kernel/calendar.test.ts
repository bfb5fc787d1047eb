// Days as offices count them: clamping, leap years, swapped working days, ages.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  addWorkingDays,
  ageOn,
  countWorkingDays,
  type Day,
  dayAt,
  dayInMonth,
  daysBetween,
  isDay,
  isWorkingDay,
  lastDayOf,
  lastWholeMonthBefore,
  listMonths,
  monthOf,
  monthsBetween,
  offsetClock,
  timeAt,
  workingDaysBetween,
} from './calendar.ts';

const runs = process.env.KANGTU_DEEP ? 2000 : 200;
const anyDay = fc.integer({ min: 0, max: 365 * 60 }).map((days) => addDays('1970-01-01', days));
const knownDay = fc.integer({ min: 0, max: 365 * 15 }).map((days) => addDays('2010-01-01', days));

test.each([
  ['2024-02-29', true],
  ['2023-02-29', false],
  ['2100-02-29', false],
  ['2024-2-9', false],
  ['20240209', false],
  ['2024-13-01', false],
])('isDay %s', (text, expected) => {
  expect(isDay(text)).toBe(expected);
});

test.each([
  ['2024-01-31', 1, '2024-02-29'],
  ['2023-01-31', 1, '2023-02-28'],
  ['2024-08-31', -6, '2024-02-29'],
  ['2023-12-31', 2, '2024-02-29'],
  ['2024-02-29', 12, '2025-02-28'],
  ['2024-03-15', -15, '2022-12-15'],
] as const)('addMonths %s %i', (day, months, expected) => {
  expect(addMonths(day, months)).toBe(expected);
});

test('addMonths lands in the month asked for, on the same day or its last', () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: -300, max: 300 }), (day, months) => {
      const moved = addMonths(day, months);
      const index = (text: Day) => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
      expect(index(moved)).toBe(index(day) + months);
      expect(moved).toBe(dayInMonth(monthOf(moved), Number(day.slice(8))));
    }),
    { numRuns: runs },
  );
});

test('monthsBetween is the largest whole number of months that fits', () => {
  fc.assert(
    fc.property(anyDay, anyDay, (a, b) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      const months = monthsBetween(from, to);
      expect(addMonths(from, months) <= to).toBe(true);
      expect(addMonths(from, months + 1) > to).toBe(true);
    }),
    { numRuns: runs },
  );
});

test.each([
  ['2024-06-30', '2024-06'],
  ['2024-06-29', '2024-05'],
  ['2024-02-29', '2024-02'],
  ['2024-02-28', '2024-01'],
  ['2023-02-28', '2023-02'],
  ['2024-01-01', '2023-12'],
  ['2023-12-31', '2023-12'],
])('the last whole month on %s is %s', (day, month) => {
  expect(lastWholeMonthBefore(day)).toBe(month);
});

test('the last whole month has ended, and the next one has not', () => {
  fc.assert(
    fc.property(anyDay, (day) => {
      const month = lastWholeMonthBefore(day);
      expect(lastDayOf(month) <= day).toBe(true);
      expect(lastDayOf(monthOf(addDays(lastDayOf(month), 1))) > day).toBe(true);
    }),
    { numRuns: runs },
  );
});

test('months are listed over the end of a year', () => {
  expect(listMonths('2023-11', '2024-02')).toEqual(['2023-11', '2023-12', '2024-01', '2024-02']);
  expect(listMonths('2024-03', '2024-02')).toEqual([]);
});

test.each([
  ['2006-03-15', '2024-03-14', 17],
  ['2006-03-15', '2024-03-15', 18],
  ['1963-03-15', '2024-03-14', 60],
  ['1963-03-15', '2024-03-15', 61],
  ['2004-02-29', '2022-02-28', 17],
  ['2004-02-29', '2022-03-01', 18],
  ['2004-02-29', '2024-02-29', 20],
])('born %s, on %s: %i years old', (birth, on, age) => {
  expect(ageOn(birth, on)).toBe(age);
});

describe('working days', () => {
  test.each([
    ['2024-02-04', true, 'a Sunday worked before Spring Festival'],
    ['2024-10-12', true, 'a Saturday worked after National Day'],
    ['2024-02-09', true, 'New Year’s Eve 2024 was not on the list of holidays'],
    ['2024-02-10', false, 'Spring Festival 2024'],
    ['2024-02-16', false, 'a Friday of Spring Festival 2024'],
    ['2024-02-19', true, 'the Monday after'],
    ['2023-01-23', false, 'Spring Festival 2023'],
    ['2023-01-28', true, 'a Saturday worked in 2023'],
    ['2025-01-28', false, 'Spring Festival 2025'],
    ['2025-01-26', true, 'a Sunday worked in 2025'],
    ['2024-03-02', false, 'a plain Saturday'],
  ])('%s works: %s (%s)', (day, works) => {
    expect(isWorkingDay(day)).toBe(works);
  });

  test.each([
    ['2024-02-08', 5, '2024-02-21', 'over Spring Festival 2024, with the 9th and Sunday the 18th worked'],
    ['2024-02-02', 5, '2024-02-08', 'the worked Sunday counts'],
    ['2024-09-30', 5, '2024-10-12', 'over National Day, the worked Saturday counts'],
    ['2024-03-02', 1, '2024-03-04', 'starting on a Saturday'],
    ['2024-03-01', 0, '2024-03-01', 'none'],
  ])('%s + %i → %s (%s)', (day, count, expected) => {
    expect(addWorkingDays(day, count)).toBe(expected);
  });

  test('an office may override a day both ways', () => {
    expect(addWorkingDays('2024-03-01', 1, { '2024-03-04': false })).toBe('2024-03-05');
    expect(addWorkingDays('2024-03-01', 1, { '2024-03-02': true })).toBe('2024-03-02');
  });

  test('a year without a published calendar is said to be uncertain', () => {
    expect(countWorkingDays('2024-12-30', 5).certain).toBe(true);
    expect(countWorkingDays('2098-12-30', 3)).toEqual({ day: '2099-01-02', certain: false });
  });

  test('adding and counting agree, and the last day works', () => {
    fc.assert(
      fc.property(knownDay, fc.integer({ min: 1, max: 40 }), (day, count) => {
        const end = addWorkingDays(day, count);
        expect(isWorkingDay(end)).toBe(true);
        expect(workingDaysBetween(day, end)).toBe(count);
        expect(workingDaysBetween(end, day)).toBe(-count);
        expect(daysBetween(day, end)).toBeGreaterThanOrEqual(count);
      }),
      { numRuns: runs },
    );
  });
});

test('the day turns at midnight in Shanghai, not in UTC', () => {
  expect(dayAt('2024-11-13T16:00:00Z')).toBe('2024-11-14');
  expect(dayAt('2024-11-13T15:59:59Z')).toBe('2024-11-13');
  expect(timeAt('2024-11-14T04:00:00Z')).toBe('12:00');
});

test('an offset clock starts where it is told', () => {
  const clock = offsetClock('2024-11-14T09:00:00+08:00');
  expect(clock.today()).toBe('2024-11-14');
  expect(clock.now() >= '2024-11-14T01:00:00.000Z').toBe(true);
});
