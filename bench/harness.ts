// What every bench stands on: a PostgreSQL of its own, seeded rows, a server in its own process, and timing as ratios to a floor.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Actor } from '../src/kernel/access.ts';
import { startCluster } from '../src/kernel/cluster.ts';
import { connectionOf } from '../src/kernel/connection.ts';
import type { Connection } from '../src/kernel/database.ts';
import { openKeys } from '../src/kernel/key-ring.ts';
import type { Keys } from '../src/kernel/keys.ts';
import type { MasterKeySource } from '../src/kernel/master-key.ts';
import { migrate, roles } from '../src/kernel/migrate.ts';

export const appPassword = 'only-for-the-bench';
export const county = '511902';
export const masterKeys: MasterKeySource = {
  label: '基准',
  read: async () => [{ id: '00000001', key: Buffer.alloc(32, 7) }],
};
export const clerk: Actor = { user: 'bench', name: '基准', role: 'civilAffairs', organisation: null, scope: county };

export interface Bench {
  readonly admin: pg.Pool;
  readonly app: Connection;
  readonly keys: Keys;
  /** Past row-level security: what the floors connect with. */
  readonly raw: Connection;
  stop(): Promise<void>;
}

/** An empty, migrated database: on KANGTU_TEST_DATABASE, or on an engine of its own with the product's settings. */
export const openBench = async (): Promise<Bench> => {
  const url = process.env.KANGTU_TEST_DATABASE;
  const folder = mkdtempSync(join(tmpdir(), 'kangtu-bench-'));
  const cluster = url ? undefined : await startCluster({ folder });
  const server: Connection = cluster ? { ...cluster.admin, database: 'postgres' } : connectionOf(url ?? '');
  const root = new pg.Client({ ...server });
  await root.connect();
  await root.query('drop database if exists kangtu_bench with (force)');
  await root.query('create database kangtu_bench');
  const own = { ...server, database: 'kangtu_bench' };
  await migrate(own, appPassword);
  const admin = new pg.Pool({ ...own, max: 4 });
  const app = { ...own, user: roles.app, password: appPassword };
  return {
    admin,
    app,
    keys: await openKeys(app, masterKeys),
    raw: own,
    stop: async () => {
      await admin.end();
      await root.query('drop database kangtu_bench with (force)');
      await root.end();
      await cluster?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export interface Served {
  /** One request; resolves with the body's text, throws on a status of 400 or more. */
  send(method: string, path: string, body?: object): Promise<string>;
  /** Resident memory of the server's process, in MB. */
  memory(): Promise<number>;
  stop(): void;
}

const sender =
  (port: number): Served['send'] =>
  (method, path, body) =>
    new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const call = request(
        { port, method, path, agent, headers: payload === undefined ? {} : { 'content-type': 'application/json' } },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => {
            const text = Buffer.concat(parts).toString();
            if ((response.statusCode ?? 500) >= 400)
              reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`));
            else resolve(text);
          });
        },
      );
      call.on('error', reject);
      call.end(payload);
    });
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/** Starts `kangtu`, `bare` or `floor` (bench/serve.ts) in a process of its own. */
export const serve = async (kind: 'kangtu' | 'bare' | 'floor', app: Connection): Promise<Served> => {
  const child: ChildProcess = fork(new URL('./serve.ts', import.meta.url), [
    kind,
    JSON.stringify(app),
    JSON.stringify(clerk),
  ]);
  const message = <T>(): Promise<T> => new Promise((resolve) => child.once('message', (value) => resolve(value as T)));
  const { port } = await message<{ port: number }>();
  return {
    send: sender(port),
    memory: async () => {
      const answer = message<{ rss: number }>();
      child.send('memory');
      return (await answer).rss / 2 ** 20;
    },
    stop: () => child.kill(),
  };
};

const medianOf = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

/**
 * Median milliseconds of each of these over `runs`, after a warm-up of a tenth. They take turns, so that whatever else the machine does
 * slows them alike and the ratio stands.
 */
export const medians = async (runs: number, works: readonly ((i: number) => Promise<unknown>)[]): Promise<number[]> => {
  const times = works.map((): number[] => []);
  for (let i = -Math.ceil(runs / 10); i < runs; i++)
    for (const [k, work] of works.entries()) {
      const start = performance.now();
      await work(i);
      if (i >= 0) times[k]?.push(performance.now() - start);
    }
  return times.map(medianOf);
};

export interface Line {
  readonly name: string;
  readonly floor: string;
  /** Milliseconds, or rows a second where the name says so. */
  readonly ours: number;
  readonly theirs: number;
  readonly unit: string;
  /** How good: ours against the floor, larger is better. */
  readonly ratio: number;
  readonly target: string;
}

export const printLines = (lines: readonly Line[]): void => {
  console.table(
    lines.map(({ name, floor, ours, theirs, unit, ratio, target }) => ({
      bench: name,
      ours: `${ours.toFixed(2)} ${unit}`,
      floor: `${theirs.toFixed(2)} ${unit} (${floor})`,
      ratio: ratio.toFixed(2),
      target,
    })),
  );
};
