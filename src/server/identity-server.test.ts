// Signing in by an identity server, with a real one: who is let in, who is not, and what the audit keeps of it.

import { uuidv7 } from 'uuidv7';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { machineActor } from '../kernel/access.ts';
import type { IdentityServer } from '../network/identity-server.ts';
import { changeIdentityServer } from '../network/security.server.ts';
import {
  begin,
  clientId,
  clientSecret,
  comeBack,
  goThere,
  publicUrl,
  signInThere,
  startIdentityServer,
} from './identity-server.fixtures.ts';
import { cookieOf, enter, get, me, openSignInWorld, post } from './sign-in.fixtures.ts';

const world = await openSignInWorld();
const { admin, account, asAdmin, database, setRules, ctx } = world;
const there = await startIdentityServer();
afterAll(() => there.stop());
const app = await world.open({ publicUrl, clientSecret });

const setServer = (more: Partial<IdentityServer> | null = {}) =>
  database.as(machineActor, (tx) =>
    changeIdentityServer(
      tx,
      ctx(),
      uuidv7(),
      more && {
        issuer: there.issuer,
        clientId,
        name: '省统一身份认证',
        claim: 'sub',
        codes: 'unlessSaid',
        acr: [],
        ...more,
      },
    ),
  );
const bind = (id: string, subject: string) =>
  asAdmin((handlers, tx, context) => handlers.bind(tx, context, { id: uuidv7(), account: id, subject }));

const lastLine = async () => (await admin.query('select * from audit_line order by seq desc limit 1')).rows[0];
/** Nobody was let in, the page says why, and the audit has it. */
const expectRefused = async (reply: Awaited<ReturnType<typeof comeBack>>, problem: string, actor = '') => {
  expect(reply.statusCode).toBe(302);
  expect(reply.headers.location).toBe(`/sign-in?problem=${problem}`);
  expect(String(reply.headers['set-cookie'] ?? '')).not.toContain('session_token');
  expect(await lastLine()).toMatchObject({
    operation: 'signIn',
    outcome: problem,
    actor,
    details: { by: 'identityServer' },
  });
};

let clerk = '';
beforeAll(async () => {
  await setServer();
  clerk = (await account('bound.clerk')).id;
  await bind(clerk, 's-1');
});
afterEach(() => {
  Object.assign(there.behaviour, {
    sub: 's-1',
    amr: [],
    acr: undefined,
    alter: undefined,
    spoil: undefined,
    describe: undefined,
    isAway: false,
  });
});

describe('whoever is bound', () => {
  test('is let in, with code, PKCE, state and nonce, and comes to the page that was wanted', async () => {
    there.behaviour.sub = 's-1';
    const { path, state, url } = await goThere(app, '/persons?page=2');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      nonce: expect.stringMatching(/.{20}/),
      state: expect.stringMatching(/.{20}/),
      redirect_uri: `${publicUrl}/api/auth/callback/identityServer`,
    });
    const reply = await comeBack(app, path, state);
    expect(reply.headers.location).toBe('/persons?page=2');
    const cookie = String(reply.headers['set-cookie']).match(/kangtu\.session_token=[^;]+/)?.[0] ?? '';
    expect((await me(app, cookie)).json()).toMatchObject({ user: { username: 'bound.clerk' }, todo: null });
    expect(await lastLine()).toMatchObject({ actor: 'bound.clerk', outcome: 'ok', details: { by: 'identityServer' } });
    // Of the server's tokens none is kept.
    const { rows } = await admin.query(`select * from account_credential where provider = 'identityServer'`);
    expect(rows).toMatchObject([{ access_token: null, id_token: null, refresh_token: null }]);
    await post(app, '/api/auth/sign-out', {}, { cookie, origin: publicUrl });
    expect((await me(app, cookie)).json().code).toBe('signInNeeded');
  });

  test('by a token that the test signs itself, so that those below are refused for what they say', async () => {
    there.behaviour.alter = (claims) => ({ ...claims });
    expect((await signInThere(app)).headers.location).toBe('/');
    // Who it is stands in the token: nothing more is asked about them.
    expect(there.asked).toContain('/token');
    expect(there.asked).not.toContain('/me');
  });
});

describe('nobody is let in', () => {
  test('with a state that was not begun here, or a callback that was used', async () => {
    const { path, state } = await goThere(app);
    await expectRefused(await comeBack(app, path, ''), 'identityExpired');
    const wrong = path.replace(/state=[^&]+/, 'state=abcdefghijklmnopqrstuvwxyz012345');
    await expectRefused(await comeBack(app, wrong, state), 'identityExpired');
    const first = await comeBack(app, path, state);
    expect(first.headers.location).toBe('/');
    await expectRefused(await comeBack(app, path, state), 'identityExpired');
  });

  const hour = 3600;
  test.each([
    ['another nonce', (claims) => ({ ...claims, nonce: 'of-somebody-else' })],
    ['no nonce', ({ nonce: _, ...claims }) => claims],
    ['another issuer', (claims) => ({ ...claims, iss: 'https://evil.example' })],
    ['another audience', (claims) => ({ ...claims, aud: 'another' })],
    ['another party beside us', (claims) => ({ ...claims, aud: [clientId, 'another'], azp: 'another' })],
    ['a time that is over', (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - hour })],
    ['no name', ({ sub: _, ...claims }) => claims],
  ] as [string, (claims: Record<string, unknown>) => Record<string, unknown>][])(
    'by a token with %s',
    async (_, alter) => {
      there.behaviour.alter = alter;
      await expectRefused(await signInThere(app), 'identityRefused');
    },
  );

  test('by a token that was changed on the way, or is not signed', async () => {
    const asOther = (text: string) =>
      Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(text, 'base64url').toString()), sub: 's-1' })).toString(
        'base64url',
      );
    there.behaviour.sub = 's-2';
    there.behaviour.spoil = ([head, claims, signature]) => [head, asOther(claims), signature];
    await expectRefused(await signInThere(app), 'identityRefused');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    there.behaviour.spoil = ([, claims]) => [none, asOther(claims), ''];
    await expectRefused(await signInThere(app), 'identityRefused');
  });

  test('who is bound to no account; and none is made', async () => {
    const count = async () => (await admin.query('select count(*)::int as n from account')).rows[0].n;
    const before = await count();
    there.behaviour.sub = 'stranger';
    await expectRefused(await signInThere(app), 'accountNotBound');
    expect(await count()).toBe(before);
  });

  test('whose account is disabled, locked, or no longer bound', async () => {
    const { id } = await account('leaver');
    await bind(id, 's-leaver');
    there.behaviour.sub = 's-leaver';
    for (let i = 0; i < 5; i += 1) await enter(app, 'leaver', 'Wrong-guess-1');
    await expectRefused(await signInThere(app), 'accountLocked', 'leaver');
    await asAdmin((handlers, tx, context) => handlers.unlock(tx, context, { id: uuidv7(), account: id }));
    const reply = await signInThere(app);
    expect(reply.headers.location).toBe('/');
    const cookie = String(reply.headers['set-cookie']).match(/kangtu\.session_token=[^;]+/)?.[0] ?? '';
    await asAdmin((handlers, tx, context) => handlers.unbind(tx, context, { id: uuidv7(), account: id }));
    expect((await me(app, cookie)).json().code).toBe('signInNeeded');
    await expectRefused(await signInThere(app), 'accountNotBound');
    await bind(id, 's-leaver');
    await asAdmin((handlers, tx, context) =>
      handlers.disable(tx, context, { id: uuidv7(), account: id, reason: '离职' }),
    );
    await expectRefused(await signInThere(app), 'accountDisabled', 'leaver');
  });

  test('while the server is away; passwords go on working', async () => {
    const { path, state } = await goThere(app);
    there.behaviour.isAway = true;
    await expectRefused(await comeBack(app, path, state), 'identityServerAway');
    const reply = await begin(app);
    expect(reply.json()).toMatchObject({ code: 'identityServerAway', detail: expect.stringContaining('用户名和密码') });
    expect((await enter(app, 'bound.clerk')).statusCode).toBe(200);
  });

  test('by a server that names addresses elsewhere', async () => {
    await setServer({ issuer: there.issuer.replace('127.0.0.1', 'localhost') });
    expect((await begin(app)).json().code).toBe('identityServerWrong');
    await setServer();
    await bind(clerk, 's-1');
    for (const field of ['jwks_uri', 'token_endpoint', 'authorization_endpoint', 'issuer']) {
      there.behaviour.describe = (said) => ({ ...said, [field]: 'https://evil.example/x' });
      expect((await begin(app)).json().code, field).toBe('identityServerWrong');
    }
  });
});

describe('the second factor', () => {
  const signedIn = async () => {
    const reply = await signInThere(app);
    return me(app, String(reply.headers['set-cookie']).match(/kangtu\.session_token=[^;]+/)?.[0] ?? '');
  };
  const todo = async () => (await signedIn()).json().todo;

  test('is ours, unless the server says that it asked for one, or the setting decides', async () => {
    await setRules({ secondFactor: true });
    const { id } = await account('with.codes');
    const rebind = () => bind(id, 's-codes');
    await rebind();
    there.behaviour.sub = 's-codes';
    expect(await todo()).toBe('setUpSecondFactor');
    there.behaviour.amr = ['pwd'];
    expect(await todo()).toBe('setUpSecondFactor');
    there.behaviour.amr = ['pwd', 'sms'];
    expect(await todo()).toBe(null);
    await setServer({ codes: 'always' });
    expect(await todo()).toBe('setUpSecondFactor');
    await setServer({ acr: ['urn:level:2'] });
    there.behaviour.amr = [];
    there.behaviour.acr = 'urn:level:2';
    expect(await todo()).toBe(null);
    there.behaviour.acr = 'urn:level:1';
    expect(await todo()).toBe('setUpSecondFactor');
    await setServer({ codes: 'never' });
    expect(await todo()).toBe(null);
    await setServer();
    await setRules({});
  });

  test('a password that is due for a change keeps nobody out who did not use it', async () => {
    const { id } = await account('old.password');
    await bind(id, 's-old');
    await admin.query('update account_credential set must_change = true where account = $1', [id]);
    there.behaviour.sub = 's-old';
    expect(await todo()).toBe(null);
    expect((await me(app, cookieOf(await enter(app, 'old.password')))).json().todo).toBe('changePassword');
  });
});

describe('binding', () => {
  test('is one to one, never to oneself, and says in the journal what tells two apart but not who', async () => {
    const first = await account('first.bound');
    const second = await account('second.bound');
    await bind(first.id, '511902198001011234');
    await expect(bind(second.id, '511902198001011234')).rejects.toMatchObject({ code: 'subjectTaken' });
    const { rows } = await admin.query(
      `select body from entry where type = 'account.bind' and body->>'issuer' = $1 order by recorded_at desc limit 1`,
      [there.issuer],
    );
    expect(rows[0].body.print).toMatch(/^[0-9a-f]{16}$/);
    expect(JSON.stringify(rows)).not.toContain('1234"');
  });

  test('ends for all when the server or its claim is another', async () => {
    const ended = await setServer({ claim: 'preferred_username' });
    expect(ended).toBeGreaterThan(0);
    await expectRefused(await signInThere(app), 'accountNotBound');
    await bind(clerk, 'name.of.s-1');
    expect((await signInThere(app)).headers.location).toBe('/');
  });
});

test('the page offers it only where it is set up whole', async () => {
  const ways = async (options: Parameters<typeof world.open>[0]) =>
    (await get(await world.open(options), '/api/auth/ways', '')).json();
  expect(await ways({ publicUrl, clientSecret })).toEqual({ identityServer: { name: '省统一身份认证' } });
  expect(await ways({ publicUrl })).toEqual({ identityServer: null });
  await setServer(null);
  expect(await ways({ publicUrl, clientSecret })).toEqual({ identityServer: null });
  expect((await begin(app)).statusCode).toBe(404);
});
