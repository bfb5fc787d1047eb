// Chance that repeats: a seeded generator, choices, and ids that depend on nothing but the seed.

export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  chance(probability: number): boolean;
  /** Both ends included. */
  int(from: number, to: number): number;
  pick<const T>(from: readonly T[]): T;
  weighted<T extends string | number>(weights: readonly (readonly [T, number])[]): T;
  shuffle<T>(from: readonly T[]): T[];
  /** A UUIDv7 of that instant. */
  id(at: string): string;
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** Mulberry32: a counter, mixed; quick, and the same on every machine. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const pick = <const T>(from: readonly T[]): T => {
    const found = from[int(0, from.length - 1)];
    if (found === undefined) throw new RangeError('nothing to pick from');
    return found;
  };
  return {
    next,
    int,
    pick,
    chance: (probability) => next() < probability,
    weighted: (weights) => {
      let left = next() * weights.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of weights) {
        left -= weight;
        if (left < 0) return value;
      }
      return pick(weights)[0];
    },
    shuffle: (from) => {
      const all = [...from];
      for (let i = all.length - 1; i > 0; i--) {
        const j = int(0, i);
        const [a, b] = [all[i], all[j]];
        if (a !== undefined && b !== undefined) [all[i], all[j]] = [b, a];
      }
      return all;
    },
    id: (at) => {
      const time = hex(Date.parse(at), 12);
      const tail = `${hex(int(0x8000, 0xbfff), 4)}-${hex(int(0, 0xffffff), 6)}${hex(int(0, 0xffffff), 6)}`;
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(int(0, 0xfff), 3)}-${tail}`;
    },
  };
};
