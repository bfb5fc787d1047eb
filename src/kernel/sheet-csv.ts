// Delimited text as rows: finds the encoding (UTF-8, UTF-16, GB18030) and the separator, then streams.

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { Refusal } from './refusal.ts';
import { hasValue, refuseFile, type SheetLimits, type SheetRow } from './sheet-cell.ts';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

const encodingOfStart = (head: Buffer): Encoding | undefined => {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  // Without a mark: separators and digits of UTF-16 text leave zero bytes on one side only.
  const zeros = [0, 0];
  for (const [i, byte] of head.entries()) if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd === 0) return undefined;
  // Few characters have a zero as their other half (一, U+4E00, is one).
  if (odd > head.length / 20 && odd > even * 5) return 'utf-16le';
  if (even > head.length / 20 && even > odd * 5) return 'utf-16be';
  throw refuseFile('fileUnreadable', '文件不是文本表格（含有二进制内容）。请上传 .xlsx 或 .csv 文件。');
};

async function* decode(path: string, encoding: Encoding): AsyncGenerator<string, void> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of createReadStream(path)) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

const decodes = async (path: string, encoding: Encoding): Promise<boolean> => {
  try {
    for await (const text of decode(path, encoding)) if (text.includes('\0')) return false;
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
};

const findEncoding = async (path: string): Promise<Encoding> => {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    const marked = encodingOfStart(buffer.subarray(0, bytesRead));
    // UTF-8 first: Chinese text in GB18030 is practically never valid UTF-8, the other way round it often is.
    for (const encoding of marked ? [marked] : (['utf-8', 'gb18030'] as const)) {
      if (await decodes(path, encoding)) return encoding;
    }
  } finally {
    await file.close();
  }
  throw refuseFile('fileUnreadable', '文件的文字编码无法识别。请用表格软件打开，另存为 .xlsx 后再上传。');
};

/** The separator that splits the first lines most often and most evenly; a comma when nothing does. */
const guessSeparator = (sample: string): string => {
  const declared = /^sep=(.)\r?\n/.exec(sample)?.[1];
  if (declared) return declared;
  const lines = sample
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '')
    .slice(0, 30);
  const scored = [',', '\t', ';', '，', '|'].map((separator) => {
    const counts = lines.map((line) => line.split(separator).length - 1).sort((a, b) => a - b);
    return { separator, median: counts[Math.floor(counts.length / 2)] ?? 0, total: counts.reduce((a, b) => a + b, 0) };
  });
  scored.sort((a, b) => b.median - a.median || b.total - a.total);
  return scored[0] && scored[0].total > 0 ? scored[0].separator : ',';
};

const readSample = async (path: string, encoding: Encoding): Promise<string> => {
  for await (const text of decode(path, encoding)) return text.slice(0, 65_536);
  return '';
};

// ="0123" is how programs write text that must not become a number.
const cellOf = (text: string): string | null => {
  const value = /^="([^"]*)"$/.exec(text)?.[1] ?? text;
  return value === '' ? null : value;
};

const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((v) => typeof v === 'string');

/** Rows of delimited text; every cell is text. Called through `readSheet`. */
export async function* readCsvRows(path: string, limits: SheetLimits): AsyncGenerator<SheetRow, void> {
  const encoding = await findEncoding(path);
  const sample = await readSample(path, encoding);
  const parser = parse({
    delimiter: guessSeparator(sample),
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: limits.cellChars * 40,
  });
  const source = Readable.from(decode(path, encoding));
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let rowNumber = 0;
  try {
    for await (const record of parser) {
      rowNumber += 1;
      if (!isStrings(record) || (rowNumber === 1 && /^sep=/.test(record.join('')))) continue;
      const cells = record.map(cellOf);
      if (!cells.some(hasValue)) continue;
      if (cells.length > limits.columns)
        throw refuseFile('fileTooLarge', `第 ${rowNumber} 行超过 ${limits.columns} 列。`);
      if (cells.some((cell) => cell !== null && cell.length > limits.cellChars)) {
        throw refuseFile('fileTooLarge', `第 ${rowNumber} 行有单元格超过 ${limits.cellChars} 字。`);
      }
      yield { sheet: '', rowNumber, cells, epoch: 1900 };
    }
  } catch (error) {
    if (error instanceof Refusal || !(error instanceof CsvError || error instanceof TypeError)) throw error;
    throw refuseFile('fileUnreadable', `第 ${rowNumber + 1} 行之后无法读取：引号不成对或单元格过长。`);
  } finally {
    source.destroy();
    parser.destroy();
  }
}
