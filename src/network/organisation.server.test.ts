// Organisations and staff over HTTP: who may open and close, what is refused, and the network with its gaps.
import { beforeAll, expect, test } from 'vitest';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';

const app = await openTestApp();
const clerk = anActor('civilAffairs');
const neighbour = anActor('civilAffairs', { scope: '511903' });
const city = anActor('civilAffairs', { scope: '5119' });
const hospital = anOrganisation('hospital', { division: '511902', tier: 'comprehensive', name: '巴州区精神卫生中心' });
const site = anOrganisation('site', { name: '东城街道精康站', capacity: 20 });
const siteWorker = anActor('site', { organisation: site.id });

beforeAll(() => app.record(hospital.draft, site.draft));

const anOpening = (change: object = {}) => ({
  id: newId(),
  on: '2024-03-01',
  division: '511902002',
  kind: 'site',
  tier: 'site',
  name: '西城街道精康站',
  functions: ['dayCare'],
  capacity: 15,
  ...change,
});
const opened = async (change: object = {}): Promise<string> => {
  const reply = await app.call<{ organisation: string }>(clerk, 'POST', '/organisations', anOpening(change));
  expect(reply).toMatchObject({ status: 200 });
  return reply.body.organisation;
};
const closing = (organisation: string, on = '2024-06-01') =>
  [`/organisations/${organisation}/close`, { id: newId(), on, reason: '合并' }] as const;

test('organisation.open: seen by everyone signed in, with its parent; wrong role, other area and each refusal', async () => {
  const id = await opened({ parent: hospital.id });
  const seen = await app.call(anActor('federation', { scope: '511903' }), 'GET', `/organisations/${id}`);
  expect(seen.body).toMatchObject({
    name: '西城街道精康站',
    parentName: '巴州区精神卫生中心',
    serving: null,
    capacity: 15,
  });
  const codes = async (actor: typeof clerk, change: object) =>
    (await app.call(actor, 'POST', '/organisations', anOpening(change))).code;
  expect(await codes(anActor('health'), {})).toBe('roleNotAllowed');
  expect(await codes(neighbour, {})).toBe('outOfScope');
  expect(await codes(clerk, { name: '市中心', kind: 'centre', tier: 'cityCentre', division: '5119' })).toBe(
    'outOfScope',
  );
  expect(await codes(clerk, { name: '甲站', tier: 'cityCentre' })).toBe('tierMismatch');
  expect(await codes(clerk, { name: '甲中心', kind: 'centre', tier: 'countyCentre' })).toBe('tierMismatch');
  expect(await codes(clerk, { name: '甲站', parent: newId() })).toBe('notFound');
  expect(await codes(neighbour, { name: '甲站', division: '511903001', parent: site.id })).toBe('parentUnfit');
  expect(await codes(clerk, {})).toBe('nameTaken');
  expect(await codes(clerk, { name: '甲站', on: '2024-11-15' })).toBe('inFuture');
});

test('organisation.close: frees the name; each refusal', async () => {
  const id = await opened({ name: '玉堂街道精康站' });
  expect((await app.call(anActor('site'), 'POST', ...closing(id))).code).toBe('roleNotAllowed');
  expect((await app.call(neighbour, 'POST', ...closing(id))).code).toBe('outOfScope');
  expect((await app.call(clerk, 'POST', ...closing(newId()))).code).toBe('notFound');
  expect((await app.call(clerk, 'POST', ...closing(id, '2024-02-29'))).code).toBe('beforeStart');
  expect((await app.call(clerk, 'POST', ...closing(id, '2024-11-15'))).code).toBe('inFuture');
  expect(await app.call(clerk, 'POST', ...closing(id))).toMatchObject({ status: 200 });
  expect((await app.call(clerk, 'POST', ...closing(id))).code).toBe('alreadyClosed');
  await opened({ name: '玉堂街道精康站' });
});

test('an organisation with clients, waiting referrals or organisations below it stays open', async () => {
  const busy = await opened({ name: '兴文街道精康站' });
  const waited = await opened({ name: '回风街道精康站' });
  const parent = await opened({ name: '巴州区综合站', tier: 'comprehensive', division: '511902' });
  await opened({ name: '江北街道精康站', parent });
  const served = aClient().registered('2024-03-04').accepted(busy, '2024-03-05');
  const referred = aClient().registered('2024-03-04').referred(waited, '2024-03-05');
  await app.record(...served.drafts, ...referred.drafts);
  expect((await app.call(clerk, 'POST', ...closing(busy))).code).toBe('stillServing');
  expect((await app.call(clerk, 'POST', ...closing(waited))).code).toBe('stillServing');
  expect((await app.call(clerk, 'POST', ...closing(parent))).code).toBe('stillParent');
  const list = await app.call<{ rows: { name: string; serving: number | null }[] }>(clerk, 'GET', '/organisations', {
    search: '兴文',
  });
  expect(list.body.rows).toMatchObject([{ name: '兴文街道精康站', serving: 1 }]);
});

test('organisation.list: by area, kind, tier and state', async () => {
  const names = async (input: object, actor = city) =>
    (await app.call<{ rows: { name: string }[] }>(actor, 'GET', '/organisations', input)).body.rows.map((r) => r.name);
  expect(await names({ kind: 'hospital' })).toEqual(['巴州区精神卫生中心']);
  expect(await names({ area: '511902001' })).toEqual(['东城街道精康站']);
  expect(await names({ status: 'closed' })).toEqual(['玉堂街道精康站']);
  expect(await names({}, neighbour)).toEqual([]);
  const cityCentre = anOrganisation('centre', { division: '5119', tier: 'cityCentre', name: '巴中市指导中心' });
  await app.record(
    cityCentre.draft,
    anOrganisation('civilAffairs', { division: '511903', name: '恩阳区民政局' }).draft,
  );
  expect(await names({ serving: true }, neighbour)).toEqual(['巴中市指导中心']);
  expect(await names({ kind: 'civilAffairs' }, neighbour)).toEqual(['恩阳区民政局']);
  expect((await app.call(null, 'GET', '/organisations')).code).toBe('signInNeeded');
});

test('organisation.network: counties with their gaps, cited', async () => {
  type Node = { division: string; gaps: { text: string; clause: string[] }[]; townsWithSite: number; towns: number };
  const reply = await app.call<{ cities: { counties: Node[] }[] }>(city, 'GET', '/network');
  const counties = reply.body.cities[0]?.counties ?? [];
  expect(counties.map(({ division }) => division)).toEqual(['511902', '511903', '511921', '511922', '511923']);
  expect(counties[0]).toMatchObject({
    towns: 25,
    gaps: expect.arrayContaining([{ text: '缺少县级指导分中心', clause: ['BZ-03'] }]),
  });
  expect(counties[1]?.gaps).toHaveLength(3);
});

test('staff.join, staff.leave, staff.list: own organisation only; each refusal', async () => {
  const joining = (change: object = {}) => ({
    id: newId(),
    on: '2024-03-01',
    organisation: site.id,
    name: '李敏',
    discipline: 'socialWorker',
    ...change,
  });
  const join = await app.call<{ staff: string }>(siteWorker, 'POST', '/staff', joining());
  expect(join.status).toBe(200);
  expect((await app.call(anActor('village'), 'POST', '/staff', joining())).code).toBe('roleNotAllowed');
  expect((await app.call(siteWorker, 'POST', '/staff', joining({ organisation: hospital.id }))).code).toBe(
    'notOwnOrganisation',
  );
  expect((await app.call(neighbour, 'POST', '/staff', joining())).code).toBe('outOfScope');
  expect((await app.call(clerk, 'POST', '/staff', joining({ on: '2022-12-31' }))).code).toBe('beforeStart');
  expect((await app.call(clerk, 'POST', '/staff', joining({ on: '2024-11-15' }))).code).toBe('inFuture');
  const closed = await opened({ name: '时新街道精康站' });
  await app.call(clerk, 'POST', ...closing(closed));
  expect((await app.call(clerk, 'POST', '/staff', joining({ organisation: closed }))).code).toBe('alreadyClosed');

  const list = (actor = siteWorker, input = {}) =>
    app.call<{ rows: { id: string; name: string }[] }>(actor, 'GET', '/staff', input);
  expect((await list()).body.rows).toMatchObject([{ name: '李敏', organisationName: '东城街道精康站' }]);
  expect((await list(neighbour)).body.rows).toEqual([]);
  expect((await list(anActor('site', { organisation: hospital.id }))).body.rows).toEqual([]);
  expect((await list(anActor('village'))).code).toBe('roleNotAllowed');

  const leaving = (on = '2024-05-01') =>
    [`/staff/${join.body.staff}/leave`, { id: newId(), on, reason: '调动' }] as const;
  expect((await app.call(anActor('village'), 'POST', ...leaving())).code).toBe('roleNotAllowed');
  expect((await app.call(neighbour, 'POST', ...leaving())).code).toBe('notFound');
  expect((await app.call(anActor('site', { organisation: hospital.id }), 'POST', ...leaving())).code).toBe(
    'notOwnOrganisation',
  );
  expect((await app.call(siteWorker, 'POST', ...leaving('2024-02-01'))).code).toBe('beforeStart');
  expect((await app.call(siteWorker, 'POST', ...leaving('2024-11-15'))).code).toBe('inFuture');
  expect((await app.call(siteWorker, 'POST', ...leaving())).status).toBe(200);
  expect((await app.call(siteWorker, 'POST', ...leaving())).code).toBe('alreadyLeft');
  expect((await list(siteWorker, { status: 'left' })).body.rows).toHaveLength(1);
});
