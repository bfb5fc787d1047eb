// Operations on accounts.
import { z } from 'zod';
import { Id, listQuery, operation, page } from '../kernel/contract.ts';
import { AccountFields, AccountRights, AccountRole, AccountStatus, AccountView } from './account.ts';
import { PasswordInput } from './password.ts';

const about = z.object({ id: Id, account: z.uuid() });

// What carries a password keeps no receipt (`writes: false`): a receipt's hash of the input is a fast hash of the password.
// Repeats are harmless, because the entry's id is the same and a password set twice is the same.
export const accountApi = {
  create: operation({
    name: 'account.create',
    summary: '开设账号',
    method: 'POST',
    path: '/accounts',
    writes: false,
    roles: ['systemAdmin'],
    refusals: ['usernameTaken', 'passwordWeak', 'organisationUnknown', 'organisationNeeded', 'organisationUnfit'],
    clauses: ['GB-01'],
    input: AccountFields.extend({ id: Id, password: PasswordInput }),
    output: AccountView,
  }),
  list: operation({
    name: 'account.list',
    summary: '账号一览',
    method: 'GET',
    path: '/accounts',
    roles: ['systemAdmin', 'securityAdmin', 'auditAdmin'],
    input: z.object({
      ...listQuery,
      role: AccountRole.optional(),
      status: AccountStatus.optional(),
    }),
    output: page(AccountView),
  }),
  assign: operation({
    name: 'account.assign',
    summary: '调整账号的角色、机构和管辖范围',
    method: 'POST',
    path: '/accounts/{account}/assign',
    roles: ['systemAdmin'],
    refusals: [
      'ownAccount',
      'unchanged',
      'administratorStays',
      'organisationUnknown',
      'organisationNeeded',
      'organisationUnfit',
    ],
    input: about.extend({ ...AccountRights.shape, reason: z.string().trim().min(1, '请填写原因').max(200) }),
    output: AccountView,
  }),
  disable: operation({
    name: 'account.disable',
    summary: '停用账号',
    method: 'POST',
    path: '/accounts/{account}/disable',
    roles: ['systemAdmin'],
    refusals: ['ownAccount', 'alreadyDisabled'],
    input: about.extend({ reason: z.string().trim().min(1, '请填写原因').max(200) }),
    output: AccountView,
  }),
  enable: operation({
    name: 'account.enable',
    summary: '恢复账号',
    method: 'POST',
    path: '/accounts/{account}/enable',
    roles: ['systemAdmin'],
    refusals: ['notDisabled'],
    input: about,
    output: AccountView,
  }),
  resetPassword: operation({
    name: 'account.resetPassword',
    summary: '重设密码',
    method: 'POST',
    path: '/accounts/{account}/password',
    writes: false,
    roles: ['systemAdmin'],
    refusals: ['ownAccount', 'passwordWeak', 'passwordReused'],
    clauses: ['GB-01'],
    input: about.extend({ password: PasswordInput }),
    output: AccountView,
  }),
  unlock: operation({
    name: 'account.unlock',
    summary: '解除登录锁定',
    method: 'POST',
    path: '/accounts/{account}/unlock',
    roles: ['systemAdmin'],
    refusals: ['ownAccount', 'notLocked'],
    clauses: ['GB-01'],
    input: about,
    output: AccountView,
  }),
  resetSecondFactor: operation({
    name: 'account.resetSecondFactor',
    summary: '重置动态验证码',
    method: 'POST',
    path: '/accounts/{account}/second-factor/reset',
    roles: ['systemAdmin'],
    refusals: ['ownAccount', 'noSecondFactor'],
    clauses: ['GB-01'],
    input: about,
    output: AccountView,
  }),
};
