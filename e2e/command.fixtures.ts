// The command `kangtu` as a real process on a data folder: run to its end, or killed on the way.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { findPidFile, superuser } from '../src/kernel/cluster-server.ts';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly out: string;
}

const startCommand = (args: readonly string[], shell?: string): { child: ChildProcess; ended: Promise<Ended> } => {
  const { KANGTU_DATABASE: _, ...env } = process.env;
  const whole = [process.execPath, main, ...args];
  // `exec`, so that a signal meets the command and not the shell.
  const [program = '', ...rest] = shell ? ['sh', '-c', `${shell}; exec "$@"`, 'sh', ...whole] : whole;
  const child = spawn(program, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const text: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => text.push(String(part)));
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out: text.join('') })));
  return { child, ended };
};

/** Runs a command to its end. `shell` is what a shell does before, in its place. */
export const runCommand = (args: readonly string[], shell?: string): Promise<Ended> => startCommand(args, shell).ended;

/** Kills a command as soon as `when` is true and some moments more have passed; null where it had ended by then. */
export const killCommand = async (
  args: readonly string[],
  { when, more }: { when: () => boolean | Promise<boolean>; more: number },
): Promise<Ended | null> => {
  const { child, ended } = startCommand(args);
  let over = false;
  ended.then(() => {
    over = true;
  });
  while (!over && !(await when())) await sleep(2);
  await sleep(more);
  child.kill('SIGKILL');
  const end = await ended;
  return end.code === null ? end : null;
};

/** Entries in the database of a folder whose server runs; 0 where there is no such thing yet. */
export const countEntriesIn = async (folder: string): Promise<number> => {
  const found = await findPidFile(join(folder, 'postgres'));
  if (found?.status !== 'ready') return 0;
  const password = await readFile(join(folder, 'postgres.password'), 'utf8').catch(() => '');
  const host = found.socketFolder ?? '127.0.0.1';
  const client = new pg.Client({ host, port: found.port, user: superuser, password, database: 'kangtu' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<{ n: number }>('select count(*)::int as n from entry')).rows[0]?.n ?? 0;
  } catch {
    return 0;
  } finally {
    await client.end().catch(() => undefined);
  }
};
