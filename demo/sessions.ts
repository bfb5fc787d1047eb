// The sessions of a house: weekly groups of at most twelve with a roll-call, and single or home sessions, on days that papers allow.
import { type Domain, domainNames, sessionRecorded } from '../src/care/session.ts';
import { type EntryDraft, personSubject } from '../src/kernel/entry.ts';
import { dayOf, instantOf, isWorking, lastPosition, positionOf, weekdayOf } from './days.ts';
import type { Employee, House } from './houses.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';
import type { Temper } from './temper.ts';

const groupSize = 12;

interface Group {
  readonly members: Story[];
  readonly weekdays: readonly number[];
  readonly domain: Domain;
  readonly title: string;
  readonly startAt: string;
  readonly minutes: number;
  readonly leader: Employee | undefined;
}

const domains: readonly Domain[] = [
  'lifeSkills',
  'socialSkills',
  'medication',
  'vocational',
  'peerSupport',
  'relapsePrevention',
];
const weekdays = [4, 2, 3, 5, 1] as const;

const createGroup = (house: House, index: number, meetings: number): Group => {
  const domain = domains[index % domains.length] ?? 'lifeSkills';
  const weekday = weekdays[index % weekdays.length] ?? 4;
  const name = domainNames[domain].replace('训练', '');
  return {
    members: [],
    weekdays: meetings === 1 ? [weekday] : [weekday, weekday > 2 ? weekday - 2 : weekday + 3],
    domain,
    title: `${name}小组`,
    startAt: index % 2 === 0 ? '14:30' : '09:30',
    minutes: index % 2 === 0 ? 90 : 60,
    leader: house.staff[index % Math.max(1, house.staff.length)],
  };
};

const isServed = (story: Story, site: string, at: number): boolean =>
  story.spans.some((span) => span.site === site && span.from <= at && at <= span.until);
const lastServed = (story: Story, site: string): number =>
  Math.max(-1, ...story.spans.filter((span) => span.site === site).map(({ until }) => until));
const firstServed = (story: Story, site: string): number =>
  Math.min(...story.spans.filter((span) => span.site === site).map(({ from }) => from));

/** Each client joins the first group that has room on the first day of service. */
const formGroups = (house: House, clients: readonly Story[], meetings: number): Group[] => {
  const groups: Group[] = [];
  for (const client of [...clients].sort((a, b) => firstServed(a, house.id) - firstServed(b, house.id))) {
    const start = firstServed(client, house.id);
    const open = groups.find(
      ({ members }) => members.filter((one) => lastServed(one, house.id) >= start).length < groupSize,
    );
    const group = open ?? createGroup(house, groups.length, meetings);
    if (!open) groups.push(group);
    group.members.push(client);
  }
  return groups;
};

/** Most entries are made the same afternoon; `lag` days later otherwise. */
const recordedAt = (random: Random, house: House, at: number, lag: number) => ({
  at: instantOf(at + lag, lag === 0 ? 17 * 60 + random.int(0, 55) : 8 * 60 + random.int(0, 50)),
  actor: house.user,
  role: house.kind,
  organisation: house.id,
  ...(house.kind === 'site' && random.chance(0.6) ? { device: 'phone' } : {}),
});

const springFestival = { from: positionOf('2024-01-29'), until: positionOf('2024-02-25') };
const october = { from: positionOf('2024-10-01'), until: positionOf('2024-10-31') };
const lateJune = {
  from: positionOf('2024-06-20'),
  until: positionOf('2024-06-30'),
  recorded: positionOf('2024-07-08'),
};

export interface SessionScene {
  readonly random: Random;
  /** The clients' county; the house may be the city's. */
  readonly county: string;
  readonly temper: Temper;
  readonly house: House;
  /** Held no standardized session in October 2024. */
  readonly idle: boolean;
  /** Entered the last sessions of June 2024 only in July, after the county's report. */
  readonly lateInJune: boolean;
}

const notes = [
  '大家参与积极',
  '今天练习了打招呼和自我介绍',
  '部分组员需要提醒',
  '完成了上次布置的练习',
  '气氛轻松，准备下周继续',
];

const isHeld = ({ random, temper }: SessionScene, at: number): boolean => {
  const inFestival = at >= springFestival.from && at <= springFestival.until;
  return random.chance(inFestival ? temper.held * 0.35 : temper.held);
};

const lagOf = ({ random, lateInJune }: SessionScene, at: number): number => {
  if (lateInJune && at >= lateJune.from && at <= lateJune.until) return lateJune.recorded - at;
  return random.chance(0.05) ? random.int(1, 4) : 0;
};

const isOther = ({ random, idle }: SessionScene, at: number): boolean =>
  idle && at >= october.from && at <= october.until ? true : random.chance(0.1);

const meet = (scene: SessionScene, group: Group, at: number): EntryDraft | undefined => {
  const { random, house } = scene;
  if (!isHeld(scene, at)) return undefined;
  const wanted = lagOf(scene, at);
  const expected = group.members.filter((one) => isServed(one, house.id, at));
  const came = expected.filter((one) => random.chance(one.human.faith));
  // Entered late only where everybody is still in service then.
  const lag = at + wanted <= lastPosition && came.every((one) => isServed(one, house.id, at + wanted)) ? wanted : 0;
  if (!came.length) return undefined;
  const { domain, title, startAt, minutes, leader } = group;
  const other = isOther(scene, at);
  const together = expected.length > 1;
  const recorded = recordedAt(random, house, at, lag);
  return sessionRecorded.draft({
    id: random.id(recorded.at),
    county: scene.county,
    on: dayOf(at),
    subjects: came.map(({ person }) => personSubject(person)),
    body: {
      organisation: house.id,
      kind: together ? 'group' : 'individual',
      domain,
      standardized: !other,
      startAt,
      minutes,
      leader: leader?.name ?? '站点工作人员',
      ...(leader ? { staff: leader.id } : {}),
      title: other ? '健康讲座' : title,
      absent: together ? expected.filter((one) => !came.includes(one)).map(({ person }) => person) : [],
      ...(random.chance(0.15) ? { note: random.pick(notes) } : {}),
    },
    recorded,
  });
};

/** One client alone, at the house or at home. */
const single = (scene: SessionScene, client: Story, at: number): EntryDraft => {
  const { random, house } = scene;
  const recorded = recordedAt(random, house, at, 0);
  const leader = random.pick(house.staff);
  const standardized = !isOther(scene, at);
  return sessionRecorded.draft({
    id: random.id(recorded.at),
    county: scene.county,
    on: dayOf(at),
    subjects: [personSubject(client.person)],
    body: {
      organisation: house.id,
      kind: random.chance(0.4) ? 'home' : 'individual',
      domain: random.pick(['medication', 'psychological', 'familySupport', 'lifeSkills', 'physical']),
      standardized,
      startAt: random.pick(['10:45', '11:00', '16:15', '16:30']),
      minutes: random.pick([30, 40, 45]),
      leader: leader.name,
      staff: leader.id,
      absent: [],
    },
    recorded,
  });
};

export const holdSessions = (scene: SessionScene, clients: readonly Story[]): EntryDraft[] => {
  const { random, house } = scene;
  const drafts: EntryDraft[] = [];
  const groups = formGroups(house, clients, scene.temper.meetings ?? 1);
  for (let at = house.opened; at <= lastPosition; at++) {
    if (!isWorking(at)) continue;
    const weekday = weekdayOf(at);
    for (const group of groups.filter((one) => one.weekdays.includes(weekday))) {
      const draft = meet(scene, group, at);
      if (draft) drafts.push(draft);
    }
    for (const client of clients)
      if (random.chance(0.012) && isServed(client, house.id, at)) drafts.push(single(scene, client, at));
  }
  return drafts;
};
