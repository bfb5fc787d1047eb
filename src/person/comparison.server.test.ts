// One person's facts under each place's criteria over HTTP: every place answers by its own clauses, and only who may see the person is answered.
import { expect, test } from 'vitest';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient } from '../server/client.fixtures.ts';
import type { Comparison, PersonComparison } from './comparison.ts';
import type { RecordedFact } from './person.ts';

const app = await openTestApp();
const clerk = anActor('civilAffairs');

const fact = (kind: RecordedFact['kind'], value: RecordedFact['value']): RecordedFact => ({
  kind,
  value,
  on: '2024-09-02',
  source: 'visit',
});
/** Risk 2: too much in Bazhong, not in Songyang. Certificate known to be none: needed in Altay alone. Household in Bazhong: not in Songyang. */
const facts = [
  fact('risk', 2),
  fact('certificate', null),
  fact('livesAt', 'home'),
  fact('diagnosis', { code: 'F20' }),
  fact('severe', true),
  fact('needsRehabilitation', true),
  fact('medicalOpinion', { fit: true }),
  fact('stability', 'basicallyStable'),
  fact('clientWilling', true),
];
const client = aClient({ facts, identity: { householdDivision: '511902003' } });
await app.record(...client.drafts);
const compare = (actor = clerk, on = '2024-11-01') =>
  app.call<PersonComparison>(actor, 'GET', `/persons/${client.person}/screening/compare`, { on });
const placeIn = ({ places }: Comparison, area: string) => {
  const found = places.find((place) => place.area === area);
  if (!found) throw new Error(`no place ${area}`);
  return found;
};

test('screening.compare: four places, four answers, each explained by its own clauses; the differences and what is tied to a place are named', async () => {
  const { body } = await compare();
  for (const [area, prefix, outcome, deciding] of [
    ['5119', 'BZ-', 'ineligible', /总危险度 2 级，高于 1 级/],
    ['460107', 'QS-', 'eligible', /有康复需求/],
    ['6543', 'AL-', 'ineligible', /没有残疾人证/],
    ['331124', 'SY-', 'ineligible', /不属于 331124/],
  ] as const) {
    const place = placeIn(body, area);
    expect({ area, outcome: place.outcome }).toEqual({ area, outcome });
    expect(
      place.findings.every(({ clause, because }) => clause.some((id) => id.startsWith(prefix)) && because !== ''),
    ).toBe(true);
    expect(place.findings.map(({ because }) => because).join('\n')).toMatch(deciding);
  }
  expect(body.places.filter(({ own }) => own).map(({ area }) => area)).toEqual(['5119']);
  const risk = body.differences.find((one) => one.fact === 'risk');
  expect(Object.fromEntries(body.places.map(({ area }, i) => [area, risk?.outcomes[i]]))).toMatchObject({
    '5119': 'unmet',
    '460107': null,
    '6543': null,
    '331124': 'met',
  });
  const tied = body.places.flatMap(({ area, findings }) =>
    findings.flatMap(({ tiedTo }) => (tiedTo ? [[area, tiedTo]] : [])),
  );
  expect(tied).toEqual([['331124', '松阳县']]);
});

test('screening.compare: refuses other areas, a site and days to come, marks lapsed texts, and hides what the office does not read', async () => {
  expect((await compare(anActor('civilAffairs', { scope: '511903' }))).status).toBe(404);
  expect((await compare(anActor('site', { organisation: newId() }))).status).toBe(403);
  expect((await compare(clerk, '2025-01-01')).code).toBe('inFuture');
  const federation = (await compare(anActor('federation'))).body;
  const risk = placeIn(federation, '5119').findings.find(({ facts: [used] }) => used?.key === 'risk');
  expect(risk).toBeUndefined();
  expect(JSON.stringify(federation)).not.toContain('总危险度 2 级');
  app.clock.set('2026-02-01');
  const later = (await compare(clerk, '2026-02-01')).body;
  expect(later.places.every(({ pack }) => pack?.lapsed)).toBe(true);
  app.clock.set('2024-11-14');
});

test('screening.try: anybody signed in, nothing stored, no name taken; a place whose text is not in force yet says from when', async () => {
  const count = async () => (await app.admin.query('select count(*)::int as n from entry')).rows[0].n;
  const before = await count();
  const typed = { risk: [{ on: '2024-10-01', level: 1 }], guardian: {}, certificate: null };
  const ask = (actor: typeof clerk | null, input: object) =>
    app.call<Comparison>(actor, 'POST', '/screenings/try', input);
  const { body } = await ask(anActor('finance'), { facts: typed });
  expect(placeIn(body, '6543').outcome).toBe('ineligible');
  expect(placeIn(body, '5119')).toMatchObject({ outcome: 'unknown', own: false });
  expect((await ask(null, { facts: typed })).code).toBe('signInNeeded');
  expect((await ask(clerk, { facts: { guardian: { name: '王桂英' } } })).status).toBe(400);
  const early = (await ask(clerk, { facts: typed, on: '2023-08-01' })).body;
  expect(placeIn(early, '5119')).toMatchObject({ outcome: null, pack: null, from: '2023-11-21', findings: [] });
  expect(await count()).toBe(before);
});
