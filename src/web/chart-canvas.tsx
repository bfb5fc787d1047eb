// The drawing of a chart; its own chunk, with only the kinds of chart and parts that pages use.
import { BarChart, type BarSeriesOption, LineChart, type LineSeriesOption } from 'echarts/charts';
import {
  AriaComponent,
  GridComponent,
  type GridComponentOption,
  LegendComponent,
  type LegendComponentOption,
  MarkLineComponent,
  type MarkLineComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
} from 'echarts/components';
import { type ComposeOption, type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { palette } from './theme.ts';

use([
  BarChart,
  LineChart,
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  SVGRenderer,
]);

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | LineSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | MarkLineComponentOption
  | TooltipComponentOption
>;

const text = { color: '#3d4d50', fontSize: 12, fontFamily: 'inherit' };

/** SVG scales in print; no movement, so that a picture is the same at any moment. */
const base: ChartOption = {
  color: [...palette.series],
  animation: false,
  textStyle: text,
  grid: { left: 8, right: 16, top: 16, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
  tooltip: { trigger: 'axis', confine: true },
};

interface CanvasProps {
  readonly option: ChartOption;
  readonly summary: string;
  readonly height: number;
  readonly onPick?: (name: string) => void;
}

const ChartCanvas = ({ option, summary, height, onPick }: CanvasProps) => {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const drawn = init(element, undefined, { renderer: 'svg' });
    chart.current = drawn;
    const watch = new ResizeObserver(() => drawn.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      drawn.dispose();
    };
  }, []);
  useEffect(() => {
    const grid = option.legend === undefined ? base.grid : { ...base.grid, top: 36 };
    chart.current?.setOption({ ...base, grid, ...option }, true);
  }, [option]);
  useEffect(() => {
    const drawn = chart.current;
    if (drawn === undefined || onPick === undefined) return;
    drawn.on('click', ({ name }) => onPick(name));
    return () => {
      drawn.off('click');
    };
  }, [onPick]);
  return <div ref={place} role="img" aria-label={summary} className="kt-chart-canvas" style={{ height }} />;
};

export default ChartCanvas;
