// What waits on the desks on the demo's first morning, and records that turn out to be the same human.
import { personLinked, personListed } from '../src/person/person.ts';
import { positionOf, workingDayFrom } from './days.ts';
import type { House } from './houses.ts';
import { apply, isVisitedFirst, recommend, register, visit } from './intake.ts';
import { identityOf, listByHand, type Scene, writerOf } from './listing.ts';
import type { Human } from './people.ts';
import { leaveInInbox } from './placement.ts';
import { createStory, type Story } from './story.ts';

const soundAlike: Readonly<Record<string, string>> = {
  志: '智',
  芳: '方',
  华: '花',
  英: '瑛',
  明: '鸣',
  国: '帼',
  兰: '蓝',
  梅: '玫',
  强: '蔷',
  平: '萍',
  红: '虹',
  玉: '育',
};

/** A name as it is heard: another character of the same sound, where there is a usual one. */
export const soundsLike = (name: string): string =>
  [...name].map((letter, i) => (i > 0 ? (soundAlike[letter] ?? letter) : letter)).join('');

/** A second record of somebody: from another list, without a number, the name heard wrong. Some are linked later, some still wait. */
export const tellTwice = (scene: Scene, story: Story): Story => {
  const { world, net, lists } = scene;
  const { random } = world;
  const { human } = story;
  const at = lists.civil.at;
  const other = createStory(world, human, at);
  const { idNumber: _, idKind: __, ...identity } = identityOf(human);
  other.record(personListed, {
    at,
    by: writerOf(net.civilAffairs),
    body: { identity: { ...identity, name: soundsLike(human.name) }, facts: [], list: lists.civil.id, row: 900 },
  });
  const linkAt = workingDayFrom(at + random.int(10, 200));
  if (random.chance(0.6))
    story.record(personLinked, {
      at: linkAt,
      by: writerOf(net.civilAffairs),
      others: [other.person],
      aside: true,
      body: {
        person: story.person,
        other: other.person,
        reason: '姓名读音、出生日期、住址相同，经村社区核实为同一人',
        score: 0.86,
      },
    });
  return other;
};

/** How far somebody has come on the last day, and since when it waits. */
interface Desk {
  readonly stage: 'applied' | 'registered' | 'referred';
  readonly since: string;
  readonly house?: House | undefined;
}

/** The last days' work: most in time, some overdue. The county with accounts for every role has more of it. */
const desksOf = ({ net }: Scene): Desk[] => {
  const [first, second] = net.sites;
  const applied = (since: string): Desk => ({ stage: 'applied', since });
  const registered = (since: string): Desk => ({ stage: 'registered', since });
  const referred = (since: string, house: House | undefined): Desk => ({ stage: 'referred', since, house });
  const everywhere = [
    applied('2024-11-12'),
    applied('2024-11-08'),
    applied('2024-11-01'),
    registered('2024-11-08'),
    registered('2024-10-30'),
    referred('2024-11-11', first),
  ];
  if (net.county !== '511902') return everywhere;
  return [
    ...everywhere,
    referred('2024-11-12', first),
    referred('2024-11-01', first),
    referred('2024-11-12', second),
    referred('2024-11-06', second),
    referred('2024-11-12', net.hospital),
    referred('2024-11-04', net.hospital),
    referred('2024-11-11', net.centre),
    referred('2024-11-12', net.centre),
    referred('2024-11-11', net.serving.at(-1)),
    referred('2024-11-05', net.serving.at(-1)),
    applied('2024-11-13'),
    applied('2024-11-13'),
    applied('2024-11-11'),
    applied('2024-10-31'),
    registered('2024-11-12'),
    registered('2024-11-06'),
  ];
};

const layOn = (scene: Scene, human: Human, { stage, since, house }: Desk): Story => {
  const at = positionOf(since);
  const known = at - (stage === 'applied' ? 12 : 25);
  const story = createStory(scene.world, human, known);
  listByHand(scene, story, known);
  if (isVisitedFirst(scene, known)) visit(scene, story, workingDayFrom(known + 1));
  recommend(scene, story, workingDayFrom(known + 1));
  if (stage === 'applied') apply(scene, story, at);
  else if (stage === 'registered') register(scene, story, at - 8, { after: [0, 0], decided: [8, 8] });
  else if (register(scene, story, at - 9, { after: [0, 0], decided: [5, 6] }) !== false && house)
    leaveInInbox(scene, story, at, house);
  return story;
};

/** Takes from `humans` whom it lays on desks; answers with their stories. */
export const layDesks = (scene: Scene, humans: readonly Human[]): Story[] =>
  desksOf(scene).flatMap((desk, i) => {
    const human = humans[i];
    return human ? [layOn(scene, human, desk)] : [];
  });

/** People for the desks: willing, and not a danger; those of the first town first. */
export const forDesks = (scene: Scene, humans: readonly Human[]): Human[] => {
  const first = scene.net.sites[0]?.division;
  const fit = humans.filter(({ willing, risk }) => willing && risk <= scene.temper.riskSent);
  const near = fit.filter(({ town }) => town === first);
  return [...near, ...fit.filter((human) => !near.includes(human))].slice(0, desksOf(scene).length);
};
