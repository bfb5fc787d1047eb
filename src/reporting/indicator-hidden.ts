// An indicator's figures as they are for somebody who may not see the persons: small counts and what gives them away are left out.
import { type AreaCoverageParams, isTargetMet, ratio } from '../policy/measure.ts';
import { type CountedGroup, showCounts } from './city-cells.ts';
import { figureOf, type IndicatorChild, isCounting, isFalling, type Judged } from './indicator.ts';
import type { ShownCount } from './small-cells.ts';

/** Whether the target is met, where the shown figures say so already. */
const metByShown = ({ n, d, least, most }: ShownCount, { name, target }: Judged): boolean | null => {
  if (d === null || d === 0) return null;
  const met = (count: number) => isTargetMet(ratio(count, d), target, isFalling(name));
  if (n !== null) return met(n);
  const [low, high] = [met(least), met(Math.min(most, d))];
  return low === high ? low : null;
};

/** Of what is only counted, `d` is the count. */
const figureOfShown = (shown: ShownCount, judged: Judged) => {
  if (isCounting(judged.name)) {
    const figure = figureOf({ numerator: shown.d ?? 0, denominator: 0 }, judged);
    return shown.d === null ? { ...figure, hidden: true, numerator: null, value: null, met: null } : figure;
  }
  return {
    hidden: shown.n === null,
    numerator: shown.n,
    denominator: shown.d,
    value: shown.n === null || shown.d === null ? null : ratio(shown.n, shown.d),
    target: judged.target?.value ?? null,
    met: metByShown(shown, judged),
  };
};

interface RateTable {
  readonly area: string;
  /** Of the whole city of the area (`wholeOf`). */
  readonly groups: readonly CountedGroup[];
  readonly children: readonly IndicatorChild[];
  readonly judged: Judged;
}

/** The figure of the area and of its parts as far as they may be shown. */
export const hideRate = ({ area, groups, children, judged }: RateTable) => {
  // What is only counted has no part that counts: hiding it would hide every count.
  const shown = showCounts(isCounting(judged.name) ? groups.map((group) => ({ ...group, numerator: 0 })) : groups);
  const hide = ({ unknown: _, ...child }: IndicatorChild, { target }: Judged): IndicatorChild => ({
    ...child,
    ...figureOfShown(shown(child.area ?? `${area}?`), { ...judged, target }),
  });
  const ofChild = isCounting(judged.name) ? { ...judged, target: undefined } : judged;
  return { figure: figureOfShown(shown(area), judged), children: children.map((child) => hide(child, ofChild)) };
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

/** Where whether a town serves is hidden, so is how many towns of its county do, or subtracting would say it. */
export const hideTownCounts = (row: IndicatorChild, towns: readonly IndicatorChild[]): IndicatorChild =>
  towns.some(({ met }) => met === null) ? { ...row, hidden: true, numerator: null, value: null, met: null } : row;
