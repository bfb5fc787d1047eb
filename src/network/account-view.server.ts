// What every handler of accounts begins and ends with: the account in the asker's area, whether it is their own, and how it is shown.
import type { Actor } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import type { Subject } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Ctx } from '../policy/context.ts';
import { type AccountRow, findAccount } from './account.sql.ts';
import type { AccountView } from './account.ts';
import { fullNameOfDivision } from './division.ts';
import { getSignInRules } from './own-account.server.ts';
import { lockedUntil, type SignInRules, unusedBefore } from './sign-in-rules.ts';

export const viewOf = (found: AccountRow, rules: SignInRules, now: string): AccountView => {
  const { organisation, organisationName, failures, failedAt, createdAt, ...row } = found;
  const failed = failures === null || failedAt === null ? null : { failures, failedAt };
  return {
    ...row,
    scopeName: row.scope === '' ? '全国' : fullNameOfDivision(row.scope),
    organisation: organisation === null ? null : { id: organisation, name: organisationName ?? '' },
    unused: row.disabledAt === null && (row.signedInAt ?? createdAt) <= unusedBefore(rules, now),
    lockedUntil: lockedUntil(failed, rules, now),
  };
};

export const subject = (account: string): Subject => ({ kind: 'account', id: account });

export const getAccount = async (tx: Tx, actor: Actor, id: string): Promise<AccountRow> => {
  const row = await findAccount(tx, id, actor.scope);
  if (!row) throw new Refusal('notFound', '没有找到这个账号，或它不在您的管辖范围内。', { kind: 'absent' });
  return row;
};

export const refuseOwn = (actor: Actor, row: AccountRow, what: string): void => {
  if (row.username === actor.user) throw new Refusal('ownAccount', `不能${what}自己的账号。`, { kind: 'rule' });
};

export const viewNow = async (tx: Tx, ctx: Ctx, id: string): Promise<AccountView> =>
  viewOf(await getAccount(tx, ctx.actor, id), await getSignInRules(tx), ctx.now);
