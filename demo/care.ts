// Who looks after persons at risk in the demo: Bazhou adopts the comprehensive plan and forms care teams and village groups, and visits in its sweep.
import { bodyOpened, memberJoined, nameOfBody } from '../src/governance/body.ts';
import { type EntryDraft, personSubject } from '../src/kernel/entry.ts';
import { visitRecorded } from '../src/person/person.ts';
import { packAdopted } from '../src/policy/adoption.ts';
import type { BodyKind } from '../src/policy/duty.ts';
import type { PackLibrary } from '../src/policy/library.ts';
import { documentSubject } from '../src/policy/policy.server.ts';
import { dayOf, positionOf, workingDayFrom } from './days.ts';
import { sweptTowns } from './exchange.ts';
import { baseOf, type Scene, type Seat } from './governance.ts';
import { nameOf } from './names.ts';
import type { Human } from './people.ts';
import { createRandom } from './random.ts';
import type { Story } from './story.ts';

/** Seats by the words that packs use: CM-03, CM-04, AL-10. */
const careTeam: readonly Seat[] = [
  { item: 'health', unit: '卫生院' },
  { item: 'governance', unit: '综治中心' },
  { item: 'publicSecurity', unit: '派出所' },
  { item: 'civilAffairs', unit: '民政办' },
  { item: 'federation', unit: '残联' },
];
const villageOfBazhou: readonly Seat[] = [
  { item: 'civilAffairs', unit: '民政专干' },
  { item: 'federation', unit: '残联专干' },
  { item: 'security', unit: '治保主任' },
  { item: 'gridWorker', unit: '网格员' },
  { item: 'police', unit: '辖区民警' },
  { item: 'medic', unit: '村（社区）医生' },
  { item: 'guardian', unit: '监护人代表' },
];
const villageOfAltay: readonly Seat[] = [
  { item: 'familyCarer', unit: '家属代表' },
  { item: 'coordinator', unit: '社区康复协调员' },
  { item: 'federation', unit: '残联专干' },
  { item: 'civilAffairs', unit: '民政专干' },
  { item: 'medic', unit: '社区医务人员' },
  { item: 'police', unit: '片区民警' },
  { item: 'socialWorker', unit: '社会工作者' },
  { item: 'volunteer', unit: '志愿者' },
];

interface Group {
  readonly kind: BodyKind;
  readonly on: string;
  readonly town: string;
  readonly seats: readonly Seat[];
  readonly village?: string;
  readonly person?: string;
}

const form = (scene: Scene, { kind, on, town, seats, village, person }: Group): void => {
  const about = (id: string) => [
    { kind: 'body' as const, id },
    ...(person === undefined ? [] : [personSubject(person)]),
  ];
  const base = baseOf(scene, on, about);
  const place = { kind, division: town, ...(village && { village }), ...(person && { person }) };
  const body = { ...place, name: nameOfBody(place) };
  scene.drafts.push(bodyOpened.draft({ ...base, body }));
  seats.forEach(({ item, unit }, seat) => {
    const member = { name: nameOf(scene.random, seat % 2 ? 'female' : 'male'), unit, item };
    const joined = {
      ...baseOf(scene, on, () => about(base.id)),
      body: { ...member, duty: seat ? 'member' : 'head' } as const,
    };
    scene.drafts.push(memberJoined.draft(joined));
  });
};

/** Two villages of the place; in the second nobody has taken the last seat yet. */
const formVillages = (scene: Scene, on: string, stories: readonly Story[], seats: readonly Seat[]): void => {
  const villages = new Map(stories.map(({ human: { town, village } }) => [town + village, { town, village }]));
  [...villages.values()].slice(0, 2).forEach((where, second) => {
    form(scene, { ...where, kind: 'villageCare', on, seats: second ? seats.slice(0, -1) : seats });
  });
};

const adopt = (scene: Scene, packs: PackLibrary): void => {
  const pack = packs.packs.get('comprehensive');
  if (!pack) throw new Error('no comprehensive plan');
  const base = baseOf(scene, '2024-10-25', () => documentSubject(pack.id));
  const body = { pack: pack.id, version: pack.version, text: pack.text, areas: [scene.county], fromOn: '2024-11-01' };
  scene.drafts.push(
    packAdopted.draft({ ...base, body: { ...body, reason: '巴州区精神卫生综合管理实施意见（演示）' } }),
  );
};

const visit = (scene: Scene, { person, human }: Story): void => {
  const { random } = scene;
  const on = dayOf(workingDayFrom(positionOf('2024-10-14') + random.int(0, 28)));
  const body = {
    method: 'home' as const,
    participants: [
      `${human.townName}民政办 ${nameOf(random, 'female')}`,
      `${human.townName}卫生院 ${nameOf(random, 'male')}`,
    ],
    ...{ met: ['client' as const], facts: [], aid: [] },
  };
  scene.drafts.push(visitRecorded.draft({ ...baseOf(scene, on, () => [personSubject(person)]), body }));
};

const isAtRisk = ({ risk, lists }: Human): boolean => risk >= 3 && lists.has('health');

/** Most at risk are visited, and a few others; the third team has nobody from the police. */
const tellBazhou = (scene: Scene, packs: PackLibrary, stories: readonly Story[]): void => {
  const towns = sweptTowns();
  const there = stories.filter(
    ({ human, drafts, file }) =>
      towns.includes(human.town) && (drafts[0]?.on ?? '') < '2024-10-14' && !['died', 'moved'].includes(file().stage),
  );
  adopt(scene, packs);
  for (const story of there) if (scene.random.chance(isAtRisk(story.human) ? 0.7 : 0.04)) visit(scene, story);
  there
    .filter(({ human }) => isAtRisk(human))
    .slice(0, 4)
    .forEach(({ person, human: { town } }, place) => {
      const seats = place === 2 ? careTeam.filter(({ item }) => item !== 'publicSecurity') : careTeam;
      form(scene, { kind: 'careTeam', on: '2024-11-05', town, seats, person });
    });
  formVillages(scene, '2024-11-06', there, villageOfBazhou);
};

/** From a source of its own: everything else stays as it was. */
export const tellCare = (packs: PackLibrary, county: string, stories: readonly Story[]): EntryDraft[] => {
  const scene: Scene = { random: createRandom(Number(county) + 2), county, drafts: [] };
  if (county === '511902') tellBazhou(scene, packs, stories);
  if (county === '654301') formVillages(scene, '2024-09-04', stories, villageOfAltay);
  return scene.drafts;
};
