// Handlers of accounts, and the creation of accounts for `kangtu init` and the demo.
import { hashPassword } from 'better-auth/crypto';
import { type Actor, countyOf } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import type { accountApi } from './account.api.ts';
import {
  type AccountRow,
  findAccountByUsername,
  findBound,
  findOpenOrganisation,
  hasAccounts,
  insertAccount,
  listAccountRows,
  setDisabled,
  setRights,
} from './account.sql.ts';
import {
  type AccountFields,
  type AccountRights,
  type AccountView,
  accountAssigned,
  accountCreated,
  accountDisabled,
  accountEnabled,
  accountUnlocked,
  checkAccountOrganisation,
  checkScope,
  checkSeparation,
  checkUsername,
  passwordReset,
  secondFactorReset,
} from './account.ts';
import { bindingHandlers } from './account-binding.server.ts';
import { holdForSecond, reviewHandlers } from './account-review.server.ts';
import { getAccount, refuseOwn, subject, viewNow, viewOf } from './account-view.server.ts';
import { getSignInRules, takeNewPassword } from './own-account.server.ts';
import { checkPassword } from './password.ts';
import { deleteFailures, deleteSecondFactor, deleteSessions } from './sign-in.sql.ts';
import { forgottenBefore, unusedBefore } from './sign-in-rules.ts';

export { hasAccounts };

/** The actor that an account acts as, disabled or not. */
export const findActor = async (tx: Tx, username: string): Promise<Actor | undefined> => {
  const row = await findAccountByUsername(tx, username);
  return (
    row && { user: row.username, name: row.name, role: row.role, organisation: row.organisation, scope: row.scope }
  );
};

/** The user name that is bound to `subject` of the identity server. */
export const findBoundUsername = async (tx: Tx, subject: string): Promise<string | undefined> =>
  (await findBound(tx, subject))?.username;

/** For commands. Refuses `notFound`. */
export const getAccountByUsername = async (tx: Tx, username: string): Promise<AccountRow> => {
  const row = await findAccountByUsername(tx, username);
  if (!row) throw new Refusal('notFound', `没有用户名为“${username}”的账号。`, { kind: 'absent' });
  return row;
};

/** The actor that an account acts as, for commands with `--as`. Refuses `notFound` and `accountDisabled`. */
export const getActor = async (tx: Tx, username: string): Promise<Actor> => {
  const row = await getAccountByUsername(tx, username);
  if (row.disabledAt) throw new Refusal('accountDisabled', `账号“${username}”已停用。`, { kind: 'access' });
  return { user: row.username, name: row.name, role: row.role, organisation: row.organisation, scope: row.scope };
};

/** Refuses `outOfScope`, `organisationUnknown`, `organisationNeeded` and `organisationUnfit`. */
const checkRights = async (tx: Tx, actor: Actor, { role, organisation: id, scope }: AccountRights): Promise<void> => {
  checkScope(actor, scope);
  const organisation = id ? await findOpenOrganisation(tx, id) : undefined;
  if (id && !organisation)
    throw new Refusal('organisationUnknown', '没有这个机构，或机构已撤销。', {
      fields: { organisation: '请重新选择' },
    });
  checkAccountOrganisation(actor, role, organisation);
};

export type AccountInput = AccountFields & { readonly id: string; readonly password: string };

/** Creates an account with its entry; the same id again answers with the account that is there. */
export const createAccount = async (tx: Tx, ctx: Ctx, input: AccountInput): Promise<AccountView> => {
  const { id, password, ...fields } = input;
  checkUsername(fields.username);
  const sameName = await findAccountByUsername(tx, fields.username);
  if (sameName && sameName.id !== id)
    throw new Refusal('usernameTaken', `用户名“${fields.username}”已被使用，请换一个。`, {
      kind: 'conflict',
      fields: { username: '已被使用' },
    });
  await checkRights(tx, ctx.actor, fields);
  if (!sameName) {
    checkPassword(password, fields.username);
    // Where the product itself makes it (`kangtu init`, the demo), whoever asked for that chose the password.
    const mustChange = ctx.actor.role !== 'machine';
    await insertAccount(tx, { ...fields, id, passwordHash: await hashPassword(password), mustChange, now: ctx.now });
    await ctx.journal.append(tx, ctx, [
      accountCreated.draft({
        id,
        county: countyOf(fields.scope),
        on: ctx.today,
        subjects: [subject(id)],
        body: fields,
      }),
    ]);
    await holdForSecond(tx, ctx, id, 'account.create');
  }
  return viewNow(tx, ctx, id);
};

export const accountHandlers: Handlers<typeof accountApi> = {
  ...bindingHandlers,
  ...reviewHandlers,
  create: createAccount,
  list: async (tx, ctx, input) => {
    const rules = await getSignInRules(tx);
    const { rows, total } = await listAccountRows(tx, {
      ...input,
      scope: ctx.actor.scope,
      unusedBefore: unusedBefore(rules, ctx.now),
      lockAfter: rules.lockAfter,
      forgottenBefore: forgottenBefore(rules, ctx.now),
    });
    return { rows: rows.map((row) => viewOf(row, rules, ctx.now)), total };
  },
  assign: async (tx, ctx, { id, account, reason, ...rights }) => {
    const row = await getAccount(tx, ctx.actor, account);
    refuseOwn(ctx.actor, row, '调整');
    const same = row.role === rights.role && row.scope === rights.scope;
    if (same && row.organisation === (rights.organisation ?? null))
      throw new Refusal('unchanged', '角色、机构和管辖范围都没有变化。', { kind: 'conflict' });
    checkSeparation(row.role, rights.role);
    await checkRights(tx, ctx.actor, rights);
    await setRights(tx, account, rights, ctx.now);
    // A page left open would go on showing what the old rights let it read.
    await deleteSessions(tx, account);
    // In the county that the account leaves: its chain runs there so far.
    const about = { id, county: countyOf(row.scope), on: ctx.today, subjects: [subject(account)] };
    await ctx.journal.append(tx, ctx, [accountAssigned.draft({ ...about, body: { ...rights, reason } })]);
    await holdForSecond(tx, ctx, account, 'account.assign');
    return viewNow(tx, ctx, account);
  },
  disable: async (tx, ctx, { id, account, reason }) => {
    const row = await getAccount(tx, ctx.actor, account);
    refuseOwn(ctx.actor, row, '停用');
    if (row.disabledAt) throw new Refusal('alreadyDisabled', '该账号已经停用。', { kind: 'conflict' });
    await setDisabled(tx, account, ctx.now);
    await deleteSessions(tx, account);
    const about = { id, county: countyOf(row.scope), on: ctx.today, subjects: [subject(account)] };
    await ctx.journal.append(tx, ctx, [accountDisabled.draft({ ...about, body: { reason } })]);
    return viewNow(tx, ctx, account);
  },
  enable: async (tx, ctx, { id, account }) => {
    const row = await getAccount(tx, ctx.actor, account);
    if (!row.disabledAt) throw new Refusal('notDisabled', '该账号没有停用，无需恢复。', { kind: 'conflict' });
    await setDisabled(tx, account, null);
    const about = { id, county: countyOf(row.scope), on: ctx.today, subjects: [subject(account)] };
    await ctx.journal.append(tx, ctx, [accountEnabled.draft({ ...about, body: {} })]);
    await holdForSecond(tx, ctx, account, 'account.enable');
    return viewNow(tx, ctx, account);
  },
  resetPassword: async (tx, ctx, { id, account, password }) => {
    const row = await getAccount(tx, ctx.actor, account);
    refuseOwn(ctx.actor, row, '这样重设');
    const about = { id, county: countyOf(row.scope), on: ctx.today, subjects: [subject(account)] };
    const [recorded] = await ctx.journal.append(tx, ctx, [passwordReset.draft({ ...about, body: {} })]);
    // Sent again after a lost answer it would be refused as used before.
    if (recorded !== undefined) {
      await takeNewPassword(tx, { account: row, password, mustChange: true, now: ctx.now });
      // Whoever forgot the password has often locked the name trying.
      await deleteFailures(tx, row.username);
      await holdForSecond(tx, ctx, account, 'account.resetPassword');
    }
    return viewNow(tx, ctx, account);
  },
  unlock: async (tx, ctx, { id, account }) => {
    const row = await getAccount(tx, ctx.actor, account);
    refuseOwn(ctx.actor, row, '解除锁定');
    const { lockedUntil: until } = viewOf(row, await getSignInRules(tx), ctx.now);
    if (until === null) throw new Refusal('notLocked', '该账号没有锁定，可以直接登录。', { kind: 'conflict' });
    await deleteFailures(tx, row.username);
    const about = { id, county: countyOf(row.scope), on: ctx.today, subjects: [subject(account)] };
    await ctx.journal.append(tx, ctx, [accountUnlocked.draft({ ...about, body: {} })]);
    return viewNow(tx, ctx, account);
  },
  resetSecondFactor: async (tx, ctx, { id, account }) => {
    const row = await getAccount(tx, ctx.actor, account);
    refuseOwn(ctx.actor, row, '重置动态验证码');
    if (!(await deleteSecondFactor(tx, account)))
      throw new Refusal('noSecondFactor', '该账号没有设置动态验证码，无需重置。', { kind: 'conflict' });
    await deleteSessions(tx, account);
    const about = { id, county: countyOf(row.scope), on: ctx.today, subjects: [subject(account)] };
    await ctx.journal.append(tx, ctx, [secondFactorReset.draft({ ...about, body: {} })]);
    await holdForSecond(tx, ctx, account, 'account.resetSecondFactor');
    return viewNow(tx, ctx, account);
  },
};
