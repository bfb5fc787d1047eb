// What somebody does to sign in and to their own account: failures counted, password, second factor, sessions. Called by server/sign-in.ts.
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import { type Actor, countyOf } from '../kernel/access.ts';
import { systemClock } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { findSetting } from '../kernel/setting.ts';
import type { Ctx } from '../policy/context.ts';
import { passwordChanged, secondFactorSetUp } from './account.ts';
import { checkPassword, identityClause, refusePassword } from './password.ts';
import {
  confirmSecret,
  countFailure,
  countRecoveryCodes,
  deleteFailures,
  deleteForgottenFailures,
  deleteSessions,
  findFailures,
  findPasswordHash,
  findSecondFactor,
  forgetOldPasswords,
  listPasswordHashes,
  listSessionRows,
  putProposedSecret,
  putRecoveryCodes,
  type SessionRow,
  setLastStep,
  setPassword,
  setSecondFactorGiven,
  takeBackFailure,
  takeRecoveryCode,
} from './sign-in.sql.ts';
import {
  defaultRules,
  forgottenBefore,
  isSessionOver,
  lockedUntil,
  type SignInRules,
  signInSetting,
} from './sign-in-rules.ts';
import {
  digitsOf,
  findStep,
  hashOfRecoveryCode,
  makeRecoveryCodes,
  makeSecret,
  seal,
  stepAt,
  unseal,
  uriOf,
} from './totp.server.ts';

/** So many of the last passwords may not come back, the present one among them. */
const remembered = 5;

/** Who acts on their own account, in which session. */
export interface Owner {
  readonly actor: Actor;
  readonly account: string;
  readonly session: string;
}

export const getSignInRules = async (tx: Tx): Promise<SignInRules> =>
  (await findSetting(tx, signInSetting)) ?? defaultRules;

const refuseLocked = (until: string, rules: SignInRules, now: string): Refusal => {
  const minutes = Math.max(1, Math.ceil((Date.parse(until) - Date.parse(now)) / 60_000));
  return new Refusal(
    'accountLocked',
    `连续 ${rules.lockAfter} 次填写有误，这个用户名已暂停登录，请在 ${minutes} 分钟后再试；急用或忘记密码时，请联系本单位的系统管理员。`,
    { kind: 'access', cites: [identityClause] },
  );
};

/**
 * Counts a try as failed before it is checked, so that tries sent at once are no more than the others; `forgetFailures` takes it back.
 * A lock is said openly, because it is one of the name and not of the account: a name that does not exist is counted and locked in the
 * same words. And it is said to the right password too, which is not even looked at: otherwise guessing could go on through the lock.
 * Refuses `accountLocked`; otherwise says how many tries are left.
 */
export const countTry = async (tx: Tx, username: string, now: string): Promise<number> => {
  const rules = await getSignInRules(tx);
  const forgotten = forgottenBefore(rules, now);
  const failures = await countFailure(tx, { username, now, forgottenBefore: forgotten, lockAfter: rules.lockAfter });
  if (failures === 1) await deleteForgottenFailures(tx, forgotten);
  if (failures <= rules.lockAfter) return rules.lockAfter - failures;
  const until = lockedUntil((await findFailures(tx, username)) ?? null, rules, now);
  throw refuseLocked(until ?? now, rules, now);
};

/** After the right second factor, or the right password given again in a session that has it. */
export const forgetFailures = deleteFailures;
/**
 * After the right password. Failures stay where a second factor comes next: otherwise whoever has the password could guess codes without
 * end by signing in anew before each lock.
 */
export const takeBackTry = takeBackFailure;

interface TakenPassword {
  readonly account: { readonly id: string; readonly username: string };
  readonly password: string;
  readonly mustChange: boolean;
  readonly now: string;
}

/** Refuses `passwordWeak` and `passwordReused`; ends every session of the account. */
export const takeNewPassword = async (tx: Tx, taken: TakenPassword): Promise<void> => {
  const { account, password, mustChange, now } = taken;
  checkPassword(password, account.username);
  const hashes = await listPasswordHashes(tx, account.id, remembered);
  const same = await Promise.all(hashes.map((hash) => verifyPassword({ hash, password })));
  if (same.includes(true)) throw refusePassword('passwordReused', `不能使用最近 ${remembered} 次用过的密码`);
  await setPassword(tx, { account: account.id, hash: await hashPassword(password), mustChange, now });
  await forgetOldPasswords(tx, account.id, remembered);
  await deleteSessions(tx, account.id);
};

export interface PasswordChange {
  readonly id: string;
  readonly currentPassword: string;
  readonly password: string;
}

const about = (ctx: Ctx, owner: Owner, id: string) => ({
  id,
  county: countyOf(owner.actor.scope),
  on: ctx.today,
  subjects: [{ kind: 'account' as const, id: owner.account }],
});

/** Refuses `passwordWrong`, `passwordWeak` and `passwordReused`. Whoever knew the old password is out everywhere, here included. */
export const changePassword = async (tx: Tx, ctx: Ctx, owner: Owner, change: PasswordChange): Promise<void> => {
  const { id, currentPassword, password } = change;
  const hash = await findPasswordHash(tx, owner.account);
  if (!hash || !(await verifyPassword({ hash, password: currentPassword })))
    throw new Refusal('passwordWrong', '当前密码不正确。', { kind: 'input', fields: { currentPassword: '不正确' } });
  const account = { id: owner.account, username: owner.actor.user };
  await takeNewPassword(tx, { account, password, mustChange: false, now: ctx.now });
  await ctx.journal.append(tx, ctx, [passwordChanged.draft({ ...about(ctx, owner, id), body: {} })]);
};

const refuseCode = (): Refusal =>
  new Refusal(
    'codeWrong',
    '验证码不正确。请填写手机上当前显示的 6 位数字，每个验证码只能使用一次；手机的时间须准确。',
    {
      kind: 'input',
    },
  );
const refuseRecoveryCode = (): Refusal =>
  new Refusal('codeWrong', '恢复码不正确，或已经用过。请核对后再填，或换一个恢复码。', { kind: 'input' });

/** The codes on a phone follow the real time, whatever day it is in a demo. */
const stepNow = (): number => stepAt(systemClock.now());

export interface ProposedSecret {
  readonly secret: string;
  /** For the QR code. */
  readonly uri: string;
}

/** A secret that counts once a code made with it came back. Refuses `secondFactorSet`. */
export const proposeSecondFactor = async (tx: Tx, ctx: Ctx, owner: Owner, key: Buffer): Promise<ProposedSecret> => {
  const found = await findSecondFactor(tx, owner.account);
  if (found?.confirmedAt)
    throw new Refusal('secondFactorSet', '您已设置动态验证码。更换手机时，请联系本单位的系统管理员重置。', {
      kind: 'conflict',
    });
  // A page opened anew shows the same code: the phone may have read it already.
  const known = found && unseal(key, owner.account, found.secret);
  const secret = known ?? makeSecret();
  if (known === undefined) await putProposedSecret(tx, owner.account, seal(key, owner.account, secret), ctx.now);
  return { secret, uri: uriOf(secret, owner.actor.user) };
};

/** Recovery codes, shown this once. Refuses `codeWrong` and `secondFactorSet`. */
export const confirmSecondFactor = async (
  tx: Tx,
  ctx: Ctx,
  owner: Owner,
  { id, code, key }: { readonly id: string; readonly code: string; readonly key: Buffer },
): Promise<string[]> => {
  const found = await findSecondFactor(tx, owner.account);
  if (found?.confirmedAt) throw new Refusal('secondFactorSet', '您已设置动态验证码。', { kind: 'conflict' });
  const secret = found && unseal(key, owner.account, found.secret);
  const step = secret === undefined ? undefined : findStep(secret, digitsOf(code) ?? '', stepNow(), null);
  if (step === undefined) throw refuseCode();
  const codes = makeRecoveryCodes();
  await confirmSecret(tx, owner.account, step, ctx.now);
  await putRecoveryCodes(
    tx,
    owner.account,
    codes.map((one) => hashOfRecoveryCode(owner.account, one)),
  );
  await setSecondFactorGiven(tx, owner.session, ctx.now);
  // A session that began without it would be asked for a code; whoever holds it may not be the owner.
  await deleteSessions(tx, owner.account, owner.session);
  await ctx.journal.append(tx, ctx, [secondFactorSetUp.draft({ ...about(ctx, owner, id), body: {} })]);
  return codes;
};

/** A code of the phone, or a recovery code, which is then used up. Refuses `codeWrong` and `secondFactorUnreadable`. */
export const giveSecondFactor = async (
  tx: Tx,
  ctx: Ctx,
  owner: Owner,
  { code, key }: { readonly code: string; readonly key: Buffer },
): Promise<void> => {
  const found = await findSecondFactor(tx, owner.account);
  const digits = digitsOf(code);
  if (digits === undefined) {
    if (!(await takeRecoveryCode(tx, owner.account, hashOfRecoveryCode(owner.account, code))))
      throw refuseRecoveryCode();
  } else {
    const secret = found && unseal(key, owner.account, found.secret);
    if (found && secret === undefined)
      throw new Refusal(
        'secondFactorUnreadable',
        '系统迁移后，原来的动态验证码不能再用。请填写恢复码，或联系本单位的系统管理员重置。',
      );
    const step = secret === undefined ? undefined : findStep(secret, digits, stepNow(), found?.lastStep ?? null);
    if (step === undefined) throw refuseCode();
    await setLastStep(tx, owner.account, step);
  }
  await setSecondFactorGiven(tx, owner.session, ctx.now);
};

export { countRecoveryCodes };

/** One's own sessions that are not over, the one in use last first. */
export const listSessions = async (tx: Tx, ctx: Ctx, account: string): Promise<SessionRow[]> => {
  const rules = await getSignInRules(tx);
  return (await listSessionRows(tx, account)).filter((row) => !isSessionOver(row, rules, ctx.now));
};

export const endOtherSessions = (tx: Tx, { account, session }: Owner): Promise<number> =>
  deleteSessions(tx, account, session);
