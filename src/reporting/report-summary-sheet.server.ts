// The tables that a county's towns filed of a period as one workbook: a row per town, their sum, and who was late or has not filed.
import { buffer } from 'node:stream/consumers';
import { dayAt, timeAt } from '../kernel/calendar.ts';
import { type WriteCell, type WriteSheet, type WriteValue, writeSheets } from '../kernel/sheet-write.ts';
import type { ReportSummary } from './report.api.ts';
import { nameOfReport, type ReportStatus } from './report.ts';
import { columnsOfKind, type FigureValues, noteWithoutData } from './report-figures.ts';
import { kindOfPeriod, textOfDue } from './report-period.ts';

const statusWords: Readonly<Record<ReportStatus, string>> = {
  filed: '按时报送',
  filedLate: '逾期报送',
  due: '待报送',
  overdue: '逾期未报',
  notDue: '未到期',
};

const tones = { filed: 'good', filedLate: 'warn', due: 'plain', overdue: 'bad', notDue: 'muted' } as const;

const summarySheet = ({ countyName, period, rows, total, ...due }: ReportSummary): WriteSheet => {
  const columns = columnsOfKind(kindOfPeriod(period));
  const cells = (values: FigureValues | null): WriteValue[] =>
    columns.map(({ key, format }) =>
      values === null ? null : format === 'percent' && values[key] == null ? '—' : (values[key] ?? null),
    );
  const of = (status: ReportStatus): string =>
    rows
      .filter((row) => row.status === status)
      .map(({ areaName }) => areaName)
      .join('、') || '无';
  const filed = rows.filter(({ values }) => values !== null).length;
  const line = (row: ReportSummary['rows'][number], index: number): (WriteValue | WriteCell)[] => [
    index + 1,
    row.areaName,
    { value: statusWords[row.status], tone: tones[row.status] },
    row.filedAt === null ? null : `${dayAt(row.filedAt)} ${timeAt(row.filedAt)}`,
    ...cells(row.values),
    row.remarks || null,
  ];
  return {
    name: '汇总表',
    title: [
      `${countyName}精神障碍社区康复服务${nameOfReport(period)}汇总`,
      `应于 ${textOfDue(due)} 前报送  应报 ${rows.length} 个，已报 ${filed} 个  单位：个、人、人次`,
    ],
    columns: [
      { header: '序号', width: 6, format: 'integer' },
      { header: '乡镇（街道）', width: 18 },
      { header: '报送情况', width: 12 },
      { header: '报送时间', width: 17 },
      ...columns.map(({ header, group, format }) => ({ header, group, format, width: 9 })),
      { header: '备注', width: 30 },
    ],
    rows: [
      ...rows.map(line),
      [null, { value: '已报合计', tone: 'strong' as const }, null, null, ...cells(total), null],
    ],
    notes: [
      `逾期报送：${of('filedLate')}。逾期未报：${of('overdue')}。`,
      '未报送的乡镇（街道）不在合计之内。',
      noteWithoutData,
    ],
  };
};

export const sheetOfSummary = async (summary: ReportSummary): Promise<File> =>
  new File(
    [await buffer(writeSheets([summarySheet(summary)]))],
    `${summary.countyName}${nameOfReport(summary.period)}汇总.xlsx`,
    { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  );
