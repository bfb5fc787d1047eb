import { expect, test } from 'vitest';
import { openTestApp } from '../server/app.fixtures.ts';

const app = await openTestApp();

test('policy.clauses: every clause with its document, also for a visitor', async () => {
  const { status, body } = await app.call<{ clauses: { id: string; document: string; summary: string }[] }>(
    null,
    'GET',
    '/policy/clauses',
  );
  expect(status).toBe(200);
  expect(body.clauses.filter(({ id }) => !/^(NA|GB)-/.test(id))).toHaveLength(106);
  expect(body.clauses.find(({ id }) => id === 'BZ-14')).toMatchObject({
    document: expect.stringContaining('巴中'),
    summary: expect.any(String),
  });
});
