// A write's id: kept for a retry of the same input, new for another one.
import { expect, test } from 'vitest';
import { nextAttempt } from './operation.ts';

test('the same input keeps its id, a changed one gets another', () => {
  let made = 0;
  const makeId = () => `id-${++made}`;
  const first = nextAttempt(undefined, { person: 'p', minutes: 30 }, makeId);
  expect(nextAttempt(first, { person: 'p', minutes: 30 }, makeId)).toBe(first);
  expect(nextAttempt(first, { person: 'p', minutes: 45 }, makeId).id).toBe('id-2');
});
