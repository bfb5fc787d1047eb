// The whole demo from one seed: network, people and all that happened to them, as entries in the order in which they were recorded.
import type { EntryDraft } from '../src/kernel/entry.ts';
import type { PackLibrary } from '../src/policy/library.ts';
import { tellCare } from './care.ts';
import { checkSites } from './checks.ts';
import { instantOf, lastPosition, positionOf, workingDayFrom } from './days.ts';
import { forDesks, layDesks, tellTwice } from './desk.ts';
import { createElsewhere, settlePlace } from './elsewhere.ts';
import { tellSweep } from './exchange.ts';
import { tellCityGovernance, tellGovernance } from './governance.ts';
import type { House } from './houses.ts';
import { register, takeInFromCensus, takeInLater } from './intake.ts';
import { listByCensus, listByHand, type Scene, senders, type Timetable } from './listing.ts';
import { type CountyNetwork, createNetwork, type DemoAccount } from './network.ts';
import { createHumans, type Human } from './people.ts';
import { place } from './placement.ts';
import { createRandom, type Random } from './random.ts';
import { type Filing, planFilings, planTownFilings } from './reports.ts';
import { serve } from './service.ts';
import { holdSessions } from './sessions.ts';
import { createStory, createWorld, type Story, type World } from './story.ts';
import { type Temper, tempers } from './temper.ts';

export interface GenerateOptions {
  readonly packs: PackLibrary;
  readonly seed?: number;
  /** Number of persons over Bazhong city; the other places have about an eighth of it in all. */
  readonly size?: number;
}

export interface DemoCounty {
  readonly county: string;
  /** By the instant of recording. */
  readonly drafts: readonly EntryDraft[];
  /** Reports, which are taken from the entries recorded before them. */
  readonly filings: readonly Filing[];
  readonly humans: readonly Human[];
}

export interface DemoData {
  /** Organisations, their staff, what checks found there, and the city's own bodies, before anything else. */
  readonly network: readonly EntryDraft[];
  readonly counties: readonly DemoCounty[];
  readonly accounts: readonly DemoAccount[];
}

const byRecording = (a: EntryDraft, b: EntryDraft): number => {
  const [x, y] = [a.recorded?.at ?? '', b.recorded?.at ?? ''];
  return x < y ? -1 : x > y ? 1 : a.id < b.id ? -1 : 1;
};

/** The days of Bazhong (BZ-06: the census at the end of 2023). */
const bazhongDays: Timetable = {
  lists: { federation: '2023-12-05', health: '2023-12-12', civil: '2023-12-19' },
  screened: '2024-01-08',
  later: '2024-03-04',
  service: '2023-01-12',
};

const listsOf = (random: Random, { lists }: Timetable, order: number): Scene['lists'] => {
  const list = (day: string) => {
    const at = workingDayFrom(positionOf(day) + order);
    return { id: random.id(instantOf(at, 600)), at };
  };
  return { federation: list(lists.federation), health: list(lists.health), civil: list(lists.civil) };
};

const houseOf = (net: CountyNetwork, id: string | null): House => {
  const found = net.serving.find((house) => house.id === id);
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
  goOn(scene, story, register(scene, story, listedAt, { after: [2, 25] }));
  listByCensus(scene, story, row);
  return story;
};

const tellCensus = (scene: Scene, human: Human, row: number): Story => {
  const first = senders.find((sender) => human.lists.has(sender)) ?? 'civil';
  const story = createStory(scene.world, human, scene.lists[first].at);
  listByCensus(scene, story, row);
  const town = Number(human.town.slice(-3)) % 12;
  goOn(scene, story, takeInFromCensus(scene, story, workingDayFrom(positionOf(scene.timetable.screened) + town)));
  return story;
};

const tellLater = (scene: Scene, human: Human): Story => {
  const { random } = scene.world;
  const from = positionOf(scene.timetable.later);
  // More of them towards the end, so that every desk has something to do.
  const listedAt = workingDayFrom(from + Math.floor(Math.sqrt(random.next()) * (lastPosition - 1 - from)));
  const story = createStory(scene.world, human, Math.min(listedAt, lastPosition));
  goOn(scene, story, takeInLater(scene, story, Math.min(listedAt, lastPosition)));
  return story;
};

interface CountyWays {
  readonly temper: Temper;
  readonly timetable: Timetable;
  /** Days by which its lists come later than the timetable says. */
  readonly order: number;
}

const tellCounty = (
  world: World,
  net: CountyNetwork,
  humans: readonly Human[],
  { temper, timetable, order }: CountyWays,
): EntryDraft[] => {
  const { random } = world;
  const scene: Scene = { world, net, temper, timetable, load: new Map(), lists: listsOf(random, timetable, order) };
  const of = (wave: Human['wave']) => humans.filter((human) => human.wave === wave);
  const later = of('later');
  const ready = forDesks(scene, later);
  const stories = [
    ...of('pilot').map((human, i) => tellPilot(scene, human, i + 4)),
    ...of('census').map((human, i) => tellCensus(scene, human, i + 4)),
    ...later.filter((human) => !ready.includes(human)).map((human) => tellLater(scene, human)),
    ...layDesks(scene, ready),
  ];
  const twice = stories
    .filter(({ human }) => human.wave === 'census' && random.chance(0.02))
    .map((story) => tellTwice(scene, story));
  const sessions = net.serving.flatMap((house) =>
    holdSessions(
      {
        random,
        county: net.county,
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
    .concat(sessions, tellGovernance(net), net.county === '511902' ? tellSweep() : [])
    .concat(tellCare(world.packs, net.county, stories))
    .sort(byRecording);
};

const temperOf = (county: string): Temper => {
  const temper = tempers[county];
  if (!temper) throw new Error(`no temper for ${county}`);
  return temper;
};

/** Qiongshan, Altay and Songyang. */
const tellElsewhere = (packs: PackLibrary, seed: number, share: number) => {
  const random = createRandom(seed);
  const { networks, drafts, accounts, townOffices } = createElsewhere(random);
  const world = createWorld(random, packs);
  const counties = networks.map(({ place, net }): DemoCounty => {
    const humans = settlePlace(random, place, net, share);
    return {
      county: net.county,
      drafts: tellCounty(world, net, humans, { ...place, order: 0 }),
      filings: [
        ...planFilings(createRandom(Number(net.county) + 1), net),
        ...planTownFilings(packs, net.county, townOffices),
      ],
      humans,
    };
  });
  return { counties, drafts, accounts };
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
  const counties = [...network.counties.values()].map((net, order): DemoCounty => {
    const own = humans.get(net.county) ?? [];
    const drafts = tellCounty(world, net, own, { temper: temperOf(net.county), timetable: bazhongDays, order });
    return { county: net.county, drafts, filings: planFilings(random, net), humans: own };
  });
  const elsewhere = tellElsewhere(packs, seed + 1, size / 3000);
  const checks = checkSites(packs, network.counties.values());
  return {
    network: [...network.drafts, ...checks, ...tellCityGovernance(), ...elsewhere.drafts].sort(byRecording),
    counties: [...counties, ...elsewhere.counties],
    accounts: [...network.accounts, ...elsewhere.accounts],
  };
};
