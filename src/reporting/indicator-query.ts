// What the address of an indicator's page holds.
import { z } from 'zod';
import { Area, Day, pageQuery } from '../kernel/contract.ts';
import { MissingStep } from './indicator.ts';

export const IndicatorQuery = z.object({
  area: Area.optional(),
  site: z.uuid().optional(),
  on: Day.optional(),
  counts: z.union([z.boolean(), z.stringbool()]).optional(),
  missing: MissingStep.optional(),
  ...pageQuery,
});
export type IndicatorQuery = z.infer<typeof IndicatorQuery>;
export type IndicatorState = readonly [IndicatorQuery, (change: Partial<IndicatorQuery>) => void];
