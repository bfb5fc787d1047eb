// The database away for a while, and a disk that is full: every request is told so in a sentence, nothing is half-written, and it works again by itself.
import { chmodSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CrashServer, type Look, openLook, password, type Seeded, seed } from './crash.fixtures.ts';

const base = mkdtempSync(join(tmpdir(), 'kangtu-trouble-'));
// The database's own account has to get in, where the tests run as root.
chmodSync(base, 0o755);
const folder = join(base, 'data');
const server = new CrashServer(folder);
let seeded: Seeded;
let look: Look;
let cookie = '';

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly detail?: string;
  readonly cookie: string;
}
const ask = async (path: string, input?: object, { as = cookie, to = server.address } = {}): Promise<Answer> => {
  const headers = { ...(as ? { cookie: as } : {}), ...(input ? { 'content-type': 'application/json' } : {}) };
  const init = input ? { method: 'POST', headers, body: JSON.stringify(input) } : { headers };
  const reply = await fetch(`${to}/api${path}`, init);
  const text = await reply.text();
  expect(text).not.toMatch(/node_modules|\n\s+at |kangtu_app|No space left/);
  const { code, detail } = JSON.parse(text || '{}');
  return { status: reply.status, code, detail, cookie: String(reply.headers.get('set-cookie')).split(';')[0] ?? '' };
};
/** As somebody new, so that no session ends. */
const signIn = (to = server.address) => ask('/auth/sign-in/username', { username: 'clerk', password }, { as: '', to });
const aFact = (person = seeded.persons[0] ?? '') => {
  const id = uuidv7();
  const facts = [{ kind: 'risk', on: '2024-05-06', value: 2 }];
  return { id, path: `/persons/${person}/facts`, input: { id, on: '2024-05-06', facts } };
};

beforeAll(async () => {
  seeded = await seed(folder);
  await server.start();
  look = await openLook(folder);
  cookie = (await signIn()).cookie;
}, 60_000);
afterAll(async () => {
  await look?.close();
  await server.end('SIGTERM');
  rmSync(base, { recursive: true, force: true });
});

test('while the database is away everything answers 503 with a sentence; when it is back, so is everything', async () => {
  const control = join(folder, 'postgres', 'global', 'pg_control');
  const fact = aFact();
  const asked: readonly (() => Promise<Answer>)[] = [
    () => signIn(),
    () => ask('/me'),
    () => ask('/persons?search=陈'),
    () => ask('/worklist'),
    () => ask(`/persons/${seeded.persons[0]}`),
    () => ask(fact.path, fact.input),
    () => ask(`/jobs/${uuidv7()}`),
    () => ask('/auth/sign-out', {}),
  ];
  // Without this file the engine does not start again.
  renameSync(control, `${control}.away`);
  await server.kill('all');
  for (const one of asked) {
    let answer = await one();
    // The kill takes a moment to be felt on connections that are open.
    for (let tries = 0; answer.status === 200 && tries < 20; tries += 1) {
      await sleep(20);
      answer = await one();
    }
    expect(answer, String(one)).toMatchObject({
      status: 503,
      code: 'databaseAway',
      detail: '数据库正在恢复，请稍后再试。',
    });
  }
  // What needs no database goes on.
  expect((await ask('/openapi.json')).status).toBe(200);
  renameSync(`${control}.away`, control);
  const until = performance.now() + 30_000;
  while ((await ask('/me')).status !== 200) expect(performance.now()).toBeLessThan(until);
  expect((await ask(fact.path, fact.input)).status).toBe(200);
  expect((await signIn()).status).toBe(200);
  await look.verify();
});

/** Lets every insert into a table fail as PostgreSQL itself does; gives what undoes it. */
const failOn = async (table: string, sqlState: string): Promise<() => Promise<unknown>> => {
  await look.rows(`create or replace function fail() returns trigger language plpgsql as $$
    begin raise exception 'could not extend file "base/1/2": No space left on device' using errcode = '${sqlState}'; end $$`);
  await look.rows(`create trigger fail before insert on ${table} execute function fail()`);
  return () => look.rows(`drop trigger fail on ${table}`);
};
const counts = () =>
  look.rows(`select (select count(*) from entry) as entries, (select count(*) from fact) as facts, (select count(*) from tally) as tallies,
    (select count(*) from receipt) as receipts, (select count(*) from audit_line) as lines, (select count(*) from account_session) as sessions`);

test.each([
  ['53100', 507, 'diskFull', '磁盘已满'],
  ['53200', 503, 'busy', '请稍后重新提交'],
])('what PostgreSQL lacks (%s) is said, and nothing is half-written', async (sqlState, status, code, words) => {
  const [one, other] = [aFact(), aFact()];
  const told = { status, code, detail: expect.stringContaining(words) };
  // What each table is written last or alone for: the fact, the line of a reading, the session of a sign-in.
  const cases: readonly (readonly [string, () => Promise<Answer>])[] = [
    ['receipt', () => ask(one.path, one.input)],
    ['fact', () => ask(other.path, other.input)],
    ['audit_line', () => ask(`/persons/${seeded.persons[1]}`)],
    ['account_session', () => signIn()],
  ];
  for (const [table, request] of cases) {
    const before = await counts();
    const undo = await failOn(table, sqlState);
    expect(await request(), table).toMatchObject(told);
    expect(await counts(), table).toEqual(before);
    await undo();
    expect((await request()).status, `${table} afterwards`).toBe(200);
  }
  await look.verify();
});
