// The steps of the process that the place's document asks a file to show (QS-08, NA-06), and which of them are there.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { listRules, type ResolvedRules } from '../policy/resolve.ts';

const stepIds = ['transferIn', 'registration', 'baseline', 'process', 'transferOut', 'specialCase'] as const;
type StepId = (typeof stepIds)[number];

export const ProcessStep = z.object({
  text: z.string(),
  /** Day on which it was first done in this episode. */
  on: Day.nullable(),
  /** Not every file has it: nothing is missing without it. */
  ifNeeded: z.boolean(),
});
export type ProcessStep = z.infer<typeof ProcessStep>;
export const ProcessSteps = z.object({ clause: z.array(z.string()), steps: z.array(ProcessStep) });
export type ProcessSteps = z.infer<typeof ProcessSteps>;

/** Days on which the steps were first done; what the reader's office does not read is not in it. */
export type StepDays = Readonly<Partial<Record<StepId, Day | null>>>;

/** Null where the place's document names no steps. Steps that `days` does not speak of are left out. */
export const listProcessSteps = (rules: ResolvedRules, days: StepDays): ProcessSteps | null => {
  for (const { rule } of listRules(rules, 'standard')) {
    const { standard, clause } = rule;
    if (!('list' in standard) || standard.list !== 'processSteps') continue;
    const steps = standard.items.flatMap(({ id, text }) => {
      const step = stepIds.find((one) => one === id);
      const on = step && days[step];
      return on === undefined ? [] : [{ text, on, ifNeeded: step === 'specialCase' || step === 'transferOut' }];
    });
    return { clause: [...clause], steps };
  }
  return null;
};
