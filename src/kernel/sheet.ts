// Reads a spreadsheet file (.xlsx or delimited text, told by content, never by name) as a stream of rows in bounded memory.

import { open } from 'node:fs/promises';
import type { Refusal } from './refusal.ts';
import { refuseFile, type SheetLimits, type SheetRow, sheetLimits } from './sheet-cell.ts';
import { readCsvRows } from './sheet-csv.ts';
import { readXlsxRows } from './sheet-xlsx.ts';

const latin = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** Old binary workbooks and password-protected new ones share one container; its directory tells them apart. */
const refuseContainer = (directory: Buffer): Refusal => {
  const names = directory.toString('utf16le');
  if (names.includes('EncryptedPackage')) {
    return refuseFile('fileEncrypted', '文件设有打开密码，无法读取。请在表格软件中取消密码后重新保存，再上传。');
  }
  if (names.includes('Workbook') || names.includes('Book')) {
    return refuseFile('fileOldFormat', '这是旧版 .xls 文件。请用表格软件打开，另存为“Excel 工作簿（.xlsx）”后再上传。');
  }
  return refuseFile('fileUnreadable', '文件不是电子表格。请上传 .xlsx 或 .csv 文件。');
};

/** Programs on the web export pages, also in UTF-16 and as web archives, under the name of a workbook. */
const isPage = (start: string): boolean =>
  /^\s*(?:<(?:!|\?xml|html|head|meta|style|script|body|div|table)|MIME-Version:)/i.test(
    start.replace(/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, '').replaceAll('\0', ''),
  );

const readAt = async (path: string, position: number, length: number): Promise<Buffer> => {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

const sizeOf = async (path: string): Promise<number> => {
  const file = await open(path);
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
};

/** Tells by content what the file is. Throws a Refusal for anything but .xlsx and delimited text. */
export const sniffSheet = async (path: string, limits: SheetLimits = sheetLimits): Promise<'xlsx' | 'csv'> => {
  const size = await sizeOf(path);
  if (size === 0) throw refuseFile('fileEmpty', '文件是空的。');
  if (size > limits.fileBytes) {
    throw refuseFile('fileTooLarge', `文件超过 ${Math.floor(limits.fileBytes / 2 ** 20)} MB，请拆分后上传。`);
  }
  const head = await readAt(path, 0, 4096);
  const start = latin(head);
  if (start.startsWith('PK\u0003\u0004')) return 'xlsx';
  if (start.startsWith('\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1')) {
    // MS-CFB 2.2: sector shift at 30, first directory sector at 48.
    const sector = head.length > 52 ? 2 ** Math.min(head.readUInt16LE(30), 16) : 512;
    const at = head.length > 52 ? (head.readUInt32LE(48) + 1) * sector : 512;
    throw refuseContainer(await readAt(path, at, 8192));
  }
  if (isPage(start)) {
    throw refuseFile(
      'fileUnreadable',
      '文件内容是网页或 XML，只是扩展名像表格。请用表格软件打开，另存为“Excel 工作簿（.xlsx）”后再上传。',
    );
  }
  return 'csv';
};

/**
 * The rows of a file that hold at least one value, sheet by sheet (hidden sheets left out), merged cells filled in.
 * Throws a Refusal (see `sheetRefusals`) and no other error for whatever the file may contain; one batch of rows is in memory at a time.
 */
export async function* readSheet(path: string, limits: SheetLimits = sheetLimits): AsyncGenerator<SheetRow, void> {
  const kind = await sniffSheet(path, limits);
  let count = 0;
  for await (const row of kind === 'xlsx' ? readXlsxRows(path, limits) : readCsvRows(path, limits)) {
    count += 1;
    if (count > limits.rows) throw refuseFile('fileTooLarge', `表格超过 ${limits.rows} 行，请拆分后上传。`);
    yield row;
  }
  if (count === 0) throw refuseFile('fileEmpty', '文件中没有任何数据。');
}
