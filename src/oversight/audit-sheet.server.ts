// The audit's lines as a workbook: who, when, from where, what and about which file numbers; no names of persons.
import { buffer } from 'node:stream/consumers';
import { dayAt, timeAt } from '../kernel/calendar.ts';
import { type WriteColumn, writeSheets } from '../kernel/sheet-write.ts';
import { type AuditRow, kindNames } from './audit.ts';

const columns: readonly { column: WriteColumn; value: (row: AuditRow) => string | null }[] = [
  { column: { header: '序号', width: 10 }, value: ({ seq }) => String(seq) },
  { column: { header: '日期', width: 12, format: 'day' }, value: ({ at }) => dayAt(at) },
  { column: { header: '时间', width: 8 }, value: ({ at }) => timeAt(at) },
  { column: { header: '用户名', width: 18 }, value: ({ actor }) => actor },
  { column: { header: '账号姓名', width: 12 }, value: ({ actorName }) => actorName },
  { column: { header: '机构', width: 24 }, value: ({ organisationName }) => organisationName },
  { column: { header: '网络地址', width: 16 }, value: ({ address }) => address },
  { column: { header: '类别', width: 14 }, value: ({ kind }) => kindNames[kind] },
  { column: { header: '操作', width: 26 }, value: ({ summary }) => summary },
  {
    column: { header: '结果', width: 16 },
    value: ({ outcome }) => (outcome === 'ok' ? '成功' : `未办理（${outcome}）`),
  },
  { column: { header: '涉及的档案编号', width: 40 }, value: ({ persons }) => persons.join('，') },
  {
    column: { header: '说明', width: 40 },
    value: ({ details }) => (Object.keys(details).length ? JSON.stringify(details) : null),
  },
];

const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const auditSheet = async (
  rows: readonly AuditRow[],
  { from, to }: { from: string; to: string },
  watermark: string,
): Promise<File> => {
  const sheet = {
    name: '审计记录',
    title: ['审计记录', `${from} 至 ${to}　共 ${rows.length} 条`],
    columns: columns.map(({ column }) => column),
    rows: rows.map((row) => columns.map(({ value }) => value(row))),
    notes: ['仅供审计使用，请按规定保管，用后删除。'],
    watermark,
  };
  return new File([await buffer(writeSheets([sheet]))], `审计记录-${from}-${to}.xlsx`, { type: sheetType });
};
