// SIGKILL of the server, and of the database under it, during writes and during an import: nothing acknowledged is lost, nothing is half-written.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anId } from '../src/person/census.fixtures.ts';
import type { CensusListView } from '../src/person/census.ts';
import {
  Caller,
  CrashServer,
  databaseKills,
  type Look,
  openLook,
  randomBelow,
  type Seeded,
  seed,
  type Victim,
} from './crash.fixtures.ts';

/** Of each: the server during writes, the database during writes, the server during an import, the database during an import. */
const kills = Number(process.env.KANGTU_KILLS ?? (process.env.KANGTU_DEEP ? 20 : 2));
const timeout = 120_000 + kills * 60_000;

const base = mkdtempSync(join(tmpdir(), 'kangtu-crash-'));
// The database's own account has to get in, where the tests run as root.
chmodSync(base, 0o755);
const folder = join(base, 'data');
const server = new CrashServer(folder);
let seeded: Seeded;
let look: Look;

beforeAll(async () => {
  seeded = await seed(folder);
  await server.start();
  look = await openLook(folder);
}, timeout);
afterAll(async () => {
  await look?.close();
  await server.end('SIGTERM');
  rmSync(base, { recursive: true, force: true });
}, timeout);

const pick = <T>(from: readonly T[], count: number): T[] => [...from].sort(() => Math.random() - 0.5).slice(0, count);

interface Write {
  readonly id: string;
  readonly path: string;
  readonly input: object;
}
/** Sessions share persons, so that clients wait for each other's chains. */
const aSession = (): Write => {
  const id = uuidv7();
  const persons = pick(seeded.persons, 1 + randomBelow(8));
  const on = `2024-0${4 + randomBelow(6)}-${10 + randomBelow(19)}`;
  const held = { kind: 'group', domain: 'lifeSkills', standardized: true, startAt: '09:00', minutes: 60 };
  const input = { id, organisation: seeded.site, ...held, leader: '李敏', on, persons, overlapConfirmed: true };
  return { id, path: '/sessions', input };
};
const aFact = (): Write => {
  const id = uuidv7();
  const [person] = pick(seeded.persons, 1);
  const facts = [{ kind: 'risk', on: '2024-05-06', value: randomBelow(6) }];
  return { id, path: `/persons/${person}/facts`, input: { id, on: '2024-05-06', facts } };
};

/** A client that writes one thing after another, each repeated under its own id until it is answered. */
class Writer {
  readonly caller = new Caller(server);
  readonly acknowledged: (Write & { readonly answer: string })[] = [];
  private readonly next: () => Write;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();
  private failure: unknown;
  constructor(next: () => Write) {
    this.next = next;
  }

  start(): void {
    this.running = this.run().catch((error: unknown) => {
      this.failure = error;
    });
  }

  /** Waits for so many more answers. */
  async more(count: number): Promise<void> {
    const goal = this.acknowledged.length + count;
    while (this.acknowledged.length < goal) {
      if (this.failure) throw this.failure;
      await sleep(5);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
    if (this.failure) throw this.failure;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const write = this.next();
      this.acknowledged.push({ ...write, answer: await this.caller.call(write.path, write.input) });
    }
  }
}

/** Both in one statement, because the clients go on: every receipt has its entry, every session its persons, and the other way round. */
const halfWrites = `
  select e.id as entry, r.id as receipt, e.type from (select * from entry where type in ('session.record', 'fact.record')) e
    full join (select * from receipt where operation in ('session.record', 'fact.record')) r on r.id = e.id where e.id is null or r.id is null
  union all
  select e.id, null, 'attendance' from entry e where e.type = 'session.record' and (
    (select array_agg(subject order by subject) from entry_subject s where s.county = e.county and s.entry = e.id) is distinct from
    (select array_agg(person order by person) from attendance a where a.county = e.county and a.session = e.id))`;

const missing = async (ids: readonly string[]) =>
  look.rows('select id from unnest($1::uuid[]) as t(id) where not exists (select 1 from entry e where e.id = t.id)', [
    ids,
  ]);

test(`writes: the server and the database under it are killed ${kills} times each`, { timeout }, async () => {
  const writers = [aSession, aSession, aSession, aFact].map((next) => new Writer(next));
  await Promise.all(writers.map(({ caller }, i) => caller.signIn(i < 3 ? 'site' : 'clerk')));
  for (const writer of writers) writer.start();
  const count = (of: 'away' | 'cut') => writers.reduce((sum, { caller }) => sum + caller[of], 0);

  for (let round = 0; round < kills; round += 1)
    for (const victim of ['server', databaseKills[round % databaseKills.length] ?? 'all'] satisfies Victim[]) {
      await Promise.all(writers.map((writer) => writer.more(3)));
      await sleep(randomBelow(60));
      const before = writers.flatMap(({ acknowledged }) => acknowledged.map(({ id }) => id));
      const told = count(victim === 'server' ? 'cut' : 'away');
      await server.kill(victim);
      await Promise.all(writers.map((writer) => writer.more(2)));
      expect(count(victim === 'server' ? 'cut' : 'away'), `the kill of ${victim} was felt`).toBeGreaterThan(told);
      expect(await missing(before)).toEqual([]);
      expect(await look.rows(halfWrites)).toEqual([]);
      await look.verify();
    }

  await Promise.all(writers.map((writer) => writer.stop()));
  const written = writers.flatMap(({ acknowledged }) => acknowledged);
  const recorded = async () =>
    (await look.rows(`select id from entry where type in ('session.record', 'fact.record') order by id`)).map(
      ({ id }) => id,
    );
  expect(await recorded()).toEqual(written.map(({ id }) => id).sort());
  for (const { caller, acknowledged } of writers)
    for (const { path, input, answer } of pick(acknowledged, 5)) expect(await caller.call(path, input)).toBe(answer);
  expect((await recorded()).length).toBe(written.length);
  await look.verify();
  await look.replay();
});

const rows = 5000;
const repeated = rows / 50;

/** People from a number on; every 50th line repeats an earlier one. Who share a day of birth share no name. */
const aList = (from: number): string => {
  const line = (i: number): string => {
    const n = from + (i % 50 === 49 ? i - 10 : i);
    const cycle = Math.floor(n / 20_000);
    const birthDate = new Date(Date.UTC(1950, 0, 1 + (n % 20_000))).toISOString().slice(0, 10);
    const name = `${'赵钱孙李周吴郑王'[(n + cycle) % 8]}${'一二三四五六七八九十'[(n + cycle) % 10]}明`;
    return `${name},${anId(birthDate, 11 + 2 * cycle)},东城街道`;
  };
  return ['姓名,身份证号,乡镇', ...Array.from({ length: rows }, (_, i) => line(i))].join('\n');
};

const getList = async (clerk: Caller, list: string): Promise<CensusListView> =>
  JSON.parse(await clerk.call(`/census/lists/${list}`));

/** Uploads a list and waits for its dry run. */
const planList = async (clerk: Caller, from: number): Promise<string> => {
  const id = uuidv7();
  const file = new File([aList(from)], '名单.csv');
  const form = new FormData();
  const fields = { id, sender: 'federation', fileName: file.name, fileSize: String(file.size), fileModified: '0' };
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', file);
  await clerk.call('/census/lists', form);
  await clerk.call(`/census/lists/${id}/plan`, { id: uuidv7(), list: id, listedOn: '2023-11-30', columns: [] });
  while ((await getList(clerk, id)).status !== 'planned') await sleep(50);
  return id;
};

/** Waits until so many rows are done, or all. */
const reach = async (clerk: Caller, list: string, goal: number): Promise<CensusListView> => {
  for (;;) {
    const now = await getList(clerk, list);
    if (now.status === 'imported' || now.done >= goal) return now;
    expect(JSON.parse(await clerk.call(`/jobs/${now.job}`)).state).not.toBe('failed');
    await sleep(10);
  }
};

/** Rows that are done and made a person, their entries, and their persons; in one statement, because the import goes on. */
const halfImports = `
  select r.position, e.id as entry, p.id as person from (
      select r.* from census_row r join census_list l on l.county = r.county and l.id = r.list
      where l.id = $1 and r.position < l.done and coalesce(r.outcome, r.planned) = 'create') r
    full join (select id, body->>'row' as row from entry where type = 'person.list' and body->>'list' = $1::text) e on e.row = r.row_number::text
    left join person p on p.county = r.county and p.id = r.person where r.position is null or e.id is null or p.id is null`;

/** Imports a list and kills as long as it is under way; returns the number of kills. */
const importUnderKills = async (clerk: Caller, list: string, victims: readonly Victim[]): Promise<number> => {
  await clerk.call(`/census/lists/${list}/import`, { id: uuidv7(), list });
  let done = 0;
  for (const [killed, victim] of victims.entries()) {
    const before = await reach(clerk, list, done + 1);
    if (before.status === 'imported') return killed;
    await sleep(randomBelow(200));
    await server.kill(victim);
    done = (await getList(clerk, list)).done;
    expect(done).toBeGreaterThanOrEqual(before.done);
    expect(await look.rows(halfImports, [list])).toEqual([]);
    await look.verify();
  }
  await reach(clerk, list, rows + 1);
  return victims.length;
};

test(`imports: the server and the database under it are killed ${kills} times each`, { timeout }, async () => {
  const clerk = new Caller(server);
  await clerk.signIn('clerk');
  let victims = Array.from({ length: kills }, (_, i): Victim[] => ['server', databaseKills[i % 3] ?? 'all']).flat();
  let lists = 0;
  for (; victims.length > 0; lists += 1) {
    const list = await planList(clerk, lists * rows);
    victims = victims.slice(await importUnderKills(clerk, list, victims));
    const end = await getList(clerk, list);
    expect(end.done).toBe(rows);
    expect(end.counts).toMatchObject({ create: rows - repeated, match: repeated });
    expect(await look.rows(halfImports, [list])).toEqual([]);
    const unlike = 'select position from census_row where list = $1 and outcome is not null';
    expect(await look.rows(unlike, [list]), 'every row came to what the dry run said').toEqual([]);
  }
  const people =
    'select count(*)::int as count, count(distinct id_number)::int as different from person where id_number is not null';
  const count = lists * (rows - repeated);
  expect(await look.rows(people)).toEqual([{ count, different: count }]);
  await look.verify();
  await look.replay();
});
