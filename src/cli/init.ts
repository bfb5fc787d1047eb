// `kangtu init`: sets up an empty database with its place, its first organisation and its first administrator.
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { countyOf } from '../kernel/access.ts';
import { Refusal } from '../kernel/refusal.ts';
import { putSetting } from '../kernel/setting.ts';
import { createAccount, hasAccounts } from '../network/account.server.ts';
import { Scope, Username } from '../network/account.ts';
import { fullNameOfDivision } from '../network/division.ts';
import { organisationOpened } from '../network/organisation.ts';
import { Password } from '../network/password.ts';
import { defaultRules, signInSetting } from '../network/sign-in-rules.ts';
import { type DataFlag, dataOption, type Opened, withDatabase } from './open.ts';

const Answers = z.object({
  division: Scope.refine((code) => code !== '', '请填写行政区划代码'),
  organisation: z.string().trim().min(2, '请填写机构名称').max(60),
  name: z.string().trim().min(1, '请填写姓名').max(40),
  username: Username,
  password: Password,
});
type Answers = z.infer<typeof Answers>;

const questions: Readonly<Record<keyof Answers, string>> = {
  division: '行政区划代码（市 4 位、县 6 位，例如 5119）：',
  organisation: '机构名称（例如 巴中市民政局）：',
  name: '第一位系统管理员的姓名：',
  username: '其用户名：',
  password: '其密码（至少 10 个字符，含大写、小写、数字、符号中的三类，不显示）：',
};

/** Asks for what the flags leave open; a password twice, and unseen. */
const ask = async (given: Partial<Answers>): Promise<Record<string, string>> => {
  let silent = false;
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      if (!silent) process.stdout.write(chunk);
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY });
  const unseen = async (question: string): Promise<string> => {
    process.stdout.write(question);
    silent = true;
    const answer = await terminal.question('').finally(() => (silent = false));
    process.stdout.write('\n');
    return answer;
  };
  try {
    const answers: Record<string, string> = {};
    for (const [field, question] of Object.entries(questions)) {
      const known = given[field as keyof Answers];
      answers[field] = known ?? (await (field === 'password' ? unseen(question) : terminal.question(question)));
    }
    if (given.password === undefined && (await unseen('再输入一次密码：')) !== answers.password)
      throw new Refusal('passwordsDiffer', '两次输入的密码不同，请重新运行。', { kind: 'input' });
    return answers;
  } finally {
    terminal.close();
  }
};

const isComplete = (given: Partial<Answers>): boolean =>
  Object.keys(questions).every((field) => given[field as keyof Answers] !== undefined);

const read = async (given: Partial<Answers>): Promise<Answers> => {
  const complete = isComplete(given);
  if (!complete && !process.stdin.isTTY)
    throw new Refusal(
      'inputInvalid',
      '没有终端可以提问：请用 --division --organisation --name --username 和环境变量 KANGTU_PASSWORD 给全。',
      {
        kind: 'input',
      },
    );
  const { data, error } = Answers.safeParse(complete ? given : await ask(given));
  if (!data)
    throw new Refusal('inputInvalid', error.issues.map((issue) => issue.message).join('；'), { kind: 'input' });
  return data;
};

type Flags = DataFlag & Partial<Omit<Answers, 'password'>>;

const refuseUsed = (): Refusal =>
  new Refusal('alreadyInitialised', '这个数据库已有账号，不能再次初始化。要重新开始，请另用一个数据文件夹。', {
    kind: 'conflict',
  });

const setUp = ({ database, ctx }: Opened, { division, organisation, ...administrator }: Answers): Promise<void> =>
  database.as(ctx.actor, async (tx) => {
    // Asked again inside: two may have been answering the questions.
    if (await hasAccounts(tx)) throw refuseUsed();
    const id = uuidv7();
    const opened = organisationOpened.draft({
      id,
      county: countyOf(division),
      on: ctx.today,
      subjects: [{ kind: 'organisation', id }],
      body: { division, kind: 'civilAffairs', tier: 'office', name: organisation, functions: [] },
    });
    await ctx.journal.append(tx, ctx, [opened]);
    const account = { id: uuidv7(), ...administrator, role: 'systemAdmin' as const, scope: division, organisation: id };
    await createAccount(tx, ctx, account);
    await putSetting(tx, signInSetting, { ...defaultRules, secondFactor: true });
  });

export const addInit = (program: Command): void => {
  program
    .command('init')
    .description('在空的数据库中设立地区、机构和第一个系统管理员（密码也可由环境变量 KANGTU_PASSWORD 给出）')
    .option('--division <代码>', '行政区划代码')
    .option('--organisation <名称>', '机构名称')
    .option('--name <姓名>', '管理员姓名')
    .option('--username <用户名>', '管理员用户名')
    .option(...dataOption)
    .action(async ({ data, ...flags }: Flags) => {
      const password = process.env.KANGTU_PASSWORD;
      const given = { ...flags, ...(password ? { password } : {}) };
      // Where nobody is asked, mistakes are told before the engine starts.
      const early = isComplete(given) || !process.stdin.isTTY ? await read(given) : undefined;
      await withDatabase(data === undefined ? {} : { data }, async (opened) => {
        if (await opened.database.as(opened.ctx.actor, hasAccounts)) throw refuseUsed();
        const answers = early ?? (await read(given));
        await setUp(opened, answers);
        const { organisation, division, username } = answers;
        console.log(`已设立 ${organisation}（${fullNameOfDivision(division)}），管理员用户名 ${username}。`);
      });
    });
};
