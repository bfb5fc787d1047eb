// What may be shown of counts in the nation, its cities, counties and towns: the same cells are hidden in the tables of every level.
import { listCounties } from '../network/division.ts';
import { type CountNode, hideSmallCells, type ShownCount } from './small-cells.ts';

/** Persons counted in one town of a county; `town` is null where it is not known. */
export interface CountedGroup {
  readonly county: string;
  readonly town: string | null;
  readonly numerator: number;
  readonly denominator: number;
}

/** The whole of which an area's table is a part: the same cells must be hidden in all tables of a city. '' is the nation. */
export const wholeOf = (area: string): string => area.slice(0, 4);
export const countiesOfWhole = (area: string): string[] => listCounties(wholeOf(area)).map(({ code }) => code);
const keyOf = (group: CountedGroup): string => group.town ?? `${group.county}?`;

const addUp = (key: string, parts: readonly CountNode[]): CountNode => ({
  key,
  n: parts.reduce((sum, { n }) => sum + n, 0),
  d: parts.reduce((sum, { d }) => sum + d, 0),
  parts,
});

const nodesBy = (groups: readonly CountedGroup[], keyOfGroup: (group: CountedGroup) => string) =>
  [...Map.groupBy(groups, keyOfGroup)].map(([key, own]) => ({ key, own }));

const treeOfCity = (city: string, groups: readonly CountedGroup[]): CountNode => {
  const counties = nodesBy(groups, ({ county }) => county).map(({ key: county, own }) => {
    const towns = nodesBy(own, keyOf).map(({ key, own: rows }) => ({
      key,
      n: rows.reduce((sum, { numerator }) => sum + numerator, 0),
      d: rows.reduce((sum, { denominator }) => sum + denominator, 0),
      parts: [],
    }));
    return addUp(county, towns);
  });
  return addUp(city, counties);
};

/**
 * What may be shown of the cities, counties and towns. Each city is settled by itself, so that its tables do not depend on who asks; the
 * nation's sum is left out as soon as it would give away a city's.
 */
export const showCounts = (groups: readonly CountedGroup[]): ((key: string) => ShownCount) => {
  const cities = nodesBy(groups, ({ county }) => county.slice(0, 4));
  const shown = new Map(cities.flatMap(({ key, own }) => [...hideSmallCells(treeOfCity(key, own))]));
  const add = (which: 'n' | 'd'): number | null =>
    cities.reduce<number | null>((sum, { key }) => {
      const one = shown.get(key)?.[which] ?? null;
      return sum === null || one === null ? null : sum + one;
    }, 0);
  const nation = { n: add('n'), d: add('d'), least: 0, most: Number.POSITIVE_INFINITY };
  return (key) => (key === '' ? nation : (shown.get(key) ?? { n: 0, d: 0, least: 0, most: 0 }));
};
