// The audit over HTTP: what leaves a line, what never stands in one, who reads which lines, and who opened a file.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { personSubject } from '../kernel/entry.ts';
import { readSheet } from '../kernel/sheet.ts';
import { anId, inFolder } from '../person/census.fixtures.ts';
import { openingRequested } from '../person/opening.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { AuditRow, ReaderRow } from './audit.ts';
import type { Unusual } from './audit-unusual.ts';

const app = await openTestApp();
const clerk = anActor('civilAffairs', { user: 'li.min' });
const elsewhere = anActor('civilAffairs', { scope: '511903' });
const auditor = anActor('auditAdmin');
const canary = { name: '百里惊鸿', idNumber: anId('1980-01-01', 121), phone: '13999990417' };

const site = anOrganisation('site');
const client = aClient({ identity: { ...canary, address: '金丝雀巷七号' } })
  .registered('2024-02-01')
  .accepted(site.id, '2024-03-01')
  .withPapers(site.id, '2024-03-02', ['consent', 'agreement', 'plan']);
const other = aClient({ identity: { name: '另一人' } });
await app.record(site.draft, ...client.drafts, ...other.drafts);
const { person } = client;
const atSite = anActor('site', { organisation: site.id });

interface Line {
  readonly [field: string]: unknown;
}
const allLines = async (): Promise<Line[]> => (await app.admin.query('select * from audit_line order by seq')).rows;
const newest = async (): Promise<Line> => (await allLines()).at(-1) ?? {};

beforeEach(() => app.admin.query('truncate audit_line, audit_link restart identity'));

describe('a line is left by', () => {
  test('opening a file: who, when, in which role, whose', async () => {
    await app.call(atSite, 'GET', `/persons/${person}`);
    expect(await newest()).toMatchObject({
      actor: atSite.user,
      role: 'site',
      organisation: site.id,
      scope: '511902',
      address: '127.0.0.1',
      operation: 'person.file',
      kind: 'read',
      outcome: 'ok',
      persons: [person],
      details: {},
    });
  });

  test('a search: its filters and how much was typed, not what', async () => {
    await app.call(clerk, 'GET', '/persons', { search: canary.name, area: '511902' });
    expect(await newest()).toMatchObject({
      operation: 'person.search',
      kind: 'search',
      persons: [],
      details: { filters: ['search', 'area'], searchLength: 4, total: 1 },
    });
  });

  test('an answer that names persons whom the request does not: those', async () => {
    await app.call(atSite, 'GET', `/organisations/${site.id}/roster`);
    expect(await newest()).toMatchObject({ operation: 'session.roster', persons: [person] });
    const application = client.idOf('application.submit');
    await app.call(clerk, 'GET', `/applications/${application}`);
    expect(await newest()).toMatchObject({ operation: 'application.get', kind: 'read', persons: [person] });
  });

  test('a write: the persons of its entry, and once more for a repeat', async () => {
    const consent = client.idOf('consent.sign');
    const input = { id: newId(), consent, on: '2024-11-14', reason: '本人要求' };
    await app.call(clerk, 'POST', `/consents/${consent}/withdraw`, input);
    await app.call(clerk, 'POST', `/consents/${consent}/withdraw`, input);
    const lines = await allLines();
    expect(lines.map(({ operation, outcome }) => [operation, outcome])).toEqual([
      ['consent.withdraw', 'ok'],
      ['consent.withdraw', 'ok'],
    ]);
    expect(lines[0]?.persons).toEqual([person]);
    // The site sees the person again, for the tests that follow.
    await app.record(...client.withPapers(site.id, '2024-11-14', ['consent']).drafts.slice(-1));
  });

  test('a wrong role, a person out of sight, and a rule that refuses', async () => {
    await app.call(anActor('finance'), 'GET', `/persons/${person}`);
    await app.call(elsewhere, 'GET', `/persons/${person}`);
    await app.call(clerk, 'POST', `/persons/${other.person}/plans`, {});
    await app.call(anActor('finance'), 'GET', '/staff');
    await app.call(atSite, 'POST', `/persons/${person}/suspend`, {
      id: newId(),
      on: '2025-01-01',
      reason: 'hospital',
    });
    expect((await allLines()).map(({ operation, outcome, persons }) => [operation, outcome, persons])).toEqual([
      ['person.file', 'roleNotAllowed', [person]],
      ['person.file', 'notFound', [person]],
      ['staff.list', 'roleNotAllowed', []],
      ['service.suspend', expect.any(String), [person]],
    ]);
  });
});

describe('an answer whose line cannot be written does not leave', () => {
  beforeEach(() => app.admin.query('revoke insert on audit_line from kangtu_app'));
  afterEach(() => app.admin.query('grant insert on audit_line to kangtu_app'));

  test('neither a file, nor the refusal of one', async () => {
    const shown = await app.call(clerk, 'GET', `/persons/${person}`);
    expect(JSON.stringify(shown)).not.toContain(person);
    expect(shown.code).toBe('outOfScope');
    const refused = await app.call(elsewhere, 'GET', `/persons/${person}`);
    expect(refused.code).not.toBe('notFound');
  });

  test('and what it was to write is undone', async () => {
    const id = newId();
    await app.call(clerk, 'POST', `/persons/${person}/visits`, {
      id,
      on: '2024-11-10',
      method: 'home',
      participants: ['李敏'],
      met: ['client'],
      facts: [],
      aid: [],
    });
    expect((await app.admin.query('select 1 from entry where id = $1', [id])).rows).toEqual([]);
  });
});

test('no line holds a name, a number, a phone or what was typed', async () => {
  const identity = {
    name: '夏侯听雨',
    sex: 'unknown',
    town: '511902007',
    phone: '13988880433',
    idNumber: anId('1991-02-03', 77),
  };
  await app.call(clerk, 'POST', '/persons', { id: newId(), on: '2024-03-01', identity });
  await app.call(clerk, 'POST', '/persons', { id: newId(), on: '2024-03-01', identity });
  await app.call(clerk, 'GET', '/persons', { search: canary.idNumber });
  await app.call(clerk, 'GET', '/applications', { search: canary.phone });
  await app.call(clerk, 'POST', `/persons/${person}/reveal`, { person, purpose: `给${canary.name}办证` });
  await app.call(clerk, 'POST', '/ledgers/persons', { purpose: `找${canary.name}`, search: canary.name });
  await app.call(clerk, 'GET', `/persons/${person}/papers`);
  await app.call(auditor, 'GET', '/audit', { search: canary.name });
  await app.call(elsewhere, 'GET', '/persons', { search: identity.name });
  await app.call(null, 'POST', '/public/applications', { id: newId(), ...identity });
  const lines = await allLines();
  expect(lines.length).toBeGreaterThan(8);
  const text = JSON.stringify(lines);
  for (const personal of [...Object.values(canary), identity.name, identity.phone, identity.idNumber, '办证'])
    expect(text).not.toContain(personal);
});

describe('audit.list', () => {
  interface Page {
    readonly rows: AuditRow[];
    readonly total: number;
  }
  const list = async (query: object = {}, actor = auditor): Promise<Page> =>
    (await app.call<Page>(actor, 'GET', '/audit', query)).body;
  const operations = async (query: object, actor = auditor): Promise<string[]> =>
    (await list(query, actor)).rows.map(({ operation }) => operation);

  beforeEach(async () => {
    await app.call(clerk, 'GET', `/persons/${person}`);
    await app.call(elsewhere, 'GET', `/persons/${person}`);
    await app.call(clerk, 'GET', `/persons/${other.person}`);
    await app.call(atSite, 'POST', `/persons/${person}/reveal`, { person, purpose: '核对身份证号' });
  });

  test('shows the newest first, in words, with file numbers and no names', async () => {
    const { rows, total } = await list();
    expect(total).toBe(3);
    expect(rows[0]).toMatchObject({
      summary: '查看完整个人信息',
      organisationName: site.draft.body.name,
      persons: [person],
    });
    expect(JSON.stringify(rows)).not.toContain(canary.name);
  });

  test('filters by kind, role, outcome, account, person and days', async () => {
    expect(await operations({ kind: 'reveal' })).toEqual(['person.reveal']);
    expect(await operations({ role: 'site' })).toEqual(['person.reveal']);
    expect(await operations({ search: 'Li.Min' })).toEqual(['person.file', 'person.file']);
    expect(await operations({ person })).toEqual(['person.reveal', 'person.file']);
    expect(await operations({ outcome: 'refused' })).toEqual([]);
    expect(await operations({ to: '2024-11-13' })).toEqual([]);
  });

  test('is narrowed to the area of the audit administrator, also when asked for one person', async () => {
    const neighbour = anActor('auditAdmin', { scope: '511903' });
    const city = anActor('auditAdmin', { scope: '5119' });
    expect(await operations({}, neighbour)).toEqual(['person.file']);
    expect(await operations({ person }, neighbour)).toContain('person.file');
    expect(await operations({ person, role: 'site' }, neighbour)).toEqual([]);
    expect((await list({ outcome: 'refused' }, city)).rows).toMatchObject([{ outcome: 'notFound', persons: [person] }]);
  });

  test('is for nobody else, and is itself a line', async () => {
    for (const role of ['civilAffairs', 'systemAdmin', 'securityAdmin'] as const)
      expect((await app.call(anActor(role), 'GET', '/audit')).code).toBe('roleNotAllowed');
    await list();
    expect(await newest()).toMatchObject({ actor: auditor.user, operation: 'audit.list', kind: 'audit' });
  });

  test('goes out as a workbook that leaves a line', async () => {
    const { body } = await app.call<Buffer>(auditor, 'POST', '/audit/sheet', { kind: 'read', purpose: '季度检查' });
    const rows = await Array.fromAsync(readSheet(await inFolder('audit.xlsx', body)), ({ cells }) => cells);
    expect(JSON.stringify(rows)).toContain(person);
    expect(await newest()).toMatchObject({ operation: 'audit.export', kind: 'export' });
  });
});

describe('audit.unusual', () => {
  interface Flags {
    readonly rows: (Unusual & { fromOn: string })[];
    readonly filesPerHour: number;
  }
  const flags = async (actor = auditor): Promise<Flags> => (await app.call<Flags>(actor, 'GET', '/audit/unusual')).body;

  test('points out refusals in a row and reading at night, in the own area alone', async () => {
    for (let i = 0; i < 5; i++) await app.call(elsewhere, 'GET', `/persons/${person}`);
    app.clock.set('2024-11-14', '23:30');
    await app.call(clerk, 'GET', `/persons/${person}`);
    app.clock.set('2024-11-14', '09:00');
    expect((await flags()).rows).toMatchObject([
      { kind: 'atNight', actor: clerk.user, count: 1, fromOn: '2024-11-14' },
    ]);
    expect((await flags(anActor('auditAdmin', { scope: '511903' }))).rows).toMatchObject([
      { kind: 'manyRefused', actor: elsewhere.user, count: 5 },
    ]);
  });

  test('points out many files by the number that is set', async () => {
    await app.admin.query(
      `insert into setting values ('auditFilesPerHour', '1') on conflict (name) do update set value = '1'`,
    );
    await app.call(clerk, 'GET', `/persons/${person}`);
    expect((await flags()).rows).toEqual([]);
    await app.call(clerk, 'GET', `/persons/${other.person}`);
    expect(await flags()).toMatchObject({ filesPerHour: 1, rows: [{ kind: 'manyFiles', count: 2 }] });
    await app.admin.query(`delete from setting where name = 'auditFilesPerHour'`);
  });
});

describe('audit.readers', () => {
  interface Readers {
    readonly name: string;
    readonly total: number;
    readonly rows: ReaderRow[];
  }
  const readers = (id: string, actor = clerk) => app.call<Readers>(actor, 'GET', `/persons/${id}/readers`);

  test('says who opened the file and what for, whatever their area, and not who was refused', async () => {
    await app.call(atSite, 'POST', `/persons/${person}/reveal`, { person, purpose: '核对身份证号' });
    const above = anActor('health', { scope: '5119' });
    await app.record(
      openingRequested.draft({
        ...{ id: newId(), county: '511902', on: '2024-11-14', subjects: [personSubject(person)] },
        body: { reason: '核查服务记录的真实性', endsAt: '2024-11-15T01:00:00.000Z' },
        recorded: { at: '2024-11-14T01:00:00.000Z', actor: above.user, role: 'health', organisation: null },
      }),
    );
    await app.call(above, 'GET', `/persons/${person}`);
    await app.call(elsewhere, 'GET', `/persons/${person}`);
    await app.call(clerk, 'GET', `/persons/${other.person}`);
    const { body } = await readers(person);
    expect(body).toMatchObject({
      rows: [
        { role: 'health', summary: '一人一档', purpose: null },
        { role: 'site', organisationName: site.draft.body.name, summary: '查看完整个人信息', purpose: '核对身份证号' },
      ],
    });
    expect(body.name).not.toBe(canary.name);
    expect(await newest()).toMatchObject({ operation: 'audit.readers', kind: 'read', persons: [person] });
  });

  test('counts who opened a record that is linked to it', async () => {
    const linked = aClient();
    await app.record(...linked.drafts);
    await app.call(clerk, 'GET', `/persons/${linked.person}`);
    await app.call(clerk, 'POST', `/persons/${other.person}/links`, {
      id: newId(),
      person: other.person,
      other: linked.person,
      on: '2024-11-14',
      reason: '同一人',
    });
    expect((await readers(other.person)).body.rows.map(({ summary }) => summary)).toContain('一人一档');
  });

  test('is for those who may show the full data of this person', async () => {
    expect((await readers(person, elsewhere)).code).toBe('notFound');
    expect((await readers(person, auditor)).code).toBe('roleNotAllowed');
    const sent = aClient().registered('2024-02-01').referred(site.id, '2024-11-01');
    await app.record(...sent.drafts);
    expect((await readers(sent.person, atSite)).code).toBe('minimumSight');
  });
});
