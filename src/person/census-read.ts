// One raw row and its columns → a CensusRow with its changes and problems.
import type { SheetRow } from '../kernel/sheet-cell.ts';
import type { ColumnGuess } from './census-columns.ts';
import type { CensusField } from './census-fields.ts';
import { type CensusReading, type RowContext, RowDraft } from './census-row.ts';
import { readDetails, readPlace } from './census-row-details.ts';
import { readPerson } from './census-row-person.ts';

/** A reader for the rows of one table. Pure: the same row gives the same reading. */
export const createRowReader = (
  columns: readonly ColumnGuess[],
  context: RowContext,
): ((row: SheetRow) => CensusReading) => {
  const byField = new Map<CensusField, ColumnGuess>();
  for (const guess of columns) if (guess.field) byField.set(guess.field, guess);
  const findPlace = readPlace(context);
  return (source) => {
    const draft = new RowDraft(source, byField, context);
    readPerson(draft);
    findPlace(draft);
    readDetails(draft);
    return { row: draft.row, changes: draft.changes, problems: draft.problems };
  };
};
