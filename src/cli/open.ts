// What every command needs: the engine (its own or a running one), the database and the context, closed at the end.
import { machineActor } from '../kernel/access.ts';
import { type Database, openDatabase } from '../kernel/database.ts';
import type { Ctx } from '../policy/context.ts';
import { getPackLibrary } from '../policy/library.ts';
import { clockOf, findDemo } from '../server/demo-mode.ts';
import { type Engine, openEngine } from '../server/engine.ts';
import { contextOf } from '../server/http.ts';

export interface Opened {
  readonly engine: Engine;
  readonly database: Database;
  /** As the product itself: whoever may run commands on the machine holds the data anyway. */
  readonly ctx: Ctx;
}

export interface DataFlag {
  readonly data?: string;
}
export const dataOption = ['--data <文件夹>', '自带数据库的数据文件夹（或环境变量 KANGTU_DATA）'] as const;

/** Runs `work` on the database, starting the engine unless it runs already. Progress goes to stderr, results to stdout. */
export const withDatabase = async <T>({ data }: DataFlag, work: (opened: Opened) => Promise<T>): Promise<T> => {
  const engine = await openEngine({ folder: data, attach: true, log: (line) => console.error(line) });
  const database = openDatabase(engine.app, 4);
  try {
    const clock = clockOf(await findDemo(database));
    return await work({ engine, database, ctx: contextOf({ packs: getPackLibrary(), clock }, machineActor, 'cli') });
  } finally {
    await database.close();
    await engine.stop();
  }
};
