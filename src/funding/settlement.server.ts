// The handler of settlement: counts of a month for who pays, without any person.
import { firstDayOf, lastDayOf, monthOf } from '../kernel/calendar.ts';
import { asFigures } from '../kernel/figures.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Handlers } from '../policy/context.ts';
import type { Settlement, settlementApi } from './settlement.api.ts';
import { countProvided, listNames, type Provided, sumFees } from './settlement.sql.ts';

const nothing = { sessions: 0, attendances: 0, standardized: 0, minutes: 0, served: 0 };
const numbersOf = (provided: Provided | undefined) => {
  if (!provided) return nothing;
  const { organisation: _, ...numbers } = provided;
  return numbers;
};

const month: Handlers<typeof settlementApi>['month'] = async (tx, ctx, input): Promise<Settlement> => {
  const span = { area: ctx.actor.scope, from: firstDayOf(input.month), to: lastDayOf(input.month) };
  if (span.from > ctx.today)
    throw new Refusal('inFuture', '这个月还没有到。', { kind: 'input', fields: { month: '不能晚于本月' } });
  const { provided, fees } = await asFigures(tx, ctx, async () => ({
    provided: await countProvided(tx, span),
    fees: await sumFees(tx, span),
  }));
  const ids = [...provided, ...fees].flatMap(({ organisation }) => organisation ?? []);
  const rows = [...(await listNames(tx, ids))].map(([organisation, named]) => ({
    organisation,
    ...named,
    ...numbersOf(provided.find((one) => one.organisation === organisation)),
    fees: fees.find((one) => one.organisation === organisation)?.fees ?? 0,
  }));
  return {
    month: input.month,
    running: monthOf(ctx.today) === input.month,
    rows: rows.sort((a, b) => (a.division + a.name < b.division + b.name ? -1 : 1)),
    total: {
      ...numbersOf(provided.find(({ organisation }) => organisation === null)),
      fees: fees.reduce((sum, one) => sum + one.fees, 0),
    },
  };
};

export const settlementHandlers: Handlers<typeof settlementApi> = { month };
