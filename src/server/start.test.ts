// Real processes: start, second start, port taken, signals, a database that dies, and commands beside a running server.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from './start.ts';

const main = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const base = mkdtempSync(join(tmpdir(), 'kangtu-start-'));
// The database's own account has to get in, where the tests run as root.
chmodSync(base, 0o755);
const folder = join(base, 'data');
const password = 'First-password-1';
const children = new Set<ChildProcess>();

interface Ended {
  readonly code: number | null;
  readonly out: string;
}
const run = (args: readonly string[], env: Record<string, string> = {}) => {
  const { KANGTU_DATABASE: _, ...own } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const text: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => text.push(String(part)));
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => {
      children.delete(child);
      resolve({ code, out: text.join('') });
    }),
  );
  return { child, ended, output: () => text.join('') };
};
const command = (args: readonly string[], env?: Record<string, string>) => run([...args, '--data', folder], env).ended;

/** A server without the web app, in a process of its own that only signals can stop. */
const serve = async (port = 0) => {
  const code = `const { startServer } = await import(${JSON.stringify(new URL('./start.ts', import.meta.url).href)});
    const server = await startServer({ folder: ${JSON.stringify(folder)}, port: ${port}, host: '127.0.0.1', demo: false, web: false });
    for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => server.stop().then(() => process.exit(0)));
    console.log('at ' + server.address);`;
  const { KANGTU_DATABASE: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (part) => {
      const found = /at (http\S+)/.exec(String(part));
      if (found?.[1]) resolve(found[1]);
    });
    child.once('close', () => reject(new Error('the server ended')));
  });
  const stop = async (signal: NodeJS.Signals) => {
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    child.kill(signal);
    children.delete(child);
    return ended;
  };
  return { address, stop };
};

const engineOf = (): number => Number(readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A zombie is dead; where there is no /proc nothing stays one.
    return !(existsSync('/proc/self') && readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z'));
  } catch {
    return false;
  }
};
const signIn = (address: string, word = password) =>
  fetch(`${address}/api/auth/sign-in/username`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password: word }),
  });

const init = [
  'init',
  '--division',
  '5119',
  '--organisation',
  '巴中市民政局',
  '--name',
  '王管理',
  '--username',
  'admin',
];

beforeAll(async () => {
  const { code, out } = await command(init, { KANGTU_PASSWORD: password });
  expect(out).toContain('管理员用户名 admin');
  expect(code).toBe(0);
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(base, { recursive: true, force: true });
});

describe('kangtu init', () => {
  test('is refused where there are accounts, with a short password, and without a terminal to ask', async () => {
    expect(await command(init, { KANGTU_PASSWORD: password })).toMatchObject({
      code: 1,
      out: expect.stringContaining('已有账号'),
    });
    const fresh = ['--data', join(base, 'fresh')];
    const short = await run([...init, ...fresh], { KANGTU_PASSWORD: 'short' }).ended;
    expect(short).toMatchObject({ code: 1, out: expect.stringContaining('至少 10 个字符') });
    const silent = await run([...init.slice(0, 3), ...fresh]).ended;
    expect(silent).toMatchObject({ code: 1, out: expect.stringContaining('没有终端可以提问') });
  });
});

describe('kangtu sign-in', () => {
  test('shows that init asks for second factors, changes one rule and refuses a senseless one', async () => {
    const rules = async () => JSON.parse((await command(['sign-in', '--json'])).out);
    const first = await rules();
    expect(first).toMatchObject({ secondFactor: true, idleMinutes: 30 });
    expect((await command(['sign-in', '--idle-minutes', '20', '--password-days', 'off'])).code).toBe(0);
    expect(await rules()).toEqual({ ...first, idleMinutes: 20, passwordDays: null });
    const senseless = await command(['sign-in', '--idle-minutes', 'never']);
    expect(senseless).toMatchObject({ code: 1, out: expect.stringContaining('--idle-minutes：应为 5 至 480 的整数') });
  });
});

describe('a server', () => {
  test('lets its administrator in, refuses a second start, serves commands beside it, and takes its engine along', async () => {
    const server = await serve();
    const engine = engineOf();
    expect((await signIn(server.address)).status).toBe(200);
    expect((await fetch(`${server.address}/api/demo/accounts`)).status).toBe(404);

    const options = { folder, port: 0, host: '127.0.0.1', demo: false, web: false };
    await expect(startServer(options)).rejects.toMatchObject({ code: 'folderInUse' });
    const port = Number(new URL(server.address).port);
    await expect(startServer({ ...options, folder: join(base, 'other'), port })).rejects.toMatchObject({
      code: 'portTaken',
    });

    const verified = await command(['journal', 'verify', '--json']);
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.out)).toMatchObject({ entries: 3, problems: [] });
    expect(isAlive(engine)).toBe(true);

    expect(await server.stop('SIGTERM')).toBe(0);
    expect(isAlive(engine)).toBe(false);
  });

  test('keeps what it has over a restart, and when it is killed', async () => {
    const first = await serve();
    await first.stop('SIGKILL');
    const survivor = engineOf();
    expect(isAlive(survivor)).toBe(true);
    const second = await serve();
    expect(engineOf()).toBe(survivor);
    expect((await signIn(second.address)).status).toBe(200);
    await second.stop('SIGINT');
    expect(isAlive(survivor)).toBe(false);
  });

  test('answers 503 while its database is away, and recovers by itself', async () => {
    const server = await serve();
    const cookie = String((await signIn(server.address)).headers.get('set-cookie')).split(';')[0] ?? '';
    process.kill(engineOf(), 'SIGKILL');
    const seen = new Set<number>();
    let away: { code?: string } = {};
    for (let reply = { status: 0 } as Response; !(seen.has(503) && reply.status === 200); await sleep(5)) {
      reply = await fetch(`${server.address}/api/me`, { headers: { cookie } });
      seen.add(reply.status);
      if (reply.status === 503) away = (await reply.json()) as { code?: string };
    }
    expect([...seen].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(away.code).toBe('databaseAway');
    await server.stop('SIGTERM');
  });
});

test('kangtu rescue lets the only administrator in again', async () => {
  const anew = 'Rescued-plum-7';
  expect((await command(['rescue', 'admin'], { KANGTU_PASSWORD: 'short' })).out).toContain('至少 10 个字符');
  expect((await command(['rescue', 'admin'], { KANGTU_PASSWORD: anew })).code).toBe(0);
  const server = await serve();
  expect([(await signIn(server.address)).status, (await signIn(server.address, anew)).status]).toEqual([403, 200]);
  await server.stop('SIGTERM');
});

test('a port that another program holds is told at once, by the command too', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const address = holder.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { code, out } = await run(['start', '--no-demo', '--port', String(port), '--data', join(base, 'never')]).ended;
  expect(code).toBe(1);
  expect(out).toContain(`本机端口 ${port} 已被其他程序占用`);
  holder.close();
});
