// Finds the header of a department's list and guesses which column is which field, from names and from content.
import { z } from 'zod';
import { hasValue, type SheetRow } from '../kernel/sheet-cell.ts';
import { cellText, contentShare } from './census-content.ts';
import { CensusField, type CensusSender, censusFieldNames } from './census-fields.ts';
import { headerScore, normaliseHeader } from './census-headers.ts';

/** One column of a table: the field it is taken for, how sure (0..1) and why. */
export const ColumnGuess = z.object({
  column: z.int(),
  header: z.string(),
  field: CensusField.nullable(),
  confidence: z.number().min(0).max(1),
  reason: z.string(),
});
export type ColumnGuess = z.infer<typeof ColumnGuess>;

export const TableGuess = z.object({
  sheet: z.string(),
  /** First row of data; rows above are titles and header. */
  firstDataRow: z.int(),
  titles: z.array(z.string()),
  columns: z.array(ColumnGuess),
});
export type TableGuess = z.infer<typeof TableGuess>;

/** Column index (from 0) of each mapped field. */
export const ColumnMapping = z.partialRecord(CensusField, z.int().min(0));
export type ColumnMapping = z.infer<typeof ColumnMapping>;

/** What a person confirmed for a sender earlier, by normalised header; null: the column is not used. */
export const RememberedMapping = z.record(z.string(), CensusField.nullable());
export type RememberedMapping = z.infer<typeof RememberedMapping>;

// Rows looked at for a header: real lists put at most some ten lines of titles above it.
const headSearch = 30;

const textsOf = (row: SheetRow): string[] => row.cells.map((cell) => cellText(cell).trim());

const bestField = (header: string, sender: CensusSender): { field: CensusField; score: number } | undefined => {
  let best: { field: CensusField; score: number } | undefined;
  for (const field of CensusField.options) {
    const score = headerScore(field, header, sender);
    if (score > (best?.score ?? 0)) best = { field, score };
  }
  return best;
};

/** How much a row looks like a header: the number of distinct fields that its cells name. A title spread over merged cells counts once. */
const headerWeight = (texts: readonly string[], sender: CensusSender): number => {
  const fields = new Set<CensusField>();
  for (const text of new Set(texts)) {
    if (text.length > 24) continue;
    const best = bestField(text, sender);
    if (best && best.score >= 0.6) fields.add(best.field);
  }
  return fields.size;
};

const looksLikeData = (texts: readonly string[]): boolean =>
  texts.some((text) => /\d{6,}/.test(text.normalize('NFKC')) || /^\d{4}[-./年]\d{1,2}/.test(text));

interface Header {
  readonly first: number;
  readonly last: number;
}

const findHeader = (rows: readonly SheetRow[], sender: CensusSender): Header | undefined => {
  let at = -1;
  let most = 1;
  for (const [i, row] of rows.slice(0, headSearch).entries()) {
    const texts = textsOf(row);
    const weight = looksLikeData(texts) ? 0 : headerWeight(texts, sender);
    if (weight > most) [at, most] = [i, weight];
  }
  if (at < 0) return undefined;
  let [first, last] = [at, at];
  const isPart = (i: number): boolean => {
    const row = rows[i];
    if (!row) return false;
    const texts = textsOf(row).filter((text) => text !== '');
    // A line of titles is one text, merged or not; a header line has several.
    return new Set(texts).size > 1 && !looksLikeData(texts) && texts.every((text) => text.length <= 24);
  };
  const names = (i: number): boolean => headerWeight(rows[i] ? textsOf(rows[i]) : [], sender) > 0;
  while (first > 0 && at - first < 2 && isPart(first - 1) && names(first - 1)) first -= 1;
  while (last - at < 2 && isPart(last + 1) && names(last + 1)) last += 1;
  return { first, last };
};

/** Header text of a column over all header lines: '监护人' over '姓名' gives '监护人姓名'; equal lines (merged) count once. */
const headerOf = (rows: readonly SheetRow[], column: number): string => {
  const parts: string[] = [];
  for (const row of rows) {
    const text = cellText(row.cells[column] ?? null).trim();
    if (text !== '' && parts.at(-1) !== text) parts.push(text);
  }
  return parts.join('');
};

const sampleOf = (rows: readonly SheetRow[], column: number): string[] =>
  rows.map((row) => cellText(row.cells[column] ?? null).trim()).filter((text) => text !== '');

const guessColumn = (column: number, header: string, sample: readonly string[], sender: CensusSender): ColumnGuess => {
  const named = header === '' ? undefined : bestField(header, sender);
  if (named) {
    const share = contentShare(named.field, sample);
    if (share === undefined)
      return { column, header, field: named.field, confidence: named.score, reason: `列名“${header}”` };
    const confidence = Math.round(Math.min(1, named.score * (0.4 + 0.7 * share)) * 100) / 100;
    const reason = `列名“${header}”，${Math.round(share * 100)}% 的内容相符`;
    return { column, header, field: named.field, confidence, reason };
  }
  const known = headerScore('remark', header, sender) === 0 && header !== '';
  for (const field of ['certificateNumber', 'idNumber', 'phone', 'sex', 'birthDate'] as const) {
    const share = contentShare(field, sample) ?? 0;
    // A named but unknown column (监护人身份证号 …) is not guessed from content: the wrong person's number would do harm.
    if (share >= 0.8 && sample.length >= 2 && !known) {
      return { column, header, field, confidence: 0.6, reason: `没有列名，内容像${censusFieldNames[field]}` };
    }
  }
  return { column, header, field: null, confidence: 0, reason: header === '' ? '没有列名' : '不认识的列名' };
};

/** One column per field: the surest keeps it, the others are left unmapped and say so. */
const settleDoubles = (guesses: readonly ColumnGuess[]): ColumnGuess[] => {
  const owner = new Map<CensusField, ColumnGuess>();
  for (const guess of guesses) {
    const rival = guess.field && owner.get(guess.field);
    if (guess.field && (!rival || guess.confidence > rival.confidence)) owner.set(guess.field, guess);
  }
  return guesses.map((guess) => {
    const first = guess.field && owner.get(guess.field);
    if (!first || first === guess) return guess;
    return { ...guess, field: null, confidence: 0, reason: `与第 ${first.column + 1} 列“${first.header}”重复` };
  });
};

/**
 * The table on one sheet, from its first rows (give 60 or so). Without a header (a continuation sheet) columns are told by
 * content alone; undefined when nothing looks like a list of people.
 */
export const findTable = (rows: readonly SheetRow[], sender: CensusSender): TableGuess | undefined => {
  const [start] = rows;
  if (!start) return undefined;
  const header = findHeader(rows, sender);
  const headerRows = header ? rows.slice(header.first, header.last + 1) : [];
  const data = header ? rows.slice(header.last + 1) : rows;
  const width = Math.max(0, ...rows.map((row) => row.cells.length));
  const columns = settleDoubles(
    Array.from({ length: width }, (_, c) => guessColumn(c, headerOf(headerRows, c), sampleOf(data, c), sender)),
  );
  if (!columns.some((c) => c.field === 'name' || c.field === 'idNumber' || c.field === 'certificateNumber'))
    return undefined;
  const titles = header ? rows.slice(0, header.first).map((row) => textsOf(row).find((text) => text !== '') ?? '') : [];
  const firstDataRow = data[0]?.rowNumber ?? (headerRows.at(-1)?.rowNumber ?? start.rowNumber) + 1;
  return {
    sheet: start.sheet,
    firstDataRow,
    titles,
    columns: columns.filter((c) => c.header !== '' || c.field !== null),
  };
};

/** The mapping that a guess stands for. `least` is the confidence below which a column waits for a person. */
export const mappingOf = (columns: readonly ColumnGuess[], least = 0): ColumnMapping => {
  const mapping: ColumnMapping = {};
  for (const { field, column, confidence } of columns) if (field && confidence >= least) mapping[field] = column;
  return mapping;
};

/** What a person decided for some columns; a field given to a column is taken from any other. */
export const overrideColumns = (
  columns: readonly ColumnGuess[],
  chosen: Readonly<Record<number, CensusField | null>>,
): ColumnGuess[] => {
  const taken = new Set(Object.values(chosen).filter((field) => field !== null));
  return columns.map((guess) => {
    const field = chosen[guess.column];
    if (field !== undefined) return { ...guess, field, confidence: 1, reason: field ? '人工指定' : '人工指定不导入' };
    return guess.field && taken.has(guess.field)
      ? { ...guess, field: null, confidence: 0, reason: '该字段已指定给其他列' }
      : guess;
  });
};

/** What to remember of confirmed columns for the next list of the same sender. */
export const rememberColumns = (columns: readonly ColumnGuess[]): RememberedMapping =>
  Object.fromEntries(columns.filter((c) => c.header !== '').map((c) => [normaliseHeader(c.header), c.field]));

/** Applies an earlier confirmation: columns with a remembered header follow it, the rest stay as guessed. */
export const applyRemembered = (columns: readonly ColumnGuess[], remembered: RememberedMapping): ColumnGuess[] => {
  const chosen: Record<number, CensusField | null> = {};
  const used = new Set<CensusField>();
  for (const { column, header } of columns) {
    const field = remembered[normaliseHeader(header)];
    if (header === '' || field === undefined || (field && used.has(field))) continue;
    if (field) used.add(field);
    chosen[column] = field;
  }
  return overrideColumns(columns, chosen).map((c) =>
    chosen[c.column] === undefined ? c : { ...c, reason: '沿用上次确认的对应关系' },
  );
};

/** True for rows that are not people: totals, notes, signatures, a header repeated on a later page. */
export const isNoteRow = (row: SheetRow, columns: readonly ColumnGuess[]): boolean => {
  const texts = textsOf(row).filter((text) => text !== '');
  const first = (texts[0] ?? '').replace(/\s/g, '');
  if (
    /^(?:注|备注|说明|填表说明|填报说明|填表人|填报人|制表人|制表|审核人|审核|经办人|负责人|单位负责人|填报单位|填表单位|填报日期|联系人)[:：]/.test(
      first,
    )
  )
    return true;
  if (/^(?:合计|总计|小计|共计|总人数)/.test(first) && texts.length <= 4) return true;
  const value = (column: number): string => cellText(row.cells[column] ?? null).trim();
  const named = columns.filter((c) => c.header !== '' && hasValue(row.cells[c.column]));
  if (
    named.length >= 2 &&
    named.every((c) => c.header.endsWith(value(c.column)) || c.header.startsWith(value(c.column)))
  )
    return true;
  const keys = columns.filter((c) => c.field === 'name' || c.field === 'idNumber' || c.field === 'certificateNumber');
  // One text merged over the whole width stands in every column alike.
  if (texts.length > 1 && new Set(texts).size === 1) return true;
  return keys.length > 0 && keys.every((c) => value(c.column) === '');
};
