// A half-yearly report as a workbook in the layout that an office files: the table of the county, the towns, the text.
import { buffer } from 'node:stream/consumers';
import { type WriteSheet, type WriteValue, writeSheets } from '../kernel/sheet-write.ts';
import { fullNameOfDivision, nameOfDivision } from '../network/division.ts';
import { nameOfPeriod, type Report, reportSections, sectionNames } from './report.ts';
import { type FigureKey, type FigureValues, figureColumns } from './report-figures.ts';

const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '—' : `${(value * 100).toFixed(1)}%`;

/** A report as one reader may have it: `hidden` totals are left out of a copy that is not exact. */
interface Copy {
  readonly report: Report;
  readonly exact: boolean;
  readonly hidden: readonly FigureKey[];
}

/** Lines at the foot: who filled it in, the seal, and the hash by which the file can be told from the filed report. */
const signature = (report: Report): string[] => [
  '填报单位（盖章）：                    单位负责人：                    填报人：                    联系电话：',
  report.filedOn === null
    ? '草稿，尚未报送'
    : `报送日期：${report.filedOn}${report.filedOn > report.dueOn ? `（逾期，应于 ${report.dueOn} 前报送）` : ''}  内容摘要：${report.hash ?? ''}`,
];

const titleOf = (report: Report, what: string): string[] => [
  `${nameOfDivision(report.county)}精神障碍社区康复服务${what}`,
  `${nameOfPeriod(report.period)}  数据截至 ${report.asOf}  填报单位：${report.organisation}  单位：个、人、人次`,
];

const rowOf = (values: FigureValues): WriteValue[] =>
  figureColumns.map(({ key, format }) => (format === 'percent' && values[key] == null ? '—' : (values[key] ?? null)));

const hiddenNote =
  '为保护个人信息，不足 5 人的数字，以及能推算出这些数字的数字，不予显示，以“＊”代替；分乡镇（街道）明细不列。';

const summarySheet = ({ report, exact, hidden }: Copy): WriteSheet => {
  const { total, rate } = report.figures;
  const rows = figureColumns.map(({ key, group, header, format }, index): WriteValue[] => [
    index + 1,
    group,
    header,
    hidden.includes(key) ? '＊' : format === 'percent' ? percent(total[key]) : (total[key] ?? null),
    key === 'rate' && rate?.target ? `年度目标 ${percent(rate.target)}` : null,
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
      { header: '备注', width: 20 },
    ],
    rows,
    notes: exact ? signature(report) : [hiddenNote],
  };
};

const townSheet = (report: Report): WriteSheet => ({
  name: '分乡镇（街道）明细',
  title: titleOf(report, '进展情况分乡镇（街道）明细表'),
  columns: [
    { header: '序号', width: 6, format: 'integer' },
    { header: '乡镇（街道）', width: 20 },
    ...figureColumns.map(({ header, group, format }) => ({ header, group, format, width: 9 })),
  ],
  rows: [
    ...report.figures.rows.map(({ area, values }, index) => [
      index + 1,
      area === report.county ? '县（区）本级' : nameOfDivision(area),
      ...rowOf(values),
    ]),
    [null, { value: '合计', tone: 'strong' as const }, ...rowOf(report.figures.total)],
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
  rows: reportSections.flatMap((section) =>
    (report.text[section] || '—').split('\n').map((line, index) => [index === 0 ? sectionNames[section] : null, line]),
  ),
  notes: signature(report),
});

export const sheetOfReport = async (copy: Copy): Promise<File> => {
  const { report, exact } = copy;
  const sheets = [summarySheet(copy), ...(exact ? [townSheet(report)] : []), textSheet(report)];
  const kind = `${exact ? '' : '（公开稿）'}${report.filedOn === null ? '（草稿）' : ''}`;
  return new File(
    [await buffer(writeSheets(sheets))],
    `${fullNameOfDivision(report.county)}${nameOfPeriod(report.period)}进展情况报告${kind}.xlsx`,
    { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
  );
};
