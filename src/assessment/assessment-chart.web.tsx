// Scores over time, one line per instrument: for the history page and the person's file.
import { useTranslation } from 'react-i18next';
import { Chart } from '../web/chart.tsx';
import { palette } from '../web/theme.ts';
import { type AssessmentView, seriesOf } from './assessment.ts';
import type { Instrument } from './instrument.ts';

interface AssessmentChartProps {
  readonly assessments: readonly AssessmentView[];
  readonly instruments: readonly Instrument[];
}

/** Nothing where no instrument has been scored twice: one point is no change. */
export const AssessmentChart = ({ assessments, instruments }: AssessmentChartProps) => {
  const { t } = useTranslation('assessment');
  const series = [...seriesOf(assessments)].filter(([, points]) => points.length > 1);
  if (series.length === 0) return null;
  const nameOf = (id: string): string => instruments.find((instrument) => instrument.id === id)?.short ?? id;
  const days = [...new Set(series.flatMap(([, points]) => points.map(({ on }) => on)))].sort();
  return (
    <Chart
      title={t('chart.title')}
      summary={t('chart.summary')}
      option={{
        color: [...palette.series],
        legend: { top: 0 },
        tooltip: { trigger: 'axis' },
        xAxis: { type: 'category', data: days },
        yAxis: { type: 'value' },
        series: series.map(([id, points]) => ({
          type: 'line',
          name: nameOf(id),
          connectNulls: true,
          data: days.map((day) => points.findLast(({ on }) => on === day)?.total ?? null),
        })),
      }}
      table={{
        columns: [t('chart.on'), ...series.map(([id]) => nameOf(id))],
        rows: days.map((day) => [
          day,
          ...series.map(([, points]) => points.findLast(({ on }) => on === day)?.total ?? null),
        ]),
      }}
    />
  );
};
