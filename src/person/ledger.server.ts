// The ledger of persons (BZ-26) as a workbook. Personal data leaves the product here, so each export is an entry of each county in it.
import { buffer } from 'node:stream/consumers';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { type WriteColumn, type WriteSheet, writeSheets } from '../kernel/sheet-write.ts';
import { fullNameOfDivision, nameOfDivision } from '../network/division.ts';
import { recordExport } from '../oversight/export.server.ts';
import type { Ctx } from '../policy/context.ts';
import { nameOfStage } from './file.ts';
import { type LedgerRow, listLedger, type PersonFilter } from './people.sql.ts';
import type { PersonSort } from './people.ts';

/** Rows of one file: more than any county of the packs has, and still a file that office programs open. */
const ledgerLimit = 50_000;

const sexNames = { male: '男', female: '女', unknown: '不详' } as const;

const columns: readonly { column: WriteColumn; value: (row: LedgerRow) => string | null }[] = [
  { column: { header: '姓名', width: 12, group: '基本信息' }, value: ({ name }) => name },
  { column: { header: '性别', width: 6, group: '基本信息' }, value: ({ sex }) => sexNames[sex] },
  { column: { header: '出生日期', width: 12, format: 'day', group: '基本信息' }, value: ({ birthDate }) => birthDate },
  { column: { header: '身份证号', width: 22, group: '基本信息' }, value: ({ idNumber }) => idNumber },
  {
    column: { header: '残疾人证号', width: 24, group: '基本信息' },
    value: ({ certificateNumber }) => certificateNumber,
  },
  {
    column: { header: '乡镇（街道）', width: 18, group: '基本信息' },
    value: ({ town }) => town && nameOfDivision(town),
  },
  { column: { header: '村（社区）', width: 14, group: '基本信息' }, value: ({ village }) => village },
  { column: { header: '住址', width: 24, group: '基本信息' }, value: ({ address }) => address },
  { column: { header: '联系电话', width: 14, group: '基本信息' }, value: ({ phone }) => phone },
  { column: { header: '姓名', width: 12, group: '监护人' }, value: ({ guardian }) => guardian?.name ?? null },
  { column: { header: '关系', width: 8, group: '监护人' }, value: ({ guardian }) => guardian?.relation ?? null },
  { column: { header: '电话', width: 14, group: '监护人' }, value: ({ guardian }) => guardian?.phone ?? null },
  { column: { header: '阶段', width: 12, group: '服务进展' }, value: ({ stage }) => nameOfStage(stage) },
  { column: { header: '服务机构', width: 20, group: '服务进展' }, value: ({ site }) => site },
  { column: { header: '建档', width: 12, format: 'day', group: '日期' }, value: ({ listedOn }) => listedOn },
  { column: { header: '申请', width: 12, format: 'day', group: '日期' }, value: ({ appliedOn }) => appliedOn },
  { column: { header: '登记', width: 12, format: 'day', group: '日期' }, value: ({ registeredOn }) => registeredOn },
  { column: { header: '接收', width: 12, format: 'day', group: '日期' }, value: ({ acceptedOn }) => acceptedOn },
  { column: { header: '开始服务', width: 12, format: 'day', group: '日期' }, value: ({ inServiceOn }) => inServiceOn },
  { column: { header: '结束', width: 12, format: 'day', group: '日期' }, value: ({ endedOn }) => endedOn },
];

const sheetOf = (
  rows: readonly LedgerRow[],
  ctx: Ctx,
  { area, watermark }: { area: string; watermark: string },
): WriteSheet => ({
  name: '康复对象台账',
  title: [
    '精神障碍社区康复对象台账',
    `${area === '' ? '全部地区' : fullNameOfDivision(area)}　截至 ${ctx.today}　共 ${rows.length} 人`,
  ],
  columns: columns.map(({ column }) => column),
  rows: rows.map((row) => columns.map(({ value }) => value(row))),
  notes: ['含个人信息，请按规定保管，用后删除。'],
  watermark,
});

const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const exportLedger = async (
  tx: Tx,
  ctx: Ctx,
  asked: {
    filter: PersonFilter;
    sort: PersonSort;
    purpose: string;
    said: Readonly<Record<string, string | undefined>>;
  },
): Promise<File> => {
  const rows = await listLedger(tx, asked.filter, { sort: asked.sort, limit: ledgerLimit + 1 });
  if (rows.length > ledgerLimit)
    throw new Refusal('tooMany', `台账一次最多导出 ${ledgerLimit} 人，请按县（市、区）或阶段筛选后分次导出。`);
  const filter = Object.fromEntries(
    Object.entries(asked.said).flatMap(([key, value]) => (value ? [[key, value]] : [])),
  );
  // What was typed to find somebody is itself personal.
  if (filter.search) filter.search = '…';
  const byCounty = new Map(
    Object.entries(Object.groupBy(rows, ({ county }) => county)).map(([county, own]) => [county, own?.length ?? 0]),
  );
  const { watermark } = await recordExport(tx, ctx, {
    kind: 'persons',
    purpose: asked.purpose,
    filter,
    rows: byCounty,
  });
  const sheet = sheetOf(rows, ctx, { area: asked.filter.area, watermark });
  return new File([await buffer(writeSheets([sheet]))], `康复对象台账-${ctx.today}.xlsx`, { type: sheetType });
};
