// A server with real sign-in on its own copy of the test database: accounts, cookies, and a clock that tests set.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { afterAll, inject } from 'vitest';
import { machineActor } from '../kernel/access.ts';
import { type Clock, dayAt } from '../kernel/calendar.ts';
import { openDatabase } from '../kernel/database.ts';
import { openKeys } from '../kernel/key-ring.ts';
import { roles } from '../kernel/migrate.ts';
import { putSetting } from '../kernel/setting.ts';
import { accountHandlers, createAccount } from '../network/account.server.ts';
import type { AccountRole } from '../network/account.ts';
import { type SignInRules, signInSetting } from '../network/sign-in-rules.ts';
import { getPackLibrary } from '../policy/library.ts';
import { appPassword, testMasterKeys } from './database-for-tests.ts';
import { clockOf, findDemo } from './demo-mode.ts';
import { contextOf, createHttp } from './http.ts';
import { addJobRoutes } from './job-routes.ts';
import { createSignIn } from './sign-in.ts';

export const password = 'Correct-horse-9';
const host = 'localhost:8080';

/** Real time, and then as much later as a test says. */
const shiftedClock = (): Clock & { later(minutes: number): void } => {
  let shift = 0;
  const now = () => new Date(Date.now() + shift).toISOString();
  return {
    now,
    today: () => dayAt(now()),
    later: (minutes) => {
      shift += minutes * 60_000;
    },
  };
};

interface Made {
  readonly password?: string;
  readonly role?: AccountRole;
  readonly scope?: string;
}

/** Call it once per file, at top level. */
export const openSignInWorld = async () => {
  const name = `kangtu_test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const server = inject('postgres');
  const root = new pg.Client({ ...server });
  await root.connect();
  await root.query(`create database ${name} template ${inject('template')}`);
  const admin = new pg.Pool({ ...server, database: name, max: 1 });
  admin.on('error', () => undefined);
  const connection = { ...server, database: name, user: roles.app, password: appPassword };
  const database = openDatabase(connection, { keys: await openKeys(connection, testMasterKeys), max: 4 });
  const packs = getPackLibrary();
  const clock = shiftedClock();
  const closing: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closing) await close();
    await database.close();
    await admin.end();
    await root.query(`drop database ${name} with (force)`);
    await root.end();
  });

  /** A server; each has its own memory, as several on one database have. */
  const open = async (options: { secure?: boolean; publicUrl?: string; clientSecret?: string } = {}) => {
    const demo = await findDemo(database);
    const own = demo ? clockOf(demo) : clock;
    const signIn = createSignIn({
      ...options,
      connection,
      database,
      packs,
      secret: 'x'.repeat(40),
      clock: own,
      demo,
    });
    const app = createHttp({ database, packs, clock: own, actorOf: signIn.actorOf });
    signIn.addRoutes(app);
    addJobRoutes(app, { database, actorOf: signIn.actorOf });
    closing.push(async () => {
      await app.close();
      await signIn.close();
    });
    return app;
  };
  const ctx = () => contextOf({ packs, clock }, machineActor, 'test');
  const account = (username: string, more: Made = {}) =>
    database.as(machineActor, (tx) =>
      createAccount(tx, ctx(), {
        id: uuidv7(),
        username,
        name: '王五',
        role: 'health',
        scope: '511902',
        password,
        ...more,
      }),
    );
  /** As the administrator does it. */
  const asAdmin = <T>(work: (handlers: typeof accountHandlers, ...rest: AdminRest) => Promise<T>): Promise<T> => {
    const actor = { ...machineActor, user: 'admin', role: 'systemAdmin' as const };
    return database.as(actor, (tx) => work(accountHandlers, tx, { ...ctx(), actor }));
  };
  const setRules = (rules: Partial<SignInRules>) =>
    database.as(machineActor, (tx) => putSetting(tx, signInSetting, signInSetting.schema.parse(rules)));
  return { database, admin, clock, open, account, asAdmin, setRules, ctx };
};
type AdminRest = [tx: Parameters<typeof createAccount>[0], ctx: Parameters<typeof createAccount>[1]];
export type SignInApp = Awaited<ReturnType<Awaited<ReturnType<typeof openSignInWorld>>['open']>>;

export const post = (
  app: SignInApp,
  url: string,
  payload: object,
  headers: Record<string, string> = {},
  remoteAddress = '127.0.0.1',
) => app.inject({ method: 'POST', url, payload, headers: { host, ...headers }, remoteAddress });
export const get = (app: SignInApp, url: string, cookie: string) =>
  app.inject({ method: 'GET', url, headers: { host, cookie } });
export const me = (app: SignInApp, cookie: string) => get(app, '/api/me', cookie);

let addresses = 0;
/** Each time from another address, so that only the count by name is in the way. */
export const enter = (app: SignInApp, username: string, word = password) => {
  addresses += 1;
  const address = `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses & 255}`;
  return post(app, '/api/auth/sign-in/username', { username, password: word }, {}, address);
};
export const cookieOf = (reply: { headers: Record<string, unknown> }): string =>
  String(reply.headers['set-cookie'] ?? '').split(';')[0] ?? '';
