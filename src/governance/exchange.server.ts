// Handlers of the exchange between departments: a batch from live data, its download and receipt, and the state of a month.
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type Actor, inScope } from '../kernel/access.ts';
import { addDays, firstDayOf } from '../kernel/calendar.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import type { Day, Month } from '../kernel/contract.ts';
import { type Tx, withCountyReach } from '../kernel/database.ts';
import { type EntryDraft, voidType } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { type WriteSheet, writeSheets } from '../kernel/sheet-write.ts';
import { nameOfDivision } from '../network/division.ts';
import { recordExport } from '../oversight/export.server.ts';
import { checkClass } from '../person/field-class.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { listAtRisk } from '../safety/risk.server.ts';
import type { exchangeApi } from './exchange.api.ts';
import {
  deleteLines,
  type ExchangeWork,
  type FoundExchange,
  findExchange,
  hasLines,
  insertLines,
  listExchanged,
  listExchanges,
  listExchangeTurns,
  listLines,
} from './exchange.sql.ts';
import {
  agrees,
  asOfMonth,
  type BatchKind,
  batchKindNames,
  checkMonth,
  checkReceipt,
  checkSending,
  Department,
  decideState,
  departmentNames,
  departmentOf,
  exchangeReceived,
  exchangeSent,
  keptDays,
  mostRows,
} from './exchange.ts';
import { type Cells, exchangeColumns, personCells, riskCells } from './exchange-columns.ts';
import { listMonthLists } from './exchange-list.server.ts';
import { replaceStanding } from './replace.server.ts';

type ExchangeHandlers = Handlers<typeof exchangeApi>;
type Lines = { person: string; cells: Cells }[];

const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

interface Batch {
  readonly county: string;
  readonly month: Month;
  readonly sender: Department;
  readonly receiver: Department;
  readonly kind: BatchKind;
}

/** The lines of a batch as of the month's end, with what both departments may read. Refuses (`tooMany`). */
const composeLines = async (
  tx: Tx,
  ctx: Ctx,
  { county, month, kind, on: sentOn, ...ends }: Batch & { readonly on: Day },
): Promise<Lines> => {
  const on = asOfMonth(month, sentOn);
  const from = kind === 'changes' ? firstDayOf(month) : null;
  if (ends.receiver === 'publicSecurity') {
    checkClass(ctx.actor, 'risk');
    const risks = await listAtRisk(tx, county, mostRows + 1);
    return riskCells(
      ends,
      risks.filter(({ assessedOn }) => assessedOn <= on && (from === null || assessedOn >= from)),
    );
  }
  return personCells(ends, await listExchanged(tx, { county, on, from, limit: mostRows + 1 }));
};

interface Sending extends Batch, Pick<EntryDraft, 'id' | 'on' | 'recorded'> {
  readonly purpose: string;
}

/** Records a batch as it is sent on `on` and keeps its lines for the receiver. Returns how many they are. */
export const sendBatch = async (
  tx: Tx,
  ctx: Ctx,
  { id, on, recorded, purpose, ...batch }: Sending,
  { kept = true }: { readonly kept?: boolean } = {},
): Promise<number> => {
  const { county, ...ends } = batch;
  const lines = await composeLines(tx, ctx, { ...batch, on });
  if (lines.length > mostRows) throw new Refusal('tooMany', `一批最多 ${mostRows} 人，请改发当月变动人员。`);
  const hash = createHash('sha256')
    .update(canonicalJson(lines.map(({ cells }) => cells)))
    .digest('hex');
  const about = { id, county, on, subjects: [{ kind: 'record' as const, id }], ...(recorded && { recorded }) };
  const draft = exchangeSent.draft({ ...about, body: { ...ends, purpose, rows: lines.length, hash } });
  await ctx.journal.append(tx, ctx, [draft]);
  if (kept) await insertLines(tx, { county, exchange: id }, lines);
  return lines.length;
};

const getExchange = async (tx: Tx, { actor }: Ctx, id: string): Promise<FoundExchange> => {
  const found = await findExchange(tx, id);
  // Civil affairs leads and sees them all; another department its own.
  const own = found && (actor.role === 'civilAffairs' || [found.sender, found.receiver].some((x) => x === actor.role));
  if (!found || !own || actor.scope.length > 6 || !inScope(actor, found.county))
    throw new Refusal('notFound', '没有找到这批交换数据，它可能已作废，或与本部门无关。', { kind: 'absent' });
  return found;
};

const getReceived = async (tx: Tx, ctx: Ctx, id: string): Promise<FoundExchange> => {
  const own = departmentOf(ctx.actor);
  const found = await getExchange(tx, ctx, id);
  if (found.receiver !== own)
    throw new Refusal('notReceiver', `这批数据是发给${departmentNames[found.receiver]}的，由对方下载、回执。`, {
      kind: 'access',
      cites: ['CM-07'],
    });
  return found;
};

/** Lines of persons whom public security, which sees nobody, was sent. */
const withLines = <T>(tx: Tx, { actor }: Ctx, county: string, work: () => Promise<T>): Promise<T> =>
  actor.role === 'publicSecurity' ? withCountyReach(tx, work, county) : work();

const send: ExchangeHandlers['send'] = async (tx, ctx, { id, month, to, kind, purpose }) => {
  const sender = departmentOf(ctx.actor);
  const county = ctx.actor.scope;
  checkMonth(month, ctx.today);
  const batch = { county, month, sender, receiver: to, kind };
  const earlier = await listExchanges(tx, { area: county, month, of: sender, waitingFor: null, limit: 200, offset: 0 });
  checkSending(batch, earlier.rows);
  await deleteLines(tx, county, { sentBefore: addDays(ctx.today, -keptDays) });
  return { exchange: id, rows: await sendBatch(tx, ctx, { ...batch, id, purpose, on: ctx.today }) };
};

const get: ExchangeHandlers['get'] = async (tx, ctx, { exchange }) => {
  const { county, ...found } = await getExchange(tx, ctx, exchange);
  const { role, scope } = ctx.actor;
  const mine = (department: Department): boolean => scope.length === 6 && role === department;
  return {
    ...found,
    columns: exchangeColumns(found).map(({ column }) => column.header),
    mayReceive: mine(found.receiver) && !(found.receivedOn !== null && agrees(found)),
    kept: found.rows === 0 || (await withLines(tx, ctx, county, () => hasLines(tx, county, exchange))),
    mayVoid: mine(found.sender),
  };
};

const sheetOf = (found: FoundExchange, lines: readonly Cells[], watermark: string): WriteSheet => {
  const columns = exchangeColumns(found);
  return {
    name: '部门交换数据',
    title: [
      `${nameOfDivision(found.county)}${found.month} 精神障碍患者信息交换`,
      `${departmentNames[found.sender]} → ${departmentNames[found.receiver]}　${batchKindNames[found.kind]}　发出 ${found.sentOn}`,
      `校验码：${found.hash}`,
    ],
    columns: columns.map(({ column }) => column),
    rows: lines.map((cells) => columns.map(({ key }) => cells[key] ?? null)),
    notes: ['请清点行数后回执（CM-07）。', '含个人信息，请按规定保管，用后删除。'],
    watermark,
  };
};

const download: ExchangeHandlers['download'] = async (tx, ctx, { exchange, purpose }) => {
  const found = await getReceived(tx, ctx, exchange);
  const lines = await withLines(tx, ctx, found.county, () => listLines(tx, found.county, exchange));
  if (lines.length === 0 && found.rows > 0)
    throw new Refusal(
      'notKept',
      `回执无误或发出满 ${keptDays} 日后，名单内容不再保留。仍需要的，请对方作废后重新发送。`,
      { kind: 'absent', cites: ['CM-07'] },
    );
  const { watermark } = await recordExport(tx, ctx, {
    ...{ kind: 'exchange', purpose, filter: { month: found.month, sender: found.sender } },
    rows: new Map([[found.county, lines.length]]),
  });
  // A line whose person's key is destroyed is a text in its place.
  const cells = lines.map((line): Cells => (typeof line.cells === 'string' ? { name: line.cells } : line.cells));
  const name = `部门交换数据-${found.month}-${departmentNames[found.sender]}.xlsx`;
  return new File([await buffer(writeSheets([sheetOf(found, cells, watermark)]))], name, { type: sheetType });
};

const receive: ExchangeHandlers['receive'] = async (tx, ctx, { id, exchange, ...receipt }) => {
  const { county } = await getReceived(tx, ctx, exchange);
  const subjects = [{ kind: 'record' as const, id: exchange }];
  const locked = await ctx.journal.lock(tx, { id, county, subjects });
  const found = await getReceived(tx, ctx, exchange);
  checkReceipt(found, receipt);
  const draft = exchangeReceived.draft({ id, county, on: ctx.today, subjects, body: receipt });
  await ctx.journal.append(tx, ctx, [draft], locked);
  const isWhole = receipt.rows === found.rows;
  if (isWhole) await withLines(tx, ctx, county, () => deleteLines(tx, county, { exchange }));
  return { exchange, agrees: isWhole };
};

const takeBack: ExchangeHandlers['void'] = async (tx, ctx, { id, exchange, reason }) => {
  const own = departmentOf(ctx.actor);
  const { county, sender } = await getExchange(tx, ctx, exchange);
  if (sender !== own)
    throw new Refusal('notSender', `这批数据由${departmentNames[sender]}发出，请由对方作废。`, {
      kind: 'access',
      cites: ['CM-07'],
    });
  await replaceStanding(tx, ctx, { county, root: exchange, id, type: voidType(exchangeSent.type), body: { reason } });
  await withCountyReach(tx, () => deleteLines(tx, county, { exchange }), county);
  return { exchange };
};

const list: ExchangeHandlers['list'] = async (tx, ctx, { month, waiting = false, page, pageSize }) => {
  const { role, scope } = ctx.actor;
  const own = Department.parse(role);
  if (scope.length > 6) return { rows: [], total: 0 };
  return listExchanges(tx, {
    ...{ area: scope, month, of: own === 'civilAffairs' ? null : own, waitingFor: waiting ? own : null },
    ...{ limit: pageSize, offset: (page - 1) * pageSize },
  });
};

const viewOf = ({ role, scope }: Actor): Department => (scope.length < 6 ? 'civilAffairs' : Department.parse(role));

const month: ExchangeHandlers['month'] = async (tx, ctx, { month, county = ctx.actor.scope }) => {
  const own = viewOf(ctx.actor);
  const others = Department.options.filter((one) => one !== own);
  const isCounty = county.length === 6 && inScope(ctx.actor, county);
  if (!isCounty) throw new Refusal('outOfScope', '请选择管辖范围内的一个县（市、区）。', { kind: 'access' });
  const batches = await listExchanges(tx, { area: county, month, of: own, waitingFor: null, limit: 200, offset: 0 });
  const lists = await listMonthLists(tx, county, month);
  return {
    ...{ month, own },
    rows: others.map((department) => {
      const between = batches.rows.filter(({ sender, receiver }) => sender === department || receiver === department);
      // Lists come to civil affairs, which keeps the census.
      const ofPair = lists.filter((one) =>
        own === 'civilAffairs'
          ? one.department === department
          : department === 'civilAffairs' && one.department === own,
      );
      return { department, state: decideState(between, ofPair), batches: between, lists: ofPair };
    }),
  };
};

export type { ExchangeWork };
/** What waits for the actor's department of the county: the exchange is nobody else's work. */
export const listExchangeWork = (tx: Tx, { actor }: Ctx): Promise<ExchangeWork[]> =>
  listExchangeTurns(tx, actor.scope, departmentOf(actor));

export const exchangeHandlers: ExchangeHandlers = { send, list, get, download, receive, void: takeBack, month };
