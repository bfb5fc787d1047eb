// The embedded PostgreSQL: started in a data folder as a child, or adopted when it outlived a Kangtu that was killed.
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { dropOldEngines, type Engine, provideEngine } from './cluster-engine.ts';
import {
  explainFileError,
  explainOutput,
  isStillEnding,
  refuseFolderInUse,
  refuseServerFailed,
} from './cluster-failure.ts';
import { type DataFolder, openFolder, openSocketFolder, writeSettings } from './cluster-folder.ts';
import { findProcessMark, findWorkingFolder, isPidTaken, type Lock, takeLock } from './cluster-lock.ts';
import {
  endServer,
  findPidFile,
  initData,
  type PidFile,
  type Postmaster,
  signalServer,
  spawnServer,
  superuser,
  watchPostmaster,
} from './cluster-server.ts';

export { defaultFolder } from './cluster-folder.ts';

/** How to reach the server as its superuser; `host` is a folder when it listens on a Unix socket. */
export interface Admin {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** A running PostgreSQL that this process started or adopted. */
export interface Cluster {
  /** Settings for pg.Pool and pg.Client; the caller adds the database. */
  readonly admin: Admin;
  readonly kind: 'started' | 'adopted';
  readonly pid: number;
  readonly folder: string;
  /** Fast shutdown (open transactions are rolled back); resolves when the server is gone. Idempotent. */
  stop(): Promise<void>;
  /** Told when the server ends without being asked to, at once if it has already; the folder is then free to start again. */
  onExit(listener: (code: number | null) => void): void;
}

export interface ClusterOptions {
  folder: string;
  /** Listen on this port of 127.0.0.1 instead of a Unix socket. On Windows, which has none that pg uses, a free port is the default. */
  port?: number;
  /** Settings of PostgreSQL that overrule Kangtu's, such as `shared_buffers`. */
  settings?: Readonly<Record<string, string>>;
  /** Told, in Chinese, of steps that take a while. */
  log?: (line: string) => void;
}

/**
 * Starts or adopts the server of a data folder, making the data on first use.
 * Refuses `folderInUse`, `folderUnwritable`, `diskFull`, `portTaken`, `platformUnknown`, `serverFailed`.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  let lock: Lock | undefined;
  try {
    const place = await openFolder(options.folder);
    lock = takeLock(place.folder);
    return await startLocked(place, lock, options);
  } catch (error) {
    lock?.release();
    throw explainFileError(error, options.folder);
  }
}

/** A URL that pg and libpq read, for sockets too. */
export function connectionUrl(admin: Admin, database: string): string {
  const host = admin.host.startsWith('/') ? encodeURIComponent(admin.host) : admin.host;
  const login = `${encodeURIComponent(admin.user)}:${encodeURIComponent(admin.password)}`;
  return `postgres://${login}@${host}:${admin.port}/${encodeURIComponent(database)}`;
}

async function startLocked(place: DataFolder, lock: Lock, options: ClusterOptions): Promise<Cluster> {
  const log = options.log ?? (() => {});
  const engine = await provideEngine(place.folder, { copy: place.account !== undefined, log });
  const survivor = await findSurvivor(place.data, log);
  if (survivor !== undefined) {
    const admin = adminOf(survivor, await getPassword(place));
    if (!(await canLogIn(admin))) throw refuseStranger(place, survivor.pid);
    log(`接管仍在运行的数据库（进程号 ${survivor.pid}）。`);
    return openCluster('adopted', { place, lock, engine, admin, postmaster: watchPostmaster(survivor.pid) });
  }

  if (!existsSync(place.data)) {
    log('首次启动：正在初始化数据库…');
    await initData(place, engine);
  }
  await checkVersion(place, engine);
  const password = await getPassword(place);
  const socketFolder =
    process.platform === 'win32' || options.port !== undefined ? undefined : await openSocketFolder(place);
  const port = options.port ?? (socketFolder === undefined ? await findFreePort() : 5432);
  await writeSettings(place, { port, socketFolder }, options.settings ?? {});
  const { postmaster, pidFile } = await runUntilReady(place, engine, { port, log });
  const admin = adminOf(pidFile, password);
  const cluster = openCluster('started', { place, lock, engine, admin, postmaster });
  if (!(await canLogIn(admin))) {
    await cluster.stop();
    throw refuseServerFailed(`文件 ${place.passwordFile} 中的口令与数据库不符，请从备份恢复该文件。`);
  }
  await dropOldEngines(place.folder, engine.version);
  return cluster;
}

/** The living postmaster of the data, once it accepts connections. */
async function findSurvivor(data: string, log: (line: string) => void): Promise<PidFile | undefined> {
  for (let told = false; ; told = true) {
    const found = await findPidFile(data);
    if (found === undefined || !isPidTaken(found.pid)) return undefined; // a file left behind is PostgreSQL's to replace
    const works = findWorkingFolder(found.pid);
    if (findProcessMark(found.pid) === undefined || (works !== undefined && works !== data)) {
      // A zombie, or another program with the number of a dead server (usual in containers): PostgreSQL would take it for a
      // living server and give up. It still finds orphaned processes on the data by their shared memory.
      await rm(join(data, 'postmaster.pid'), { force: true });
      return undefined;
    }
    if (found.status === 'ready') return found;
    if (!told) log('上次的数据库尚在启动或停止，正在等待…');
    await sleep(100);
  }
}

// Without /proc a dead server's number may have gone to another program: then the file that names it can be deleted.
const refuseStranger = ({ folder, data }: DataFolder, pid: number): Error =>
  refuseFolderInUse(folder, pid, findWorkingFolder(pid) === undefined ? join(data, 'postmaster.pid') : undefined);

async function getPassword({ passwordFile }: DataFolder): Promise<string> {
  return readFile(passwordFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw refuseServerFailed(`缺少文件 ${passwordFile}，请从备份恢复该文件。`);
  });
}

const adminOf = ({ port, socketFolder }: PidFile, password: string): Admin => ({
  host: socketFolder ?? '127.0.0.1',
  port,
  user: superuser,
  password,
});

/** False when the password is wrong or nothing listens there. */
async function canLogIn(admin: Admin): Promise<boolean> {
  const client = new pg.Client({ ...admin, database: 'postgres', connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // a server that ends just now is told by onExit
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function checkVersion(place: DataFolder, engine: Engine): Promise<void> {
  const data = (await readFile(join(place.data, 'PG_VERSION'), 'utf8')).trim();
  const [program] = engine.version.split('.');
  if (data !== program)
    throw refuseServerFailed(
      `数据由 PostgreSQL ${data} 写成，而程序是 PostgreSQL ${program}。请用原版本的康途备份（kangtu backup），再用新版本恢复（kangtu restore）。`,
    );
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** Recovery after a crash may take minutes, so there is no limit of time while the server lives. */
async function runUntilReady(
  place: DataFolder,
  engine: Engine,
  { port, log }: { port: number; log: (line: string) => void },
): Promise<{ postmaster: Postmaster; pidFile: PidFile }> {
  const giveUpAt = performance.now() + 15_000;
  for (;;) {
    const { postmaster, output } = await spawnServer(place, engine, port);
    const slow = setTimeout(() => log('数据库正在恢复上次未完成的写入，请稍候…'), 5_000);
    while (!postmaster.isOver()) {
      const pidFile = await findPidFile(place.data);
      if (pidFile?.pid === postmaster.pid && pidFile.status === 'ready') {
        clearTimeout(slow);
        return { postmaster, pidFile };
      }
      await sleep(10);
    }
    clearTimeout(slow);
    const text = await output();
    if (!isStillEnding(text) || performance.now() > giveUpAt) throw explainOutput(text, place.folder, port);
    await sleep(200);
  }
}

interface Parts {
  place: DataFolder;
  lock: Lock;
  engine: Engine;
  admin: Admin;
  postmaster: Postmaster;
}

function openCluster(kind: Cluster['kind'], { place, lock, engine, admin, postmaster }: Parts): Cluster {
  const listeners: ((code: number | null) => void)[] = [];
  let stopping: Promise<void> | undefined;
  let death: { code: number | null } | undefined;

  // For a process that ends without calling stop: the server shuts down by itself after us.
  const lastResort = () => {
    signalServer(postmaster, engine, 'INT');
    lock.release();
  };
  process.on('exit', lastResort);
  const close = () => {
    process.off('exit', lastResort);
    lock.release();
  };
  void postmaster.ended.then((code) => {
    close();
    if (stopping !== undefined) return;
    death = { code };
    for (const listener of listeners) listener(code);
  });

  const stop = async () => {
    await endServer(postmaster, engine);
    close();
  };
  return {
    admin,
    kind,
    pid: postmaster.pid,
    folder: place.folder,
    stop: () => (stopping ??= stop()),
    onExit: (listener) => {
      listeners.push(listener);
      const past = death;
      if (past !== undefined) queueMicrotask(() => listener(past.code));
    },
  };
}
