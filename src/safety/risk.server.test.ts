import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { countyOf } from '../kernel/access.ts';
import { personSubject } from '../kernel/entry.ts';
import { factRecorded, personLinked, type RecordedFact } from '../person/person.ts';
import { anActor, newId, openTestApp, type Reply } from '../server/app.fixtures.ts';
import { aClient } from '../server/client.fixtures.ts';
import type { RiskRow } from './risk.ts';

const app = await openTestApp();
const county = '511902';
const police = anActor('publicSecurity');
const risk = (on: string, value: number): RecordedFact => ({ kind: 'risk', on, value, source: 'health' });
const aRisk = async (facts: RecordedFact[], town = '511902001', name = '郎志刚') => {
  const identity = {
    name,
    sex: 'male' as const,
    birthDate: '1980-05-01',
    phone: '19900001122',
    address: '柳林巷 4 号',
    town,
  };
  const client = aClient({ county: countyOf(town), identity, facts });
  await app.record(...client.drafts);
  return client.person;
};
interface Page {
  readonly rows: RiskRow[];
  readonly total: number;
}
const list = async (actor = police, query: object = {}): Promise<Page> =>
  (await app.call<Page>(actor, 'GET', '/risks', query)).body;
const ids = async (actor = police, query: object = {}) => (await list(actor, query)).rows.map(({ person }) => person);
const contact = (person: string, actor = police, purpose = '例行走访'): Promise<Reply<{ name: string }>> =>
  app.call(actor, 'POST', `/risks/${person}/contact`, { person, purpose });

const high = await aRisk([risk('2024-01-01', 1), risk('2024-06-01', 4)]);
const lower = await aRisk([risk('2024-01-01', 5), risk('2024-06-01', 2)]);
const otherTown = await aRisk([risk('2024-03-01', 3)], '511902002');
const otherCounty = await aRisk([risk('2024-03-01', 5)], '511903001');

test('risk.list: whose newest assessment is 3 or higher, the highest first, masked, within the area alone', async () => {
  expect(await list()).toMatchObject({
    total: 2,
    rows: [
      { person: high, name: '郎*刚', age: 44, level: 4, assessedOn: '2024-06-01' },
      { person: otherTown, level: 3 },
    ],
  });
  expect(JSON.stringify(await list())).not.toMatch(/19900001122|柳林巷/);
  expect(await ids(police, { level: 3 })).toEqual([otherTown]);
  expect(await ids(anActor('publicSecurity', { scope: '511902001' }))).toEqual([high]);
  expect(await ids(police, { area: '511903' })).toEqual([]);
  expect(await ids(anActor('health', { scope: '511903' }))).toEqual([otherCounty]);
  for (const role of ['site', 'federation', 'finance'] as const)
    expect((await app.call(anActor(role), 'GET', '/risks')).code).toBe('roleNotAllowed');
});

test('a newer assessment takes a person off the list, also one recorded of a linked record', async () => {
  const person = await aRisk([risk('2024-02-01', 3)]);
  expect(await ids()).toContain(person);
  await app.record(
    factRecorded.draft({
      ...{ id: newId(), county, on: '2024-10-01', subjects: [personSubject(person)] },
      body: { facts: [risk('2024-10-01', 2)] },
    }),
  );
  expect(await ids()).not.toContain(person);

  const kept = await aRisk([risk('2024-02-01', 3)]);
  const other = await aRisk([risk('2024-10-01', 1)]);
  expect(await ids()).toContain(kept);
  await app.record(
    personLinked.draft({
      ...{ id: newId(), county, on: '2024-10-02', subjects: [personSubject(kept), personSubject(other)] },
      body: { person: kept, other, reason: '同一人' },
    }),
  );
  expect(await ids()).not.toContain(kept);
});

test('risk.contact: for a purpose, with an entry; nobody who is not on the list, or elsewhere', async () => {
  expect((await contact(high)).body).toEqual({
    name: '郎志刚',
    phone: '19900001122',
    address: '柳林巷 4 号',
    guardian: null,
  });
  const { rows } = await app.read((tx) =>
    sql`select e.role, e.body from entry e join entry_subject s on s.entry = e.id where s.subject = ${high} and e.type = 'person.reveal'`.execute(
      tx,
    ),
  );
  expect(rows).toEqual([{ role: 'publicSecurity', body: { purpose: '例行走访' } }]);
  for (const person of [lower, otherCounty]) expect((await contact(person)).code).toBe('notFound');
  expect((await contact(high, police, ' ')).code).toBe('inputInvalid');
  expect((await contact(high, anActor('health'))).code).toBe('roleNotAllowed');
  // Nothing else of anybody.
  expect((await app.call(police, 'GET', `/persons/${high}`)).code).toBe('roleNotAllowed');
});
