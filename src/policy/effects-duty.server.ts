// How often each duty falls due in a year, by state, under two texts of a document. Reads only.
import { seesSmallCells } from '../kernel/access.ts';
import type { Day } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import { type DutySum, sumDuties } from '../reporting/duty.server.ts';
import { decideSpan } from '../reporting/duty-query.server.ts';
import { triedSince } from './adoption.ts';
import type { Ctx } from './context.ts';
import { DutyState } from './duty-instance.ts';
import type { DutyChange } from './effects.ts';
import type { PackLibrary } from './library.ts';

interface TwoTexts {
  readonly area: string;
  /** A day of the year. */
  readonly on: Day;
  readonly before: PackLibrary;
  readonly after: PackLibrary;
}

export const tens = (count: number): number => Math.floor(count / 10) * 10;

/** What is owed for persons is told in tens to whoever may not see them, as `inTens` does. */
const shown = (sum: DutySum | undefined, exact: boolean): DutyChange['before'] => {
  if (sum === undefined) return null;
  const round = exact || !sum.personal ? (count: number) => count : tens;
  return Object.fromEntries(DutyState.options.map((state) => [state, round(sum.counts[state])])) as DutySum['counts'];
};

/** Of the duties `rules`, those of different counts. A text that is tried counts as if it had held since the year began. */
export const compareDuties = async (
  tx: Tx,
  ctx: Ctx,
  texts: TwoTexts,
  rules: readonly string[],
): Promise<DutyChange[]> => {
  if (rules.length === 0) return [];
  const { area, on } = texts;
  const year = on.slice(0, 4);
  const span = decideSpan(ctx, { area, from: `${year}-01-01`, to: `${year}-12-31` });
  const sumUnder = (library: PackLibrary) =>
    sumDuties(tx, { ...ctx, packs: triedSince(library, `${year}-01-01`) }, span, rules);
  const [before, after] = [await sumUnder(texts.before), await sumUnder(texts.after)];
  const exact = seesSmallCells(ctx.actor, area);
  return rules.flatMap((rule): DutyChange[] => {
    const [old, now] = [before.get(rule), after.get(rule)];
    const sum = now ?? old;
    const change = { before: shown(old, exact), after: shown(now, exact) };
    if (sum === undefined || JSON.stringify(change.before) === JSON.stringify(change.after)) return [];
    return [{ rule, title: sum.title, clause: sum.clause, ...change }];
  });
};
