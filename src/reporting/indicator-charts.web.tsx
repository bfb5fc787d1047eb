// The trend by month, and the parts of a place side by side.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart } from '../web/chart.tsx';
import { targetLine } from '../web/chart-option.ts';
import { api } from '../web/client.ts';
import { formatCount, formatRate, formatShownRate } from '../web/format.ts';
import { ProblemAlert } from '../web/message.tsx';
import { palette } from '../web/theme.ts';
import type { IndicatorAnswer, TrendMonth } from './indicator.ts';
import type { IndicatorState } from './indicator-query.ts';

const percent = (value: number | null): number | null => (value === null ? null : Math.round(value * 1000) / 10);
const axis = { type: 'value' as const, min: 0, max: 100, axisLabel: { formatter: '{value}%' } };

const trendOption = (months: readonly TrendMonth[], names: { value: string; target: string }) => ({
  xAxis: { type: 'category' as const, data: months.map(({ month }) => month) },
  yAxis: axis,
  legend: { top: 0, right: 0 },
  series: [
    { type: 'line' as const, name: names.value, data: months.map(({ value }) => percent(value)) },
    {
      type: 'line' as const,
      name: names.target,
      step: 'middle' as const,
      symbol: 'none',
      lineStyle: { type: 'dashed' as const, color: palette.quiet },
      itemStyle: { color: palette.quiet },
      data: months.map(({ target }) => percent(target)),
    },
  ],
});

export const Trend = ({ answer }: { answer: IndicatorAnswer }) => {
  const { t } = useTranslation('reporting');
  const { indicator, area, site, on } = answer;
  const input = { indicator, area, ...(site !== null && { site }), to: on.slice(0, 7) };
  const { data, error } = useQuery({
    ...api.indicator.trend.queryOptions({ input }),
    placeholderData: (before) => before,
  });
  const months = useMemo(() => (data?.months ?? []).filter(({ inForce }) => inForce), [data]);
  const option = useMemo(
    () => trendOption(months, { value: t('chart.value'), target: t('chart.target') }),
    [months, t],
  );
  if (error) return <ProblemAlert problem={error} />;
  const last = months.at(-1);
  const silent = (data?.months.length ?? 0) > months.length;
  return (
    <div>
      <Chart
        title={t('chart.trend')}
        summary={t('chart.trendSummary', {
          from: months[0]?.month,
          to: last?.month,
          value: last === undefined ? formatRate(null) : formatShownRate(last),
        })}
        option={option}
        table={{
          columns: [t('chart.month'), t('chart.value'), t('chart.target'), t('chart.counted')],
          rows: months.map((m) => [
            m.month,
            formatShownRate(m),
            formatRate(m.target),
            `${formatCount(m.numerator)}/${formatCount(m.denominator)}`,
          ]),
        }}
      />
      {silent && months[0] !== undefined && <p className="kt-quiet">{t('chart.silent', { month: months[0].month })}</p>}
    </div>
  );
};

/** Bars of the parts; one opens the part. Coverage shows the persons in service instead, because a county covers or does not. */
export const Comparison = ({ answer, state: [, change] }: { answer: IndicatorAnswer; state: IndicatorState }) => {
  const { t } = useTranslation('reporting');
  const coverage = answer.indicator === 'county-coverage';
  // Parts without anybody to count would only make the others small; the table has them.
  const shown = useMemo(
    () => answer.children.filter(({ denominator, kind }) => coverage || denominator !== 0 || kind === 'county'),
    [answer.children, coverage],
  );
  const option = useMemo(
    () => ({
      xAxis: {
        type: 'category' as const,
        data: shown.map(({ name }) => name),
        axisLabel: { interval: 0, rotate: shown.length > 6 ? 40 : 0 },
      },
      yAxis: coverage ? { type: 'value' as const, minInterval: 1 } : axis,
      series: [
        {
          type: 'bar' as const,
          name: t(coverage ? 'chart.clients' : 'chart.value'),
          barMaxWidth: 36,
          data: shown.map(({ value, clients, met }) => ({
            value: coverage ? (clients ?? null) : percent(value),
            itemStyle: { color: met === false ? palette.unmet : palette.main },
          })),
          ...(!coverage &&
            answer.target !== null && {
              markLine: targetLine(answer.target * 100, `${t('chart.target')} ${formatRate(answer.target)}`),
            }),
        },
      ],
    }),
    [shown, coverage, answer.target, t],
  );
  if (shown.length === 0) return null;
  const pick = (name: string) => {
    const child = answer.children.find((one) => one.name === name);
    if (child?.area == null) return;
    change(child.kind === 'site' ? { site: child.area, page: 1 } : { area: child.area, page: 1 });
  };
  return (
    <Chart
      title={t('chart.parts')}
      summary={t('chart.partsSummary', { count: shown.length })}
      option={option}
      onPick={pick}
      table={{
        columns: [
          t('chart.part'),
          t('chart.value'),
          t('chart.counted'),
          ...(coverage ? [t('chart.clients'), t('chart.sessions')] : []),
        ],
        rows: answer.children.map((child) => [
          child.name,
          formatShownRate(child),
          `${formatCount(child.numerator)}/${formatCount(child.denominator)}`,
          ...(coverage ? [formatCount(child.clients), formatCount(child.sessions)] : []),
        ]),
      }}
    />
  );
};
