// What one row of a list becomes: the cleaned CensusRow, and every change and problem said per field.
import { z } from 'zod';
import type { NumberCell, SheetRow } from '../kernel/sheet-cell.ts';
import { LivesAt, RiskLevel, Sex, Stability } from '../policy/facts.ts';
import type { ColumnGuess } from './census-columns.ts';
import { cellText } from './census-content.ts';
import type { DivisionArea } from './census-division.ts';
import { CensusField, type CensusSender, censusFieldNames } from './census-fields.ts';
import { Certificate, IdDocument } from './identity.ts';

/** A row after cleaning: only what is known and valid. Days are 'YYYY-MM-DD'. */
export const CensusRow = z.object({
  sheet: z.string(),
  rowNumber: z.int(),
  name: z.string().optional(),
  idDocument: IdDocument.optional(),
  certificate: Certificate.optional(),
  sex: Sex.optional(),
  birthDate: z.iso.date().optional(),
  certificateCategory: z.int().optional(),
  certificateGrade: z.int().optional(),
  phone: z.string().optional(),
  address: z.string().optional(),
  /** County (6 digits) or town (9 digits). */
  householdDivision: z.string().optional(),
  townName: z.string().optional(),
  villageName: z.string().optional(),
  diagnosis: z.object({ category: z.int().optional(), code: z.string(), name: z.string() }).optional(),
  diagnosedOn: z.iso.date().optional(),
  hospital: z.string().optional(),
  livesAt: LivesAt.optional(),
  riskLevel: RiskLevel.optional(),
  riskOn: z.iso.date().optional(),
  stability: Stability.optional(),
  guardianName: z.string().optional(),
  guardianRelation: z.string().optional(),
  guardianPhone: z.string().optional(),
  medication: z.string().optional(),
  aid: z.array(z.string()).optional(),
  listDate: z.iso.date().optional(),
  remark: z.string().optional(),
});
export type CensusRow = z.infer<typeof CensusRow>;

/** A value that was cleaned on the way in. */
export const FieldChange = z.object({ field: CensusField, from: z.string(), to: z.string(), reason: z.string() });
export type FieldChange = z.infer<typeof FieldChange>;

/**
 * `dropped`: the value is not used, the row goes on without it. `contradiction`: two cells disagree, the surer one was taken.
 * `conflict`: two verified numbers name different people, the row waits for a person.
 */
export const FieldProblem = z.object({
  field: CensusField,
  kind: z.enum(['dropped', 'contradiction', 'conflict']),
  /** As in the file: header of the column and the value there. */
  header: z.string(),
  value: z.string(),
  reason: z.string(),
});
export type FieldProblem = z.infer<typeof FieldProblem>;

export const CensusReading = z.object({
  row: CensusRow,
  changes: z.array(FieldChange),
  problems: z.array(FieldProblem),
});
export type CensusReading = z.infer<typeof CensusReading>;

export interface RowContext {
  readonly sender: CensusSender;
  readonly areas: readonly DivisionArea[];
  /** County that uploads the list (6 digits). */
  readonly home?: string;
  /** Days after it are refused; birth dates 120 years before it too. */
  readonly today: string;
}

/** The cells of one row by field, and what is found out about them; filled by the `read…` functions. */
export class RowDraft {
  readonly row: { -readonly [K in keyof CensusRow]: CensusRow[K] };
  readonly changes: FieldChange[] = [];
  readonly problems: FieldProblem[] = [];
  readonly context: RowContext;
  readonly epoch: 1900 | 1904;
  private readonly source: SheetRow;
  private readonly columns: ReadonlyMap<CensusField, ColumnGuess>;
  constructor(source: SheetRow, columns: ReadonlyMap<CensusField, ColumnGuess>, context: RowContext) {
    this.source = source;
    this.columns = columns;
    this.context = context;
    this.epoch = source.epoch;
    this.row = { sheet: source.sheet, rowNumber: source.rowNumber };
  }

  header(field: CensusField): string {
    return this.columns.get(field)?.header ?? '';
  }

  number(field: CensusField): NumberCell | undefined {
    const column = this.columns.get(field)?.column;
    const cell = column === undefined ? undefined : this.source.cells[column];
    return cell !== null && typeof cell === 'object' ? cell : undefined;
  }

  text(field: CensusField): string {
    const column = this.columns.get(field)?.column;
    return column === undefined ? '' : cellText(this.source.cells[column] ?? null).trim();
  }

  changed(field: CensusField, to: string, reason: string): void {
    this.changes.push({ field, from: this.text(field), to, reason });
  }

  problem(field: CensusField, kind: FieldProblem['kind'], reason: string): void {
    const header = this.header(field) || censusFieldNames[field];
    this.problems.push({ field, kind, header, value: this.text(field), reason });
  }
}

/** In words for the result file: 第 12 行“身份证号”：…… */
export const describeProblem = (row: Pick<CensusRow, 'sheet' | 'rowNumber'>, problem: FieldProblem): string =>
  `${row.sheet === '' ? '' : `“${row.sheet}”`}第 ${row.rowNumber} 行“${problem.header}”：${problem.reason}`;
