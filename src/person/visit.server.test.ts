// Home visits over HTTP: recorded, corrected and voided with their facts, what is refused, and who may change whose.
import { describe, expect, test } from 'vitest';
import type { Actor } from '../kernel/access.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { ScreeningView } from './screening.ts';
import type { VisitView } from './visit.ts';

const app = await openTestApp();
const clerk = anActor('civilAffairs');
const village = anActor('village', { scope: '511902001' });
const otherVillage = anActor('village', { scope: '511902001', user: 'village-other' });

const listed = async () => {
  const client = aClient({ on: '2024-01-02' });
  await app.record(...client.drafts);
  return client.person;
};
const visit = (more: object = {}) => ({
  on: '2024-03-01',
  method: 'home',
  participants: ['李敏'],
  met: ['client', 'guardian'],
  facts: [{ kind: 'clientWilling', on: '2024-03-01', value: true }],
  aid: ['低保'],
  family: '与母亲同住',
  ...more,
});
const record = (person: string, more: object = {}, actor: Actor = village) =>
  app.call<{ id: string }>(actor, 'POST', `/persons/${person}/visits`, { id: newId(), ...visit(more) });
const change = (person: string, of: string, how: 'correct' | 'void', more: object = {}, actor: Actor = village) =>
  app.call(actor, 'POST', `/persons/${person}/visits/${of}/${how}`, {
    id: newId(),
    ...(how === 'void' ? { reason: '登记到了别人名下' } : visit()),
    ...more,
  });
const list = async (person: string, actor: Actor = village) =>
  (await app.call<{ rows: VisitView[] }>(actor, 'GET', `/persons/${person}/visits`)).body.rows;
const willing = async (person: string) =>
  (
    await app.call<ScreeningView>(clerk, 'GET', `/persons/${person}/screening`, { on: '2024-04-01' })
  ).body.findings.find(({ rule }) => rule === 'willing');

describe('visit.record', () => {
  test('keeps the visit and states its facts as those of a visit', async () => {
    const person = await listed();
    await record(person);
    expect(await list(person)).toMatchObject([
      { on: '2024-03-01', family: '与母亲同住', note: null, corrected: false, mayChange: true },
    ]);
    expect(await willing(person)).toMatchObject({
      outcome: 'met',
      facts: [{ key: 'clientWilling', on: '2024-03-01', source: '入户走访' }],
    });
  });

  test('refuses days to come or before listing, facts to come, and a contradiction about whom it met', async () => {
    const person = await listed();
    expect((await record(person, { on: '2025-01-01' })).code).toBe('inFuture');
    expect((await record(person, { on: '2024-01-01' })).code).toBe('beforeStart');
    const ahead = [{ kind: 'clientWilling', on: '2025-01-01', value: true }];
    expect((await record(person, { facts: ahead })).code).toBe('inFuture');
    expect((await record(person, { met: ['none', 'client'] })).code).toBe('inputInvalid');
  });

  test('refuses an ended file, a linked record, and an organisation that has not accepted', async () => {
    const site = anOrganisation('site');
    const ended = aClient().registered('2024-01-10').accepted(site.id, '2024-01-12').discharged('2024-02-01');
    const sent = aClient().registered('2024-01-10').referred(site.id, '2024-01-12');
    const linked = aClient();
    await app.record(site.draft, ...ended.drafts, ...sent.drafts, ...linked.drafts, {
      id: newId(),
      type: 'person.link',
      county: '511902',
      on: '2024-02-01',
      subjects: [sent.person, linked.person].map((id) => ({ kind: 'person' as const, id })),
      body: { person: sent.person, other: linked.person, reason: '同一人' },
    });
    expect((await record(ended.person)).body).toMatchObject({ code: 'stageNotAllowed', cites: ['BZ-06'] });
    expect((await record(linked.person)).code).toBe('linkedAway');
    const worker = anActor('site', { organisation: site.id });
    expect((await record(sent.person, {}, worker)).code).toBe('minimumSight');
    expect((await app.call(worker, 'GET', `/persons/${sent.person}/visits`)).code).toBe('minimumSight');
  });

  test('is not for a hospital, and reaches nobody of another town', async () => {
    const person = await listed();
    expect((await record(person, {}, anActor('hospital'))).status).toBe(403);
    expect((await record(person, {}, anActor('village', { scope: '511902002' }))).status).toBe(404);
    expect((await app.call(anActor('finance'), 'GET', `/persons/${person}/visits`)).status).toBe(403);
  });
});

describe('visit.correct and visit.void', () => {
  test('a correction takes the place of the visit and of its facts; a void takes both away', async () => {
    const person = await listed();
    const { id } = (await record(person)).body;
    const no = { facts: [{ kind: 'clientWilling', on: '2024-03-01', value: false }], note: '当天改变了主意' };
    await change(person, id, 'correct', no);
    expect(await list(person)).toMatchObject([{ id, corrected: true, note: '当天改变了主意' }]);
    expect((await willing(person))?.outcome).toBe('unmet');
    await change(person, id, 'void');
    expect(await list(person)).toEqual([]);
    expect((await willing(person))?.outcome).toBe('unknown');
    expect((await change(person, id, 'void')).status).toBe(404);
  });

  test('are for who recorded it and for civil affairs, not for others', async () => {
    const person = await listed();
    const { id } = (await record(person)).body;
    expect((await change(person, id, 'correct', {}, otherVillage)).code).toBe('otherOrganisation');
    expect((await change(person, id, 'void', {}, otherVillage)).code).toBe('otherOrganisation');
    expect((await change(person, id, 'correct', {}, clerk)).status).toBe(200);
    expect((await change(person, id, 'void', {}, anActor('hospital'))).status).toBe(403);
    expect((await change(person, id, 'correct', {}, anActor('hospital'))).status).toBe(403);
  });

  test('refuse days to come or before listing, and a visit to somebody else', async () => {
    const person = await listed();
    const { id } = (await record(person)).body;
    expect((await change(person, id, 'correct', { on: '2025-01-01' })).code).toBe('inFuture');
    expect((await change(person, id, 'correct', { on: '2024-01-01' })).code).toBe('beforeStart');
    expect((await change(await listed(), id, 'void')).status).toBe(404);
    const elsewhere = anActor('civilAffairs', { scope: '511903' });
    expect((await change(person, id, 'correct', {}, elsewhere)).status).toBe(404);
    expect((await change(person, id, 'void', {}, elsewhere)).status).toBe(404);
  });
});
