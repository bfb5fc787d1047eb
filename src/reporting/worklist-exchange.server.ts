// The exchange between departments on the home page: what came and has no receipt, what was disputed, and lists that are not reconciled.
import { type ExchangeWork, listExchangeWork } from '../governance/exchange.server.ts';
import { batchKindNames, departmentNames } from '../governance/exchange.ts';
import { daysBetween, firstDayOf, lastDayOf } from '../kernel/calendar.ts';
import type { Month } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import { nameOfDivision } from '../network/division.ts';
import type { Ctx } from '../policy/context.ts';
import { listDues } from '../policy/duty.ts';
import { listRules, type ResolvedRules, resolveRules } from '../policy/resolve.ts';
import type { DutyClock } from '../referral/clock.ts';
import { linkOf, type WorkRow } from './worklist.ts';

/** The duty by which a place's departments exchange; undefined where its documents ask for none. */
export const findExchangeDuty = (rules: ResolvedRules) =>
  listRules(rules, 'duty').find(({ rule }) => rule.evidence === 'exchangeMade');

/** When the exchange of a month is due by the rules that hold at its end, or null where none did. */
const clockOf = ({ packs, actor, today }: Ctx, month: Month): DutyClock | null => {
  const [firstOn, lastOn] = [firstDayOf(month), lastDayOf(month)];
  const found = findExchangeDuty(resolveRules(packs, actor.scope, lastOn));
  const due = found && listDues(found.rule.cadence, firstOn, lastOn).at(-1);
  if (!due) return null;
  const { endedOn } = found.pack;
  return {
    ...{ dueOn: due.dueOn, left: daysBetween(today, due.dueOn), unit: 'days', certain: due.certain },
    clause: found.rule.clause,
    ...(endedOn && { lapsedOn: endedOn }),
  };
};

const nameOf = ({ turn, month, other, kind }: ExchangeWork): string => {
  const department = departmentNames[other];
  const whose = { receive: `${department}发来的`, resend: `发给${department}的`, reconcile: `${department}的` }[turn];
  return `${month} ${whose}${kind === null ? '名单' : `${batchKindNames[kind]}数据`}`;
};

const rowOf = (ctx: Ctx, work: ExchangeWork): WorkRow => ({
  ...{
    key: work.id,
    name: nameOf(work),
    place: nameOfDivision(ctx.actor.scope),
    missing: [work.turn],
    clock: clockOf(ctx, work.month),
  },
  link:
    work.turn === 'reconcile'
      ? { path: '/exchanges', search: { month: work.month } }
      : linkOf('exchange', { id: work.id, person: null }),
});

export const findExchangeWork = async (tx: Tx, ctx: Ctx, limit: number, offset: number) => {
  const rows = (await listExchangeWork(tx, ctx)).map((work) => rowOf(ctx, work));
  const overdue = rows.filter(({ clock }) => clock !== null && clock.left < 0).length;
  return { total: rows.length, overdue, rows: rows.slice(offset, offset + limit) };
};
