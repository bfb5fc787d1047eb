// Due days of every cadence, at month ends, short months and swapped working days.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, addMonths, monthOf } from '../kernel/calendar.ts';
import { Cadence, dueOn, isOverdue, listDues } from './duty.ts';

const runs = process.env.KANGTU_DEEP ? 1000 : 100;

test.each([
  [{ workingDaysAfter: { event: 'applied', days: 5 } }, '2024-02-08', '2024-02-21'],
  [{ workingDaysAfter: { event: 'applied', days: 5 } }, '2024-03-02', '2024-03-08'],
  [{ overMonthsSince: { event: 'queued', months: 3 } }, '2024-03-15', '2024-06-16'],
  [{ overMonthsSince: { event: 'queued', months: 3 } }, '2023-11-30', '2024-03-01'],
  [{ monthsAfter: { event: 'assessed', months: 6 } }, '2023-08-31', '2024-02-29'],
] as const)('%j from %s is due on %s', (cadence, startOn, expected) => {
  expect(dueOn(cadence, { startOn }).dueOn).toBe(expected);
});

test('an office’s own free day moves the clock', () => {
  const cadence: Cadence = { workingDaysAfter: { event: 'applied', days: 1 } };
  expect(dueOn(cadence, { startOn: '2024-03-04', calendarOverrides: { '2024-03-05': false } }).dueOn).toBe(
    '2024-03-06',
  );
});

test('late begins the day after the due day', () => {
  const due = dueOn({ workingDaysAfter: { event: 'applied', days: 5 } }, { startOn: '2024-03-04' });
  expect([isOverdue(due, '2024-03-11'), isOverdue(due, '2024-03-12')]).toEqual([false, true]);
});

const days = (cadence: Cadence, from: string, to: string) => listDues(cadence, from, to).map((due) => due.dueOn);

test('June and December, by the last day', () => {
  const cadence: Cadence = { monthsOfYear: { months: [6, 12], day: 'last' } };
  expect(days(cadence, '2023-11-21', '2024-12-30')).toEqual(['2023-12-31', '2024-06-30']);
  expect(days(cadence, '2024-12-31', '2024-12-31')).toEqual(['2024-12-31']);
});

test('the 15th and the 30th, before noon; February’s last day stands for the 30th', () => {
  const cadence: Cadence = { daysOfMonth: { days: [15, 30], before: '12:00' } };
  expect(days(cadence, '2024-01-30', '2024-03-14')).toEqual(['2024-01-30', '2024-02-15', '2024-02-29']);
  expect(days(cadence, '2023-02-16', '2023-02-28')).toEqual(['2023-02-28']);
  expect(listDues(cadence, '2024-01-15', '2024-01-15')).toEqual([
    { dueOn: '2024-01-15', dueBefore: '12:00', certain: true },
  ]);
});

test('a short month in which two due days fall together has one', () => {
  expect(days({ daysOfMonth: { days: [30, 31] } }, '2024-02-01', '2024-02-29')).toEqual(['2024-02-29']);
});

test('monthly and yearly amounts end with their month and year', () => {
  expect(days({ everyMonth: { amount: 6, unit: 'times' } }, '2024-01-31', '2024-03-30')).toEqual([
    '2024-01-31',
    '2024-02-29',
  ]);
  expect(days({ everyYear: { amount: 20, unit: 'hours' } }, '2023-01-01', '2024-12-31')).toEqual([
    '2023-12-31',
    '2024-12-31',
  ]);
});

test('spans that follow each other list every due day once', () => {
  const cadences: Cadence[] = [
    { daysOfMonth: { days: [1, 15, 30, 'last'] } },
    { monthsOfYear: { months: [2, 6], day: 31 } },
    { everyMonth: { amount: 1, unit: 'times' } },
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...cadences),
      fc.integer({ min: 0, max: 3000 }),
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 400 }),
      (cadence, start, first, second) => {
        const from = addDays('2020-01-01', start);
        const middle = addDays(from, first);
        const to = addDays(middle, second + 1);
        expect([...days(cadence, from, middle), ...days(cadence, addDays(middle, 1), to)]).toEqual(
          days(cadence, from, to),
        );
      },
    ),
    { numRuns: runs },
  );
});

test('the queue clock is over exactly when more than its months have passed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 1, max: 24 }), (start, months) => {
      const startOn = addDays('2015-01-01', start);
      const { dueOn: over } = dueOn({ overMonthsSince: { event: 'queued', months } }, { startOn });
      expect(addDays(over, -1)).toBe(addMonths(startOn, months));
      expect(monthOf(over) >= monthOf(addMonths(startOn, months))).toBe(true);
    }),
    { numRuns: runs },
  );
});

test('a cadence is one, and one that exists', () => {
  expect(Cadence.safeParse({}).success).toBe(false);
  expect(Cadence.safeParse({ everyYear: { amount: 1 }, everyMonth: { amount: 1 } }).success).toBe(false);
  expect(Cadence.safeParse({ everyFortnight: { amount: 1 } }).success).toBe(false);
});
