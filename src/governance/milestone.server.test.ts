// Dated steps over HTTP: owed where the pack says, shown by records or by notes, and never met without either.
import { expect, test } from 'vitest';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import { type MilestoneRow, stateOn } from './milestone.ts';

const app = await openTestApp();
const clerk = anActor('civilAffairs');
const city = anActor('civilAffairs', { scope: '5119' });

const rowsOf = async (actor = clerk, query: object = {}): Promise<MilestoneRow[]> => {
  const reply = await app.call<{ rows: MilestoneRow[] }>(actor, 'GET', '/milestones', { pageSize: 200, ...query });
  expect(reply.status).toBe(200);
  return reply.body.rows;
};
const rowOf = async (rule: string, area = '511902', query: object = {}): Promise<MilestoneRow> => {
  const found = (await rowsOf(area === '511902' ? clerk : city, query)).find(
    (row) => row.rule === rule && row.area === area,
  );
  if (!found) throw new Error(`no ${rule} in ${area}`);
  return found;
};

test('the last day itself is in time; what is done later than asked about is still open', () => {
  expect(stateOn('2024-12-31', '2024-12-31', '2025-01-02')).toBe('done');
  expect(stateOn('2024-12-31', '2025-01-01', '2025-01-02')).toBe('doneLate');
  expect(stateOn('2024-12-31', '2025-01-03', '2025-01-02')).toBe('late');
  expect(stateOn('2024-12-31', null, '2024-12-31')).toBe('due');
});

test('duty.record: notes a plan that was filed, with the clause; void takes it back; each refusal', async () => {
  app.clock.set('2023-12-26');
  const note = {
    rule: 'countyPlan',
    area: '511902',
    dueOn: '2023-12-25',
    on: '2023-12-25',
    note: '方案已报市民政局备案。',
  };
  expect(await rowOf('countyPlan')).toMatchObject({ state: 'late', left: -1, clause: ['BZ-33'], writable: true });
  const record = newId();
  expect((await app.call(clerk, 'POST', '/duty-records', { id: record, ...note })).status).toBe(200);
  expect(await rowOf('countyPlan')).toMatchObject({
    state: 'done',
    doneOn: '2023-12-25',
    left: null,
    records: [{ id: record, mine: true }],
  });
  // The day before it was done it was not, whoever asks later.
  expect(await rowOf('countyPlan', '511902', { on: '2023-12-24' })).toMatchObject({ state: 'due', doneOn: null });
  // Another county owes its own.
  expect(await rowOf('countyPlan', '511903')).toMatchObject({ state: 'late', records: [] });

  const refused = async (actor: typeof clerk, change: object) => {
    const reply = await app.call(actor, 'POST', '/duty-records', { id: newId(), ...note, ...change });
    return reply.code;
  };
  expect(await refused(clerk, { rule: 'nothing' })).toBe('noRule');
  expect(await refused(clerk, { dueOn: '2023-12-26' })).toBe('notOwed');
  expect(await refused(clerk, { rule: 'census', dueOn: '2023-12-31' })).toBe('otherEvidence');
  expect(await refused(clerk, { rule: 'registrationCheck' })).toBe('otherEvidence');
  expect(await refused(clerk, { step: 'nowhere' })).toBe('stepUnknown');
  expect(await refused(clerk, { area: '511902001' })).toBe('notOwed');
  expect(await refused(anActor('health'), {})).toBe('notResponsible');
  expect(await refused(anActor('civilAffairs', { scope: '511903' }), {})).toBe('outOfScope');
  expect(await refused(city, {})).toBe('notResponsible');
  // Once a year for each site, by the city (BZ-31).
  const site = anOrganisation('site');
  await app.record(site.draft);
  const review = { rule: 'siteReview', area: '511902001', organisation: site.id, dueOn: '2023-12-31' };
  expect(await refused(clerk, review)).toBe('notResponsible');
  expect(await refused(city, { ...review, organisation: undefined })).toBe('notOwed');
  expect(await refused(city, review)).toBeUndefined();
  expect(await refused(clerk, { on: '2023-12-27' })).toBe('inFuture');

  const taken = { id: newId(), reason: '登记有误' };
  expect((await app.call(anActor('health'), 'POST', `/duty-records/${record}/void`, taken)).code).toBe(
    'notResponsible',
  );
  expect((await app.call(clerk, 'POST', `/duty-records/${record}/void`, taken)).status).toBe(200);
  expect(await rowOf('countyPlan')).toMatchObject({ state: 'late', doneOn: null, records: [] });
});

test('what records show needs no note: a provider with every function, as of its opening', async () => {
  app.clock.set('2025-03-01');
  expect(await rowOf('countyProvider')).toMatchObject({ state: 'late', doneOn: null });
  const centre = anOrganisation('centre', { functions: ['medical', 'rehabilitation'] });
  await app.record(centre.draft);
  expect(await rowOf('countyProvider')).toMatchObject({ state: 'late' });
  const whole = anOrganisation('centre', {
    name: '综合康复中心',
    functions: ['medical', 'rehabilitation', 'socialWork'],
  });
  await app.record(whole.draft);
  const { doneOn } = await rowOf('countyProvider');
  expect(doneOn).toBe(whole.draft.on);
});

test('a census is whole when every town has somebody listed; the city sees the counties, a town its own steps alone', async () => {
  app.clock.set('2024-02-01');
  await app.record(...aClient().drafts);
  expect(await rowOf('census')).toMatchObject({ state: 'late', doneOn: null });
  const rows = await rowsOf(city, { area: '5119' });
  expect(new Set(rows.filter(({ rule }) => rule === 'census').map(({ area }) => area)).size).toBe(5);
  expect(rows.every(({ writable, area }) => !writable || area === '5119')).toBe(true);
  const town = anActor('civilAffairs', { scope: '511902001' });
  expect((await rowsOf(town)).every(({ area }) => area === '511902001')).toBe(true);
  expect((await app.call(town, 'GET', '/milestones', { area: '511902' })).code).toBe('outOfScope');
});
