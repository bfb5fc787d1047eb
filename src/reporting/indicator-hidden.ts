// An indicator's figures as they are for somebody who may not see the persons: small counts and what gives them away are left out.
import { type AreaCoverageParams, isTargetMet, ratio, type Target } from '../policy/measure.ts';
import { type CountedGroup, showCounts } from './city-cells.ts';
import type { IndicatorChild } from './indicator.ts';
import type { ShownCount } from './small-cells.ts';

/** Whether the target is met, where the shown figures say so already. */
const metByShown = ({ n, d, least, most }: ShownCount, target: Target | undefined): boolean | null => {
  if (d === null || d === 0) return null;
  if (n !== null) return isTargetMet(ratio(n, d), target);
  if (isTargetMet(ratio(least, d), target)) return true;
  return isTargetMet(ratio(Math.min(most, d), d), target) === false ? false : null;
};

const figureOfShown = (shown: ShownCount, target: Target | undefined) => ({
  hidden: shown.n === null,
  numerator: shown.n,
  denominator: shown.d,
  value: shown.n === null || shown.d === null ? null : ratio(shown.n, shown.d),
  target: target?.value ?? null,
  met: metByShown(shown, target),
});

interface RateTable {
  readonly area: string;
  /** Of the whole city of the area (`wholeOf`). */
  readonly groups: readonly CountedGroup[];
  readonly children: readonly IndicatorChild[];
  readonly target: Target | undefined;
}

/** The figure of the area and of its parts as far as they may be shown. */
export const hideRate = ({ area, groups, children, target }: RateTable) => {
  const shown = showCounts(groups);
  return {
    figure: figureOfShown(shown(area), target),
    children: children.map((child) => ({ ...child, ...figureOfShown(shown(child.area ?? `${area}?`), target) })),
  };
};

/** Persons in service and sessions of a place; a county's may be more than those of its towns together. */
export interface CountedService {
  readonly area: string;
  readonly clients: number;
  readonly sessions: number;
}

const serviceGroups = (
  counties: readonly CountedService[],
  towns: readonly CountedService[],
  which: 'clients' | 'sessions',
): CountedGroup[] =>
  counties.flatMap(({ area: county, [which]: count }) => {
    const own = towns.filter(({ area }) => area.startsWith(county));
    const rest = count - own.reduce((sum, { [which]: part }) => sum + part, 0);
    const group = (town: string | null, denominator: number) => ({ county, town, numerator: 0, denominator });
    return [...own.map((town) => group(town.area, town[which])), ...(rest > 0 ? [group(null, rest)] : [])];
  });

/**
 * Coverage says whether a county serves, which is about no person; its columns of persons and sessions are. Sessions go with the persons.
 * A condition that asks for more than one would say how many a hidden count is, so it goes too.
 */
export const hideCoverage = (
  children: readonly IndicatorChild[],
  service: { readonly counties: readonly CountedService[]; readonly towns: readonly CountedService[] },
  params: AreaCoverageParams,
): IndicatorChild[] => {
  const shownClients = showCounts(serviceGroups(service.counties, service.towns, 'clients'));
  const shownSessions = showCounts(serviceGroups(service.counties, service.towns, 'sessions'));
  return children.map((child) => {
    const clients = shownClients(child.area ?? '').d;
    const sessions = clients === null ? null : shownSessions(child.area ?? '').d;
    const hidden = clients === null || sessions === null;
    const tells = hidden && (params.minimumClients > 1 || params.minimumSessions > 1);
    return {
      ...child,
      ...{ hidden, clients, sessions },
      ...(tells && { met: null, numerator: null, value: null, missing: [] }),
    };
  });
};
