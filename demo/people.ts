// Who lives in the demo: each human once, as they are, and on which departments' lists they stand.
import { addDays } from '../src/kernel/calendar.ts';
import { listCounties, listTowns } from '../src/network/division.ts';
import type { Guardian } from '../src/person/person.ts';
import { city } from './houses.ts';
import { givenNameOf, idNumberOf, nameOf, phoneOf, type Sex, surnameOf, villageOf } from './names.ts';
import type { Random } from './random.ts';

/** How a human came to be known: in the pilot of 2023, by the census at its end, or in the course of 2024. */
export type Wave = 'pilot' | 'census' | 'later';
export type Sender = 'federation' | 'health' | 'civil';

export interface Human {
  readonly county: string;
  /** Division of the household register; the town where they live as a rule. */
  readonly household: string;
  readonly wave: Wave;
  readonly name: string;
  readonly sex: Sex;
  readonly birthDate: string;
  readonly idNumber: string;
  readonly town: string;
  readonly townName: string;
  readonly village: string;
  readonly phone: string | null;
  readonly guardian: Guardian | null;
  readonly diagnosis: { readonly code: string; readonly name: string; readonly on: string; readonly severe: boolean };
  readonly certificate: { readonly number: string; readonly category: number; readonly grade: number } | null;
  readonly risk: number;
  readonly stability: 'stable' | 'basicallyStable' | 'unstable';
  readonly livesAt: 'home' | 'hospital' | 'institution' | 'elsewhere';
  readonly aid: string | null;
  readonly lists: ReadonlySet<Sender>;
  /** 0 hardly ill … 1 heavily: scales and progress follow it. */
  readonly severity: number;
  /** Share of sessions attended. */
  readonly faith: number;
  readonly willing: boolean;
}

const shares: Readonly<Record<string, number>> = {
  '511902': 0.26,
  '511903': 0.14,
  '511921': 0.2,
  '511922': 0.18,
  '511923': 0.22,
};

const disorders = [
  ['F20', '精神分裂症', true, 0.58],
  ['F31', '双相情感障碍', true, 0.11],
  ['F25', '分裂情感性障碍', true, 0.04],
  ['F22', '偏执性精神病', true, 0.02],
  ['F06.8', '癫痫所致精神障碍', true, 0.05],
  ['F79.1', '精神发育迟滞伴发精神障碍', true, 0.11],
  ['F32', '抑郁障碍', false, 0.06],
  ['F84.0', '孤独症', false, 0.03],
] as const;

const birthDateOf = (random: Random, code: string): string => {
  const age = code === 'F84.0' ? random.int(7, 24) : 17 + Math.floor((random.next() + random.next()) * 31);
  return addDays('2023-12-31', -Math.floor((age + random.next()) * 365.25));
};

const guardianOf = (random: Random, name: string, age: number): Guardian | null => {
  if (random.chance(0.08)) return null;
  const relation = random.weighted([
    ['父亲', age < 45 ? 30 : 4],
    ['母亲', age < 45 ? 28 : 4],
    ['配偶', age > 25 ? 30 : 0],
    ['子女', age > 48 ? 30 : 0],
    ['兄弟姐妹', 18],
  ]);
  const shared = relation === '父亲' || relation === '子女' || relation === '兄弟姐妹';
  const sex: Sex = relation === '母亲' || (!shared && random.chance(0.5)) ? 'female' : 'male';
  const surname = shared ? (name[0] ?? '') : surnameOf(random);
  return {
    name: surname + givenNameOf(random, sex),
    relation,
    ...(random.chance(0.8) ? { phone: phoneOf(random) } : {}),
  };
};

const illnessOf = (random: Random) => {
  const [code, diagnosis, severe] =
    disorders[random.weighted(disorders.map(([, , , weight], i) => [i, weight] as const))] ?? disorders[0];
  const risk = random.weighted([
    [0, 62],
    [1, 21],
    [2, 10],
    [3, 5],
    [4, 1.6],
    [5, 0.4],
  ]);
  const stability: Human['stability'] =
    risk >= 3
      ? 'unstable'
      : risk >= 1
        ? 'basicallyStable'
        : random.weighted([
            ['stable', 8],
            ['basicallyStable', 2],
          ]);
  return { code, diagnosis, severe, risk, stability };
};

const listsOf = (random: Random, wave: Wave, severe: boolean, hasCertificate: boolean, poor: boolean): Set<Sender> => {
  const lists = new Set<Sender>();
  if (wave === 'later') return lists;
  if (hasCertificate && random.chance(0.96)) lists.add('federation');
  if (severe && random.chance(0.86)) lists.add('health');
  if (poor && random.chance(0.8)) lists.add('civil');
  if (!lists.size) lists.add(severe ? 'health' : 'civil');
  return lists;
};

interface Place {
  readonly county: string;
  readonly town: { readonly code: string; readonly name: string };
}

const createHuman = (random: Random, { county, town }: Place, wave: Wave): Human => {
  const sex: Sex = random.chance(0.52) ? 'male' : 'female';
  const name = nameOf(random, sex);
  const { code, diagnosis, severe, risk, stability } = illnessOf(random);
  const birthDate = birthDateOf(random, code);
  const age = 2024 - Number(birthDate.slice(0, 4));
  const idNumber = idNumberOf(county, birthDate, sex, random);
  const grade = random.weighted([
    [1, 7],
    [2, 46],
    [3, 36],
    [4, 11],
  ]);
  const category = random.chance(0.9) ? 6 : 7;
  const certified = random.chance(0.62);
  const aid = random.weighted([
    ['', 46],
    ['低保', 38],
    ['特困供养', 6],
    ['低保、残疾人两项补贴', 10],
  ]);
  const onset = Math.min(age - 4, random.int(14, 45));
  return {
    county,
    household: town.code,
    wave,
    name,
    sex,
    birthDate,
    idNumber,
    town: town.code,
    townName: town.name,
    village: villageOf(random, town.name),
    phone: random.chance(0.7) ? phoneOf(random) : null,
    guardian: guardianOf(random, name, age),
    diagnosis: {
      code,
      name: diagnosis,
      severe,
      on: addDays(`${Math.min(2022, 2024 - age + Math.max(3, onset))}-01-01`, random.int(0, 360)),
    },
    certificate: certified ? { number: `${idNumber}${category}${grade}`, category, grade } : null,
    risk: wave === 'pilot' ? Math.min(risk, 1) : risk,
    stability: wave === 'pilot' && stability === 'unstable' ? 'basicallyStable' : stability,
    livesAt:
      wave === 'census'
        ? random.weighted([
            ['home', 84],
            ['hospital', 8],
            ['institution', 4],
            ['elsewhere', 4],
          ])
        : 'home',
    aid: aid === '' ? null : aid,
    lists: listsOf(random, wave, severe, certified, aid !== ''),
    severity: Math.min(1, 0.15 + random.next() * 0.6 + (grade <= 2 ? 0.15 : 0)),
    faith: random.weighted([
      [0.95, 40],
      [0.82, 35],
      [0.6, 18],
      [0.3, 7],
    ]),
    willing: random.chance(wave === 'census' ? 0.84 : 0.98),
  };
};

/** The first towns of a county are the largest. */
const townsOf = (county: string, served: ReadonlySet<string>) =>
  listTowns(county).map((town, i) => [town, (1 / (i + 6)) * (served.has(town.code) ? 1.6 : 1)] as const);

export interface Settlement {
  readonly county: string;
  readonly count: number;
  /** Towns of the sites, in the order in which they open. */
  readonly sites: readonly string[];
  /** Up to which share of them were in a pilot, and came with the census; the rest come later. */
  readonly shares: { readonly pilot: number; readonly census: number };
}

/** Pilots live where a site was first. */
export const settle = (random: Random, { county, count, sites, shares: { pilot, census } }: Settlement): Human[] => {
  const towns = townsOf(county, new Set(sites));
  const byWeight = towns.map(([, weight], i) => [i, weight] as const);
  return Array.from({ length: count }, (_, i): Human => {
    const wave: Wave = i < count * pilot ? 'pilot' : i < count * census ? 'census' : 'later';
    const near = wave === 'pilot' ? towns.filter(([town]) => sites.slice(0, 5).includes(town.code)) : [];
    const town = near.length ? random.pick(near)[0] : towns[random.weighted(byWeight)]?.[0];
    if (!town) throw new Error(`no town in ${county}`);
    return createHuman(random, { county, town }, wave);
  });
};

/** `size` humans over Bazhong city. */
export const createHumans = (
  random: Random,
  size: number,
  sitesOf: (county: string) => readonly string[],
): Map<string, Human[]> => {
  const humans = new Map<string, Human[]>();
  for (const { code: county } of listCounties(city)) {
    const count = Math.round(size * (shares[county] ?? 0));
    humans.set(
      county,
      settle(random, { county, count, sites: sitesOf(county), shares: { pilot: 0.19, census: 0.94 } }),
    );
  }
  return humans;
};
