// Checks of sites and their hazards over HTTP: found, followed, overdue, put right, corrected, voided; who sees and who may; and names (QS-11).
import { beforeAll, expect, test } from 'vitest';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { anOrganisation } from '../server/client.fixtures.ts';

const app = await openTestApp();
const county = '460107';
const town = '460107001';
const clerk = anActor('civilAffairs', { scope: county });
const townClerk = anActor('civilAffairs', { scope: town });
const health = anActor('health', { scope: county });
const site = anOrganisation('site', { division: town, name: '润心一站' });
const sister = anOrganisation('site', { division: town, name: '润心二站' });
const far = anOrganisation('site', { division: '460107002', name: '精神康复驿站' });
const siteWorker = anActor('site', { scope: town, organisation: site.id });
const sisterWorker = anActor('site', { scope: town, organisation: sister.id });
beforeAll(() => app.record(site.draft, sister.draft, far.draft));

type Answer = Record<string, 'ok' | 'gap' | 'notApplicable' | { remark: string; dueOn: string }>;
const safety = ['structure', 'fire', 'gas', 'foodAndDrugs', 'specialEquipment', 'monitoring'];
const itemsOf = (answers: Answer, all: readonly string[] = safety) =>
  all.map((item) => {
    const answer = answers[item] ?? 'ok';
    return typeof answer === 'string' ? { item, result: answer } : { item, result: 'gap', ...answer };
  });
const aCheck = (on: string, answers: Answer = {}, change: object = {}) => ({
  ...{
    id: newId(),
    organisation: site.id,
    kind: 'safety',
    on,
    inspectors: ['周明'],
    departments: ['civilAffairs', 'town'],
  },
  items: itemsOf(answers),
  ...change,
});
const record = (check: object, actor = clerk) =>
  app.call<{ siteCheck: string; ok: number; asked: number; hazards: number }>(actor, 'POST', '/site-checks', check);
interface View {
  readonly mayRecord: boolean;
  readonly checks: { readonly id: string; readonly on: string; readonly mayChange: boolean }[];
  readonly gaps: { readonly text: string; readonly kind: string }[];
  readonly hazards: {
    readonly id: string;
    readonly dueOn: string;
    readonly left: number | null;
    readonly closedOn: string | null;
    readonly mayReopen: boolean;
  }[];
}
const view = async (actor = clerk, organisation = site.id) =>
  (await app.call<View>(actor, 'GET', `/organisations/${organisation}/site-checks`)).body;
const siteRows = async (actor: typeof clerk, input: object = {}) =>
  (
    await app.call<{ rows: { name: string; openHazards: number; overdueHazards: number }[] }>(
      actor,
      'GET',
      '/site-checks',
      input,
    )
  ).body.rows;
const wiring = { fire: { remark: '二楼插座老化', dueOn: '2024-10-31' } };
const close = (hazard: string, on = '2024-11-12', actor = siteWorker) =>
  app.call(actor, 'POST', `/hazards/${hazard}/close`, { id: newId(), on, done: '已更换全部插座' });

test('siteCheck.record: a gap of safety is a hazard, overdue after its day, and the site puts it right', async () => {
  const reply = await record(aCheck('2024-10-10', { ...wiring, specialEquipment: 'notApplicable' }));
  expect(reply.body).toMatchObject({ ok: 4, asked: 5, hazards: 1 });
  // Found again: followed under the first deadline.
  await record(aCheck('2024-11-01', { fire: { remark: '插座仍未更换', dueOn: '2024-12-31' } }), health);
  const [hazard, ...others] = (await view()).hazards;
  expect(others).toEqual([]);
  expect(hazard).toMatchObject({ dueOn: '2024-10-31', left: -14, closedOn: null, remark: '二楼插座老化' });
  expect((await view()).gaps).toMatchObject([{ text: '消防安全', kind: 'safety' }]);
  expect(await siteRows(clerk, { show: 'overdue' })).toMatchObject([{ name: '润心一站', overdueHazards: 1 }]);
  expect((await close(hazard?.id ?? '', '2024-10-09')).code).toBe('beforeStart');
  expect((await close(hazard?.id ?? '', '2024-11-15')).code).toBe('inFuture');
  expect(await close(hazard?.id ?? '')).toMatchObject({ status: 200 });
  expect((await close(hazard?.id ?? '')).code).toBe('hazardClosed');
  expect(await view()).toMatchObject({
    gaps: [],
    hazards: [{ closedOn: '2024-11-12', done: '已更换全部插座', left: null }],
  });
  // What was found is sealed: it may name somebody.
  const { rows } = await app.admin.query(`select items::text as items from site_check`);
  expect(JSON.stringify(rows)).not.toContain('插座');
});

test('hazard.reopen: a mistaken closing is taken back by the kind of office that recorded it or civil affairs, under the first deadline', async () => {
  const [closed] = (await view()).hazards;
  const reopen = (actor: typeof clerk) =>
    app.call(actor, 'POST', `/hazards/${closed?.id}/reopen`, { id: newId(), reason: '插座只换了一半' });
  expect((await reopen(sisterWorker)).code).toBe('notFound');
  expect((await reopen(health)).code).toBe('otherOffice');
  expect((await view(health)).hazards).toMatchObject([{ mayReopen: false }]);
  expect((await view(siteWorker)).hazards).toMatchObject([{ mayReopen: true }]);
  // Found again by a check since, it is followed there.
  const again = await record(aCheck('2024-11-13', { fire: { remark: '插座又坏', dueOn: '2024-11-30' } }));
  expect((await reopen(siteWorker)).code).toBe('foundAgain');
  const taken = { id: newId(), reason: '查错了站点' };
  await app.call(clerk, 'POST', `/site-checks/${again.body.siteCheck}/void`, taken);
  expect(await reopen(siteWorker)).toMatchObject({ status: 200 });
  expect(await view()).toMatchObject({
    gaps: [{ text: '消防安全' }],
    hazards: [{ dueOn: '2024-10-31', left: -14, closedOn: null, done: null, mayReopen: false }],
  });
  expect((await reopen(clerk)).code).toBe('notClosed');
  expect(await close(closed?.id ?? '')).toMatchObject({ status: 200 });
});

test('a later check clears a hazard, its correction opens it again, and without the first check there is none', async () => {
  const organisation = sister.id;
  const first = await record(aCheck('2024-10-10', wiring, { organisation }));
  const later = await record(aCheck('2024-11-10', {}, { organisation }));
  expect(await view(clerk, organisation)).toMatchObject({
    gaps: [],
    hazards: [{ closedOn: '2024-11-10', done: null }],
  });
  const { organisation: _, ...again } = aCheck('2024-11-10', { fire: { remark: '仍有一处', dueOn: '2024-11-30' } });
  const path = `/site-checks/${later.body.siteCheck}`;
  expect((await app.call(health, 'POST', `${path}/correct`, again)).code).toBe('otherOffice');
  expect(await app.call(clerk, 'POST', `${path}/correct`, again)).toMatchObject({ status: 200 });
  expect(await view(clerk, organisation)).toMatchObject({
    hazards: [{ dueOn: '2024-10-31', closedOn: null }],
    gaps: [{}],
  });
  const voiding = { id: newId(), reason: '登记错了机构' };
  expect(await app.call(clerk, 'POST', `/site-checks/${first.body.siteCheck}/void`, voiding)).toMatchObject({
    status: 200,
  });
  // What the second found stands by itself, and the organisation is still there.
  expect(await view(clerk, organisation)).toMatchObject({
    checks: [{ on: '2024-11-10' }],
    hazards: [{ closedOn: null }],
  });
  expect(await app.call(clerk, 'POST', `${path}/void`, { ...voiding, id: newId() })).toMatchObject({ status: 200 });
  expect(await view(clerk, organisation)).toMatchObject({ checks: [], hazards: [], gaps: [] });
  expect((await app.call(clerk, 'POST', `${path}/void`, { ...voiding, id: newId() })).code).toBe('notFound');
  expect((await app.call<{ name: string }>(clerk, 'GET', `/organisations/${organisation}`)).body.name).toBe('润心二站');
});

test.each([
  ['an item left out', { items: itemsOf({}, safety.slice(1)) }, 'itemsDiffer'],
  ['an item twice', { items: [...itemsOf({}), ...itemsOf({}, ['fire'])] }, 'itemsDiffer'],
  ['a hazard without words', { items: itemsOf({ fire: { remark: '', dueOn: '2024-12-01' } }) }, 'remarkMissing'],
  [
    'a hazard without a day',
    { items: itemsOf({ fire: 'gap' }).map((one) => ({ ...one, remark: '甲' })) },
    'dueMissing',
  ],
  ['a deadline before the check', { items: itemsOf({ fire: { remark: '甲', dueOn: '2024-11-09' } }) }, 'dueMissing'],
  ['a list that the place does not have', { kind: 'standardization', items: itemsOf({}) }, 'checklistMissing'],
  ['before the site was there', { on: '2022-12-31' }, 'beforeStart'],
  ['tomorrow', { on: '2024-11-15' }, 'inFuture'],
])('siteCheck.record refuses %s', async (_, change, code) => {
  expect((await record(aCheck('2024-11-10', {}, change))).code).toBe(code);
});

test('who may: departments of the area record, a site sees and acts for itself, the city counts', async () => {
  expect((await record(aCheck('2024-11-11'), siteWorker)).code).toBe('roleNotAllowed');
  expect((await record(aCheck('2024-11-11', {}, { organisation: far.id }), townClerk)).code).toBe('outOfScope');
  const found = await record(aCheck('2024-11-11', { gas: { remark: '软管老化', dueOn: '2024-11-20' } }), townClerk);
  expect(found).toMatchObject({ status: 200 });
  expect((await view()).checks[0]).toMatchObject({ id: found.body.siteCheck, mayChange: true });
  const [hazard] = (await view(siteWorker)).hazards.filter(({ closedOn }) => closedOn === null);
  expect((await close(hazard?.id ?? '', '2024-11-12', sisterWorker)).code).toBe('notFound');
  expect((await app.call(sisterWorker, 'GET', `/organisations/${site.id}/site-checks`)).code).toBe('outOfScope');
  expect((await siteRows(siteWorker)).map(({ name }) => name)).toEqual(['润心一站']);
  expect((await siteRows(townClerk)).map(({ name }) => name).sort()).toEqual(['润心一站', '润心二站']);
  const city = anActor('civilAffairs', { scope: '4601' });
  expect(await siteRows(city, { show: 'hazards' })).toMatchObject([{ name: '润心一站', openHazards: 1 }]);
  expect((await app.call(city, 'GET', `/organisations/${site.id}/site-checks`)).code).toBe('figuresOnly');
  expect(await siteRows(anActor('civilAffairs', { scope: '511902' }), { area: county })).toEqual([]);
});

test('organisation.change: forbidden names are refused at opening and renaming, a standing one is a gap, a missing brand a hint', async () => {
  const opening = { division: town, kind: 'site', tier: 'site', functions: [], on: '2024-03-01' };
  for (const name of ['润心精 神之家', '润心障\u200b礙站', '精神康复站', '润心障·碍站'])
    expect(await app.call(clerk, 'POST', '/organisations', { id: newId(), ...opening, name })).toMatchObject({
      code: 'nameForbidden',
      body: { cites: ['QS-11'] },
    });
  const change = (organisation: string, more: object) =>
    app.call(clerk, 'POST', `/organisations/${organisation}/change`, {
      ...{ id: newId(), on: '2024-11-01', functions: ['dayCare'], ...more },
    });
  expect((await change(site.id, { name: '精-神驿站' })).code).toBe('nameForbidden');
  expect((await change(sister.id, { name: '润心一站' })).code).toBe('nameTaken');
  const gaps = async () =>
    (await app.call<{ nameGaps: object[]; capacity: number }>(clerk, 'GET', `/organisations/${far.id}`)).body;
  expect((await gaps()).nameGaps).toMatchObject([{ clause: ['QS-11'] }, { clause: ['QS-11'], hint: true }]);
  const network = await app.call<{ cities: { counties: { gaps: { text: string }[] }[] }[] }>(clerk, 'GET', '/network');
  const texts = network.body.cities.flatMap(({ counties }) =>
    counties.flatMap((one) => one.gaps.map(({ text }) => text)),
  );
  expect(texts).toContain('“精神康复驿站”的名称含有“精神”，应当改名');
  // The name may wait: other facts change without it.
  expect(await change(far.id, { name: '精神康复驿站', capacity: 12 })).toMatchObject({ status: 200 });
  expect(await change(far.id, { name: '润心驿站', capacity: 14, on: '2024-11-02' })).toMatchObject({ status: 200 });
  expect(await gaps()).toMatchObject({ name: '润心驿站', capacity: 14, nameGaps: [], functions: ['dayCare'] });
  expect((await change(far.id, { name: '润心驿站', on: '2024-11-01' })).code).toBe('beforeStart');
  const bazhou = anActor('civilAffairs');
  const elsewhere = { id: newId(), ...opening, division: '511902001', name: '东城精神康复站' };
  expect(await app.call(bazhou, 'POST', '/organisations', elsewhere)).toMatchObject({ status: 200 });
});
