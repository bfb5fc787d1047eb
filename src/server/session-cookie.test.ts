// Whose session a cookie is: fixed beforehand, stolen, replayed, changed, cut off, from elsewhere, over, or not in a cookie at all.
import { createHmac } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { beforeAll, expect, test } from 'vitest';
import { cookieOf, enter, get, me, openSignInWorld, password, post } from './sign-in.fixtures.ts';

const { admin, clock, open, account, asAdmin } = await openSignInWorld();
const app = await open();
const origin = 'http://localhost:8080';
const name = 'kangtu.session_token';

beforeAll(async () => {
  await account('cookie.owner');
});

/** A door that reads and one that writes, below and beside the contract. */
const isLetIn = async (cookie: string): Promise<boolean> => {
  const answers = [
    await me(app, cookie),
    await get(app, '/api/organisations', cookie),
    await post(app, '/api/auth/active', {}, { cookie }),
  ].map(({ statusCode }) => statusCode);
  if (new Set(answers).size > 1) throw new Error(`the doors differ: ${answers}`);
  return answers[0] === 200;
};
const begun = async () => cookieOf(await enter(app, 'cookie.owner'));

test('a cookie that somebody set before the sign-in is not the one after it', async () => {
  const fixed = `${name}=fixed-by-another-0123456789abcdef.c2lnbmF0dXJl`;
  const mine = await begun();
  for (const planted of [fixed, mine]) {
    const credentials = { username: 'cookie.owner', password };
    const reply = await post(app, '/api/auth/sign-in/username', credentials, { cookie: planted, origin }, '10.77.0.1');
    expect(reply.statusCode).toBe(200);
    expect(cookieOf(reply)).not.toBe(planted);
    expect(await isLetIn(cookieOf(reply))).toBe(true);
  }
  expect(await isLetIn(fixed)).toBe(false);
});

test('one that was signed out is refused when it is sent again, and the row is gone', async () => {
  const cookie = await begun();
  expect(await isLetIn(cookie)).toBe(true);
  await post(app, '/api/auth/sign-out', {}, { cookie, origin });
  expect(await isLetIn(cookie)).toBe(false);
  const token = decodeURIComponent(cookie).split('=')[1]?.split('.')[0];
  const { rows } = await admin.query('select 1 from account_session where token = $1', [token]);
  expect(rows).toEqual([]);
});

test('one whose signature is changed, missing, or made with the secret of another server', async () => {
  const cookie = await begun();
  const [token = '', signature = ''] = decodeURIComponent(cookie.slice(name.length + 1)).split(/\.(.*)/s);
  const signed = (secret: string) => createHmac('sha256', secret).update(token).digest('base64');
  const send = (value: string) => isLetIn(`${name}=${encodeURIComponent(value)}`);
  expect(await send(`${token}.${signed('x'.repeat(40))}`)).toBe(true);
  const turned = signature.startsWith('A') ? `B${signature.slice(1)}` : `A${signature.slice(1)}`;
  for (const value of [
    `${token}.${turned}`,
    `${token}.${signed('y'.repeat(40))}`,
    `${token}.`,
    token,
    `${token.slice(0, -1)}.${signature}`,
    `${token}.${signature.slice(0, -8)}`,
    `${token}.${signature}.${signature}`,
    `${token}.${signature}!`,
    '.',
    '',
  ])
    expect([value, await send(value)]).toEqual([value, false]);
});

test('one that has been idle too long, or has lasted too long, by the clock of the server', async () => {
  const idle = await begun();
  clock.later(31);
  expect(await isLetIn(idle)).toBe(false);
  const old = await begun();
  for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
    expect(await isLetIn(old)).toBe(true);
    clock.later(20);
  }
  expect(await isLetIn(old)).toBe(false);
  const tokens = [idle, old].map((cookie) => decodeURIComponent(cookie).split('=')[1]?.split('.')[0]);
  const { rows } = await admin.query('select 1 from account_session where token = any ($1)', [tokens]);
  expect(rows).toEqual([]);
  // Each end left one line, however many requests came after it.
  const { rows: lines } = await admin.query(
    `select actor, outcome from audit_line where operation = 'sessionEnd' order by seq desc limit 2`,
  );
  expect(lines).toEqual(['tooOld', 'idle'].map((outcome) => ({ actor: 'cookie.owner', outcome })));
});

test('one of an account that is disabled, and still after it is enabled again', async () => {
  const leaver = await account('cookie.leaver');
  const cookie = cookieOf(await enter(app, 'cookie.leaver'));
  expect(await isLetIn(cookie)).toBe(true);
  // Past the handler, which ends sessions too: the look-up itself must refuse.
  await admin.query('update account set disabled_at = now() where id = $1', [leaver.id]);
  expect(await isLetIn(cookie)).toBe(false);
  await admin.query('update account set disabled_at = null where id = $1', [leaver.id]);
  const disable = { id: uuidv7(), account: leaver.id, reason: '离职' };
  await asAdmin((handlers, tx, ctx) => handlers.disable(tx, ctx, disable));
  await asAdmin((handlers, tx, ctx) => handlers.enable(tx, ctx, { id: uuidv7(), account: leaver.id }));
  expect(await isLetIn(cookie)).toBe(false);
});

test('a token anywhere but in the cookie opens nothing', async () => {
  const cookie = await begun();
  const value = cookie.slice(name.length + 1);
  const token = decodeURIComponent(value).split('.')[0] ?? '';
  const asked = async (url: string, headers: Record<string, string>) =>
    (await app.inject({ method: 'GET', url, headers: { host: 'localhost:8080', ...headers } })).statusCode;
  expect(await asked(`/api/me?${name}=${value}&token=${token}`, {})).toBe(403);
  for (const headers of [
    { authorization: `Bearer ${token}` },
    { authorization: `Bearer ${decodeURIComponent(value)}` },
    { 'x-session-token': token },
    { [name]: value },
    { cookie: `session_token=${value}` },
    { cookie: `x${cookie}` },
    { cookie: `better-auth.session_token=${value}` },
    { cookie: `__Secure-${cookie}` },
  ])
    expect([headers, await asked('/api/me', headers as unknown as Record<string, string>)]).toEqual([headers, 403]);
});
