// One worksheet part turned into rows: cell types, dates, merged ranges; the stateful half of the .xlsx reader.

import {
  type CellValue,
  findSerialDay,
  hasValue,
  type NumberCell,
  refuseFile,
  type SheetLimits,
  type SheetRow,
} from './sheet-cell.ts';

export interface SheetPart {
  readonly name: string;
  readonly path: string;
}

export interface Workbook {
  readonly sheets: readonly SheetPart[];
  readonly strings: readonly string[];
  /** Whether the style at this index shows a date. */
  readonly dateStyles: readonly boolean[];
  readonly epoch: 1900 | 1904;
}

/** Zero-based, inclusive. */
export interface Merge {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

const columnOf = (reference: string): number => {
  let column = 0;
  for (const letter of /^\$?([A-Za-z]{1,4})/.exec(reference)?.[1]?.toUpperCase() ?? '') {
    column = column * 26 + letter.charCodeAt(0) - 64;
  }
  return column - 1;
};

const rowOf = (reference: string): number => Number(/\d+/.exec(reference)?.[0] ?? 0) - 1;

const mergeOf = (range: string): Merge | undefined => {
  const [from = '', to = from] = range.split(':');
  const merge = { top: rowOf(from), left: columnOf(from), bottom: rowOf(to), right: columnOf(to) };
  return merge.top >= 0 && merge.left >= 0 && merge.bottom >= merge.top && merge.right >= merge.left
    ? merge
    : undefined;
};

/** The merged ranges of a worksheet part, from what follows its rows. */
export const findMerges = async (texts: AsyncIterable<string>, limits: SheetLimits): Promise<Merge[]> => {
  let tail = '';
  let after = false;
  for await (const text of texts) {
    tail += text;
    if (!after) {
      const end = tail.search(/<\/(?:\w+:)?sheetData>/);
      after = end >= 0;
      tail = after ? tail.slice(end) : tail.slice(-32);
    }
    if (tail.length > limits.heldBytes / 4) throw refuseFile('fileTooLarge', '工作表的附加内容过大，已停止读取。');
  }
  if (!after) return [];
  return [...tail.matchAll(/<(?:\w+:)?mergeCell\s[^>]*ref="([^"]+)"/g)]
    .flatMap((match) => mergeOf(match[1] ?? '') ?? [])
    .sort((a, b) => a.top - b.top);
};

// _x000D_ and the like stand for characters that XML cannot hold (ECMA-376 22.9.2.19).
const unescapeText = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;

const numberOf = (raw: string, isDate: boolean, epoch: 1900 | 1904): CellValue => {
  const number = Number(raw);
  if (raw.trim() === '' || Number.isNaN(number)) return raw === '' ? null : raw;
  const day = isDate ? findSerialDay(number, epoch) : undefined;
  const cell: NumberCell = day === undefined ? { number, raw } : { number, raw, day };
  return cell;
};

interface OpenCell {
  readonly column: number;
  readonly type: string;
  readonly style: number;
  value: string;
  text: string;
}

const cellValue = (cell: OpenCell, workbook: Workbook): CellValue => {
  switch (cell.type) {
    case 's':
      return unescapeText(workbook.strings[Number(cell.value)] ?? '') || null;
    case 'inlineStr':
      return unescapeText(cell.text) || null;
    case 'str':
      return unescapeText(cell.value) || null;
    case 'b':
      return cell.value === '1' || cell.value === 'true';
    case 'e':
      return cell.value || null;
    case 'd':
      return cell.value.slice(0, 10) || null;
    default:
      return numberOf(cell.value, workbook.dateStyles[cell.style] ?? false, workbook.epoch);
  }
};

/** Fills the cells of merged ranges with the value of their first cell; `active` keeps the ranges that reach below the current row. */
class MergeFill {
  private next = 0;
  private active: { merge: Merge; value: CellValue }[] = [];
  private readonly merges: readonly Merge[];
  constructor(merges: readonly Merge[]) {
    this.merges = merges;
  }

  fill(index: number, cells: CellValue[], columns: number): void {
    this.active = this.active.filter((a) => a.merge.bottom >= index);
    for (let merge = this.merges[this.next]; merge && merge.top <= index; merge = this.merges[this.next]) {
      this.next += 1;
      const value = merge.top === index ? (cells[merge.left] ?? null) : null;
      if (hasValue(value) && merge.bottom >= index) this.active.push({ merge, value });
    }
    for (const { merge, value } of this.active) {
      for (let c = merge.left; c <= Math.min(merge.right, columns - 1); c += 1) {
        while (cells.length < c) cells.push(null);
        if (!hasValue(cells[c])) cells[c] = value;
      }
    }
  }
}

interface RowParserInput {
  readonly workbook: Workbook;
  readonly sheet: string;
  readonly merges: readonly Merge[];
  readonly limits: SheetLimits;
}

/** Handlers for the XML of a worksheet; `take` hands over the rows completed since the last call. */
export const createRowParser = ({ workbook, sheet, merges, limits }: RowParserInput) => {
  let done: SheetRow[] = [];
  let index = -1;
  let blank = 0;
  let cells: CellValue[] = [];
  let cell: OpenCell | undefined;
  let column = -1;
  const fill = new MergeFill(merges);

  const openCell = (a: Readonly<Record<string, string>>): void => {
    column = a.r ? columnOf(a.r) : column + 1;
    cell = { column, type: a.t ?? 'n', style: Number(a.s ?? 0), value: '', text: '' };
  };
  const closeCell = (closed: OpenCell): void => {
    const value = cellValue(closed, workbook);
    cell = undefined;
    if (value === null || closed.column < 0) return;
    if (closed.column >= limits.columns)
      throw refuseFile('fileTooLarge', `工作表“${sheet}”第 ${index + 1} 行超过 ${limits.columns} 列。`);
    if (typeof value === 'string' && value.length > limits.cellChars) {
      throw refuseFile('fileTooLarge', `工作表“${sheet}”第 ${index + 1} 行有单元格超过 ${limits.cellChars} 字。`);
    }
    while (cells.length < closed.column) cells.push(null);
    cells[closed.column] = value;
  };
  const closeRow = (): void => {
    if (!cells.some(hasValue)) {
      blank += 1;
      if (blank > limits.blankRows)
        throw refuseFile(
          'fileTooLarge',
          `工作表“${sheet}”中空行超过 ${limits.blankRows} 行。请选中名单下方的全部空行，右键“删除”，保存后再上传。`,
        );
      return;
    }
    fill.fill(index, cells, limits.columns);
    done.push({ sheet, rowNumber: index + 1, cells, epoch: workbook.epoch });
  };

  return {
    open: (name: string, a: Readonly<Record<string, string>>): void => {
      if (name === 'row') {
        index = a.r ? Number(a.r) - 1 : index + 1;
        cells = [];
        column = -1;
      } else if (name === 'c') openCell(a);
    },
    text: (text: string, depth: readonly string[]): void => {
      if (!cell) return;
      const tag = depth.at(-1);
      if (tag === 'v') cell.value += text;
      else if (tag === 't' && !depth.includes('rPh')) cell.text += text;
      if (cell.value.length > limits.cellChars * 8 || cell.text.length > limits.cellChars * 8) {
        throw refuseFile('fileTooLarge', `工作表“${sheet}”第 ${index + 1} 行有单元格过长。`);
      }
    },
    close: (name: string): void => {
      if (name === 'c' && cell) closeCell(cell);
      else if (name === 'row') closeRow();
    },
    take: (): SheetRow[] => {
      const rows = done;
      done = [];
      return rows;
    },
  };
};
