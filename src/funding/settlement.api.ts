// The operation on settlement: what each organisation has provided in a month, in numbers alone.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Month, operation } from '../kernel/contract.ts';

export const settlementReaders: readonly Role[] = ['finance', 'civilAffairs'];

const numbers = {
  sessions: z.int(),
  /** Persons who came, each time counted. */
  attendances: z.int(),
  standardized: z.int(),
  minutes: z.int(),
  served: z.int(),
  /** Yuan that clients pay for the month by the agreements in force with this organisation; 0 is free of charge (QS-16). */
  fees: z.number(),
};

export const SettlementRow = z.object({
  organisation: z.uuid(),
  name: z.string(),
  division: z.string(),
  ...numbers,
});
export type SettlementRow = z.infer<typeof SettlementRow>;

export const Settlement = z.object({
  month: Month,
  running: z.boolean(),
  rows: z.array(SettlementRow),
  /** A person who was served by two organisations counts at each, and once here. */
  total: z.object(numbers),
});
export type Settlement = z.infer<typeof Settlement>;

export const settlementApi = {
  month: operation({
    name: 'settlement.month',
    summary: '各机构某月的服务量和收费',
    method: 'GET',
    path: '/settlements/{month}',
    roles: settlementReaders,
    city: 'figures',
    refusals: ['inFuture'],
    clauses: ['QS-16', 'BZ-29'],
    input: z.object({ month: Month }),
    output: Settlement,
  }),
};
