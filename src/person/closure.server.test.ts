// Closing, opening again and deleting a person's data over HTTP: what stays, what nobody reads any more, and that the journal stands.
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { replayJournal } from '../kernel/archive-replay.ts';
import { verifyJournal } from '../kernel/archive-verify.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import { anId } from './census.fixtures.ts';

const app = await openTestApp();
const clerk = anActor('civilAffairs');
const site = anOrganisation('site');
const identity = { name: '公冶长河', idNumber: anId('1979-09-09', 31), phone: '19900007001' };
const gone = aClient({ identity })
  .registered('2024-02-01')
  .accepted(site.id, '2024-03-01')
  .withPapers(site.id, '2024-03-02')
  .session(site.id, '2024-04-10')
  .discharged('2024-09-01');
const served = aClient({ identity: { name: '公冶在册' } }).registered('2024-02-01');
await app.record(site.draft, ...gone.drafts, ...served.drafts);
const { person } = gone;

const act = (what: 'withhold' | 'release' | 'erase', input: object = {}, { of = person, actor = clerk } = {}) =>
  app.call(actor, 'POST', `/persons/${of}/${what}`, {
    id: newId(),
    ...(what === 'release' ? { basis: 'serviceAgain' } : { basis: 'retentionOver', asker: 'office' }),
    ...input,
  });
const page = async () =>
  (
    await app.call<{ identity: { name: string }; closure: string | null; facts: unknown[] }>(
      clerk,
      'GET',
      `/persons/${person}`,
    )
  ).body;
const found = async (search: string) =>
  (await app.call<{ rows: { id: string }[] }>(clerk, 'GET', '/persons', { search })).body.rows.map(({ id }) => id);
const figures = async () =>
  (await app.call<{ denominator: number }>(clerk, 'GET', '/indicators/standardized-service-rate', { on: '2024-06-01' }))
    .body;
const stands = async (): Promise<void> => {
  expect((await verifyJournal(app.database, app.journal)).problems).toEqual([]);
  expect((await replayJournal(app.database, app.journal, { check: true })).differing).toEqual([]);
};

test('person.withhold: only whom nobody serves, by the county; then nobody reads, finds or writes them, and figures stand', async () => {
  expect((await act('withhold', {}, { of: served.person })).code).toBe('stillServed');
  expect((await act('withhold', {}, { actor: anActor('civilAffairs', { scope: '511902001' }) })).code).toBe(
    'countyOnly',
  );
  expect((await act('withhold', {}, { actor: anActor('health') })).code).toBe('roleNotAllowed');
  expect((await act('withhold', {}, { actor: anActor('civilAffairs', { scope: '511903' }) })).code).toBe('notFound');
  expect((await act('erase', { understood: true })).code).toBe('notWithheld');
  const before = await figures();
  expect(before.denominator).toBe(2);
  expect((await act('withhold')).status).toBe(200);
  expect((await act('withhold')).code).toBe('alreadyClosed');

  expect(await page()).toMatchObject({ identity: { name: '（已封存）' }, closure: 'withheld', facts: [] });
  expect(await found('公冶长河')).toEqual([]);
  expect(await found(identity.idNumber)).toEqual([]);
  for (const path of ['timeline', 'visits', 'assessments', 'papers'])
    expect((await app.call(clerk, 'GET', `/persons/${person}/${path}`)).code, path).toBe('closed');
  const reveal = await app.call(clerk, 'POST', `/persons/${person}/reveal`, { person, purpose: '核对' });
  expect(reveal.code).toBe('closed');
  const applying = { person, route: 'self', applicant: '公冶长河', clientWilling: true, guardianWilling: true };
  const application = await app.call(clerk, 'POST', '/applications', { id: newId(), on: '2024-11-10', ...applying });
  expect(application.code).toBe('withheld');
  expect(await figures()).toEqual(before);
  await stands();
});

test('person.release: read and found as before', async () => {
  expect((await act('release')).status).toBe(200);
  expect((await act('release')).code).toBe('notWithheld');
  expect(await page()).toMatchObject({ identity: { name: '公**河' }, closure: null });
  expect(await found('公冶长河')).toEqual([person]);
  expect(await found(identity.phone)).toEqual([person]);
  await stands();
});

test('person.erase: only after closing, and only knowingly; then no copy can be read, and chains and figures stand', async () => {
  const before = await figures();
  await act('withhold');
  expect((await act('erase')).code).toBe('inputInvalid');
  expect((await act('erase', { understood: true })).status).toBe(200);
  expect(await page()).toMatchObject({ identity: { name: '（已删除）' }, closure: 'erased' });
  expect((await act('release')).code).toBe('notWithheld');
  expect(await found('公冶长河')).toEqual([]);
  const { rows } = await app.read((tx) =>
    sql<{
      body: object;
    }>`select e.body from entry e join entry_subject s on s.entry = e.id where s.subject = ${person} and e.type = 'person.list'`.execute(
      tx,
    ),
  );
  expect(JSON.stringify(rows)).not.toContain('公冶');
  expect(rows[0]?.body).toMatchObject({ identity: { name: '（已删除）', idNumber: '（已删除）' } });
  expect(await figures()).toEqual(before);
  await stands();
});
