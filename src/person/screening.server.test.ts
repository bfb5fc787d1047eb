// Screening over HTTP: what is asked, recorded and refused, filling in what is not known, a whole town, and who may see it.
import { describe, expect, test } from 'vitest';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, type ClientOptions } from '../server/client.fixtures.ts';
import type { RecordedFact } from './person.ts';
import { getNewestScreening } from './screening.server.ts';
import type { ScreeningView } from './screening.ts';

const app = await openTestApp();
const clerk = anActor('civilAffairs');
const elsewhere = anActor('civilAffairs', { scope: '511903' });
const doctor = anActor('hospital');
const site = anActor('site', { organisation: newId() });

const fact = (kind: RecordedFact['kind'], value: RecordedFact['value'], on = '2024-01-02'): RecordedFact => ({
  kind,
  value,
  on,
  source: 'health',
});
const inScopeFacts = [
  fact('stability', 'stable'),
  fact('clientWilling', true),
  fact('risk', 1),
  fact('medicalOpinion', { fit: true }),
];
const listed = async (facts: readonly RecordedFact[], options: ClientOptions = {}) => {
  const client = aClient({ ...options, facts });
  await app.record(...client.drafts);
  return client.person;
};
const preview = (person: string, on = '2024-03-01', actor = clerk) =>
  app.call<ScreeningView>(actor, 'GET', `/persons/${person}/screening`, { on });
const record = (person: string, on = '2024-03-01', actor = clerk) =>
  app.call<{ id: string; outcome: string }>(actor, 'POST', `/persons/${person}/screenings`, { id: newId(), on });
const state = (person: string) =>
  app.read(async (tx) => (await getNewestScreening(tx, '511902', [person])).get(person));

describe('screening.preview', () => {
  test('names for each criterion the fact, its day, the list it came from and the clause', async () => {
    const person = await listed(inScopeFacts);
    const { body } = await preview(person);
    expect(body).toMatchObject({ outcome: 'eligible', name: '陈*远', needs: [], mayRecord: true, newest: null });
    const risk = body.findings.find(({ rule }) => rule === 'riskCeiling');
    expect(risk).toMatchObject({
      outcome: 'met',
      clause: ['BZ-07'],
      facts: [{ key: 'risk', on: '2024-01-02', source: '卫健名单' }],
    });
  });

  test('does not yet know what was said after the day asked', async () => {
    const person = await listed([...inScopeFacts.slice(1), fact('stability', 'stable', '2024-04-01')]);
    expect((await preview(person, '2024-03-01')).body).toMatchObject({ outcome: 'unknown', needs: ['stability'] });
    expect((await preview(person, '2024-04-01')).body.outcome).toBe('eligible');
  });

  test('refuses a day to come and a place without criteria on that day', async () => {
    const person = await listed(inScopeFacts, { on: '2023-06-01' });
    expect((await preview(person, '2025-01-01')).code).toBe('inFuture');
    expect((await preview(person, '2023-07-01')).code).toBe('noCriteria');
  });

  test('is not for a site, and shows nobody of another area', async () => {
    const person = await listed(inScopeFacts);
    expect((await preview(person, '2024-03-01', site)).status).toBe(403);
    expect((await preview(person, '2024-03-01', elsewhere)).status).toBe(404);
  });

  test('reads the facts of a linked record, and refuses the record that is linked away', async () => {
    const [person, other] = [await listed(inScopeFacts.slice(1)), await listed(inScopeFacts.slice(0, 1))];
    await link(person, other);
    expect((await preview(person)).body.outcome).toBe('eligible');
    expect((await preview(other)).code).toBe('linkedAway');
  });
});

const link = (person: string, other: string) =>
  app.record({
    id: newId(),
    type: 'person.link',
    county: '511902',
    on: '2024-02-01',
    subjects: [person, other].map((id) => ({ kind: 'person' as const, id })),
    body: { person, other, reason: '证号相同' },
  });

describe('fact.record', () => {
  const fill = (person: string, facts: object[], actor = clerk, on = '2024-03-01') =>
    app.call(actor, 'POST', `/persons/${person}/facts`, { id: newId(), on, facts });

  test('fills in what was not known, with the source of who says it', async () => {
    const person = await listed(inScopeFacts.slice(0, 3));
    expect((await preview(person)).body.needs).toEqual(['medicalOpinion']);
    await fill(person, [{ kind: 'medicalOpinion', on: '2024-02-20', value: { fit: true } }], doctor);
    const { body } = await preview(person);
    expect(body.outcome).toBe('eligible');
    expect(body.findings.find(({ rule }) => rule === 'judgedFit')?.facts).toEqual([
      { key: 'medicalOpinion', on: '2024-02-20', source: '医疗机构' },
    ]);
  });

  test('refuses a value of another kind, a fact to come, and a day before the person was listed', async () => {
    const person = await listed([]);
    const wrong = await fill(person, [{ kind: 'risk', on: '2024-02-20', value: 6 }]);
    expect(wrong.body).toMatchObject({ code: 'inputInvalid', fields: { 'facts.0.value': expect.any(String) } });
    expect((await fill(person, [{ kind: 'risk', on: '2025-02-20', value: 1 }])).code).toBe('inFuture');
    const early = await fill(person, [{ kind: 'risk', on: '2024-02-20', value: 1 }], clerk, '2023-12-31');
    expect(early.code).toBe('beforeStart');
  });

  test('is not for a site, and reaches nobody of another area', async () => {
    const person = await listed([]);
    const risk = [{ kind: 'risk', on: '2024-02-20', value: 1 }];
    expect((await fill(person, risk, site)).status).toBe(403);
    expect((await fill(person, risk, elsewhere)).status).toBe(404);
    const other = await listed([]);
    await link(person, other);
    expect((await fill(other, risk)).code).toBe('linkedAway');
  });
});

describe('screening.record', () => {
  test('keeps outcome, pack, version and findings, and moves the file there and back', async () => {
    const person = await listed([
      ...inScopeFacts.slice(0, 2),
      inScopeFacts[3] ?? fact('severe', true),
      fact('risk', 3),
    ]);
    const first = await record(person);
    expect(first.body.outcome).toBe('ineligible');
    expect((await preview(person)).body.stage).toBe('ineligible');
    const kept = await state(person);
    expect(kept).toMatchObject({ id: first.body.id, on: '2024-03-01', outcome: 'ineligible', pack: 'bazhong' });
    expect(kept?.findings.find(({ rule }) => rule === 'riskCeiling')).toMatchObject({
      outcome: 'unmet',
      clause: ['BZ-07'],
      pack: `bazhong@${kept?.version}`,
    });
    await app.call(clerk, 'POST', `/persons/${person}/facts`, {
      id: newId(),
      on: '2024-04-01',
      facts: [{ kind: 'risk', on: '2024-04-01', value: 0 }],
    });
    expect((await record(person, '2024-04-02')).body.outcome).toBe('eligible');
    expect((await preview(person, '2024-04-02')).body).toMatchObject({ stage: 'listed', newest: { on: '2024-04-02' } });
  });

  test('refuses days to come, before listing, before the last screening, and without criteria', async () => {
    const person = await listed(inScopeFacts);
    expect((await record(person, '2025-01-01')).code).toBe('inFuture');
    expect((await record(person, '2024-01-01')).code).toBe('beforeStart');
    await record(person, '2024-03-01');
    expect((await record(person, '2024-02-29')).code).toBe('beforeStart');
    expect((await record(await listed([], { on: '2023-06-01' }), '2023-07-01')).code).toBe('noCriteria');
  });

  test('refuses whoever is registered, or is linked to another record', async () => {
    const client = aClient({ facts: inScopeFacts }).registered('2024-02-01');
    await app.record(...client.drafts);
    const refused = await record(client.person);
    expect(refused.body).toMatchObject({ code: 'stageNotAllowed', cites: ['BZ-07'] });
    const other = await listed([]);
    await link(client.person, other);
    expect((await record(other)).code).toBe('linkedAway');
  });

  test('is not for a hospital, and reaches nobody of another area', async () => {
    const person = await listed(inScopeFacts);
    expect((await record(person, '2024-03-01', doctor)).status).toBe(403);
    expect((await record(person, '2024-03-01', elsewhere)).status).toBe(404);
  });
});

describe('screening.batch', () => {
  const town = '511902003';
  const batch = (actor = clerk, on = '2024-03-01', of = town) =>
    app.call(actor, 'POST', '/screenings/batch', { id: newId(), town: of, on });

  test('records a whole town once, links included, and lists who stays unknown', async () => {
    const eligible = await listed(inScopeFacts.slice(1), { town });
    await link(eligible, await listed(inScopeFacts.slice(0, 1), { town }));
    const unclear = await listed(inScopeFacts.slice(1), { town });
    await listed(inScopeFacts, { town, on: '2024-03-02' });
    const registered = aClient({ town, facts: inScopeFacts }).registered('2024-02-01');
    await app.record(...registered.drafts);
    expect((await batch()).body).toEqual({
      recorded: 2,
      unchanged: 0,
      notYet: 1,
      outcomes: { eligible: 1, ineligible: 0, unknown: 1 },
    });
    expect((await batch()).body).toMatchObject({ recorded: 0, unchanged: 2 });
    expect((await state(eligible))?.outcome).toBe('eligible');
    const { body } = await app.call(clerk, 'GET', '/screenings/unknown', { area: town });
    expect(body).toEqual({
      rows: [
        {
          person: unclear,
          name: '陈*远',
          town,
          on: '2024-03-01',
          missing: [{ rule: 'stable', because: '尚不知道：病情稳定程度' }],
        },
      ],
      total: 1,
    });
    expect((await app.call(elsewhere, 'GET', '/screenings/unknown', { area: town })).body).toEqual({
      rows: [],
      total: 0,
    });
    expect((await app.call(site, 'GET', '/screenings/unknown')).status).toBe(403);
  });

  test('refuses a day to come, a town elsewhere, a place without criteria, and other roles', async () => {
    expect((await batch(clerk, '2025-01-01')).code).toBe('inFuture');
    expect((await batch(elsewhere)).code).toBe('outOfScope');
    expect((await batch(doctor)).status).toBe(403);
    await listed(inScopeFacts, { town: '511902004', on: '2023-06-01' });
    expect((await batch(clerk, '2023-07-01', '511902004')).code).toBe('noCriteria');
  });
});
