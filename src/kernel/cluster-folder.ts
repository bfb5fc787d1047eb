// The data folder of the embedded PostgreSQL: where it lies, what is in it, who owns what, and its settings file.
import { lstatSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { refuseFolderUnwritable } from './cluster-failure.ts';

/** The account the server runs as when Kangtu itself is root, which PostgreSQL refuses to be. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * folder/ kangtu.pid, kangtu.conf, postgres.password, start.log   of Kangtu's account
 *         engine/<version>/                                       of Kangtu's account, readable by all
 *         postgres/ (the data), socket/, log/                     of the server's account, closed to others
 */
export interface DataFolder {
  readonly folder: string;
  readonly data: string;
  readonly log: string;
  readonly passwordFile: string;
  readonly startLog: string;
  readonly account: Account | undefined;
}

/** KANGTU_DATA if set; else /var/lib/kangtu for root and ./data for anybody else. */
export function defaultFolder(): string {
  const asked = process.env.KANGTU_DATA;
  if (asked !== undefined && asked !== '') return resolve(asked);
  return process.getuid?.() === 0 ? '/var/lib/kangtu' : resolve('data');
}

/** Makes the folder if need be. Refuses `folderUnwritable` where the server's account could not get to it. */
export async function openFolder(asked: string): Promise<DataFolder> {
  await mkdir(asked, { recursive: true, mode: 0o700 });
  const folder = await realpath(asked);
  const data = join(folder, 'postgres');
  const account = await findAccount(data);
  if (account !== undefined) {
    await checkWayTo(folder, account);
    const { mode } = await stat(folder);
    if ((mode & 0o011) !== 0o011) await chmod(folder, (mode & 0o7777) | 0o011);
  }
  const log = join(folder, 'log');
  await makePrivate(log, account);
  const passwordFile = join(folder, 'postgres.password');
  return { folder, data, log, passwordFile, startLog: join(folder, 'start.log'), account };
}

async function findAccount(data: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(data).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const fields = passwd.match(/^nobody:.*$/m)?.[0].split(':') ?? [];
  // macOS writes -2, which chown takes only as an unsigned number.
  const idOf = (text: string | undefined) => (text === undefined ? 65534 : Number(text) >>> 0);
  return { uid: idOf(fields[2]), gid: idOf(fields[3]) };
}

async function canEnter(folder: string, { uid, gid }: Account): Promise<boolean> {
  const { mode, uid: owner, gid: group } = await stat(folder);
  const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
  return (mode & bit) !== 0;
}

async function checkWayTo(folder: string, account: Account): Promise<void> {
  for (let above = dirname(folder); ; above = dirname(above)) {
    if (!(await canEnter(above, account)))
      throw refuseFolderUnwritable(
        folder,
        `以 root 运行时，数据库改用普通账户（uid ${account.uid}）运行，而该账户不能进入 ${above}`,
      );
    if (above === dirname(above)) return;
  }
}

async function makePrivate(folder: string, account: Account | undefined): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (account !== undefined) await chown(folder, account.uid, account.gid);
}

// sun_path holds 104 bytes on macOS and 108 on Linux, the closing zero among them.
const fitsSocket = (folder: string): boolean => Buffer.byteLength(join(folder, '.s.PGSQL.5432')) <= 103;

/** The socket's folder: `socket/`, or, where that path is too long for a socket, a private one for temporary files, recorded in `socket.path`. */
export async function openSocketFolder({ folder, account }: DataFolder): Promise<string> {
  const own = join(folder, 'socket');
  if (fitsSocket(own)) {
    await makePrivate(own, account);
    return own;
  }
  const record = join(folder, 'socket.path');
  const known = await readFile(record, 'utf8').catch(() => undefined);
  if (known !== undefined && fitsSocket(known) && isPrivate(known, account?.uid ?? process.getuid?.())) return known;
  for (const base of new Set([tmpdir(), '/tmp'])) {
    if (!fitsSocket(join(base, 'kangtu-XXXXXX'))) continue;
    if (account !== undefined && !(await canEnter(base, account).catch(() => false))) continue;
    const made = await mkdtemp(join(base, 'kangtu-'));
    await makePrivate(made, account);
    await writeAtOnce(record, made, 0o600);
    return made;
  }
  throw refuseFolderUnwritable(folder, '路径过长，无法放置数据库的套接字文件');
}

function isPrivate(folder: string, uid: number | undefined): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === uid && (found.mode & 0o777) === 0o700;
}

/** Writes a file so that a reader, or a machine that loses power, has the old one or the new one. */
async function writeAtOnce(file: string, text: string, mode: number): Promise<void> {
  await writeFile(`${file}.new`, text, { mode, flush: true });
  await chmod(`${file}.new`, mode);
  await rename(`${file}.new`, file);
}

/** Sized for an office machine of 4 GB that runs Kangtu beside it. */
const ordinary: Readonly<Record<string, string>> = {
  shared_buffers: '256MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  effective_cache_size: '1GB',
  max_connections: '60',
  random_page_cost: '1.1',
  jit: 'off',
  // Left at replica so that an operator can archive WAL; minimal would gain only in bulk loads.
  wal_level: 'replica',
  // The audit's lines of mere reading do not wait for the disk: they are on it this soon (three times as late at worst).
  wal_writer_delay: '10ms',
  password_encryption: 'scram-sha-256',
  lc_messages: 'C',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'on',
  log_filename: 'postgresql-%Y-%m-%d_%H%M%S.log',
  log_rotation_size: '10MB',
  log_rotation_age: '0',
  log_file_mode: '0600',
  // DETAIL lines repeat the values of rows, which may be personal data.
  log_error_verbosity: 'terse',
};

/** Where the server listens: a folder for its socket, or else loopback TCP. */
export interface Listening {
  readonly port: number;
  readonly socketFolder: string | undefined;
}

/** Writes `kangtu.conf`, which the server's own postgresql.conf includes; `ALTER SYSTEM` still overrules it. */
export async function writeSettings(
  place: DataFolder,
  listening: Listening,
  asked: Readonly<Record<string, string>>,
): Promise<void> {
  const { port, socketFolder } = listening;
  const settings = {
    ...ordinary,
    listen_addresses: socketFolder === undefined ? '127.0.0.1' : '',
    port: String(port),
    // A list: double quotes keep commas and spaces of a path from parting it.
    unix_socket_directories: socketFolder === undefined ? '' : `"${socketFolder.replaceAll('"', '""')}"`,
    unix_socket_permissions: '0700',
    log_directory: place.log,
    ...asked,
  };
  // In the file a backslash begins an escape, and a quote is doubled.
  const quote = (value: string) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${quote(value)}`);
  const head = '# Written by Kangtu at every start. For lasting changes use ALTER SYSTEM.';
  await writeAtOnce(join(place.folder, 'kangtu.conf'), `${[head, ...lines].join('\n')}\n`, 0o644);
}
