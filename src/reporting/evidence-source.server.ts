// What the policy page counts, each source once for all clauses: indicators, duties of the year, dated steps, screenings, standards, entries.

import { listMilestones } from '../governance/milestone.server.ts';
import { reachOf, seesSmallCells } from '../kernel/access.ts';
import { addMonths, type Day } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { asFigures } from '../kernel/figures.ts';
import { listTowns } from '../network/division.ts';
import { listPlaceGaps } from '../network/organisation.server.ts';
import type { Ctx } from '../policy/context.ts';
import type { DutyState } from '../policy/duty-instance.ts';
import { countiesOfWhole, showCounts, wholeOf } from './city-cells.ts';
import { countDutyStates } from './duty.server.ts';
import { decideSpan } from './duty-query.server.ts';
import {
  countCheckedSites,
  countRecords,
  countScreened,
  type EvidencePlace,
  listBodyItems,
  type RecordCount,
} from './evidence.sql.ts';
import { type EvidenceCounts, isOfPersons, keyOfRecords, type RecordsAsked } from './evidence.ts';
import { listIndicators } from './indicator.server.ts';

const seesRows = ({ actor }: Ctx): boolean => ['area', 'organisation'].includes(reachOf(actor));

/** Past row-level security for who sees nobody: over the whole city, so that what is hidden does not depend on the area asked. */
const counted = <T>(tx: Tx, ctx: Ctx, area: string, work: () => Promise<T>): Promise<T> =>
  seesRows(ctx) ? work() : asFigures(tx, ctx, work, area);

type DutyCounts = Partial<Record<DutyState, number | null>>;

const addShown = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a === null || b === null ? null : (a ?? 0) + (b ?? 0);

/** Instances that fall due this year, by rule; a sum with a hidden part is hidden. */
export const readDuties = async (tx: Tx, ctx: Ctx, { area }: EvidencePlace): Promise<Map<string, DutyCounts>> => {
  const year = ctx.today.slice(0, 4);
  const span = decideSpan(ctx, { area, from: `${year}-01-01`, to: `${year}-12-31` });
  const count = () => countDutyStates(tx, ctx, span, { responsible: 'all' });
  const rows = reachOf(ctx.actor) === 'none' ? await asFigures(tx, ctx, count, area) : await count();
  const byRule = new Map<string, DutyCounts>();
  for (const { duty, counts } of rows) {
    const sum = byRule.get(duty) ?? {};
    for (const [state, one] of Object.entries(counts) as [DutyState, number | null][])
      sum[state] = addShown(sum[state], one);
    byRule.set(duty, sum);
  }
  return byRule;
};

/** Dated steps are about places: an organisation is shown those of its county. */
export const readMilestones = async (
  tx: Tx,
  ctx: Ctx,
  { area }: EvidencePlace,
): Promise<Map<string, EvidenceCounts>> => {
  const list = () => listMilestones(tx, ctx, area, ctx.today);
  const rows = reachOf(ctx.actor) === 'organisation' ? await asFigures(tx, ctx, list, area) : await list();
  const byRule = new Map<string, EvidenceCounts>();
  for (const { rule, state } of rows) {
    const sum = byRule.get(rule) ?? {};
    byRule.set(rule, { ...sum, [state]: (sum[state] ?? 0) + 1 });
  }
  return byRule;
};

const outcomes = ['eligible', 'ineligible', 'unknown', 'waiting'] as const;

export const readScreenings = async (tx: Tx, ctx: Ctx, { area }: EvidencePlace): Promise<EvidenceCounts> => {
  const exact = seesSmallCells(ctx.actor, area);
  const rows = exact
    ? await countScreened(tx, area)
    : await counted(tx, ctx, wholeOf(area), () => countScreened(tx, wholeOf(area)));
  return Object.fromEntries(
    outcomes.map((outcome) => {
      const own = rows.filter((row) => row.outcome === outcome);
      if (exact) return [outcome, own.reduce((sum, { count }) => sum + count, 0)];
      // What waits and what is settled add up to nothing that is shown: each outcome is a table of its own.
      const shown = showCounts(own.map(({ count, ...place }) => ({ ...place, numerator: 0, denominator: count })));
      return [outcome, shown(area).d];
    }),
  );
};

/** Gaps of the network and of the names of sites, and the rosters of bodies, and what checks of sites found. None of them counts persons. */
export const readStandards = async (tx: Tx, ctx: Ctx, place: EvidencePlace) => {
  const network = await listPlaceGaps(tx, ctx, place.area);
  return counted(tx, ctx, place.area, async () => ({
    network,
    bodies: await listBodyItems(tx, place.area, ctx.today),
    checks: await countCheckedSites(tx, place),
    towns:
      place.area.length === 9
        ? 1
        : countiesOfWhole(place.area)
            .filter((county) => county.startsWith(place.area))
            .reduce((sum, county) => sum + listTowns(county).length, 0),
  }));
};
export type StandardSources = Awaited<ReturnType<typeof readStandards>>;

export const readIndicators = async (tx: Tx, ctx: Ctx, { area, site }: EvidencePlace) =>
  (await listIndicators(tx, ctx, { area: site === undefined && area !== '' ? area : undefined })).rows;

/** How many of some entries stand, and the newest day; a few entries about persons are hidden from who may not see the persons. */
export type RecordsOf = (asked: readonly RecordsAsked[]) => { count: number | null; latestOn: Day | null };

const shownCount = (rows: readonly RecordCount[], area: string): number | null => {
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const shown = showCounts(rows.map(({ county, count }) => ({ county, town: null, numerator: 0, denominator: count })));
  // A town's share of a county is not in that table.
  return area.length === 9 && total > 0 ? null : shown(area).d;
};

export const readRecords = async (
  tx: Tx,
  ctx: Ctx,
  place: EvidencePlace,
  asked: readonly RecordsAsked[],
): Promise<RecordsOf> => {
  const { area } = place;
  const exact = seesSmallCells(ctx.actor, area);
  const over = exact || area.length === 9 ? area : wholeOf(area);
  const span = { asked, from: addMonths(ctx.today, -12), to: ctx.today };
  const rows = asked.length
    ? await counted(tx, ctx, over, () => countRecords(tx, { ...place, area: over, ...span }))
    : [];
  return (some) => {
    const keys = some.map(keyOfRecords);
    const all = rows.filter(({ key }) => keys.includes(key));
    const own = all.filter(({ county }) => county.startsWith(area.slice(0, 6)));
    const safe = exact || !some.some(({ type }) => isOfPersons(type));
    const count = safe ? own.reduce((sum, one) => sum + one.count, 0) : shownCount(all, area);
    const latestOn =
      own
        .map((one) => one.latestOn)
        .sort()
        .at(-1) ?? null;
    return { count, latestOn: count === null ? null : latestOn };
  };
};
