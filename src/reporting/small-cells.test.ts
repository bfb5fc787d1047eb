// What stays hidden cannot be worked out: an attacker who tries every table that fits the shown figures is left with a choice.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CountNode, hideSmallCells, isSmall, type ShownCount } from './small-cells.ts';

const town = (key: string, n: number, d: number): CountNode => ({ key, n, d, parts: [] });
const sum = (key: string, ...parts: CountNode[]): CountNode => ({
  key,
  n: parts.reduce((total, { n }) => total + n, 0),
  d: parts.reduce((total, { d }) => total + d, 0),
  parts,
});
const shown = (root: CountNode): Record<string, string> =>
  Object.fromEntries([...hideSmallCells(root)].map(([key, { n, d }]) => [key, `${n ?? '＊'}/${d ?? '＊'}`]));

test('a town of three is hidden with the next smallest; the county and the others stay', () => {
  expect(shown(sum('县', town('甲', 1, 3), town('乙', 9, 20), town('丙', 30, 60), town('丁', 0, 0)))).toEqual({
    县: '40/83',
    甲: '＊/＊',
    乙: '＊/＊',
    丙: '30/60',
    丁: '0/0',
  });
});

test('few who count, or few who do not, hide the numerator and the rate, not how many there are', () => {
  expect(shown(sum('市', town('甲', 2, 300), town('乙', 90, 200), town('丙', 97, 100)))).toEqual({
    市: '189/600',
    甲: '＊/300',
    乙: '90/200',
    丙: '＊/100',
  });
});

test('where no neighbour can stand in, the place above is hidden, and its neighbour', () => {
  const county = (key: string, n: number, d: number) => sum(key, town(`${key}1`, n, d), town(`${key}2`, 0, 30));
  expect(shown(sum('市', county('甲', 8, 10), county('乙', 12, 40)))).toEqual({
    市: '20/110',
    甲: '＊/40',
    甲1: '＊/10',
    甲2: '0/30',
    乙: '＊/70',
    乙1: '＊/40',
    乙2: '0/30',
  });
});

test('what the shown figures say anyway is given as a range', () => {
  const found = hideSmallCells(sum('市', town('甲', 3, 300), town('乙', 7, 200), town('丙', 60, 100)));
  expect(found.get('甲')).toEqual({ n: null, d: 300, least: 1, most: 9 });
});

const nodesOf = (node: CountNode): CountNode[] => [node, ...node.parts.flatMap(nodesOf)];

interface Row {
  readonly n: number;
  readonly d: number;
}
type Values = Record<'n' | 'd' | 'm', Set<number>>;

/** All values of each count in all tables of leaves that fit what is shown; `open` is the most that the attacker thinks of where nothing bounds a count. */
const attack = (root: CountNode, view: ReadonlyMap<string, ShownCount>, open: number): Map<string, Values> => {
  const nodes = nodesOf(root);
  const leaves = nodes.filter(({ parts }) => parts.length === 0);
  const found = new Map<string, Values>(nodes.map(({ key }) => [key, { n: new Set(), d: new Set(), m: new Set() }]));
  const fits = ({ key }: CountNode, { n, d }: Row): boolean => {
    const cell = view.get(key);
    if (!cell) throw new Error(`no ${key}`);
    if (cell.d === null ? d < 1 : d !== cell.d) return false;
    return cell.n === null ? n >= (cell.d === null ? 0 : 1) : n === cell.n;
  };
  const choices = leaves.map((leaf) => {
    const most = view.get(leaf.key)?.d ?? open;
    const rows = Array.from({ length: most + 1 }, (_, d) =>
      Array.from({ length: d + 1 }, (__, n) => ({ n, d })),
    ).flat();
    return rows.filter((row) => fits(leaf, row));
  });
  const picked = new Map<string, Row>();
  const fold = (node: CountNode): Row | undefined => {
    if (node.parts.length === 0) return picked.get(node.key);
    const row = { n: 0, d: 0 };
    for (const part of node.parts) {
      const one = fold(part);
      if (!one) return undefined;
      row.n += one.n;
      row.d += one.d;
    }
    picked.set(node.key, row);
    return fits(node, row) ? row : undefined;
  };
  const walk = (at: number): void => {
    const leaf = leaves[at];
    for (const row of (leaf && choices[at]) ?? []) {
      picked.set(leaf?.key ?? '', row);
      walk(at + 1);
    }
    if (leaf || !fold(root)) return;
    for (const [key, { n, d }] of picked) {
      const values = found.get(key);
      values?.n.add(n);
      values?.d.add(d);
      values?.m.add(d - n);
    }
  };
  walk(0);
  return found;
};

const leafCount = fc.oneof(fc.nat(5), fc.nat(7)).chain((d) => fc.record({ d: fc.constant(d), n: fc.nat(d) }));
const group = fc.array(leafCount, { minLength: 1, maxLength: 3 });
/** Up to two towns of up to three sites: small enough to try everything. */
const table = fc.array(group, { minLength: 1, maxLength: 2 }).filter((towns) => towns.flat().length <= 4);
const treeOf = (towns: readonly (readonly Row[])[]): CountNode =>
  sum('县', ...towns.map((sites, i) => sum(`${i}`, ...sites.map(({ n, d }, j) => town(`${i}.${j}`, n, d)))));

const checkAttack = (root: CountNode): void => {
  const view = hideSmallCells(root);
  const open = nodesOf(root).filter(({ key, parts }) => parts.length === 0 && view.get(key)?.d === null).length;
  const found = attack(root, view, open > 2 ? 6 : 9);
  for (const { key, n, d } of nodesOf(root)) {
    const values = found.get(key);
    const told = `${key}: ${n}/${d} in ${JSON.stringify(root)}`;
    if (isSmall(d)) expect(values?.d.size, `d of ${told}`).toBeGreaterThan(1);
    if (isSmall(n)) expect(values?.n.size, `n of ${told}`).toBeGreaterThan(1);
    if (isSmall(d - n)) expect(values?.m.size, `d − n of ${told}`).toBeGreaterThan(1);
  }
};

test('an attacker who tries every table is never left with one value for a small count', () => {
  fc.assert(
    fc.property(table, (towns) => checkAttack(treeOf(towns))),
    { numRuns: 60 },
  );
}, 60_000);

/** Row by row of the shown sums, each count between its bounds, until nothing moves: no choice of ours, but larger tables. */
const bounds = (root: CountNode, view: ReadonlyMap<string, ShownCount>, which: 'n' | 'd') => {
  const nodes = nodesOf(root);
  const low = new Map<string, number>();
  const high = new Map<string, number>();
  for (const { key } of nodes) {
    const cell = view.get(key);
    const value = cell?.[which] ?? null;
    low.set(key, value ?? (which === 'd' || cell?.d !== null ? 1 : 0));
    high.set(key, value ?? (which === 'n' ? (cell?.d ?? 1e6) : 1e6));
  }
  const get = (map: Map<string, number>, key: string) => map.get(key) ?? 0;
  const set = (key: string, least: number, most: number): boolean => {
    const [a, b] = [Math.max(get(low, key), least), Math.min(get(high, key), most)];
    const moved = a !== get(low, key) || b !== get(high, key);
    low.set(key, a);
    high.set(key, b);
    return moved;
  };
  for (let moved = true; moved; ) {
    moved = false;
    for (const { key, parts } of nodes.filter((node) => node.parts.length)) {
      const all = (map: Map<string, number>, but = '') =>
        parts.reduce((total, part) => total + (part.key === but ? 0 : get(map, part.key)), 0);
      moved = set(key, all(low), all(high)) || moved;
      for (const part of parts)
        moved = set(part.key, get(low, key) - all(high, part.key), get(high, key) - all(low, part.key)) || moved;
    }
  }
  return (key: string) => get(high, key) - get(low, key) + 1;
};

test('in large tables of four levels no small count is pinned by the sums', () => {
  const count = fc
    .oneof(fc.nat(4), fc.nat(40))
    .chain((d) => fc.record({ d: fc.constant(d), n: fc.oneof(fc.nat(d), fc.nat(Math.min(d, 3))) }));
  const city = fc.array(fc.array(fc.array(count, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(city, (counties) => {
      const root = sum(
        '市',
        ...counties.map((towns, c) =>
          sum(
            `c${c}`,
            ...towns.map((sites, t) => sum(`c${c}t${t}`, ...sites.map(({ n, d }, s) => town(`c${c}t${t}s${s}`, n, d)))),
          ),
        ),
      );
      const view = hideSmallCells(root);
      const [ofN, ofD] = [bounds(root, view, 'n'), bounds(root, view, 'd')];
      for (const { key, n, d } of nodesOf(root)) {
        const cell = view.get(key);
        if (isSmall(d)) expect(ofD(key), `d of ${key}`).toBeGreaterThanOrEqual(5);
        if (d >= 5 && (isSmall(n) || isSmall(d - n))) expect(ofN(key), `n of ${key}`).toBeGreaterThan(1);
        if (n === 0 && cell?.d === d) expect(cell.n).toBe(0);
        if (d === 0) expect(cell).toMatchObject({ n: 0, d: 0 });
      }
    }),
    { numRuns: 200 },
  );
});
