// The engine under the server and the commands: the embedded PostgreSQL of a data folder, or your own by its address.
import { hkdfSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Admin, type Cluster, defaultFolder, startCluster } from '../kernel/cluster.ts';
import { openFolder } from '../kernel/cluster-folder.ts';
import { findPidFile, superuser } from '../kernel/cluster-server.ts';
import { connectionOf } from '../kernel/connection.ts';
import type { Connection } from '../kernel/database.ts';
import { openKeys } from '../kernel/key-ring.ts';
import type { Keys } from '../kernel/keys.ts';
import { type MasterKeySource, masterKeyFile, masterKeySource } from '../kernel/master-key.ts';
import { migrate, roles } from '../kernel/migrate.ts';
import { Refusal } from '../kernel/refusal.ts';
import { isRestoreCut } from '../kernel/restore.ts';

export interface EngineOptions {
  /** `postgres://…` of your own server; empty: the embedded one. Default: KANGTU_DATABASE. */
  readonly url?: string | undefined;
  readonly folder?: string | undefined;
  /** Use a server that is already running on the folder (commands); otherwise a folder in use is refused. */
  readonly attach?: boolean;
  /** For a restoration: what an earlier one, which was cut, has left is thrown away. Otherwise it is refused (`restoreCut`). */
  readonly restores?: boolean;
  readonly log?: (line: string) => void;
}

export interface Engine {
  /** The login role that the app uses. */
  readonly app: Connection;
  /** What seals and opens personal fields. */
  readonly keys: Keys;
  readonly masterKeys: MasterKeySource;
  /** Who made the roles and may create databases. */
  readonly admin: Connection;
  /** Only this process serves on it: of the embedded engine, whose folder is locked. */
  readonly isAlone: boolean;
  /** Throws everything away and makes the database anew: only for a demo whose loading was cut off. */
  recreate(): Promise<void>;
  /**
   * Takes statistics of all tables: after a whole load. The server itself does so a minute later, until when the first pages would be
   * planned as if every table were empty, and take half a minute.
   */
  analyze(): Promise<void>;
  /** Keys of this installation for purposes such as signing cookies, derived and stored nowhere. */
  keyFor(purpose: string): string;
  stop(): Promise<void>;
}

const databaseName = 'kangtu';

interface Source {
  readonly admin: Connection;
  readonly isAlone: boolean;
  stop(): Promise<void>;
}

/** The embedded server, started again as often as it ends by itself; while it is away, queries fail and answer 503. */
const openEmbedded = async (folder: string, log: (line: string) => void): Promise<Source> => {
  let cluster: Cluster;
  let stopped = false;
  let restarting: Promise<void> | undefined;
  const restart = async (port: number | undefined): Promise<void> => {
    for (let wait = 100; !stopped; wait = Math.min(wait * 2, 10_000)) {
      try {
        watch(await startCluster({ folder, log, ...(port === undefined ? {} : { port }) }));
        log('数据库已恢复运行。');
        return;
      } catch (error) {
        log(`数据库未能重新启动，稍后再试：${error instanceof Error ? error.message : String(error)}`);
        await sleep(wait);
      }
    }
  };
  const watch = (started: Cluster): void => {
    cluster = started;
    // Where it listened stays, so that the pools find it again.
    const port = started.admin.host.startsWith('/') ? undefined : started.admin.port;
    started.onExit((code) => {
      if (stopped) return;
      log(`数据库意外停止（退出码 ${code ?? '无'}），正在重新启动…`);
      restarting = restart(port);
    });
  };
  const first = await startCluster({ folder, log });
  watch(first);
  return {
    admin: { ...first.admin, database: databaseName },
    isAlone: true,
    stop: async () => {
      stopped = true;
      await restarting;
      await cluster.stop();
    },
  };
};

const attachEmbedded = async (folder: string): Promise<Source | undefined> => {
  const place = await openFolder(folder);
  const found = await findPidFile(place.data);
  if (found?.status !== 'ready') return undefined;
  const password = await readFile(place.passwordFile, 'utf8');
  const admin: Admin = { host: found.socketFolder ?? '127.0.0.1', port: found.port, user: superuser, password };
  return { admin: { ...admin, database: databaseName }, isAlone: false, stop: async () => undefined };
};

const openOwn = (url: string): Source => {
  const admin = connectionOf(url);
  if (!admin.password)
    throw new Refusal('databaseAddress', '数据库地址中须有密码：postgres://用户:密码@主机:端口/数据库。', {
      kind: 'input',
    });
  return { admin, isAlone: false, stop: async () => undefined };
};

const openSource = async (options: EngineOptions, log: (line: string) => void): Promise<Source> => {
  const url = options.url ?? process.env.KANGTU_DATABASE;
  if (url) return openOwn(url);
  const folder = options.folder ?? defaultFolder();
  try {
    return await openEmbedded(folder, log);
  } catch (error) {
    const running = options.attach && error instanceof Refusal && error.code === 'folderInUse';
    const source = running ? await attachEmbedded(folder) : undefined;
    if (!source) throw error;
    return source;
  }
};

/** Creates the database if it is not there. */
const ensureDatabase = async (admin: Connection): Promise<void> => {
  const client = new pg.Client({ ...admin, connectionTimeoutMillis: 15_000 });
  try {
    await client.connect();
    return;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '3D000') throw explainConnect(error, admin);
  } finally {
    await client.end().catch(() => undefined);
  }
  const server = new pg.Client({ ...admin, database: 'postgres' });
  try {
    await server.connect();
    await server.query(`create database ${pg.escapeIdentifier(admin.database)} template template0 encoding 'UTF8'`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && error.code === '42P04')) throw explainConnect(error, admin);
  } finally {
    await server.end().catch(() => undefined);
  }
};

const explainConnect = (error: unknown, { host, port, database }: Connection): unknown => {
  if (!(error instanceof Error)) return error;
  return new Refusal('databaseUnreachable', `不能连接数据库 ${host}:${port}/${database}：${error.message}`, {
    kind: 'conflict',
  });
};

const refuseRestoreCut = (): Refusal =>
  new Refusal(
    'restoreCut',
    '这个数据库的恢复中途断了，内容不完整，不能使用。请再运行一次：kangtu restore <备份文件> --key <备份密钥文件>（先前恢复到一半的内容会自动清除）。',
    { kind: 'conflict' },
  );

/** Opens the engine, makes the database and brings it to the newest schema. Refusals as startCluster's, and `masterKeyMissing`, `masterKeyWrong`, `restoreCut`, `databaseAddress`, `databaseUnreachable`, `tooOld`, `tooNew`. */
export const openEngine = async (options: EngineOptions = {}): Promise<Engine> => {
  const log = options.log ?? (() => undefined);
  const source = await openSource(options, log);
  try {
    const { admin } = source;
    await ensureDatabase(admin);
    const keyFor = (purpose: string): string =>
      Buffer.from(hkdfSync('sha256', admin.password, '', `kangtu ${purpose}`, 32)).toString('base64url');
    const appPassword = keyFor('app login');
    await migrate(admin, appPassword);
    const app = { ...admin, user: roles.app, password: appPassword };
    const masterKeys = masterKeySource(masterKeyFile(options.folder ?? defaultFolder()));
    let keys = await openKeys(app, masterKeys);
    const recreate = async (): Promise<void> => {
      const server = new pg.Client({ ...admin, database: 'postgres' });
      await server.connect();
      await server
        .query(`drop database ${pg.escapeIdentifier(admin.database)} with (force)`)
        .finally(() => server.end());
      await ensureDatabase(admin);
      await migrate(admin, appPassword);
      keys = await openKeys(app, masterKeys);
    };
    const analyze = async (): Promise<void> => {
      const client = new pg.Client(admin);
      await client.connect();
      await client.query('analyze').finally(() => client.end());
    };
    if (await isRestoreCut(app)) {
      if (!options.restores) throw refuseRestoreCut();
      log('上次的恢复没有做完，正在清除它留下的内容…');
      await recreate();
    }
    return {
      admin,
      isAlone: source.isAlone,
      app,
      get keys() {
        return keys;
      },
      masterKeys,
      keyFor,
      recreate,
      analyze,
      stop: source.stop,
    };
  } catch (error) {
    await source.stop();
    throw error;
  }
};
