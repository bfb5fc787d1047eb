// What stands around the operations, over HTTP: headers, foreign pages, sizes, files, and asking too often.
import { describe, expect, test } from 'vitest';
import { anActor, newId, openTestApp } from './app.fixtures.ts';
import { createHttp } from './http.ts';
import type { RequestRates } from './limits.ts';

const { database, packs, clock, admin } = await openTestApp();
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

  test('of a foreign page changes nothing, and the same from our own page is kept', async () => {
    const identity = { name: '陈新来', sex: 'female', birthDate: '1990-01-01', town: '511902007' };
    const payload = JSON.stringify({ id: newId(), on: '2024-03-01', identity });
    const found = async () => (await get(plain, `/api/persons?search=${encodeURIComponent('陈新来')}`)).json().total;
    expect((await post(plain, { payload, headers: { origin: 'https://evil.example' } })).statusCode).toBe(403);
    expect(await found()).toBe(0);
    expect((await post(plain, { payload, headers: { origin: 'http://kangtu.example' } })).statusCode).toBe(200);
    expect(await found()).toBe(1);
  });
});

/** A form with one file, as the browser sends it. */
const formOf = async (file: File, fields: Record<string, string>) => {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', file);
  const body = new Response(form);
  return {
    payload: Buffer.from(await body.arrayBuffer()),
    headers: { 'content-type': body.headers.get('content-type') ?? '' },
  };
};
const uploadOf = (content: string, name: string) => {
  const file = new File([content], name);
  const fields = { id: newId(), sender: 'federation', fileName: name, fileModified: '0' };
  return formOf(file, { ...fields, fileSize: String(file.size) });
};

describe('sizes and files', () => {
  test('a form of 3 MB is refused unread; a list of 3 MB is read', async () => {
    const long = await post(plain, { payload: JSON.stringify({ id: newId(), note: 'x'.repeat(3 * 2 ** 20) }) });
    expect(long.statusCode).toBe(400);
    expect(long.json()).toMatchObject({ code: 'bodyTooLarge', detail: expect.stringContaining('2 MB') });
    const rows = Array.from({ length: 1000 }, (_, i) => `周${i},东城街道,${'备注'.repeat(550)}`);
    const upload = await uploadOf(['姓名,乡镇,备注', ...rows].join('\n'), '名单.csv');
    expect(upload.payload.length).toBeGreaterThan(3 * 2 ** 20);
    expect((await post(plain, { url: '/api/census/lists', ...upload })).json()).toMatchObject({ rows: 1000 });
  });

  test('a password of 20 KB is not even hashed', async () => {
    const app = open();
    app.post('/api/auth/echo', async () => 'read');
    const reply = await post(app, { url: '/api/auth/echo', payload: JSON.stringify({ password: 'x'.repeat(20_000) }) });
    expect(reply.statusCode).toBe(413);
    expect(reply.headers['content-type']).toContain('application/problem+json');
  });

  test.each([
    ['a page', '<html><script>alert(1)</script></html>'],
    ['a program', `MZ\0\u0003${'\0'.repeat(200)}`],
    ['an archive of something else', 'PK\u0003\u0004nothing'],
  ])('%s under the name of a workbook is refused by its content', async (_, content) => {
    const upload = await uploadOf(content, '名单.xlsx');
    const reply = await post(plain, { url: '/api/census/lists', ...upload });
    expect(reply.statusCode).toBe(400);
    expect(reply.json().code).toBe('fileUnreadable');
  });

  test('a file is for saving, never shown, and no cache keeps it', async () => {
    const reply = await post(plain, { url: '/api/ledgers/persons', payload: JSON.stringify({ purpose: '季度核对' }) });
    expect(reply.statusCode).toBe(200);
    expect(reply.rawPayload.subarray(0, 2).toString()).toBe('PK');
    expect(reply.headers['content-disposition']).toMatch(/^attachment; filename/);
    expect(reply.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  });
});

describe('asking too often', () => {
  const generous = { max: 100, timeWindow: 60_000 };
  const statuses = async (times: number, call: (i: number) => ReturnType<typeof post>) => {
    const all: number[] = [];
    for (let i = 0; i < times; i += 1) all.push((await call(i)).statusCode);
    return all;
  };

  test('the public, by address: the third write waits and is told how long, reading and others go on', async () => {
    const app = open({ rates: { address: generous, account: generous, visitor: { max: 2, timeWindow: 600_000 } } });
    const apply = (from: string) => post(app, { url: '/api/public/applications', cookie: '', from });
    expect(await statuses(2, () => apply('10.3.0.1'))).toEqual([400, 400]);
    const refused = await apply('10.3.0.1');
    expect(refused.statusCode).toBe(429);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(refused.json()).toMatchObject({ code: 'tooManyRequests', detail: '操作过于频繁，请在 10 分钟后再试。' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(590);
    expect((await apply('10.3.0.2')).statusCode).toBe(400);
    expect((await post(app, { from: '10.3.0.1' })).statusCode).toBe(400);
    const read = await app.inject({ url: '/api/policy/clauses', remoteAddress: '10.3.0.1' });
    expect(read.statusCode).toBe(200);
    // A network of IPv6 is one address: its owner has as many as there are grains of sand.
    expect(await statuses(3, (i) => apply(`2001:db8::${i + 1}`))).toEqual([400, 400, 429]);
  });

  test('an account, from wherever it comes; its neighbour goes on', async () => {
    const app = open({ rates: { address: generous, account: { max: 3, timeWindow: 60_000 }, visitor: generous } });
    expect(await statuses(4, (i) => post(app, { cookie: 'wang', from: `10.4.0.${i}` }))).toEqual([400, 400, 400, 429]);
    expect((await post(app, { cookie: 'zhao', from: '10.4.0.1' })).statusCode).toBe(400);
  });

  test('an address, whoever asks, before anything is looked up; the window ends', async () => {
    const app = open({ rates: { address: { max: 3, timeWindow: 1000 }, account: generous, visitor: generous } });
    expect(await statuses(4, (i) => post(app, { cookie: `user${i}` }))).toEqual([400, 400, 400, 429]);
    const forwarded = { 'x-forwarded-for': '10.9.9.9' };
    expect((await post(app, { headers: forwarded })).statusCode).toBe(429);
    await new Promise((resolve) => setTimeout(resolve, 1050));
    expect((await post(app, {})).statusCode).toBe(400);
  });
});

test('what was turned away leaves one line for an address and a minute, however much it was', async () => {
  const rates = { max: 1, timeWindow: 60_000 };
  const app = open({ rates: { address: rates, account: rates, visitor: rates } });
  for (let i = 0; i < 5; i += 1) await app.inject({ url: '/api/policy/clauses', remoteAddress: '10.44.0.1' });
  const unlimited = open();
  for (let i = 0; i < 3; i += 1)
    await post(unlimited, { url: '/api/public/applications', payload: '{"name', from: '10.44.0.2' });
  const lines = () =>
    admin.query(`select address, outcome, kind, actor from audit_line where address like '10.44.0.%' order by address`);
  await expect
    .poll(async () => (await lines()).rows)
    .toEqual([
      { address: '10.44.0.1', outcome: 'tooManyRequests', kind: 'request', actor: '' },
      { address: '10.44.0.2', outcome: 'inputInvalid', kind: 'request', actor: '' },
    ]);
});
