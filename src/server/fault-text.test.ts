// Faults and refusals with persons in them: neither the log nor the answer says who.
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { anActor, newId, openTestApp } from './app.fixtures.ts';
import { aClient, anOrganisation } from './client.fixtures.ts';
import { describeFault } from './fault-text.ts';

const app = await openTestApp();
const clerk = anActor('civilAffairs');
const canary = '金丝雀';

const faultOf = async (work: () => unknown): Promise<unknown> => {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('it works');
};

test('an error that quotes a value is told without it, with its trace, and so is what caused it', async () => {
  const errors = [
    await faultOf(() => app.read((tx) => sql`select ${canary}::date`.execute(tx))),
    await faultOf(() => app.read((tx) => sql`select ${`${canary}1`}::text::int`.execute(tx))),
    await faultOf(() => app.read((tx) => sql`select ${`{"name": ${canary}`}::json`.execute(tx))),
    await faultOf(() => JSON.parse(`{"name": ${canary}`)),
    new Error('the row is broken', { cause: await faultOf(() => JSON.parse(canary)) }),
  ];
  for (const error of errors)
    expect(JSON.stringify([error, (error as Error).message, String((error as Error).cause)])).toContain(canary);
  for (const error of errors) expect(describeFault(error)).not.toContain(canary);
  for (const error of errors) expect(describeFault(error)).toMatch(/\n\s+at /);
  expect(describeFault(errors[4])).toContain('the row is broken');
  await app.admin.query(`create table seen (name text primary key); insert into seen values ('${canary}')`);
  const twice = await faultOf(() => app.admin.query(`insert into seen values ('${canary}')`));
  expect(JSON.stringify(twice)).toContain(canary);
  expect(describeFault(twice)).not.toContain(canary);
  expect(describeFault(twice)).toContain('seen_pkey');
  await app.admin.query('drop table seen');
});

test('a server whose tables break under it names nobody, in the log or in the answer', async () => {
  const site = anOrganisation('site');
  const client = aClient({ identity: { name: canary } })
    .registered('2024-02-01')
    .accepted(site.id, '2024-03-01');
  await app.record(site.draft, ...client.drafts);
  const { person } = client;
  const asked: readonly [method: 'GET' | 'POST', path: string, input: object][] = [
    [
      'POST',
      '/persons',
      {
        on: '2024-03-04',
        identity: { name: canary, sex: 'female', birthDate: '1985-03-07', town: '511902001' },
        facts: [],
      },
    ],
    [
      'POST',
      `/persons/${person}/facts`,
      { on: '2024-03-04', facts: [{ kind: 'guardian', on: '2024-03-04', value: { name: canary } }] },
    ],
    ['POST', `/persons/${person}/reveal`, { person, purpose: canary }],
    ['GET', '/persons', { search: canary }],
    ['GET', `/persons/${person}`, {}],
    [
      'POST',
      `/persons/${person}/visits`,
      {
        on: '2024-03-05',
        method: 'home',
        participants: [canary],
        met: ['client'],
        facts: [],
        family: canary,
        aid: [],
        note: canary,
      },
    ],
  ];
  const broken: string[] = [];
  for (const table of ['fact', 'person', 'file', 'entry', 'audit_line']) {
    await app.admin.query(`alter table ${table} rename to gone`);
    for (const [method, path, input] of asked) {
      app.faults.length = 0;
      const body = { id: newId(), ...input };
      const query = method === 'GET' ? `?${new URLSearchParams(input as Record<string, string>)}` : '';
      const reply = await app.http.inject({
        method,
        url: `/api${path}${query}`,
        headers: {
          'x-test-actor': encodeURIComponent(JSON.stringify(clerk)),
          ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        },
        ...(method === 'POST' ? { payload: JSON.stringify(body) } : {}),
      });
      if (reply.statusCode < 500) continue;
      broken.push(`${method} ${path}`);
      expect(app.faults.length).toBeGreaterThan(0);
      expect(app.faults.map(describeFault).join('\n')).not.toContain(canary);
      expect(decodeURIComponent(`${reply.body}${JSON.stringify(reply.headers)}`)).not.toContain(canary);
    }
    await app.admin.query(`alter table gone rename to ${table}`);
  }
  app.faults.length = 0;
  expect(new Set(broken)).toEqual(new Set(asked.map(([method, path]) => `${method} ${path}`)));
});
