// Files and prints with persons in them that leave the product: which there are, their serial numbers, and the line that each carries.
import { z } from 'zod';
import { dayAt, timeAt } from '../kernel/calendar.ts';

export const ExportKind = z.enum([
  'persons',
  'censusResult',
  'siteMonth',
  'audit',
  'exchange',
  'filePrint',
  'assessmentPrint',
  'referralPrint',
  'readersPrint',
  'minutesPrint',
]);
export type ExportKind = z.infer<typeof ExportKind>;

/** Pages of one person that may be printed. */
export const PrintKind = ExportKind.extract([
  'filePrint',
  'assessmentPrint',
  'referralPrint',
  'readersPrint',
  'minutesPrint',
]);
export type PrintKind = z.infer<typeof PrintKind>;

export const ExportRow = z.object({
  /** Of the entry. */
  id: z.uuid(),
  at: z.string(),
  serial: z.string(),
  kind: z.string(),
  actor: z.string(),
  actorName: z.string().nullable(),
  organisationName: z.string().nullable(),
  county: z.string(),
  countyName: z.string(),
  purpose: z.string(),
  /** Persons or lines in the file. */
  rows: z.int(),
});
export type ExportRow = z.infer<typeof ExportRow>;

/** Day and the end of the list's id: short enough to be read out on the telephone, and found again in the records. */
export const serialOf = (on: string, list: string): string =>
  `${on.replaceAll('-', '')}-${list.slice(-8).toUpperCase()}`;

interface Mark {
  readonly name: string;
  readonly office: string;
  /** ISO instant. */
  readonly at: string;
  readonly purpose: string;
  readonly serial: string;
}

/** The line on the file or on each printed page. The serial comes first: what does not fit in a margin is cut at the end. */
export const watermarkOf = ({ name, office, at, purpose, serial }: Mark): string =>
  `编号：${serial}　导出人：${name}（${office}）　时间：${dayAt(at)} ${timeAt(at)}　用途：${purpose}`;
