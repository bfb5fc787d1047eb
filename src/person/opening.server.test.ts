// Offices above the counties over HTTP: right figures and nobody behind them, but one person, for a reason, until an instant.
import { expect, test } from 'vitest';
import { asFigures } from '../kernel/figures.ts';
import { anActor, newId, openTestApp, type Reply } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import { anId } from './census.fixtures.ts';
import type { OpeningRow } from './opening.ts';

const app = await openTestApp();
const site = anOrganisation('site');
const siteBeyond = anOrganisation('site', { division: '511903001' });
const known = { name: '南宫知秋', idNumber: anId('1980-01-01', 121), phone: '13999990417' };
const client = aClient({ identity: known })
  .registered('2024-02-01')
  .accepted(site.id, '2024-03-01')
  .withPapers(site.id, '2024-03-02')
  .session(site.id, '2024-10-10');
const other = aClient({ identity: { name: '司马青衫' } }).registered('2024-02-01');
// As many as figures may be told of (docs/decisions/0007): six who count and six who do not, in either county.
const many = [['511902', site.id] as const, ['511903', siteBeyond.id] as const].flatMap(([county, at]) => [
  ...Array.from({ length: 6 }, () =>
    [10, 11, 12, 13, 14, 15].reduce(
      (one, day) => one.session(at, `2024-10-${day}`),
      aClient({ county }).registered('2024-02-01').accepted(at, '2024-03-01').withPapers(at, '2024-03-02'),
    ),
  ),
  ...Array.from({ length: 6 }, () => aClient({ county }).registered('2024-02-01')),
]);
await app.record(site.draft, siteBeyond.draft, ...[client, other, ...many].flatMap(({ drafts }) => drafts));
const { person } = client;

const county = anActor('civilAffairs', { user: 'li.min' });
const officer = anActor('health', { scope: '5119', user: 'shi.weijian' });
const colleague = anActor('civilAffairs', { scope: '5119', user: 'shi.minzheng' });

const request = (fields: object = {}, actor = officer): Promise<Reply<{ opening: string; endsAt: string }>> =>
  app.call(actor, 'POST', '/openings', {
    ...{ id: newId(), county: '511902', name: known.name, idNumber: known.idNumber },
    ...{ reason: '核实信访反映的服务中断', hours: 24, ...fields },
  });
const file = (actor = officer, of = person): Promise<Reply<object>> => app.call(actor, 'GET', `/persons/${of}`);
const openings = async (actor = officer) =>
  (await app.call<{ rows: OpeningRow[]; total: number }>(actor, 'GET', '/openings')).body;
const end = (opening: string, actor = county) =>
  app.call(actor, 'POST', `/openings/${opening}/end`, { id: newId(), reason: '事情已经查清' });

test('a city counts what its counties count, and lists nobody of them', async () => {
  interface Figures {
    readonly numerator: number;
    readonly denominator: number;
    readonly beside: { unknown?: number };
    readonly children: readonly { area: string; numerator: number; denominator: number; clients?: number }[];
  }
  const figures = async (path: string, actor = officer, input = {}): Promise<Figures> =>
    (await app.call<Figures>(actor, 'GET', path, { on: '2024-11-10', ...input })).body;
  for (const indicator of ['standardized-service-rate', 'county-coverage']) {
    const { children } = await figures(`/indicators/${indicator}`);
    for (const scope of ['511902', '511903']) {
      const own = await figures(`/indicators/${indicator}`, anActor('civilAffairs', { scope }));
      const { numerator, denominator } = own;
      expect(children.find(({ area }) => area === scope)).toMatchObject({ numerator, denominator });
    }
  }
  const rate = '/indicators/standardized-service-rate';
  expect(await figures(rate)).toMatchObject({ numerator: 13, denominator: 26 });
  // How many live nobody knows where is the county's to know.
  const own = await figures(rate, county);
  const { unknown: _, ...beside } = own.beside;
  expect(await figures(rate, officer, { area: '511902' })).toEqual({ ...own, beside });
  const listed = async (actor = officer) => (await app.call<{ listed: number }>(actor, 'GET', '/census/coverage')).body;
  expect(await listed()).toMatchObject({ listed: 26 });
  const serving = async (actor = officer) =>
    (await app.call<{ serving: number }>(actor, 'GET', `/organisations/${site.id}`)).body.serving;
  expect(await serving()).toBe(await serving(county));

  expect(await app.call(officer, 'GET', rate, { people: true })).toMatchObject({ status: 403, code: 'figuresOnly' });
  expect(await app.call(officer, 'GET', '/persons')).toMatchObject({ status: 403, code: 'figuresOnly' });
  expect((await file()).code).toBe('notFound');
});

test('an operation that does not declare that it counts cannot count past row-level security', async () => {
  const peep = app.database.as(officer, (tx) => asFigures(tx, { actor: officer }, async () => 1));
  await expect(peep).rejects.toThrow('not declared');
});

test('opening.request: by whole number and name, for a reason; the officer alone sees the one person, and writes nothing', async () => {
  expect((await request({ reason: '想看看' })).code).toBe('inputInvalid');
  expect((await request({ hours: 73 })).code).toBe('inputInvalid');
  expect((await request({ county: '511703' })).code).toBe('outOfScope');
  expect((await request({}, county)).code).toBe('notNeeded');
  // Neither whether the number is on file, nor whose it is.
  const wrong = await request({ name: '南宫知春' });
  expect(wrong).toMatchObject({ status: 404, code: 'notFound' });
  expect((await request({ county: '511903' })).body).toMatchObject({
    detail: (wrong.body as unknown as { detail: string }).detail,
  });
  expect((await file()).code).toBe('notFound');

  const { body } = await request();
  expect(body.endsAt).toBe('2024-11-15T01:00:00.000Z');
  expect(await file()).toMatchObject({ status: 200, body: { id: person, level: 'full', next: null } });
  expect((await request()).code).toBe('alreadyOpen');
  const reading = ['timeline', 'assessments', 'papers', 'sessions', 'readers'];
  for (const part of reading) expect((await app.call(officer, 'GET', `/persons/${person}/${part}`)).status).toBe(200);
  expect((await file(officer, other.person)).code).toBe('notFound');
  for (const actor of [colleague, anActor('civilAffairs', { scope: '', user: 'guojia' })])
    expect((await file(actor)).code).toBe('notFound');
  const close = { id: newId(), person, on: '2024-11-14', reason: 'closed' };
  expect((await app.call(officer, 'POST', `/persons/${person}/close`, close)).code).toBe('figuresOnly');
  await end(body.opening, officer as typeof county);
});

test('the county is told at once, in the file, on its work list and in the audit, and may end it', async () => {
  const { body } = await request();
  const work = async () =>
    (await app.call<{ groups: { kind: string; rows: object[] }[] }>(county, 'GET', '/worklist')).body.groups.find(
      ({ kind }) => kind === 'opening',
    );
  expect((await work())?.rows).toMatchObject([
    { name: '南**秋', place: 'shi.weijian，2024-11-14 09:00 至 2024-11-15 09:00，理由：核实信访反映的服务中断' },
  ]);
  const [seen] = (await openings(county)).rows;
  expect(seen).toMatchObject({ id: body.opening, person, state: 'running', reason: '核实信访反映的服务中断' });
  const timeline = await app.call<{ rows: object[] }>(county, 'GET', `/persons/${person}/timeline`);
  expect(timeline.body.rows[0]).toMatchObject({ type: 'opening.request', role: 'health', actor: 'shi.weijian' });
  const { rows } = await app.admin.query(
    `select kind, persons from audit_line where operation = 'opening.request' and outcome = 'ok' order by seq desc limit 1`,
  );
  expect(rows).toEqual([{ kind: 'reveal', persons: [person] }]);

  for (const actor of [anActor('health'), anActor('civilAffairs', { scope: '511902001' }), colleague])
    expect([403, 404]).toContain((await end(body.opening, actor)).status);
  expect((await file()).status).toBe(200);
  expect((await end(body.opening)).status).toBe(200);
  expect((await file()).code).toBe('notFound');
  expect((await end(body.opening)).code).toBe('alreadyEnded');
  expect(await work()).toBeUndefined();
  expect((await openings()).rows[0]).toMatchObject({ person: null, name: null, state: 'ended', endedBy: 'li.min' });
  expect((await openings(colleague)).total).toBe(0);
});

test('at its end instant the person is unseen again, by the clock alone', async () => {
  expect((await request({ hours: 2 })).status).toBe(200);
  app.clock.set('2024-11-14', '10:59');
  expect((await file()).status).toBe(200);
  app.clock.set('2024-11-14', '11:00');
  expect((await file()).code).toBe('notFound');
  expect((await openings()).rows[0]).toMatchObject({ state: 'over', person: null });
  app.clock.set('2024-11-14', '09:00');
});
