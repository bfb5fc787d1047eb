// Team opinions and assessments over HTTP: scores, order, disciplines, training, correction, void.
import { beforeAll, expect, test } from 'vitest';
import { personSubject } from '../kernel/entry.ts';
import { staffJoined } from '../network/organisation.ts';
import type { RecordedFact } from '../person/person.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation, type Client } from '../server/client.fixtures.ts';
import { type AssessmentView, assessmentRecorded } from './assessment.ts';

const app = await openTestApp();
const site = anOrganisation('site');
const other = anOrganisation('site', { name: '别站' });
const worker = anActor('site', { organisation: site.id });
const hospital = anActor('hospital', { organisation: newId() });

const aStaff = (discipline: 'psychiatrist' | 'nurse' | 'therapist' | 'socialWorker', trained?: string) => {
  const id = newId();
  const draft = staffJoined.draft({
    id: newId(),
    county: '511902',
    on: '2023-01-10',
    subjects: [{ kind: 'staff', id }],
    body: {
      organisation: site.id,
      name: `${discipline}甲`,
      discipline,
      ...(trained ? { assessorTrainedOn: trained } : {}),
    },
  });
  return { id, draft };
};
const assessor = aStaff('socialWorker', '2024-02-01');
const novice = aStaff('nurse');

beforeAll(() => app.record(site.draft, other.draft, assessor.draft, novice.draft));

const adl = { instrument: 'adl', version: '1', answers: {} as Record<string, number> };
for (const code of 'toilet eating dressing grooming walking bathing telephone shopping cooking housework laundry transport medicine money'.split(
  ' ',
))
  adl.answers[code] = 1;

const accepted = async (): Promise<Client> => {
  const client = aClient().registered('2024-01-10').accepted(site.id, '2024-03-01');
  await app.record(...client.drafts);
  return client;
};
const content = (change: object = {}) => ({
  id: newId(),
  on: '2024-03-05',
  kind: 'baseline',
  staff: assessor.id,
  assessor: '王敏',
  results: [adl],
  ...change,
});
const record = (client: Client, change: object = {}, actor = worker) =>
  app.call<AssessmentView>(actor, 'POST', `/persons/${client.person}/assessments`, content(change));
const risksOf = async (client: Client): Promise<unknown[]> =>
  (
    await app.admin.query<RecordedFact>(`select value from fact where person = $1 and kind = 'risk'`, [client.person])
  ).rows.map((row) => row.value);

test('assessment.record: scored by the server from raw answers, named after the staff record, its risk a fact', async () => {
  const client = await accepted();
  const answers = { ...adl.answers, cooking: 3, money: 4 };
  const reply = await record(client, { results: [{ ...adl, answers }], risk: 1 });
  expect(reply.body).toMatchObject({
    assessor: 'socialWorker甲',
    risk: 1,
    results: [{ instrument: 'adl', version: '1', answers, total: 19, band: '功能明显障碍' }],
  });
  expect(await risksOf(client)).toEqual([1]);
  const seen = await app.call(anActor('health'), 'GET', `/assessments/${reply.body.id}`);
  expect(seen.body).toMatchObject({ name: '陈*远', instruments: [{ id: 'adl' }] });
  const entry = await app.admin.query('select findings from entry where id = $1', [reply.body.id]);
  expect(entry.rows[0].findings).toMatchObject([{ rule: 'assessorTraining', clause: ['BZ-24'] }]);
});

test('assessment.record: wrong role, other area, each refusal', async () => {
  const client = await accepted();
  const code = async (change: object) => (await record(client, change)).code;
  expect((await record(client, {}, anActor('civilAffairs'))).status).toBe(403);
  expect((await record(client, {}, anActor('hospital', { scope: '511903' }))).status).toBe(404);
  expect((await record(client, {}, anActor('site', { organisation: other.id }))).status).toBe(404);
  expect(await code({ results: [{ ...adl, version: '7' }] })).toBe('instrumentUnknown');
  expect(await code({ results: [adl, adl] })).toBe('instrumentUnknown');
  expect(await code({ results: [{ ...adl, answers: { toilet: 9 } }] })).toBe('answersInvalid');
  expect(await code({ staff: undefined })).toBe('assessorUntrained');
  expect(await code({ staff: novice.id })).toBe('assessorUntrained');
  expect(await code({ on: '2024-02-29' })).toBe('beforeStart');
  expect(await code({ on: '2024-11-15' })).toBe('inFuture');
  expect(await code({ kind: 'process' })).toBe('baselineMissing');
  expect(await code({})).toBeUndefined();
  expect(await code({})).toBe('baselineExists');
  expect(await code({ kind: 'process', on: '2024-03-04' })).toBe('baselineMissing');
  const registered = aClient().registered('2024-01-10');
  await app.record(...registered.drafts);
  expect((await record(registered, {}, hospital)).code).toBe('stageNotAllowed');
});

test('an assessor who was trained later cannot sign for an earlier day (BZ-24)', async () => {
  const client = aClient().registered('2024-01-05').accepted(site.id, '2024-01-20');
  await app.record(...client.drafts);
  const reply = await record(client, { on: '2024-01-31' });
  expect(reply).toMatchObject({ status: 422, code: 'assessorUntrained', body: { cites: ['BZ-24'] } });
  expect((await record(client, { on: '2024-02-01' })).status).toBe(200);
});

test('a transfer-out assessment speaks of every topic that the place asks for (BZ-16)', async () => {
  const client = await accepted();
  await record(client);
  const transfer = { instrument: 'transfer', version: '1', answers: { effect: 2, illness: 2, selfCare: 3 } };
  const out = { kind: 'transferOut', on: '2024-09-01' };
  const missing = await record(client, { ...out, results: [transfer] });
  expect(missing).toMatchObject({ code: 'topicsMissing', body: { cites: ['BZ-16'] } });
  const whole = { ...transfer, answers: { ...transfer.answers, socialAndWork: 2, jobWish: 3 } };
  expect((await record(client, { ...out, results: [whole] })).body.results[0]?.total).toBe(12);
});

test('a person who comes back is assessed anew: the old baseline is not the new episode’s', async () => {
  const first = aClient().registered('2024-01-10').accepted(site.id, '2024-01-20');
  const drafts = [...first.drafts, ...first.discharged('2024-05-01').drafts.slice(first.drafts.length)];
  const baseline = assessmentRecorded.draft({
    id: newId(),
    county: '511902',
    on: '2024-02-05',
    subjects: [personSubject(first.person)],
    body: { kind: 'baseline', assessor: '王敏', results: [], facts: [] },
  });
  await app.record(...drafts.slice(0, -1), baseline, ...drafts.slice(-1));
  const again = first.applied('2024-06-01').registered('2024-06-10').accepted(site.id, '2024-07-01');
  await app.record(...again.drafts.slice(first.drafts.length));
  expect((await record(first, { kind: 'process', on: '2024-07-05' })).code).toBe('baselineMissing');
  expect((await record(first, { on: '2024-07-05' })).status).toBe(200);
});

test('assessment.correct and void: only by whom it is; row, fact and baseline follow', async () => {
  const client = await accepted();
  const { body: first } = await record(client, { risk: 3 });
  const correct = (change: object, actor = worker) => {
    const { kind: _, ...rest } = content(change);
    return app.call<AssessmentView>(actor, 'POST', `/assessments/${first.id}/correct`, rest);
  };
  expect((await correct({}, hospital)).code).toBe('notOwn');
  expect((await correct({}, anActor('site', { organisation: other.id }))).code).toBe('notFound');
  expect((await correct({ on: '2024-02-01' })).code).toBe('beforeStart');
  const answers = { ...adl.answers, money: 2 };
  const corrected = await correct({ on: '2024-03-06', risk: 1, results: [{ ...adl, answers }] });
  expect(corrected.body).toMatchObject({ id: first.id, on: '2024-03-06', kind: 'baseline', results: [{ total: 15 }] });
  expect(await risksOf(client)).toEqual([1]);

  const list = async () =>
    (
      await app.call<{ assessments: AssessmentView[]; baseline: string | null }>(
        worker,
        'GET',
        `/persons/${client.person}/assessments`,
      )
    ).body;
  expect(await list()).toMatchObject({ baseline: first.id, assessments: [corrected.body] });
  const voided = (actor = worker) =>
    app.call(actor, 'POST', `/assessments/${first.id}/void`, { id: newId(), reason: '填错了人' });
  expect((await voided(anActor('health'))).code).toBe('roleNotAllowed');
  expect((await voided(hospital)).code).toBe('notOwn');
  expect((await voided()).status).toBe(200);
  expect(await list()).toMatchObject({ baseline: null, assessments: [] });
  expect(await risksOf(client)).toEqual([]);
  expect((await voided()).code).toBe('notFound');
});

test('team.assess: four disciplines, as the staff records say, not as typed (BZ-11)', async () => {
  const client = aClient().registered('2024-01-10');
  await app.record(...client.drafts);
  const named = (...disciplines: string[]) => disciplines.map((discipline) => ({ name: '某人', discipline }));
  const four = named('psychiatrist', 'nurse', 'therapist', 'socialWorker');
  const assess = (change: object = {}, actor = hospital) =>
    app.call<{ fields: Record<string, string> }>(actor, 'POST', `/persons/${client.person}/team-assessments`, {
      id: newId(),
      on: '2024-01-15',
      members: four,
      opinion: '适合参加社区康复',
      suitable: true,
      domains: ['lifeSkills'],
      ...change,
    });
  expect((await assess({}, anActor('village'))).status).toBe(403);
  expect((await assess({}, anActor('hospital', { scope: '511903' }))).status).toBe(404);
  const three = await assess({ members: four.slice(1) });
  expect(three).toMatchObject({ code: 'disciplinesMissing', body: { cites: ['BZ-11'] } });
  expect(three.body.fields.members).toContain('精神科医生');
  const disguised = [...four.slice(1), { staff: novice.id, name: '某人', discipline: 'psychiatrist' }];
  expect((await assess({ members: disguised })).code).toBe('disciplinesMissing');
  expect((await assess({ members: [...four, { staff: newId(), name: '某人', discipline: 'nurse' }] })).code).toBe(
    'memberUnknown',
  );
  expect((await assess({ on: '2024-01-09' })).code).toBe('beforeStart');
  expect((await assess({ on: '2024-11-15' })).code).toBe('inFuture');
  expect((await assess()).status).toBe(200);
  const seen = await app.call<{ team: unknown[] }>(hospital, 'GET', `/persons/${client.person}/assessments`);
  expect(seen.body.team).toMatchObject([{ on: '2024-01-15', suitable: true, domains: ['lifeSkills'] }]);
  const listed = aClient();
  await app.record(...listed.drafts);
  const early = await app.call(hospital, 'POST', `/persons/${listed.person}/team-assessments`, {
    id: newId(),
    on: '2024-01-15',
    members: four,
    opinion: '适合',
    suitable: true,
  });
  expect(early.code).toBe('stageNotAllowed');
});

test('assessments of another area and instruments: who may read', async () => {
  const client = await accepted();
  const { body } = await record(client);
  const neighbour = anActor('health', { scope: '511903' });
  expect((await app.call(neighbour, 'GET', `/assessments/${body.id}`)).status).toBe(404);
  expect((await app.call(neighbour, 'GET', `/persons/${client.person}/assessments`)).status).toBe(404);
  expect((await app.call(anActor('village'), 'GET', `/assessments/${body.id}`)).status).toBe(403);
  expect((await app.call(anActor('finance'), 'GET', `/persons/${client.person}/assessments`)).status).toBe(403);
  const list = await app.call<{ id: string }[]>(worker, 'GET', '/instruments');
  expect(list.body.map((instrument) => instrument.id)).toEqual(['adl', 'nine', 'sdss', 'transfer']);
  expect((await app.call(null, 'GET', '/instruments')).code).toBe('signInNeeded');
});
