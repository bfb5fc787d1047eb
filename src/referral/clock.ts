// The clocks of the way to a service: when a pack's duty falls due that an event started, and what is left of it.
import { z } from 'zod';
import { daysBetween, workingDaysBetween } from '../kernel/calendar.ts';
import { Day } from '../kernel/contract.ts';
import { dueOn } from '../policy/duty.ts';
import type { PackLibrary } from '../policy/library.ts';
import { findDuty, type PackRef, resolveRules } from '../policy/resolve.ts';

/** A running duty. `left` counts in `unit` from today to `dueOn`, negative when late. */
export const DutyClock = z.object({
  dueOn: Day,
  left: z.int(),
  unit: z.enum(['workingDays', 'days']),
  /** False where working days of a year without a published calendar were counted. */
  certain: z.boolean(),
  clause: z.array(z.string()),
  /** The last day of the document that sets the time; only where its period is over. */
  lapsedOn: Day.optional(),
});
export type DutyClock = z.infer<typeof DutyClock>;

/** Ids of the duties in the packs. */
export type ClockDuty = 'registrationCheck' | 'referralDispatch' | 'referralReceipt' | 'queueReview';

const lapsedOf = ({ endedOn }: PackRef) => (endedOn === undefined ? {} : { lapsedOn: endedOn });

/**
 * Reads clocks of one duty for many rows: rules of an area and dates of a starting day are worked out once. A place without the duty
 * has no clock.
 */
export const clocksOf = (packs: PackLibrary, duty: ClockDuty, today: Day) => {
  const known = new Map<string, DutyClock | null>();
  const work = (area: string, startOn: Day): DutyClock | null => {
    const found = findDuty(resolveRules(packs, area, today), duty);
    if (!found) return null;
    const { cadence, clause } = found.rule;
    const due = dueOn(cadence, { startOn });
    const working = cadence.workingDaysAfter !== undefined;
    const left = working ? workingDaysBetween(today, due.dueOn) : daysBetween(today, due.dueOn);
    return { ...due, left, unit: working ? 'workingDays' : 'days', clause, ...lapsedOf(found.pack) };
  };
  return (area: string, startOn: Day): DutyClock | null => {
    const key = `${area} ${startOn}`;
    const clock = known.get(key);
    if (clock !== undefined) return clock;
    const made = work(area, startOn);
    known.set(key, made);
    return made;
  };
};
