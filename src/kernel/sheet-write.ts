// Writes .xlsx as a stream: result files of any length and reports in the layout an office files (title, grouped header, notes, print set-up).

import { createWriteStream } from 'node:fs';
import { type PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { type CellFormat, type CellTone, styleOf, stylesXml } from './sheet-styles.ts';

export type WriteValue = string | number | boolean | null;
/** A cell that stands out from its column. */
export interface WriteCell {
  readonly value: WriteValue;
  readonly tone?: CellTone;
}

export interface WriteColumn {
  readonly header: string;
  /** Neighbours with the same group share one merged header cell above their own. */
  readonly group?: string;
  /** In characters of the usual font; a Chinese character counts two. Default 14. */
  readonly width?: number;
  /** `day` takes 'YYYY-MM-DD', `percent` a fraction; default `text`. */
  readonly format?: CellFormat;
}

export interface WriteSheet {
  readonly name: string;
  /** Lines above the table, merged over its width: the first is the title, the others are small (unit, period …). */
  readonly title?: readonly string[];
  readonly columns: readonly WriteColumn[];
  readonly rows: Iterable<readonly (WriteValue | WriteCell)[]> | AsyncIterable<readonly (WriteValue | WriteCell)[]>;
  /** Lines below the table (notes, who filled it in). */
  readonly notes?: readonly string[];
  /** Who took the file out, when and what for: the last row, and in the margin of each printed page. */
  readonly watermark?: string;
  /** Default landscape A4, one page wide, header repeated on each page, page numbers below. */
  readonly orientation?: 'portrait' | 'landscape';
}

// The most characters of a cell, and the characters that XML 1.0 cannot hold.
const mostChars = 32_767;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
const unfit = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const escapeXml = (text: string): string =>
  text
    .toWellFormed()
    .replace(unfit, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const columnName = (index: number): string =>
  (index >= 26 ? columnName(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));

const serialOf = (day: string): number => (Date.parse(`${day}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / 86_400_000;

const cellXml = (reference: string, value: WriteValue, style: number): string => {
  if (value === null || value === '') return `<c r="${reference}" s="${style}"/>`;
  if (typeof value === 'number') {
    return Number.isFinite(value)
      ? `<c r="${reference}" s="${style}"><v>${value}</v></c>`
      : `<c r="${reference}" s="${style}"/>`;
  }
  if (typeof value === 'boolean') return `<c r="${reference}" s="${style}" t="b"><v>${value ? 1 : 0}</v></c>`;
  const text = escapeXml(value.slice(0, mostChars));
  return `<c r="${reference}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
};

const dataCell = (reference: string, given: WriteValue | WriteCell | undefined, format: CellFormat): string => {
  const cell: WriteCell = given !== null && typeof given === 'object' ? given : { value: given ?? null };
  const { value } = cell;
  if (format === 'day' && typeof value === 'string') {
    const serial = /^\d{4}-\d{2}-\d{2}$/.test(value) ? serialOf(value) : Number.NaN;
    // Days before 1 March 1900 have no right serial number: written as text.
    return Number.isNaN(serial) || serial < 61
      ? cellXml(reference, value, styleOf('text', cell.tone))
      : cellXml(reference, serial, styleOf('day', cell.tone));
  }
  // Text in a column of figures ('—', '不足5人') keeps the look of text.
  return cellXml(reference, value, styleOf(typeof value === 'string' ? 'text' : format, cell.tone));
};

/** Row by row of one sheet's XML, keeping count of rows and merged ranges. */
class SheetText {
  readonly merges: string[] = [];
  private row = 0;
  private readonly width: number;
  constructor(width: number) {
    this.width = width;
  }

  get rows(): number {
    return this.row;
  }

  wide(text: string, style: number, height: number): string {
    this.row += 1;
    if (this.width > 1) this.merges.push(`A${this.row}:${columnName(this.width - 1)}${this.row}`);
    return `<row r="${this.row}" ht="${height}" customHeight="1">${cellXml(`A${this.row}`, text, style)}</row>`;
  }

  header(columns: readonly WriteColumn[]): string {
    const style = styleOf('header');
    const grouped = columns.some((column) => column.group !== undefined);
    const top = this.row + 1;
    const line = (at: number, text: (column: WriteColumn) => string): string =>
      `<row r="${at}" ht="24" customHeight="1">${columns.map((column, i) => cellXml(columnName(i) + at, text(column), style)).join('')}</row>`;
    this.row += grouped ? 2 : 1;
    if (!grouped) return line(top, (column) => column.header);
    for (let from = 0; from < columns.length; ) {
      const group = columns[from]?.group;
      let to = from;
      while (group !== undefined && columns[to + 1]?.group === group) to += 1;
      if (group === undefined) this.merges.push(`${columnName(from)}${top}:${columnName(from)}${top + 1}`);
      else if (to > from) this.merges.push(`${columnName(from)}${top}:${columnName(to)}${top}`);
      from = to + 1;
    }
    return line(top, (c) => c.group ?? c.header) + line(top + 1, (c) => (c.group === undefined ? '' : c.header));
  }

  data(cells: readonly (WriteValue | WriteCell)[], columns: readonly WriteColumn[]): string {
    this.row += 1;
    const at = this.row;
    return `<row r="${at}">${columns.map((c, i) => dataCell(columnName(i) + at, cells[i], c.format ?? 'text')).join('')}</row>`;
  }
}

const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006';

const sheetHead = (sheet: WriteSheet, frozen: number): string =>
  `${xmlHead}<worksheet xmlns="${main}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">` +
  `<pane ySplit="${frozen}" topLeftCell="A${frozen + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>` +
  sheet.columns
    .map((c, i) => `<col min="${i + 1}" max="${i + 1}" width="${c.width ?? 14}" customWidth="1"/>`)
    .join('') +
  '</cols><sheetData>';

/** Office programs take no more than 255 characters in a margin; '&' begins a code there. */
const marginText = (text: string): string => escapeXml([...text].slice(0, 180).join('').replaceAll('&', '&&'));

const sheetFoot = (sheet: WriteSheet, merges: readonly string[]): string =>
  '</sheetData>' +
  (merges.length > 0
    ? `<mergeCells count="${merges.length}">${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`
    : '') +
  '<printOptions horizontalCentered="1"/><pageMargins left="0.5" right="0.5" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>' +
  `<pageSetup paperSize="9" orientation="${sheet.orientation ?? 'landscape'}" fitToWidth="1" fitToHeight="0"/>` +
  `<headerFooter>${sheet.watermark === undefined ? '' : `<oddHeader>&amp;L&amp;8&amp;K808080 ${marginText(sheet.watermark)}</oddHeader>`}` +
  '<oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>';

const headerRows = (sheet: WriteSheet): number =>
  (sheet.title?.length ?? 0) + (sheet.columns.some((c) => c.group !== undefined) ? 2 : 1);

async function* sheetXml(sheet: WriteSheet): AsyncGenerator<string, void> {
  const text = new SheetText(sheet.columns.length);
  let chunk = sheetHead(sheet, headerRows(sheet));
  for (const [i, line] of (sheet.title ?? []).entries()) {
    chunk += text.wide(line, styleOf(i === 0 ? 'title' : 'note'), i === 0 ? 32 : 20);
  }
  chunk += text.header(sheet.columns);
  for await (const cells of sheet.rows) {
    chunk += text.data(cells, sheet.columns);
    if (chunk.length > 65_536) {
      yield chunk;
      chunk = '';
    }
  }
  for (const line of [...(sheet.notes ?? []), ...(sheet.watermark === undefined ? [] : [sheet.watermark])])
    chunk += text.wide(line, styleOf('note'), 20);
  yield chunk + sheetFoot(sheet, text.merges);
}

/** A name that the spreadsheet programs accept: 31 characters, none of []:*?/\, unique in the workbook. */
const sheetNames = (sheets: readonly WriteSheet[]): string[] => {
  const names: string[] = [];
  for (const { name } of sheets) {
    const base =
      name
        .replace(/[[\]:*?/\\]/g, ' ')
        .replace(/^'|'$/g, '')
        .trim()
        .slice(0, 31) || '表';
    let unique = base;
    for (let n = 2; names.includes(unique); n += 1) unique = `${base.slice(0, 27)}(${n})`;
    names.push(unique);
  }
  return names;
};

const workbookXml = (sheets: readonly WriteSheet[]): string => {
  const names = sheetNames(sheets).map(escapeXml);
  const titles = sheets.map((sheet, i) => {
    const [last, count] = [headerRows(sheet), sheet.columns.some((c) => c.group !== undefined) ? 2 : 1];
    const quoted = `'${(names[i] ?? '').replaceAll("'", "''")}'`;
    return `<definedName name="_xlnm.Print_Titles" localSheetId="${i}">${quoted}!$${last - count + 1}:$${last}</definedName>`;
  });
  return (
    `${xmlHead}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>` +
    names.map((name, i) => `<sheet name="${name}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('') +
    `</sheets><definedNames>${titles.join('')}</definedNames></workbook>`
  );
};

const relationsXml = (targets: readonly (readonly [type: string, target: string])[]): string =>
  `${xmlHead}<Relationships xmlns="${packaged}/relationships">` +
  targets
    .map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${office}/${type}" Target="${target}"/>`)
    .join('') +
  '</Relationships>';

const contentTypesXml = (count: number): string => {
  const type = (part: string, kind: string): string =>
    `<Override PartName="/xl/${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`;
  return (
    `${xmlHead}<Types xmlns="${packaged}/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    `${type('workbook.xml', 'sheet.main')}${type('styles.xml', 'styles')}` +
    `${Array.from({ length: count }, (_, i) => type(`worksheets/sheet${i + 1}.xml`, 'worksheet')).join('')}</Types>`
  );
};

// One moment for every part, so that the same content gives the same bytes (a filed report keeps its hash); zip keeps local time.
const mtime = new Date(2000, 0, 1);

/** The bytes of a workbook, produced while they are read: rows are pulled one by one and never held. */
export const writeSheets = (sheets: readonly WriteSheet[]): Readable => {
  const zip = new ZipFile();
  // The archive's own stream is a PassThrough of Node; wrapped, it ends with a premature close when it is complete before the last chunk is read.
  const output = zip.outputStream as PassThrough;
  const options = { mtime, forceDosTimestamp: true };
  const add = (path: string, xml: string): void => zip.addBuffer(Buffer.from(xml), path, options);
  const targets = sheets.map((_, i) => ['worksheet', `worksheets/sheet${i + 1}.xml`] as const);
  add('[Content_Types].xml', contentTypesXml(sheets.length));
  add('_rels/.rels', relationsXml([['officeDocument', 'xl/workbook.xml']]));
  add('xl/workbook.xml', workbookXml(sheets));
  add('xl/_rels/workbook.xml.rels', relationsXml([...targets, ['styles', 'styles.xml']]));
  add('xl/styles.xml', stylesXml);
  for (const [i, sheet] of sheets.entries()) {
    zip.addReadStreamLazy(`xl/worksheets/sheet${i + 1}.xml`, options, (done) => {
      const source = Readable.from(sheetXml(sheet));
      source.on('error', (error) => output.destroy(error));
      done(null, source);
    });
  }
  zip.on('error', (error: Error) => output.destroy(error));
  zip.end();
  return output;
};

export const writeSheetsFile = async (path: string, sheets: readonly WriteSheet[]): Promise<void> =>
  pipeline(writeSheets(sheets), createWriteStream(path));
