// The trend by month, and the parts of a place side by side.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart } from '../web/chart.tsx';
import { targetLine } from '../web/chart-option.ts';
import { api } from '../web/client.ts';
import { formatCount } from '../web/format.ts';
import { ProblemAlert } from '../web/message.tsx';
import { palette } from '../web/theme.ts';
import { type IndicatorAnswer, type IndicatorName, isCounting, type TrendMonth } from './indicator.ts';
import type { IndicatorState } from './indicator-query.ts';
import { formatAmount, formatCounted, formatValue } from './indicator-words.web.ts';

const percent = (value: number | null): number | null => (value === null ? null : Math.round(value * 1000) / 10);
const rateAxis = { type: 'value' as const, min: 0, max: 100, axisLabel: { formatter: '{value}%' } };
const countAxis = { type: 'value' as const, min: 0, minInterval: 1 };
/** A share in per cent, or the number of what is only counted, and the axis that it is drawn on. */
const scaleOf = (indicator: IndicatorName) =>
  isCounting(indicator) ? { of: (value: number | null) => value, axis: countAxis } : { of: percent, axis: rateAxis };

const trendOption = (
  indicator: IndicatorName,
  months: readonly TrendMonth[],
  names: { value: string; target: string },
) => ({
  xAxis: { type: 'category' as const, data: months.map(({ month }) => month) },
  yAxis: scaleOf(indicator).axis,
  legend: { top: 0, right: 0 },
  series: [
    { type: 'line' as const, name: names.value, data: months.map(({ value }) => scaleOf(indicator).of(value)) },
    {
      type: 'line' as const,
      name: names.target,
      step: 'middle' as const,
      symbol: 'none',
      lineStyle: { type: 'dashed' as const, color: palette.quiet },
      itemStyle: { color: palette.quiet },
      data: months.map(({ target }) => scaleOf(indicator).of(target)),
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
    () => trendOption(indicator, months, { value: t('chart.value'), target: t('chart.target') }),
    [indicator, months, t],
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
          value: last === undefined ? '—' : formatValue(indicator, last),
        })}
        option={option}
        table={{
          columns: [t('chart.month'), t('chart.value'), t('chart.target'), t('chart.counted')],
          rows: months.map((m) => [
            m.month,
            formatValue(indicator, m),
            formatAmount(indicator, m.target),
            formatCounted(indicator, m),
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
  const { indicator } = answer;
  const coverage = answer.children.some(({ clients }) => clients !== undefined);
  const { of, axis } = scaleOf(indicator);
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
      yAxis: coverage ? countAxis : axis,
      series: [
        {
          type: 'bar' as const,
          name: t(coverage ? 'chart.clients' : 'chart.value'),
          barMaxWidth: 36,
          data: shown.map(({ value, clients, met }) => ({
            value: coverage ? (clients ?? null) : of(value),
            itemStyle: { color: met === false ? palette.unmet : palette.main },
          })),
          ...(!coverage &&
            !isCounting(indicator) &&
            answer.target !== null && {
              markLine: targetLine(
                answer.target * 100,
                `${t('chart.target')} ${formatAmount(indicator, answer.target)}`,
              ),
            }),
        },
      ],
    }),
    [shown, coverage, indicator, of, axis, answer.target, t],
  );
  // An institution is there or is not: a table says it better than bars.
  if (shown.length === 0 || indicator === 'institution-coverage') return null;
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
          formatValue(indicator, child),
          formatCounted(indicator, child),
          ...(coverage ? [formatCount(child.clients), formatCount(child.sessions)] : []),
        ]),
      }}
    />
  );
};
