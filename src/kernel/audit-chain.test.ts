// The audit's lines can be added and nothing else; whatever the owner of the database changes, the chain names; old days leave with proof.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { anActor, openTestApp } from '../server/app.fixtures.ts';
import { machineActor } from './access.ts';
import { recordAudit } from './audit.ts';
import { archiveAudit, compareWithArchive, verifyAuditFile } from './audit-archive.ts';
import { chainAudit, verifyAudit } from './audit-chain.ts';

const app = await openTestApp();
const admin = { ...inject('postgres'), database: String(app.admin.options.database) };
const folder = mkdtempSync(join(tmpdir(), 'kangtu-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const line = (day: string, time = '09:00') =>
  recordAudit(app.database, {
    actor: anActor('civilAffairs'),
    at: new Date(`${day}T${time}:00+08:00`).toISOString(),
    address: '10.0.0.8',
    operation: 'person.file',
    kind: 'read',
    outcome: 'ok',
    persons: ['0190a000-0000-7000-8000-000000000001'],
  });
const query = async (text: string) => (await app.admin.query(text)).rows;
const verify = (span = {}) => verifyAudit(admin, app.database, span);
const days = ['2024-03-01', '2024-03-01', '2024-03-02', '2024-03-04', '2024-03-04', '2024-03-04'];

beforeEach(async () => {
  await app.admin.query('truncate audit_line, audit_link, audit_day restart identity');
  for (const day of days) await line(day);
});

test('each link hashes its line and the link before, also over days; late lines go to the end', async () => {
  expect(await chainAudit(app.database)).toBe(6);
  expect(await chainAudit(app.database)).toBe(0);
  // Of a transaction that committed after midnight.
  await line('2024-03-02', '23:59');
  expect(await verify()).toMatchObject({ lines: 7, days: 3, problem: null, head: { place: 7, day: '2024-03-04' } });
});

test('two servers that chain at once make one chain', async () => {
  const done = await Promise.all(Array.from({ length: 6 }, () => chainAudit(app.database)));
  expect(done.reduce((sum, one) => sum + one, 0)).toBe(6);
  expect((await verify()).problem).toBeNull();
});

describe('what the owner of the database changes is named', () => {
  const problemAfter = async (change: string) => {
    await chainAudit(app.database);
    await app.admin.query(change);
    return (await verify()).problem;
  };
  test.each([
    [`update audit_line set actor = 'another' where seq = 3`, { problem: 'lineAltered', day: '2024-03-02', seq: 3 }],
    [`update audit_line set persons = '{}' where seq = 4`, { problem: 'lineAltered', day: '2024-03-04', seq: 4 }],
    ['delete from audit_line where seq = 5', { problem: 'lineMissing', day: '2024-03-04', seq: 5 }],
    [
      'delete from audit_link where seq = 2; delete from audit_line where seq = 2',
      { problem: 'linkMissing', day: '2024-03-02', place: 2 },
    ],
    // A whole day, from its first line on.
    [
      `delete from audit_line where day = '2024-03-01'; delete from audit_link where day = '2024-03-01'`,
      { problem: 'linkMissing', day: '2024-03-02', place: 1 },
    ],
  ])('%s', async (change, problem) => {
    expect(await problemAfter(change)).toMatchObject(problem);
  });

  test('a hash that was computed anew breaks the next link', async () => {
    const change = `update audit_line l set actor = 'another' where seq = 4;
      update audit_link k set hash = encode(sha256(convert_to((select hash from audit_link where place = 3) || audit_text(l), 'UTF8')), 'hex')
        from audit_line l where l.seq = k.seq and k.seq = 4`;
    expect(await problemAfter(change)).toMatchObject({ problem: 'lineAltered', place: 5 });
  });

  test('a span begins with the hash of the day before it', async () => {
    await chainAudit(app.database);
    await app.admin.query(`update audit_line set actor = 'another' where seq = 1`);
    expect((await verify({ from: '2024-03-02' })).problem).toBeNull();
    expect((await verify({ to: '2024-03-01' })).problem).toMatchObject({ place: 1 });
  });
});

test('the app can add lines, have them chained, and nothing else', async () => {
  await chainAudit(app.database);
  const refused = (statement: string) =>
    expect(
      app.database.as(machineActor, (tx) => sql.raw(statement).execute(tx)),
      statement,
    ).rejects.toMatchObject({ code: 'outOfScope' });
  await refused(`update audit_line set actor = 'another'`);
  await refused('delete from audit_line');
  await refused(`insert into audit_link values (99, '2024-03-01', 99, 'x')`);
  await refused('delete from audit_link');
  await refused('select * from audit_link');
  await refused('delete from audit_day');
  // Not even in another's name, nor are lines read by who is no audit administrator.
  await expect(
    app.database.as(anActor('civilAffairs'), (tx) =>
      sql`insert into audit_line (day, at, actor, role, operation, kind, outcome, persons, details)
        values ('2024-03-04', now(), 'another', 'site', 'x', 'read', 'ok', '{}', '{}')`.execute(tx),
    ),
  ).rejects.toMatchObject({ code: 'outOfScope' });
  const seen = await app.database.as(anActor('civilAffairs'), (tx) => sql`select * from audit_line`.execute(tx));
  expect(seen.rows).toEqual([]);
});

describe('the archive', () => {
  const now = '2024-09-01T01:00:00.000Z';
  const archive = (before: string, name: string) =>
    archiveAudit({ admin, database: app.database }, { before, file: join(folder, name) }, { now, today: '2024-09-01' });

  test('refuses what is younger than 180 days', async () => {
    await expect(archive('2024-03-06', 'young')).rejects.toMatchObject({ code: 'tooYoung' });
    expect(await query('select count(*)::int as n from audit_line')).toEqual([{ n: 6 }]);
  });

  test('takes old days out, leaves their proof, and the rest still verifies', async () => {
    const file = join(folder, 'old');
    expect(await archive('2024-03-04', 'old')).toEqual({ file, lines: 3, days: 2 });
    expect(await query('select count(*)::int as n from audit_line')).toEqual([{ n: 3 }]);
    expect(await verify()).toMatchObject({ lines: 3, problem: null });
    const proof = await verifyAuditFile(file);
    expect(proof).toMatchObject({ lines: 3, problem: null });
    expect(await compareWithArchive(admin, proof)).toEqual([]);
    // The days that are gone cannot be forgotten.
    await app.admin.query(`delete from audit_day where day = '2024-03-01'`);
    expect((await verify()).problem).toMatchObject({ problem: 'dayMissing', day: '2024-03-02' });
  });

  test('goes on after everything was archived', async () => {
    await archive('2024-03-05', 'all');
    await line('2024-09-01');
    expect(await verify()).toMatchObject({ lines: 1, problem: null, head: { place: 7 } });
  });

  test('refuses a chain that is broken, and a file that exists', async () => {
    await chainAudit(app.database);
    writeFileSync(join(folder, 'taken'), 'mine');
    await expect(archive('2024-03-04', 'taken')).rejects.toMatchObject({ code: 'fileExists' });
    expect(readFileSync(join(folder, 'taken'), 'utf8')).toBe('mine');
    await app.admin.query(`update audit_line set actor = 'another' where seq = 2`);
    await expect(archive('2024-03-04', 'broken')).rejects.toMatchObject({ code: 'chainBroken' });
    expect(await query('select count(*)::int as n from audit_line')).toEqual([{ n: 6 }]);
  });

  test('a file that was changed, cut or made anew is found out', async () => {
    await archive('2024-03-04', 'kept');
    const text = readFileSync(join(folder, 'kept'), 'utf8');
    const problemOf = async (changed: string) => {
      const file = join(folder, 'changed');
      writeFileSync(file, changed);
      return (await verifyAuditFile(file)).problem;
    };
    expect(await problemOf(text.replace('10.0.0.8', '10.0.0.9'))).toEqual({ place: 1, why: 'altered' });
    expect(await problemOf(text.split('\n').slice(0, -2).join('\n'))).toMatchObject({ why: 'incomplete' });
    expect(await problemOf('not an archive')).toMatchObject({ why: 'unreadable' });
    await app.admin.query(`update audit_day set hash = 'another' where day = '2024-03-02'`);
    expect(await compareWithArchive(admin, await verifyAuditFile(join(folder, 'kept')))).toEqual(['2024-03-02']);
  });
});
