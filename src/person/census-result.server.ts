// The result file of a list: one line per row of the file, what came of it and why; read and written a page at a time.
import type { Tx } from '../kernel/database.ts';
import type { WriteSheet, WriteValue } from '../kernel/sheet-write.ts';
import { type CensusListRow, findList, listOutcomesAfter, type OutcomeRow } from './census.sql.ts';
import { censusOutcomeNames } from './census.ts';
import { describeProblem } from './census-row.ts';
import { maskName } from './identity.ts';

const senderNames = { federation: '残联', health: '卫健', civil: '民政' } as const;
const pageSize = 1000;

const line = (row: OutcomeRow): WriteValue[] => {
  const outcome = row.outcome ?? row.planned;
  const differences = (row.plan?.differences ?? []).map(
    ({ label, before, after, taken }) => `${label}：${before ?? '（无）'} → ${after}${taken ? '' : '（档案不改）'}`,
  );
  return [
    row.sheet,
    row.rowNumber,
    row.reading?.row.name ? maskName(row.reading.row.name) : '',
    outcome ? censusOutcomeNames[outcome] : '尚未处理',
    (row.plan?.reasons ?? []).join('；'),
    differences.join('；'),
    (row.reading?.problems ?? [])
      .map((problem) => describeProblem({ sheet: '', rowNumber: row.rowNumber }, problem))
      .join('；'),
  ];
};

async function* outcomes(tx: Tx, list: CensusListRow): AsyncGenerator<OutcomeRow> {
  let after = -1;
  for (;;) {
    const rows = await listOutcomesAfter(tx, list, after, pageSize);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = last.position;
  }
}

async function* lines(tx: Tx, list: CensusListRow): AsyncGenerator<WriteValue[]> {
  for await (const row of outcomes(tx, list)) yield line(row);
}

export interface RowResult {
  readonly sheet: string;
  readonly row: number;
  readonly outcome: string | null;
  readonly reasons: readonly string[];
}

/** What every row of a list came to, without personal data: for the command line. */
export const listRowResults = async (tx: Tx, id: string): Promise<RowResult[]> => {
  const list = await findList(tx, id);
  if (!list) return [];
  return Array.fromAsync(outcomes(tx, list), ({ sheet, rowNumber, outcome, planned, plan, reading }) => ({
    sheet,
    row: rowNumber,
    outcome: outcome ?? planned,
    reasons: [
      ...(plan?.reasons ?? []),
      ...(reading?.problems ?? []).map(({ header, reason }) => `${header}：${reason}`),
    ],
  }));
};

export const resultSheet = (tx: Tx, list: CensusListRow): WriteSheet => ({
  name: '逐行结果',
  title: [
    `${list.fileName} 导入结果`,
    `${senderNames[list.sender]}名单，名单日期 ${list.listedOn}；${list.status === 'imported' ? '已导入' : '试算，尚未写入'}`,
  ],
  columns: [
    { header: '工作表', width: 14 },
    { header: '行号', width: 8, format: 'integer' },
    { header: '姓名', width: 10 },
    { header: '结果', width: 22 },
    { header: '原因', width: 40 },
    { header: '与档案的差异', width: 50 },
    { header: '读入时的问题', width: 50 },
  ],
  rows: lines(tx, list),
  notes: ['姓名已脱敏，请按行号对照原名单。'],
});
