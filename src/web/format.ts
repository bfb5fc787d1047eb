// Days, instants and rates as people read them.

const instant = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Asia/Shanghai' });

/** An ISO instant as `2024-11-14 09:00`, Beijing time wherever the computer stands. */
export const formatInstant = (at: string | number): string => instant.format(new Date(at));

/** 0.4567 → `45.7%`; null (nobody to count) → `—`. */
export const formatRate = (rate: number | null): string => (rate === null ? '—' : `${(rate * 100).toFixed(1)}%`);

/** Stands for a figure that is not shown because it could point at a person; the page says so in words. */
export const hiddenMark = '＊';
/** A count, or the mark where it is hidden. */
export const formatCount = (count: number | null | undefined): string =>
  count === null || count === undefined ? hiddenMark : String(count);
/** The rate of a row of figures that may be hidden. */
export const formatShownRate = ({
  value,
  hidden,
}: {
  readonly value: number | null;
  readonly hidden: boolean;
}): string => (hidden && value === null ? hiddenMark : formatRate(value));

/** A difference of two rates in percentage points: 0.043 → `4.3`. */
export const formatPoints = (difference: number): string => (difference * 100).toFixed(1);
