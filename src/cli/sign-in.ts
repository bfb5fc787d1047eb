// `kangtu sign-in`: the rules of signing in, shown and changed; `kangtu rescue`: an account whose owner no administrator can help.
import type { Command } from 'commander';
import { uuidv7 } from 'uuidv7';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { accountHandlers, getAccountByUsername } from '../network/account.server.ts';
import { getSignInRules } from '../network/own-account.server.ts';
import { changeSignInRules } from '../network/security.server.ts';
import { SignInRules } from '../network/sign-in-rules.ts';
import type { Ctx } from '../policy/context.ts';
import {
  addIdentityOptions,
  type IdentityFlags,
  saveIdentityServer,
  showIdentityServer,
  tellAudit,
} from './identity-server.ts';
import { type DataFlag, dataOption, jsonOption, print, withDatabase } from './open.ts';

const names: Readonly<Record<keyof SignInRules, string>> = {
  passwordDays: '密码最长使用天数（off 为不限）',
  lockAfter: '连续输错多少次后锁定',
  lockMinutes: '锁定多少分钟',
  idleMinutes: '多少分钟不操作后退出登录',
  sessionHours: '登录后最长多少小时',
  unusedDays: '多少天未登录标为长期未登录',
  secondFactor: '能看到姓名或管理账号的角色须设置动态验证码（on 或 off）',
  confirmAccounts: '账号的开设、调整、重设须经安全管理员确认后生效（on 或 off）',
};
const fields = Object.keys(names) as (keyof SignInRules)[];
const flagOf = (field: string): string => `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** `on`, `off` or a number, as the rule takes it. */
const readValue = (field: keyof SignInRules, text: string): unknown => {
  if (field === 'secondFactor' || field === 'confirmAccounts')
    return text === 'on' ? true : text === 'off' ? false : text;
  return field === 'passwordDays' && text === 'off' ? null : Number(text);
};

type Flags = DataFlag & { json?: boolean } & Partial<Record<keyof SignInRules, string>>;

const rulesWith = (rules: SignInRules, flags: Flags): SignInRules => {
  const asked = fields.flatMap((field) => {
    const text = flags[field];
    return text === undefined ? [] : [[field, readValue(field, text)] as const];
  });
  const { data, error } = SignInRules.safeParse({ ...rules, ...Object.fromEntries(asked) });
  if (data) return data;
  const wrong = error.issues.map(({ path, message }) => `${flagOf(String(path[0]))}：${message}`);
  throw new Refusal('inputInvalid', `设置有误：${wrong.join('；')}`, { kind: 'input' });
};

const show = (rules: SignInRules): void => {
  for (const field of fields) {
    const value = rules[field];
    const text = value === true ? 'on' : value === false || value === null ? 'off' : value;
    console.log(`${flagOf(field)} ${text}  ${names[field]}`);
  }
};

const saveRules = async (tx: Tx, ctx: Ctx, flags: Flags): Promise<SignInRules> => {
  const before = await getSignInRules(tx);
  const rules = rulesWith(before, flags);
  if (fields.some((field) => rules[field] !== before[field])) {
    await changeSignInRules(tx, ctx, uuidv7(), rules);
    await tellAudit(tx, ctx, 'signInRules.change');
  }
  return rules;
};

export const addSignIn = (program: Command): void => {
  const command = program
    .command('sign-in')
    .description('查看或修改登录规则（口令、锁定、空闲退出、动态验证码）和统一身份认证');
  for (const field of fields) command.option(`${flagOf(field)} <值>`, names[field]);
  addIdentityOptions(command)
    .option(...dataOption)
    .option(...jsonOption)
    .action((flags: Flags & IdentityFlags) =>
      withDatabase(flags, ({ database, ctx }) =>
        database.as(ctx.actor, async (tx) => {
          const rules = await saveRules(tx, ctx, flags);
          const { server, ended } = await saveIdentityServer(tx, ctx, flags);
          if (flags.json) print({ ...rules, identityServer: server });
          else {
            show(rules);
            showIdentityServer(server, ended);
          }
        }),
      ),
    );
};

export const addRescue = (program: Command): void => {
  program
    .command('rescue <用户名>')
    .description('没有其他管理员可以帮助时：重设密码（由环境变量 KANGTU_PASSWORD 给出）、解除锁定、重置动态验证码')
    .option(...dataOption)
    .action(async (username: string, flags: DataFlag) => {
      const password = process.env.KANGTU_PASSWORD;
      if (!password) throw new Refusal('inputInvalid', '请用环境变量 KANGTU_PASSWORD 给出新密码。', { kind: 'input' });
      await withDatabase(flags, ({ database, ctx }) =>
        database.as(ctx.actor, async (tx) => {
          const { id: account, hasSecondFactor } = await getAccountByUsername(tx, username);
          await accountHandlers.resetPassword(tx, ctx, { id: uuidv7(), account, password });
          if (hasSecondFactor) await accountHandlers.resetSecondFactor(tx, ctx, { id: uuidv7(), account });
        }),
      );
      console.log(`已重设“${username}”的密码；登录后须先改成自己的密码。`);
    });
};
