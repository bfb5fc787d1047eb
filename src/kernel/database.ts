// The only way to PostgreSQL: typed transactions as an actor, under row-level security that the login role cannot leave.
import {
  type DatabaseConnection,
  Kysely,
  type KyselyPlugin,
  PostgresDialect,
  type QueryExecutor,
  sql,
  type Transaction,
} from 'kysely';
import pg from 'pg';
import { type Actor, reachOf } from './access.ts';
import type { Keys } from './keys.ts';
import { Refusal } from './refusal.ts';

// biome-ignore lint/complexity/noBannedTypes: each slice adds its own tables with withTables<…>()
export type Tables = {};
export type Tx = Transaction<Tables>;

export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly ssl?: boolean | object;
}

export interface Database {
  /**
   * Runs `work` in one transaction as `actor`: RLS sees the actor's scope, reach and organisation. Commits, or rolls back on any throw.
   * The statement of `closing` travels together with the commit; it fails as one of `work` does.
   */
  as<T>(
    actor: Actor,
    work: (tx: Tx) => Promise<T>,
    closing?: (tx: Tx, result: Awaited<T>) => Promise<unknown>,
  ): Promise<T>;
  /** With which what is read is opened and what is written sealed; undefined where rows are carried on as they are. */
  readonly keys: Keys | undefined;
  /** The pool of the app's login role, for libraries that bring their own tables (sign-in, jobs). */
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

const { builtins } = pg.types;
const parsers = new Map<number, (text: string) => unknown>([
  [builtins.DATE, (text) => text],
  [builtins.TIMESTAMPTZ, (text) => new Date(text).toISOString()],
  [
    builtins.INT8,
    (text) => {
      const value = Number(text);
      if (!Number.isSafeInteger(value)) throw new RangeError(`int8 ${text} does not fit a number`);
      return value;
    },
  ],
  [builtins.NUMERIC, (text) => text],
]);
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    parsers.get(oid) ?? pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

/** Statements that a connection keeps prepared, by text. Beyond this many texts the others are planned each time. */
const preparedLimit = 500;
const preparedNames = new Map<string, string>();
const nameOf = (text: string): string | undefined => {
  const known = preparedNames.get(text);
  if (known || preparedNames.size >= preparedLimit) return known;
  const name = `k${preparedNames.size}`;
  preparedNames.set(text, name);
  return name;
};

/**
 * A client that prepares each parameterised statement once per connection, and writes statements issued at once in one system call.
 * Row-level security makes planning cost more than running for small statements, and every statement of the product is one of a few
 * hundred texts.
 */
class PreparingClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: passes the overloads of pg through
  override query(...args: any[]): any {
    const [text, values, ...rest] = args;
    const name = typeof text === 'string' && Array.isArray(values) && values.length > 0 ? nameOf(text) : undefined;
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const run = super.query as (...all: any[]) => unknown;
    const { stream } = this.connection;
    stream.cork();
    process.nextTick(() => stream.uncork());
    return name ? run.call(this, { name, text, values }, ...rest) : run.apply(this, args);
  }
}

/**
 * A connection that the server drops must not end the process, be it idle or between two statements of a transaction: the next
 * statement on it fails, and the next transaction opens another.
 */
export const tolerateLoss = (pool: pg.Pool): pg.Pool =>
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));

export const openPool = (connection: Connection, max = 20): pg.Pool => {
  const pool = new pg.Pool({
    Client: PreparingClient,
    ...connection,
    // Statements issued at once travel together (see `together`); each still has its own outcome.
    pipeline: true,
    max,
    types,
    application_name: 'kangtu',
    connectionTimeoutMillis: 10_000,
  });
  return tolerateLoss(pool);
};

const setting = (name: string, value: string): string => `set local kangtu.${name} = ${pg.escapeLiteral(value)};`;
/** `unset` is read as null: no area at all. The empty scope is the nation. */
const actorSettings = (actor: Actor): string =>
  setting('scope', actor.scope) +
  setting('role', actor.role) +
  setting('reach', reachOf(actor)) +
  setting('organisation', actor.organisation ?? '') +
  setting('actor', actor.user);

/** The faults of PostgreSQL that mean an expected no; all others are bugs, or the engine being away. */
export const toRefusal = (error: unknown): unknown => {
  if (!(error instanceof pg.DatabaseError)) return error;
  if (error.code === '23505')
    return new Refusal('duplicate', `已存在相同的记录（${error.constraint ?? error.table ?? ''}）。`, {
      kind: 'conflict',
    });
  if (error.code === '23503')
    return new Refusal('missingReference', `引用的记录不存在（${error.constraint ?? ''}）。`, { kind: 'conflict' });
  if (error.code === '42501') return new Refusal('outOfScope', '这条记录不在您的管辖范围内。', { kind: 'access' });
  return error;
};

/** Classes 08 (connection) and 57P (shutdown, crash, starting) of PostgreSQL, and what the driver and the system say of a server that is not there. */
export const isDatabaseAway = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  // Libraries wrap what the driver said.
  if (error.cause !== undefined && isDatabaseAway(error.cause)) return true;
  const code = 'code' in error ? String(error.code) : '';
  if (/^(08\w{3}|57P\w{2}|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/.test(code)) return true;
  // The socket of the embedded engine is gone.
  if (code === 'ENOENT') return 'syscall' in error && error.syscall === 'connect';
  return /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
    error.message,
  );
};

/**
 * Waits for statements issued at once on one transaction, so that they share a round trip. All have ended, well or not, before the
 * first error is thrown: none runs on after the rollback.
 */
export const together = async <T extends readonly Promise<unknown>[]>(
  ...statements: T
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> => {
  const settled = await Promise.allSettled(statements);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as {
    -readonly [K in keyof T]: Awaited<T[K]>;
  };
};

/** A small write is mostly round trips: begin and the actor's settings go out with the first statement, `closing` with the commit. */
const inTransaction = async <T>(
  tx: Tx,
  actor: Actor,
  work: (tx: Tx) => Promise<T>,
  closing?: (tx: Tx, result: Awaited<T>) => Promise<unknown>,
): Promise<T> => {
  // Settings, not a query: the isolation level can still be chosen.
  const begun = sql.raw(`begin;${actorSettings(actor)}`).execute(tx);
  try {
    // Without its settings a transaction sees and writes nothing, so that work may start before `begun` is known to be well.
    const [, result] = await together(begun, work(tx));
    await together(...(closing ? [closing(tx, result)] : []), sql.raw('commit').execute(tx));
    return result;
  } catch (error) {
    // A connection that is gone has rolled back by itself; the first error is the one to tell.
    await sql
      .raw('rollback')
      .execute(tx)
      .catch(() => undefined);
    throw error;
  }
};

interface Sides {
  /** The same transaction, which reads what is sealed as it is kept. */
  readonly sealed: Tx;
  readonly keys: Keys | undefined;
}
const sidesOf = new WeakMap<Tx, Sides>();

/** The same transaction without opening what is sealed: for whoever carries rows on as they are. */
export const asSealed = (tx: Tx): Tx => sidesOf.get(tx)?.sealed ?? tx;

/** The keys that a transaction reads and writes with. */
export const keysOf = (tx: Tx): Keys => {
  const keys = sidesOf.get(tx)?.keys;
  if (!keys) throw new Error('this database was opened without keys');
  return keys;
};

/** Opens in what is read whatever is sealed, with keys that are read over the same connection. */
const opening = (keys: Keys, tx: Tx): KyselyPlugin => ({
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => {
    await keys.open(tx, result.rows);
    return result;
  },
});

export interface DatabaseOptions {
  readonly keys?: Keys | undefined;
  /** Connections at most. */
  readonly max?: number;
}

export const openDatabase = (connection: Connection, { keys, max = 20 }: DatabaseOptions = {}): Database => {
  const pool = openPool(connection, max);
  const dialect = new PostgresDialect({ pool });
  const driver = dialect.createDriver();
  const kysely = new Kysely<Tables>({ dialect });
  /** Kysely's own transactions send one statement after the other. */
  const onConnection = (pooled: QueryExecutor, held: DatabaseConnection): Tx => {
    const executor = pooled.withConnectionProvider({ provideConnection: (consumer) => consumer(held) });
    const sealed = new Kysely<Tables>({ config: { dialect }, dialect, driver, executor }) as Tx;
    const opened = keys && executor.withPlugin(opening(keys, sealed));
    const tx = opened ? (new Kysely<Tables>({ config: { dialect }, dialect, driver, executor: opened }) as Tx) : sealed;
    for (const side of [sealed, tx]) sidesOf.set(side, { sealed, keys });
    return tx;
  };
  return {
    pool,
    keys,
    as: async (actor, work, closing) => {
      try {
        const executor = kysely.getExecutor();
        return await executor.provideConnection((held) =>
          inTransaction(onConnection(executor, held), actor, work, closing),
        );
      } catch (error) {
        throw toRefusal(error);
      }
    },
    close: () => kysely.destroy(),
  };
};

/**
 * Rows of an area's counties. Where the area is a county or a town of it, by equality, so that indexes and distributed tables are
 * found by it.
 */
export const countyIn = (column: string, area: string) =>
  area.length >= 6 ? sql`${sql.ref(column)} = ${area.slice(0, 6)}` : sql`starts_with(${sql.ref(column)}, ${area})`;

/**
 * Inside a transaction, lets `work` see every row of the actor's county, or of `county`, whatever the actor's reach, then restores the
 * actor. For writing what the writer may not read: the journal after a correction, an application by a member of the public, a file
 * pushed to another county.
 */
export const withCountyReach = async <T>(tx: Tx, work: () => Promise<T>, county?: string): Promise<T> => {
  const { rows } = await sql<{ reach: string; scope: string }>`
    select current_setting('kangtu.reach') as reach, current_setting('kangtu.scope') as scope`.execute(tx);
  const before = rows[0];
  if (!before) throw new Error('no actor settings');
  await sql.raw(setting('reach', 'area') + setting('scope', county ?? before.scope.slice(0, 6))).execute(tx);
  const result = await work();
  await sql.raw(setting('reach', before.reach) + setting('scope', before.scope)).execute(tx);
  return result;
};
