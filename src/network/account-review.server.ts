// What the security administrator does about accounts, which are another's to change: lets a change take effect, and says what of them is right.
import { countyOf } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import type { accountApi } from './account.api.ts';
import { addPending, deletePending, setReview } from './account.sql.ts';
import { accountConfirmed, accountReviewed } from './account.ts';
import { getAccount, refuseOwn, subject, viewNow } from './account-view.server.ts';
import { getSignInRules } from './own-account.server.ts';
import { deleteSessions } from './sign-in.sql.ts';

/**
 * After a change that would let somebody else in as the account: where the rules ask for two administrators, nobody is in until the second
 * has confirmed it. What the machine does (`kangtu init`, `kangtu rescue`) waits for nobody, and ends the waiting: it helps where no
 * administrator can.
 */
export const holdForSecond = async (tx: Tx, ctx: Ctx, account: string, what: string): Promise<void> => {
  if (ctx.actor.role === 'machine') return deletePending(tx, account);
  if (!(await getSignInRules(tx)).confirmAccounts) return;
  await addPending(tx, account, what, ctx.now);
  await deleteSessions(tx, account);
};

export const reviewHandlers: Pick<Handlers<typeof accountApi>, 'confirm' | 'review'> = {
  confirm: async (tx, ctx, { id, account }) => {
    const row = await getAccount(tx, ctx.actor, account);
    refuseOwn(ctx.actor, row, '确认');
    if (row.pendingFor.length === 0)
      throw new Refusal('notPending', '该账号没有待确认的开设或变更。', { kind: 'conflict' });
    await deletePending(tx, account);
    const about = { id, county: countyOf(row.scope), on: ctx.today, subjects: [subject(account)] };
    await ctx.journal.append(tx, ctx, [accountConfirmed.draft({ ...about, body: { what: row.pendingFor } })]);
    return viewNow(tx, ctx, account);
  },
  review: async (tx, ctx, { id, account, verdict, note }) => {
    const row = await getAccount(tx, ctx.actor, account);
    refuseOwn(ctx.actor, row, '核对');
    if (verdict === 'flagged' && !note)
      throw new Refusal('noteNeeded', '请写明哪里须核实，系统管理员据此处理。', {
        kind: 'input',
        fields: { note: '请填写说明' },
      });
    await setReview(tx, account, { verdict, by: ctx.actor.user, note: note || null, now: ctx.now });
    const about = { id, county: countyOf(row.scope), on: ctx.today, subjects: [subject(account)] };
    const body = { verdict, ...(note && { note }) };
    await ctx.journal.append(tx, ctx, [accountReviewed.draft({ ...about, body })]);
    return viewNow(tx, ctx, account);
  },
};
