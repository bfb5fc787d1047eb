// Delimited text as rows: finds the encoding (UTF-8, UTF-16, GB18030, or the first and the last by turns) and the separator, then streams.

import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { Refusal } from './refusal.ts';
import { hasValue, refuseFile, type SheetLimits, type SheetRow } from './sheet-cell.ts';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030' | 'mixed';

const mark = Buffer.from([0xef, 0xbb, 0xbf]);

const encodingOfStart = (head: Buffer): Encoding | undefined => {
  if (head.subarray(0, 3).equals(mark)) return 'utf-8';
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

// GB18030 that happens to be valid UTF-8 comes out as Latin, Greek, Arabic …; the other way round Chinese stays Chinese.
const isMistaken = (text: string): boolean => /[\u0080-\u07ff]/.test(text) && !/[\u4e00-\u9fff]/.test(text);

const mostLineBytes = 2 ** 20;

/** Each line as UTF-8 or else as GB18030: lists that one program began and another one went on with. A line break is no part of a letter in either. */
async function* decodeLines(path: string): AsyncGenerator<string, void> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const gb18030 = new TextDecoder('gb18030', { fatal: true });
  const lineOf = (line: Buffer): string => {
    try {
      const text = utf8.decode(line);
      if (!isMistaken(text)) return text;
    } catch {
      // Not UTF-8.
    }
    return gb18030.decode(line);
  };
  let rest: Buffer = Buffer.alloc(0);
  let isStart = true;
  for await (const chunk of createReadStream(path)) {
    rest = Buffer.concat([rest, chunk]);
    if (isStart && rest.subarray(0, 3).equals(mark)) rest = rest.subarray(3);
    isStart = false;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield lineOf(rest.subarray(0, end + 1));
      rest = rest.subarray(end + 1);
    }
    if (rest.length > mostLineBytes) throw new TypeError('line too long');
  }
  if (rest.length > 0) yield lineOf(rest);
}

async function* decode(path: string, encoding: Encoding): AsyncGenerator<string, void> {
  if (encoding === 'mixed') return yield* decodeLines(path);
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

/** True when the first line with more than ASCII in it is Chinese in UTF-8. */
const beginsInUtf8 = (head: Buffer): boolean => {
  for (let from = 0, end = head.indexOf(10); end >= 0; from = end + 1, end = head.indexOf(10, from)) {
    const line = head.subarray(from, end);
    if (line.every((byte) => byte < 0x80)) continue;
    return !isMistaken(line.toString('utf-8')) && !line.toString('utf-8').includes('\ufffd');
  }
  return false;
};

const findEncoding = async (path: string): Promise<Encoding> => {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    const head = buffer.subarray(0, bytesRead);
    const marked = encodingOfStart(head);
    const other = marked === 'utf-8' || beginsInUtf8(head) ? 'mixed' : 'gb18030';
    // UTF-8 first: Chinese text in GB18030 is practically never valid UTF-8, the other way round it often is.
    const likely: Encoding[] = marked && marked !== 'utf-8' ? [marked] : ['utf-8', other];
    for (const encoding of likely) {
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

const sampleChars = 65_536;

const readSample = async (path: string, encoding: Encoding): Promise<string> => {
  let sample = '';
  for await (const text of decode(path, encoding)) {
    sample += text;
    if (sample.length >= sampleChars) break;
  }
  return sample.slice(0, sampleChars);
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
