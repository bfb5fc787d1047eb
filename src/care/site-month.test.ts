// Which group a roll-call offers first, and what counts as short at the edges.
import { expect, test } from 'vitest';
import { overlaps } from './session.ts';
import { decideShortage, orderGroups } from './site-month.ts';

test('a group that has met today is offered last, the one of the same weekday first', () => {
  const groups = [
    { lastOn: '2024-09-16' },
    { lastOn: '2024-09-13' },
    { lastOn: '2024-09-11' },
    { lastOn: '2024-09-09' },
  ];
  // Monday: 9 September is a Monday too.
  expect(orderGroups(groups, '2024-09-16').map(({ lastOn }) => lastOn)).toEqual([
    '2024-09-09',
    '2024-09-13',
    '2024-09-11',
    '2024-09-16',
  ]);
});

test('short of the number by standardized sessions only, of the plan by all; nothing is asked of who is not asked', () => {
  const figures = { sessions: 6, standardized: 5, planned: 8, asked: true };
  expect(decideShortage(figures, 6)).toEqual({ shortOfRule: 1, shortOfPlan: 2 });
  expect(decideShortage({ ...figures, asked: false }, 6)).toEqual({ shortOfRule: null, shortOfPlan: 2 });
  expect(decideShortage({ ...figures, planned: null }, undefined)).toEqual({ shortOfRule: null, shortOfPlan: null });
  expect(decideShortage({ ...figures, standardized: 7, planned: 6 }, 6)).toEqual({ shortOfRule: 0, shortOfPlan: 0 });
});

test('sessions overlap by a minute, not by touching, whichever comes first', () => {
  const morning = { startAt: '09:00', minutes: 60 };
  expect(overlaps(morning, { startAt: '10:00', minutes: 30 })).toBe(false);
  expect(overlaps({ startAt: '08:00', minutes: 60 }, morning)).toBe(false);
  expect(overlaps({ startAt: '08:00', minutes: 61 }, morning)).toBe(true);
  expect(overlaps(morning, { startAt: '09:20', minutes: 10 })).toBe(true);
});
