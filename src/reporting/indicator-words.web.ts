// How an indicator's numbers are written: shares as per cent, what is only counted as a number, and what is hidden as a mark.
import { formatCount, formatPoints, formatRate, formatShownRate, hiddenMark } from '../web/format.ts';
import { type IndicatorName, isCounting } from './indicator.ts';

interface Shown {
  readonly value: number | null;
  readonly hidden: boolean;
}
interface Counts {
  readonly numerator: number | null;
  readonly denominator: number | null;
}

export const formatAmount = (indicator: IndicatorName, value: number | null): string => {
  if (!isCounting(indicator)) return formatRate(value);
  return value === null ? '—' : String(value);
};

export const formatValue = (indicator: IndicatorName, shown: Shown): string => {
  if (!isCounting(indicator)) return formatShownRate(shown);
  return shown.hidden && shown.value === null ? hiddenMark : formatAmount(indicator, shown.value);
};

/** 12 / 30, or the number alone where nothing is divided. */
export const formatCounted = (indicator: IndicatorName, { numerator, denominator }: Counts): string =>
  isCounting(indicator) ? formatCount(numerator) : `${formatCount(numerator)} / ${formatCount(denominator)}`;

/** What lies between value and target, always positive. */
export const formatGap = (indicator: IndicatorName, value: number, target: number): string =>
  isCounting(indicator) ? String(Math.abs(target - value)) : formatPoints(Math.abs(target - value));
