// Signing in over HTTP with real passwords and cookies: locks, sessions, and that the demo's door stays shut where it should.
import { uuidv7 } from 'uuidv7';
import { describe, expect, test } from 'vitest';
import { makeDemo } from './demo-mode.ts';
import { cookieOf, enter, get, me, openSignInWorld, password, post, type SignInApp } from './sign-in.fixtures.ts';

const { database, admin, clock, open, account, asAdmin, setRules } = await openSignInWorld();
const guess = (username: string, address: string) =>
  post(plain, '/api/auth/sign-in/username', { username, password: 'guess-number-1' }, {}, address);

/** The audit's lines from the first of this account on. */
const auditLines = async (first: string) => {
  const { rows } = await admin.query<Record<string, unknown>>(
    'select * from audit_line where seq >= (select min(seq) from audit_line where actor = $1) order by seq',
    [first],
  );
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
    await account('xu.shi');
    const cookie = cookieOf(await enter(plain, 'Xu.Shi'));
    await enter(plain, 'xu.shi', 'wrong-password');
    await enter(plain, 'my-secret-word', 'wrong-password');
    await post(plain, '/api/auth/sign-out', {}, { cookie, origin: 'http://localhost:8080' });
    await post(plain, '/api/auth/sign-out', {}, { origin: 'http://localhost:8080' });
    const lines = await auditLines('xu.shi');
    expect(lines.map(({ operation, actor, outcome }) => [operation, actor, outcome])).toEqual([
      ['signIn', 'xu.shi', 'ok'],
      ['signIn', 'xu.shi', 'signInRefused'],
      ['signIn', '', 'signInRefused'],
      ['signOut', 'xu.shi', 'ok'],
    ]);
    expect(lines[0]).toMatchObject({ role: 'health', scope: '511902' });
    expect(String(lines[0]?.address)).toMatch(/^10\.0\.\d+\.\d+$/);
    expect(lines[2]).toMatchObject({ role: 'public', scope: null });
    expect(JSON.stringify(lines)).not.toMatch(/secret-word|wrong-password/);
  });

  test('out of a session: after signing out, with a forged cookie, once the account is disabled', async () => {
    const made = await account('zhao.liu');
    const cookie = cookieOf(await enter(plain, 'zhao.liu'));
    expect((await me(plain, `${cookie.split('=')[0]}=forged.forged`)).json().code).toBe('signInNeeded');
    const disable = { id: uuidv7(), account: made.id, reason: '离职' };
    await asAdmin((handlers, tx, ctx) => handlers.disable(tx, ctx, disable));
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

  test('no other route of the library is open', async () => {
    const body = { email: 'a@b.c', password, name: 'x', username: 'intruder' };
    expect((await post(plain, '/api/auth/sign-up/email', body)).statusCode).toBe(404);
  });
});

describe('after failures', () => {
  const wrong = (app: SignInApp, username: string) => enter(app, username, 'Wrong-guess-1');

  test('a name is locked for every server and spelling, for the right password too, and whether it exists or not', async () => {
    await account('qian.qi');
    const other = await open();
    const answers: string[][] = [];
    for (const username of ['qian.qi', 'nobody.at.all']) {
      const said: string[] = [];
      for (let i = 0; i < 5; i += 1) said.push((await wrong(i % 2 ? plain : other, username)).json().detail);
      const locked = await enter(other, username.toUpperCase());
      expect(locked.statusCode).toBe(403);
      expect(locked.json()).toMatchObject({ code: 'accountLocked', cites: ['GB-01'] });
      answers.push([...said, locked.json().detail]);
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.at(-1)).toContain('请在 15 分钟后再试');
    expect((await enter(plain, 'wang.wu')).statusCode).toBe(200);
    // Going on does not prolong the lock.
    clock.later(14);
    expect((await enter(plain, 'qian.qi')).json().code).toBe('accountLocked');
    clock.later(1.1);
    expect((await enter(plain, 'qian.qi')).statusCode).toBe(200);
  });

  test('tries sent at once are no more than the others', async () => {
    await account('sun.ba');
    const replies = await Promise.all(Array.from({ length: 12 }, () => wrong(plain, 'sun.ba')));
    expect(replies.filter((reply) => reply.json().code === 'signInRefused')).toHaveLength(5);
  });

  test('the right password in between begins the count anew', async () => {
    await account('li.jiu');
    for (let i = 0; i < 3; i += 1) {
      for (let j = 0; j < 4; j += 1) await wrong(plain, 'li.jiu');
      expect((await enter(plain, 'li.jiu')).statusCode).toBe(200);
    }
  });

  test('an administrator sees the lock and opens it', async () => {
    const made = await account('zhou.shi');
    for (let i = 0; i < 5; i += 1) await wrong(plain, 'zhou.shi');
    const list = { page: 1, pageSize: 10, status: 'locked' as const };
    const { rows } = await asAdmin((handlers, tx, ctx) => handlers.list(tx, ctx, list));
    expect(rows.find((row) => row.id === made.id)?.lockedUntil).toBeTruthy();
    await asAdmin((handlers, tx, ctx) => handlers.unlock(tx, ctx, { id: uuidv7(), account: made.id }));
    expect((await enter(plain, 'zhou.shi')).statusCode).toBe(200);
    await expect(
      asAdmin((handlers, tx, ctx) => handlers.unlock(tx, ctx, { id: uuidv7(), account: made.id })),
    ).rejects.toMatchObject({ code: 'notLocked' });
  });
});

describe('a session', () => {
  const isOpen = async (cookie: string) => (await me(plain, cookie)).statusCode === 200;
  const work = (cookie: string) => get(plain, '/api/organisations', cookie);

  test('ends when nothing is done for 30 minutes; a screen that asks who is there does nothing', async () => {
    const cookie = cookieOf(await enter(plain, 'wang.wu'));
    clock.later(29);
    expect((await work(cookie)).statusCode).toBe(200);
    clock.later(20);
    expect(await isOpen(cookie)).toBe(true);
    clock.later(9);
    await post(plain, '/api/auth/active', {}, { cookie });
    clock.later(29);
    expect(await isOpen(cookie)).toBe(true);
    clock.later(2);
    expect((await work(cookie)).json().code).toBe('signInNeeded');
    expect(await isOpen(cookie)).toBe(false);
  });

  test('ends 12 hours after it began, however busy', async () => {
    const cookie = cookieOf(await enter(plain, 'wang.wu'));
    for (let i = 0; i < 28; i += 1) {
      clock.later(25);
      expect((await work(cookie)).statusCode).toBe(200);
    }
    clock.later(25);
    expect((await work(cookie)).json().code).toBe('signInNeeded');
  });

  test('by settings of its own', async () => {
    await setRules({ idleMinutes: 5, lockAfter: 3 });
    const cookie = cookieOf(await enter(plain, 'wang.wu'));
    clock.later(6);
    expect(await isOpen(cookie)).toBe(false);
    for (let i = 0; i < 3; i += 1) await enter(plain, 'zheng.wu', 'Wrong-guess-1');
    expect((await enter(plain, 'zheng.wu')).json().code).toBe('accountLocked');
    await setRules({});
  });

  test('is listed to its owner alone, who ends all others at once', async () => {
    await account('wu.shiyi');
    const [first, second] = [cookieOf(await enter(plain, 'wu.shiyi')), cookieOf(await enter(plain, 'wu.shiyi'))];
    const stranger = cookieOf(await enter(plain, 'wang.wu'));
    const { rows } = (await get(plain, '/api/auth/sessions', second)).json();
    expect(rows.map((row: { current: boolean }) => row.current).sort()).toEqual([false, true]);
    expect((await post(plain, '/api/auth/sessions/end-others', {}, { cookie: second })).json()).toEqual({ ended: 1 });
    expect([await isOpen(first), await isOpen(second), await isOpen(stranger)]).toEqual([false, true, true]);
    expect((await get(plain, '/api/auth/sessions', '')).json().code).toBe('signInNeeded');
  });
});

test('an account that nobody signs in to for 90 days is called unused', async () => {
  const idle = await account('old.hand');
  clock.later(91 * 24 * 60);
  await enter(plain, 'wang.wu');
  const list = { page: 1, pageSize: 50, status: 'unused' as const };
  const { rows } = await asAdmin((handlers, tx, ctx) => handlers.list(tx, ctx, list));
  expect(rows.find((row) => row.id === idle.id)).toMatchObject({ unused: true, signedInAt: null });
  expect(rows.map((row) => row.username)).not.toContain('wang.wu');
});

test('accounts are never deleted: the login role has no right to', async () => {
  const { rows } = await admin.query(`select has_table_privilege('kangtu_app', 'account', 'delete') as may`);
  expect(rows).toEqual([{ may: false }]);
});

describe('the demo', () => {
  const accounts = (app: SignInApp, headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') =>
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
