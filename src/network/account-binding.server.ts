// Who an account is at the identity server: bound and unbound by a system administrator, for others than themselves.
import { createHash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import { countyOf } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { findSetting } from '../kernel/setting.ts';
import type { Handlers } from '../policy/context.ts';
import type { accountApi } from './account.api.ts';
import { deleteAllBindings, deleteBinding, findBound, putBinding } from './account.sql.ts';
import { accountBound, accountUnbound } from './account.ts';
import { holdForSecond } from './account-review.server.ts';
import { getAccount, refuseOwn, subject as subjectOf, viewNow } from './account-view.server.ts';
import { identityServerSetting } from './identity-server.ts';
import { deleteSessions } from './sign-in.sql.ts';

const printOf = (issuer: string, subject: string): string =>
  createHash('sha256').update(`${issuer}\n${subject}`).digest('hex').slice(0, 16);

/** Of everybody, when the identity server becomes another; how many there were. */
export const forgetBindings = (tx: Tx): Promise<number> => deleteAllBindings(tx);

export const bindingHandlers: Pick<Handlers<typeof accountApi>, 'bind' | 'unbind'> = {
  bind: async (tx, ctx, { id, account, subject }) => {
    const row = await getAccount(tx, ctx.actor, account);
    refuseOwn(ctx.actor, row, '绑定');
    const server = await findSetting(tx, identityServerSetting);
    if (!server)
      throw new Refusal('identityServerMissing', '还没有设置统一身份认证，请先在服务器上用 kangtu sign-in 设置。');
    const bound = await findBound(tx, subject);
    if (bound && bound.id !== account)
      throw new Refusal('subjectTaken', '这个统一身份已绑定另一个账号，请核对，或先解除那里的绑定。', {
        kind: 'conflict',
        fields: { subject: '已绑定另一个账号' },
      });
    const body = { issuer: server.issuer, print: printOf(server.issuer, subject) };
    const about = { id, county: countyOf(row.scope), on: ctx.today, subjects: [subjectOf(account)] };
    const [recorded] = await ctx.journal.append(tx, ctx, [accountBound.draft({ ...about, body })]);
    if (recorded !== undefined) {
      await putBinding(tx, { id: uuidv7(), account, subject, now: ctx.now });
      await holdForSecond(tx, ctx, account, 'account.bind');
    }
    return viewNow(tx, ctx, account);
  },
  unbind: async (tx, ctx, { id, account }) => {
    const row = await getAccount(tx, ctx.actor, account);
    refuseOwn(ctx.actor, row, '解除绑定');
    if (!(await deleteBinding(tx, account)))
      throw new Refusal('notBound', '该账号没有绑定统一身份。', { kind: 'conflict' });
    // Whoever came in that way is out.
    await deleteSessions(tx, account);
    const about = { id, county: countyOf(row.scope), on: ctx.today, subjects: [subjectOf(account)] };
    await ctx.journal.append(tx, ctx, [accountUnbound.draft({ ...about, body: {} })]);
    return viewNow(tx, ctx, account);
  },
};
