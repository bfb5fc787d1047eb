// The part of `kangtu sign-in` that sets up the government's identity server.
import type { Command } from 'commander';
import { uuidv7 } from 'uuidv7';
import { writeAudit } from '../kernel/audit.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { callbackPath, IdentityServer } from '../network/identity-server.ts';
import { changeIdentityServer, findIdentityServer } from '../network/security.server.ts';
import type { Ctx } from '../policy/context.ts';

const names = {
  ssoIssuer: '统一身份认证（OpenID Connect）的地址；off 为停用',
  ssoClientId:
    '本系统在统一身份认证登记的应用标识；密钥由环境变量 KANGTU_SSO_SECRET 或文件 KANGTU_SSO_SECRET_FILE 给出',
  ssoName: '登录按钮上的名称',
  ssoClaim: '用哪个声明认人，默认 sub；其值不得改归他人',
  ssoCodes: '之后是否仍须动态验证码：unlessSaid（默认，对方说明已用两种方式鉴别时不须）、always、never',
  ssoAcr: '对方表示已用两种方式鉴别的 acr 值，以逗号分隔；off 为没有',
} as const;
type Name = keyof typeof names;
export type IdentityFlags = Partial<Record<Name, string>>;

const flags = Object.keys(names) as Name[];
const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

export const addIdentityOptions = (command: Command): Command => {
  for (const name of flags) command.option(`${flagOf(name)} <值>`, names[name]);
  return command;
};

const fieldOf = (name: Name): string => name.charAt(3).toLowerCase() + name.slice(4);

const serverWith = (before: IdentityServer | null, given: IdentityFlags): IdentityServer | null => {
  if (given.ssoIssuer === 'off') return null;
  const asked = flags.flatMap((name) => {
    const text = given[name];
    if (text === undefined) return [];
    return [[fieldOf(name), name === 'ssoAcr' ? (text === 'off' ? [] : text.split(',')) : text] as const];
  });
  if (asked.length === 0) return before;
  const { data, error } = IdentityServer.safeParse({ ...before, ...Object.fromEntries(asked) });
  if (data) return data;
  const wrong = error.issues.map(({ path, message }) => `${flagOf(`sso-${String(path[0])}`)}：${message}`);
  throw new Refusal('inputInvalid', `设置有误：${wrong.join('；')}`, { kind: 'input' });
};

export const tellAudit = (tx: Tx, { actor, now }: Ctx, operation: string): Promise<void> =>
  writeAudit(tx, { actor, at: now, address: null, operation, kind: 'setting', outcome: 'ok' });

export const saveIdentityServer = async (tx: Tx, ctx: Ctx, given: IdentityFlags) => {
  const before = await findIdentityServer(tx);
  const server = serverWith(before, given);
  if (JSON.stringify(server) === JSON.stringify(before)) return { server, ended: 0 };
  const ended = await changeIdentityServer(tx, ctx, uuidv7(), server);
  await tellAudit(tx, ctx, 'identityServer.change');
  return { server, ended };
};

export const showIdentityServer = (server: IdentityServer | null, ended: number): void => {
  if (ended > 0)
    console.log(`认证地址或认人的声明已改变，原有 ${ended} 个账号的绑定已全部解除，须由系统管理员重新绑定。`);
  if (!server) {
    console.log(`--sso-issuer off  ${names.ssoIssuer}`);
    return;
  }
  const values = { ...server, acr: server.acr.join(',') || 'off' } as const;
  for (const name of flags)
    console.log(`${flagOf(name)} ${values[fieldOf(name) as keyof IdentityServer]}  ${names[name]}`);
  const url = process.env.KANGTU_URL ?? '<用户打开的网址>';
  console.log(`请在统一身份认证登记回调地址：${url}${callbackPath}`);
};
