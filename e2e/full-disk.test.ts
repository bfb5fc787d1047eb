// A disk that is really full under a running server: told to everybody, and after room is made everything goes on without a restart.
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CrashServer, openLook, password, seed } from './crash.fixtures.ts';

const base = mkdtempSync(join(tmpdir(), 'kangtu-full-'));
chmodSync(base, 0o755);
const disk = join(base, 'disk');
const filler = join(disk, 'filler');
const server = new CrashServer(join(disk, 'data'));
let mounted = false;

beforeAll(() => {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=755', 'tmpfs', disk], { stdio: 'ignore' });
    mounted = true;
  } catch {
    // Only root may; the same errors without a real disk are in trouble.test.ts.
  }
});
afterAll(async () => {
  await server.end('SIGTERM');
  if (mounted) execFileSync('umount', ['-l', disk]);
  rmSync(base, { recursive: true, force: true });
});

const fill = (): void => {
  const file = openSync(filler, 'w');
  try {
    for (const size of [2 ** 20, 4096, 64]) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size));
      } catch {
        // Not even this much fits.
      }
    }
  } finally {
    closeSync(file);
  }
};

test('a full disk refuses with a sentence, loses nothing acknowledged, and is over when there is room', async ({
  skip,
}) => {
  if (!mounted) skip('mounting is not permitted here');
  const { persons } = await seed(server.folder);
  await server.start();
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const post = async (path: string, input: object) => {
    const reply = await fetch(`${server.address}/api${path}`, { method: 'POST', headers, body: JSON.stringify(input) });
    const text = await reply.text();
    return {
      status: reply.status,
      code: JSON.parse(text).code,
      cookie: reply.headers.get('set-cookie')?.split(';')[0],
    };
  };
  headers.cookie = (await post('/auth/sign-in/username', { username: 'clerk', password })).cookie ?? '';
  const acknowledged: string[] = [];
  const seen = new Set<string>();
  const write = async () => {
    const id = uuidv7();
    const facts = [{ kind: 'risk', on: '2024-05-06', value: 2 }];
    const person = persons[acknowledged.length % persons.length];
    const { status, code } = await post(`/persons/${person}/facts`, { id, on: '2024-05-06', facts });
    seen.add(`${status} ${code ?? ''}`.trim());
    if (status === 200) acknowledged.push(id);
    return status;
  };
  expect(await write()).toBe(200);
  fill();
  for (let tries = 0; tries < 3000 && ![...seen].some((one) => one !== '200'); tries += 1) await write();
  for (let tries = 0; tries < 10; tries += 1) await write();
  console.log(seen, acknowledged.length);
  expect([...seen].filter((one) => !['200', '507 diskFull', '503 databaseAway'].includes(one))).toEqual([]);
  expect(seen.size).toBeGreaterThan(1);
  rmSync(filler);
  const until = performance.now() + 40_000;
  while ((await write()) !== 200) {
    expect(performance.now()).toBeLessThan(until);
    await sleep(100);
  }
  const look = await openLook(server.folder);
  const kept = (await look.rows(`select id from entry where type = 'fact.record'`)).map(({ id }) => id);
  expect(acknowledged.filter((id) => !kept.includes(id))).toEqual([]);
  await look.verify();
  await look.close();
});
