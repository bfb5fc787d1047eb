// A whole server on its own copy of the test database, called over HTTP as any actor, for the tests of every slice.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { afterAll, inject } from 'vitest';
import { type Actor, machineActor, type Role } from '../kernel/access.ts';
import { type Clock, dayAt } from '../kernel/calendar.ts';
import { type Connection, type Database, openDatabase, type Tx } from '../kernel/database.ts';
import type { EntryDraft } from '../kernel/entry.ts';
import { findJob, type JobState, type Jobs, openJobs } from '../kernel/jobs.ts';
import { openKeys } from '../kernel/key-ring.ts';
import { roles } from '../kernel/migrate.ts';
import { holdPacks } from '../policy/held-packs.server.ts';
import { getPackLibrary, type PackLibrary } from '../policy/library.ts';
import { appPassword, testMasterKeys } from './database-for-tests.ts';
import { contextOf, createHttp } from './http.ts';
import { jobTypes, journal } from './slices.ts';

/** A clock that tests set: `clock.set('2024-03-01')` is nine in the morning of that day in China. */
export interface TestClock extends Clock {
  set(day: string, time?: string): void;
}
const testClock = (): TestClock => {
  let instant = '2024-11-14T01:00:00.000Z';
  return {
    now: () => instant,
    today: () => dayAt(instant),
    set: (day, time = '09:00') => {
      instant = new Date(`${day}T${time}:00+08:00`).toISOString();
    },
  };
};

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly fields: Record<string, string>;
  readonly cites: string[];
}
export interface Reply<T = unknown> {
  readonly status: number;
  readonly body: T;
  /** The refusal's code when the reply is a problem. */
  readonly code?: string;
}

export interface TestApp {
  readonly database: Database;
  readonly clock: TestClock;
  readonly journal: typeof journal;
  readonly packs: PackLibrary;
  /** Calls an operation over HTTP: `call(actor, 'POST', '/sessions', {...})`; GET input goes to the query. */
  call<T = never>(
    actor: Actor | null,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    input?: object,
  ): Promise<Reply<T>>;
  /** Records entries as the product itself, past roles and moves: for states that a test starts from. */
  record(...drafts: EntryDraft[]): Promise<void>;
  /** Reads as the product itself (sees all). */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Runs the background jobs of the slices until this one is over, and gives its last state as the product sees it. */
  finishJob(id: string): Promise<JobState>;
  /** The admin's connection to this database: for looking past row-level security. */
  readonly admin: pg.Pool;
  /** Of the app's login role. */
  readonly connection: Connection;
  /** What broke in the server since somebody last took it away from here. */
  readonly faults: unknown[];
  /** The server itself, for answers that are not JSON. */
  readonly http: ReturnType<typeof createHttp>;
}

export const newId = (): string => uuidv7();

/** An actor of a role; scope defaults to Bazhou district of Bazhong. */
export const anActor = (role: Role, options: Partial<Omit<Actor, 'role'>> = {}): Actor => ({
  user: options.user ?? `${role}-${options.scope ?? '511902'}-${options.organisation ?? 'office'}`,
  name: options.name ?? '测试员',
  role,
  organisation: options.organisation ?? null,
  scope: options.scope ?? '511902',
});

const query = (input: object): string => {
  const pairs = Object.entries(input).filter(([, value]) => value !== undefined);
  return pairs.length ? `?${new URLSearchParams(pairs.map(([k, v]) => [k, String(v)]))}` : '';
};

/** Opens a server on a fresh copy of the template; closed after the test file. Call it once per file, at top level. */
export const openTestApp = async (): Promise<TestApp> => {
  const server = inject('postgres');
  const name = `kangtu_test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const root = new pg.Client({ ...server });
  await root.connect();
  await root.query(`create database ${name} template ${inject('template')}`);
  const connection = { ...server, database: name, user: roles.app, password: appPassword };
  const database = openDatabase(connection, { keys: await openKeys(connection, testMasterKeys), max: 10 });
  const admin = new pg.Pool({ ...server, database: name, max: 2 });
  // Dropping the database below may reach a connection that is still saying goodbye.
  admin.on('error', () => undefined);
  const clock = testClock();
  const shipped = getPackLibrary();
  // Tests may add packs of their own, which other files in the same process are not to meet.
  const packs = { ...shipped, packs: new Map(shipped.packs) };
  const faults: unknown[] = [];
  const http = createHttp({
    database,
    packs,
    clock,
    actorOf: async (request) =>
      JSON.parse(decodeURIComponent(String(request.headers['x-test-actor'] ?? 'null'))) as Actor | null,
    onFault: (_, error) => faults.push(error),
  });
  afterAll(async () => {
    await http.close();
    await (await jobs)?.stop();
    await database.close();
    await admin.end();
    await root.query(`drop database ${name} with (force)`);
    await root.end();
  });
  let jobs: Promise<Jobs> | undefined;
  const openTestJobs = () =>
    openJobs({
      connection,
      database,
      types: jobTypes,
      contextOf: (actor, job) => contextOf({ packs: holdPacks(database, packs).known(), clock }, actor, job),
      onFault: (_, error) => faults.push(error),
    });
  const finishJob: TestApp['finishJob'] = async (id) => {
    jobs ??= openTestJobs();
    await jobs;
    for (;;) {
      const fault = faults.pop();
      if (fault) throw fault;
      const job = await database.as(machineActor, (tx) => findJob(tx, id));
      if (!job) throw new Error(`no job ${id}`);
      if (job.state === 'done' || job.state === 'failed') return job;
      await sleep(50);
    }
  };
  const call: TestApp['call'] = async (actor, method, path, input = {}) => {
    const response = await http.inject({
      method,
      url: `/api${path}${method === 'GET' ? query(input) : ''}`,
      headers: {
        'x-test-actor': encodeURIComponent(JSON.stringify(actor)),
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      },
      ...(method === 'GET' ? {} : { payload: JSON.stringify(input) }),
    });
    if (response.statusCode >= 500) throw faults.pop() ?? new Error(response.body);
    // A file's bytes stay bytes.
    const isJson = String(response.headers['content-type'] ?? '').includes('json');
    const body = isJson ? JSON.parse(response.body) : response.body ? response.rawPayload : null;
    return { status: response.statusCode, body, ...(response.statusCode >= 400 ? { code: body.code } : {}) };
  };
  return {
    database,
    clock,
    journal,
    packs,
    call,
    record: async (...drafts) => {
      const ctx = contextOf({ packs, clock }, machineActor, 'test');
      await database.as(machineActor, (tx) => journal.append(tx, ctx, drafts));
    },
    read: (work) => database.as(machineActor, work),
    finishJob,
    admin,
    connection,
    faults,
    http,
  };
};
