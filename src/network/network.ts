// The tiered network of a place and what it lacks against the pack's standards (BZ-03).
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { findRule, type PackRef, type ResolvedRules } from '../policy/resolve.ts';
import { listGaps } from '../policy/standard.ts';
import { Organisation, type Tier } from './organisation.ts';

export const NetworkGap = z.object({
  text: z.string(),
  clause: z.array(z.string()),
  /** The last day of the document that asks for it, where that is over. */
  endedOn: Day.optional(),
  /** Advised, not asked. */
  hint: z.literal(true).optional(),
});
export type NetworkGap = z.infer<typeof NetworkGap>;

export const NetworkNode = z.object({
  division: z.string(),
  name: z.string(),
  organisations: z.array(Organisation),
  gaps: z.array(NetworkGap),
});
export type NetworkNode = z.infer<typeof NetworkNode>;

export const CountyNode = NetworkNode.extend({
  towns: z.int(),
  /** Towns with a site of their own. */
  townsWithSite: z.int(),
});

/** What a gap says of the document behind it. */
export const lapsedOf = ({ endedOn }: PackRef): Pick<NetworkGap, 'endedOn'> =>
  endedOn === undefined ? {} : { endedOn };

type Member = Pick<Organisation, 'tier' | 'functions' | 'closedOn'>;

/** Tiers that each level answers for. */
const tiersOfLevel: Readonly<Record<'city' | 'county', readonly string[]>> = {
  city: ['cityCentre'],
  county: ['countyCentre', 'comprehensive', 'site'],
};
type Level = keyof typeof tiersOfLevel;

/** The city's centre has the training base with it, so one without that function does not count. */
const presentTiers = (members: readonly Member[]): Tier[] =>
  members
    .filter(({ tier, functions }) => tier !== 'cityCentre' || functions.includes('training'))
    .map(({ tier }) => tier);

const tierGaps = (rules: ResolvedRules, level: Level, members: readonly Member[]): NetworkGap[] => {
  const found = findRule(rules, 'standard', 'networkTiers');
  if (!found || !('list' in found.rule.standard)) return [];
  const { standard, clause } = found.rule;
  const own = { ...standard, items: standard.items.filter(({ id }) => tiersOfLevel[level].includes(id)) };
  return listGaps(own, presentTiers(members)).map((text) => ({ text: `缺少${text}`, clause, ...lapsedOf(found.pack) }));
};

/** What the best comprehensive institution still lacks; nothing where there is none, which `tierGaps` says already. */
const functionGaps = (rules: ResolvedRules, members: readonly Member[]): NetworkGap[] => {
  const found = findRule(rules, 'standard', 'comprehensiveFunctions');
  if (!found) return [];
  const gaps = members
    .filter(({ tier }) => tier === 'comprehensive')
    .map((member) => listGaps(found.rule.standard, member.functions))
    .sort((a, b) => a.length - b.length);
  return (gaps[0] ?? []).map((text) => ({
    text: `综合机构缺少“${text}”功能`,
    clause: found.rule.clause,
    ...lapsedOf(found.pack),
  }));
};

/** The gaps of a city's own level, or of a county; closed organisations do not count. Empty where the pack sets no standard. */
export const listNetworkGaps = (rules: ResolvedRules, level: Level, organisations: readonly Member[]): NetworkGap[] => {
  const members = organisations.filter(({ closedOn }) => closedOn === null);
  return [...tierGaps(rules, level, members), ...(level === 'county' ? functionGaps(rules, members) : [])];
};
