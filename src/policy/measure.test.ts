// The standardized-service conditions, one by one, on the days where they turn.
import { expect, test } from 'vitest';
import { type EpisodeHistory, findTarget, isRegistered, isTargetMet, ratio, serviceConditions } from './measure.ts';

const params = { requires: ['consent', 'agreement', 'baseline', 'plan'] as const, sessionsPerMonth: 2 };
const asked = { ...params, requires: [...params.requires] };

const complete: EpisodeHistory = {
  registeredOn: '2024-01-05',
  consents: [{ fromOn: '2024-01-10' }],
  agreements: [{ fromOn: '2024-01-10', toOn: '2025-01-09' }],
  plans: [{ fromOn: '2024-01-20', toOn: '2024-12-31' }],
  assessments: [{ on: '2024-01-12', kind: 'baseline' }],
  sessions: [
    { on: '2024-05-01', standardized: true, attended: true },
    { on: '2024-05-31', standardized: true, attended: true },
    { on: '2024-06-10', standardized: true, attended: true },
    { on: '2024-06-20', standardized: false, attended: true },
    { on: '2024-06-21', standardized: true, attended: false },
  ],
};

test.each([
  ['2024-06-29', []],
  ['2024-06-30', ['sessions']],
  ['2024-01-09', ['consent', 'agreement', 'baseline', 'plan']],
  ['2024-01-31', []],
  ['2024-02-28', []],
  ['2024-02-29', ['sessions']],
  ['2025-01-09', ['plan', 'sessions']],
  ['2025-01-10', ['agreement', 'plan', 'sessions']],
])('on %s missing %j', (on, missing) => {
  expect(serviceConditions(asked, complete, on)).toEqual({ counts: missing.length === 0, missing });
});

test('sessions are asked from the first whole month after the agreement began', () => {
  const history = { ...complete, sessions: [], agreements: [{ fromOn: '2024-02-01' }] };
  expect(serviceConditions(asked, history, '2024-02-29').missing).toEqual([]);
  expect(serviceConditions(asked, history, '2024-03-30').missing).toEqual([]);
  expect(serviceConditions(asked, history, '2024-03-31').missing).toEqual(['sessions']);
});

test('a renewed agreement does not excuse the month in which it began', () => {
  const agreements = [{ fromOn: '2024-01-10', toOn: '2024-05-14' }, { fromOn: '2024-05-15' }];
  expect(serviceConditions(asked, { ...complete, agreements, sessions: [] }, '2024-05-31').missing).toEqual([
    'sessions',
  ]);
});

test.each([
  ['2024-07-12', []],
  ['2024-07-13', ['reassessment']],
])('reassessment every six months, on %s', (on, missing) => {
  const sessions = ['2024-06-01', '2024-06-02'].map((day) => ({ on: day, standardized: true, attended: true }));
  expect(serviceConditions({ ...asked, reassessEveryMonths: 6 }, { ...complete, sessions }, on).missing).toEqual(
    missing,
  );
});

test('the day of leaving no longer counts', () => {
  const left = { ...complete, leftOn: '2024-06-30' };
  expect([isRegistered(left, '2024-01-04'), isRegistered(left, '2024-01-05')]).toEqual([false, true]);
  expect([isRegistered(left, '2024-06-29'), isRegistered(left, '2024-06-30')]).toEqual([true, false]);
});

test('targets: exact shares meet, years after the last keep it, years before the first have none', () => {
  const targets = { 2023: 0.3, 2024: 0.45 };
  for (const [numerator, denominator, year] of [
    [3, 10, 2023],
    [9, 20, 2024],
    [30, 100, 2023],
  ] as const)
    expect(isTargetMet(ratio(numerator, denominator), findTarget(targets, year))).toBe(true);
  expect(findTarget(targets, 2026)).toEqual({ value: 0.45, year: 2024, carriedOver: true });
  expect(findTarget(targets, 2022)).toBeUndefined();
  expect(isTargetMet(ratio(0, 0), findTarget(targets, 2024))).toBeNull();
});
