// Parts of chart options that several pages draw the same way.
import type { MarkLineComponentOption } from 'echarts/components';
import { palette } from './theme.ts';

/** A target as a dashed line with its label inside the chart: `series: [{ …, markLine: targetLine(45, '目标 45%') }]`. */
export const targetLine = (value: number, label: string): MarkLineComponentOption => ({
  symbol: 'none',
  silent: true,
  lineStyle: { color: palette.quiet, type: 'dashed' },
  label: { position: 'insideEndTop', formatter: label, color: palette.quiet },
  data: [{ yAxis: value }],
});
