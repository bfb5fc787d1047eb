// Signing in over HTTP with real passwords and cookies, and that the demo's door stays shut where it should.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { machineActor } from '../kernel/access.ts';
import { openDatabase } from '../kernel/database.ts';
import { roles } from '../kernel/migrate.ts';
import { accountHandlers, createAccount } from '../network/account.server.ts';
import { getPackLibrary } from '../policy/library.ts';
import { appPassword } from './database-for-tests.ts';
import { clockOf, findDemo, makeDemo } from './demo-mode.ts';
import { contextOf, createHttp } from './http.ts';
import { createSignIn } from './sign-in.ts';

const name = `kangtu_test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
const server = inject('postgres');
const root = new pg.Client({ ...server });
await root.connect();
await root.query(`create database ${name} template ${inject('template')}`);
const connection = { ...server, database: name, user: roles.app, password: appPassword };
const database = openDatabase(connection, 4);
const packs = getPackLibrary();
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
  await database.close();
  await root.query(`drop database ${name} with (force)`);
  await root.end();
});

const open = async (options: { secure?: boolean } = {}) => {
  const demo = await findDemo(database);
  const clock = clockOf(demo);
  const signIn = createSignIn({ connection, database, secret: 'x'.repeat(40), clock, demo, ...options });
  const app = createHttp({ database, packs, clock, actorOf: signIn.actorOf });
  signIn.addRoutes(app);
  closing.push(async () => {
    await app.close();
    await signIn.close();
  });
  return app;
};
type App = Awaited<ReturnType<typeof open>>;

const ctx = contextOf({ packs, clock: clockOf(undefined) }, machineActor, 'test');
const password = 'correct-horse';
const account = (username: string, more: { password?: string } = {}) =>
  database.as(machineActor, (tx) =>
    createAccount(tx, ctx, {
      id: uuidv7(),
      username,
      name: '王五',
      role: 'health',
      scope: '511902',
      password,
      ...more,
    }),
  );
const post = (
  app: App,
  url: string,
  payload: object,
  headers: Record<string, string> = {},
  remoteAddress = '127.0.0.1',
) => app.inject({ method: 'POST', url, payload, headers: { host: 'localhost:8080', ...headers }, remoteAddress });
const enter = (app: App, username: string, word = password) =>
  post(app, '/api/auth/sign-in/username', { username, password: word });
const guess = (username: string, address: string) =>
  post(plain, '/api/auth/sign-in/username', { username, password: 'guess-number-1' }, {}, address);
const me = (app: App, cookie: string) =>
  app.inject({ method: 'GET', url: '/api/me', headers: { host: 'localhost:8080', cookie } });
const cookieOf = (reply: { headers: Record<string, unknown> }) =>
  String(reply.headers['set-cookie'] ?? '').split(';')[0] ?? '';

/** The audit's lines from the first of this account on. */
const auditLines = async (first: string) => {
  const admin = new pg.Client({ ...server, database: name });
  await admin.connect();
  const { rows } = await admin.query<Record<string, unknown>>(
    'select * from audit_line where seq >= (select min(seq) from audit_line where actor = $1) order by seq',
    [first],
  );
  await admin.end();
  return rows;
};

const plain = await open();
await account('wang.wu');

describe('signing in', () => {
  test('gives an HttpOnly cookie, and no token in the body; Secure behind TLS', async () => {
    const reply = await enter(plain, 'Wang.Wu');
    expect(reply.statusCode).toBe(200);
    expect(reply.body).toBe('{"ok":true}');
    expect(String(reply.headers['set-cookie'])).toMatch(/^kangtu\.session_token=[^;]{40,};.*HttpOnly; SameSite=Lax$/);
    const answer = (await me(plain, cookieOf(reply))).json();
    expect(answer).toMatchObject({ user: { username: 'wang.wu' }, role: 'health', scopeName: '巴州区', demo: null });
    const behindTls = await open({ secure: true });
    expect(String((await enter(behindTls, 'wang.wu')).headers['set-cookie'])).toMatch(/^__Secure-kangtu.*Secure/);
  });

  test('a wrong password and an unknown name are refused alike', async () => {
    const wrong = await enter(plain, 'wang.wu', 'wrong-password');
    const unknown = await enter(plain, 'nobody', 'wrong-password');
    expect(wrong.statusCode).toBe(403);
    expect(wrong.json().code).toBe('signInRefused');
    const { requestId: _, ...rest } = wrong.json();
    expect(unknown.json()).toMatchObject(rest);
    expect(wrong.headers['set-cookie']).toBeUndefined();
  });

  test('leaves lines of entering, failing and leaving, without what was typed for a name that nobody has', async () => {
    await account('sun.ba');
    const cookie = cookieOf(await enter(plain, 'Sun.Ba'));
    await enter(plain, 'sun.ba', 'wrong-password');
    await enter(plain, 'my-secret-word', 'wrong-password');
    await post(plain, '/api/auth/sign-out', {}, { cookie, origin: 'http://localhost:8080' });
    await post(plain, '/api/auth/sign-out', {}, { origin: 'http://localhost:8080' });
    const lines = await auditLines('sun.ba');
    expect(lines.map(({ operation, actor, outcome }) => [operation, actor, outcome])).toEqual([
      ['signIn', 'sun.ba', 'ok'],
      ['signIn', 'sun.ba', 'signInRefused'],
      ['signIn', '', 'signInRefused'],
      ['signOut', 'sun.ba', 'ok'],
    ]);
    expect(lines[0]).toMatchObject({ role: 'health', scope: '511902', address: '127.0.0.1' });
    expect(lines[2]).toMatchObject({ role: 'public', scope: null });
    expect(JSON.stringify(lines)).not.toMatch(/secret-word|wrong-password/);
  });

  test('out of a session: after signing out, with a forged cookie, once the account is disabled', async () => {
    const made = await account('zhao.liu');
    const cookie = cookieOf(await enter(plain, 'zhao.liu'));
    expect((await me(plain, `${cookie.split('=')[0]}=forged.forged`)).json().code).toBe('signInNeeded');
    const admin = { ...ctx, actor: { ...machineActor, user: 'admin', role: 'systemAdmin' as const } };
    const disable = { id: uuidv7(), account: made.id, reason: '离职' };
    await database.as(admin.actor, (tx) => accountHandlers.disable(tx, admin, disable));
    expect((await me(plain, cookie)).json().code).toBe('signInNeeded');
    expect((await enter(plain, 'zhao.liu')).json().code).toBe('accountDisabled');

    const other = cookieOf(await enter(plain, 'wang.wu'));
    await post(plain, '/api/auth/sign-out', {}, { cookie: other, origin: 'http://localhost:8080' });
    expect((await me(plain, other)).json().code).toBe('signInNeeded');
  });

  test('another site cannot sign anybody out, and guessing is slowed down', async () => {
    const cookie = cookieOf(await enter(plain, 'wang.wu'));
    const reply = await post(plain, '/api/auth/sign-out', {}, { cookie, origin: 'https://evil.example' });
    expect(reply.json().code).toBe('originNotAllowed');
    expect((await me(plain, cookie)).statusCode).toBe(200);
    const guesses = await Promise.all(Array.from({ length: 31 }, (_, i) => guess(`nobody.${i}`, '10.1.2.3')));
    expect(guesses.filter(({ statusCode }) => statusCode === 403)).toHaveLength(30);
    const refused = guesses.find(({ statusCode }) => statusCode === 429);
    expect(refused?.json()).toMatchObject({
      code: 'tooManyRequests',
      detail: expect.stringMatching(/^操作过于频繁，请在 \d+ 秒后再试。$/),
    });
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('guessing at one account is stopped from whatever addresses it comes, also with the right word, and by no other spelling', async () => {
    await account('qian.qi');
    for (let i = 0; i < 10; i += 1) expect((await guess('qian.qi', `10.2.0.${i}`)).statusCode).toBe(403);
    const refused = await post(plain, '/api/auth/sign-in/username', { username: 'Qian.Qi', password }, {}, '10.2.1.1');
    expect(refused.statusCode).toBe(429);
    expect(refused.json().detail).toMatch(/请在 [45] 分钟后再试/);
    expect((await enter(plain, 'wang.wu')).statusCode).toBe(200);
  });

  test('no other route of the library is open', async () => {
    const body = { email: 'a@b.c', password, name: 'x', username: 'intruder' };
    expect((await post(plain, '/api/auth/sign-up/email', body)).statusCode).toBe(404);
  });
});

describe('the demo', () => {
  const accounts = (app: App, headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') =>
    app.inject({
      method: 'GET',
      url: '/api/demo/accounts',
      headers: { host: 'localhost:8080', ...headers },
      remoteAddress,
    });

  test('is absent outside a demo database', async () => {
    expect((await accounts(plain)).statusCode).toBe(404);
    expect((await post(plain, '/api/demo/sign-in', { username: 'wang.wu' })).statusCode).toBe(404);
  });

  test('signs in as one of its accounts, from this machine only, on its own clock', async () => {
    await makeDemo(database, async ({ password: given }) => {
      await account('demo.clerk', { password: given });
    });
    const app = await open();
    expect((await accounts(app)).json().map((row: { username: string }) => row.username)).toContain('demo.clerk');
    const reply = await post(app, '/api/demo/sign-in', { username: 'demo.clerk' });
    const answer = (await me(app, cookieOf(reply))).json();
    expect(answer).toMatchObject({ user: { username: 'demo.clerk' }, clock: { today: '2024-11-14' } });
    expect(answer.demo.now).toMatch(/^2024-11-14T01:0/);
    // An account with a password of its own stays its owner's.
    expect((await post(app, '/api/demo/sign-in', { username: 'wang.wu' })).json().code).toBe('signInRefused');
    expect((await accounts(app, {}, '192.168.1.7')).statusCode).toBe(404);
    expect((await accounts(app, { host: 'evil.example' })).statusCode).toBe(404);
    expect((await accounts(app, { 'x-forwarded-for': '127.0.0.1' })).statusCode).toBe(404);
    expect((await post(app, '/api/demo/sign-in', { username: 'demo.clerk' }, {}, '192.168.1.7')).statusCode).toBe(404);
  });
});
