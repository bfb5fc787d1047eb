// One person with something of every class, read by every office through every read that names a person: each learns its classes alone.
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { assessmentRecorded } from '../assessment/assessment.ts';
import { personSubject } from '../kernel/entry.ts';
import { accessRows } from '../server/access-guide.ts';
import { smallestInput } from '../server/access-input.fixtures.ts';
import { sendTo } from '../server/access-request.fixtures.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import { contract } from '../server/contract.ts';
import { type Desk, type FieldClass, readsOfDesk } from './field-class.ts';
import type { FilePage } from './file-page.ts';
import { personUpdated, recommendationRecorded, visitRecorded } from './person.ts';

const app = await openTestApp();
const county = '511902';
const site = anOrganisation('site');
const client = aClient({
  identity: { name: '皇甫云飞', phone: '13919020417' },
  facts: [
    { kind: 'diagnosis', on: '2024-01-20', value: { code: 'F20.417' }, source: 'health' },
    { kind: 'infectiousDisease', on: '2024-01-20', value: true, source: 'health' },
    { kind: 'stability', on: '2024-01-20', value: 'stable', source: 'health' },
    { kind: 'risk', on: '2024-01-20', value: 4, source: 'health' },
    { kind: 'certificate', on: '2024-01-20', value: { category: 'psychiatric', grade: 2 }, source: 'federation' },
    { kind: 'guardian', on: '2024-01-20', value: { name: '闻人素琴', relation: '母亲' }, source: 'federation' },
    { kind: 'clientWilling', on: '2024-01-20', value: true, source: 'visit' },
  ],
})
  .registered('2024-02-01')
  .accepted(site.id, '2024-03-01')
  .withPapers(site.id, '2024-03-02', ['consent', 'agreement', 'plan']);
const about = (on: string) => ({ id: newId(), county, on, subjects: [personSubject(client.person)] });
const assessment = assessmentRecorded.draft({
  ...about('2024-03-03'),
  body: { kind: 'baseline', assessor: '李敏', results: [], risk: 4, note: '评估里的金丝雀', facts: [] },
});
const visit = visitRecorded.draft({
  ...about('2024-01-25'),
  body: {
    ...{ method: 'home', participants: ['李敏'], met: ['client'], aid: ['低保金丝雀'], note: '走访里的金丝雀' },
    facts: [{ kind: 'majorPhysicalIllness', on: '2024-01-25', value: true, source: 'visit' }],
  },
});
const update = personUpdated.draft({
  ...about('2024-01-26'),
  body: { identity: {}, facts: [], extras: { hospital: '金丝雀医院', aid: ['救助金丝雀'] } },
});
const advice = recommendationRecorded.draft({
  ...about('2024-01-27'),
  body: { fit: true, advice: '意见里的金丝雀' },
});
await app.record(site.draft, ...client.drafts, assessment, visit, update, advice);

const canaries: readonly (readonly [FieldClass, string])[] = [
  ['diagnosis', 'F20.417'],
  ['diagnosis', '金丝雀医院'],
  ['diagnosis', '适合社区康复'],
  ['diagnosis', '"kind":"majorPhysicalIllness","on"'],
  ['condition', '走访里的金丝雀'],
  ['assessment', '评估里的金丝雀'],
  ['benefit', '低保金丝雀'],
  ['benefit', '救助金丝雀'],
];
const known = {
  ...{ person: client.person, assessment: assessment.id, visit: visit.id, organisation: site.id, site: site.id },
  ...{ area: county, county, town: '511902001', division: '511902001', search: '皇甫云飞' },
  ...{ application: client.idOf('application.submit'), referral: client.idOf('referral.send') },
  ...{ consent: client.idOf('consent.sign'), other: newId(), session: newId(), report: newId(), list: newId() },
  ...{ staff: newId(), account: newId(), opening: newId(), scope: county },
};
const atDesk = (desk: Desk) =>
  desk === 'town'
    ? anActor('civilAffairs', { scope: '511902001' })
    : anActor(desk, { organisation: desk === 'site' ? site.id : null });

const readAll = async (desk: Desk): Promise<string> => {
  const actor = atDesk(desk);
  const texts: string[] = [];
  for (const row of accessRows(contract)) {
    const { roles, writes, name } = row.meta;
    // The office in charge takes its own ledger along; lists of the census are its own as well.
    if (writes || typeof roles === 'string' || !roles.includes(actor.role) || name.startsWith('census.')) continue;
    const schema = row.operation['~orpc'].inputSchema as z.ZodType;
    const input = smallestInput(schema, known, { id: newId, naming: true, strangers: true }).input as Record<
      string,
      unknown
    >;
    texts.push((await sendTo(app, { row, actor, input })).text);
  }
  return texts.join('\n');
};

const desks = Object.keys(readsOfDesk) as Desk[];
const served: readonly Desk[] = ['civilAffairs', 'health', 'federation', 'hospital', 'site', 'town', 'village'];

test.each(served)('%s learns of the person what its purpose needs, by any read', async (desk) => {
  const { classes } = readsOfDesk[desk];
  const told = await readAll(desk);
  const leaks = canaries.filter(([one, text]) => told.includes(text) && !classes.includes(one));
  expect(leaks).toEqual([]);
  // A hospital is not asked about home visits.
  const asked = canaries.filter(([, text]) => desk !== 'hospital' || !/走访里的|majorPhysical/.test(text));
  expect(asked.filter(([one, text]) => classes.includes(one) && !told.includes(text))).toEqual([]);
});

test('the page leaves the values out and names what is withheld', async () => {
  const page = async (desk: Desk) => (await app.call<FilePage>(atDesk(desk), 'GET', `/persons/${client.person}`)).body;
  const shown = async (desk: Desk) => (await page(desk)).facts.filter(({ hidden }) => !hidden).map(({ kind }) => kind);
  expect(await shown('federation')).toEqual(['certificate', 'guardian', 'clientWilling']);
  expect(JSON.stringify(await page('civilAffairs'))).toContain('闻**琴');
  expect(JSON.stringify(await page('civilAffairs'))).not.toContain('闻人素琴');
  expect(await shown('village')).toEqual(['certificate', 'risk', 'stability', 'guardian', 'clientWilling']);
  expect(await shown('town')).toEqual(await shown('village'));
  expect((await page('federation')).withheld).toEqual(['condition', 'diagnosis', 'risk', 'assessment']);
  expect((await page('civilAffairs')).withheld).toEqual([]);
  const list = (desk: Desk) => app.call(atDesk(desk), 'GET', `/persons/${client.person}/assessments`);
  expect((await list('town')).code).toBe('notForOffice');
  expect((await list('federation')).code).toBe('roleNotAllowed');
  expect(desks).toHaveLength(8);
});
