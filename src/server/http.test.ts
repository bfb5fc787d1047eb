import { expect, test } from 'vitest';
import { anActor, openTestApp } from './app.fixtures.ts';
import { aClient } from './client.fixtures.ts';

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

test('what is sought comes in a header as in the query, with other fields beside it', async () => {
  await app.record(...aClient({ identity: { name: '欧阳丹枫' } }).drafts, ...aClient().drafts);
  const found = async (url: string, words?: string): Promise<number> => {
    const actor = encodeURIComponent(JSON.stringify(anActor('civilAffairs')));
    const headers = { 'x-test-actor': actor, ...(words !== undefined && { 'x-kangtu-search': words }) };
    return (await app.http.inject({ url, headers })).json().total;
  };
  const words = encodeURIComponent('欧阳丹枫');
  expect(await found(`/api/persons?search=${words}`)).toBe(1);
  expect(await found('/api/persons', words)).toBe(1);
  expect(await found('/api/persons?area=511902&page=1', words)).toBe(1);
  expect(await found('/api/persons?area=511903', words)).not.toBe(1);
  expect(await found('/api/persons', encodeURIComponent('欧阳&area=511903'))).toBe(0);
  expect(await found('/api/persons', '%')).toBe(0);
  expect(await found('/api/persons')).toBe(2);
});
