// The network and the people of the places beside Bazhong, from a source of their own, so that Bazhong stays as it is.
import { nameOfDivision } from '../src/network/division.ts';
import type { OrganisationKind } from '../src/network/organisation.ts';
import { instantOf } from './days.ts';
import { type Builder, createBuilder, type House, pinyinOf } from './houses.ts';
import { fatherNameOf, nameOf } from './names.ts';
import { type CountyNetwork, centreTeam, type DemoAccount, hospitalTeam, siteTeam } from './network.ts';
import { type Human, settle } from './people.ts';
import { type Place, places } from './places.ts';
import type { Random } from './random.ts';

const open = (
  builder: Builder,
  division: string,
  kind: OrganisationKind,
  [name, what]: readonly [string, string],
): House =>
  builder.open({
    division,
    kind,
    tier: 'office',
    name,
    openedOn: '2023-01-03',
    user: `${pinyinOf[division] ?? ''}.${what}`,
  });

const openPlace = (builder: Builder, { county, hospital, centre, centreOpenedOn, sites }: Place): CountyNetwork => {
  const name = nameOfDivision(county);
  const user = (what: string): string => `${pinyinOf[county]}.${what}`;
  const hospitalHouse = builder.open({
    division: county,
    kind: 'hospital',
    tier: 'hospital',
    name: hospital,
    openedOn: '2023-01-03',
    user: user('yiyuan'),
    team: hospitalTeam,
    functions: ['assessment', 'referral'],
    capacity: 8,
  });
  const centreHouse = builder.open({
    division: county,
    kind: 'centre',
    tier: 'countyCentre',
    name: centre,
    openedOn: centreOpenedOn,
    user: user('zhongxin'),
    team: centreTeam,
    functions: ['assessment', 'referral', 'training', 'supervision'],
    capacity: 24,
  });
  const siteHouses = sites.map((one, i) =>
    builder.open({
      division: county + one.town,
      kind: 'site',
      tier: 'site',
      name: one.name,
      openedOn: one.openedOn,
      user: user(`zhan${i + 1}`),
      team: siteTeam,
      functions: ['dayCare'],
      capacity: one.capacity,
      parent: centreHouse,
    }),
  );
  return {
    county,
    civilAffairs: open(builder, county, 'civilAffairs', [`${name}民政局`, 'minzheng']),
    health: open(builder, county, 'health', [`${name}卫生健康委员会`, 'weijian']),
    federation: open(builder, county, 'federation', [`${name}残疾人联合会`, 'canlian']),
    hospital: hospitalHouse,
    centre: centreHouse,
    sites: siteHouses,
    serving: [...siteHouses, centreHouse, hospitalHouse],
  };
};

export interface Elsewhere {
  readonly networks: readonly { readonly place: Place; readonly net: CountyNetwork }[];
  readonly accounts: readonly DemoAccount[];
  /** Offices of towns, by town. */
  readonly townOffices: ReadonlyMap<string, House>;
  readonly drafts: Builder['drafts'];
}

export const createElsewhere = (random: Random): Elsewhere => {
  const builder = createBuilder(random);
  const networks = places.map((place) => ({ place, net: openPlace(builder, place) }));
  const haikou = open(builder, '4601', 'civilAffairs', ['海口市民政局', 'minzheng']);
  const prefecture = open(builder, '6543', 'civilAffairs', ['阿勒泰地区民政局', 'minzheng']);
  const town = builder.open({
    division: '460107002',
    kind: 'civilAffairs',
    tier: 'office',
    name: '府城街道民政办',
    openedOn: '2023-01-03',
    user: 'fucheng.minzheng',
  });
  const netOf = (county: string): CountyNetwork => {
    const found = networks.find(({ net }) => net.county === county);
    if (!found) throw new Error(`no place ${county}`);
    return found.net;
  };
  const [haikouSite] = netOf('460107').sites;
  const houses: readonly (readonly [House | undefined, DemoAccount['role']])[] = [
    [haikou, 'civilAffairs'],
    [netOf('460107').civilAffairs, 'civilAffairs'],
    [town, 'civilAffairs'],
    [haikouSite, 'site'],
    [prefecture, 'civilAffairs'],
    [netOf('654301').civilAffairs, 'civilAffairs'],
    [netOf('654321').civilAffairs, 'civilAffairs'],
    [netOf('331124').civilAffairs, 'civilAffairs'],
    [netOf('331124').centre, 'centre'],
  ];
  const accounts = houses.flatMap(([house, role], i): DemoAccount[] =>
    house
      ? [
          {
            id: random.id(instantOf(0, 9 * 60 + i)),
            username: house.user,
            name: nameOf(random, random.chance(0.5) ? 'female' : 'male'),
            role,
            scope: house.division,
            organisation: house.id,
          },
        ]
      : [],
  );
  return { networks, accounts, townOffices: new Map([[town.division, town]]), drafts: builder.drafts };
};

/** Somebody's register is where they came from; in Altay more than half have a name and a father's name. */
const asTheyAre = (random: Random, human: Human): Human => {
  const household = random.chance(0.1) ? random.pick(['511921', '331122', '460105']) : human.household;
  if (!human.county.startsWith('6543') || random.chance(0.4)) return { ...human, household };
  const guardian = human.guardian && { ...human.guardian, name: fatherNameOf(random, 'male') };
  return { ...human, household, name: fatherNameOf(random, human.sex), guardian };
};

/** The people of a place, `share` of as many as the place has in a demo of 3,000. */
export const settlePlace = (
  random: Random,
  { county, people, census }: Place,
  net: CountyNetwork,
  share: number,
): Human[] =>
  settle(random, {
    county,
    count: Math.round(people * share),
    sites: net.sites.map(({ division }) => division),
    shares: { pilot: 0, census },
  }).map((human) => asTheyAre(random, human));
