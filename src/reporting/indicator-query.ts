// What the address of an indicator's page holds.
import { z } from 'zod';
import { Area, Day } from '../kernel/contract.ts';
import { MissingStep } from './indicator.ts';

export const IndicatorQuery = z.object({
  area: Area.optional(),
  site: z.uuid().optional(),
  on: Day.optional(),
  counts: z.union([z.boolean(), z.stringbool()]).optional(),
  missing: MissingStep.optional(),
  page: z.coerce.number().int().min(1).default(1),
  pageSize: z.coerce.number().int().min(1).max(200).default(25),
});
export type IndicatorQuery = z.infer<typeof IndicatorQuery>;
export type IndicatorState = readonly [IndicatorQuery, (change: Partial<IndicatorQuery>) => void];
