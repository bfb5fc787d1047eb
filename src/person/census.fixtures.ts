// Nasty files as departments send them, built in a temporary folder; every person is made up.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ZipFile } from 'yazl';
import { readSheet } from '../kernel/sheet.ts';
import type { CellValue, SheetRow } from '../kernel/sheet-cell.ts';
import { findTable, isNoteRow } from './census-columns.ts';
import type { DivisionArea } from './census-division.ts';
import type { CensusSender } from './census-fields.ts';
import { CensusMatcher, type KnownPerson, type PersonIndex } from './census-match.ts';
import { createRowReader } from './census-read.ts';
import type { CensusReading } from './census-row.ts';
import { checkCharacter } from './identity.ts';

/** A number with a valid check character, from a place of issue that does not exist, a birth day and a sequence (odd: male). */
export const anId = (birthDate: string, sequence: number, prefix = '000000'): string => {
  const first17 = `${prefix}${birthDate.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
  return first17 + checkCharacter(first17);
};

export const fullWidth = (text: string): string =>
  text.replace(/[!-~]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0xfee0));

const folders: string[] = [];
export const inFolder = async (name: string, bytes: Uint8Array | string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'kangtu-census-'));
  folders.push(folder);
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
};
export const removeFolders = async (): Promise<void> => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
};

export const zipOf = async (parts: Readonly<Record<string, string | Buffer>>): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const [path, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), path);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};

/** A raw cell: `v` is the text of <v>, `t` the type, `s` the style (1: date, 2: general). */
export interface RawCell {
  readonly v: string;
  readonly t?: string;
  readonly s?: number;
}
export type RawRow = readonly (string | number | RawCell | null)[];
export interface RawSheet {
  readonly name: string;
  readonly rows: readonly RawRow[];
  readonly merges?: readonly string[];
  readonly hidden?: boolean;
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const column = (i: number): string =>
  (i >= 26 ? column(Math.floor(i / 26) - 1) : '') + String.fromCharCode(65 + (i % 26));

const cellXml = (cell: string | number | RawCell | null, reference: string, strings: string[]): string => {
  if (cell === null) return '';
  if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`;
  if (typeof cell === 'string') return `<c r="${reference}" t="s"><v>${strings.push(cell) - 1}</v></c>`;
  return `<c r="${reference}"${cell.t ? ` t="${cell.t}"` : ''}${cell.s ? ` s="${cell.s}"` : ''}><v>${escapeXml(cell.v)}</v></c>`;
};

const sheetXml = (sheet: RawSheet, strings: string[]): string => {
  const rows = sheet.rows.map(
    (cells, r) =>
      `<row r="${r + 1}">${cells.map((cell, c) => cellXml(cell, `${column(c)}${r + 1}`, strings)).join('')}</row>`,
  );
  const merges = (sheet.merges ?? []).map((ref) => `<mergeCell ref="${ref}"/>`).join('');
  return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows.join('')}</sheetData>${merges ? `<mergeCells>${merges}</mergeCells>` : ''}</worksheet>`;
};

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const relations = (list: readonly (readonly [string, string])[]): string =>
  `<Relationships>${list.map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${office}/${type}" Target="${target}"/>`).join('')}</Relationships>`;

/** The parts of a workbook as Excel lays them out (shared strings, styles), before zipping. */
export const workbookParts = (sheets: readonly RawSheet[], date1904 = false): Record<string, string> => {
  const strings: string[] = [];
  const parts: Record<string, string> = {};
  sheets.forEach((sheet, i) => {
    parts[`xl/worksheets/sheet${i + 1}.xml`] = sheetXml(sheet, strings);
  });
  parts['[Content_Types].xml'] = '<Types/>';
  parts['_rels/.rels'] = relations([['officeDocument', 'xl/workbook.xml']]);
  const list = sheets.map(
    (s, i) => `<sheet name="${s.name}" sheetId="${i + 1}"${s.hidden ? ' state="hidden"' : ''} r:id="rId${i + 1}"/>`,
  );
  parts['xl/workbook.xml'] =
    `<workbook xmlns:r="${office}"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets>${list.join('')}</sheets></workbook>`;
  parts['xl/_rels/workbook.xml.rels'] = relations([
    ...sheets.map((_, i) => ['worksheet', `worksheets/sheet${i + 1}.xml`] as const),
    ['sharedStrings', 'sharedStrings.xml'],
    ['styles', 'styles.xml'],
  ]);
  parts['xl/sharedStrings.xml'] =
    `<sst>${strings.map((text) => `<si><t>${escapeXml(text)}</t><rPh><t>音</t></rPh></si>`).join('')}</sst>`;
  parts['xl/styles.xml'] =
    '<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="176"/><xf numFmtId="0"/></cellXfs></styleSheet>';
  return parts;
};

export const anXlsx = async (sheets: readonly RawSheet[], date1904 = false): Promise<string> =>
  inFolder('list.xlsx', await zipOf(workbookParts(sheets, date1904)));

export const rowsOf = async (path: string): Promise<SheetRow[]> => Array.fromAsync(readSheet(path));

export const areas: readonly DivisionArea[] = [
  {
    code: '511902',
    name: '巴州区',
    towns: [
      { code: '511902001', name: '东城街道' },
      { code: '511902002', name: '西城街道' },
      { code: '511902007', name: '兴文街道' },
      { code: '511902101', name: '清江镇' },
    ],
  },
  {
    code: '511921',
    name: '通江县',
    towns: [
      { code: '511921100', name: '诺江镇' },
      { code: '511921102', name: '兴文镇' },
    ],
  },
];

/** Everything after reading the cells, as the import does it: table by table, notes left out. */
export const readingsOf = (rows: readonly SheetRow[], sender: CensusSender = 'federation'): CensusReading[] =>
  [...Map.groupBy(rows, (row) => row.sheet).values()].flatMap((sheet) => {
    const table = findTable(sheet.slice(0, 60), sender);
    if (!table) return [];
    const read = createRowReader(table.columns, { sender, areas, home: '511902', today: '2024-11-14' });
    return sheet.filter((row) => row.rowNumber >= table.firstDataRow && !isNoteRow(row, table.columns)).map(read);
  });

/** One reading from headers and cells. */
export const aReading = (
  cells: Readonly<Record<string, CellValue>>,
  sender: CensusSender = 'federation',
): CensusReading => {
  const rows: SheetRow[] = [Object.keys(cells), Object.values(cells)].map((values, i) => ({
    sheet: '',
    rowNumber: i + 1,
    cells: values,
    epoch: 1900,
  }));
  const [reading] = readingsOf(rows, sender);
  if (!reading) throw new Error('the cells make no row');
  return reading;
};

/** An index over a few people held in memory. */
export const anIndex = (people: readonly KnownPerson[]): PersonIndex => ({
  findByIds: async (numbers) => people.filter((p) => p.idNumber !== undefined && numbers.includes(p.idNumber)),
  findByCertificates: async (numbers) =>
    people.filter((p) => p.certificateNumber !== undefined && numbers.includes(p.certificateNumber.slice(0, 20))),
  findByBirthDates: async (days) => people.filter((p) => p.birthDate !== undefined && days.includes(p.birthDate)),
});

export const aMatcher = (...people: KnownPerson[]): CensusMatcher => new CensusMatcher(anIndex(people));
