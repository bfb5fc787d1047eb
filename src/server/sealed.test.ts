// Nothing of a person lies in clear in the database: a name, a number, a telephone, an address, a sentence, wherever they came in.
import { afterAll, expect, test } from 'vitest';
import { exportJournal } from '../kernel/archive.ts';
import { anId, removeFolders } from '../person/census.fixtures.ts';
import { aCsv, lists } from '../person/census-server.fixtures.ts';
import { anActor, newId, openTestApp } from './app.fixtures.ts';
import { aClient, anOrganisation } from './client.fixtures.ts';

const app = await openTestApp();
afterAll(removeFolders);
const clerk = anActor('civilAffairs');

const canaries = {
  name: '仇鸬鹚',
  guardian: '仇鹧鸪',
  idNumber: anId('1981-02-03', 77),
  phone: '19900006611',
  guardianPhone: '19900006622',
  address: '鸢尾巷六十六号',
  note: '鹭鸶一样的话',
  listed: '乜鸲鹆',
  listedId: anId('1982-03-04', 78),
  listedPhone: '19900006633',
  doubtful: '佘鹡鸰',
  applied: '逄鸸鹋',
  appliedPhone: '19900006644',
};

const identity = {
  name: canaries.name,
  sex: 'male',
  idNumber: canaries.idNumber,
  phone: canaries.phone,
  address: canaries.address,
  town: '511902001',
  guardian: { name: canaries.guardian, relation: '父亲', phone: canaries.guardianPhone },
};

/** Everything in the database as text, by table, past row-level security. */
const dump = async (): Promise<Map<string, string>> => {
  const { rows: tables } = await app.admin.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema)'`,
  );
  const all = new Map<string, string>();
  for (const { name } of tables) {
    const { rows } = await app.admin.query(`select t::text as row from ${name} t`);
    all.set(name, rows.map(({ row }) => row).join('\n'));
  }
  return all;
};

const ok = async (reply: Promise<{ status: number; body: unknown }>): Promise<unknown> => {
  const { status, body } = await reply;
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
};

test('a person who came in by every door is in clear nowhere, and in full where they are shown', async () => {
  const site = anOrganisation('site');
  const client = aClient({ identity: { name: canaries.name, guardian: { name: canaries.guardian } } })
    .registered('2024-02-01')
    .accepted(site.id, '2024-03-01')
    .withPapers(site.id, '2024-03-02');
  await app.record(site.draft, ...client.drafts);
  const made = (await ok(
    app.call(clerk, 'POST', '/persons', { id: newId(), on: '2024-03-04', identity, alikeConfirmed: true }),
  )) as { person: string };
  await ok(
    app.call(clerk, 'POST', `/persons/${made.person}/visits`, {
      id: newId(),
      on: '2024-03-05',
      method: 'home',
      participants: ['王敏'],
      met: ['client'],
      facts: [{ kind: 'guardian', on: '2024-03-05', value: { name: canaries.guardian }, source: 'visit' }],
      family: canaries.note,
      aid: [],
      note: canaries.note,
    }),
  );
  await ok(
    app.call(clerk, 'POST', '/applications', {
      id: newId(),
      person: made.person,
      on: '2024-03-06',
      route: 'guardian',
      applicant: canaries.guardian,
      phone: canaries.guardianPhone,
      needs: canaries.note,
      clientWilling: true,
      guardianWilling: true,
    }),
  );
  await ok(app.call(clerk, 'POST', `/persons/${made.person}/reveal`, { person: made.person, purpose: canaries.note }));
  await ok(app.call(clerk, 'GET', '/persons', { search: canaries.name }));
  await app.call(clerk, 'POST', '/persons/ledger', { search: canaries.name, purpose: canaries.note });
  const on = lists(app);
  const row = { 乡镇: '东城街道', 性别: '男', 监护人姓名: canaries.guardian };
  await on.imported([{ ...row, 姓名: canaries.listed, 身份证号: canaries.listedId, 联系电话: canaries.listedPhone }]);
  // One that waits for a person, and one that was uploaded and never planned.
  await on.imported([{ ...row, 姓名: canaries.name, 出生日期: '1981-02-03' }]);
  await on.upload(await aCsv([{ ...row, 姓名: canaries.doubtful }]), 'civil');

  const texts = await dump();
  // The dump shows what is in clear.
  expect(texts.get('public.entry')).toContain('王敏');
  expect(texts.get('public.person')?.length).toBeGreaterThan(500);
  for (const [table, text] of texts)
    for (const [what, canary] of Object.entries(canaries))
      expect(text.includes(canary) ? `${what} in ${table}` : '', `${what} in ${table}`).toBe('');
  const exported: string[] = [];
  await exportJournal(app.database, async (line) => {
    exported.push(line);
  });
  for (const canary of Object.values(canaries)) expect(exported.join('\n')).not.toContain(canary);

  const shown = await app.call(clerk, 'POST', `/persons/${made.person}/reveal`, {
    person: made.person,
    purpose: '核对',
  });
  expect(shown.body).toMatchObject({
    name: canaries.name,
    idNumber: canaries.idNumber,
    guardian: { name: canaries.guardian },
  });
  const found = async (search: string) =>
    (await app.call<{ rows: { id: string }[] }>(clerk, 'GET', '/persons', { search })).body.rows.map(({ id }) => id);
  for (const search of [
    canaries.name,
    canaries.idNumber,
    canaries.idNumber.slice(-4),
    canaries.phone,
    canaries.guardianPhone,
  ])
    expect(await found(search), search).toContain(made.person);
});
