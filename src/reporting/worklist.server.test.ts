// The work list over HTTP: each kind appears to whom it waits for, overdue first, and is gone once it is done.
import { expect, test } from 'vitest';
import { planMade } from '../care/agreement.ts';
import { type EntryDraft, personSubject } from '../kernel/entry.ts';
import { factRecorded, screeningRecorded } from '../person/person.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation, type Client } from '../server/client.fixtures.ts';
import type { WorkGroup, WorkKind, WorkRow } from './worklist.ts';

const app = await openTestApp();
app.clock.set('2024-11-14');
const site = anOrganisation('site', { name: '东城站点' });
const otherSite = anOrganisation('site', { name: '西城站点' });

const screened = (client: Client, outcome: 'eligible' | 'ineligible' | 'unknown'): EntryDraft =>
  screeningRecorded.draft({
    id: newId(),
    county: client.county,
    on: '2024-10-08',
    subjects: [personSubject(client.person)],
    body: { outcome, pack: { id: 'bazhong', version: 'x' } },
  });
const fresh = aClient();
const unclear = aClient();
const eligible = aClient();
const applied = aClient().applied('2024-11-13');
const appliedLate = aClient().applied('2024-10-30');
const registered = aClient().registered('2024-11-11');
const sent = aClient().registered('2024-11-01').referred(site.id, '2024-11-12');
const waitsLong = aClient().registered('2024-06-01').referred(site.id, '2024-06-03').queued(site.id, '2024-08-01');
const waitsShort = aClient().registered('2024-06-01').referred(site.id, '2024-09-03').queued(site.id, '2024-10-01');
const unsigned = aClient()
  .registered('2024-10-01')
  .accepted(site.id, '2024-10-08')
  .withPapers(site.id, '2024-10-09', ['consent']);
const short = aClient()
  .registered('2024-03-01')
  .accepted(site.id, '2024-03-04')
  .withPapers(site.id, '2024-03-05')
  .session(site.id, '2024-10-08');
const enough = aClient()
  .registered('2024-03-01')
  .accepted(site.id, '2024-03-04')
  .withPapers(site.id, '2024-03-05')
  .session(site.id, '2024-11-06');
/** Of another county: must never show. */
const elsewhere = aClient({ county: '511922' }).applied('2024-10-01');
const all = [
  fresh,
  unclear,
  eligible,
  applied,
  appliedLate,
  registered,
  sent,
  waitsLong,
  waitsShort,
  unsigned,
  short,
  enough,
  elsewhere,
];
await app.record(site.draft, otherSite.draft, ...all.flatMap(({ drafts }) => drafts));
await app.record(screened(unclear, 'unknown'), screened(eligible, 'eligible'));

const county = anActor('civilAffairs');
const own = anActor('site', { organisation: site.id });
const groupsOf = async (actor: typeof county) => {
  const { body } = await app.call<{ groups: WorkGroup[] }>(actor, 'GET', '/worklist');
  return new Map(body.groups.map((group) => [group.kind, group]));
};
const personsOf = (group: WorkGroup | undefined) =>
  (group?.rows ?? []).map(({ link }) => link.search.person ?? link.path.split('/')[2]).sort();

test('worklist.get: a county office sees screenings, applications, referrals, queues and reports, overdue first', async () => {
  const groups = await groupsOf(county);
  expect([...groups.keys()]).toEqual(['applicationReview', 'queueReview', 'report', 'screening', 'referralSend']);
  expect(personsOf(groups.get('screening'))).toEqual([fresh.person, unclear.person].sort());
  const applications = groups.get('applicationReview');
  expect(applications).toMatchObject({ total: 2, overdue: 1, clauses: ['BZ-10', 'NA-01'] });
  expect(applications?.rows[0]).toMatchObject({
    name: '陈*远',
    place: '东城街道',
    clock: { dueOn: '2024-11-06', left: -6, unit: 'workingDays' },
    link: { path: `/applications/${appliedLate.idOf('application.submit')}` },
  });
  expect(personsOf(groups.get('referralSend'))).toEqual([registered.person]);
  expect(groups.get('queueReview')).toMatchObject({ total: 1, overdue: 1, rows: [{ clock: { dueOn: '2024-11-02' } }] });
  expect(groups.get('report')).toMatchObject({ total: 2, overdue: 2 });
});

test('worklist.get: a site sees its inbox, missing papers, short months and plan reviews of its own clients', async () => {
  const groups = await groupsOf(own);
  expect(groups.get('referralReceive')?.rows).toMatchObject([
    { clock: { left: 3 }, link: { path: `/referrals/${sent.idOf('referral.send')}` } },
  ]);
  expect(groups.get('queueReview')?.rows).toMatchObject([{ key: waitsLong.idOf('referral.send') }]);
  expect(groups.get('papers')?.rows).toMatchObject([
    { key: unsigned.person, missing: ['agreement', 'baseline', 'plan'] },
  ]);
  expect(groups.get('sessionsShort')?.rows).toMatchObject([
    { key: short.person, missing: ['short:1'], clock: { dueOn: '2024-11-30', left: 16 } },
  ]);
  expect(personsOf(groups.get('teamAssessment'))).toEqual([unsigned.person, short.person, enough.person].sort());
  expect(groups.get('planReview')).toMatchObject({ total: 2, overdue: 2 });
  const reviewed = planMade.draft({
    id: newId(),
    county: short.county,
    on: '2024-11-13',
    subjects: [personSubject(short.person)],
    body: {
      goals: [{ domain: 'lifeSkills', goal: '独立做饭', frequency: 4, responsible: '李敏' }],
      fromOn: '2024-11-13',
      reviewOn: '2025-02-13',
      agreed: true,
    },
  });
  await app.record(reviewed);
  expect(personsOf((await groupsOf(own)).get('planReview'))).toEqual([enough.person]);
  expect((await groupsOf(anActor('site', { organisation: otherSite.id }))).size).toBe(0);
});

test('worklist.get: a city sees counties below target and missing reports; roles without persons see nothing', async () => {
  const many = Array.from({ length: 6 }, () => aClient({ county: '511923' }).registered('2024-01-10'));
  await app.record(...many.flatMap(({ drafts }) => drafts));
  const groups = await groupsOf(anActor('civilAffairs', { scope: '5119' }));
  expect(groups.get('report')).toMatchObject({ total: 10, overdue: 10 });
  const target = (county: string) => groups.get('target')?.rows.find(({ key }) => key === county);
  expect(target('511923')).toMatchObject({
    name: '平昌县',
    missing: ['standardized-service-rate', 'county-coverage', 'institution-coverage'],
  });
  // So few count that whether they reach the target is the county’s to know (docs/decisions/0007); institutions are no persons.
  expect(target('511902')?.missing).toEqual(['institution-coverage']);
  expect(groups.get('target')?.total).toBe(5);
  expect((await groupsOf(anActor('finance'))).size).toBe(0);
  expect((await app.call(null, 'GET', '/worklist')).status).toBe(403);
});

test('worklist.list: one kind page by page, of one’s own work only', async () => {
  const list = (actor: typeof county | null, kind: WorkKind, page = 1) =>
    app.call<{ rows: WorkRow[]; total: number }>(actor, 'GET', `/worklist/${kind}`, { page, pageSize: 1 });
  const { body } = await list(county, 'applicationReview', 2);
  expect(body).toMatchObject({ total: 2, rows: [{ key: applied.idOf('application.submit') }] });
  expect((await list(own, 'applicationReview')).code).toBe('notYours');
  expect((await list(null, 'papers')).status).toBe(403);
  const town = await list(anActor('village', { scope: '511902002' }), 'screening');
  expect(town.body.total).toBe(0);
});

test('somebody of whom something was recorded after the screening is to be screened again', async () => {
  const town = '511902009';
  const [unfit, changed] = [aClient({ town }), aClient({ town })];
  await app.record(...unfit.drafts, ...changed.drafts);
  await app.record(screened(unfit, 'ineligible'), screened(changed, 'ineligible'));
  const visit = factRecorded.draft({
    id: newId(),
    county: changed.county,
    on: '2024-10-20',
    subjects: [personSubject(changed.person)],
    body: { facts: [{ kind: 'clientWilling', value: true, on: '2024-10-20', source: 'visit' }] },
  });
  await app.record(visit);
  const asked = anActor('village', { scope: town });
  const { body } = await app.call<{ rows: WorkRow[] }>(asked, 'GET', '/worklist/screening', {});
  expect(body.rows).toMatchObject([{ key: changed.person, missing: ['factsChanged'] }]);
  await app.record(screened(changed, 'ineligible'));
  expect((await app.call<{ rows: WorkRow[] }>(asked, 'GET', '/worklist/screening', {})).body.rows).toEqual([]);
});
