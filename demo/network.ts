// The network of the demo: offices, hospitals, centres and sites of the city, and the accounts of the switcher.
import type { Role } from '../src/kernel/access.ts';
import type { EntryDraft } from '../src/kernel/entry.ts';
import { listCounties, listTowns, nameOfDivision } from '../src/network/division.ts';
import type { Discipline, OrganisationKind } from '../src/network/organisation.ts';
import { dayOf, instantOf } from './days.ts';
import { type Builder, city, createBuilder, type House, pinyinOf } from './houses.ts';
import { nameOf } from './names.ts';
import { createRandom, type Random } from './random.ts';

export interface CountyNetwork {
  readonly county: string;
  readonly civilAffairs: House;
  readonly health: House;
  readonly federation: House;
  readonly hospital: House;
  readonly centre: House;
  readonly sites: readonly House[];
  /** Who serves people of the county: sites, hospital, centre, and for the seat of the city the city's centre. */
  readonly serving: readonly House[];
}

export interface DemoAccount {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly role: Exclude<Role, 'machine' | 'public' | 'guardian'>;
  readonly scope: string;
  readonly organisation: string;
}

export interface Network {
  readonly counties: ReadonlyMap<string, CountyNetwork>;
  readonly accounts: readonly DemoAccount[];
  readonly drafts: readonly EntryDraft[];
}

/** Towns with a site, in the order in which their sites open; the towns of the rest have none. */
const siteTowns: Readonly<Record<string, readonly string[]>> = {
  '511902': '001 002 004 104 101 006 105 107 123 003 122'.split(' '),
  '511903': '001 002 102 106 101 100 107'.split(' '),
  '511921': '100 001 103 110 112 107'.split(' '),
  '511922': '001 103 104 101 114 108 106'.split(' '),
  '511923': '001 002 108 104 111 101 114 110 115 118'.split(' '),
};
/** Names that say nothing of illness. */
const siteNames = '心晴 同行 暖阳 启航 友邻 春晖 向阳 和美 安心 新芽 互助 康宁 晨曦'.split(' ');

export const siteTeam: readonly Discipline[] = ['socialWorker', 'therapist', 'other'];
export const hospitalTeam: readonly Discipline[] = [
  'psychiatrist',
  'psychiatrist',
  'nurse',
  'nurse',
  'therapist',
  'socialWorker',
  'psychologist',
];
export const centreTeam: readonly Discipline[] = [
  'manager',
  'socialWorker',
  'socialWorker',
  'therapist',
  'psychologist',
  'nurse',
];
const openSites = (builder: Builder, random: Random, county: string, parent: House): House[] => {
  const codes = siteTowns[county] ?? [];
  const towns = listTowns(county);
  return codes.map((code, i) => {
    const town = towns.find((one) => one.code === county + code);
    if (!town) throw new Error(`no town ${county}${code}`);
    // The first two are pilots of early 2023; one opens about every two months after that.
    const openedOn = dayOf(i < 2 ? 10 + i * 7 : Math.min(60 + (i - 2) * 62 + random.int(0, 20), 640));
    return builder.open({
      division: town.code,
      kind: 'site',
      tier: 'site',
      name: `${town.name}${siteNames[i % siteNames.length]}康复站`,
      openedOn,
      user: `${pinyinOf[county]}.zhan${i + 1}`,
      team: i < 3 ? [...siteTeam, 'socialWorker'] : siteTeam,
      functions: random.chance(0.5) ? ['dayCare', 'homeSupport'] : ['dayCare'],
      capacity: i < 2 ? 44 : random.pick([24, 28, 30, 36]),
      parent,
    });
  });
};

const openCounty = (builder: Builder, random: Random, county: string, cityCentre: House): CountyNetwork => {
  const name = nameOfDivision(county);
  const user = (what: string): string => `${pinyinOf[county]}.${what}`;
  const office = (kind: OrganisationKind, title: string, what: string): House =>
    builder.open({
      division: county,
      kind,
      tier: 'office',
      name: name + title,
      openedOn: '2023-01-03',
      user: user(what),
    });
  const hospital = builder.open({
    division: county,
    kind: 'hospital',
    // Tongjiang has not named its comprehensive institution: the network page shows the gap.
    tier: county === '511921' ? 'hospital' : 'comprehensive',
    name: `${name}第二人民医院`,
    openedOn: '2023-01-03',
    user: user('yiyuan'),
    team: hospitalTeam,
    functions: [
      'assessment',
      'referral',
      'training',
      'supervision',
      ...(county === '511922' ? [] : (['demonstration'] as const)),
      'medical',
      'rehabilitation',
      'psychiatricClinic',
      // Two counties have not brought social work into their hospital (BZ-17).
      ...(county === '511921' || county === '511923' ? [] : (['socialWork'] as const)),
    ],
    capacity: 60,
  });
  const centre = builder.open({
    division: county,
    kind: 'centre',
    tier: 'countyCentre',
    name: `${name}社区康复指导分中心`,
    openedOn: '2023-01-04',
    user: user('zhongxin'),
    team: centreTeam,
    functions: ['assessment', 'referral', 'supervision'],
    capacity: 40,
    parent: cityCentre,
  });
  const sites = openSites(builder, random, county, centre);
  return {
    county,
    civilAffairs: office('civilAffairs', '民政局', 'minzheng'),
    health: office('health', '卫生健康局', 'weijian'),
    federation: office('federation', '残疾人联合会', 'canlian'),
    hospital,
    centre,
    sites,
    serving: [...sites, hospital, centre, ...(county === '511902' ? [cityCentre] : [])],
  };
};

const countyAccounts = (random: Random, net: CountyNetwork, whole: boolean): DemoAccount[] => {
  const at = instantOf(0, 8 * 60);
  const account = (house: House, role: DemoAccount['role'], scope = house.division): DemoAccount => ({
    id: random.id(at),
    username: house.user,
    name: nameOf(random, random.chance(0.5) ? 'female' : 'male'),
    role,
    scope,
    organisation: house.id,
  });
  const clerk = account(net.civilAffairs, 'civilAffairs');
  if (!whole) return [clerk];
  const [first, second] = net.sites;
  if (!first || !second) throw new Error(`${net.county} has no two sites`);
  return [
    clerk,
    account(net.health, 'health'),
    account(net.federation, 'federation'),
    account(net.hospital, 'hospital'),
    account(net.centre, 'centre'),
    account(first, 'site'),
    account(second, 'site'),
  ];
};

/** Offices of the city, one town and one village, for which there are accounts. */
const openOthers = (builder: Builder) => {
  const office = (division: string, kind: OrganisationKind, name: string, user: string): House =>
    builder.open({ division, kind, tier: 'office', name, openedOn: '2023-01-03', user });
  return {
    city: office(city, 'civilAffairs', '巴中市民政局', 'shi.minzheng'),
    town: office('511902001', 'civilAffairs', '东城街道民政办', 'dongcheng.minzheng'),
    village: office('511902001', 'village', '东城街道石桥社区', 'shiqiao.shequ'),
  };
};

export const createNetwork = (random: Random): Network => {
  const builder = createBuilder(random);
  const others = openOthers(builder);
  const cityCentre = builder.open({
    division: city,
    kind: 'centre',
    tier: 'cityCentre',
    name: '巴中市社区康复指导中心',
    openedOn: '2023-01-03',
    user: 'shi.zhongxin',
    team: centreTeam,
    functions: ['assessment', 'referral', 'training', 'supervision', 'demonstration'],
    capacity: 60,
  });
  const counties = new Map(
    listCounties(city).map(({ code }) => [code, openCounty(builder, random, code, cityCentre)] as const),
  );
  const at = instantOf(0, 8 * 60);
  const accountFrom =
    (source: Random) =>
    (house: House, role: DemoAccount['role'], sex: 'male' | 'female'): DemoAccount => ({
      id: source.id(at),
      username: house.user,
      name: nameOf(source, sex),
      role,
      scope: house.division,
      organisation: house.id,
    });
  const account = accountFrom(random);
  // From a source of their own: who joined the demo later leaves everybody else as they were.
  const later = createRandom(20_241_122);
  const laterBuilder = createBuilder(later);
  const police = laterBuilder.open({
    division: '511902',
    kind: 'publicSecurity',
    tier: 'office',
    name: '巴州区公安分局',
    openedOn: '2023-01-03',
    user: 'bazhou.gongan',
  });
  const finance = laterBuilder.open({
    division: '511902',
    kind: 'finance',
    tier: 'office',
    name: '巴州区财政局',
    openedOn: '2023-01-03',
    user: 'bazhou.caizheng',
  });
  const cityHealth = laterBuilder.open({
    division: city,
    kind: 'health',
    tier: 'office',
    name: '巴中市卫生健康委员会',
    openedOn: '2023-01-03',
    user: 'shi.weijian',
  });
  const laterAccount = accountFrom(later);
  const accounts = [
    account(others.city, 'civilAffairs', 'male'),
    account(cityCentre, 'centre', 'female'),
    ...[...counties.values()].flatMap((net) => countyAccounts(random, net, net.county === '511902')),
    account(others.town, 'civilAffairs', 'female'),
    account(others.village, 'village', 'male'),
    { ...account(others.city, 'systemAdmin', 'male'), username: 'xitong.guanli' },
    { ...account(others.city, 'auditAdmin', 'female'), username: 'shenji.guanli' },
    { ...laterAccount(others.city, 'securityAdmin', 'male'), username: 'anquan.guanli' },
    laterAccount(police, 'publicSecurity', 'male'),
    laterAccount(finance, 'finance', 'female'),
    laterAccount(cityHealth, 'health', 'female'),
  ];
  // The switcher shows accounts in the order of their ids.
  const ids = createRandom(accounts.length);
  const inOrder = accounts.map((one, i) => ({ ...one, id: ids.id(instantOf(0, 8 * 60 + i)) }));
  return { counties, accounts: inOrder, drafts: [...builder.drafts, ...laterBuilder.drafts] };
};
