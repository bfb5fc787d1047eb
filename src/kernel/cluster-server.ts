// Runs the programs of the embedded PostgreSQL: initdb, the server's start, and what its postmaster.pid tells.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
import { appendFile, chown, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, platformName } from './cluster-engine.ts';
import { explainOutput, markLog, refusePlatformUnknown } from './cluster-failure.ts';
import type { Account, DataFolder } from './cluster-folder.ts';
import { findProcessMark } from './cluster-lock.ts';

export const superuser = 'postgres';

/** A postmaster, ours by birth or found alive. */
export interface Postmaster {
  readonly pid: number;
  isOver(): boolean;
  /** Its exit code; null when a signal ended it or it was not our child. */
  readonly ended: Promise<number | null>;
}

/** What the lines of postmaster.pid say: pidfile.h of PostgreSQL. */
export interface PidFile {
  readonly pid: number;
  readonly port: number;
  readonly socketFolder: string | undefined;
  readonly status: string;
}

export async function findPidFile(data: string): Promise<PidFile | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const socketFolder = lines[4] === undefined || lines[4] === '' ? undefined : lines[4];
  return { pid, port: Number(lines[3]), socketFolder, status: lines[7]?.trim() ?? '' };
}

// Only what the programs need: the environment of Kangtu may hold secrets, and the server's account must not read them.
function childEnvironment(): Record<string, string> {
  const names = ['PATH', 'SystemRoot', 'SystemDrive', 'TEMP', 'TMP', 'TMPDIR', 'DYLD_LIBRARY_PATH', 'LD_LIBRARY_PATH'];
  const kept = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

// The working folder must be one that the account can enter; Kangtu's own need not be.
const asAccount = (place: DataFolder) => ({
  cwd: place.folder,
  env: childEnvironment(),
  windowsHide: true,
  // Node takes signed numbers here, and the `nobody` of macOS is -2.
  ...(place.account === undefined ? {} : { uid: place.account.uid | 0, gid: place.account.gid | 0 }),
});

// The program is there, so ENOENT means that its loader is not: a C library other than the one it was built for (Alpine).
const explainSpawn = (error: NodeJS.ErrnoException): Error =>
  error.code === 'ENOENT' ? refusePlatformUnknown(`${platformName}，缺少 glibc`) : error;

function run(program: string, args: readonly string[], place: DataFolder): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...asAccount(place), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += String(part)));
    child.on('error', (error) => reject(explainSpawn(error)));
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

async function writePassword(file: string, account: Account | undefined): Promise<void> {
  await rm(file, { force: true });
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(randomBytes(24).toString('base64url'));
    if (account !== undefined) await handle.chown(account.uid, account.gid);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const removeFolder = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 10 });

/**
 * Makes the data, or leaves nothing: initdb works in a draft folder, and the last step is to rename that.
 * Every draft has its own name, for an initdb whose Kangtu was killed may still be writing to its own.
 * Collation is by code point and built in, so that orders and indexes do not depend on the machine.
 */
export async function initData(place: DataFolder, engine: Engine): Promise<void> {
  const prefix = `${place.data}.new-`;
  for (const name of await readdir(place.folder))
    if (join(place.folder, name).startsWith(prefix)) await removeFolder(join(place.folder, name));
  const draft = await mkdtemp(prefix);
  const password = `${place.passwordFile}.new`;
  try {
    if (place.account !== undefined) await chown(draft, place.account.uid, place.account.gid);
    await writePassword(password, place.account);
    const encoding = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const safety = ['--auth=scram-sha-256', `--pwfile=${password}`, '--data-checksums'];
    const args = ['-D', draft, '-U', superuser, ...encoding, ...safety];
    const { code, output } = await run(engine.program('initdb'), args, place);
    if (code !== 0) throw explainOutput(output, place.folder);
    const flag = constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0);
    await appendFile(join(draft, 'postgresql.conf'), "\ninclude = '../kangtu.conf'\n", { flag, flush: true });
    // From here on only Kangtu's account reads it.
    if (place.account !== undefined) await chown(password, 0, 0);
    await rename(password, place.passwordFile);
    await rename(draft, place.data);
  } finally {
    await removeFolder(draft);
    await rm(password, { force: true });
  }
}

/** A server that this process did not start: nothing tells of its end, so look twice a second. */
export function watchPostmaster(pid: number): Postmaster {
  const mark = findProcessMark(pid);
  const isOver = () => mark === undefined || findProcessMark(pid) !== mark;
  const ended = new Promise<null>((resolve) => {
    const timer = setInterval(() => {
      if (!isOver()) return;
      clearInterval(timer);
      resolve(null);
    }, 500).unref();
  });
  return { pid, isOver, ended };
}

/** Starts the server; `output` is what it has written, once it has ended. Readiness is the caller's to wait for. */
export async function spawnServer(
  place: DataFolder,
  engine: Engine,
  port: number,
): Promise<{ postmaster: Postmaster; output(): Promise<string> }> {
  const logged = await markLog(place.log);
  const read = async () => {
    const first = await readFile(place.startLog, 'utf8').catch(() => '');
    return first.replaceAll(/^.*(redirecting log output|Future log output).*\n/gm, '') + (await logged());
  };
  // The log has a process of its own, which may write the last words after the server has ended.
  const output = async () => {
    let text = await read();
    for (let wait = 0; wait < 100 && !/^.*(FATAL|PANIC): /m.test(text); wait++) {
      await sleep(20);
      text = await read();
    }
    return text;
  };
  const postmaster = await (process.platform === 'win32' ? spawnByControl : spawnChild)(place, engine, async () =>
    explainOutput(await output(), place.folder, port),
  );
  return { postmaster, output };
}

async function spawnChild(place: DataFolder, engine: Engine): Promise<Postmaster> {
  // A file, not a pipe: the server must be able to outlive a Kangtu that was killed.
  const log = openSync(place.startLog, 'w', 0o600);
  // Detached, so that Ctrl-C reaches Kangtu alone, which ends its work and then stops the server.
  const child = spawn(engine.program('postgres'), ['-D', place.data], {
    ...asAccount(place),
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(explainSpawn(error)));
  });
  child.unref();
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  return { pid: child.pid ?? -1, isOver, ended };
}

// On Windows pg_ctl takes the administrator's rights away, which postgres.exe refuses to have, and leaves it running.
async function spawnByControl(place: DataFolder, engine: Engine, explain: () => Promise<Error>): Promise<Postmaster> {
  const args = ['start', '-D', place.data, '-l', place.startLog, '-w', '-t', '600'];
  const { code } = await run(engine.program('pg_ctl'), args, place);
  const found = await findPidFile(place.data);
  if (code !== 0 || found === undefined) throw await explain();
  return watchPostmaster(found.pid);
}

/** INT: fast shutdown; QUIT: immediate. Does not wait. */
export function signalServer(postmaster: Postmaster, engine: Engine, name: 'INT' | 'QUIT'): void {
  if (postmaster.isOver()) return;
  // Windows has no signals: there pg_ctl speaks the server's own protocol for them.
  if (process.platform === 'win32') spawnSync(engine.program('pg_ctl'), ['kill', name, String(postmaster.pid)]);
  else process.kill(postmaster.pid, `SIG${name}`);
}

/** Fast shutdown, and an immediate one where that takes over a minute: nothing committed is lost, the next start recovers. */
export async function endServer(postmaster: Postmaster, engine: Engine): Promise<void> {
  signalServer(postmaster, engine, 'INT');
  const impatientAt = performance.now() + 60_000;
  for (let immediate = false; !postmaster.isOver(); await sleep(20)) {
    if (immediate || performance.now() < impatientAt) continue;
    immediate = true;
    signalServer(postmaster, engine, 'QUIT');
  }
}
