// Figures for who may not see the persons: a town of three is in no number of any answer, and no other answer gives it away.
import { expect, test } from 'vitest';
import { anActor, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { IndicatorAnswer, TrendMonth } from './indicator.ts';

const app = await openTestApp();
const site = anOrganisation('site', { name: '东城站点' });
const registered = (county: string, town: string, count: number) =>
  Array.from({ length: count }, () => aClient({ county, town: `${county}${town}` }).registered('2024-01-10'));
const served = Array.from({ length: 7 }, () =>
  aClient({ town: '511902004' })
    .registered('2024-01-10')
    .accepted(site.id, '2024-01-12')
    .withPapers(site.id, '2024-01-15')
    .session(site.id, '2024-05-20'),
);
const few = aClient({ town: '511902001' })
  .registered('2024-01-10')
  .accepted(site.id, '2024-01-12')
  .withPapers(site.id, '2024-01-15')
  .session(site.id, '2024-05-20');
await app.record(
  site.draft,
  ...[
    ...served,
    few,
    ...registered('511902', '001', 2),
    ...registered('511902', '002', 12),
    ...registered('511902', '003', 20),
    ...registered('511902', '004', 30),
    ...registered('511922', '001', 25),
    ...registered('511922', '002', 14),
  ].flatMap(({ drafts }) => drafts),
);

const rate = '/indicators/standardized-service-rate';
const coverage = '/indicators/county-coverage';
const on = '2024-06-20';
const finance = anActor('finance');
const city = anActor('civilAffairs', { scope: '5119' });
const get = (actor: typeof city, path: string, input: object = {}) =>
  app.call<IndicatorAnswer>(actor, 'GET', path, { on, ...input });

const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : [];
};
/** Town 001 has three persons, of whom one counts; with the county's 72 and 8 the others must not add up to them. */
const tellsOfThree = ({ children, numerator, denominator }: IndicatorAnswer): boolean => {
  const rest = (total: number | null, parts: (number | null)[]) =>
    total !== null && parts.filter((part) => part === null).length === 1;
  return (
    rest(
      denominator,
      children.map((child) => child.denominator),
    ) ||
    rest(
      numerator,
      children.map((child) => child.numerator),
    )
  );
};

test('indicator.get: finance and the city read a county with a town of three, and the three is nowhere', async () => {
  for (const actor of [finance, city]) {
    const { status, body } = await get(actor, rate, { area: '511902' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ numerator: 8, denominator: 72, people: [], hidden: false });
    const town = (code: string) => body.children.find(({ area }) => area === code);
    expect(town('511902001')).toMatchObject({
      hidden: true,
      numerator: null,
      denominator: null,
      value: null,
      met: null,
    });
    // The next smallest town goes too, or subtracting would give the three.
    expect(town('511902002')).toMatchObject({ hidden: true, denominator: null });
    expect(town('511902003')).toMatchObject({ hidden: false, numerator: 0, denominator: 20 });
    expect(numbersIn({ ...body, pack: null, formula: null })).not.toContain(3);
    expect(tellsOfThree(body)).toBe(false);
    const own = await get(actor, rate, { area: '511902001' });
    expect(own.body).toMatchObject({ hidden: true, numerator: null, denominator: null, short: null, children: [] });
  }
});

test('indicator.get: who may see the persons sees the three: the county’s office, the town and the site', async () => {
  const county = await get(anActor('health'), rate);
  expect(county.body.children.find(({ area }) => area === '511902001')).toMatchObject({ numerator: 1, denominator: 3 });
  const town = await get(anActor('village', { scope: '511902001' }), rate);
  expect(town.body).toMatchObject({ numerator: 1, denominator: 3, hidden: false });
  const own = await get(anActor('site', { organisation: site.id }), rate);
  expect(own.body).toMatchObject({ denominator: 8, hidden: false });
});

test('indicator.get: the tables of city, county and town hide the same cells', async () => {
  const answers = await Promise.all(
    ['5119', '511902', '511922', '511902001', '511902002', '511902004'].map((area) => get(city, rate, { area })),
  );
  const shown = new Map<string, string>();
  for (const { body } of answers)
    for (const { area, numerator, denominator } of [body, ...body.children]) {
      const text = `${numerator}/${denominator}`;
      expect(shown.get(area ?? '') ?? text, area ?? '').toBe(text);
      shown.set(area ?? '', text);
    }
  expect((await get(finance, rate)).body).toMatchObject({ numerator: 8, denominator: 72 });
});

test('indicator.get: no persons and no single site for who sees figures', async () => {
  for (const actor of [finance, city]) {
    expect((await get(actor, rate, { people: true })).code).toBe('figuresOnly');
    expect((await get(actor, rate, { area: '511902', site: site.id })).code).toBe('figuresOnly');
    expect((await app.call(actor, 'GET', `${rate}/trend`, { site: site.id })).code).toBe('figuresOnly');
  }
  expect((await get(finance, rate, { area: '511922' })).code).toBe('outOfScope');
  expect((await get(anActor('systemAdmin'), rate)).status).toBe(403);
});

test('indicator.trend: months of a small town are hidden, not empty', async () => {
  const { body } = await app.call<{ months: TrendMonth[] }>(city, 'GET', `${rate}/trend`, {
    area: '511902001',
    from: '2023-12',
    to: '2024-06',
  });
  expect(body.months[0]).toMatchObject({ hidden: false, denominator: 0 });
  expect(body.months.slice(1).every((m) => m.hidden && m.denominator === null && m.value === null)).toBe(true);
});

test('indicator.get: coverage hides how many are served and their sessions, not whether the county serves', async () => {
  for (const actor of [finance, city]) {
    const { body } = await get(actor, coverage, { area: '511902' });
    expect(body).toMatchObject({ numerator: 1, denominator: 1 });
    expect(body.children.find(({ area }) => area === '511902001')).toMatchObject({
      hidden: true,
      clients: null,
      sessions: null,
    });
    expect(body.children.find(({ area }) => area === '511902003')).toMatchObject({
      hidden: false,
      clients: 0,
      sessions: 0,
    });
  }
  const counties = await get(city, coverage);
  expect(counties.body.children.find(({ area }) => area === '511902')).toMatchObject({ clients: 8, met: true });
});

test('census.coverage: a city reads a county’s towns without the three', async () => {
  interface Coverage {
    readonly rows: { division: string; listed: number | null; visited: number | null }[];
    readonly listed: number | null;
  }
  const coverageOf = async (actor: typeof city, area: string) =>
    (await app.call<Coverage>(actor, 'GET', '/census/coverage', { area })).body;
  const body = await coverageOf(city, '511902');
  const town = (code: string) => body.rows.find(({ division }) => division === code);
  expect(body.listed).toBe(72);
  expect(town('511902001')).toMatchObject({ listed: null, visited: null });
  expect(town('511902002')).toMatchObject({ listed: null });
  expect(town('511902003')).toMatchObject({ listed: 20, visited: 0 });
  expect((await coverageOf(city, '511902001')).listed).toBeNull();
  expect((await coverageOf(anActor('civilAffairs'), '511902001')).listed).toBe(3);
});
