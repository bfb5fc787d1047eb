// indicator.get and indicator.trend over HTTP: the figure opens to its people, and nobody sees another area's.
import { expect, test } from 'vitest';
import { anActor, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { IndicatorAnswer, TrendMonth } from './indicator.ts';

const app = await openTestApp();
const site = anOrganisation('site', { name: '东城站点' });
const otherSite = anOrganisation('site', { name: '西城站点', division: '511902002' });
const far = anOrganisation('site', { name: '南江站点', division: '511922001' });

/** In service since January with everything, and a session in May: counts on 30 June only with one in June. */
const whole = aClient()
  .registered('2024-01-10')
  .accepted(site.id, '2024-01-12')
  .withPapers(site.id, '2024-01-15')
  .session(site.id, '2024-05-20');
const unplanned = aClient({ town: '511902002' })
  .registered('2024-01-10')
  .accepted(site.id, '2024-01-12')
  .withPapers(site.id, '2024-06-03', ['consent', 'agreement', 'baseline']);
const waiting = aClient({ town: '511902002' }).registered('2024-03-01');
const elsewhere = aClient({ county: '511922', identity: { name: '何云' } })
  .registered('2024-02-01')
  .accepted(far.id, '2024-02-03')
  .withPapers(far.id, '2024-02-05')
  .session(far.id, '2024-05-08');
await app.record(site.draft, otherSite.draft, far.draft);
await app.record(...[whole, unplanned, waiting, elsewhere].flatMap(({ drafts }) => drafts));

const county = anActor('civilAffairs');
const city = anActor('civilAffairs', { scope: '5119' });
const rate = '/indicators/standardized-service-rate';
const get = (actor: typeof county | null, path: string, input: object) =>
  app.call<IndicatorAnswer>(actor, 'GET', path, input);

test('indicator.get: a county opens to its towns and to whom each process step is missing', async () => {
  const { status, body } = await get(county, rate, { area: '511902', on: '2024-06-20', people: true });
  expect(status).toBe(200);
  expect(body).toMatchObject({ numerator: 1, denominator: 3, target: 0.45, met: false, short: 1, clause: ['BZ-02'] });
  expect(body.formula).toMatchObject({
    month: '2024-05',
    sessionsPerMonth: 1,
    assumed: expect.stringContaining('每月'),
  });
  expect(body.people.map(({ id, missing }) => ({ id, missing }))).toEqual(
    expect.arrayContaining([
      { id: whole.person, missing: [] },
      { id: unplanned.person, missing: ['plan'] },
      { id: waiting.person, missing: ['consent', 'agreement', 'baseline', 'plan'] },
    ]),
  );
  expect(body.people.every(({ name }) => name === '陈*远')).toBe(true);
  expect(body.children.find(({ area }) => area === '511902001')).toMatchObject({ numerator: 1, denominator: 1 });
  const town = await get(county, rate, { area: '511902001', on: '2024-06-20' });
  expect(town.body.children).toEqual([expect.objectContaining({ area: site.id, name: '东城站点', denominator: 1 })]);
  const lacking = await get(county, rate, { on: '2024-06-20', people: true, missing: 'baseline' });
  expect(lacking.body.people.map(({ id }) => id)).toEqual([waiting.person]);
});

test('indicator.get: a short month shows from the month’s last day on', async () => {
  const { body } = await get(county, rate, { on: '2024-06-30', people: true });
  expect(body.people.find(({ id }) => id === whole.person)?.missing).toEqual(['sessions']);
});

test('indicator.get: coverage of a city counts the counties that serve', async () => {
  const { body } = await get(city, '/indicators/county-coverage', { area: '5119', on: '2024-06-20' });
  expect(body).toMatchObject({ numerator: 2, denominator: 5, value: 0.4, target: 0.7, met: false, short: 2 });
  expect(body.children.find(({ area }) => area === '511921')).toMatchObject({
    met: false,
    missing: ['clients', 'sessions'],
  });
  const served = await get(county, '/indicators/county-coverage', { on: '2024-06-20', people: true });
  expect(served.body.people.map(({ id }) => id)).toEqual([whole.person]);
});

test('indicator.get: a site of a town sees the figure of its own clients, from whatever town, and no other', async () => {
  const own = anActor('site', { organisation: site.id, scope: '511902001' });
  const { body } = await get(own, rate, { on: '2024-06-20', people: true });
  expect(body).toMatchObject({ site: site.id, denominator: 2, children: [] });
  expect((await get(own, rate, { site: otherSite.id })).status).toBe(403);
});

test('indicator.get: wrong role, another area, unknown area, no rule, the future', async () => {
  expect((await get(anActor('systemAdmin'), rate, {})).status).toBe(403);
  expect((await get(null, rate, {})).status).toBe(403);
  expect((await get(county, rate, { area: '511922' })).code).toBe('outOfScope');
  expect((await get(county, rate, { area: '5119' })).code).toBe('outOfScope');
  expect((await get(county, rate, { area: '511902999' })).code).toBe('areaUnknown');
  expect((await get(county, rate, { on: '2023-11-20' })).code).toBe('noRule');
  expect((await get(county, rate, { on: '2024-11-15' })).code).toBe('inFuture');
});

test('indicator.trend: by month, silent before the rule came into force', async () => {
  const asked = { area: '5119', from: '2023-10', to: '2024-06' };
  const { body } = await app.call<{ months: TrendMonth[] }>(city, 'GET', `${rate}/trend`, asked);
  expect(body.months.map(({ inForce }) => inForce)).toEqual([false, true, true, true, true, true, true, true, true]);
  expect(body.months[0]).toMatchObject({ on: '2023-10-31', value: null, target: null });
  expect(body.months.at(2)).toMatchObject({ on: '2023-12-31', denominator: 0, value: null, target: 0.3 });
  const own = await app.call<{ months: TrendMonth[] }>(county, 'GET', `${rate}/trend`, { to: '2024-06' });
  expect(own.body.months.at(-2)).toMatchObject({ on: '2024-05-31', numerator: 1, denominator: 3, target: 0.45 });
  const trend = (actor: typeof county, input: object) => app.call(actor, 'GET', `${rate}/trend`, input);
  expect((await trend(county, { from: '2020-01' })).code).toBe('tooMany');
  expect((await trend(county, { to: '2024-12' })).code).toBe('inFuture');
  expect((await trend(county, { area: '511902999' })).code).toBe('areaUnknown');
  expect((await trend(county, { area: '511922' })).status).toBe(403);
  expect((await trend(anActor('systemAdmin'), {})).status).toBe(403);
});
