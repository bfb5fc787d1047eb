// Persons over HTTP: finding, recording by hand, showing personal fields, the ledger as a file, and who may see whom.
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Actor } from '../kernel/access.ts';
import { readSheet } from '../kernel/sheet.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import { anId } from './census.fixtures.ts';
import type { PersonListRow } from './people.ts';

const app = await openTestApp();
const clerk = anActor('civilAffairs');
const elsewhere = anActor('civilAffairs', { scope: '511903' });

interface Page {
  readonly rows: PersonListRow[];
  readonly total: number;
}
const search = async (query: object, actor: Actor = clerk): Promise<Page> =>
  (await app.call<Page>(actor, 'GET', '/persons', query)).body;
const names = async (query: object, actor?: Actor): Promise<string[]> =>
  (await search(query, actor)).rows.map(({ name }) => name);

const town = '511902005';
const site = anOrganisation('site', { division: town });
const zhao = aClient({
  town,
  identity: { name: '赵明', sex: 'male', idNumber: anId('1980-01-01', 121), phone: '19900000001' },
});
const qian = aClient({ town, identity: { name: '钱芳芳', sex: 'female', birthDate: '1990-05-06' } })
  .registered('2024-02-01')
  .accepted(site.id, '2024-02-10');
const sun = aClient({
  town,
  on: '2024-01-05',
  identity: { name: '孙小_强', sex: 'male', certificateNumber: `${anId('1970-07-07', 333)}62` },
});
await app.record(site.draft, ...zhao.drafts, ...qian.drafts, ...sun.drafts);
await app.record(...aClient({ county: '511903', identity: { name: '李外县' } }).drafts);

describe('person.search', () => {
  test('finds by part of a name, initials, the end of an ID number or of a certificate', async () => {
    expect(await names({ search: '芳芳' })).toEqual(['钱*芳']);
    expect(await names({ search: 'zM' })).toEqual(['赵*']);
    expect(await names({ search: anId('1980-01-01', 121).slice(-4) })).toEqual(['赵*']);
    expect(await names({ search: anId('1980-01-01', 121) })).toEqual(['赵*']);
    expect(await names({ search: `${anId('1970-07-07', 333).slice(-4)}62` })).toEqual(['孙**强']);
    expect(await names({ search: '孙' })).toEqual(['孙**强']);
    expect(await names({ search: '199 0000 0001', area: town })).toEqual(['赵*']);
  });

  test('refuses what is not indexed, and says what to type', async () => {
    for (const [typed, word] of [
      ['123', '后 4 位'],
      ['12345', '后 6 位'],
      ['z', '两个字母'],
    ]) {
      const { status, body } = await app.call(clerk, 'GET', '/persons', { search: typed });
      expect({ status, said: JSON.stringify(body) }).toEqual({
        status: 400,
        said: expect.stringContaining(word ?? ''),
      });
    }
  });

  test('takes what was typed as it is, never as a pattern', async () => {
    expect(await names({ search: '小_强' })).toEqual(['孙**强']);
    expect(await names({ search: '%', area: town })).toEqual([]);
  });

  test('filters by town, stage, site and outcome, and counts beyond the page', async () => {
    expect((await search({ area: town })).total).toBe(3);
    expect(await names({ area: town, stage: 'accepted' })).toEqual(['钱*芳']);
    expect(await names({ site: site.id })).toEqual(['钱*芳']);
    expect(await names({ area: town, outcome: 'none', stage: 'listed' })).toHaveLength(2);
    const last = await search({ area: town, page: 2, pageSize: 2, sort: 'birthDate' });
    expect(last).toMatchObject({ total: 3, rows: [{ name: expect.any(String) }] });
  });

  test('sorts both ways, by pinyin too', async () => {
    expect(await names({ area: town, sort: 'name' })).toEqual(['钱*芳', '孙**强', '赵*']);
    expect(await names({ area: town, sort: 'name', page: 2, pageSize: 2 })).toEqual(['赵*']);
    expect(await names({ area: town, sort: '-name' })).toEqual(['赵*', '孙**强', '钱*芳']);
    expect((await names({ area: town, sort: '-listedOn' }))[0]).toBe('孙**强');
    expect((await names({ area: town, sort: '-stageOn' }))[0]).toBe('钱*芳');
  });

  test('masks names and numbers and has no field for a diagnosis', async () => {
    const [row] = (await search({ search: 'zm' })).rows;
    expect(row).toMatchObject({ age: 39, idNumber: `0000**********${anId('1980-01-01', 121).slice(-4)}` });
    expect(Object.keys(row ?? {})).not.toContain('diagnosis');
  });

  test('shows a person once the records are linked, and the linked one to whoever seeks it', async () => {
    const [one, other] = [aClient({ town: '511902006' }), aClient({ town: '511902006', identity: { name: '吴双' } })];
    await app.record(...one.drafts, ...other.drafts, {
      id: newId(),
      type: 'person.link',
      county: '511902',
      on: '2024-02-01',
      subjects: [one.person, other.person].map((id) => ({ kind: 'person' as const, id })),
      body: { person: one.person, other: other.person, reason: '证号相同' },
    });
    expect((await search({ area: '511902006' })).total).toBe(1);
    expect((await search({ search: '吴双' })).rows).toMatchObject([{ id: other.person, linkedTo: one.person }]);
  });

  test('shows a site the persons it serves, another county none of them, and a finance office nobody', async () => {
    expect(await names({}, anActor('site', { organisation: site.id }))).toEqual(['钱*芳']);
    expect(await names({ search: '芳' }, elsewhere)).toEqual([]);
    expect((await app.call(anActor('finance'), 'GET', '/persons')).status).toBe(403);
  });
});

describe('person.list', () => {
  const create = (identity: object, more: object = {}, actor = clerk) =>
    app.call<{ person: string; code: string; fields: Record<string, string> }>(actor, 'POST', '/persons', {
      id: newId(),
      on: '2024-03-01',
      identity: { name: '周新', sex: 'unknown', town: '511902007', ...identity },
      ...more,
    });

  test('keeps a new person with birth date and sex from the ID number and the grade from the certificate', async () => {
    const number = anId('1985-03-07', 456);
    const { body } = await create({ idNumber: number.toLowerCase(), certificateNumber: `${number}62` });
    const { rows } = await app.read((tx) =>
      sql<object>`select name, sex, birth_date, id_kind, (select value from fact where person = p.id and kind = 'certificate') as certificate
        from person p where id = ${body.person}`.execute(tx),
    );
    expect(rows).toEqual([
      {
        name: '周新',
        sex: 'female',
        birth_date: '1985-03-07',
        id_kind: 'citizen',
        certificate: { category: 6, grade: 2 },
      },
    ]);
  });

  test('refuses numbers that are wrong or disagree, naming the field', async () => {
    const number = anId('1985-03-07', 457);
    const wrong = await create({ idNumber: `${number.slice(0, 17)}${number.endsWith('1') ? '2' : '1'}` });
    expect(wrong.body).toMatchObject({ code: 'idNumberInvalid', fields: { 'identity.idNumber': expect.any(String) } });
    expect((await create({ certificateNumber: '12345' })).code).toBe('certificateInvalid');
    expect((await create({ idNumber: number, birthDate: '1985-03-08' })).code).toBe('identityMismatch');
    expect((await create({ idNumber: number, sex: 'female' })).code).toBe('identityMismatch');
    const other = `${anId('1985-03-07', 459)}62`;
    expect((await create({ idNumber: number, certificateNumber: other })).code).toBe('identityMismatch');
  });

  test('refuses a number that is known, and a namesake born the same day until confirmed', async () => {
    const number = anId('1975-01-01', 111);
    const first = await create({ name: '郑一', idNumber: number });
    const again = await create({ name: '郑义', idNumber: number });
    expect(again.body).toMatchObject({ code: 'alreadyListed', fields: { person: first.body.person } });
    const alike = { name: '郑一', birthDate: '1975-01-01' };
    expect((await create(alike)).code).toBe('alike');
    expect((await create(alike, { alikeConfirmed: true })).status).toBe(200);
  });

  test('refuses a day to come, a town elsewhere, and other roles', async () => {
    expect((await create({ name: '冯来' }, { on: '2025-01-01' })).code).toBe('inFuture');
    expect((await create({ name: '冯来' }, {}, elsewhere)).code).toBe('outOfScope');
    expect((await create({ name: '冯来' }, {}, anActor('village', { scope: '511902008' }))).code).toBe('outOfScope');
    expect((await create({ name: '冯来' }, {}, anActor('site', { organisation: site.id }))).status).toBe(403);
  });
});

describe('person.reveal', () => {
  const reveal = (person: string, actor: Actor = clerk, purpose = '核对身份证号') =>
    app.call(actor, 'POST', `/persons/${person}/reveal`, { person, purpose });

  test('shows what is masked elsewhere and leaves an entry with its purpose, but no copy of the answer', async () => {
    const { body } = await reveal(zhao.person);
    expect(body).toMatchObject({ name: '赵明', idNumber: anId('1980-01-01', 121) });
    const { rows } = await app.read((tx) =>
      sql`select e.actor, e.body from entry e join entry_subject s on s.entry = e.id
        where s.subject = ${zhao.person} and e.type = 'person.reveal'`.execute(tx),
    );
    expect(rows).toEqual([{ actor: clerk.user, body: { purpose: '核对身份证号' } }]);
    const kept = await app.admin.query('select 1 from receipt where result::text like $1', ['%赵明%']);
    expect(kept.rowCount).toBe(0);
  });

  test('is refused to an organisation that has not accepted, to other areas, and without a purpose', async () => {
    const hospital = anOrganisation('site', { division: town, name: '候选站点' });
    const sent = aClient({ town: '511902008' }).registered('2024-02-01').referred(hospital.id, '2024-02-05');
    await app.record(hospital.draft, ...sent.drafts);
    const refused = await reveal(sent.person, anActor('site', { organisation: hospital.id }));
    expect(refused.body).toMatchObject({ code: 'minimumSight', cites: ['BZ-12'] });
    expect((await reveal(zhao.person, elsewhere)).status).toBe(404);
    expect((await reveal(zhao.person, clerk, ' ')).code).toBe('inputInvalid');
    expect((await reveal(zhao.person, anActor('finance'))).status).toBe(403);
  });
});

describe('ledger.export', () => {
  test('writes the filtered list as a workbook and leaves an entry with purpose and count', async () => {
    const { body } = await app.call<Buffer>(clerk, 'POST', '/ledgers/persons', { area: town, purpose: '年度检查' });
    const path = join(tmpdir(), `kangtu-ledger-${newId()}.xlsx`);
    await writeFile(path, body);
    const cells: string[] = [];
    for await (const row of readSheet(path)) cells.push(row.cells.map(String).join('|'));
    await rm(path);
    expect(cells.filter((line) => line.startsWith('钱芳芳'))).toHaveLength(1);
    expect(cells.some((line) => line.includes('李外县'))).toBe(false);
    const { rows } = await app.read((tx) => sql`select body from entry where type = 'ledger.export'`.execute(tx));
    expect(rows).toEqual([{ body: { ledger: 'persons', purpose: '年度检查', filter: { area: town }, rows: 3 } }]);
  });

  test('is for civil affairs only, with a purpose', async () => {
    expect((await app.call(anActor('health'), 'POST', '/ledgers/persons', { purpose: '检查' })).status).toBe(403);
    expect((await app.call(clerk, 'POST', '/ledgers/persons')).code).toBe('inputInvalid');
  });
});
