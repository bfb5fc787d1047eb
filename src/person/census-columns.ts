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

/** Score from which a header names a field outright; below, its words only hint at it. */
const outright = 0.8;

/** Groups over columns about the person of the row. */
const isGeneral = (text: string): boolean =>
  /^(?:本人|个人|患者|病人|(?:本人|个人|患者|病人|残疾人|对象|人员|救助对象)?(?:基本|基础|身份)?(?:信息|情况|资料))$/.test(
    text.replace(/\s/g, ''),
  );

const textsOf = (row: SheetRow): string[] => row.cells.map((cell) => cellText(cell).trim());

const bestField = (header: string, sender: CensusSender): { field: CensusField; score: number } | undefined => {
  let best: { field: CensusField; score: number } | undefined;
  for (const field of CensusField.options) {
    const score = headerScore(field, header, sender);
    if (score > (best?.score ?? 0)) best = { field, score };
  }
  return best;
};

/** A cell that may be a column's name: short, no date, no long number, and no form line that is filled in (单位：某某). */
const isLabel = (text: string): boolean =>
  text.length <= 24 && !/\d{6,}|\d{4}[-./年]\d{1,2}|[:：]./.test(text.normalize('NFKC').replace(/\s/g, ''));

/** How surely a row's cells name columns: 1 for each field named outright, less for one hinted at. A title spread over merged cells counts once. */
const headerWeight = (texts: readonly string[], sender: CensusSender): number => {
  const fields = new Map<CensusField, number>();
  for (const text of new Set(texts)) {
    const best = isLabel(text) ? bestField(text, sender) : undefined;
    if (best && best.score >= 0.6)
      fields.set(best.field, Math.max(fields.get(best.field) ?? 0, best.score >= outright ? 1 : 0.6));
  }
  return fields.size > 1 ? fields.values().reduce((sum, weight) => sum + weight, 0) : 0;
};

const looksLikeData = (texts: readonly string[]): boolean =>
  texts.some((text) => /\d{6,}/.test(text.normalize('NFKC')) || /^\d{4}[-./年]\d{1,2}/.test(text));

/** True when the lines are two of one header: groups over the names of their columns. */
const isGrouped = (upper: readonly string[], lower: readonly string[], sender: CensusSender): boolean => {
  if (![...upper, ...lower].every(isLabel)) return false;
  const names = (text: string): boolean => (bestField(text, sender)?.score ?? 0) >= outright;
  const over = upper.filter((text, c) => text !== '' && (lower[c] ?? '') !== '');
  const isTitle = upper[0] !== '' && upper.every((text) => text === '' || text === upper[0]);
  if (isTitle || !over.some((text) => names(text) || isGeneral(text))) return false;
  // A value stands under a name of its own; a name under its group, under itself (merged downwards) or under nothing.
  return lower.every((text, c) => {
    const group = upper[c] ?? '';
    const isMerged = group !== '' && (group === upper[c - 1] || group === upper[c + 1]);
    return text === '' || group === '' || group === text || isMerged || names(text);
  });
};

interface Header {
  readonly first: number;
  readonly last: number;
}

const findHeader = (rows: readonly SheetRow[], sender: CensusSender): Header | undefined => {
  let at = -1;
  let most = 0;
  for (const [i, row] of rows.slice(0, headSearch).entries()) {
    const texts = textsOf(row);
    const weight = looksLikeData(texts) ? 0 : headerWeight(texts, sender);
    if (weight > most) [at, most] = [i, weight];
  }
  if (at < 0) return undefined;
  let [first, last] = [at, at];
  const grouped = (i: number): boolean => {
    const [upper, lower] = [rows[i], rows[i + 1]];
    return upper !== undefined && lower !== undefined && isGrouped(textsOf(upper), textsOf(lower), sender);
  };
  while (first > 0 && at - first < 2 && grouped(first - 1)) first -= 1;
  while (last - at < 2 && grouped(last)) last += 1;
  return { first, last };
};

/** A group's cell reaches over the empty ones to its right, where the line below has names: so it is when merged cells become text. */
const spread = (rows: readonly SheetRow[]): string[][] => {
  const lines = rows.map(textsOf);
  return lines.map((texts, i) => {
    const below = lines[i + 1];
    // Cells of a workbook that are merged come filled in.
    if (!below || texts.some((text, c) => text !== '' && text === texts[c + 1])) return texts;
    const reaching = Array.from({ length: Math.max(texts.length, below.length) }, (_, c) => texts[c] ?? '');
    for (let c = 1; c < reaching.length; c += 1)
      if (reaching[c] === '' && (below[c] ?? '') !== '' && below[c - 1] !== '') reaching[c] = reaching[c - 1] ?? '';
    return reaching;
  });
};

/**
 * Header text of a column over all header lines: '监护人' over '姓名' gives '监护人姓名'; equal lines (merged) count once, and a
 * group that says nothing (基本信息) not at all.
 */
const headerOf = (lines: readonly (readonly string[])[], column: number): string => {
  const parts: string[] = [];
  for (const line of lines) {
    const text = line[column] ?? '';
    if (text !== '' && parts.at(-1) !== text) parts.push(text);
  }
  return parts.filter((part, i) => i === parts.length - 1 || !isGeneral(part)).join('');
};

const sampleOf = (rows: readonly SheetRow[], column: number): string[] =>
  rows.map((row) => cellText(row.cells[column] ?? null).trim()).filter((text) => text !== '');

const guessColumn = (column: number, header: string, sample: readonly string[], sender: CensusSender): ColumnGuess => {
  const best = header === '' ? undefined : bestField(header, sender);
  if (best) {
    const share = contentShare(best.field, sample);
    if (share === undefined)
      return { column, header, field: best.field, confidence: best.score, reason: `列名“${header}”` };
    const confidence = Math.round(Math.min(1, best.score * (0.4 + 0.7 * share)) * 100) / 100;
    const reason = `列名“${header}”，${Math.round(share * 100)}% 的内容相符`;
    return { column, header, field: best.field, confidence, reason };
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
  const headerLines = spread(headerRows);
  const data = header ? rows.slice(header.last + 1) : rows;
  const width = Math.max(0, ...rows.map((row) => row.cells.length));
  const columns = settleDoubles(
    Array.from({ length: width }, (_, c) => guessColumn(c, headerOf(headerLines, c), sampleOf(data, c), sender)),
  );
  if (!columns.some((c) => c.field !== null && keyFields.has(c.field))) return undefined;
  const titles = header
    ? rows.slice(0, header.first).map((row) => [...new Set(textsOf(row))].filter((text) => text !== '').join(' '))
    : [];
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

/** Fields that tell who somebody is. */
const keyFields: ReadonlySet<CensusField> = new Set(['name', 'idNumber', 'certificateNumber']);

const footer =
  /^(?:附?注|备注|说明|(?:填表|填报|制表|编制|统计|上报|报送|审核|审批|复核|经办|负责|分管|主管|单位|联系)[^:：]{0,8}|[^:：]{0,6}(?:日期|时间|签字|签名|签章|盖章))[:：]/;
const total = /^(?:合计|总计|小计|共计|总人数)/;
// 甲 乙 1 2 3: forms number their columns below the header.
const columnMark = /^[(（]?(?:\d{1,2}|[甲乙丙丁戊己庚辛壬癸A-Z])[)）]?$/;
const hint = /^[(（【[][^)）】\]]*[)）】\]]$|必填|选填/;
const closing = /[：:。；]|^以上|签字|签名|盖章|公章/;

/** True for rows that are not people: totals, notes, signatures, hints below the header, a header repeated on a later page. A row with a long number is. */
export const isNoteRow = (row: SheetRow, columns: readonly ColumnGuess[]): boolean => {
  const value = (column: number): string => cellText(row.cells[column] ?? null).trim();
  const texts = textsOf(row).filter((text) => text !== '');
  const first = (texts[0] ?? '').replace(/\s/g, '');
  if (/^(?:示例|样例|例)[:：]?$/.test(first)) return true;
  const keys = columns.filter((c) => c.field !== null && keyFields.has(c.field)).map((c) => value(c.column));
  if (keys.some((key) => /^\d{15,}[\dXx]?/.test(key))) return false;
  if (footer.test(first)) return true;
  if (total.test(first) && new Set(texts).size <= 4) return true;
  // One text, or one text merged over the whole width, which stands in every column alike.
  if (new Set(texts).size === 1 && (texts.length > 1 || closing.test(first))) return true;
  if (texts.length > 1 && texts.every((text) => columnMark.test(text))) return true;
  const filled = columns.filter((c) => c.header !== '' && hasValue(row.cells[c.column]));
  if (
    filled.length >= 2 &&
    filled.every((c) => c.header.endsWith(value(c.column)) || c.header.startsWith(value(c.column)))
  )
    return true;
  return keys.length > 0 && keys.every((key) => key === '' || hint.test(key));
};
