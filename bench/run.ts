// `npm run bench [-- write list cost rate duties page import]`: what the product costs, each line a ratio to a named floor measured in the same run on the same engine.
import { uuidv7 } from 'uuidv7';
import { machineActor } from '../src/kernel/access.ts';
import { systemClock } from '../src/kernel/calendar.ts';
import { openDatabase } from '../src/kernel/database.ts';
import { getPackLibrary } from '../src/policy/library.ts';
import { countDutyStates } from '../src/reporting/duty.server.ts';
import { listEvidence } from '../src/reporting/evidence.server.ts';
import { countServiceRate } from '../src/reporting/measure.sql.ts';
import { aClient, anOrganisation } from '../src/server/client.fixtures.ts';
import { contextOf } from '../src/server/http.ts';
import { journal } from '../src/server/slices.ts';
import { type Bench, county, type Line, medians, openBench, printLines, type Served, serve } from './harness.ts';
import { importLines } from './import.ts';
import { seedClients, seedFloor, seedPersons, seedServed } from './seed.ts';

const rateCounty = '511903';
const rateDay = '2023-11-15';
const params = { requires: ['consent', 'agreement', 'baseline', 'plan'] as const, sessionsPerMonth: 6 };
const rateParams = { ...params, requires: [...params.requires] };

/** The same answer the obvious way: every session counted, per client, in plain SQL without row-level security. */
const plainRate = `
  select count(*) filter (where consent and agreement and baseline and plan and sessions >= 6) as numerator, count(*) as denominator from (
    select f.person,
      exists (select 1 from consent c where c.county = f.county and c.person = f.person and c.from_on <= $2) as consent,
      exists (select 1 from agreement c where c.county = f.county and c.person = f.person and c.from_on <= $2) as agreement,
      exists (select 1 from assessment c where c.county = f.county and c.person = f.person and c.kind = 'baseline' and c.happened_on <= $2) as baseline,
      exists (select 1 from plan c where c.county = f.county and c.person = f.person and c.from_on <= $2) as plan,
      s.sessions
    from file f left join (
      select person, count(*) filter (where standardized and to_char(happened_on, 'YYYY-MM') = '2023-10') as sessions from attendance where county = $1 group by person) s using (person)
    where f.county = $1 and f.registered_on <= $2) t`;

const clientsInService = async (bench: Bench): Promise<{ site: string; persons: string[] }> => {
  const site = anOrganisation('site');
  const clients = Array.from({ length: 60 }, () =>
    aClient({ county }).registered('2024-02-01').accepted(site.id, '2024-03-01').withPapers(site.id, '2024-03-02'),
  );
  const database = openDatabase(bench.app, { keys: bench.keys });
  const ctx = contextOf({ packs: getPackLibrary(), clock: systemClock }, machineActor, 'bench');
  await database.as(machineActor, (tx) =>
    journal.append(tx, ctx, [site.draft, ...clients.flatMap((client) => client.drafts)]),
  );
  await database.close();
  return { site: site.id, persons: clients.map(({ person }) => person) };
};

const body = (site: string, persons: readonly string[], i: number) => ({
  id: uuidv7(),
  organisation: site,
  kind: persons.length > 1 ? 'group' : 'individual',
  domain: 'lifeSkills',
  standardized: true,
  startAt: '09:00',
  minutes: 60,
  leader: '李敏',
  on: new Date(Date.UTC(2024, 3, 1 + (((i % 400) + 400) % 400))).toISOString().slice(0, 10),
  persons,
  absent: [],
  overlapConfirmed: true,
});

const writes = async (bench: Bench, kangtu: Served, floor: Served): Promise<Line[]> => {
  const { site, persons } = await clientsInService(bench);
  // Statistics as of a site at work: of empty tables the engine would read every row ever after.
  for (let i = 0; i < 120; i++)
    await kangtu.send('POST', '/api/sessions', body(site, [persons[i % 60] ?? ''], 400 + i));
  await bench.admin.query('vacuum analyze');
  const line = async (name: string, of: readonly string[], runs: number, target: string): Promise<Line> => {
    const [ours = 0, theirs = 0] = await medians(runs, [
      (i) => kangtu.send('POST', '/api/sessions', body(site, of.length > 1 ? of : [persons[(i + 60) % 60] ?? ''], i)),
      () => floor.send('POST', '/insert', { ids: of.map(() => uuidv7()), body: body(site, of.slice(0, 1), 1) }),
    ]);
    return {
      name,
      floor: of.length > 1 ? 'Fastify + one insert of 30 rows' : 'Fastify + one insert',
      ours,
      theirs,
      unit: 'ms',
      ratio: theirs / ours,
      target,
    };
  };
  return [
    await line('session of one over HTTP', persons.slice(0, 1), 500, '≥ 0.25'),
    await line('session of 30 over HTTP', persons.slice(0, 30), 150, '—'),
  ];
};

const lists = async (kangtu: Served, floor: Served): Promise<Line> => {
  const town = (i: number): string => `${county}${String(1 + ((i + 100) % 25)).padStart(3, '0')}`;
  const [ours = 0, theirs = 0] = await medians(300, [
    (i) => kangtu.send('GET', `/api/persons?area=${town(i)}&page=1&pageSize=25`),
    (i) => floor.send('GET', `/list?town=${town(i)}`),
  ]);
  return {
    name: 'list of 25 out of 100,000',
    floor: 'Fastify + prepared query',
    ours,
    theirs,
    unit: 'ms',
    ratio: theirs / ours,
    target: '≥ 0.3',
  };
};

/** What sealing, row-level security and the audit cost together: against the product without them (bench/serve.ts, `bare`). */
const costs = async (bench: Bench, kangtu: Served, servers: Served[]): Promise<Line[]> => {
  const bare = await serve('bare', bench.raw);
  servers.push(bare);
  const town = (i: number): string => `${county}${String(1 + ((i + 100) % 25)).padStart(3, '0')}`;
  const person = (i: number) => ({
    id: uuidv7(),
    on: '2024-03-04',
    identity: {
      name: `测试${i}`,
      sex: 'male',
      birthDate: '1980-01-01',
      phone: '19900000001',
      address: '某路一号',
      town: town(i),
    },
    alikeConfirmed: true,
  });
  const line = async (
    name: string,
    runs: number,
    send: (server: Served, i: number) => Promise<unknown>,
  ): Promise<Line> => {
    const [ours = 0, theirs = 0] = await medians(runs, [(i) => send(kangtu, i), (i) => send(bare, i)]);
    const floor = 'the same without sealing, RLS, audit';
    return { name, floor, ours, theirs, unit: 'ms', ratio: theirs / ours, target: '≥ 0.5' };
  };
  return [
    await line('new person over HTTP', 200, (server, i) => server.send('POST', '/api/persons', person(i))),
    await line('list of 25 out of 100,000', 200, (server, i) =>
      server.send('GET', `/api/persons?area=${town(i)}&page=1&pageSize=25`),
    ),
  ];
};

const rate = async (bench: Bench): Promise<Line> => {
  const database = openDatabase(bench.app, { keys: bench.keys });
  const actor = { user: 'bench', name: '', role: 'civilAffairs' as const, organisation: null, scope: rateCounty };
  const [ours = 0, theirs = 0] = await medians(9, [
    () => database.as(actor, (tx) => countServiceRate(tx, rateParams, { counties: [rateCounty] }, rateDay)),
    () => bench.admin.query(plainRate, [rateCounty, rateDay]),
  ]);
  await database.close();
  return {
    name: 'rate over 1,000,000 sessions',
    floor: 'plain SQL over the sessions',
    ours,
    theirs,
    unit: 'ms',
    ratio: theirs / ours,
    target: '≥ 20',
  };
};

const dutyCounty = '460107';
/** QS-09 the obvious way: one count of the month per client with an agreement, without row-level security. */
const plainDuty = `
  select count(*) filter (where coalesce(t.count, 0) >= 6) as done, count(*) as owed
  from file f left join tally t on t.county = f.county and t.kind = 'person' and t.subject = f.person and t.type = 'session.record'
    and t.part = 'standardized' and t.month = '2024-10'
  where f.county = $1 and f.registered_on <= '2024-10-31'
    and exists (select 1 from agreement a where a.county = f.county and a.person = f.person and a.from_on < '2024-10-01')`;

const duties = async (bench: Bench): Promise<Line> => {
  const database = openDatabase(bench.app, { keys: bench.keys });
  const actor = { user: 'bench', name: '', role: 'civilAffairs' as const, organisation: null, scope: dutyCounty };
  const ctx = contextOf({ packs: getPackLibrary(), clock: systemClock }, actor, 'bench');
  const span = { area: dutyCounty, from: '2024-10-01', to: '2024-10-31', at: { on: '2024-10-31', time: '24:00' } };
  const [ours = 0, theirs = 0] = await medians(9, [
    () => database.as(actor, (tx) => countDutyStates(tx, ctx, span, { responsible: 'all', duty: 'monthlySessions' })),
    () => bench.admin.query(plainDuty, [dutyCounty]),
  ]);
  await database.close();
  return {
    name: 'six sessions a month, 100,000 clients',
    floor: 'plain SQL over the tallies',
    ours,
    theirs,
    unit: 'ms',
    ratio: theirs / ours,
    target: '≥ 0.1',
  };
};

const page = async (bench: Bench): Promise<Line> => {
  const database = openDatabase(bench.app, { keys: bench.keys });
  const pageOf = (scope: string) => () => {
    const actor = { user: 'bench', name: '', role: 'civilAffairs' as const, organisation: null, scope };
    const ctx = contextOf({ packs: getPackLibrary(), clock: systemClock }, actor, 'bench');
    return database.as(actor, (tx) => listEvidence(tx, ctx, {}));
  };
  const [ours = 0, theirs = 0] = await medians(5, [pageOf(`${dutyCounty}001`), pageOf(dutyCounty)]);
  await database.close();
  return {
    name: 'policy page of a town of 4,000 out of 100,000',
    floor: 'the same for the office of the county',
    ours,
    theirs,
    unit: 'ms',
    ratio: theirs / ours,
    target: '≥ 1',
  };
};

const wanted = process.argv.slice(2);
const asked = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
const bench = await openBench();
// Dropping the database at the end may reach a connection that is still saying goodbye.
bench.admin.on('error', () => undefined);
const servers: Served[] = [];
try {
  console.log('seeding …');
  await seedFloor(bench.admin);
  if (asked('list') || asked('cost')) await seedPersons(bench, county);
  if (asked('rate')) await seedClients(bench.admin, rateCounty);
  if (asked('duties') || asked('page')) await seedServed(bench.admin, dutyCounty);
  await bench.admin.query('vacuum analyze');
  console.log('measuring …');
  const kangtu = await serve('kangtu', bench.app);
  servers.push(kangtu);
  const floor = await serve('floor', bench.raw);
  servers.push(floor);
  const lines: Line[] = [];
  if (asked('write')) lines.push(...(await writes(bench, kangtu, floor)));
  if (asked('list')) lines.push(await lists(kangtu, floor));
  if (asked('cost')) lines.push(...(await costs(bench, kangtu, servers)));
  if (asked('rate')) lines.push(await rate(bench));
  if (asked('duties')) lines.push(await duties(bench));
  if (asked('page')) lines.push(await page(bench));
  if (asked('import')) lines.push(...(await importLines(bench)));
  printLines(lines);
  console.log(`server memory after the run: ${(await kangtu.memory()).toFixed(0)} MB (target < 300 MB)`);
} finally {
  for (const server of servers) server.stop();
  await bench.stop();
}
