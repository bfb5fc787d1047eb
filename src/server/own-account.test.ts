// Passwords and second factors over HTTP: what must be done first, that nothing else is possible before, and what guessing meets.
import { uuidv7 } from 'uuidv7';
import { describe, expect, onTestFinished, test } from 'vitest';
import { codeAt, stepAt } from '../network/totp.server.ts';
import { cookieOf, enter, get, me, openSignInWorld, password, post } from './sign-in.fixtures.ts';

const { admin, clock, open, account, asAdmin, setRules } = await openSignInWorld();
const app = await open();

const todoOf = async (cookie: string) => (await me(app, cookie)).json().todo;
const signIn = async (username: string, word?: string) => cookieOf(await enter(app, username, word));
const change = (cookie: string, word: string, currentPassword = password) =>
  post(app, '/api/auth/password', { id: uuidv7(), currentPassword, password: word }, { cookie });

describe('a new password', () => {
  test.each([
    ['Short-1', '至少 10 个字符'],
    ['only-lower-case', '四类中的至少三类'],
    [' Blank-in-front-1', '首尾不能是空格'],
    ['Rule-keeper-2024', '不能包含用户名'],
    ['P@ssw0rd123456', '太常见'],
    ['1qaz@WSX3edc', '太常见'],
    ['Aaaaaaaaaa-1', '太少'],
  ])('%s is refused, with the rule and its clause', async (word, rule) => {
    const { rowCount } = await admin.query(`select 1 from account where username = 'keeper'`);
    if (!rowCount) await account('keeper');
    const cookie = await signIn('keeper');
    const reply = (await change(cookie, word)).json();
    expect(reply).toMatchObject({ code: 'passwordWeak', cites: ['GB-01'] });
    expect(reply.fields.password).toContain(rule);
  });

  test('is none of the last five, ends every session, and a weak one is no guess at the old', async () => {
    await account('five.back');
    const words = [password, ...[1, 2, 3, 4, 5].map((n) => `Another-horse-${n}`)];
    for (let i = 1; i < words.length; i += 1) {
      const cookie = await signIn('five.back', words[i - 1]);
      const used = await change(cookie, words[Math.max(0, i - 5)] ?? '', words[i - 1]);
      expect(used.json().code).toBe('passwordReused');
      expect((await change(cookie, words[i] ?? '', words[i - 1])).json()).toEqual({ changed: true });
      expect((await me(app, cookie)).json().code).toBe('signInNeeded');
    }
    const cookie = await signIn('five.back', words[5]);
    for (let i = 0; i < 6; i += 1) expect((await change(cookie, 'weak', words[5])).json().code).toBe('passwordWeak');
    expect((await change(cookie, password, words[5])).json()).toEqual({ changed: true });
  });

  test('needs the present one, which cannot be guessed here either', async () => {
    await account('guessed.at');
    const cookie = await signIn('guessed.at');
    const replies = await Promise.all([1, 2, 3, 4, 5, 6, 7].map((n) => change(cookie, 'Fine-horse-10', `Guess-${n}`)));
    const codes = replies.map((reply) => reply.json().code).sort();
    expect(codes).toEqual([...Array(2).fill('accountLocked'), ...Array(5).fill('passwordWrong')]);
    expect((await change(cookie, 'Fine-horse-10')).json().code).toBe('accountLocked');
    expect((await post(app, '/api/auth/password', {}, {})).statusCode).toBe(400);
  });
});

describe('a password that must change', () => {
  test('after an administrator set it: nothing else is possible before', async () => {
    const made = await account('given.one');
    const given = 'Given-by-admin-1';
    await asAdmin((handlers, tx, ctx) =>
      handlers.resetPassword(tx, ctx, { id: uuidv7(), account: made.id, password: given }),
    );
    const cookie = await signIn('given.one', given);
    expect(await todoOf(cookie)).toBe('changePassword');
    expect((await get(app, '/api/organisations', cookie)).json().code).toBe('passwordChangeNeeded');
    expect((await get(app, '/api/auth/sessions', cookie)).json().code).toBe('passwordChangeNeeded');
    expect((await get(app, '/api/policy/clauses', cookie)).statusCode).toBe(200);
    await change(cookie, 'Chosen-by-me-1', given);
    const anew = await signIn('given.one', 'Chosen-by-me-1');
    expect(await todoOf(anew)).toBe(null);
    expect((await get(app, '/api/organisations', anew)).statusCode).toBe(200);
  });

  test('after 90 days, unless the setting says that passwords do not age', async () => {
    await account('grows.old');
    clock.later(91 * 24 * 60);
    const cookie = await signIn('grows.old');
    expect(await todoOf(cookie)).toBe('changePassword');
    await setRules({ passwordDays: null });
    expect(await todoOf(cookie)).toBe(null);
    await setRules({});
  });
});

describe('the second factor', () => {
  const step = () => stepAt(new Date().toISOString());
  const confirm = (cookie: string, code: string) =>
    post(app, '/api/auth/second-factor/confirm', { id: uuidv7(), code }, { cookie });
  const give = (cookie: string, code: string) => post(app, '/api/auth/second-factor/give', { code }, { cookie });
  const propose = async (cookie: string) =>
    (await post(app, '/api/auth/second-factor/propose', {}, { cookie })).json() as { secret: string; uri: string };
  /** Confirmed with the code of the step before, so that two codes that are right now are left. */
  const setUp = async (username: string) => {
    const made = await account(username);
    const cookie = await signIn(username);
    const { secret } = await propose(cookie);
    const { recoveryCodes } = (await confirm(cookie, codeAt(secret, step() - 1))).json();
    return { made, cookie, secret, recoveryCodes: recoveryCodes as string[] };
  };

  test('the codes are those of RFC 6238', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    expect([59, 1111111109, 20000000000].map((second) => codeAt(secret, Math.floor(second / 30)))).toEqual([
      '287082',
      '081804',
      '353130',
    ]);
  });

  test('where the setting asks for it, who sees names or opens accounts sets it up before anything else, and nobody else', async () => {
    await setRules({ secondFactor: true });
    onTestFinished(async () => setRules({}));
    await account('sees.names');
    await account('sees.nobody', { role: 'finance' });
    expect(await todoOf(await signIn('sees.nobody'))).toBe(null);
    for (const role of ['systemAdmin', 'publicSecurity'] as const) {
      const name = `role.${role.toLowerCase()}`;
      await account(name, { role });
      expect(await todoOf(await signIn(name)), role).toBe('setUpSecondFactor');
    }
    const cookie = await signIn('sees.names');
    expect(await todoOf(cookie)).toBe('setUpSecondFactor');
    expect((await get(app, '/api/persons', cookie)).json().code).toBe('secondFactorSetUpNeeded');
    expect((await get(app, '/api/jobs/x', cookie)).json().code).toBe('secondFactorSetUpNeeded');
    const { secret, uri } = await propose(cookie);
    expect(uri).toContain(`secret=${secret}`);
    // A page opened anew shows what the phone may have read already.
    expect((await propose(cookie)).secret).toBe(secret);
    expect((await confirm(cookie, '000000')).json().code).toBe('codeWrong');
    const { recoveryCodes } = (await confirm(cookie, codeAt(secret, step()))).json();
    expect(new Set(recoveryCodes).size).toBe(8);
    expect(await todoOf(cookie)).toBe(null);
    expect((await get(app, '/api/persons', cookie)).statusCode).toBe(200);
    const { rows } = await admin.query(
      `select (select string_agg(f::text, '') from account_second_factor f) || (select string_agg(c::text, '') from account_recovery_code c) as text`,
    );
    for (const kept of [secret, ...recoveryCodes]) expect(rows[0].text).not.toContain(kept);
  });

  test('is asked at each sign-in, whatever the setting; with the password alone not even that can be changed', async () => {
    const { secret, recoveryCodes } = await setUp('two.factors');
    const cookie = await signIn('two.factors');
    expect(await todoOf(cookie)).toBe('giveSecondFactor');
    expect((await get(app, '/api/persons', cookie)).json().code).toBe('secondFactorNeeded');
    expect((await change(cookie, 'Chosen-by-me-1')).json().code).toBe('secondFactorNeeded');
    expect((await get(app, '/api/auth/sessions', cookie)).json().code).toBe('secondFactorNeeded');
    expect((await post(app, '/api/auth/second-factor/propose', {}, { cookie })).json().code).toBe('secondFactorNeeded');
    const code = codeAt(secret, step());
    expect((await give(cookie, `${code.slice(0, 3)} ${code.slice(3)}`)).statusCode).toBe(200);
    expect((await get(app, '/api/persons', cookie)).statusCode).toBe(200);
    // Looked at over the shoulder, a code is of no use; nor is a recovery code a second time.
    const second = await signIn('two.factors');
    expect((await give(second, code)).json().code).toBe('codeWrong');
    expect(
      (await give(second, (recoveryCodes[0] ?? '').toLowerCase().replaceAll('-', ' ').replaceAll('o', '0'))).statusCode,
    ).toBe(200);
    expect((await give(await signIn('two.factors'), recoveryCodes[0] ?? '')).json().code).toBe('codeWrong');
    expect((await get(app, '/api/auth/sessions', second)).json().recoveryCodes).toBe(7);
  });

  test('is not guessed by giving the password anew between the tries', async () => {
    await setUp('keeps.count');
    const codes: string[] = [];
    for (let i = 0; i < 4; i += 1) codes.push((await give(await signIn('keeps.count'), '000000')).json().code);
    expect(codes).toEqual(['codeWrong', 'codeWrong', 'codeWrong', 'codeWrong']);
    const cookie = await signIn('keeps.count');
    expect((await give(cookie, '000001')).json().code).toBe('codeWrong');
    expect((await give(cookie, '000002')).json().code).toBe('accountLocked');
    expect((await enter(app, 'keeps.count')).json().code).toBe('accountLocked');
  });

  test('an administrator takes it away, and its sessions with it', async () => {
    const { made, cookie } = await setUp('lost.phone');
    await asAdmin((handlers, tx, ctx) => handlers.resetSecondFactor(tx, ctx, { id: uuidv7(), account: made.id }));
    expect((await me(app, cookie)).json().code).toBe('signInNeeded');
    expect(await todoOf(await signIn('lost.phone'))).toBe(null);
    await expect(
      asAdmin((handlers, tx, ctx) => handlers.resetSecondFactor(tx, ctx, { id: uuidv7(), account: made.id })),
    ).rejects.toMatchObject({ code: 'noSecondFactor' });
  });

  test('sealed by another key it is told so, and recovery codes go on', async () => {
    const { secret, recoveryCodes } = await setUp('moved.here');
    await admin.query(
      `update account_second_factor set secret = (select secret from account_second_factor f join account a on a.id = f.account
        where a.username = 'two.factors') where account = (select id from account where username = 'moved.here')`,
    );
    const cookie = await signIn('moved.here');
    expect((await give(cookie, codeAt(secret, step()))).json().code).toBe('secondFactorUnreadable');
    expect((await give(cookie, recoveryCodes[3] ?? '')).statusCode).toBe(200);
  });

  test('each of these leaves a line of the audit, refused or not, without a code or a password in it', async () => {
    const { cookie, secret } = await setUp('on.record');
    await give(cookie, '000000');
    const again = await signIn('on.record');
    await give(again, '000000');
    await give(again, codeAt(secret, step() + 1));
    await change(again, 'Another-horse-8');
    await post(app, '/api/auth/sessions/end-others', {}, { cookie: await signIn('on.record', 'Another-horse-8') });
    const { rows } = await admin.query(
      `select operation, outcome from audit_line where actor = 'on.record' and operation <> 'signIn' order by seq`,
    );
    expect(rows).toEqual(
      expect.arrayContaining([
        { operation: 'account.setUpSecondFactor', outcome: 'ok' },
        { operation: 'secondFactor', outcome: 'codeWrong' },
        { operation: 'secondFactor', outcome: 'ok' },
        { operation: 'account.changePassword', outcome: 'ok' },
      ]),
    );
  });
});
