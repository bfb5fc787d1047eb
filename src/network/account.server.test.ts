// Accounts over HTTP: who may make and stop them, and that a password never reaches journal or receipts.
import { describe, expect, test } from 'vitest';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { anOrganisation } from '../server/client.fixtures.ts';
import type { AccountView } from './account.ts';

const app = await openTestApp();
const admin = anActor('systemAdmin', { scope: '5119', user: 'admin' });
const elsewhere = anActor('systemAdmin', { scope: '4601', user: 'stranger' });
const password = 'A-long-word-1';

let serial = 0;
const fields = (more: object = {}) => {
  serial += 1;
  return {
    id: newId(),
    username: `clerk${serial}`,
    name: '李经办',
    role: 'civilAffairs',
    scope: '511902',
    password,
    ...more,
  };
};
const create = async (more: object = {}) => {
  const { body } = await app.call<AccountView>(admin, 'POST', '/accounts', fields(more));
  return body;
};

describe('account.create', () => {
  test('works, once per id, and keeps the password out of journal and receipts', async () => {
    const input = fields();
    const first = await app.call<AccountView>(admin, 'POST', '/accounts', input);
    const second = await app.call<AccountView>(admin, 'POST', '/accounts', input);
    expect(first).toMatchObject({
      status: 200,
      body: { username: input.username, scopeName: '巴州区', disabledAt: null },
    });
    expect(second).toEqual(first);
    const { rows } = await app.admin.query(
      `select (select json_agg(e) from entry e where id = $1)::text || coalesce((select json_agg(r) from receipt r)::text, '') as text`,
      [input.id],
    );
    expect(rows[0].text).toContain(input.username);
    expect(rows[0].text).not.toContain(password);
    expect((await app.admin.query('select 1 from receipt where id = $1', [input.id])).rowCount).toBe(0);
  });
  test('wrong role', async () => {
    expect(await app.call(anActor('health'), 'POST', '/accounts', fields())).toMatchObject({
      status: 403,
      code: 'roleNotAllowed',
    });
  });
  test.each([
    ['outOfScope', { scope: '460106' }],
    ['outOfScope', { scope: '' }],
    ['usernameTaken', { username: 'kangtu' }],
    ['organisationUnknown', { organisation: newId() }],
    ['organisationNeeded', { role: 'site' }],
    ['passwordWeak', { password: 'Short-1' }],
    ['passwordWeak', { username: 'someclerk', password: 'Someclerk-2024' }],
    ['inputInvalid', { role: 'machine' }],
    ['inputInvalid', { username: '-x' }],
  ])('%s %o', async (code, more) => {
    expect(await app.call(admin, 'POST', '/accounts', fields(more))).toMatchObject({ code });
  });
  test('a name that is taken, in capitals too', async () => {
    const { username } = await create();
    const again = fields({ username: username.toUpperCase() });
    expect(await app.call(admin, 'POST', '/accounts', again)).toMatchObject({ status: 409, code: 'usernameTaken' });
  });
});

// The way from `kangtu init` to a county at work: only an administrator is there, and nobody else's account or office is.
test('an administrator makes a clerk, the clerk opens a site, and the site gets its account', async () => {
  const clerk = anActor('civilAffairs', { scope: '511923', user: (await create({ scope: '511923' })).username });
  const site = { kind: 'site', tier: 'site', name: '平昌站点', division: '511923001', functions: [] };
  const opened = await app.call<{ organisation: string }>(clerk, 'POST', '/organisations', {
    id: newId(),
    on: '2024-01-02',
    ...site,
  });
  expect(opened.status).toBe(200);
  const { organisation } = opened.body;
  const known = await app.call<{ rows: { id: string }[] }>(admin, 'GET', '/organisations', { search: site.name });
  expect(known.body.rows.map((row) => row.id)).toEqual([organisation]);

  const worker = { role: 'site', scope: '511923', organisation };
  expect(await app.call(admin, 'POST', '/accounts', fields({ ...worker, role: 'centre' }))).toMatchObject({
    code: 'organisationUnfit',
  });
  const neighbour = anActor('systemAdmin', { scope: '511902', user: 'neighbour' });
  expect(await app.call(neighbour, 'POST', '/accounts', fields({ ...worker, scope: '511902' }))).toMatchObject({
    code: 'outOfScope',
  });
  const made = await create(worker);
  expect(made.organisation).toEqual({ id: organisation, name: site.name });
  const actor = anActor('site', { scope: '511923', organisation, user: made.username });
  const join = { id: newId(), on: '2024-01-02', organisation, name: '周康复', discipline: 'socialWorker' };
  expect((await app.call(actor, 'POST', '/staff', join)).status).toBe(200);
});

test('account.list tells roles and states apart, and finds by organisation', async () => {
  const { id: account, username } = await create({ role: 'finance', name: '钱管账' });
  const list = async (query: object) =>
    (await app.call<{ rows: AccountView[] }>(admin, 'GET', '/accounts', { ...query })).body.rows.map(
      (row) => row.username,
    );
  expect(await list({ role: 'finance', status: 'enabled' })).toEqual([username]);
  expect(await list({ role: 'finance', status: 'disabled' })).toEqual([]);
  await app.call(admin, 'POST', `/accounts/${account}/disable`, { id: newId(), reason: '调离' });
  expect(await list({ role: 'finance', status: 'disabled' })).toEqual([username]);
  expect(await list({ search: '平昌站' })).toHaveLength(1);
});

test('account.list shows the own area alone, and finds by name', async () => {
  const { username } = await create({ name: '赵特别' });
  const found = await app.call<{ rows: AccountView[]; total: number }>(admin, 'GET', '/accounts', { search: '赵特' });
  expect(found.body.rows.map((row) => row.username)).toEqual([username]);
  const none = await app.call<{ total: number }>(elsewhere, 'GET', '/accounts');
  expect(none.body.total).toBe(0);
  expect((await app.call(anActor('civilAffairs'), 'GET', '/accounts')).code).toBe('roleNotAllowed');
});

describe('account.assign', () => {
  const site = anOrganisation('site', { division: '511902003', name: '调整用站点' });
  const atSite = { role: 'site', organisation: site.id, scope: '511902' };
  const assign = (account: string, rights: object, actor = admin, id = newId()) =>
    app.call<AccountView>(actor, 'POST', `/accounts/${account}/assign`, { id, reason: '岗位调整', ...rights });

  test('gives an account another role, organisation and area, and says so in the journal once', async () => {
    await app.record(site.draft);
    const { id: account, username } = await create();
    const sessions = async () =>
      (await app.admin.query('select token from account_session where account = $1', [account])).rows;
    await app.admin.query(
      `insert into account_session (id, account, token, expires_at, created_at, updated_at) values ($1, $2, $3, now() + interval '1 hour', now(), now())`,
      [newId(), account, newId()],
    );
    expect(await sessions()).toHaveLength(1);
    const id = newId();
    const first = await assign(account, atSite, admin, id);
    expect(first).toMatchObject({
      status: 200,
      body: { username, role: 'site', organisation: { id: site.id }, scope: '511902' },
    });
    expect(await sessions()).toEqual([]);
    expect(await assign(account, atSite, admin, id)).toEqual(first);
    const { rows } = await app.admin.query(
      `select e.actor, e.body from entry e where e.type = 'account.assign' and e.id = $1`,
      [id],
    );
    expect(rows).toEqual([{ actor: admin.user, body: { ...atSite, reason: '岗位调整' } }]);
    const back = await assign(account, { role: 'health', scope: '511903' });
    expect(back.body).toMatchObject({ role: 'health', organisation: null, scope: '511903' });
  });

  test('refuses what is so already, oneself, other areas, other roles, and what does not fit', async () => {
    const { id: account } = await create();
    const clerk = { role: 'civilAffairs', scope: '511902' };
    expect((await assign(account, clerk)).code).toBe('unchanged');
    expect((await assign(account, { ...clerk, reason: ' ' })).code).toBe('inputInvalid');
    expect((await assign(account, { ...clerk, scope: '460106' })).code).toBe('outOfScope');
    expect((await assign(account, { ...clerk, scope: '' })).code).toBe('outOfScope');
    expect((await assign(account, { role: 'site', scope: '511902' })).code).toBe('organisationNeeded');
    expect((await assign(account, { ...atSite, role: 'centre' })).code).toBe('organisationUnfit');
    expect((await assign(account, { ...atSite, organisation: newId() })).code).toBe('organisationUnknown');
    expect((await assign(account, { role: 'health', scope: '511902' }, elsewhere)).status).toBe(404);
    expect((await assign(account, { role: 'health', scope: '511902' }, anActor('securityAdmin'))).code).toBe(
      'roleNotAllowed',
    );
    const self = anActor('systemAdmin', { scope: '5119', user: (await create({ role: 'systemAdmin' })).username });
    const own = (await app.call<{ rows: AccountView[] }>(admin, 'GET', '/accounts', { search: self.user })).body
      .rows[0];
    expect((await assign(own?.id ?? '', { role: 'systemAdmin', scope: '5119' }, self)).code).toBe('ownAccount');
  });
});

describe('account.disable and account.enable', () => {
  test('work, and refuse what is already so, oneself, strangers and other roles', async () => {
    const { id: account } = await create();
    const stop = (actor = admin, which = account) =>
      app.call<AccountView>(actor, 'POST', `/accounts/${which}/disable`, { id: newId(), reason: '调离' });
    const resume = (actor = admin) =>
      app.call<AccountView>(actor, 'POST', `/accounts/${account}/enable`, { id: newId() });
    expect((await resume()).code).toBe('notDisabled');
    expect((await stop(elsewhere)).status).toBe(404);
    expect((await stop(anActor('securityAdmin', { scope: '5119' }))).code).toBe('roleNotAllowed');
    expect((await stop()).body.disabledAt).not.toBeNull();
    expect((await stop()).code).toBe('alreadyDisabled');
    expect((await resume(elsewhere)).status).toBe(404);
    expect((await resume(anActor('health'))).code).toBe('roleNotAllowed');
    expect((await resume()).body.disabledAt).toBeNull();
    const own = await create({ username: 'admin', role: 'systemAdmin', scope: '5119' });
    expect((await stop(admin, own.id)).code).toBe('ownAccount');
  });
});

describe('account.resetPassword', () => {
  test('is for administrators of the area and others than oneself, under the rules, and once per id', async () => {
    const { id: account } = await create();
    const reset = (word: string, { actor = admin, which = account, id = newId() } = {}) =>
      app.call<AccountView>(actor, 'POST', `/accounts/${which}/password`, { id, password: word });
    const given = 'Given-by-admin-1';
    expect((await reset(given, { actor: elsewhere })).status).toBe(404);
    expect((await reset(given, { actor: anActor('civilAffairs') })).code).toBe('roleNotAllowed');
    const id = newId();
    const first = await reset(given, { id });
    expect(first.status).toBe(200);
    expect(await reset(given, { id })).toEqual(first);
    expect((await reset(given)).code).toBe('passwordReused');
    expect((await reset(password)).code).toBe('passwordReused');
    expect((await reset('only-small-letters')).code).toBe('passwordWeak');
    const own = (await app.call<{ rows: AccountView[] }>(admin, 'GET', '/accounts', { search: 'admin' })).body.rows[0];
    expect((await reset(given, { which: own?.id ?? '' })).code).toBe('ownAccount');
  });
});

describe('account.unlock and account.resetSecondFactor', () => {
  test.each(['unlock', 'second-factor/reset'])(
    '%s is for administrators of the area and others than oneself',
    async (what) => {
      const { id: account } = await create();
      const call = (actor = admin, which = account) =>
        app.call(actor, 'POST', `/accounts/${which}/${what}`, { id: newId() });
      expect((await call(elsewhere)).status).toBe(404);
      expect((await call(anActor('securityAdmin', { scope: '5119' }))).code).toBe('roleNotAllowed');
      const own = (await app.call<{ rows: AccountView[] }>(admin, 'GET', '/accounts', { search: 'admin' })).body
        .rows[0];
      expect((await call(admin, own?.id)).code).toBe('ownAccount');
    },
  );
});

// Three administrators who check each other are no three if one person is two of them (GB/T 22239-2019, 8.1.4.2).
test('an account has one role, and nobody gives it a second or takes one for themselves', async () => {
  for (const role of ['systemAdmin', 'securityAdmin', 'auditAdmin']) {
    const two = fields({ role: [role, 'auditAdmin'], scope: '5119' });
    expect((await app.call(admin, 'POST', '/accounts', two)).code).toBe('inputInvalid');
    const made = await create({ role, scope: '5119' });
    const self = anActor('systemAdmin', { scope: '5119', user: made.username });
    const assign = { id: newId(), role: 'auditAdmin', scope: '5119', reason: '兼任' };
    expect((await app.call(self, 'POST', `/accounts/${made.id}/assign`, assign)).code).toBe('ownAccount');
    for (const other of ['systemAdmin', 'securityAdmin', 'auditAdmin'].filter((one) => one !== role))
      expect(
        (await app.call(admin, 'POST', `/accounts/${made.id}/assign`, { ...assign, id: newId(), role: other })).code,
      ).toBe('administratorStays');
  }
});
