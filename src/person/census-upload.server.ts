// Takes a file in: checks it by its content, finds the tables, guesses the columns, and stages the rows. One batch of rows is in memory.

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { sealMark } from '../kernel/sealing.ts';
import { readSheet } from '../kernel/sheet.ts';
import type { CellValue, SheetRow } from '../kernel/sheet-cell.ts';
import { cities } from '../network/division.ts';
import type { Ctx } from '../policy/context.ts';
import { findMapping, insertList, insertRows, type StagedRow, updateList } from './census.sql.ts';
import { type CensusTable, dayOfTitles, keptFileName } from './census.ts';
import { applyRemembered, findTable, type RememberedMapping } from './census-columns.ts';
import type { CensusSender } from './census-fields.ts';
import { createRowReader } from './census-read.ts';

const batchSize = 1000;
/** Rows of a sheet that are looked at to find its table. */
const headSize = 60;

export interface NewCensusList {
  readonly id: string;
  readonly sender: CensusSender;
  readonly fileName: string;
  readonly path: string;
  /** '' nation, 4 digits a city, 6 a county. */
  readonly area: string;
  readonly listedOn?: string | undefined;
}

// jsonb takes neither a NUL nor half a surrogate pair.
const storableText = (text: string): string => text.toWellFormed().replaceAll('\u0000', '').replaceAll(sealMark, '');
const storableCell = (cell: CellValue): CellValue => {
  if (typeof cell === 'string') return storableText(cell);
  return cell !== null && typeof cell === 'object' ? { ...cell, raw: storableText(cell.raw) } : cell;
};

/** Rows from the first row of data of each sheet on, in order; `tables` fills up as sheets begin. */
class Stager {
  readonly tables: CensusTable[] = [];
  rows = 0;
  private head: SheetRow[] = [];
  private batch: StagedRow[] = [];
  private table: CensusTable | undefined;
  private sheet: string | undefined;
  private readonly sender: CensusSender;
  private readonly remembered: RememberedMapping | undefined;
  private readonly write: (rows: readonly StagedRow[]) => Promise<void>;
  constructor(
    sender: CensusSender,
    remembered: RememberedMapping | undefined,
    write: (rows: readonly StagedRow[]) => Promise<void>,
  ) {
    this.sender = sender;
    this.remembered = remembered;
    this.write = write;
  }

  async add(row: SheetRow): Promise<void> {
    if (row.sheet !== this.sheet) {
      await this.begin();
      this.sheet = row.sheet;
      this.table = undefined;
    }
    if (this.table) return this.stage(row);
    this.head.push(row);
    if (this.head.length >= headSize) await this.begin();
  }

  async end(): Promise<void> {
    await this.begin();
    await this.flush();
  }

  private async begin(): Promise<void> {
    const head = this.head;
    this.head = [];
    const [first] = head;
    if (!first || this.table) return;
    const guess = findTable(head, this.sender);
    const columns = guess && this.remembered ? applyRemembered(guess.columns, this.remembered) : guess?.columns;
    this.table = {
      sheet: storableText(first.sheet),
      firstDataRow: guess?.firstDataRow ?? 0,
      titles: (guess?.titles ?? []).map(storableText),
      columns: (columns ?? []).map((column) => ({ ...column, header: storableText(column.header) })),
    };
    this.tables.push(this.table);
    for (const row of head) await this.stage(row);
  }

  private async stage(row: SheetRow): Promise<void> {
    if (!this.table || this.table.firstDataRow === 0 || row.rowNumber < this.table.firstDataRow) return;
    this.batch.push({
      position: this.rows,
      sheet: this.table.sheet,
      rowNumber: row.rowNumber,
      epoch: row.epoch,
      cells: row.cells.map(storableCell),
    });
    this.rows += 1;
    if (this.batch.length >= batchSize) await this.flush();
  }

  private async flush(): Promise<void> {
    const batch = this.batch;
    this.batch = [];
    if (batch.length > 0) await this.write(batch);
  }
}

/** Stages a file as a list that waits for its columns to be confirmed. Refuses as `readSheet` does, and `noTable`. */
export const stageList = async (tx: Tx, ctx: Ctx, list: NewCensusList): Promise<{ id: string; rows: number }> => {
  const key = { county: list.area, id: list.id };
  const remembered = await findMapping(tx, list.area, list.sender);
  await insertList(tx, {
    ...key,
    sender: list.sender,
    fileName: keptFileName(list.fileName),
    listedOn: list.listedOn ?? ctx.today,
    tables: [],
    uploadedBy: ctx.actor.user,
    uploadedAt: ctx.now,
  });
  const stager = new Stager(list.sender, remembered, (rows) => insertRows(tx, key, rows));
  for await (const row of readSheet(list.path)) await stager.add(row);
  await stager.end();
  const { tables, rows } = stager;
  if (rows === 0)
    throw new Refusal('noTable', '文件里没有找到人员名单：表头中应有“姓名”“身份证号”或“残疾人证号”，下面应有人员。', {
      kind: 'input',
      fields: { file: '没有找到人员名单' },
    });
  const titled = dayOfTitles(
    tables.flatMap((table) => table.titles),
    ctx.today,
  );
  await updateList(tx, key, { tables, rows, ...(list.listedOn === undefined && titled ? { listedOn: titled } : {}) });
  return { id: list.id, rows };
};

/** Writes an uploaded file where it can be read piece by piece, for as long as `work` takes. */
export const withFile = async <T>(file: Blob, work: (path: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(tmpdir(), 'kangtu-list-'));
  try {
    const path = join(folder, 'list');
    await pipeline(Readable.from(file.stream()), createWriteStream(path, { mode: 0o600 }));
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Rows that are looked at to tell where a list comes from. */
const placedRows = 300;

/**
 * The county that a file's rows name, or, where they name several, their city: for a list that comes without a sender's office.
 * Refuses `areaUnknown`.
 */
export const guessArea = async (path: string, sender: CensusSender, today: string): Promise<string> => {
  const head: SheetRow[] = [];
  for await (const row of readSheet(path)) {
    if (row.sheet === (head[0]?.sheet ?? row.sheet)) head.push(row);
    if (head.length >= placedRows) break;
  }
  const table = findTable(head, sender);
  const areas = cities.flatMap((city) => city.counties.map((county) => ({ ...county, towns: [...county.towns] })));
  const read = createRowReader(table?.columns ?? [], { sender, areas, today });
  const counts = new Map<string, number>();
  for (const row of head.filter(({ rowNumber }) => rowNumber >= (table?.firstDataRow ?? 0))) {
    const { householdDivision, idDocument } = read(row).row;
    const place = householdDivision ?? idDocument?.number;
    const county = areas.find(({ code }) => place?.startsWith(code))?.code;
    if (county) counts.set(county, (counts.get(county) ?? 0) + 1);
  }
  const [first, second] = [...counts].sort(([, a], [, b]) => b - a);
  if (!first) throw new Refusal('areaUnknown', '认不出名单属于哪个县（区），请用 --area 指明。', { kind: 'input' });
  // A few of another county are people who moved; many are a list of the whole city.
  return second && second[1] * 4 > first[1] ? first[0].slice(0, 4) : first[0];
};
