// What a try of a pack tells: the rules that differ, the persons whom it concerns, the duties and the figures, before and after.
import { z } from 'zod';
import { Day } from '../kernel/calendar.ts';
import { DutyState } from './duty-instance.ts';
import { ClauseId } from './pack.ts';

const FieldChange = z.object({
  /** In words: 条件 · 总危险度 · 级别. */
  field: z.string(),
  /** Null where the field stands on one side only. */
  before: z.string().nullable(),
  after: z.string().nullable(),
});

export const RuleChange = z.object({
  rule: z.string(),
  kind: z.enum(['criterion', 'standard', 'duty', 'indicator', 'milestone']),
  title: z.string(),
  clause: z.array(ClauseId),
  change: z.enum(['added', 'removed', 'changed']),
  fields: z.array(FieldChange),
});
export type RuleChange = z.infer<typeof RuleChange>;

const FigureValue = z.object({ value: z.number().nullable(), target: z.number().nullable() }).nullable();

/** Null on a side whose text does not ask for the figure. */
export const FigureChange = z.object({ title: z.string(), before: FigureValue, after: FigureValue });
export type FigureChange = z.infer<typeof FigureChange>;

const InstanceCounts = z.record(DutyState, z.int()).nullable();

/** How often a duty falls due in the year, by state; null on a side whose text does not ask for it. */
export const DutyChange = z.object({
  rule: z.string(),
  title: z.string(),
  clause: z.array(ClauseId),
  before: InstanceCounts,
  after: InstanceCounts,
});
export type DutyChange = z.infer<typeof DutyChange>;

const Outcome = z.enum(['eligible', 'ineligible', 'unknown', 'none']);

export const Effects = z.object({
  area: z.string(),
  on: Day,
  changes: z.array(RuleChange),
  people: z.object({
    screened: z.int(),
    changed: z.int(),
    /** Of those changed: registered or in service, where they stay. */
    served: z.int(),
    counts: z.array(z.object({ before: Outcome, after: Outcome, people: z.int() })),
    persons: z.array(
      z.object({
        person: z.uuid(),
        name: z.string(),
        place: z.string(),
        stage: z.string(),
        served: z.boolean(),
        before: Outcome,
        after: Outcome,
        because: z.array(z.string()),
      }),
    ),
  }),
  /** The duties whose counts differ in the year of `on`, as if the text tried held all the year. */
  duties: z.array(DutyChange),
  /** The numbers of persons, and of what is owed for them, are tens, rounded down, and nobody is named. */
  rounded: z.boolean(),
  figures: z.array(FigureChange),
});
export type Effects = z.infer<typeof Effects>;
