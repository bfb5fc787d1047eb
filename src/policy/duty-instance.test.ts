// Instances of duties as of any day: periods, late entries, voids, noon, ends, and clocks that follow stability.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, addMonths, addWorkingDays } from '../kernel/calendar.ts';
import { Cadence } from './duty.ts';
import { type DutyKnowledge, type DutyRecord, endOfDay, instancesOf, listPeriods } from './duty-instance.ts';

const runs = process.env.KANGTU_DEEP ? 1000 : 100;
const record = (on: string, more: Partial<DutyRecord> = {}): DutyRecord => ({ id: null, on, amount: 1, ...more });
const always: DutyKnowledge = { sinceOn: null, starts: [], records: [] };
const year = { from: '2024-01-01', to: '2024-12-31' };
const at = (on: string, time = endOfDay) => ({ on, time });

test.each([
  // QS-13: the 15th and the 30th before noon; February's last day stands for the 30th.
  ['2024-02-29', { at: '2024-02-29T03:59:00Z' }, 'done'],
  ['2024-02-29', { at: '2024-02-29T04:00:00Z' }, 'doneLate'],
  ['2024-02-28', { at: '2024-02-28T15:59:00Z' }, 'done'],
  ['2024-03-01', { at: '2024-03-01T01:00:00Z' }, 'doneLate'],
  // Without its hour a record of the day itself does not show that it was in time.
  ['2024-02-29', {}, 'doneLate'],
] as const)('due on 29 February before noon, filed on %s %j: %s', (on, more, state) => {
  const rule = { cadence: Cadence.parse({ daysOfMonth: { days: [15, 30], before: '12:00' } }) };
  const records = [record(on, { ...more, forOn: '2024-02-29' })];
  const found = instancesOf(
    { ...rule, evidence: 'reportFiled' },
    { ...always, records },
    {
      ...{ from: '2024-02-29', to: '2024-02-29' },
      at: at('2024-06-01'),
    },
  );
  expect(found).toMatchObject([{ dueOn: '2024-02-29', state }]);
});

test('before noon of the day itself nothing is late; at noon it is', () => {
  const rule = {
    cadence: Cadence.parse({ daysOfMonth: { days: [15], before: '12:00' } }),
    evidence: 'reportFiled' as const,
  };
  const stateAt = (time: string) =>
    instancesOf(rule, always, { from: '2024-03-15', to: '2024-03-15', at: at('2024-03-15', time) })[0]?.state;
  expect([stateAt('11:59'), stateAt('12:00')]).toEqual(['due', 'late']);
});

test('six a month: live while there is time, owed by whoever was there before the month, and not by who left in it', () => {
  const rule = { cadence: Cadence.parse({ everyMonth: { amount: 6 } }), evidence: 'sessionAttended' as const };
  const records = ['2024-02-01', '2024-02-29', '2024-03-01'].map((on) => record(on, { amount: 3 }));
  const known = { ...always, sinceOn: '2024-01-31', records };
  const found = (on: string, more = {}) =>
    instancesOf(rule, { ...known, ...more }, { from: '2024-01-01', to: '2024-03-31', at: at(on) }).map(
      ({ dueOn, state, done }) => [dueOn, state, done],
    );
  expect(found('2024-02-28')).toEqual([
    ['2024-02-29', 'due', 3],
    ['2024-03-31', 'due', 0],
  ]);
  expect(found('2024-04-01')).toEqual([
    ['2024-02-29', 'done', 6],
    ['2024-03-31', 'late', 3],
  ]);
  expect(found('2024-04-01', { sinceOn: '2024-02-01' }).map(([due]) => due)).toEqual(['2024-03-31']);
  expect(found('2024-04-01', { endOn: '2024-03-31' }).map(([due]) => due)).toEqual(['2024-02-29']);
});

test('a follow-up is due as the stability of the last one asks for; who was never assessed counts as unstable', () => {
  const rule = {
    cadence: Cadence.parse({
      afterByStability: {
        ...{ event: 'followedUp', stable: { months: 3 }, basicallyStable: { months: 1 } },
        unstable: { days: 14 },
      },
    }),
    evidence: 'followedUp' as const,
  };
  const followed = ['2024-01-10', '2024-02-29'];
  const found = instancesOf(
    rule,
    {
      ...{ sinceOn: null, starts: ['2024-01-01', ...followed], records: followed.map((on) => record(on)) },
      stability: [
        { on: '2024-01-10', value: 'basicallyStable' },
        { on: '2024-02-29', value: 'stable' },
      ],
    },
    { ...year, at: at('2024-06-30') },
  );
  expect(found.map(({ dueOn, state }) => [dueOn, state])).toEqual([
    ['2024-01-15', 'done'],
    ['2024-02-10', 'doneLate'],
    ['2024-05-29', 'late'],
  ]);
});

const day = fc.integer({ min: 0, max: 900 }).map((days) => addDays('2023-06-01', days));
const cadences: Cadence[] = [
  { workingDaysAfter: { event: 'applied', days: 5 } },
  { monthsAfter: { event: 'assessed', months: 6 } },
  { overMonthsSince: { event: 'queued', months: 3 } },
  { everyMonth: { amount: 2, unit: 'times' } },
  { everyYear: { amount: 3, unit: 'times' } },
  { monthsOfYear: { months: [6, 12], day: 'last' } },
  { daysOfMonth: { days: [15, 30] } },
];

test('what happens later changes no earlier answer, and what is voided leaves no trace', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...cadences),
      fc.array(day, { maxLength: 4 }),
      fc.array(day, { maxLength: 8 }),
      day,
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }),
      (cadence, starts, dates, on, later) => {
        const rule = { cadence, evidence: 'applicationDecided' as const };
        const span = { from: '2023-06-01', to: '2026-06-01', at: at(on) };
        const known = { sinceOn: null, starts, records: dates.map((one) => record(one)) };
        const after = later.map((days) => addDays(on, days));
        const more = {
          sinceOn: null,
          starts: [...starts, ...after],
          records: [...known.records, ...after.map((one) => record(one))],
        };
        expect(instancesOf(rule, { ...more, endOn: after.sort()[0] ?? on }, span)).toEqual(
          instancesOf(rule, known, span),
        );
      },
    ),
    { numRuns: runs },
  );
});

test('a clock is done late exactly when its record comes after the working days are over', () => {
  fc.assert(
    fc.property(day, fc.integer({ min: 0, max: 30 }), (startOn, days) => {
      const rule = { cadence: cadences[0] as Cadence, evidence: 'applicationDecided' as const };
      const on = addDays(startOn, days);
      const known = { sinceOn: null, starts: [startOn], records: [record(on)] };
      const [found] = instancesOf(rule, known, { from: startOn, to: addMonths(startOn, 3), at: at('2026-12-31') });
      expect(found?.state).toBe(on <= addWorkingDays(startOn, 5) ? 'done' : 'doneLate');
    }),
    { numRuns: runs },
  );
});

test('the periods of a cadence follow each other without gap or overlap, over year ends and leap years', () => {
  for (const cadence of cadences.slice(3)) {
    const periods = listPeriods(cadence, '2022-12-01', '2025-03-31');
    for (const [index, period] of periods.slice(1).entries())
      expect(period.firstOn).toBe(addDays(periods[index]?.dueOn ?? '', 1));
  }
});
