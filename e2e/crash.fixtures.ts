// A server to be killed and the database under it, callers that do not give up, and what must hold after each kill.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { expect } from 'vitest';
import { machineActor } from '../src/kernel/access.ts';
import { replayJournal } from '../src/kernel/archive-replay.ts';
import { verifyJournal } from '../src/kernel/archive-verify.ts';
import { systemClock } from '../src/kernel/calendar.ts';
import { openDatabase } from '../src/kernel/database.ts';
import { createAccount } from '../src/network/account.server.ts';
import { getPackLibrary } from '../src/policy/library.ts';
import { aClient, anOrganisation } from '../src/server/client.fixtures.ts';
import { openEngine } from '../src/server/engine.ts';
import { contextOf } from '../src/server/http.ts';
import { journal } from '../src/server/slices.ts';

export const password = 'Crash-test-words-1';
export type Who = 'site' | 'clerk';

export interface Seeded {
  readonly site: string;
  readonly persons: readonly string[];
}

/** Makes the data: a site with clients in service, and an account each for the site and a clerk of civil affairs. */
export const seed = async (folder: string): Promise<Seeded> => {
  const engine = await openEngine({ folder, url: '' });
  const database = openDatabase(engine.app, { keys: engine.keys, max: 2 });
  const site = anOrganisation('site');
  const clients = Array.from({ length: 12 }, () =>
    aClient().registered('2024-02-01').accepted(site.id, '2024-03-01').withPapers(site.id, '2024-03-02'),
  );
  const ctx = contextOf({ packs: getPackLibrary(), clock: systemClock }, machineActor, 'seed');
  const account = { name: '测试员', scope: '511902', password };
  await database.as(machineActor, async (tx) => {
    await journal.append(tx, ctx, [site.draft, ...clients.flatMap(({ drafts }) => drafts)]);
    await createAccount(tx, ctx, { ...account, id: uuidv7(), username: 'site', role: 'site', organisation: site.id });
    await createAccount(tx, ctx, { ...account, id: uuidv7(), username: 'clerk', role: 'civilAffairs' });
  });
  await database.close();
  await engine.stop();
  return { site: site.id, persons: clients.map(({ person }) => person) };
};

const program = fileURLToPath(new URL('./crash-server.ts', import.meta.url));

const spawnServer = async (folder: string): Promise<{ child: ChildProcess; address: string }> => {
  const child = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (part) => {
      const found = /at (http\S+)/.exec(String(part))?.[1];
      if (found) resolve(found);
    });
    child.once('close', () => reject(new Error('the server ended by itself')));
  });
  return { child, address };
};

/** The children of a process, where the system tells of them. */
const childrenOf = (pid: number): number[] => {
  const list = `/proc/${pid}/task/${pid}/children`;
  return existsSync(list) ? readFileSync(list, 'utf8').trim().split(' ').map(Number) : [];
};
const titleOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};
const killAll = (pids: readonly number[]): void => {
  for (const pid of pids)
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended in this moment.
    }
};

/** What dies of a database: its postmaster, every process of it, or one connection's process, as by the system when memory is short. */
export const databaseKills = ['postmaster', 'all', 'backend'] as const;
export type Victim = 'server' | (typeof databaseKills)[number];

/** The server on a folder. After a kill of its own process it is started again; the database it must bring back by itself. */
export class CrashServer {
  readonly folder: string;
  address = '';
  private child: ChildProcess | undefined;
  constructor(folder: string) {
    this.folder = folder;
  }

  async start(): Promise<void> {
    const started = await spawnServer(this.folder);
    this.child = started.child;
    this.address = started.address;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (!child || this.isOver) return;
    this.child = undefined;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    await ended;
  }

  async kill(victim: Victim): Promise<void> {
    const postmaster = this.postmaster();
    const children = childrenOf(postmaster);
    if (victim === 'server') {
      await this.end('SIGKILL');
      await this.start();
      expect(this.postmaster(), 'the running database is adopted').toBe(postmaster);
      return;
    }
    const backends = children.filter((pid) => titleOf(pid).startsWith('postgres: kangtu_app'));
    const backend = backends[randomBelow(backends.length)];
    if (victim === 'backend' && backend !== undefined) killAll([backend]);
    else killAll(victim === 'all' ? [postmaster, ...children] : [postmaster]);
  }

  /** It ended, and nobody told it to. */
  get isOver(): boolean {
    return this.child !== undefined && (this.child.exitCode !== null || this.child.signalCode !== null);
  }

  private postmaster(): number {
    return Number(readFileSync(join(this.folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }
}

export const randomBelow = (limit: number): number => Math.floor(Math.random() * limit);

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Calls as one account until it is answered: neither a cut connection nor a database that is away is an answer. */
export class Caller {
  /** Times that a 503 was told. */
  away = 0;
  /** Times that a connection was cut or refused. */
  cut = 0;
  private readonly server: CrashServer;
  private cookie = '';
  constructor(server: CrashServer) {
    this.server = server;
  }

  async signIn(username: Who): Promise<void> {
    const reply = await fetch(`${this.server.address}/api/auth/sign-in/username`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    expect(reply.status).toBe(200);
    this.cookie = String(reply.headers.get('set-cookie')).split(';')[0] ?? '';
  }

  /** The answer's text; throws on every other problem. */
  async call(path: string, input?: object | FormData): Promise<string> {
    for (;;) {
      const { status, text } = await this.attempt(path, input);
      if (status === 200) return text;
      if (status !== 0 && status !== 503) throw new Error(`${path} answered ${status}: ${text}`);
      await sleep(10);
    }
  }

  private async attempt(path: string, input?: object | FormData): Promise<Answer> {
    const isForm = input instanceof FormData;
    const headers = { cookie: this.cookie, ...(isForm ? {} : { 'content-type': 'application/json' }) };
    const init = input ? { method: 'POST', headers, body: isForm ? input : JSON.stringify(input) } : { headers };
    try {
      const reply = await fetch(`${this.server.address}/api${path}`, init);
      const text = await reply.text();
      if (reply.status === 503) {
        this.away += 1;
        expect(reply.headers.get('content-type')).toContain('application/problem+json');
        expect(JSON.parse(text)).toMatchObject({ status: 503, code: 'databaseAway' });
      }
      return { status: reply.status, text };
    } catch (error) {
      if (!(error instanceof TypeError) || this.server.isOver) throw error;
      this.cut += 1;
      return { status: 0, text: '' };
    }
  }
}

/** A look at the database past the server. */
export const openLook = async (folder: string) => {
  const engine = await openEngine({ folder, url: '', attach: true });
  const database = openDatabase(engine.app, { keys: engine.keys, max: 2 });
  const admin = new pg.Pool({ ...engine.admin, max: 2 });
  admin.on('error', () => undefined);
  return {
    rows: async (text: string, values: unknown[] = []) => (await admin.query(text, values)).rows,
    /** `kangtu journal verify` */
    verify: async () => expect((await verifyJournal(database, journal)).problems).toEqual([]),
    /** `kangtu journal replay --check` */
    replay: async () => expect((await replayJournal(database, journal, { check: true })).differing).toEqual([]),
    close: async () => {
      await database.close();
      await admin.end();
    },
  };
};
export type Look = Awaited<ReturnType<typeof openLook>>;
