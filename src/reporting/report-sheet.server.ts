// A report as a workbook in the layout that an office files: the table of the place, its towns, the text.
import { buffer } from 'node:stream/consumers';
import { dayAt, timeAt } from '../kernel/calendar.ts';
import { type WriteSheet, type WriteValue, writeSheets } from '../kernel/sheet-write.ts';
import { fullNameOfDivision, nameOfDivision } from '../network/division.ts';
import { nameOfReport, type Report, sectionsOf } from './report.ts';
import { columnsOfKind, type FigureKey, type FigureValues, noteWithoutData } from './report-figures.ts';
import { isLate, kindOfPeriod, nameOfPeriod, textOfDue } from './report-period.ts';

const columnsOf = ({ period }: Report) => columnsOfKind(kindOfPeriod(period));

const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '—' : `${(value * 100).toFixed(1)}%`;

/** A report as one reader may have it: `hidden` totals are left out of a copy that is not exact. */
interface Copy {
  readonly report: Report;
  readonly exact: boolean;
  readonly hidden: readonly FigureKey[];
}

const timeOf = ({ filedOn, filedAt, dueBefore }: Report): string =>
  dueBefore && filedAt ? `${dayAt(filedAt)} ${timeAt(filedAt)}` : (filedOn ?? '');

/** Lines at the foot: who filled it in, the seal, and the hash by which the file can be told from the filed report. */
const signature = (report: Report): string[] => [
  noteWithoutData,
  '填报单位（盖章）：                    单位负责人：                    填报人：                    联系电话：',
  report.filedOn === null
    ? '草稿，尚未报送'
    : `报送时间：${timeOf(report)}${isLate(report, { on: report.filedOn, at: report.filedAt }) ? `（逾期，应于 ${textOfDue(report)} 前报送）` : ''}  内容摘要：${report.hash ?? ''}`,
];

const titleOf = (report: Report, what: string): string[] => [
  `${nameOfDivision(report.area)}精神障碍社区康复服务${what}`,
  `${nameOfPeriod(report.period)}  数据截至 ${report.asOf}  填报单位：${report.organisation}  单位：个、人、人次`,
];

const rowOf = (report: Report, values: FigureValues): WriteValue[] =>
  columnsOf(report).map(({ key, format }) =>
    format === 'percent' && values[key] == null ? '—' : (values[key] ?? null),
  );

const hiddenNote =
  '为保护个人信息，不足 5 人的数字，以及能推算出这些数字的数字，不予显示，以“＊”代替；分乡镇（街道）明细不列。';

const summarySheet = ({ report, exact, hidden }: Copy): WriteSheet => {
  const { total, rate, yearBefore, sessionsAsked } = report.figures;
  const note = (key: FigureKey): string | null => {
    if (key === 'rate' && rate?.target) return `年度目标 ${percent(rate.target)}`;
    return key === 'enoughSessions' && sessionsAsked ? `每人每月 ${sessionsAsked} 次` : null;
  };
  const rows = columnsOf(report).map(({ key, group, header, format }, index): WriteValue[] => [
    index + 1,
    group,
    header,
    hidden.includes(key) ? '＊' : format === 'percent' ? percent(total[key]) : (total[key] ?? null),
    ...(yearBefore ? [format === 'percent' ? percent(yearBefore[key]) : (yearBefore[key] ?? null)] : []),
    note(key),
  ]);
  return {
    name: '进展情况统计表',
    title: titleOf(report, exact ? '进展情况统计表' : '进展情况统计表（公开稿）'),
    orientation: 'portrait',
    columns: [
      { header: '序号', width: 6, format: 'integer' },
      { header: '类别', width: 24 },
      { header: '指标', width: 28 },
      { header: '数值', width: 14, format: 'integer' },
      ...(yearBefore ? [{ header: '上年同期', width: 14, format: 'integer' as const }] : []),
      { header: '备注', width: 20 },
    ],
    rows,
    notes: exact ? signature(report) : [noteWithoutData, hiddenNote],
  };
};

const townSheet = (report: Report): WriteSheet => ({
  name: '分乡镇（街道）明细',
  title: titleOf(report, '进展情况分乡镇（街道）明细表'),
  columns: [
    { header: '序号', width: 6, format: 'integer' },
    { header: '乡镇（街道）', width: 20 },
    ...columnsOf(report).map(({ header, group, format }) => ({ header, group, format, width: 9 })),
  ],
  rows: [
    ...report.figures.rows.map(({ area, values }, index) => [
      index + 1,
      area === report.county ? '县（区）本级' : nameOfDivision(area),
      ...rowOf(report, values),
    ]),
    [null, { value: '合计', tone: 'strong' as const }, ...rowOf(report, report.figures.total)],
  ],
  notes: signature(report),
});

const textSheet = (report: Report): WriteSheet => ({
  name: '文字报告',
  title: titleOf(report, '进展情况报告'),
  orientation: 'portrait',
  columns: [
    { header: '部分', width: 18 },
    { header: '内容', width: 76 },
  ],
  rows: sectionsOf(report.period).flatMap(({ key, name }) =>
    (report.text[key] || '—').split('\n').map((line, index) => [index === 0 ? name : null, line]),
  ),
  notes: signature(report),
});

export const sheetOfReport = async (copy: Copy): Promise<File> => {
  const { report, exact } = copy;
  const sheets = [
    summarySheet(copy),
    ...(exact && report.area === report.county ? [townSheet(report)] : []),
    textSheet(report),
  ];
  const kind = `${exact ? '' : '（公开稿）'}${report.filedOn === null ? '（草稿）' : ''}`;
  return new File(
    [await buffer(writeSheets(sheets))],
    `${fullNameOfDivision(report.area)}${nameOfReport(report.period)}${kind}.xlsx`,
    { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  );
};
