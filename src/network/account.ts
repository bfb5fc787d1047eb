// Accounts: who may sign in, in which role, for which organisation and area. Passwords never enter the journal.
import { z } from 'zod';
import { type Actor, inScope, Role } from '../kernel/access.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { identityServerChanged } from './identity-server.ts';
import { signInRulesChanged } from './sign-in-rules.ts';

/** Roles that an account may have: the rest stand for people without an account, or for the product itself. */
export const AccountRole = Role.exclude(['machine', 'public', 'guardian']);
export type AccountRole = z.infer<typeof AccountRole>;

export const Username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z][a-z0-9_.]{2,29}$/, '用户名为 3 至 30 个小写字母、数字、点或下划线，以字母开头');
/** '' is the nation; the others are GB/T 2260 prefixes of a city, a county and a town. */
export const Scope = z.string().regex(/^(\d{4}|\d{6}|\d{9})?$/, '应为 4、6 或 9 位行政区划代码');

export const AccountFields = z.object({
  username: Username,
  name: z.string().trim().min(1, '请填写姓名').max(40),
  role: AccountRole,
  organisation: z.uuid().optional(),
  scope: Scope,
});
export type AccountFields = z.infer<typeof AccountFields>;

/** Roles that see and write as their organisation: without one of their kind the account could do nothing. */
const servingRoles = ['hospital', 'centre', 'site'] as const satisfies readonly AccountRole[];
export const needsOrganisation = (role: AccountRole): boolean => servingRoles.some((one) => one === role);

/** `confirmed`: its owner should have it and its rights; `flagged`: something is to be put right by a system administrator. */
export const Verdict = z.enum(['confirmed', 'flagged']);
export type Verdict = z.infer<typeof Verdict>;
export const AccountReview = z.object({
  verdict: Verdict,
  at: z.string(),
  by: z.string(),
  note: z.string().nullable(),
});
export type AccountReview = z.infer<typeof AccountReview>;

export const AccountView = z.object({
  id: z.uuid(),
  username: z.string(),
  name: z.string(),
  role: Role,
  organisation: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  scope: z.string(),
  scopeName: z.string(),
  disabledAt: z.string().nullable(),
  signedInAt: z.string().nullable(),
  /** Not signed in for as long as the setting says. */
  unused: z.boolean(),
  /** After too many failures; null where it is open. */
  lockedUntil: z.string().nullable(),
  hasSecondFactor: z.boolean(),
  /** Signs in by the identity server too. Who the account is there is shown to nobody. */
  isBound: z.boolean(),
  /** What a security administrator has still to confirm before anybody signs in with it; empty where nothing. */
  pendingFor: z.array(z.string()),
  /** What the security administrator said last; null where nothing yet. */
  review: AccountReview.nullable(),
});
export type AccountView = z.infer<typeof AccountView>;

/**
 * Beside all: in use, stopped, in use but long not signed in to, locked after failures, waiting for a second administrator, flagged or
 * never looked at by one, and the administrators and accounts of a whole city or more.
 */
export const AccountStatus = z.enum([
  'enabled',
  'disabled',
  'unused',
  'locked',
  'pending',
  'flagged',
  'unreviewed',
  'highRights',
]);
export type AccountStatus = z.infer<typeof AccountStatus>;

export const accountCreated = defineEntry({ type: 'account.create', summary: '开设账号', body: AccountFields });
export const accountDisabled = defineEntry({
  type: 'account.disable',
  summary: '停用账号',
  body: z.object({ reason: z.string().trim().min(1).max(200) }),
});
/** Role, organisation and area as they are from now on; what they were is in the entries before. */
export const AccountRights = AccountFields.pick({ role: true, organisation: true, scope: true });
export type AccountRights = z.infer<typeof AccountRights>;

export const accountAssigned = defineEntry({
  type: 'account.assign',
  summary: '调整账号',
  body: AccountRights.extend({ reason: z.string().trim().min(1).max(200) }),
});
export const accountEnabled = defineEntry({ type: 'account.enable', summary: '恢复账号', body: z.object({}) });
export const passwordReset = defineEntry({
  type: 'account.resetPassword',
  summary: '管理员重设密码',
  body: z.object({}),
});
export const passwordChanged = defineEntry({
  type: 'account.changePassword',
  summary: '本人修改密码',
  body: z.object({}),
});
export const accountUnlocked = defineEntry({ type: 'account.unlock', summary: '解除登录锁定', body: z.object({}) });
export const secondFactorSetUp = defineEntry({
  type: 'account.setUpSecondFactor',
  summary: '本人设置动态验证码',
  body: z.object({}),
});
export const secondFactorReset = defineEntry({
  type: 'account.resetSecondFactor',
  summary: '管理员重置动态验证码',
  body: z.object({}),
});

/** Who the account is at the identity server stays out of the journal: it may be somebody's ID number. The print tells two apart. */
export const accountBound = defineEntry({
  type: 'account.bind',
  summary: '绑定统一身份',
  body: z.object({ issuer: z.string(), print: z.string().length(16) }),
});
export const accountUnbound = defineEntry({ type: 'account.unbind', summary: '解除统一身份绑定', body: z.object({}) });
export const accountConfirmed = defineEntry({
  type: 'account.confirm',
  summary: '安全管理员确认账号变更',
  body: z.object({ what: z.array(z.string()) }),
});
export const accountReviewed = defineEntry({
  type: 'account.review',
  summary: '安全管理员核对账号',
  body: z.object({ verdict: Verdict, note: z.string().max(200).optional() }),
});

export const accountEntries = [
  signInRulesChanged,
  identityServerChanged,
  accountCreated,
  accountAssigned,
  accountDisabled,
  accountEnabled,
  passwordReset,
  passwordChanged,
  accountUnlocked,
  secondFactorSetUp,
  secondFactorReset,
  accountBound,
  accountUnbound,
  accountConfirmed,
  accountReviewed,
];

/** Names under which the product itself and visitors act: an account of that name could sign entries as them. */
const reserved = new Set(['kangtu', 'public']);

export const checkUsername = (username: string): void => {
  if (reserved.has(username))
    throw new Refusal('usernameTaken', `用户名“${username}”由系统保留，请换一个。`, {
      kind: 'conflict',
      fields: { username: '请换一个用户名' },
    });
};

/** An administrator gives no account a wider area than its own. */
export const checkScope = (actor: Actor, scope: string): void => {
  if (!scope.startsWith(actor.scope))
    throw new Refusal('outOfScope', '账号的管辖区域超出了您的管辖范围。', {
      kind: 'access',
      fields: { scope: '请选择您管辖范围内的区域' },
    });
};

export const administrators = ['systemAdmin', 'securityAdmin', 'auditAdmin'] as const satisfies readonly AccountRole[];
const isAdministrator = (role: Role): boolean => administrators.some((one) => one === role);

/** The three check each other: one of them does not become another and judge what it did before. Refuses `administratorStays`. */
export const checkSeparation = (before: Role, after: AccountRole): void => {
  if (before !== after && isAdministrator(before) && isAdministrator(after))
    throw new Refusal(
      'administratorStays',
      '系统管理员、安全管理员、审计管理员的账号不能改任其中另一种（GB/T 22239—2019，8.1.4.2），请为其另开账号并停用这个账号。',
      { fields: { role: '三种管理员不能互相改任' } },
    );
};

interface AccountOrganisation {
  readonly kind: string;
  readonly division: string;
}

/** Refuses `organisationNeeded`, `organisationUnfit` and `outOfScope`. */
export const checkAccountOrganisation = (
  actor: Actor,
  role: AccountRole,
  organisation: AccountOrganisation | undefined,
): void => {
  const refuse = (code: string, message: string, kind: 'input' | 'access' = 'input') => {
    throw new Refusal(code, message, { kind, fields: { organisation: '请选择机构' } });
  };
  if (!organisation) {
    if (needsOrganisation(role)) refuse('organisationNeeded', '医疗机构、指导中心和站点的账号须属于一家机构。');
    return;
  }
  if (!inScope(actor, organisation.division)) refuse('outOfScope', '这家机构不在您的管辖范围内。', 'access');
  if (needsOrganisation(role) && organisation.kind !== role)
    refuse('organisationUnfit', '账号的角色与机构的类型不符。');
};
