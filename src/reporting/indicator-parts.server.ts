// The parts that a figure is shown by, whatever it counts: counties of a city, towns of a county, organisations of a town.
import { seesSmallCells } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import { listCounties, listTowns } from '../network/division.ts';
import type { Ctx } from '../policy/context.ts';
import { findSiteNames } from './indicator.sql.ts';
import { figureOf, type IndicatorChild, type IndicatorPlace, isCounting, type Judged } from './indicator.ts';
import type { IndicatorOn } from './indicator-rule.server.ts';
import type { MeasuredArea, RateGroup } from './measure-area.sql.ts';

type Figure = ReturnType<typeof figureOf>;

export interface Counted {
  readonly figure: Omit<Figure, 'numerator'> & { readonly numerator: number | null };
  readonly children: readonly IndicatorChild[];
  readonly atEntry?: number;
}

/** Counts one indicator as the actor may see it. */
export type Count = (tx: Tx, ctx: Ctx, asked: IndicatorOn) => Promise<Counted>;

export const seesCells = (ctx: Ctx, { area }: IndicatorPlace): boolean => seesSmallCells(ctx.actor, area);

export const measuredArea = ({ area, site }: IndicatorPlace): MeasuredArea => ({
  counties: listCounties(area).map(({ code }) => code),
  ...(area.length === 9 ? { town: area } : {}),
  ...(site ? { site } : {}),
});

export type Part = Pick<IndicatorChild, 'area' | 'kind' | 'name'>;

/** The parts of a place, whether or not they have clients: a town without any is a finding too. */
export const partsOf = ({ area }: IndicatorPlace): Part[] =>
  area.length < 6
    ? listCounties(area).map(({ code, name }) => ({ area: code, kind: 'county', name }))
    : listTowns(area).map(({ code, name }) => ({ area: code, kind: 'town', name }));

/** The parts of a place are judged as the place is, but for what is only counted: its target is the place's alone. */
export const judgedPart = ({ name, target }: Judged): Judged => ({
  name,
  target: isCounting(name) ? undefined : target,
});

interface Sums {
  readonly numerator: number;
  readonly denominator: number;
  readonly unknown?: number;
  readonly atEntry?: number;
}

export const sum = (groups: readonly Sums[], key: keyof Sums): number =>
  groups.reduce((total, group) => total + (group[key] ?? 0), 0);

/** Sums of groups; `unknown` where the measure can tell. */
export const sumsOf = (groups: readonly Sums[], tells = groups.some(({ unknown }) => unknown !== undefined)) => ({
  numerator: sum(groups, 'numerator'),
  denominator: sum(groups, 'denominator'),
  ...(tells && { unknown: sum(groups, 'unknown') }),
});

/** The parts of a place with the figures of their persons. */
export const childrenOfGroups = async (
  tx: Tx,
  asked: IndicatorOn,
  groups: readonly RateGroup[],
): Promise<IndicatorChild[]> => {
  const { place } = asked;
  if (place.site) return [];
  // A part without anybody says 0 where its neighbours say a number.
  const tells = groups.some(({ unknown }) => unknown !== undefined);
  const child = (part: Part, own: readonly RateGroup[]): IndicatorChild => ({
    ...part,
    ...figureOf(sumsOf(own, tells), judgedPart(asked)),
  });
  if (place.area.length === 9) {
    const names = await findSiteNames(
      tx,
      groups.flatMap(({ site }) => site ?? []),
    );
    return groups.map((group) => {
      const name = group.site === null ? '尚未由机构接收' : (names.get(group.site) ?? group.site);
      return child({ area: group.site, kind: 'site', name }, [group]);
    });
  }
  const level = place.area.length < 6 ? 'county' : 'town';
  const children = partsOf(place).map((part) =>
    child(
      part,
      groups.filter((group) => group[level] === part.area),
    ),
  );
  const known = new Set(children.map(({ area }) => area));
  const rest = groups.filter((group) => !known.has(group[level]));
  return rest.length ? [...children, child({ area: null, kind: level, name: '乡镇（街道）不明' }, rest)] : children;
};
