// Lists of departments as their part of a month's exchange: taken from the census, and reconciled when its review is through.
import type { Month } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import { voidType } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { findListState, type ListState } from '../person/census.server.ts';
import type { Handlers } from '../policy/context.ts';
import type { exchangeListApi } from './exchange.api.ts';
import { findTakenList, findTaking, listTakenLists } from './exchange.sql.ts';
import {
  checkMonth,
  decideDepartment,
  decideReconciled,
  departmentOf,
  type ExchangeListRow,
  listReconciled,
  listTaken,
  reconciledOf,
} from './exchange.ts';
import { replaceStanding } from './replace.server.ts';

const cites = ['CM-07'];
const conflict = (code: string, message: string): Refusal => new Refusal(code, message, { kind: 'conflict', cites });
const unknown = (): Refusal =>
  new Refusal('notFound', '没有找到这份名单，它可能已被清理，或不在您的管辖范围内。', { kind: 'absent' });

/** The lists of a month: counts of the review while its rows are there, and those of the day it was reconciled from then on. */
export const listMonthLists = async (tx: Tx, county: string, month: Month): Promise<ExchangeListRow[]> => {
  const rows: ExchangeListRow[] = [];
  for (const { county: _, reconciled, ...row } of await listTakenLists(tx, county, month)) {
    const live: ListState | undefined = await findListState(tx, row.list);
    const counts = reconciled ?? (live ? reconciledOf(live.counts) : null);
    const waiting = reconciled ? 0 : (live?.waiting ?? 0);
    rows.push({ ...row, fileName: live?.fileName ?? null, counts: counts && { ...counts, waiting } });
  }
  return rows;
};

const subjectsOf = (list: string) => [{ kind: 'list' as const, id: list }];

export const exchangeListHandlers: Handlers<typeof exchangeListApi> = {
  take: async (tx, ctx, { id, list, month }) => {
    departmentOf(ctx.actor);
    checkMonth(month, ctx.today);
    const found = await findListState(tx, list);
    if (!found) throw unknown();
    const { county, sender } = found;
    const department = decideDepartment(sender);
    const locked = await ctx.journal.lock(tx, { id, county, subjects: subjectsOf(list) });
    const taken = await findTakenList(tx, list);
    if (taken) throw conflict('alreadyTaken', `这份名单已记入 ${taken.month} 的交换，一份名单只记一次。`);
    const body = { list, month, department };
    await ctx.journal.append(
      tx,
      ctx,
      [listTaken.draft({ id, county, on: ctx.today, subjects: subjectsOf(list), body })],
      locked,
    );
    return { list };
  },
  reconcile: async (tx, ctx, { id, list }) => {
    departmentOf(ctx.actor);
    const taken = await findTakenList(tx, list);
    if (!taken) throw unknown();
    const { county } = taken;
    const locked = await ctx.journal.lock(tx, { id, county, subjects: subjectsOf(list) });
    if ((await findTakenList(tx, list))?.reconciledOn)
      throw conflict('alreadyReconciled', '这份名单已确认核对完成，不必重复确认。');
    const live = await findListState(tx, list);
    if (!live) throw unknown();
    const body = { list, ...decideReconciled(live) };
    await ctx.journal.append(
      tx,
      ctx,
      [listReconciled.draft({ id, county, on: ctx.today, subjects: subjectsOf(list), body })],
      locked,
    );
    return { list };
  },
  void: async (tx, ctx, { id, list, reason }) => {
    departmentOf(ctx.actor);
    const taken = await findTakenList(tx, list);
    if (!taken) throw unknown();
    const { county } = taken;
    const root = await findTaking(tx, county, list);
    if (root === undefined) throw unknown();
    await replaceStanding(tx, ctx, { county, root, id, type: voidType(listTaken.type), body: { reason } });
    return { list };
  },
};
