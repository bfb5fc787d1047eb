// Reading that is unusual enough to be looked at: many files in an hour, files at night, many refusals of what one may not see.
import { z } from 'zod';
import { dayAt, timeAt } from '../kernel/calendar.ts';

export const UnusualKind = z.enum(['manyFiles', 'atNight', 'manyRefused']);
export const Unusual = z.object({
  kind: UnusualKind,
  actor: z.string(),
  /** First and last of the lines that make it unusual. */
  from: z.string(),
  to: z.string(),
  /** Different files that were opened, or refusals. */
  count: z.int(),
});
export type Unusual = z.infer<typeof Unusual>;

/** A line as far as it can be unusual. */
export interface Reading {
  readonly actor: string;
  /** ISO instant. */
  readonly at: string;
  /** Files were opened; or whom one asked for is not there, or not to be seen by the asker. */
  readonly act: 'opened' | 'unseen';
  readonly persons: readonly string[];
}

const hourMs = 3_600_000;
export const refusedLimit = 5;
const [nightFrom, nightUntil] = ['22:00', '06:00'];

const isAtNight = ({ at }: Reading): boolean => timeAt(at) >= nightFrom || timeAt(at) < nightUntil;
/** A night belongs to the day on whose evening it begins. */
const nightOf = ({ at }: Reading): string => dayAt(new Date(Date.parse(at) - 6 * hourMs).toISOString());

const personsIn = (lines: readonly Reading[]): number => new Set(lines.flatMap(({ persons }) => persons)).size;

const flagOf = (kind: Unusual['kind'], lines: readonly Reading[], count: number): Unusual => ({
  kind,
  actor: lines[0]?.actor ?? '',
  from: lines[0]?.at ?? '',
  to: lines.at(-1)?.at ?? '',
  count,
});

/**
 * The stretches of one account's lines, in order of time, in which some sixty minutes hold more than `most` different things (`thingsOf`
 * a line). Such hours that overlap are one stretch.
 */
const findStretches = (
  lines: readonly Reading[],
  most: number,
  thingsOf: (line: Reading, index: number) => readonly string[],
): Reading[][] => {
  const stretches: { from: number; to: number }[] = [];
  const held = new Map<string, number>();
  let start = 0;
  const leave = (line: Reading, index: number) => {
    for (const thing of thingsOf(line, index)) {
      const left = (held.get(thing) ?? 0) - 1;
      if (left > 0) held.set(thing, left);
      else held.delete(thing);
    }
  };
  for (const [end, line] of lines.entries()) {
    for (const thing of thingsOf(line, end)) held.set(thing, (held.get(thing) ?? 0) + 1);
    for (let first = lines[start]; first && Date.parse(line.at) - Date.parse(first.at) >= hourMs; first = lines[start])
      leave(first, start++);
    if (held.size <= most) continue;
    const last = stretches.at(-1);
    if (last && start <= last.to) last.to = end;
    else stretches.push({ from: start, to: end });
  }
  return stretches.map(({ from, to }) => lines.slice(from, to + 1));
};

const unusualOf = (lines: readonly Reading[], filesPerHour: number): Unusual[] => {
  const opened = lines.filter(({ act }) => act === 'opened');
  const unseen = lines.filter(({ act }) => act === 'unseen');
  const nights = [...Map.groupBy(opened.filter(isAtNight), nightOf).values()];
  return [
    ...findStretches(opened, filesPerHour, ({ persons }) => persons).map((some) =>
      flagOf('manyFiles', some, personsIn(some)),
    ),
    ...nights.map((some) => flagOf('atNight', some, personsIn(some))),
    ...findStretches(unseen, refusedLimit - 1, (_, index) => [String(index)]).map((some) =>
      flagOf('manyRefused', some, some.length),
    ),
  ];
};

/**
 * What is unusual, the newest first: more than `filesPerHour` different files within sixty minutes, files opened between 22:00 and 06:00
 * in China, five refusals or more within sixty minutes because whom one asked for may not be seen.
 */
export const findUnusual = (readings: readonly Reading[], { filesPerHour }: { filesPerHour: number }): Unusual[] => {
  const inOrder = readings.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return [...Map.groupBy(inOrder, ({ actor }) => actor).values()]
    .flatMap((lines) => unusualOf(lines, filesPerHour))
    .sort((a, b) => Date.parse(b.to) - Date.parse(a.to));
};
