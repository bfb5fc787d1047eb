// Real starts, crashes and refusals of the embedded PostgreSQL in temporary folders.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, connectionUrl, startCluster } from './cluster.ts';
import { provideEngine } from './cluster-engine.ts';
import { explainOutput } from './cluster-failure.ts';
import { findProcessMark, takeLock } from './cluster-lock.ts';

const isRoot = process.getuid?.() === 0;
const hasProc = existsSync('/proc/self/stat');
const repository = resolve(import.meta.dirname, '../..');
const settings = { shared_buffers: '32MB' };

let base = '';
// Spaces, a comma, a quote and Chinese: each has its own way of breaking a settings file, a list of folders or a URL.
let folder = '';
const running = new Set<{ stop(): Promise<void> }>();
const children = new Set<ChildProcess>();

async function start(more: { folder?: string; port?: number; settings?: Record<string, string> } = {}) {
  const cluster = await startCluster({ folder, ...more, settings: { ...settings, ...more.settings } });
  running.add(cluster);
  return cluster;
}

async function query(cluster: Cluster, sql: string): Promise<unknown[]> {
  const client = new pg.Client(connectionUrl(cluster.admin, 'postgres'));
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

/** Another Kangtu: starts the cluster from a folder that only its own account can enter, and waits to be killed. */
function startElsewhere(where: string): ChildProcess {
  const code = `process.umask(0o077);
    const { startCluster } = await import(process.argv[1]);
    const { pid } = await startCluster({ folder: process.argv[2], settings: ${JSON.stringify(settings)} });
    console.log(pid);
    setInterval(() => {}, 1000);`;
  const module = new URL('./cluster.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, module, where], {
    cwd: join(base, 'closed'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  return child;
}

const ended = (child: ChildProcess) => new Promise((done) => child.once('exit', done));

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'kangtu-cluster-'));
  await chmod(base, 0o711);
  await mkdir(join(base, 'closed'), { mode: 0o700 });
  folder = join(base, "数据 一, 'x'");
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const cluster of running) await cluster.stop();
  children.clear();
  running.clear();
});

afterAll(() => rm(base, { recursive: true, force: true }));

describe('a server and its data', { timeout: 30_000 }, () => {
  test('first start: safe settings, orders that do not depend on the machine, nothing used from the repository', async () => {
    const cluster = await start();
    expect(cluster).toMatchObject({ kind: 'started', folder });
    const asked = ['data_checksums', 'fsync', 'full_page_writes', 'listen_addresses', 'shared_buffers'];
    expect(await query(cluster, `select ${asked.map((name) => `current_setting('${name}')`).join()}`)).toEqual([
      ...['on', 'on', 'on', process.platform === 'win32' ? '127.0.0.1' : '', '32MB'],
    ]);
    expect(await query(cluster, `select string_agg(x, '' order by x) from unnest('{b,B,é,a,康}'::text[]) x`)).toEqual([
      'Babé康',
    ]);
    await query(cluster, 'create table kept as select 7 as seven');
    if (isRoot && hasProc) expect(await readFile(`/proc/${cluster.pid}/maps`, 'utf8')).not.toContain(repository);
    if (isRoot && hasProc) expect(await readFile(`/proc/${cluster.pid}/environ`, 'utf8')).not.toContain('VITEST');
  });

  test('only the password opens it', async () => {
    const cluster = await start();
    const client = new pg.Client({ ...cluster.admin, password: 'guess', database: 'postgres' });
    await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
  });

  test('stop twice, start again: the data is kept; a second owner meanwhile is refused by name', async () => {
    const first = await start();
    await expect(start()).rejects.toMatchObject({
      code: 'folderInUse',
      message: expect.stringContaining(`${process.pid}`),
    });
    await Promise.all([first.stop(), first.stop()]);
    expect(findProcessMark(first.pid)).toBeUndefined();
    await first.stop();
    const second = await start();
    expect(await query(second, 'select seven from kept')).toEqual([7]);
  });

  test('a killed server tells, frees the folder, and comes back with what was committed', async () => {
    const cluster = await start();
    const busy = new pg.Client(connectionUrl(cluster.admin, 'postgres'));
    busy.on('error', () => {});
    await busy.connect();
    await busy.query('update kept set seven = 8');
    // A backend that is slow to notice holds the data for a while after its postmaster.
    const backend = Number((await busy.query('select pg_backend_pid()')).rows[0].pg_backend_pid);
    if (process.platform !== 'win32') process.kill(backend, 'SIGSTOP');
    const code = new Promise((told) => cluster.onExit(told));
    process.kill(cluster.pid, 'SIGKILL');
    expect(await code).toBeNull();
    if (process.platform !== 'win32') setTimeout(() => process.kill(backend, 'SIGCONT'), 500);
    const again = await start();
    expect(await query(again, 'select seven from kept')).toEqual([8]);
    await busy.end().catch(() => {});
  });

  test('a server that outlived its killed Kangtu is adopted, and stopped for good', async () => {
    const child = startElsewhere(folder);
    const pid = Number(await new Promise((told) => child.stdout?.once('data', told)));
    await expect(start()).rejects.toMatchObject({
      code: 'folderInUse',
      message: expect.stringContaining(`${child.pid}`),
    });
    child.kill('SIGKILL');
    await ended(child);
    const adopted = await start();
    expect(adopted).toMatchObject({ kind: 'adopted', pid });
    expect(await query(adopted, 'select seven from kept')).toEqual([8]);
    await adopted.stop();
    expect(findProcessMark(pid)).toBeUndefined();
    expect(existsSync(join(folder, 'kangtu.pid'))).toBe(false);
    // The watch of the adopted server ends late; it must not take the lock of the next with it.
    await start();
    await sleep(800);
    expect(existsSync(join(folder, 'kangtu.pid'))).toBe(true);
  });

  test.runIf(hasProc)(
    'a number of a dead server that another program has now does not keep the server from starting',
    async () => {
      const other = spawn('sleep', ['60'], { cwd: '/', ...(isRoot ? { uid: 65534, gid: 65534 } : {}) });
      children.add(other);
      const lines = [other.pid, join(folder, 'postgres'), 1_700_000_000, 5432, join(folder, 'socket'), '', '', 'ready'];
      await writeFile(join(folder, 'postgres/postmaster.pid'), `${lines.join('\n')}\n`);
      expect(await start()).toMatchObject({ kind: 'started' });
    },
  );

  test('a taken port is refused and leaves the folder free; a free one serves TCP', async () => {
    const taker = createServer();
    const port = await new Promise<number>((told) =>
      taker.listen(0, '127.0.0.1', () => {
        const address = taker.address();
        told(typeof address === 'object' && address !== null ? address.port : 0);
      }),
    );
    await expect(start({ port })).rejects.toMatchObject({
      code: 'portTaken',
      message: expect.stringContaining(`${port}`),
    });
    await new Promise((done) => taker.close(done));
    const cluster = await start({ port });
    expect(cluster.admin).toMatchObject({ host: '127.0.0.1', port });
    expect(await query(cluster, 'select seven from kept')).toEqual([8]);
  });

  test('a server that will not start is refused with the words of its log', async () => {
    await expect(start({ settings: { shared_buffers: 'plenty' } })).rejects.toMatchObject({
      code: 'serverFailed',
      message: expect.stringContaining('"shared_buffers"'),
    });
  });

  test.runIf(process.platform !== 'win32')('a path too long for a socket puts the socket elsewhere', async () => {
    const long = join(base, '县'.repeat(40));
    await rename(folder, long);
    const cluster = await start({ folder: long });
    expect(cluster.admin.host.startsWith(long)).toBe(false);
    expect(await query(cluster, 'select seven from kept')).toEqual([8]);
    await cluster.stop();
    expect((await start({ folder: long })).admin.host).toBe(cluster.admin.host);
    await rm(cluster.admin.host, { recursive: true });
  });

  test('an initdb that is killed half-way leaves nothing in the way', async () => {
    const fresh = join(base, 'fresh');
    const child = startElsewhere(fresh);
    while (!(await readdir(fresh).catch(() => [])).some((name) => name.startsWith('postgres.new'))) await sleep(5);
    await sleep(150);
    child.kill('SIGKILL');
    await ended(child);
    expect(existsSync(join(fresh, 'postgres'))).toBe(false);
    expect(await query(await start({ folder: fresh }), 'select 1')).toEqual([1]);
    expect((await readdir(fresh)).filter((name) => name.includes('.new'))).toEqual([]);
  });
});

describe('what is refused', { timeout: 30_000 }, () => {
  test('a folder that cannot be made', async () => {
    await writeFile(join(base, 'file'), '');
    await expect(start({ folder: join(base, 'file/data') })).rejects.toMatchObject({ code: 'folderUnwritable' });
  });

  test.runIf(isRoot)('a folder that the account of the server cannot get to, naming what is in the way', async () => {
    await expect(start({ folder: join(base, 'closed/data') })).rejects.toMatchObject({
      code: 'folderUnwritable',
      message: expect.stringContaining(`不能进入 ${join(base, 'closed')}`),
    });
  });

  test.skipIf(isRoot || process.platform === 'win32')('a folder without the right to write', async () => {
    await mkdir(join(base, 'mine'), { mode: 0o500 });
    await expect(start({ folder: join(base, 'mine') })).rejects.toMatchObject({ code: 'folderUnwritable' });
  });

  test('a platform without programs', async () => {
    const options = { copy: false, platform: 'plan9-mips', log: () => {} };
    await expect(provideEngine(base, options)).rejects.toMatchObject({ code: 'platformUnknown' });
  });

  test.runIf(isRoot && process.platform === 'linux')('a full disk, which is left as it was', async ({ skip }) => {
    const small = join(base, 'small');
    await mkdir(small);
    try {
      // Room for the programs (60 MB), not for the data (40 MB).
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=80m', 'tmpfs', small], { stdio: 'ignore' });
    } catch {
      skip('mounting is not permitted here');
    }
    try {
      await expect(start({ folder: small })).rejects.toMatchObject({ code: 'diskFull' });
      expect((await readdir(small)).sort()).toEqual(['engine', 'log']);
    } finally {
      execFileSync('umount', [small]);
    }
  });

  test.each([
    ['diskFull', 'initdb: error: could not write to file "pg_wal/xlogtemp.9": No space left on device'],
    [
      'portTaken',
      'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use\nFATAL:  could not create any TCP/IP sockets',
    ],
    ['serverFailed', 'FATAL:  could not create any Unix-domain sockets'],
  ])('%s is read from the log of a server', (code, output) => {
    expect(explainOutput(output, '/data', 5432)).toMatchObject({ code });
  });

  test.runIf(hasProc)(
    'a lock of a process whose number was used again is taken over, a living one is not',
    async () => {
      const owner = spawn('sleep', ['60']);
      children.add(owner);
      const pid = owner.pid ?? -1;
      await writeFile(join(base, 'kangtu.pid'), `${pid}\n${findProcessMark(pid)}\n`);
      expect(() => takeLock(base)).toThrow(expect.objectContaining({ code: 'folderInUse' }));
      await writeFile(join(base, 'kangtu.pid'), `${pid}\nanother-boot:1\n`);
      takeLock(base).release();
      expect((await readdir(base)).filter((name) => name.startsWith('kangtu.pid'))).toEqual([]);
    },
  );
});
