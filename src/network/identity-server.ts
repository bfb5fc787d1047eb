// The government's identity server (OpenID Connect): how it is set up, what its word counts for, and what is said when it does not vouch.
import { z } from 'zod';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';

/** The provider's name in addresses and in account_credential. The address to register there ends in it. */
export const identityProvider = 'identityServer';
export const callbackPath = `/api/auth/callback/${identityProvider}`;

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Without TLS a token could be read or changed on the way; on the machine itself there is no way. */
const isIssuer = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash, username } = new URL(text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && loopback.test(hostname));
  return isSafe && search === '' && hash === '' && username === '';
};

/** Whether our one-time codes are asked for after it vouched: unless it says that it asked for a second factor, always, never. */
export const CodesAfter = z.enum(['unlessSaid', 'always', 'never'], '应为 unlessSaid、always 或 never');

export const IdentityServer = z.object({
  issuer: z.string().max(300).refine(isIssuer, '应为 https:// 开头的地址，不带参数'),
  clientId: z.string().trim().min(1, '请填写应用标识').max(200),
  /** On the button. */
  name: z.string().trim().min(1).max(30).default('统一身份认证'),
  /** The claim of the id token that names the person, as administrators enter it. It must never pass to another person. */
  claim: z
    .string()
    .regex(/^[\w.:/-]{1,100}$/, '应为声明的名称，例如 sub')
    .default('sub'),
  codes: CodesAfter.default('unlessSaid'),
  /** Values of the claim `acr` that say that a second factor was asked for; each server has its own. */
  acr: z.array(z.string().min(1).max(200)).max(10).default([]),
});
export type IdentityServer = z.infer<typeof IdentityServer>;

/** Null: was there once. */
export const identityServerSetting = { name: 'identityServer', schema: IdentityServer.nullable() };

export const identityServerChanged = defineEntry({
  type: 'identityServer.change',
  summary: '调整统一身份认证的设置',
  body: z.object({ before: IdentityServer.nullable(), after: IdentityServer.nullable() }),
});

/** Bindings name somebody at one server by one claim; at another the same text may be somebody else. */
export const keepsBindings = (before: IdentityServer | null, after: IdentityServer | null): boolean =>
  before?.issuer === after?.issuer && before?.claim === after?.claim;

/** Methods of RFC 8176: something known, and something held or of the body. */
const known = new Set(['pwd', 'pin', 'kba']);
const held = new Set(['otp', 'sms', 'tel', 'hwk', 'swk', 'sc', 'fpt', 'face', 'iris', 'retina', 'vbm', 'pop']);

export interface Vouched {
  readonly amr: readonly string[];
  readonly acr?: string | undefined;
}

/** Whether the second factor counts as given. */
export const hasSecondFactor = ({ codes, acr }: IdentityServer, vouched: Vouched): boolean => {
  if (codes !== 'unlessSaid') return codes === 'never';
  if (vouched.acr !== undefined && acr.includes(vouched.acr)) return true;
  const { amr } = vouched;
  return amr.includes('mfa') || (amr.some((one) => known.has(one)) && amr.some((one) => held.has(one)));
};

/** Why a sign-in by the identity server came to nothing; the words are in the locale of the sign-in page. */
export const IdentityProblem = z.enum([
  'identityExpired',
  'identityRefused',
  'identityCancelled',
  'identityServerAway',
  'accountNotBound',
  'accountDisabled',
  'accountPending',
  'accountLocked',
]);
export type IdentityProblem = z.infer<typeof IdentityProblem>;

export const refuseAway = (): Refusal =>
  new Refusal('identityServerAway', '暂时连接不到统一身份认证。请稍后再试，或用用户名和密码登录。', {
    kind: 'conflict',
  });
