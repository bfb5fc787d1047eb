// Background jobs: started in the caller's transaction, run by pg-boss, with progress that their owner can watch.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type pg from 'pg';
import { getConstructionPlans, getMigrationPlans, PgBoss } from 'pg-boss';
import { z } from 'zod';
import { type Actor, machineActor } from './access.ts';
import { type Connection, type Database, isDatabaseAway, type Tx } from './database.ts';
import { Refusal } from './refusal.ts';

/** What a running job is given. `Ctx` is the application's context, of the actor who started the job. */
export interface JobRun<Ctx> {
  readonly id: string;
  readonly ctx: Ctx;
  readonly database: Database;
  /** Tells the owner how far it is; throws when the server is stopping, so a job ends at its next step and is run again later. No personal data. */
  progress(done: number, total: number | null, note?: string): Promise<void>;
}

/**
 * A kind of job. It must be idempotent: after a crash, a stop or a fault it is run again from its beginning with the same payload, so it
 * writes under ids derived from the payload (repeats are then passed over) or looks first what is done. A Refusal ends it for good.
 */
export interface JobType<Ctx, S extends z.ZodType = z.ZodType> {
  readonly kind: string;
  readonly payload: S;
  /** Resolves to the result (JSON, ids rather than personal data), told to the owner. */
  run(job: JobRun<Ctx>, payload: z.output<S>): Promise<unknown>;
}

export const defineJob =
  <Ctx>() =>
  <S extends z.ZodType>(type: JobType<Ctx, S>): JobType<Ctx> =>
    type as unknown as JobType<Ctx>;

export interface JobState {
  readonly id: string;
  readonly kind: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly done: number;
  readonly total: number | null;
  readonly note: string | null;
  readonly result: unknown;
  /** Grows with every change. */
  readonly version: number;
}

const schema = 'pgboss';
const queue = 'work';
const retryLimit = 5;
const queueOptions = {
  policy: 'standard',
  retryLimit,
  retryDelay: 5,
  retryBackoff: true,
  expireInSeconds: 12 * 3600,
  // A job whose server died is taken up again after this and the monitor's interval.
  heartbeatSeconds: 20,
  deleteAfterSeconds: 7 * 24 * 3600,
};

/** Makes or updates pg-boss's tables as the role that owns them; part of the migration, on its open connection. */
export const installJobQueue = async (client: pg.Client, owner: string, app: string): Promise<void> => {
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('${schema}.version') is not null as found`,
  );
  const version = rows[0]?.found
    ? Number((await client.query(`select version from ${schema}.version`)).rows[0].version)
    : null;
  await client.query(`create schema if not exists ${schema} authorization ${owner}`);
  await client.query(`set role ${owner}`);
  if (version === null) {
    await client.query(getConstructionPlans(schema, { createSchema: false }));
    await client.query(`select ${schema}.create_queue($1, $2)`, [queue, JSON.stringify(queueOptions)]);
  } else if (version < newestVersion()) await client.query(getMigrationPlans(schema, version));
  await client.query(`grant usage on schema ${schema} to ${app}`);
  await client.query(`grant select, insert, update, delete on all tables in schema ${schema} to ${app}`);
  await client.query(`grant execute on all functions in schema ${schema} to ${app}`);
  await client.query('reset role');
};

const newestVersion = (): number =>
  Number(/INSERT INTO \S+\.version\(version\) VALUES \('(\d+)'\)/.exec(getConstructionPlans(schema))?.[1]);

/** Starts a job: it is there when the transaction commits, and not when it does not. The same id again changes nothing. */
export const startJob = async (
  tx: Tx,
  ctx: { readonly actor: Actor; readonly now: string },
  job: { readonly id: string; readonly kind: string; readonly payload: object },
): Promise<void> => {
  // pg-boss documents plain inserts into its table as a way to start jobs; the queue's own settings are copied as it does itself.
  await sql`
    with own as (
      insert into job (id, kind, owner, actor, payload, state, done, version, created_at)
      values (${job.id}, ${job.kind}, ${ctx.actor.user}, ${JSON.stringify(ctx.actor)}::jsonb, ${JSON.stringify(job.payload)}::jsonb, 'waiting', 0, 1, ${ctx.now})
      on conflict (id) do nothing returning id)
    insert into pgboss.job (id, name, data, policy, retry_limit, retry_delay, retry_backoff, expire_seconds, deletion_seconds, heartbeat_seconds)
    select own.id, q.name, '{}'::jsonb, q.policy, q.retry_limit, q.retry_delay, q.retry_backoff, q.expire_seconds, q.deletion_seconds, q.heartbeat_seconds
    from own, pgboss.queue q where q.name = ${queue}`.execute(tx);
};

/** A job of the actor, or undefined. One that the queue gave up (its server died again and again) counts as failed. */
export const findJob = async (tx: Tx, id: string): Promise<JobState | undefined> => {
  const { rows } = await sql<JobState>`
    select j.id, j.kind, case when j.state in ('waiting', 'running') and b.state in ('failed', 'cancelled') then 'failed' else j.state end as state,
      j.done, j.total, j.note, j.result, j.version + coalesce((b.state in ('failed', 'cancelled'))::int, 0) as version
    from job j left join pgboss.job b on b.id = j.id and b.name = ${queue} where j.id = ${id}`.execute(tx);
  return rows[0];
};

interface Change {
  readonly state: JobState['state'];
  readonly done?: number;
  readonly total?: number | null;
  readonly note?: string | null;
  readonly result?: unknown;
}

const change = async (database: Database, id: string, { state, done, total, note, result }: Change): Promise<void> => {
  await database.as(machineActor, (tx) =>
    sql`update job set state = ${state}, done = coalesce(${done ?? null}::int, done),
      total = case when ${total !== undefined} then ${total ?? null}::int else total end,
      note = case when ${note !== undefined} then ${note ?? null} else note end,
      result = ${result === undefined ? null : JSON.stringify(result)}::jsonb, version = version + 1,
      finished_at = case when ${state === 'done' || state === 'failed'} then now() end
      where id = ${id}`.execute(tx),
  );
};

export interface JobsOptions<Ctx> {
  readonly connection: Connection;
  readonly database: Database;
  readonly types: readonly JobType<Ctx>[];
  contextOf(actor: Actor, job: string): Ctx;
  /** No other server runs jobs of this database: what is under way at the start was left behind by one that was killed. */
  readonly isAlone?: boolean;
  /** Faults that are bugs, and what the queue itself complains of (a database that is away). */
  onFault(job: string, error: unknown): void;
}

export interface Jobs {
  /** Takes no further job, gives the running ones a moment to end at their next step, and leaves them to the next start. */
  stop(): Promise<void>;
}

/** Told by `progress` of a job whose server is stopping. */
class Stopping extends Error {}

const stepMs = 250;
const awayMs = 250;

/** What pg-boss answers, untyped in its declarations. */
const Touched = z.object({ affected: z.int() });

/** What a worker of the queue knows of a job that it took. */
interface Taken {
  readonly id: string;
  readonly retryCount: number;
  /** Tells the queue that the job is at work; false when the queue has given it to another meanwhile. */
  keep(): Promise<boolean>;
}

const untilBack = async (job: Taken, isStopping: () => boolean): Promise<boolean> => {
  for (;;) {
    await sleep(awayMs);
    if (isStopping()) throw new Stopping();
    try {
      return await job.keep();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
    }
  }
};

const attempt = async <Ctx>(
  { database, types, contextOf }: JobsOptions<Ctx>,
  job: Taken,
  isStopping: () => boolean,
): Promise<void> => {
  const { rows } = await database.as(machineActor, (tx) =>
    sql<{
      kind: string;
      actor: Actor;
      payload: unknown;
    }>`select kind, actor, payload from job where id = ${job.id}`.execute(tx),
  );
  const row = rows[0];
  if (!row) return;
  const type = types.find(({ kind }) => kind === row.kind);
  if (!type) throw new Error(`no job of kind ${row.kind}`);
  let toldAt = 0;
  const run: JobRun<Ctx> = {
    id: job.id,
    ctx: contextOf(row.actor, job.id),
    database,
    progress: async (done, total, note) => {
      if (isStopping()) throw new Stopping();
      const now = performance.now();
      if (now - toldAt < stepMs && done !== total) return;
      toldAt = now;
      await change(database, job.id, { state: 'running', done, total, ...(note === undefined ? {} : { note }) });
    },
  };
  await change(database, job.id, { state: 'running', note: null });
  const result = await type.run(run, type.payload.parse(row.payload));
  await change(database, job.id, { state: 'done', note: null, result: result ?? null });
};

/** Tells the owner of a run that did not end well; throws for the queue to take the job up again. */
const settle = async <Ctx>({ database, onFault }: JobsOptions<Ctx>, job: Taken, error: unknown): Promise<void> => {
  if (error instanceof Refusal) return change(database, job.id, { state: 'failed', note: error.message });
  if (!(error instanceof Stopping || isDatabaseAway(error))) onFault(job.id, error);
  const isLast = job.retryCount >= retryLimit && !(error instanceof Stopping);
  await change(
    database,
    job.id,
    isLast ? { state: 'failed', note: `系统出错，编号 ${job.id}。` } : { state: 'waiting' },
  );
  throw error;
};

const runOne = async <Ctx>(options: JobsOptions<Ctx>, job: Taken, isStopping: () => boolean): Promise<void> => {
  // Repeated here when the database went away: the queue itself would find out only by the missing heartbeats. Not for ever,
  // for the job may be what brings the database down.
  for (let repeats = 0; ; repeats += 1) {
    try {
      return await attempt(options, job, isStopping);
    } catch (error) {
      if (!isDatabaseAway(error) || repeats === retryLimit) return settle(options, job, error);
    }
    if (!(await untilBack(job, isStopping))) return;
  }
};

/** Gives back to the queue, within its limit of retries, what a killed server had under way. */
const releaseOrphans = async (boss: PgBoss, database: Database): Promise<void> => {
  const { rows } = await database.as(machineActor, (tx) =>
    sql<{ id: string }>`select id from pgboss.job where name = ${queue} and state = 'active'`.execute(tx),
  );
  const ids = rows.map(({ id }) => id);
  if (!ids.length) return;
  await boss.fail(queue, ids, { message: 'the server was killed' });
  // The delay is for faults that may pass.
  await database.as(machineActor, (tx) =>
    sql`update pgboss.job set start_after = now() where name = ${queue} and state = 'retry' and id = any(${ids}::uuid[])`.execute(
      tx,
    ),
  );
};

/** Begins to run jobs, those first that a former server left behind. */
export const openJobs = async <Ctx>(options: JobsOptions<Ctx>): Promise<Jobs> => {
  const boss = new PgBoss({
    ...options.connection,
    schema,
    migrate: false,
    createSchema: false,
    schedule: false,
    max: 4,
    application_name: 'kangtu jobs',
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
  });
  let stopping = false;
  boss.on('error', (reported) => {
    // pg-boss reports some as plain objects with an error's properties.
    const error = reported instanceof Error ? reported : Object.assign(new Error(), reported);
    // It tries again by itself.
    if (!stopping && !isDatabaseAway(error)) options.onFault('jobs', error);
  });
  await boss.start();
  if (options.isAlone) await releaseOrphans(boss, options.database);
  const work = { batchSize: 1, localConcurrency: 2, pollingIntervalSeconds: 0.5 } as const;
  await boss.work(queue, work, async ([job]) => {
    if (!job) return;
    const keep = async () => Touched.parse(await boss.touch(queue, job)).affected > 0;
    await runOne(options, { id: job.id, retryCount: job.retryCount, keep }, () => stopping);
  });
  return {
    stop: async () => {
      stopping = true;
      await boss.stop({ graceful: true, timeout: 5_000, close: true });
    },
  };
};
