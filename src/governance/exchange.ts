// Monthly exchange of data between departments (CM-07): batches, receipts, lists that come back, and how far a month has got.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Day, firstDayOf, lastDayOf, Month } from '../kernel/calendar.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { CensusCounts } from '../person/census.ts';
import type { CensusSender } from '../person/census-fields.ts';
import { Purpose } from '../person/person.ts';

/** The offices of a county that exchange. */
export const Department = z.enum(['civilAffairs', 'health', 'federation', 'publicSecurity']);
export type Department = z.infer<typeof Department>;
export const departmentNames: Readonly<Record<Department, string>> = {
  civilAffairs: '民政部门',
  health: '卫生健康部门',
  federation: '残联',
  publicSecurity: '公安机关',
};

/** `clients`: all who are registered at the month's end · `changes`: whose file moved in the month. Public security gets those at risk instead. */
export const BatchKind = z.enum(['clients', 'changes']);
export type BatchKind = z.infer<typeof BatchKind>;
export const batchKindNames: Readonly<Record<BatchKind, string>> = { clients: '在册人员', changes: '当月变动人员' };

/** Lines are kept this long for a receiver who gives no receipt. */
export const keptDays = 90;
/** Rows of one file: as of the ledger. */
export const mostRows = 50_000;

const count = z.int().min(0).max(1_000_000);
const Remark = z.string().trim().min(2).max(300);

export const exchangeSent = defineEntry({
  type: 'exchange.send',
  summary: '发出部门交换数据',
  body: z.object({
    month: Month,
    sender: Department,
    receiver: Department,
    kind: BatchKind,
    rows: count,
    /** SHA-256 of the lines: sealed, for of a list of one it could be guessed. */
    hash: z.string().length(64).meta({ sealed: true }),
    purpose: Purpose.meta({ sealed: true }),
  }),
  replaceable: true,
});

/** A later receipt of the same batch stands in place of an earlier one. */
export const exchangeReceived = defineEntry({
  type: 'exchange.receive',
  summary: '部门交换数据回执',
  body: z.object({ rows: count, remark: Remark.optional().meta({ sealed: true }) }),
});

export const listTaken = defineEntry({
  type: 'exchangeList.take',
  summary: '部门名单记入当月交换',
  body: z.object({ list: z.uuid(), month: Month, department: Department }),
  replaceable: true,
});

export const Reconciled = z.object({ matched: count, created: count, refused: count, dismissed: count });
export type Reconciled = z.infer<typeof Reconciled>;

export const listReconciled = defineEntry({
  type: 'exchangeList.reconcile',
  summary: '部门名单核对完成',
  body: Reconciled.extend({ list: z.uuid() }),
});

export const exchangeEntries = [exchangeSent, exchangeReceived, listTaken, listReconciled];

export const ExchangeRow = z.object({
  id: z.uuid(),
  month: Month,
  sender: Department,
  receiver: Department,
  kind: BatchKind,
  rows: z.int(),
  sentOn: Day,
  receivedOn: Day.nullable(),
  receivedRows: z.int().nullable(),
});
export type ExchangeRow = z.infer<typeof ExchangeRow>;

export const ExchangeView = ExchangeRow.extend({
  hash: z.string(),
  purpose: z.string(),
  sentAt: z.string(),
  sentBy: z.string(),
  receivedBy: z.string().nullable(),
  remark: z.string().nullable(),
  /** Headers of what the receiver reads. */
  columns: z.array(z.string()),
  /** Whether whoever asks may download it and give a receipt; take it back. */
  mayReceive: z.boolean(),
  /** Whether its lines are still there. */
  kept: z.boolean(),
  mayVoid: z.boolean(),
});
export type ExchangeView = z.infer<typeof ExchangeView>;

/** A receipt that counts as many lines as were sent. */
export const agrees = ({ rows, receivedRows }: Pick<ExchangeRow, 'rows' | 'receivedRows'>): boolean =>
  receivedRows === rows;

/** A list that came from a department; counts while its rows are there, and for good once it is reconciled. */
export const ExchangeListRow = z.object({
  list: z.uuid(),
  month: Month,
  department: Department,
  takenOn: Day,
  reconciledOn: Day.nullable(),
  fileName: z.string().nullable(),
  counts: Reconciled.extend({ waiting: z.int() }).nullable(),
});
export type ExchangeListRow = z.infer<typeof ExchangeListRow>;

/** How far the exchange of a month with one department has got. `disputed`: received, with another count. */
export const MonthState = z.enum(['nothing', 'sent', 'disputed', 'received', 'returned', 'reconciled']);
export type MonthState = z.infer<typeof MonthState>;

export const decideState = (
  batches: readonly Pick<ExchangeRow, 'rows' | 'receivedOn' | 'receivedRows'>[],
  lists: readonly Pick<ExchangeListRow, 'reconciledOn'>[],
): MonthState => {
  if (lists.some(({ reconciledOn }) => reconciledOn !== null)) return 'reconciled';
  if (lists.length > 0) return 'returned';
  if (batches.some((batch) => batch.receivedOn !== null && agrees(batch))) return 'received';
  if (batches.some(({ receivedOn }) => receivedOn !== null)) return 'disputed';
  return batches.length > 0 ? 'sent' : 'nothing';
};

const cites = ['CM-07'];
const rule = (code: string, message: string, kind: 'rule' | 'conflict' = 'rule'): Refusal =>
  new Refusal(code, message, { kind, cites });

/** The department that an office of a county speaks for. Refuses (`countyOnly`) a town: exchange is between the county's departments. */
export const departmentOf = ({ role, scope }: { readonly role: Role; readonly scope: string }): Department => {
  const department = Department.parse(role);
  if (scope.length !== 6)
    throw new Refusal('countyOnly', '部门间的数据交换由县级部门办理，请报县级部门发送或接收（CM-07）。', {
      kind: 'access',
      cites,
    });
  return department;
};

/** Refuses a month to come. */
export const checkMonth = (month: Month, today: Day): void => {
  if (firstDayOf(month) > today) throw rule('monthAhead', `${month} 还没有开始，请选择本月或以前的月份。`);
};

/** The last day that a batch of the month tells of: the month's end, or today while the month lasts. */
export const asOfMonth = (month: Month, today: Day): Day => (lastDayOf(month) < today ? lastDayOf(month) : today);

/** Refuses what goes to oneself, and a second batch of the kind while the first stands and is not disputed. */
export const checkSending = (
  batch: Pick<ExchangeRow, 'sender' | 'receiver' | 'kind'>,
  earlier: readonly ExchangeRow[],
): void => {
  if (batch.sender === batch.receiver) throw rule('ownDepartment', '不能发给本部门，请选择其他部门。');
  const same = earlier.find(
    (one) =>
      one.sender === batch.sender &&
      one.receiver === batch.receiver &&
      one.kind === batch.kind &&
      (one.receivedOn === null || agrees(one)),
  );
  if (same)
    throw rule(
      'alreadySent',
      `本月已于 ${same.sentOn} 向${departmentNames[batch.receiver]}发送过同类数据。确需重发的，请先作废原来的一批。`,
      'conflict',
    );
};

/** Refuses a second receipt after one that agreed, and a differing count that nobody explains. */
export const checkReceipt = (
  batch: Pick<ExchangeRow, 'rows' | 'receivedOn' | 'receivedRows'>,
  receipt: { readonly rows: number; readonly remark?: string | undefined },
): void => {
  if (batch.receivedOn !== null && agrees(batch))
    throw rule('alreadyReceived', '这批数据已经回执，核对无误，不能再次回执。', 'conflict');
  if (receipt.rows !== batch.rows && receipt.remark === undefined)
    throw new Refusal(
      'remarkMissing',
      `收到 ${receipt.rows} 行，与发出的行数不一致。请核对文件；确实不一致的，请在备注中说明后回执。`,
      { fields: { remark: '行数不一致时须说明' }, cites },
    );
};

const departmentOfSender: Readonly<Record<CensusSender, Department>> = {
  federation: 'federation',
  health: 'health',
  civil: 'civilAffairs',
};

/** Whose list it is. Refuses (`ownList`) one's own: it came from no other department. */
export const decideDepartment = (sender: CensusSender): Department => {
  const department = departmentOfSender[sender];
  if (department === 'civilAffairs')
    throw rule('ownList', '这是民政部门自己的名单，不是其他部门返回的数据，不能记入部门交换。');
  return department;
};

/** What the census made of a list, for the receipt that stays. Refuses (`notImported`, `stillWaiting`) while rows are open. */
export const decideReconciled = (list: {
  readonly status: string;
  readonly counts: CensusCounts;
  readonly waiting: number;
}): Reconciled => {
  if (list.status !== 'imported') throw rule('notImported', '这份名单还没有导入，请先在“摸底名单”中导入。');
  if (list.waiting > 0)
    throw rule('stillWaiting', `还有 ${list.waiting} 行待人工核对，请先在“待核对”中逐行处理，再确认核对完成。`);
  return reconciledOf(list.counts);
};

export const reconciledOf = (counts: CensusCounts): Reconciled => {
  const sum = (...outcomes: (keyof CensusCounts)[]): number =>
    outcomes.reduce((total, outcome) => total + (counts[outcome] ?? 0), 0);
  return {
    matched: sum('match', 'update', 'linked', 'updated'),
    created: sum('create', 'created'),
    refused: sum('refuse'),
    dismissed: sum('dismissed'),
  };
};
