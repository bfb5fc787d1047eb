// The days of the demo, counted from its first one, with the office's working days.
import { addDays, isWorkingDay } from '../src/kernel/calendar.ts';

export const firstDay = '2023-01-03';
/** The demo's clock starts on the morning after. */
export const lastDay = '2024-11-13';

const days: string[] = [];
for (let day = firstDay; day <= lastDay; day = addDays(day, 1)) days.push(day);
const positions = new Map(days.map((day, i) => [day, i]));
const working = days.map((day) => isWorkingDay(day));

export const lastPosition = days.length - 1;

/** Position of a day of the demo; days before it are 0. */
export const positionOf = (day: string): number => {
  if (day < firstDay) return 0;
  const position = positions.get(day);
  if (position === undefined) throw new RangeError(`${day} is not a day of the demo`);
  return position;
};

export const dayOf = (position: number): string => {
  const day = days[position];
  if (day === undefined) throw new RangeError(`day ${position} is not a day of the demo`);
  return day;
};

export const isWorking = (position: number): boolean => working[position] ?? false;

/** That day or the next working day; may lie beyond the demo's end. */
export const workingDayFrom = (position: number): number => {
  let at = Math.max(0, position);
  while (at <= lastPosition && !isWorking(at)) at++;
  return at;
};

/** 0 Sunday … 6 Saturday. */
export const weekdayOf = (position: number): number => new Date(`${dayOf(position)}T00:00:00Z`).getUTCDay();

/** The instant of a time of day in China. `minutes` from midnight. */
export const instantOf = (position: number, minutes: number): string =>
  new Date(Date.parse(`${dayOf(position)}T00:00:00+08:00`) + minutes * 60_000).toISOString();
