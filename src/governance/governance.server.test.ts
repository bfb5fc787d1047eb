// Bodies, meetings, activities and training over HTTP: who sees and keeps what, gaps by the packs, and hours that a void takes back.
import Docxtemplater from 'docxtemplater';
import PizZip from 'pizzip';
import { beforeAll, expect, test } from 'vitest';
import type { Actor } from '../kernel/access.ts';
import { personSubject } from '../kernel/entry.ts';
import { staffJoined } from '../network/organisation.ts';
import { openingRequested } from '../person/opening.ts';
import type { Pack } from '../policy/pack.ts';
import type { WorkGroup } from '../reporting/worklist.ts';
import { anActor, newId, openTestApp, type Problem, type Reply } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { TrainingRow } from './activity.ts';
import type { BodyRow, Member } from './body.ts';
import type { MeetingView } from './meeting.ts';

const app = await openTestApp();
const county = '511902';
const clerk = anActor('civilAffairs');
const townClerk = anActor('civilAffairs', { scope: '511902001' });
const otherTown = anActor('civilAffairs', { scope: '511902002' });
const neighbour = anActor('civilAffairs', { scope: '511903' });
const city = anActor('civilAffairs', { scope: '5119' });

const site = anOrganisation('site');
const sister = anOrganisation('site', { name: '同街另一站' });
const siteWorker = anActor('site', { organisation: site.id });
const sisterWorker = anActor('site', { organisation: sister.id });
const client = aClient().registered('2024-02-01').accepted(site.id, '2024-03-01').withPapers(site.id, '2024-03-02');
const { person } = client;
const joining = (organisation: string, name: string) => {
  const staff = newId();
  const draft = staffJoined.draft({
    ...{ id: newId(), county, on: '2024-01-10' },
    subjects: [
      { kind: 'staff', id: staff },
      { kind: 'organisation', id: organisation },
    ],
    body: { organisation, name, discipline: 'socialWorker' },
  });
  return { staff, draft };
};
const [li, zhou, sisters] = [joining(site.id, '李敏'), joining(site.id, '周静'), joining(sister.id, '吴兰')];

/** What a place's document would list, before the four other packs are there. */
const asking = (of: 'leadingGroup' | 'careTeam', ids: string[]): Pack['rules'][number] => ({
  ...{ id: `${of}Members`, kind: 'standard', clause: ['CM-01'], title: of, summary: of },
  standard: { list: 'bodyMembers', of, items: ids.map((id) => ({ id, text: `须有${id}` })) },
});
const pack: Pack = {
  ...{
    id: 'asking',
    name: '测试',
    areas: [county],
    version: '1',
    file: 'asking.yaml',
    text: '',
    period: { from: '2024-01-01' },
  },
  documents: [{ title: '测试', clausePrefix: 'CM' }],
  rules: [asking('leadingGroup', ['head', 'police']), asking('careTeam', ['familyCarer', 'medic'])],
};

beforeAll(async () => {
  (app.packs.packs as Map<string, Pack>).set(pack.id, pack);
  await app.record(site.draft, sister.draft, ...client.drafts, li.draft, zhou.draft, sisters.draft);
});

const ok = async <T = never>(
  actor: Actor,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  input: object = {},
): Promise<T> => {
  const { status, body } = await app.call<T>(
    actor,
    method,
    path,
    method === 'GET' || 'id' in input ? input : { id: newId(), ...input },
  );
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
};
const codeOf = async (actor: Actor, method: 'GET' | 'POST' | 'PUT', path: string, input: object = {}) =>
  (await app.call(actor, method, path, method === 'GET' ? input : { id: newId(), ...input })).code;

interface Bodies {
  readonly rows: BodyRow[];
  readonly total: number;
  readonly missing: { kind: string; clause: string[] }[];
}
type Body = BodyRow & { roster: Member[]; required: { id: string }[]; mayKeep: boolean };
const bodiesOf = (actor: Actor, query: object = {}) => ok<Bodies>(actor, 'GET', '/bodies', query);
const idsOf = async (actor: Actor) => (await bodiesOf(actor)).rows.map(({ id }) => id);
const bodyOf = (actor: Actor, body: string, query: object = {}) => ok<Body>(actor, 'GET', `/bodies/${body}`, query);
const anOpening = (change: object = {}) => ({ on: '2024-01-05', kind: 'leadingGroup', division: county, ...change });
const opened = async (actor: Actor, change: object = {}) =>
  (await ok<{ body: string }>(actor, 'POST', '/bodies', anOpening(change))).body;
const joined = async (body: string, change: object = {}) =>
  (
    await ok<{ member: string }>(clerk, 'POST', `/bodies/${body}/members`, {
      ...{ on: '2024-01-06', name: '赵成', duty: 'member' },
      ...change,
    })
  ).member;

test('gaps come from the packs and follow the roster of the day; a body that is asked for and not there is named', async () => {
  const experts = { kind: 'expertGroup', clause: ['BZ-22'] };
  expect((await bodiesOf(clerk)).missing).toEqual([{ kind: 'leadingGroup', clause: ['CM-01'] }, experts]);
  const body = await opened(clerk);
  expect(await bodiesOf(clerk)).toMatchObject({
    missing: [experts],
    rows: [{ name: '巴州区领导小组', gaps: [{ text: '须有head', clause: ['CM-01'] }, { text: '须有police' }] }],
  });
  const head = await joined(body, { duty: 'head', item: 'head' });
  await joined(body, { on: '2024-02-01', name: '钱警官', item: 'police' });
  await ok(clerk, 'POST', `/bodies/${body}/members/${head}/leave`, { on: '2024-03-01' });
  const gapsOn = async (on: string) => (await bodyOf(clerk, body, { on })).gaps.map(({ text }) => text);
  expect(await gapsOn('2024-01-31')).toEqual(['须有police']);
  expect(await gapsOn('2024-02-29')).toEqual([]);
  expect(await gapsOn('2024-03-01')).toEqual(['须有head']);
  expect((await bodyOf(clerk, body)).roster.map(({ name, itemText }) => [name, itemText])).toEqual([
    ['钱警官', '须有police'],
  ]);
});

test('a town reads the county’s body and does not keep it; neighbours and other roles do not see it', async () => {
  const [body] = await idsOf(clerk);
  expect(await bodyOf(townClerk, body as string)).toMatchObject({ mayKeep: false });
  expect(await bodyOf(city, body as string)).toMatchObject({ mayKeep: true });
  const join = { on: '2024-03-01', name: '孙', duty: 'member' };
  expect(await codeOf(townClerk, 'POST', `/bodies/${body}/members`, join)).toBe('outOfScope');
  expect(await codeOf(siteWorker, 'POST', `/bodies/${body}/members`, join)).toBe('roleNotAllowed');
  expect(await codeOf(neighbour, 'GET', `/bodies/${body}`)).toBe('notFound');
  expect(await codeOf(anActor('finance'), 'GET', `/bodies/${body}`)).toBe('roleNotAllowed');
  const refused = async (change: object, actor = clerk) => codeOf(actor, 'POST', '/bodies', anOpening(change));
  expect(await refused({})).toBe('alreadyThere');
  expect(await refused({ division: '511902001' })).toBe('levelMismatch');
  expect(await refused({ kind: 'careTeam' })).toBe('personMissing');
  expect(await refused({ kind: 'expertGroup', person })).toBe('personUnfit');
  expect(await refused({ kind: 'villageCare', division: '511902001' })).toBe('villageMissing');
  expect(await refused({ kind: 'expertGroup', division: county }, townClerk)).toBe('outOfScope');
  expect(await refused({ kind: 'expertGroup', on: '2024-11-15' })).toBe('inFuture');
});

test('a city’s own bodies are the city’s; a county does not see them', async () => {
  const body = await opened(city, { kind: 'expertGroup', division: '5119' });
  expect(await idsOf(city)).toContain(body);
  expect(await idsOf(clerk)).not.toContain(body);
  expect(await codeOf(clerk, 'GET', `/bodies/${body}`)).toBe('notFound');
});

test('a care team is seen by who manages or serves the person, its family masked, and never above the county', async () => {
  const body = await opened(clerk, { kind: 'careTeam', division: '511902001', person, on: '2024-03-05' });
  await joined(body, { on: '2024-03-05', name: '陈桂香', family: true, item: 'familyCarer' });
  const join = { on: '2024-03-05', name: '陈桂香', duty: 'member', family: true };
  expect(await codeOf(clerk, 'POST', `/bodies/${body}/members`, { ...join, phone: '199' })).toBe('familyPhone');
  const [group] = (await bodiesOf(clerk, { kind: 'leadingGroup' })).rows;
  expect(await codeOf(clerk, 'POST', `/bodies/${group?.id}/members`, join)).toBe('familyUnfit');
  for (const actor of [clerk, townClerk, siteWorker, anActor('health')]) {
    expect(await bodyOf(actor, body)).toMatchObject({
      name: '巴州区东城街道关爱帮扶小组',
      personName: '陈*远',
      gaps: [{ text: '须有medic' }],
      roster: [{ name: '陈*香' }],
    });
    expect(await idsOf(actor)).toContain(body);
  }
  for (const actor of [city, otherTown, sisterWorker, neighbour]) {
    expect(await codeOf(actor, 'GET', `/bodies/${body}`)).toBe('notFound');
    expect(await idsOf(actor)).not.toContain(body);
  }
  // Not even while a file of the person is open to an officer of the city.
  const officer = anActor('civilAffairs', { scope: '5119', user: 'officer' });
  const opening = openingRequested.draft({
    ...{ id: newId(), county, on: '2024-11-13', subjects: [personSubject(person)] },
    body: { reason: '核实信访反映的服务中断', endsAt: '2024-11-16T01:00:00.000Z' },
    recorded: { at: '2024-11-13T01:00:00.000Z', actor: 'officer', role: 'civilAffairs', organisation: null },
  });
  await app.record(opening);
  expect(await codeOf(officer, 'GET', `/persons/${person}`)).toBeUndefined();
  expect(await codeOf(officer, 'GET', `/bodies/${body}`)).toBe('notFound');
});

interface Meeting {
  readonly meeting: string;
}
const aTask = (dueOn: string, text = '走访困难家庭') => ({ id: newId(), text, responsible: '民政局', dueOn });
const tasksWaiting = async (actor: Actor) => {
  const { groups } = await ok<{ groups: WorkGroup[] }>(actor, 'GET', '/worklist');
  return groups.find(({ kind }) => kind === 'meetingTask');
};

test('meeting: absent are the others of the roster; corrected and voided by the county, its tasks on the work list until done', async () => {
  const body = await opened(clerk, { kind: 'jointMeeting' });
  const [first, second] = [await joined(body), await joined(body, { name: '孙莉', on: '2024-04-20' })];
  const task = aTask('2024-05-10');
  const holding = { on: '2024-04-10', agenda: '年度安排', present: [first], guests: ['卫健局 郑'], tasks: [task] };
  const refused = (change: object) => codeOf(clerk, 'POST', `/bodies/${body}/meetings`, { ...holding, ...change });
  expect(await refused({ present: [first, second] })).toBe('notMember');
  expect(await refused({ present: [], guests: [] })).toBe('nobodyThere');
  expect(await refused({ tasks: [aTask('2024-04-09')] })).toBe('dueTooEarly');
  expect(await refused({ on: '2024-01-04' })).toBe('beforeStart');
  const { meeting } = await ok<Meeting>(clerk, 'POST', `/bodies/${body}/meetings`, holding);
  const view = () => ok<MeetingView>(townClerk, 'GET', `/meetings/${meeting}`);
  expect(await view()).toMatchObject({
    present: [{ name: '赵成' }],
    absent: [],
    guests: ['卫健局 郑'],
    mayKeep: false,
  });
  expect(await tasksWaiting(clerk)).toMatchObject({ overdue: 1, rows: [{ clock: { dueOn: '2024-05-10' } }] });

  await ok(clerk, 'POST', `/meetings/${meeting}/tasks/${task.id}/close`, { on: '2024-05-09', note: '已走访 12 户' });
  expect(
    await codeOf(clerk, 'POST', `/meetings/${meeting}/tasks/${task.id}/close`, { on: '2024-05-09', note: '又' }),
  ).toBe('alreadyClosed');
  expect(await tasksWaiting(clerk)).toBeUndefined();
  // By an officer who did not record it; what was done stays done.
  const later = aTask('2024-07-01', '检查站点');
  await ok(city, 'PUT', `/meetings/${meeting}`, { ...holding, on: '2024-05-05', tasks: [task, later] });
  expect(await view()).toMatchObject({
    heldOn: '2024-05-05',
    absent: [{ name: '孙莉' }],
    tasks: [{ closedOn: '2024-05-09', note: '已走访 12 户' }, { closedOn: null }],
  });

  // As a Word file, read back.
  const file = await app.call<Buffer>(clerk, 'GET', `/meetings/${meeting}/minutes`);
  const word = new Docxtemplater(new PizZip(file.body)).getFullText();
  for (const text of ['部门联席会议会议记录', '2024-05-05', '孙莉', '检查站点', '2024-05-09 办结', '未办结'])
    expect(word).toContain(text);
  expect(word).not.toMatch(/[{}]|undefined/);

  expect(await codeOf(townClerk, 'POST', `/meetings/${meeting}/void`, { reason: '重复' })).toBe('outOfScope');
  await ok(clerk, 'POST', `/meetings/${meeting}/void`, { reason: '重复登记' });
  expect(await codeOf(clerk, 'POST', `/meetings/${meeting}/void`, { reason: '重复' })).toBe('alreadyReplaced');
  expect(await tasksWaiting(clerk)).toBeUndefined();
  // The roster is folded again with it.
  expect((await bodyOf(clerk, body)).roster).toHaveLength(2);
  await ok(clerk, 'POST', `/bodies/${body}/close`, { on: '2024-09-01', reason: '机构调整' });
  expect(await refused({ on: '2024-10-10' })).toBe('alreadyClosed');
});

interface Training {
  readonly rows: TrainingRow[];
  readonly required: number;
  readonly shortCount: number;
}
const aTraining = (change: object = {}) => ({
  ...{ on: '2024-03-20', kind: 'staffTraining', division: county, title: '年度培训', hours: 12 },
  staff: [{ staff: li.staff }, { staff: zhou.staff, hours: 6.5, credits: 2 }],
  ...change,
});
const hoursOf = async (year = '2024') => {
  const { rows } = await ok<Training>(clerk, 'GET', '/training', { year });
  return Object.fromEntries(rows.map(({ name, hours }) => [name, hours]));
};

test('training: hours by person and year against the pack’s 20; a correction and a void take them back', async () => {
  const { activity } = await ok<{ activity: string }>(clerk, 'POST', '/activities', aTraining());
  await ok(
    clerk,
    'POST',
    '/activities',
    aTraining({ on: '2024-05-20', kind: 'drill', staff: [{ staff: li.staff, hours: 8 }] }),
  );
  await ok(clerk, 'POST', '/activities', aTraining({ on: '2024-06-20', kind: 'familyTraining' }));
  expect(await ok<Training>(siteWorker, 'GET', '/training', { short: true })).toMatchObject({
    required: 20,
    shortCount: 1,
    rows: [{ name: '周静', hours: 6.5, credits: 4, short: 13.5 }],
  });
  expect(await hoursOf()).toEqual({ 李敏: 20, 周静: 6.5, 吴兰: 0 });
  await ok(clerk, 'PUT', `/activities/${activity}`, aTraining({ hours: 4, staff: [{ staff: li.staff }] }));
  expect(await hoursOf()).toEqual({ 李敏: 12, 周静: 0, 吴兰: 0 });
  await ok(clerk, 'POST', `/activities/${activity}/void`, { reason: '没有举办' });
  expect(await hoursOf()).toEqual({ 李敏: 8, 周静: 0, 吴兰: 0 });
  expect(await hoursOf('2025')).toEqual({ 李敏: 0, 周静: 0, 吴兰: 0 });
});

test('training of assessors makes an assessor from its day on, until it is voided', async () => {
  const trainedOn = async () => {
    const { rows } = await ok<{ rows: { id: string; assessorTrainedOn: string | null }[] }>(clerk, 'GET', '/staff');
    return rows.find(({ id }) => id === zhou.staff)?.assessorTrainedOn;
  };
  const training = (on: string) =>
    ok<{ activity: string }>(
      clerk,
      'POST',
      '/activities',
      aTraining({ on, kind: 'assessorTraining', staff: [{ staff: zhou.staff }] }),
    );
  const first = await training('2024-04-01');
  await training('2024-08-01');
  expect(await trainedOn()).toBe('2024-04-01');
  await ok(clerk, 'POST', `/activities/${first.activity}/void`, { reason: '没有参加' });
  expect(await trainedOn()).toBe('2024-08-01');
});

test('activity: reach of the year, days for duties, each refusal, and a site keeps its own alone', async () => {
  const publicity = { ...aTraining({ kind: 'publicity', staff: [] }), reached: 120, leaflets: 300, title: '宣传日' };
  const own = { ...publicity, division: '511902001', title: '开放日' };
  const { activity } = await ok<{ activity: string }>(siteWorker, 'POST', '/activities', own);
  await ok(clerk, 'POST', '/activities', publicity);
  expect(await ok(clerk, 'GET', '/activities', { kind: 'publicity', year: '2024' })).toMatchObject({
    total: 2,
    reach: { reached: 240, leaflets: 600 },
  });
  expect(await ok(otherTown, 'GET', '/activities')).toMatchObject({ total: 0 });
  expect(await codeOf(sisterWorker, 'POST', `/activities/${activity}/void`, { reason: '重复' })).toBe(
    'notOwnOrganisation',
  );
  expect(await codeOf(neighbour, 'GET', `/activities/${activity}`)).toBe('notFound');
  const refused = async (change: object, actor = clerk): Promise<string | undefined> =>
    ((await app.call(actor, 'POST', '/activities', { id: newId(), ...aTraining(change) })) as Reply<Problem>).code;
  expect(await refused({ staff: [] })).toBe('nobodyThere');
  expect(await refused({ staff: [{ staff: li.staff }, { staff: li.staff }] })).toBe('namedTwice');
  expect(await refused({ division: '511903' }, city)).toBe('otherCounty');
  expect(await refused({ on: '2024-01-09' })).toBe('notEmployed');
  expect(await refused({ division: '511903' })).toBe('outOfScope');
  expect(await refused({ staff: [{ staff: sisters.staff }] }, siteWorker)).toBe('notOwnOrganisation');
});

test('what is said of persons lies sealed', async () => {
  const { rows } = await app.admin.query(
    `select string_agg(t, '') as text from (select m::text as t from body_member m union all select m::text from meeting m
      union all select m::text from meeting_task m union all select e.body::text from entry e where e.type ~ '^(member|meeting|task)') x`,
  );
  expect(rows[0].text).not.toMatch(/陈桂香|赵成|年度安排|走访困难家庭|已走访|卫健局/);
});
