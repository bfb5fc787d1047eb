// Operations of the security administrator: the rules of signing in, and who may do what.
import { z } from 'zod';
import { Role } from '../kernel/access.ts';
import { Id, operation } from '../kernel/contract.ts';
import { administrators } from './account.ts';
import { IdentityServer } from './identity-server.ts';
import { GivenRules, SignInRules } from './sign-in-rules.ts';

export const signInRulesApi = {
  get: operation({
    name: 'signInRules.get',
    summary: '查看登录规则',
    method: 'GET',
    path: '/sign-in-rules',
    roles: administrators,
    clauses: ['GB-01'],
    input: z.object({}),
    output: z.object({
      rules: SignInRules,
      /** As it is set up on the machine. */
      identityServer: IdentityServer.pick({ name: true, issuer: true, claim: true, codes: true }).nullable(),
      /** They hold for all accounts: not where some lie outside the asker's area. */
      mayChange: z.boolean(),
    }),
  }),
  change: operation({
    name: 'signInRules.change',
    summary: '修改登录规则',
    method: 'POST',
    path: '/sign-in-rules',
    audit: 'setting',
    roles: ['securityAdmin'],
    refusals: ['outOfScope', 'unchanged', 'noSecondAdministrator'],
    clauses: ['GB-01'],
    input: GivenRules.extend({ id: Id }),
    output: z.object({ rules: SignInRules }),
  }),
};

const Reach = z.enum(['area', 'organisation', 'figures', 'none']);

export const AccessPart = z.object({
  /** What the operations are about. */
  name: z.string(),
  rows: z.array(z.object({ operation: z.string(), summary: z.string(), roles: z.array(Role), anyone: z.boolean() })),
});
export type AccessPart = z.infer<typeof AccessPart>;

export const accessApi = {
  table: operation({
    name: 'access.table',
    summary: '查看谁可以办什么',
    method: 'GET',
    path: '/access',
    roles: administrators,
    clauses: ['GB-02'],
    input: z.object({}),
    output: z.object({
      parts: z.array(AccessPart),
      /** `above`: of a city or the nation. */
      reach: z.array(z.object({ role: Role, reach: Reach, above: Reach })),
    }),
  }),
};
