// Photos and documents of checks over HTTP: kept without metadata and sealed, who opens them, what is refused, and what is gone when one is voided.
import { beforeAll, expect, test } from 'vitest';
import { replayJournal } from '../kernel/archive-replay.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { anOrganisation } from '../server/client.fixtures.ts';
import { addToCheck, aJpeg, aPng } from './site-document.fixtures.ts';
import { findSiteDocument } from './site-document.sql.ts';

const app = await openTestApp();
const county = '460107';
const town = '460107001';
const clerk = anActor('civilAffairs', { scope: county });
const townClerk = anActor('civilAffairs', { scope: town });
const health = anActor('health', { scope: county });
const site = anOrganisation('site', { division: town, name: '润心一站' });
const sister = anOrganisation('site', { division: town, name: '润心二站' });
const siteWorker = anActor('site', { scope: town, organisation: site.id });
beforeAll(() => app.record(site.draft, sister.draft));

const record = async (organisation = site.id): Promise<string> => {
  const { checklists } = await view(clerk, organisation);
  const list = checklists.find(({ kind }) => kind === 'rules');
  const reply = await app.call<{ siteCheck: string }>(clerk, 'POST', '/site-checks', {
    ...{ id: newId(), organisation, kind: 'rules', on: '2024-11-10', inspectors: ['周明'], departments: ['town'] },
    items: list?.items.map(({ id }) => ({ item: id, result: 'ok' })),
  });
  return reply.body.siteCheck;
};

interface View {
  readonly checklists: {
    readonly kind: string;
    readonly items: { readonly id: string; readonly documents: number }[];
  }[];
  readonly checks: { readonly id: string; readonly documents: { readonly id: string; readonly caption: string }[] }[];
}
const view = async (actor = clerk, organisation = site.id): Promise<View> =>
  (await app.call<View>(actor, 'GET', `/organisations/${organisation}/site-checks`)).body;
const open = (actor: typeof clerk, document: string) =>
  app.call<Buffer>(actor, 'GET', `/site-documents/${document}/content`);
const voidDocument = (actor: typeof clerk, document: string) =>
  app.call(actor, 'POST', `/site-documents/${document}/void`, { id: newId(), reason: '拍到了无关的人' });
const contents = async (): Promise<{ id: string; content: Buffer }[]> =>
  (await app.admin.query('select id, content from attachment')).rows;

const place = 'GPS 20.0N 110.3E iPhone of Zhou';
const photo = aJpeg([[0xe1, `Exif\0\0${place}`]], place);
const caption = '保密制度原件首页';

test('siteDocument.add: kept without metadata and sealed, opened as a download, and counted for its item', async () => {
  const siteCheck = await record();
  const item = (await view()).checklists.find(({ kind }) => kind === 'rules')?.items[0]?.id ?? '';
  const sent = { file: photo, name: '张三家门口.jpg', caption, item, id: newId() };
  const added = await addToCheck(app, townClerk, siteCheck, sent);
  expect(added).toMatchObject({ status: 200, body: { siteDocument: sent.id } });
  // A phone that did not hear the answer sends it again.
  expect(await addToCheck(app, townClerk, siteCheck, sent)).toEqual(added);
  const shown = await view(siteWorker);
  expect(shown.checks[0]?.documents).toMatchObject([{ caption, item, mediaType: 'image/jpeg', mayVoid: false }]);
  expect(shown.checklists.find(({ kind }) => kind === 'rules')?.items[0]).toMatchObject({ id: item, documents: 1 });

  const response = await app.http.inject({
    method: 'GET',
    url: `/api/site-documents/${sent.id}/content`,
    headers: { 'x-test-actor': encodeURIComponent(JSON.stringify(siteWorker)) },
  });
  expect(response.rawPayload.equals(aJpeg())).toBe(true);
  expect(response.headers).toMatchObject({ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff' });
  expect(response.headers['content-disposition']).toMatch(/^attachment/);
  const { rows: lines } = await app.admin.query(
    `select actor from audit_line where operation = 'siteDocument.content' and outcome = 'ok'`,
  );
  expect(lines).toEqual([{ actor: siteWorker.user }]);

  // Nothing of it is in clear: neither words nor bytes nor their hash, in the tables or the journal; and no name of the file anywhere.
  const { rows } = await app.admin.query(
    `select coalesce(string_agg(t::text, ''), '') as text from (select d::text from site_document d union all select body::text from entry
      union all select convert_from(content, 'UTF8') from attachment union all select r::text from receipt r) t(t)`,
  );
  const kept = await app.read((tx) => findSiteDocument(tx, sent.id));
  expect(kept?.sha256).toMatch(/^[0-9a-f]{64}$/);
  for (const clear of [caption, place, 'JFIF', '张三', kept?.sha256 ?? '', aJpeg().toString('base64url').slice(0, 30)])
    expect(rows[0].text.includes(clear), clear).toBe(false);

  // A replay folds the rows anew and leaves the content where it is.
  expect((await replayJournal(app.database, app.journal)).differing).toEqual([]);
  expect((await open(siteWorker, sent.id)).body.equals(aJpeg())).toBe(true);
});

test.each([
  ['what is no picture', { file: Buffer.from('MZ\0program'), name: '照片.jpg', type: 'image/jpeg' }, 'fileKindUnknown'],
  ['a page in disguise', { file: Buffer.from('<html>'), name: 'a.png', type: 'image/png' }, 'fileKindUnknown'],
  ['half a photo', { file: photo.subarray(0, 60) }, 'fileBroken'],
  ['more than 5 MB', { file: Buffer.concat([photo, Buffer.alloc(5 * 2 ** 20)]) }, 'inputInvalid'],
  ['no words', { caption: ' ' }, 'inputInvalid'],
  ['an item that is not on the list', { item: 'nowhere' }, 'itemUnknown'],
])('siteDocument.add refuses %s', async (_, change, code) => {
  const [siteCheck] = (await view()).checks;
  const before = await contents();
  const refused = await addToCheck(app, clerk, siteCheck?.id ?? '', change);
  expect(refused.code).toBe(code);
  expect(Object.keys(refused.body.fields ?? {})).toHaveLength(1);
  expect(await contents()).toEqual(before);
});

test('who may: departments of the area add, the site opens its own, nobody else learns that it is there', async () => {
  const siteCheck = (await view()).checks[0]?.id ?? '';
  const document = (await view()).checks[0]?.documents[0]?.id ?? '';
  const codes = async (actor: typeof clerk) => [
    (await addToCheck(app, actor, siteCheck)).code,
    (await open(actor, document)).code,
    (await voidDocument(actor, document)).code,
  ];
  const absent = ['notFound', 'notFound', 'notFound'];
  const role = 'roleNotAllowed';
  expect(await codes(anActor('site', { scope: town, organisation: sister.id }))).toEqual([role, 'notFound', role]);
  expect(await codes(anActor('hospital', { scope: county, organisation: newId() }))).toEqual([
    role,
    'outOfScope',
    role,
  ]);
  expect(await codes(anActor('civilAffairs', { scope: '511902' }))).toEqual(absent);
  const outside = ['outOfScope', 'outOfScope', 'outOfScope'];
  expect(await codes(anActor('civilAffairs', { scope: '460107002' }))).toEqual(outside);
  const figures = ['figuresOnly', 'figuresOnly', 'figuresOnly'];
  expect(await codes(anActor('civilAffairs', { scope: '4601' }))).toEqual(figures);
  expect(await codes(anActor('publicSecurity', { scope: county }))).toEqual([role, role, role]);
  expect((await voidDocument(health, document)).code).toBe('otherOffice');
});

test('siteDocument.void: the content is gone, the entry stays; a check that is voided takes its documents with it', async () => {
  const siteCheck = (await view()).checks[0]?.id ?? '';
  const document = (await view()).checks[0]?.documents[0]?.id ?? '';
  const other = (await addToCheck(app, health, siteCheck)).body.siteDocument;
  expect(await voidDocument(clerk, document)).toMatchObject({ status: 200 });
  expect((await voidDocument(clerk, document)).code).toBe('notFound');
  expect((await open(clerk, document)).code).toBe('notFound');
  expect((await contents()).map(({ id }) => id)).toEqual([other]);
  const { rows } = await app.admin.query('select type from entry where id = $1 or replaces = $1 order by seq', [
    document,
  ]);
  expect(rows.map(({ type }) => type)).toEqual(['siteDocument.add', 'siteDocument.void']);
  // Not as it was recorded: said, not shown.
  await app.admin.query('update attachment set content = content || $1::bytea', ['A']);
  expect((await open(clerk, other)).code).toBe('contentMissing');
  const voiding = { id: newId(), reason: '登记错了机构' };
  expect(await app.call(clerk, 'POST', `/site-checks/${siteCheck}/void`, voiding)).toMatchObject({ status: 200 });
  expect(await contents()).toEqual([]);
  expect((await open(health, other)).code).toBe('notFound');
  expect((await replayJournal(app.database, app.journal, { check: true })).differing).toEqual([]);
});

test('a check has at most twenty, also when two add the last at once', async () => {
  const siteCheck = await record(sister.id);
  const file = aPng([], 4);
  for (let at = 0; at < 19; at += 1) await addToCheck(app, clerk, siteCheck, { file });
  const last = await Promise.all([
    addToCheck(app, clerk, siteCheck, { file }),
    addToCheck(app, health, siteCheck, { file }),
  ]);
  expect(last.map(({ code }) => code).sort()).toEqual(['tooManyDocuments', undefined]);
  expect(await contents()).toHaveLength(20);
});
