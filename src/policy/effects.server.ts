// What another text of a document would change in a place: rules, whom it concerns, duties and figures. Reads only.
import { seesSmallCells } from '../kernel/access.ts';
import type { Day } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import { asFigures } from '../kernel/figures.ts';
import { compareScreenings } from '../person/screening-change.server.ts';
import type { ScreeningChange } from '../person/screening-change.ts';
import { listIndicators } from '../reporting/indicator.server.ts';
import { IndicatorName } from '../reporting/indicator.ts';
import { compareRules } from './compare.ts';
import type { Ctx } from './context.ts';
import type { Effects, FigureChange } from './effects.ts';
import { compareDuties, tens } from './effects-duty.server.ts';
import type { PackLibrary } from './library.ts';
import { resolveRules } from './resolve.ts';

/** Persons named on one screen; all of them are counted. */
const mostNames = 200;

export interface TwoTexts {
  readonly area: string;
  readonly on: Day;
  readonly before: PackLibrary;
  readonly after: PackLibrary;
}

/**
 * For whoever may not see the persons: tens, rounded down. A draft may ask for anything, so that exact counts would answer questions about
 * single persons (docs/decisions/0007).
 */
export const inTens = ({ persons: _, ...change }: ScreeningChange): ScreeningChange => ({
  screened: tens(change.screened),
  changed: tens(change.changed),
  served: tens(change.served),
  counts: change.counts.map((one) => ({ ...one, people: tens(one.people) })),
  persons: [],
});

const compareFigures = async (tx: Tx, ctx: Ctx, { area, on, ...texts }: TwoTexts): Promise<FigureChange[]> => {
  // Nobody can count what is not over yet.
  if (on > ctx.today) return [];
  const { rows: before } = await listIndicators(tx, { ...ctx, packs: texts.before }, { area, on });
  const { rows: after } = await listIndicators(tx, { ...ctx, packs: texts.after }, { area, on });
  const pick = (rows: typeof before, name: IndicatorName) => {
    const found = rows.find(({ indicator }) => indicator === name);
    return found ? { value: found.value, target: found.target } : null;
  };
  return IndicatorName.options.flatMap((name) => {
    const title = [...after, ...before].find(({ indicator }) => indicator === name)?.title;
    return title === undefined ? [] : [{ title, before: pick(before, name), after: pick(after, name) }];
  });
};

/** Refuses `tooMany` (compareScreenings). */
export const findEffects = async (tx: Tx, ctx: Ctx, texts: TwoTexts, names = mostNames): Promise<Effects> => {
  const { area, on, before, after } = texts;
  const exact = seesSmallCells(ctx.actor, area);
  const people = await asFigures(tx, ctx, () => compareScreenings(tx, { ...texts, names: exact ? names : 0 }));
  const changes = compareRules(resolveRules(before, area, on), resolveRules(after, area, on));
  const duties = changes.filter(({ kind }) => kind === 'duty').map(({ rule }) => rule);
  return {
    area,
    on,
    changes,
    people: exact ? people : inTens(people),
    duties: await compareDuties(tx, ctx, texts, duties),
    rounded: !exact,
    figures: await compareFigures(tx, ctx, texts),
  };
};
