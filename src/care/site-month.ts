// The month of a site: who is short of what the place and the plan ask, and which group is likely to meet on a day.
import type { Day } from '../kernel/contract.ts';

export interface MonthFigures {
  readonly sessions: number;
  readonly standardized: number;
  /** Sessions a month that the plan's goals sum up to; null without a plan. */
  readonly planned: number | null;
  /** Whether the place's number applies: an agreement of this episode began before the month, and the person has not left. */
  readonly asked: boolean;
}

/** What is missing: standardized sessions against the place's number, all sessions against the plan. 0 is enough, null is not asked. */
export const decideShortage = (
  { sessions, standardized, planned, asked }: MonthFigures,
  sessionsPerMonth: number | undefined,
): { shortOfRule: number | null; shortOfPlan: number | null } => ({
  shortOfRule: asked && sessionsPerMonth !== undefined ? Math.max(0, sessionsPerMonth - standardized) : null,
  shortOfPlan: planned === null ? null : Math.max(0, planned - sessions),
});

export const isShort = (row: { shortOfRule: number | null; shortOfPlan: number | null }): boolean =>
  (row.shortOfRule ?? 0) > 0 || (row.shortOfPlan ?? 0) > 0;

const weekdayOf = (day: Day): number => new Date(`${day}T00:00:00Z`).getUTCDay();

/** Groups in the order in which they are likely to meet on a day: not met yet, same weekday, met last. */
export const orderGroups = <G extends { readonly lastOn: Day }>(groups: readonly G[], on: Day): G[] => {
  const rank = ({ lastOn }: G): number => (lastOn === on ? 2 : weekdayOf(lastOn) === weekdayOf(on) ? 0 : 1);
  return [...groups].sort((a, b) => rank(a) - rank(b) || (a.lastOn > b.lastOn ? -1 : a.lastOn < b.lastOn ? 1 : 0));
};

/** '2024-01' and -1 → '2023-12'. */
export const shiftMonth = (month: string, by: number): string => {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + by;
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`;
};
