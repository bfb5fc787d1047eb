// What stands around the operations, over HTTP: headers, foreign pages, sizes, files, and asking too often.
import { describe, expect, test } from 'vitest';
import { anActor, newId, openTestApp } from './app.fixtures.ts';
import { createHttp } from './http.ts';
import type { RequestRates } from './limits.ts';

const { database, packs, clock } = await openTestApp();
const clerk = anActor('civilAffairs');
/** Signed in as the clerk where there is a cookie. */
const open = (options: { publicUrl?: string; rates?: RequestRates } = {}) =>
  createHttp({
    database,
    packs,
    clock,
    actorOf: async ({ headers }) => (headers.cookie === undefined ? null : { ...clerk, user: headers.cookie }),
    ...options,
  });
type App = ReturnType<typeof open>;
const plain = open();
const behindTls = open({ publicUrl: 'https://kangtu.example' });

interface Call {
  readonly url?: string;
  readonly cookie?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly payload?: string | Buffer;
  readonly from?: string;
}
const get = (app: App, url: string) => app.inject({ url, headers: { host: 'kangtu.example', cookie: 'clerk' } });
const post = (
  app: App,
  { url = '/api/persons', cookie = 'clerk', headers = {}, payload = '{}', from = '10.0.0.1' }: Call,
) =>
  app.inject({
    method: 'POST',
    url,
    headers: { host: 'kangtu.example', 'content-type': 'application/json', ...(cookie ? { cookie } : {}), ...headers },
    payload,
    remoteAddress: from,
  });

describe('headers', () => {
  test('no script but our own, no frame, no referrer, no guessing of types: on answers, refusals and what is not there', async () => {
    const foreign = { origin: 'https://evil.example' };
    for (const reply of [
      await get(plain, '/api/policy/clauses'),
      await get(plain, '/api/nothing'),
      await get(plain, '/nothing'),
      await post(plain, {}),
      await post(plain, { headers: foreign }),
    ]) {
      const policy = String(reply.headers['content-security-policy']).split(';');
      expect(policy).toContain("script-src 'self'");
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("object-src 'none'");
      expect(reply.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
      });
      expect(reply.headers['strict-transport-security']).toBeUndefined();
    }
  });

  test('TLS is asked for ever after only where users come by it', async () => {
    const reply = await get(behindTls, '/api/policy/clauses');
    expect(reply.headers['strict-transport-security']).toBe('max-age=31536000');
    expect(reply.headers['content-security-policy']).toContain('upgrade-insecure-requests');
  });

  test('no answer of the API is kept by any cache', async () => {
    for (const url of [
      '/api/policy/clauses',
      '/api/persons',
      '/api/openapi.json',
      '/api/nothing',
      '/api/persons?page=x',
    ])
      expect((await get(plain, url)).headers['cache-control'], url).toBe('no-store');
    expect((await post(plain, { headers: { origin: 'null' } })).headers['cache-control']).toBe('no-store');
  });
});

describe('a write', () => {
  const codeOf = async (app: App, headers: Record<string, string>) => (await post(app, { headers })).json().code;

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port', { origin: 'http://kangtu.example:81' }],
    ['a page without an origin', { origin: 'null' }],
    ['a sister name', { 'sec-fetch-site': 'same-site', origin: 'http://kangtu.example' }],
    ['another site that the browser names', { 'sec-fetch-site': 'cross-site' }],
  ])('from %s is refused, in a session too', async (_, headers) => {
    expect(await codeOf(plain, headers)).toBe('originNotAllowed');
    expect((await post(plain, { headers })).statusCode).toBe(403);
  });

  test.each([
    ['our own page', { origin: 'http://kangtu.example' }],
    ['our own page, as the browser says', { 'sec-fetch-site': 'same-origin', origin: 'http://kangtu.example' }],
    ['a program', {}],
  ])('from %s is heard', async (_, headers) => {
    expect(await codeOf(plain, headers as Record<string, string>)).toBe('inputInvalid');
  });

  test('behind TLS comes from the address that users open, by TLS', async () => {
    expect(await codeOf(behindTls, { host: 'localhost:8080', origin: 'https://kangtu.example' })).toBe('inputInvalid');
    expect(await codeOf(behindTls, { origin: 'http://kangtu.example' })).toBe('originNotAllowed');
  });

  test('of a foreign page changes nothing', async () => {
    const person = { id: newId(), name: '陈外来', sex: 'female', birthDate: '1990-01-01', town: '511902001' };
    const payload = JSON.stringify(person);
    await post(plain, { payload, headers: { origin: 'https://evil.example' } });
    expect((await get(plain, `/api/persons/${person.id}`)).statusCode).toBe(404);
  });
});
