// Operations on accounts.
import { z } from 'zod';
import { Id, listQuery, operation, page } from '../kernel/contract.ts';
import { AccountFields, AccountRights, AccountRole, AccountView, Password } from './account.ts';

const about = z.object({ id: Id, account: z.uuid() });

// What carries a password keeps no receipt (`writes: false`): a receipt's hash of the input is a fast hash of the password.
// Repeats are harmless, because the entry's id is the same and a password set twice is the same.
export const accountApi = {
  create: operation({
    name: 'account.create',
    summary: '开设账号',
    method: 'POST',
    path: '/accounts',
    audit: 'account',
    writes: false,
    roles: ['systemAdmin'],
    refusals: ['usernameTaken', 'organisationUnknown', 'organisationNeeded', 'organisationUnfit'],
    input: AccountFields.extend({ id: Id, password: Password }),
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
      status: z.enum(['enabled', 'disabled']).optional(),
    }),
    output: page(AccountView),
  }),
  assign: operation({
    name: 'account.assign',
    summary: '调整账号的角色、机构和管辖范围',
    method: 'POST',
    path: '/accounts/{account}/assign',
    audit: 'account',
    roles: ['systemAdmin'],
    refusals: ['ownAccount', 'unchanged', 'organisationUnknown', 'organisationNeeded', 'organisationUnfit'],
    input: about.extend({ ...AccountRights.shape, reason: z.string().trim().min(1, '请填写原因').max(200) }),
    output: AccountView,
  }),
  disable: operation({
    name: 'account.disable',
    summary: '停用账号',
    method: 'POST',
    path: '/accounts/{account}/disable',
    audit: 'account',
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
    audit: 'account',
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
    audit: 'account',
    writes: false,
    roles: ['systemAdmin'],
    refusals: ['ownAccount'],
    input: about.extend({ password: Password }),
    output: AccountView,
  }),
  changePassword: operation({
    name: 'account.changePassword',
    summary: '修改本人密码',
    method: 'POST',
    path: '/me/password',
    audit: 'account',
    writes: false,
    roles: 'signedIn',
    refusals: ['passwordWrong'],
    input: z.object({ id: Id, currentPassword: z.string().max(128), newPassword: Password }),
    output: z.object({ changed: z.literal(true) }),
  }),
};
