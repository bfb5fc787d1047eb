// What a spreadsheet row is, how much of a file is read at most, and the refusals that reading may give.

import { Refusal } from './refusal.ts';

/** Codes that reading a file may refuse with; operations that read files list them all. */
export const sheetRefusals = ['fileUnreadable', 'fileTooLarge', 'fileEmpty', 'fileEncrypted', 'fileOldFormat'] as const;
export type SheetRefusalCode = (typeof sheetRefusals)[number];

/** A number as the file holds it: `raw` keeps the digits that a double may have lost; `day` is set when the cell is formatted as a date. */
export interface NumberCell {
  readonly number: number;
  readonly raw: string;
  readonly day?: string;
}

export type CellValue = string | boolean | null | NumberCell;

export interface SheetRow {
  /** Name of the sheet; empty for delimited text. */
  readonly sheet: string;
  /** As the spreadsheet program shows it, from 1. */
  readonly rowNumber: number;
  readonly cells: readonly CellValue[];
  /** Which day serial number 0 stands for in this workbook. */
  readonly epoch: 1900 | 1904;
}

export interface SheetLimits {
  readonly fileBytes: number;
  /** Of all parts that are read, unpacked: the guard against archives that blow up. */
  readonly unpackedBytes: number;
  /** Of the parts that must be held in memory (shared strings, styles, merges). */
  readonly heldBytes: number;
  readonly rows: number;
  /** Rows without a value, which cost time and tell nothing. */
  readonly blankRows: number;
  readonly columns: number;
  readonly cellChars: number;
}

// 32,767 is the most characters that the spreadsheet programs themselves allow in one cell.
export const sheetLimits: SheetLimits = {
  fileBytes: 200 * 2 ** 20,
  // 100,000 rows of 40 different texts are 330 MB.
  unpackedBytes: 400 * 2 ** 20,
  heldBytes: 256 * 2 ** 20,
  rows: 1_048_576,
  blankRows: 200_000,
  columns: 1000,
  cellChars: 32_767,
};

export const refuseFile = (code: SheetRefusalCode, message: string): Refusal =>
  new Refusal(code, message, { kind: 'input', fields: { file: message } });

/** True when a cell holds something a person would see. */
export const hasValue = (cell: CellValue | undefined): boolean =>
  cell !== null && cell !== undefined && (typeof cell !== 'string' || cell.trim() !== '');

/**
 * The day of a spreadsheet serial number, or undefined outside 1900–2199. The 1900 system counts a 29 February 1900 that
 * never was (ECMA-376 18.17.4.1), hence the shift below 60.
 */
export const findSerialDay = (serial: number, epoch: 1900 | 1904): string | undefined => {
  if (!Number.isFinite(serial) || serial < 1 || serial > 109_574) return undefined;
  const whole = Math.floor(serial);
  const base = epoch === 1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, whole < 60 ? 31 : 30);
  return new Date(base + whole * 86_400_000).toISOString().slice(0, 10);
};
