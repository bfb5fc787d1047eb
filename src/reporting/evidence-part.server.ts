// From a place's rules to the parts of a clause: which figure shows each rule, and where the people or records behind it are.
import type { Ctx } from '../policy/context.ts';
import type { ResolvedRule } from '../policy/resolve.ts';
import { listGaps } from '../policy/standard.ts';
import type { EvidencePlace } from './evidence.sql.ts';
import {
  countsOf,
  decidePart,
  type EvidenceCounts,
  type EvidenceFigure,
  type EvidencePart,
  type EvidenceRule,
  noFigure,
} from './evidence.ts';
import type { readDuties, readIndicators, readMilestones, StandardSources } from './evidence-source.server.ts';
import { measureOf } from './indicator.ts';
import type { WorkLink } from './worklist.ts';

export interface Sources {
  readonly place: EvidencePlace;
  readonly indicators: Awaited<ReturnType<typeof readIndicators>>;
  readonly duties: Awaited<ReturnType<typeof readDuties>>;
  readonly milestones: Awaited<ReturnType<typeof readMilestones>>;
  readonly screenings: EvidenceCounts;
  readonly standards: StandardSources;
  /** Whether bodies about persons may be counted. */
  readonly seesPersons: boolean;
}

export const ruleOf = ({ rule, pack, packName }: ResolvedRule): EvidenceRule => ({
  id: rule.id,
  title: rule.title,
  packName,
  endedOn: pack.endedOn ?? null,
  assumed: rule.assumed?.reason ?? null,
});

interface Shown {
  readonly figure: EvidenceFigure;
  readonly link: WorkLink | null;
}

const areaOf = ({ place: { area, site } }: Sources): Record<string, string> =>
  site === undefined && area !== '' ? { area } : {};

const indicatorOf = ({ rule }: ResolvedRule, ctx: Ctx, sources: Sources): Shown => {
  const row = sources.indicators.find((one) => rule.kind === 'indicator' && measureOf[one.indicator] === rule.measure);
  if (row === undefined) return { figure: noFigure, link: null };
  const { indicator: name, hidden, value, numerator, denominator, target, targetYear, met } = row;
  const shown = { name, hidden, value, numerator, denominator, target, targetYear, met };
  const link = { path: `/indicators/${name}`, search: { ...areaOf(sources), on: ctx.today } };
  return { figure: { ...noFigure, indicator: shown }, link };
};

/** A duty of the county is no duty of one of its towns: nothing is said of it there. */
const dutyOf = ({ rule }: ResolvedRule, ctx: Ctx, sources: Sources): Shown => {
  const counts = sources.duties.get(rule.id) ?? {};
  const view = counts.late === null || (counts.late ?? 0) > 0 ? 'late' : 'rules';
  const search = { ...areaOf(sources), view, duty: rule.id, from: `${ctx.today.slice(0, 4)}-01-01` };
  return { figure: countsOf(counts), link: { path: '/duties', search } };
};

const milestoneOf = ({ rule }: ResolvedRule, _ctx: Ctx, sources: Sources): Shown => ({
  figure: countsOf(sources.milestones.get(rule.id) ?? {}),
  link: { path: '/milestones', search: areaOf(sources) },
});

const screeningOf = (sources: Sources): Shown => {
  const { unknown } = sources.screenings;
  const open = unknown === null || (unknown ?? 0) > 0;
  return {
    figure: countsOf(sources.screenings),
    link: open ? { path: '/screenings', search: areaOf(sources) } : { path: '/persons', search: {} },
  };
};

const networkRules = ['networkTiers', 'comprehensiveFunctions'];
const checkOfList: Readonly<Record<string, string>> = {
  siteChecklist: 'standardization',
  institutionRules: 'rules',
  safetyChecklist: 'safety',
};

const networkOf = (
  { rule: { clause } }: ResolvedRule,
  { standards: { network } }: Sources,
  looked: EvidenceCounts,
): Shown => {
  const gaps = network.gaps.filter((gap) => !gap.hint && gap.clause.some((id) => clause.includes(id)));
  return { figure: countsOf({ ...looked, gaps: gaps.length }), link: { path: '/network', search: {} } };
};

const standardOf = (resolved: ResolvedRule, _ctx: Ctx, sources: Sources): Shown => {
  const { rule } = resolved;
  const { network, bodies, checks } = sources.standards;
  if (rule.kind !== 'standard') return { figure: noFigure, link: null };
  const { standard } = rule;
  if ('forbiddenWords' in standard) return networkOf(resolved, sources, { sites: network.sites });
  if (networkRules.includes(rule.id)) return networkOf(resolved, sources, { organisations: network.organisations });
  const check = checkOfList[standard.list];
  if (check !== undefined) {
    const found = checks.kinds.find(({ kind }) => kind === check);
    const checked = found?.checked ?? 0;
    const counts = { checked, unchecked: checks.sites - checked, gaps: found?.gaps ?? 0 };
    return { figure: countsOf(counts), link: { path: '/site-checks', search: {} } };
  }
  if (standard.list === 'bodyMembers' && (standard.of !== 'careTeam' || sources.seesPersons)) {
    const own = bodies.filter(({ kind }) => kind === standard.of);
    const missing = standard.of === 'townManagement' ? sources.standards.towns - own.length : 0;
    const gaps = own.reduce((sum, { items }) => sum + listGaps(standard, items).length, 0);
    const counts = { bodies: own.length, unchecked: Math.max(0, missing), gaps };
    return { figure: countsOf(counts), link: { path: '/bodies', search: areaOf(sources) } };
  }
  return { figure: noFigure, link: null };
};

const shownOf = { indicator: indicatorOf, duty: dutyOf, milestone: milestoneOf, standard: standardOf };

/** Rules that one figure shows together: all criteria of a clause by its screenings, tiers and functions by the network. */
const keyOf = ({ rule }: ResolvedRule): string => {
  if (rule.kind === 'criterion') return 'criterion';
  return rule.kind === 'standard' && networkRules.includes(rule.id) ? 'network' : rule.id;
};

export const partsOfRules = (ctx: Ctx, rules: readonly ResolvedRule[], sources: Sources): EvidencePart[] =>
  [...Map.groupBy(rules, keyOf).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { kind } = first.rule;
    const { figure, link } = kind === 'criterion' ? screeningOf(sources) : shownOf[kind](first, ctx, sources);
    return [{ kind, rules: group.map(ruleOf), state: decidePart(kind, figure), figure, link }];
  });
