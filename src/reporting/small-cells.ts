// Which figures of persons stay hidden from who may not see the persons: counts from 1 to 4, and what they could be worked out from.

/** A place with its count `d`, how many of these `n` count, and the places that it is the sum of. */
export interface CountNode {
  readonly key: string;
  readonly n: number;
  readonly d: number;
  readonly parts: readonly CountNode[];
}

/** What may be shown of a place: null is hidden. `least` and `most` are what the shown figures say of a hidden `n` anyway. */
export interface ShownCount {
  readonly n: number | null;
  readonly d: number | null;
  readonly least: number;
  readonly most: number;
}

/** A count of persons that could point at one of them. No document gives the number; 5 is the usual one in official statistics. */
export const isSmall = (count: number): boolean => count >= 1 && count <= 4;
/** So many values must remain possible for each count that is hidden because it is small, or because the rest is. */
const leastValues = 5;

type Which = 'n' | 'd';
interface Cell {
  readonly key: string;
  readonly n: number;
  readonly d: number;
  readonly parent: Cell | undefined;
  readonly parts: Cell[];
  readonly hidden: Record<Which, boolean>;
}
interface Span {
  readonly least: number;
  readonly most: number;
}
/** What a hidden count can be at the most and at the least by itself. */
type SpanOf = (cell: Cell) => Span;

/** Sorted by key, so that the same table hides the same cells whoever asks and in whatever order it was counted. */
const cellsOf = (node: CountNode, parent?: Cell): Cell[] => {
  const { key, n, d } = node;
  const cell: Cell = { key, n, d, parent, parts: [], hidden: { n: false, d: false } };
  parent?.parts.push(cell);
  const parts = [...node.parts].sort((a, b) => (a.key < b.key ? -1 : 1));
  return [cell, ...parts.flatMap((part) => cellsOf(part, cell))];
};

const meet = (a: Span, b: Span): Span => ({ least: Math.max(a.least, b.least), most: Math.min(a.most, b.most) });
const total = (spans: readonly Span[]): Span => ({
  least: spans.reduce((sum, { least }) => sum + least, 0),
  most: spans.reduce((sum, { most }) => sum + most, 0),
});

/**
 * The values that each cell can have by what is shown: once up the tree and once down. The equations "a place is the sum of its parts"
 * form a tree, so that these bounds are exact and every value between them is possible.
 */
const spansOf = (cells: readonly Cell[], which: Which, ownSpan: SpanOf): Map<Cell, Span> => {
  const spans = new Map<Cell, Span>();
  const spanOf = (cell: Cell): Span => spans.get(cell) ?? { least: 0, most: Number.POSITIVE_INFINITY };
  for (const cell of cells.toReversed()) {
    if (!cell.hidden[which]) spans.set(cell, { least: cell[which], most: cell[which] });
    else {
      const own = ownSpan(cell);
      spans.set(cell, cell.parts.length > 0 ? meet(own, total(cell.parts.map(spanOf))) : own);
    }
  }
  for (const cell of cells) {
    const whole = spanOf(cell);
    const below = cell.parts.map(spanOf);
    for (const [i, part] of cell.parts.entries()) {
      const others = total(below.filter((_, j) => j !== i));
      const left = { least: whole.least - others.most, most: whole.most - others.least };
      spans.set(part, meet(spanOf(part), left));
    }
  }
  return spans;
};

/** The smallest count beside the cell that is still shown; zero stays shown, because it is nobody's. */
const nextToHide = (cells: readonly Cell[], which: Which): Cell | undefined =>
  cells
    .filter((cell) => !cell.hidden[which] && cell[which] > 0)
    .sort((a, b) => a[which] - b[which] || (a.key < b.key ? -1 : 1))[0];

/** A hidden place whose parts are all shown is their sum: one of them has to go too. */
const partOfSum = (cell: Cell, which: Which): Cell | undefined => {
  const hidden = cell.parts.filter((part) => part.hidden[which]);
  if (hidden.length === 0) return nextToHide(cell.parts, which);
  return hidden.map((part) => partOfSum(part, which)).find((part) => part !== undefined);
};

/** Up from the cell: a shown neighbour, or else the place above, or else a neighbour of that; at last anything below a hidden place. */
const complementOf = (cell: Cell, cells: readonly Cell[], which: Which): Cell | undefined => {
  const own = partOfSum(cell, which);
  if (own) return own;
  for (let at: Cell | undefined = cell; at?.parent; at = at.parent) {
    const beside = nextToHide(at.parent.parts, which);
    if (beside) return beside;
    const hidden = at.parent.parts.filter((part) => part !== at && part.hidden[which]);
    const below = hidden.map((part) => partOfSum(part, which)).find((part) => part !== undefined);
    if (below) return below;
    if (!at.parent.hidden[which]) return at.parent;
  }
  return nextToHide(
    cells.filter(({ parent }) => parent?.hidden[which]),
    which,
  );
};

/** Hides more until every cell in need can have enough values. */
const settle = (cells: readonly Cell[], which: Which, ownSpan: SpanOf, needs: (cell: Cell) => number): void => {
  for (;;) {
    const spans = spansOf(cells, which, ownSpan);
    const bare = cells.filter((cell) => {
      const { least, most } = spans.get(cell) ?? { least: 0, most: 0 };
      return cell.hidden[which] && most - least + 1 < needs(cell);
    });
    const more = bare.map((cell) => complementOf(cell, cells, which)).find((cell) => cell !== undefined);
    if (!more) return;
    more.hidden[which] = true;
  }
};

/**
 * What may be shown of a place and all places below it, by key. Hidden are, with the rate: `n` where `n` or `d − n` is from 1 to 4, and
 * the whole row where `d` is; then as many more of the same table as keep these from being worked out by subtraction, there or in any
 * table above or below. A shown place is the sum of its parts, so that tables of all levels agree when they come from one call.
 */
export const hideSmallCells = (root: CountNode): Map<string, ShownCount> => {
  const cells = cellsOf(root);
  for (const cell of cells) cell.hidden.d = isSmall(cell.d);
  // Each of the two passes lets one count vary and holds the other at its true value: what it finds possible is possible.
  settle(
    cells,
    'd',
    ({ n }) => ({ least: Math.max(1, n), most: Number.POSITIVE_INFINITY }),
    ({ d }) => (isSmall(d) ? leastValues : 1),
  );
  for (const cell of cells) cell.hidden.n = cell.hidden.d || isSmall(cell.n) || isSmall(cell.d - cell.n);
  const least = (cell: Cell): number => (cell.hidden.d ? 0 : 1);
  settle(
    cells,
    'n',
    (cell) => ({ least: least(cell), most: cell.d }),
    ({ n, d, hidden }) => {
      if (!isSmall(n) && !isSmall(d - n)) return 1;
      if (!hidden.d) return leastValues;
      // The first pass lets `d` vary, and with it `d − n`; of `n` in a small row no more can be asked.
      return isSmall(n) || !isSmall(d) ? 2 : 1;
    },
  );
  const known = spansOf(cells, 'n', (cell) => ({
    least: least(cell),
    most: cell.hidden.d ? Number.POSITIVE_INFINITY : cell.d,
  }));
  return new Map(
    cells.map((cell) => {
      const { least: low, most } = known.get(cell) ?? { least: 0, most: Number.POSITIVE_INFINITY };
      const shown = { n: cell.hidden.n ? null : cell.n, d: cell.hidden.d ? null : cell.d };
      return [cell.key, { ...shown, least: low, most }];
    }),
  );
};
