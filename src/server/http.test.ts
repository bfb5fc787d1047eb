import { expect, test } from 'vitest';
import { anActor, openTestApp } from './app.fixtures.ts';

const app = await openTestApp();
const post = (headers: Record<string, string>, payload: string) =>
  app.http.inject({
    method: 'POST',
    url: '/api/persons',
    headers: {
      'content-type': 'application/json',
      'x-test-actor': encodeURIComponent(JSON.stringify(anActor('civilAffairs'))),
      ...headers,
    },
    payload,
  });

test('a body larger than any list, or of untold length, is refused before it is read', async () => {
  for (const headers of [{ 'content-length': String(40 * 2 ** 20) }, { 'transfer-encoding': 'chunked' }]) {
    const reply = await post(headers as Record<string, string>, '{}');
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({ code: 'bodyTooLarge' });
  }
});

test('input that does not fit its schema names the field', async () => {
  const reply = await post({}, '{"id":"x"}');
  expect(reply.statusCode).toBe(400);
  expect(reply.headers['content-type']).toContain('application/problem+json');
  expect(reply.json()).toMatchObject({ code: 'inputInvalid', fields: { id: expect.any(String) } });
});

test('a body that is no JSON is the fault of who sent it, and no bug', async () => {
  app.faults.length = 0;
  const reply = await post({}, '{"name');
  expect(reply.statusCode).toBe(400);
  expect(reply.json()).toMatchObject({ code: 'inputInvalid', detail: '请求无法读取。' });
  expect(app.faults).toEqual([]);
});

test('openapi.json describes every operation', async () => {
  const document = (await app.http.inject({ url: '/api/openapi.json' })).json();
  expect(document.openapi).toMatch(/^3\.1/);
  expect(Object.keys(document.paths)).toContain('/sessions');
});
