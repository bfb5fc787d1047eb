// The security administrator: the rules with their entry and line, the table of access, accounts reviewed, and changes that wait for a second one.
import { uuidv7 } from 'uuidv7';
import { beforeAll, describe, expect, test } from 'vitest';
import { machineActor } from '../kernel/access.ts';
import { accessRows } from '../server/access-guide.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { contract } from '../server/contract.ts';
import { cookieOf, enter, me, openSignInWorld } from '../server/sign-in.fixtures.ts';
import { accountHandlers, type createAccount } from './account.server.ts';
import type { AccountView } from './account.ts';
import type { AccessPart } from './sign-in-rules.api.ts';
import { defaultRules } from './sign-in-rules.ts';

const app = await openTestApp();
const security = anActor('securityAdmin', { scope: '5119' });
const system = anActor('systemAdmin', { scope: '5119' });
const anAccount = (username: string, more: object = {}) => ({
  id: newId(),
  username,
  name: '李四',
  role: 'health',
  scope: '511902',
  password: 'Correct-horse-9',
  ...more,
});
const lastLine = async () => (await app.admin.query('select * from audit_line order by seq desc limit 1')).rows[0];

describe('the rules of signing in', () => {
  test('are changed by the security administrator of all accounts, with an entry of before and after and a line', async () => {
    await app.call(system, 'POST', '/accounts', anAccount('some.clerk'));
    const before = await app.call<{ mayChange: boolean }>(security, 'GET', '/sign-in-rules');
    expect(before.body).toMatchObject({ rules: defaultRules, identityServer: null, mayChange: true });
    const rules = { ...defaultRules, idleMinutes: 10 };
    expect((await app.call(security, 'POST', '/sign-in-rules', { id: newId(), ...rules })).status).toBe(200);
    expect(await lastLine()).toMatchObject({ operation: 'signInRules.change', kind: 'setting', actor: security.user });
    const { rows } = await app.admin.query(`select body, actor from entry where type = 'signInRules.change'`);
    expect(rows).toEqual([{ body: { before: defaultRules, after: rules }, actor: security.user }]);
    expect((await app.call(security, 'POST', '/sign-in-rules', { id: newId(), ...rules })).code).toBe('unchanged');
  });

  test('are nobody else’s to change, nor of one whose area does not hold all accounts', async () => {
    const rules = { ...defaultRules, idleMinutes: 480 };
    for (const role of ['systemAdmin', 'auditAdmin', 'civilAffairs'] as const) {
      const actor = anActor(role, { scope: '5119' });
      expect((await app.call(actor, 'POST', '/sign-in-rules', { id: newId(), ...rules })).code).toBe('roleNotAllowed');
    }
    const ofAnotherCounty = anActor('securityAdmin', { scope: '511903' });
    const reply = await app.call(ofAnotherCounty, 'POST', '/sign-in-rules', { id: newId(), ...rules });
    expect(reply.code).toBe('outOfScope');
    expect((await app.call<{ mayChange: boolean }>(ofAnotherCounty, 'GET', '/sign-in-rules')).body.mayChange).toBe(
      false,
    );
    const loose = { ...rules, lockAfter: 1000 };
    expect((await app.call(security, 'POST', '/sign-in-rules', { id: newId(), ...loose })).code).toBe('inputInvalid');
  });

  test('do not ask for a second administrator where there is none', async () => {
    const rules = { ...defaultRules, confirmAccounts: true };
    const reply = await app.call(security, 'POST', '/sign-in-rules', { id: newId(), ...rules });
    expect(reply.code).toBe('noSecondAdministrator');
  });
});

test('the table of access says for each operation what its contract says', async () => {
  const { body } = await app.call<{ parts: AccessPart[] }>(security, 'GET', '/access');
  const rows = body.parts.flatMap((part) => part.rows);
  expect(rows.map(({ operation }) => operation).sort()).toEqual(
    accessRows(contract)
      .map(({ meta }) => meta.name)
      .sort(),
  );
  expect(rows.find(({ operation }) => operation === 'account.create')).toMatchObject({
    summary: '开设账号',
    roles: ['systemAdmin'],
    anyone: false,
  });
});

describe('a review', () => {
  const list = async (status: string) =>
    (await app.call<{ rows: AccountView[] }>(security, 'GET', '/accounts', { status })).body.rows.map(
      ({ username }) => username,
    );

  test('is kept with the account, asks for a note where something is wrong, and is forgotten when the rights change', async () => {
    const made = anAccount('to.review', { role: 'civilAffairs', scope: '5119' });
    await app.call(system, 'POST', '/accounts', made);
    expect(await list('highRights')).toContain('to.review');
    expect(await list('highRights')).not.toContain('some.clerk');
    expect(await list('unreviewed')).toContain('to.review');
    const path = `/accounts/${made.id}/review`;
    expect((await app.call(security, 'POST', path, { id: newId(), verdict: 'flagged' })).code).toBe('noteNeeded');
    const flagged = { id: newId(), verdict: 'flagged', note: '已调离' };
    expect((await app.call<AccountView>(security, 'POST', path, flagged)).body.review).toMatchObject({
      verdict: 'flagged',
      note: '已调离',
      by: security.user,
    });
    expect(await list('flagged')).toEqual(['to.review']);
    expect(await list('unreviewed')).not.toContain('to.review');
    const less = { id: newId(), role: 'civilAffairs', scope: '511902', reason: '调离' };
    await app.call(system, 'POST', `/accounts/${made.id}/assign`, less);
    expect(await list('unreviewed')).toContain('to.review');
  });

  test('is of accounts in one’s area alone, and changes none', async () => {
    const made = anAccount('not.theirs');
    await app.call(system, 'POST', '/accounts', made);
    const other = anActor('securityAdmin', { scope: '511903' });
    const input = { id: newId(), verdict: 'confirmed' };
    expect((await app.call(other, 'POST', `/accounts/${made.id}/review`, input)).code).toBe('notFound');
    expect((await app.call(system, 'POST', `/accounts/${made.id}/review`, input)).code).toBe('roleNotAllowed');
    for (const path of ['disable', 'assign', 'enable', 'password', 'unlock', 'identity'])
      expect(
        (await app.call(security, 'POST', `/accounts/${made.id}/${path}`, { id: newId() })).status,
      ).toBeGreaterThan(399);
    const { rows } = await app.admin.query('select role, disabled_at from account where id = $1', [made.id]);
    expect(rows).toEqual([{ role: 'health', disabled_at: null }]);
  });
});

const world = await openSignInWorld();
const { database, asAdmin, setRules, account, ctx } = world;
const http = await world.open();
const asSecurity = <T>(
  work: (context: ReturnType<typeof ctx>, tx: Parameters<typeof createAccount>[0]) => Promise<T>,
) => {
  const actor = { ...machineActor, user: 'security', role: 'securityAdmin' as const };
  return database.as(actor, (tx) => work({ ...ctx(), actor }, tx));
};
const confirm = (id: string) =>
  asSecurity((context, tx) => accountHandlers.confirm(tx, context, { id: uuidv7(), account: id }));
const codeOf = async (username: string, word?: string) => (await enter(http, username, word)).json().code;

describe('where two administrators are asked for', () => {
  beforeAll(async () => {
    await setRules({ confirmAccounts: true });
  });

  test('a new account works once the second has confirmed it, and not before', async () => {
    const made = anAccount('waits.first') as Parameters<typeof createAccount>[2];
    const view = await asAdmin((handlers, tx, context) => handlers.create(tx, context, made));
    expect(view.pendingFor).toEqual(['account.create']);
    expect(await codeOf('waits.first')).toBe('accountPending');
    // Who has not the password does not learn that it waits.
    expect(await codeOf('waits.first', 'Wrong-guess-1')).toBe('signInRefused');
    await confirm(made.id);
    expect((await enter(http, 'waits.first')).statusCode).toBe(200);
    await expect(confirm(made.id)).rejects.toMatchObject({ code: 'notPending' });
  });

  test.each([
    [
      'password',
      (id: string) =>
        asAdmin((h, tx, c) => h.resetPassword(tx, c, { id: uuidv7(), account: id, password: 'New-word-4711' })),
    ],
    [
      'rights',
      (id: string) =>
        asAdmin((h, tx, c) =>
          h.assign(tx, c, { id: uuidv7(), account: id, role: 'civilAffairs', scope: '511902', reason: '调岗' }),
        ),
    ],
  ] as const)(
    'whoever is in is out when the system administrator changes their %s, until it is confirmed',
    async (what, change) => {
      const { id, username } = await account(`waits.${what}`);
      const cookie = cookieOf(await enter(http, username));
      expect((await me(http, cookie)).statusCode).toBe(200);
      await change(id);
      expect((await me(http, cookie)).statusCode).toBe(403);
      const word = what === 'password' ? 'New-word-4711' : undefined;
      expect(await codeOf(username, word)).toBe('accountPending');
      await confirm(id);
      expect((await enter(http, username, word)).statusCode).toBe(200);
    },
  );

  test('nobody confirms their own account, and the machine waits for nobody', async () => {
    const { id, pendingFor } = await account('security', { role: 'securityAdmin' });
    expect(pendingFor).toEqual([]);
    await expect(confirm(id)).rejects.toMatchObject({ code: 'ownAccount' });
  });
});
