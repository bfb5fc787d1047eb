// settlement.month over HTTP: finance gets right numbers and learns of nobody.
import { expect, test } from 'vitest';
import { anActor, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { Settlement } from './settlement.api.ts';

const app = await openTestApp();
const [site, other] = [anOrganisation('site', { name: '东城站点' }), anOrganisation('site', { name: '西城站点' })];
const first = aClient({ identity: { name: '拓跋南风' } })
  .registered('2024-02-01')
  .accepted(site.id, '2024-03-01')
  .withPapers(site.id, '2024-03-02')
  .session(site.id, '2024-10-08')
  .session(site.id, '2024-10-15', { standardized: false })
  .session(other.id, '2024-10-20')
  .session(site.id, '2024-11-02');
const second = aClient()
  .registered('2024-02-01')
  .accepted(site.id, '2024-03-01')
  .session(site.id, '2024-10-31')
  .discharged('2024-11-05');
const elsewhere = aClient({ county: '511903' }).registered('2024-02-01').session(other.id, '2024-10-09');
await app.record(site.draft, other.draft, ...first.drafts, ...second.drafts, ...elsewhere.drafts);

const get = (actor = anActor('finance'), month = '2024-10') =>
  app.call<Settlement>(actor, 'GET', `/settlements/${month}`);

test('settlement.month: finance counts the month by organisation, a person once in all, and nobody by name', async () => {
  const { body } = await get();
  expect(body.rows.map(({ name, sessions, served, standardized }) => [name, sessions, served, standardized])).toEqual([
    ['东城站点', 3, 2, 2],
    ['西城站点', 1, 1, 1],
  ]);
  expect(body.total).toMatchObject({ sessions: 4, attendances: 4, served: 2, minutes: 240, fees: 0 });
  expect(JSON.stringify(body)).not.toMatch(new RegExp(`拓跋|南风|${first.person}`));
  expect((await get(anActor('civilAffairs'))).body).toEqual(body);
  // Of the city: also the county beside.
  for (const role of ['finance', 'civilAffairs'] as const)
    expect((await get(anActor(role, { scope: '5119' }))).body.total).toMatchObject({ sessions: 5, served: 3 });
  expect((await get(anActor('finance'), '2024-12')).code).toBe('inFuture');
  expect((await get(anActor('site', { organisation: site.id }))).code).toBe('roleNotAllowed');
});

test('finance is refused every way to a person', async () => {
  const finance = anActor('finance');
  for (const path of [`/persons/${first.person}`, '/persons', `/organisations/${site.id}/months/2024-10`])
    expect((await app.call(finance, 'GET', path)).code).toBe('roleNotAllowed');
  expect((await app.call<{ groups: unknown[] }>(finance, 'GET', '/worklist')).body.groups).toEqual([]);
});
