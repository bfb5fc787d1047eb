// Settings of signing in, changed with an entry: by the security administrator on their page, or by a command on the machine.
import { countyOf, Role, reachOf } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { findSetting, putSetting } from '../kernel/setting.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { hasAccountOfRole, hasAccountOutside } from './account.sql.ts';
import { forgetBindings } from './account-binding.server.ts';
import { type IdentityServer, identityServerChanged, identityServerSetting, keepsBindings } from './identity-server.ts';
import { getSignInRules } from './own-account.server.ts';
import type { AccessPart, accessApi, signInRulesApi } from './sign-in-rules.api.ts';
import { type SignInRules, signInRulesChanged, signInSetting } from './sign-in-rules.ts';

/** A setting has no id of its own: under these each has its chain in the journal. */
const subjects = {
  signIn: [{ kind: 'setting' as const, id: '00000000-0000-4000-8000-000000000001' }],
  identityServer: [{ kind: 'setting' as const, id: '00000000-0000-4000-8000-000000000002' }],
};

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const about = (ctx: Ctx, id: string, setting: keyof typeof subjects) => ({
  id,
  county: countyOf(ctx.actor.scope),
  on: ctx.today,
  subjects: subjects[setting],
});

/** Refuses `unchanged`, and `noSecondAdministrator` where changes of accounts would wait for nobody. */
export const changeSignInRules = async (tx: Tx, ctx: Ctx, id: string, after: SignInRules): Promise<void> => {
  const before = await getSignInRules(tx);
  if (isSame(before, after)) throw new Refusal('unchanged', '登录规则没有变化。', { kind: 'conflict' });
  if (after.confirmAccounts && !before.confirmAccounts && !(await hasAccountOfRole(tx, 'securityAdmin')))
    throw new Refusal(
      'noSecondAdministrator',
      '还没有可用的安全管理员账号，账号变更将无人确认。请先开设安全管理员账号（GB/T 22239—2019，8.1.4.2）。',
    );
  await putSetting(tx, signInSetting, after);
  await ctx.journal.append(tx, ctx, [
    signInRulesChanged.draft({ ...about(ctx, id, 'signIn'), body: { before, after } }),
  ]);
};

export const findIdentityServer = async (tx: Tx): Promise<IdentityServer | null> =>
  (await findSetting(tx, identityServerSetting)) ?? null;

/** How many bindings ended: all of them where the server or the claim is another. Refuses `unchanged`. */
export const changeIdentityServer = async (
  tx: Tx,
  ctx: Ctx,
  id: string,
  after: IdentityServer | null,
): Promise<number> => {
  const before = await findIdentityServer(tx);
  if (isSame(before, after)) throw new Refusal('unchanged', '统一身份认证的设置没有变化。', { kind: 'conflict' });
  await putSetting(tx, identityServerSetting, after);
  await ctx.journal.append(tx, ctx, [
    identityServerChanged.draft({ ...about(ctx, id, 'identityServer'), body: { before, after } }),
  ]);
  return keepsBindings(before, after) ? 0 : forgetBindings(tx);
};

export const signInRulesHandlers: Handlers<typeof signInRulesApi> = {
  get: async (tx, ctx) => {
    const server = await findIdentityServer(tx);
    const { role, scope } = ctx.actor;
    return {
      rules: await getSignInRules(tx),
      identityServer: server && { name: server.name, issuer: server.issuer, claim: server.claim, codes: server.codes },
      mayChange: role === 'securityAdmin' && !(await hasAccountOutside(tx, scope)),
    };
  },
  change: async (tx, ctx, { id, ...rules }) => {
    if (await hasAccountOutside(tx, ctx.actor.scope))
      throw new Refusal('outOfScope', '登录规则对全部账号生效，须由管辖全部账号的安全管理员修改。', { kind: 'access' });
    await changeSignInRules(tx, ctx, id, rules);
    return { rules };
  },
};

/** `parts` is the table of all operations, which the composition alone knows. */
export const createAccessHandlers = (parts: () => AccessPart[]): Handlers<typeof accessApi> => ({
  table: async () => ({
    parts: parts(),
    reach: Role.options
      .filter((role) => role !== 'machine')
      .map((role) => ({
        role,
        reach: reachOf({ role, scope: '000000' }),
        above: reachOf({ role, scope: '' }),
      })),
  }),
});
