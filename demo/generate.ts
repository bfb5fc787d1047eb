// The whole demo from one seed: network, people and all that happened to them, as entries in the order in which they were recorded.
import type { EntryDraft } from '../src/kernel/entry.ts';
import { personLinked, personListed } from '../src/person/person.ts';
import type { PackLibrary } from '../src/policy/library.ts';
import { instantOf, lastPosition, positionOf, workingDayFrom } from './days.ts';
import {
  identityOf,
  listByCensus,
  listByHand,
  recommend,
  register,
  type Scene,
  senders,
  takeInFromCensus,
  takeInLater,
  writerOf,
} from './intake.ts';
import { type CountyNetwork, createNetwork, type DemoAccount, type House } from './network.ts';
import { createHumans, type Human } from './people.ts';
import { leaveInInbox, place } from './placement.ts';
import { createRandom, type Random } from './random.ts';
import { serve } from './service.ts';
import { holdSessions } from './sessions.ts';
import { createStory, createWorld, type Story, type World } from './story.ts';
import { tempers } from './temper.ts';

export interface GenerateOptions {
  readonly packs: PackLibrary;
  readonly seed?: number;
  /** Number of persons over the whole city. */
  readonly size?: number;
}

export interface DemoData {
  /** Organisations and staff, before anything else. */
  readonly network: readonly EntryDraft[];
  /** Each county's entries by the instant of recording. */
  readonly counties: ReadonlyMap<string, readonly EntryDraft[]>;
  readonly accounts: readonly DemoAccount[];
  readonly humans: ReadonlyMap<string, readonly Human[]>;
}

const byRecording = (a: EntryDraft, b: EntryDraft): number => {
  const [x, y] = [a.recorded?.at ?? '', b.recorded?.at ?? ''];
  return x < y ? -1 : x > y ? 1 : a.id < b.id ? -1 : 1;
};

const listsOf = (random: Random, order: number): Scene['lists'] => {
  const list = (day: string) => {
    const at = workingDayFrom(positionOf(day) + order);
    return { id: random.id(instantOf(at, 600)), at };
  };
  return { federation: list('2023-12-05'), health: list('2023-12-12'), civil: list('2023-12-19') };
};

const houseOf = (net: CountyNetwork, id: string | null): House => {
  const found = [...net.sites, net.hospital, net.centre].find((house) => house.id === id);
  if (!found) throw new Error(`no house ${id}`);
  return found;
};

/** From registration on. */
const goOn = (scene: Scene, story: Story, registered: number | false): void => {
  if (registered === false) return;
  const accepted = place(scene, story, registered);
  if (accepted !== false) serve(scene, story, accepted, houseOf(scene.net, story.file().site));
};

const tellPilot = (scene: Scene, human: Human, row: number): Story => {
  const { random } = scene.world;
  const listedAt = workingDayFrom(random.int(6, 225));
  const story = createStory(scene.world, human, listedAt);
  listByHand(scene, story, listedAt);
  goOn(scene, story, register(scene, story, listedAt, [2, 25]));
  listByCensus(scene, story, row);
  return story;
};

const tellCensus = (scene: Scene, human: Human, row: number): Story => {
  const first = senders.find((sender) => human.lists.has(sender)) ?? 'civil';
  const story = createStory(scene.world, human, scene.lists[first].at);
  listByCensus(scene, story, row);
  const town = Number(human.town.slice(-3)) % 12;
  goOn(scene, story, takeInFromCensus(scene, story, workingDayFrom(positionOf('2024-01-08') + town)));
  return story;
};

const tellLater = (scene: Scene, human: Human): Story => {
  const { random } = scene.world;
  const from = positionOf('2024-03-04');
  // More of them towards the end, so that every desk has something to do.
  const listedAt = workingDayFrom(from + Math.floor(Math.sqrt(random.next()) * (lastPosition - 1 - from)));
  const story = createStory(scene.world, human, Math.min(listedAt, lastPosition));
  goOn(scene, story, takeInLater(scene, story, Math.min(listedAt, lastPosition)));
  return story;
};

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

/** A second record of somebody: from another list, without a number, the name heard wrong. Some are linked later, some still wait. */
const tellTwice = (scene: Scene, story: Story): Story => {
  const { world, net, lists } = scene;
  const { random } = world;
  const { human } = story;
  const at = lists.civil.at;
  const other = createStory(world, human, at);
  const { idNumber: _, idKind: __, ...identity } = identityOf(human);
  const name = [...human.name].map((letter, i) => (i > 0 ? (soundAlike[letter] ?? letter) : letter)).join('');
  other.record(personListed, {
    at,
    by: writerOf(net.civilAffairs),
    body: { identity: { ...identity, name }, facts: [], list: lists.civil.id, row: 900 },
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

/** Some wait in the inboxes of the houses that have an account, and more than one group fills the first site. */
const fillInboxes = (scene: Scene, humans: readonly Human[]): Story[] => {
  const { net, world } = scene;
  const [first, second] = net.sites;
  const houses = [first, first, first, second, second, net.hospital, net.hospital, net.centre, net.centre].filter(
    (one) => one !== undefined,
  );
  return houses.flatMap((house, i) => {
    const human = humans[i];
    if (!human) return [];
    const listedAt = workingDayFrom(positionOf('2024-10-08') + i);
    const story = createStory(world, human, listedAt);
    listByHand(scene, story, listedAt);
    recommend(scene, story, listedAt + 1);
    const registered = register(scene, story, workingDayFrom(listedAt + 2), [1, 3]);
    if (registered !== false)
      leaveInInbox(scene, story, workingDayFrom(positionOf(i === 0 ? '2024-11-04' : '2024-11-08') + (i % 4)), house);
    return [story];
  });
};

const tellCounty = (world: World, net: CountyNetwork, humans: readonly Human[], order: number): EntryDraft[] => {
  const { random } = world;
  const temper = tempers[net.county];
  if (!temper) throw new Error(`no temper for ${net.county}`);
  const scene: Scene = { world, net, temper, load: new Map(), lists: listsOf(random, order) };
  const of = (wave: Human['wave']) => humans.filter((human) => human.wave === wave);
  const later = of('later');
  const ready = later.filter((human) => human.willing && human.risk <= 1).slice(0, 9);
  const stories = [
    ...of('pilot').map((human, i) => tellPilot(scene, human, i + 4)),
    ...of('census').map((human, i) => tellCensus(scene, human, i + 4)),
    ...later.filter((human) => !ready.includes(human)).map((human) => tellLater(scene, human)),
    ...fillInboxes(scene, ready),
  ];
  const twice = stories
    .filter(({ human }) => human.wave === 'census' && random.chance(0.02))
    .map((story) => tellTwice(scene, story));
  const sessions = [...net.sites, net.hospital, net.centre].flatMap((house) =>
    holdSessions(
      {
        random,
        temper,
        house,
        idle: temper.idleInOctober.includes(net.sites.indexOf(house)),
        lateInJune: net.county === '511903' && house === net.sites[0],
      },
      stories.filter(({ spans }) => spans.some(({ site }) => site === house.id)),
    ),
  );
  return [...stories, ...twice]
    .flatMap(({ drafts }) => drafts)
    .concat(sessions)
    .sort(byRecording);
};

/** Pure: the same options give the same entries, ids included. */
export const generateDemo = ({ packs, seed = 20241114, size = 3000 }: GenerateOptions): DemoData => {
  const random = createRandom(seed);
  const network = createNetwork(random);
  const humans = createHumans(
    random,
    size,
    (county) => network.counties.get(county)?.sites.map(({ division }) => division) ?? [],
  );
  const world = createWorld(random, packs);
  const counties = new Map(
    [...network.counties.values()].map(
      (net, order) => [net.county, tellCounty(world, net, humans.get(net.county) ?? [], order)] as const,
    ),
  );
  return { network: [...network.drafts].sort(byRecording), counties, accounts: network.accounts, humans };
};
