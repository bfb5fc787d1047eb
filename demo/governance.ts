// Bodies, meetings and training of the demo: a leading group without its police in one county, an overdue task, staff short of hours in all.
import { activityRecorded } from '../src/governance/activity.ts';
import { bodyOpened, memberJoined } from '../src/governance/body.ts';
import { meetingHeld, taskClosed } from '../src/governance/meeting.ts';
import type { EntryDraft, Subject } from '../src/kernel/entry.ts';
import { nameOfDivision } from '../src/network/division.ts';
import type { ActivityKind, BodyKind } from '../src/policy/duty.ts';
import { instantOf, positionOf, workingDayFrom } from './days.ts';
import { city, type Employee, type House, pinyinOf } from './houses.ts';
import { nameOf } from './names.ts';
import type { CountyNetwork } from './network.ts';
import { createRandom, type Random } from './random.ts';

export interface Scene {
  readonly random: Random;
  readonly county: string;
  readonly drafts: EntryDraft[];
}

/** Entry, day and recording in the afternoon of that day. */
export const baseOf = ({ random, county }: Scene, on: string, subjects: (id: string) => readonly Subject[]) => {
  const at = instantOf(positionOf(on), 14 * 60 + random.int(0, 180));
  const id = random.id(at);
  const actor = county === city ? 'shi.minzheng' : `${pinyinOf[county]}.minzheng`;
  const recorded = { at, actor, role: 'civilAffairs', organisation: null };
  return { id, county, on, subjects: subjects(id), recorded };
};

/** The working day on or after it. */
const workingDay = (day: string): string => instantOf(workingDayFrom(positionOf(day)), 12 * 60).slice(0, 10);

export interface Seat {
  /** Which required member of a pack's list this is, by the words that packs use. */
  readonly item: string;
  readonly unit: string;
}
const seats: readonly Seat[] = [
  { item: 'head', unit: '人民政府分管领导' },
  { item: 'deputy', unit: '政府办公室' },
  { item: 'civilAffairs', unit: '民政局' },
  { item: 'finance', unit: '财政局' },
  { item: 'health', unit: '卫生健康局' },
  { item: 'federation', unit: '残疾人联合会' },
  { item: 'police', unit: '公安局' },
];

const openBody = (scene: Scene, kind: BodyKind, on: string, name: string): string => {
  const base = baseOf(scene, on, (id) => [{ kind: 'body', id }]);
  const office = kind === 'leadingGroup' ? { office: '民政局' } : {};
  scene.drafts.push(bodyOpened.draft({ ...base, body: { kind, division: scene.county, name, ...office } }));
  return base.id;
};

interface Joining {
  readonly body: string;
  readonly on: string;
  readonly seat: Seat;
  readonly staff?: Employee;
}

const join = (scene: Scene, { body, on, seat, staff }: Joining): string => {
  const { random } = scene;
  const base = baseOf(scene, on, () => [{ kind: 'body', id: body }]);
  const duty = seat.item === 'head' || seat.item === 'deputy' ? seat.item : 'member';
  const name = staff?.name ?? nameOf(random, random.chance(0.4) ? 'female' : 'male');
  const who = { name, unit: seat.unit, duty, item: seat.item, ...(staff && { staff: staff.id }) } as const;
  scene.drafts.push(memberJoined.draft({ ...base, body: who }));
  return base.id;
};

interface Held {
  readonly body: string;
  readonly on: string;
  readonly members: readonly string[];
  readonly agenda: string;
  readonly decisions: string;
  readonly task?: { readonly text: string; readonly dueOn: string; readonly doneOn?: string };
}

const hold = (scene: Scene, { body, on, members, agenda, decisions, task }: Held): void => {
  const { random } = scene;
  const about = (): Subject[] => [{ kind: 'body', id: body }];
  const base = baseOf(scene, on, about);
  const absent = members.filter((_, i) => i > 1 && random.chance(0.15));
  const taskId = random.id(base.recorded.at);
  const tasks = task ? [{ id: taskId, text: task.text, responsible: '领导小组办公室', dueOn: task.dueOn }] : [];
  scene.drafts.push(
    meetingHeld.draft({
      ...base,
      body: {
        place: '政府三楼会议室',
        agenda,
        decisions,
        present: members.filter((id) => !absent.includes(id)),
        absent,
        tasks,
      },
    }),
  );
  if (task?.doneOn)
    scene.drafts.push(
      taskClosed.draft({
        ...baseOf(scene, task.doneOn, about),
        body: { meeting: base.id, task: taskId, note: '已办结' },
      }),
    );
};

/** Enyang has nobody from the police in the group; what Nanjiang resolved in September is overdue. */
const tellLeadingGroup = (scene: Scene): void => {
  const { county } = scene;
  const name = nameOfDivision(county);
  const body = openBody(scene, 'leadingGroup', workingDay('2023-03-01'), `${name}精康融合行动领导小组`);
  const members = seats
    .filter(({ item }) => item !== 'police' || county !== '511903')
    .map((seat) => join(scene, { body, on: workingDay('2023-03-01'), seat: { ...seat, unit: name + seat.unit } }));
  hold(scene, {
    ...{ body, members, on: workingDay('2023-03-20'), agenda: '研究年度工作安排', decisions: '各成员单位按分工推进。' },
  });
  hold(scene, {
    ...{
      body,
      members,
      on: workingDay('2024-09-10'),
      agenda: '通报规范服务率\n研究站点建设',
      decisions: '加快补签协议、补做评估。',
    },
    task: {
      ...{ text: '督促各站点补齐服务手续', dueOn: '2024-10-25' },
      ...(county === '511922' ? {} : { doneOn: workingDay('2024-10-22') }),
    },
  });
};

const tellExperts = (scene: Scene, hospital: House): void => {
  const body = openBody(
    scene,
    'expertGroup',
    workingDay('2023-04-03'),
    `${nameOfDivision(scene.county)}精康融合行动专家组`,
  );
  for (const staff of hospital.staff.filter(
    ({ discipline }) => discipline === 'psychiatrist' || discipline === 'therapist',
  ))
    join(scene, { body, on: workingDay('2023-04-03'), seat: { item: 'expert', unit: hospital.name }, staff });
};

interface Event {
  readonly kind: ActivityKind;
  readonly on: string;
  readonly title: string;
  readonly hours: number;
  readonly division: string;
  readonly organisation: House;
  readonly staff?: readonly Employee[];
  readonly reach?: { readonly reached: number; readonly families?: number; readonly leaflets?: number };
}

const happen = (scene: Scene, { on, organisation, staff = [], reach, ...event }: Event): void => {
  const about = (id: string): Subject[] => [
    { kind: 'activity', id },
    ...staff.map((one) => ({ kind: 'staff' as const, id: one.id })),
  ];
  const body = {
    ...event,
    ...(reach ?? {}),
    organisation: organisation.id,
    staff: staff.map(({ id }) => ({ staff: id })),
  };
  scene.drafts.push(activityRecorded.draft({ ...baseOf(scene, on, about), body }));
};

const tellActivities = (scene: Scene, { county, hospital, centre, sites, civilAffairs }: CountyNetwork): void => {
  const { random } = scene;
  const division = county;
  const everybody = [hospital, centre, ...sites].flatMap(({ staff }) => staff);
  const employed = (on: string) => everybody.filter(({ since }) => since <= positionOf(on));
  const training = (on: string, hours: number, share: number): void =>
    happen(scene, {
      ...{
        kind: 'staffTraining',
        on,
        title: `${on.slice(0, 4)}年社区康复服务培训`,
        hours,
        division,
        organisation: centre,
      },
      staff: employed(on).filter(() => random.chance(share)),
    });
  training(workingDay('2023-05-15'), 12, 0.9);
  training(workingDay('2024-04-15'), 12, 0.9);
  training(workingDay('2024-09-18'), 8, 0.7);
  happen(scene, {
    ...{
      kind: 'publicity',
      on: workingDay('2024-10-10'),
      title: '世界精神卫生日宣传',
      hours: 3,
      division,
      organisation: civilAffairs,
    },
    reach: { reached: random.int(150, 400), leaflets: random.int(300, 900) },
  });
  const [site] = sites;
  if (site)
    happen(scene, {
      ...{ kind: 'familyTraining', on: workingDay('2024-06-12'), title: '家属护理培训', hours: 2 },
      ...{ division: site.division, organisation: site, staff: site.staff.slice(0, 1) },
      reach: { reached: random.int(12, 30), families: random.int(10, 12) },
    });
};

/** From a source of their own: who came to the demo later leaves everything else as it was. */
export const tellGovernance = (net: CountyNetwork): EntryDraft[] => {
  const scene: Scene = { random: createRandom(Number(net.county)), county: net.county, drafts: [] };
  tellLeadingGroup(scene);
  tellExperts(scene, net.hospital);
  tellActivities(scene, net);
  return scene.drafts;
};

/** The city's own leading group. */
export const tellCityGovernance = (): EntryDraft[] => {
  const scene: Scene = { random: createRandom(Number(city)), county: city, drafts: [] };
  tellLeadingGroup(scene);
  return scene.drafts;
};
