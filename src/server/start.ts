// Starts Kangtu: engine, schema, demo if asked, web app, HTTP; and stops all of it in order.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { machineActor } from '../kernel/access.ts';
import { chainAudit } from '../kernel/audit-chain.ts';
import { type Database, isDatabaseAway, openDatabase } from '../kernel/database.ts';
import { openJobs } from '../kernel/jobs.ts';
import type { Journal } from '../kernel/journal.ts';
import { Refusal } from '../kernel/refusal.ts';
import { hasAccounts } from '../network/account.server.ts';
import { holdPacks } from '../policy/held-packs.server.ts';
import { getPackLibrary, type PackLibrary } from '../policy/library.ts';
import { type BackupPlan, startDailyBackups } from './daily-backup.ts';
import { clockOf, type DemoLoad, findDemo, isDemoUnfinished, makeDemo } from './demo-mode.ts';
import { type Engine, type EngineOptions, openEngine } from './engine.ts';
import { describeFault } from './fault-text.ts';
import { contextOf, createHttp } from './http.ts';
import { addJobRoutes } from './job-routes.ts';
import { requestRates } from './limits.ts';
import { createSignIn } from './sign-in.ts';
import { jobTypes, journal } from './slices.ts';
import { buildWeb, webFolder } from './web-build.ts';
import { addWebFiles } from './web-files.ts';

export interface StartOptions extends Omit<EngineOptions, 'attach'> {
  readonly port: number;
  readonly host: string;
  /** Load the demo into an empty database. */
  readonly demo: boolean;
  /** The address that users open when it differs (behind a TLS proxy): `https://…` makes cookies Secure. Default: KANGTU_URL. */
  readonly publicUrl?: string | undefined;
  /** Daily backups while it runs; without it none is made by itself. */
  readonly backups?: BackupPlan | undefined;
  /** Serve the web app; the tests of the API alone do without. */
  readonly web?: boolean;
}

export interface RunningServer {
  readonly address: string;
  readonly isDemo: boolean;
  readonly hasAccounts: boolean;
  stop(): Promise<void>;
}

/** What demo/load.ts exports. */
interface DemoModule {
  loadDemo(
    options: DemoLoad & { journal: Journal; packs: PackLibrary; onProgress: (line: string) => void },
  ): Promise<void>;
}
const demoFile = new URL('../../demo/load.ts', import.meta.url);

const refusePort = (port: number): Refusal =>
  new Refusal(
    'portTaken',
    `本机端口 ${port} 已被其他程序占用。请停止该程序，或换一个端口：npm start -- --port ${port + 1}`,
    {
      kind: 'conflict',
    },
  );

/** Asked before the long work begins, so that the answer comes at once. */
const checkPort = (port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? refusePort(port) : error),
    );
    probe.listen(port, host, () => probe.close(() => resolve()));
  });

const isEmpty = (database: Database): Promise<boolean> =>
  database.as(machineActor, async (tx) => !(await hasAccounts(tx)));

const prepareDemo = async (engine: Engine, asked: boolean, log: (line: string) => void): Promise<void> => {
  const open = () => openDatabase(engine.app, { keys: engine.keys, max: 4 });
  let database = open();
  try {
    if (await isDemoUnfinished(database)) {
      log('上次没有装完演示数据，正在重新开始…');
      await database.close();
      await engine.recreate();
      database = open();
    }
    if (!asked || !existsSync(fileURLToPath(demoFile)) || !(await isEmpty(database))) return;
    log('首次启动：正在装入演示数据（约一分钟）…');
    const { loadDemo } = (await import(demoFile.href)) as DemoModule;
    const packs = getPackLibrary();
    await makeDemo(database, (demo) => loadDemo({ ...demo, journal, packs, onProgress: log }));
    await engine.analyze();
    log('演示数据已装入。');
  } finally {
    await database.close();
  }
};

const listen = async (app: FastifyInstance, { port, host }: StartOptions): Promise<string> => {
  try {
    return await app.listen({ port, host });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? refusePort(port) : error;
  }
};

const chainEveryMs = 60_000;

/** Chains the audit's lines now, all of them, and each minute the new ones. */
const startChaining = (database: Database, onFault: (id: string, error: unknown) => void) => {
  const chain = (options: { everything?: boolean } = {}): Promise<unknown> =>
    chainAudit(database, options).catch((error: unknown) => {
      if (!isDatabaseAway(error)) onFault('audit', error);
    });
  // Looking through half a year takes a while, which nobody has to wait for.
  let running = chain({ everything: true });
  const timer = setInterval(() => {
    running = running.then(() => chain());
  }, chainEveryMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
};

/** Ours at the identity server: never in the database, whose backups and readers are others. */
const readClientSecret = (): string | undefined => {
  const { KANGTU_SSO_SECRET: secret, KANGTU_SSO_SECRET_FILE: file } = process.env;
  return (secret || (file ? readFileSync(file, 'utf8') : '')).trim() || undefined;
};

/** Serves on an open engine. */
const serve = async (engine: Engine, options: StartOptions): Promise<RunningServer> => {
  const database = openDatabase(engine.app, { keys: engine.keys });
  const demo = await findDemo(database);
  const clock = clockOf(demo);
  const publicUrl = options.publicUrl ?? process.env.KANGTU_URL ?? '';
  const onFault = (id: string, error: unknown) => console.error(`[${id}] ${describeFault(error)}`);
  const packs = getPackLibrary();
  const held = holdPacks(database, packs);
  await held.current();
  const jobs = await openJobs({
    connection: engine.app,
    database,
    types: jobTypes,
    isAlone: engine.isAlone,
    contextOf: (actor, job) => contextOf({ packs: held.known(), clock }, actor, job),
    onFault,
  });
  const stopChaining = startChaining(database, onFault);
  const signIn = createSignIn({
    connection: engine.app,
    database,
    packs,
    secret: engine.keyFor('session cookies'),
    clock,
    demo,
    secure: publicUrl.startsWith('https:'),
    publicUrl,
    clientSecret: readClientSecret(),
  });
  const app = createHttp({
    database,
    packs,
    clock,
    actorOf: signIn.actorOf,
    onFault,
    publicUrl,
    rates: requestRates,
  });
  const backups =
    options.backups &&
    startDailyBackups(
      { admin: engine.admin, database, plan: options.backups, masterKeys: engine.masterKeys },
      options.log ?? (() => undefined),
    );
  const close = async () => {
    await app.close();
    await backups?.stop();
    await jobs.stop();
    await stopChaining();
    await signIn.close();
    await database.close();
  };
  try {
    signIn.addRoutes(app);
    addJobRoutes(app, { database, actorOf: signIn.actorOf });
    if (options.web ?? true) addWebFiles(app, webFolder);
    const address = await listen(app, options);
    return { address, isDemo: demo !== undefined, hasAccounts: !(await isEmpty(database)), stop: close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** Refusals as openEngine's, and `portTaken`, `webBuildFailed`. */
export const startServer = async (options: StartOptions): Promise<RunningServer> => {
  const log = options.log ?? (() => undefined);
  if (options.port) await checkPort(options.port, options.host);
  const building = (options.web ?? true) ? buildWeb(log) : Promise.resolve();
  // Its failure is told when it is awaited, not while the engine is opening.
  building.catch(() => undefined);
  const engine = await openEngine(options);
  try {
    await prepareDemo(engine, options.demo, log);
    await building;
    const server = await serve(engine, options);
    let stopping: Promise<void> | undefined;
    const stop = async () => {
      await server.stop();
      await engine.stop();
    };
    return { ...server, stop: () => (stopping ??= stop()) };
  } catch (error) {
    await engine.stop();
    throw error;
  }
};
