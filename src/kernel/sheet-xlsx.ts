// .xlsx as rows: unpacks with yauzl, parses with saxes, holds only shared strings, styles and merges.

import { SaxesParser } from 'saxes';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { Refusal } from './refusal.ts';
import { refuseFile, type SheetLimits, type SheetRow } from './sheet-cell.ts';
import { createRowParser, findMerges, type SheetPart, type Workbook } from './sheet-xlsx-rows.ts';

interface Package {
  readonly zip: ZipFile;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly limits: SheetLimits;
}

const broken = (): Refusal =>
  refuseFile('fileUnreadable', '文件已损坏或不是 Excel 工作簿。请用表格软件打开，另存为 .xlsx 后再上传。');

const tooLarge = '文件解压后过大，已停止读取。请删去名单以外的空行、空列和图片，或拆分成几个文件后上传。';

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

async function* textOf(pack: Package, entry: Entry, most: number): AsyncGenerator<string, void> {
  const stream = await pack.zip.openReadStreamPromise(entry);
  // fatal: a part that is not UTF-8 is not guessed at.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      if (!Buffer.isBuffer(chunk)) throw broken();
      bytes += chunk.length;
      if (bytes > most) throw refuseFile('fileTooLarge', tooLarge);
      const text = decoder.decode(chunk, { stream: true });
      if (text !== '') yield text;
    }
  } finally {
    stream.destroy();
  }
}

type Attributes = Readonly<Record<string, string>>;
interface Handlers {
  readonly open?: (name: string, attributes: Attributes, depth: readonly string[]) => void;
  readonly text?: (text: string, depth: readonly string[]) => void;
  readonly close?: (name: string) => void;
}

const createParser = (handlers: Handlers) => {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  const path: string[] = [];
  parser.on('error', () => {
    throw broken();
  });
  parser.on('doctype', () => {
    throw broken();
  });
  parser.on('opentag', (tag) => {
    const name = localName(tag.name);
    path.push(name);
    if (path.length > 64) throw broken();
    handlers.open?.(name, tag.attributes, path);
  });
  parser.on('text', (text) => handlers.text?.(text, path));
  parser.on('cdata', (text) => handlers.text?.(text, path));
  parser.on('closetag', (tag) => {
    handlers.close?.(localName(tag.name));
    path.pop();
  });
  return parser;
};

const parsePart = async (pack: Package, path: string, handlers: Handlers): Promise<boolean> => {
  const entry = pack.entries.get(path.toLowerCase());
  if (!entry) return false;
  const parser = createParser(handlers);
  for await (const text of textOf(pack, entry, pack.limits.heldBytes)) parser.write(text);
  parser.close();
  return true;
};

const resolvePath = (base: string, target: string): string =>
  new URL(target, `file:///${base}`).pathname.slice(1).replaceAll('%20', ' ');

const readRelations = async (pack: Package, part: string): Promise<{ id: string; type: string; path: string }[]> => {
  const found: { id: string; type: string; path: string }[] = [];
  const slash = part.lastIndexOf('/') + 1;
  await parsePart(pack, `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`, {
    open: (name, a) => {
      if (name !== 'Relationship' || !a.Id || !a.Target || a.TargetMode === 'External') return;
      found.push({ id: a.Id, type: (a.Type ?? '').replace(/^.*\//, ''), path: resolvePath(part, a.Target) });
    },
  });
  return found;
};

const readStrings = async (pack: Package, path: string): Promise<string[]> => {
  const strings: string[] = [];
  let current = '';
  await parsePart(pack, path, {
    open: (name) => {
      if (name === 'si') current = '';
    },
    text: (text, depth) => {
      // rPh holds phonetic readings, which are not part of the text.
      if (depth.at(-1) === 't' && !depth.includes('rPh')) current += text;
    },
    close: (name) => {
      if (name === 'si') strings.push(current);
    },
  });
  return strings;
};

// ECMA-376 18.8.30: 14–22 and 45–47 are dates and times everywhere, 27–36 and 50–58 in Chinese, Japanese and Korean locales.
const builtInDate = (id: number): boolean =>
  (id >= 14 && id <= 17) ||
  id === 22 ||
  (id >= 27 && id <= 31) ||
  id === 36 ||
  (id >= 50 && id <= 54) ||
  id === 57 ||
  id === 58;

/** A number format shows a day when, outside quotes, brackets and escapes, it has a year or a day. */
const isDateFormat = (code: string): boolean =>
  /[yd]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\.|_.|\*./g, '').replace(/general/gi, ''));

const readDateStyles = async (pack: Package, path: string): Promise<boolean[]> => {
  const custom = new Map<number, string>();
  const styles: boolean[] = [];
  await parsePart(pack, path, {
    open: (name, a, depth) => {
      if (name === 'numFmt' && depth.at(-2) === 'numFmts') custom.set(Number(a.numFmtId), a.formatCode ?? '');
      if (name === 'xf' && depth.at(-2) === 'cellXfs') {
        const id = Number(a.numFmtId ?? 0);
        const code = custom.get(id);
        styles.push(code === undefined ? builtInDate(id) : isDateFormat(code));
      }
    },
  });
  return styles;
};

const readWorkbook = async (pack: Package): Promise<Workbook> => {
  const main = (await readRelations(pack, '')).find((relation) => relation.type === 'officeDocument');
  if (!main) throw broken();
  if (main.path.endsWith('.bin')) {
    throw refuseFile('fileOldFormat', '这是 .xlsb 二进制工作簿。请另存为“Excel 工作簿（.xlsx）”后再上传。');
  }
  const relations = await readRelations(pack, main.path);
  const sheets: SheetPart[] = [];
  let epoch: 1900 | 1904 = 1900;
  let isWorkbook = false;
  await parsePart(pack, main.path, {
    open: (name, a, depth) => {
      if (depth.length === 1) isWorkbook = name === 'workbook';
      if (name === 'workbookPr' && /^(?:1|true)$/.test(a.date1904 ?? '')) epoch = 1904;
      if (name !== 'sheet' || (a.state ?? 'visible') !== 'visible') return;
      const id = Object.entries(a).find(([key]) => key.endsWith(':id'))?.[1];
      const relation = relations.find((r) => r.id === id && r.type === 'worksheet');
      if (relation) sheets.push({ name: a.name ?? '', path: relation.path });
    },
  });
  if (!isWorkbook) throw refuseFile('fileUnreadable', '文件不是 Excel 工作簿。请上传 .xlsx 或 .csv 文件。');
  const pathOf = (type: string): string => relations.find((r) => r.type === type)?.path ?? '';
  const strings = await readStrings(pack, pathOf('sharedStrings'));
  return { sheets, strings, dateStyles: await readDateStyles(pack, pathOf('styles')), epoch };
};

const openPackage = async (path: string, limits: SheetLimits): Promise<Package> => {
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false });
  const entries = new Map<string, Entry>();
  try {
    let bytes = 0;
    for await (const entry of zip.eachEntry()) {
      bytes += entry.uncompressedSize;
      if (entry.isEncrypted())
        throw refuseFile('fileEncrypted', '文件设有密码，无法读取。请取消密码后重新保存，再上传。');
      if (entries.size > 10_000 || bytes > limits.unpackedBytes) {
        throw refuseFile('fileTooLarge', tooLarge);
      }
      entries.set(entry.fileName.replaceAll('\\', '/').toLowerCase(), entry);
    }
    return { zip, entries, limits };
  } catch (error) {
    zip.close();
    throw error;
  }
};

async function* readSheetRows(pack: Package, workbook: Workbook, part: SheetPart): AsyncGenerator<SheetRow, void> {
  const entry = pack.entries.get(part.path.toLowerCase());
  if (!entry) return;
  const most = pack.limits.unpackedBytes;
  // Merges stand after the rows in the file, so a first pass (unpacking only) looks for them.
  const merges = await findMerges(textOf(pack, entry, most), pack.limits);
  const rows = createRowParser({ workbook, sheet: part.name, merges, limits: pack.limits });
  const parser = createParser(rows);
  for await (const text of textOf(pack, entry, most)) {
    parser.write(text);
    yield* rows.take();
  }
  parser.close();
  yield* rows.take();
}

/** Rows of every visible sheet. Called through `readSheet`. */
export async function* readXlsxRows(path: string, limits: SheetLimits): AsyncGenerator<SheetRow, void> {
  let pack: Package | undefined;
  // Errors of the consumer do not enter here: they end the generator through `return`.
  try {
    pack = await openPackage(path, limits);
    const workbook = await readWorkbook(pack);
    for (const part of workbook.sheets) yield* readSheetRows(pack, workbook, part);
  } catch (error) {
    throw error instanceof Refusal || isSystemError(error) ? error : broken();
  } finally {
    pack?.zip.close();
  }
}

// The disk's own errors (no such file, no space) are not the file's fault.
const isSystemError = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && typeof error.syscall === 'string';
