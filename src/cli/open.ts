// What every command needs: the engine (its own or a running one), the database and the context, closed at the end.
import type { ContractProcedure } from '@orpc/contract';
import type { z } from 'zod';
import { type Actor, machineActor } from '../kernel/access.ts';
import type { Clock } from '../kernel/calendar.ts';
import { type Database, openDatabase } from '../kernel/database.ts';
import { type Handler, perform } from '../kernel/perform.ts';
import { Refusal } from '../kernel/refusal.ts';
import { getActor } from '../network/account.server.ts';
import type { Ctx } from '../policy/context.ts';
import { holdPacks } from '../policy/held-packs.server.ts';
import { getPackLibrary } from '../policy/library.ts';
import { clockOf, findDemo } from '../server/demo-mode.ts';
import { type Engine, openEngine } from '../server/engine.ts';
import { contextOf } from '../server/http.ts';

export interface Opened {
  readonly engine: Engine;
  readonly database: Database;
  readonly clock: Clock;
  /** As the product itself: whoever may run commands on the machine holds the data anyway. */
  readonly ctx: Ctx;
}

export interface DataFlag {
  readonly data?: string;
}
export const dataOption = ['--data <文件夹>', '自带数据库的数据文件夹（或环境变量 KANGTU_DATA）'] as const;

/** Runs `work` on the database, starting the engine unless it runs already. Progress goes to stderr, results to stdout. */
export const withDatabase = async <T>(
  { data }: DataFlag,
  work: (opened: Opened) => Promise<T>,
  { restores = false }: { restores?: boolean } = {},
): Promise<T> => {
  const log = (line: string) => console.error(line);
  // A restoration is alone: nobody may begin to work with half of it.
  const engine = await openEngine({ folder: data, attach: !restores, restores, log });
  const database = openDatabase(engine.app, { keys: engine.keys, max: 4 });
  try {
    const clock = clockOf(await findDemo(database));
    return await work({
      engine,
      database,
      clock,
      ctx: contextOf({ packs: await holdPacks(database, getPackLibrary()).current(), clock }, machineActor, 'cli'),
    });
  } finally {
    await database.close();
    await engine.stop();
  }
};

export const asOption = ['--as <用户名>', '以这个账号的身份和管辖范围办理（默认以系统身份）'] as const;

/** The context of `--as`, or of the product itself in an area. */
export const contextAs = async ({ database, ctx }: Opened, as: string | undefined, area = ''): Promise<Ctx> => {
  const actor: Actor =
    as === undefined ? { ...ctx.actor, scope: area } : await database.as(machineActor, (tx) => getActor(tx, as));
  return { ...ctx, actor };
};

/** Performs an operation just as HTTP does: input by its schema, roles, one transaction, first answer kept. */
export const performIn = async <
  I extends z.ZodType,
  O extends z.ZodType,
  M extends Record<never, never>,
  E extends Record<never, never>,
>(
  database: Database,
  ctx: Ctx,
  operation: ContractProcedure<I, O, E, M>,
  handler: Handler<ContractProcedure<I, O, E, M>, Ctx>,
  input: z.input<I>,
): Promise<z.output<O>> => {
  const schemas = operation['~orpc'];
  const parsed = await schemas.inputSchema?.safeParseAsync(input);
  if (parsed && !parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new Refusal('inputInvalid', `填写有误：${lines.join('；')}`, { kind: 'input' });
  }
  const output = await perform(database, operation as never, handler as never, ctx, parsed?.data);
  return schemas.outputSchema?.parse(output) as z.output<O>;
};

export const jsonOption = ['--json', '以 JSON 输出'] as const;
export const print = (value: unknown): void => console.log(JSON.stringify(value, null, 2));
