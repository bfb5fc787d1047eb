// Census lists as people work on them: their steps, what a row comes to, and the small decisions that need no database.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { Refusal } from '../kernel/refusal.ts';
import { ColumnGuess, overrideColumns } from './census-columns.ts';
import { CensusField, CensusSender, censusFieldNames } from './census-fields.ts';
import { maskName, maskNumber } from './identity.ts';

/** `mapping` columns are confirmed · `planning` dry run · `planned` waits for the word · `importing` · `imported`. */
export const CensusStatus = z.enum(['mapping', 'planning', 'planned', 'importing', 'imported']);
export type CensusStatus = z.infer<typeof CensusStatus>;

/**
 * What a row comes to. `match`: known, nothing new. `review`: perhaps a known person. `conflict`: contradicts what is on file.
 * `refuse`: cannot be used. `note`: not a person (a total, a signature).
 */
export const CensusOutcome = z.enum(['create', 'update', 'match', 'review', 'conflict', 'refuse', 'note']);
export type CensusOutcome = z.infer<typeof CensusOutcome>;

/** What became of a row: as planned, or `waiting` for a person, then `linked`, `created`, `updated` or `dismissed` by one. */
export const CensusResult = z.enum([
  'create',
  'update',
  'match',
  'refuse',
  'note',
  'waiting',
  'linked',
  'created',
  'updated',
  'dismissed',
]);
export type CensusResult = z.infer<typeof CensusResult>;

export const censusOutcomeNames: Readonly<Record<CensusOutcome | CensusResult, string>> = {
  create: '新建',
  update: '更新',
  match: '已有，无新内容',
  review: '疑似同一人，待核对',
  conflict: '有冲突，待核对',
  refuse: '不能导入',
  note: '非人员行',
  waiting: '待人工核对',
  linked: '经核对为同一人，已关联',
  created: '经核对为另一人，已新建',
  updated: '经核对按名单更新',
  dismissed: '经核对不导入',
};

/** What a clerk may decide for a row that waits. */
export const CensusDecision = z.enum(['link', 'update', 'create', 'dismiss']);
export type CensusDecision = z.infer<typeof CensusDecision>;

/** The table of one sheet and the columns it is read by; `firstDataRow` 0: no list of people on this sheet. */
export const CensusTable = z.object({
  sheet: z.string(),
  firstDataRow: z.int(),
  titles: z.array(z.string()),
  columns: z.array(ColumnGuess),
});
export type CensusTable = z.infer<typeof CensusTable>;

export const CensusCounts = z.partialRecord(z.union([CensusOutcome, CensusResult]), z.int());
export type CensusCounts = z.infer<typeof CensusCounts>;

export const CensusListView = z.object({
  id: z.uuid(),
  sender: CensusSender,
  fileName: z.string(),
  status: CensusStatus,
  listedOn: Day,
  rows: z.int(),
  done: z.int(),
  job: z.uuid().nullable(),
  counts: CensusCounts,
  waiting: z.int(),
  uploadedAt: z.string(),
});
export type CensusListView = z.infer<typeof CensusListView>;

/** A column as the mapping step shows it: some of its values, masked. */
export const CensusColumnView = ColumnGuess.extend({ samples: z.array(z.string()) });
export const CensusListDetail = CensusListView.extend({
  tables: z.array(CensusTable.extend({ columns: z.array(CensusColumnView) })),
});
export type CensusListDetail = z.infer<typeof CensusListDetail>;

/** One thing that the row says otherwise than what is on file, or adds to it, in words for the screen. */
export const CensusDifference = z.object({
  field: z.string(),
  label: z.string(),
  before: z.string().nullable(),
  after: z.string(),
  /** False: what is on file stays; the list's word is kept as a fact. */
  taken: z.boolean(),
});
export type CensusDifference = z.infer<typeof CensusDifference>;

export const CensusRowView = z.object({
  position: z.int(),
  sheet: z.string(),
  rowNumber: z.int(),
  name: z.string().nullable(),
  outcome: z.union([CensusOutcome, CensusResult]).nullable(),
  /** Set when the import came to something else than the dry run. */
  planned: CensusOutcome.nullable(),
  reasons: z.array(z.string()),
  differences: z.array(CensusDifference),
  problems: z.array(z.string()),
  person: z.uuid().nullable(),
});
export type CensusRowView = z.infer<typeof CensusRowView>;

/** One side of the side-by-side: the row, or a person on file. */
export const CensusSide = z.object({
  person: z.uuid().nullable(),
  score: z.number().nullable(),
  reasons: z.array(z.string()),
  values: z.array(
    z.object({ label: z.string(), value: z.string(), differs: z.boolean(), source: z.string().nullable() }),
  ),
});
export type CensusSide = z.infer<typeof CensusSide>;

export const CensusReview = z.object({
  list: z.uuid(),
  position: z.int(),
  sender: CensusSender,
  fileName: z.string(),
  listedOn: Day,
  kind: z.enum(['review', 'conflict']),
  reason: z.string(),
  result: CensusResult,
  row: CensusSide,
  candidates: z.array(CensusSide),
  decisions: z.array(CensusDecision),
});
export type CensusReview = z.infer<typeof CensusReview>;

export const CensusReviewRow = z.object({
  list: z.uuid(),
  position: z.int(),
  sender: CensusSender,
  fileName: z.string(),
  name: z.string().nullable(),
  kind: z.enum(['review', 'conflict']),
  reason: z.string(),
  candidates: z.int(),
});

export const CensusCoverageRow = z.object({
  division: z.string(),
  name: z.string(),
  /** Null where it could point at a person (docs/decisions/0007). */
  listed: z.int().nullable(),
  visited: z.int().nullable(),
  lastVisitMonth: z.string().nullable(),
});
export const CensusCoverage = z.object({
  rows: z.array(CensusCoverageRow),
  listed: z.int().nullable(),
  visited: z.int().nullable(),
  milestone: z.object({ title: z.string(), dueOn: Day, daysLeft: z.int(), clause: z.array(z.string()) }).nullable(),
});

export type CensusCoverage = z.infer<typeof CensusCoverage>;

/** Columns as a clerk confirmed them. */
export const ColumnChoice = z.object({
  sheet: z.string(),
  column: z.int().min(0).max(16_383),
  field: CensusField.nullable(),
});
export type ColumnChoice = z.infer<typeof ColumnChoice>;

const keyFields: readonly CensusField[] = ['name', 'idNumber', 'certificateNumber'];

/**
 * The tables with the clerk's choices. Refuses (`doubleField`) a field chosen for two columns of a sheet and (`noKeyColumn`) a list
 * that says of nobody who they are.
 */
export const decideColumns = (tables: readonly CensusTable[], choices: readonly ColumnChoice[]): CensusTable[] => {
  const decided = tables.map((table) => {
    const chosen: Record<number, CensusField | null> = {};
    for (const { sheet, column, field } of choices) {
      if (sheet !== table.sheet) continue;
      if (field !== null && Object.values(chosen).includes(field))
        throw new Refusal('doubleField', `“${censusFieldNames[field]}”对应了不止一列，请只留一列。`, {
          kind: 'input',
          fields: { columns: `${censusFieldNames[field]}重复` },
        });
      chosen[column] = field;
    }
    return { ...table, columns: overrideColumns(table.columns, chosen) };
  });
  const isKeyed = decided.some(({ columns }) =>
    columns.some(({ field }) => field !== null && keyFields.includes(field)),
  );
  if (!isKeyed)
    throw new Refusal('noKeyColumn', '请至少指明姓名、身份证号或残疾人证号所在的列。', {
      kind: 'input',
      fields: { columns: '缺少姓名或证件号码' },
    });
  return decided;
};

/** The day that a title line gives the list: 截至2023年11月 is the last day of that month. Days after `today` do not count. */
export const dayOfTitles = (titles: readonly string[], today: Day): Day | undefined => {
  for (const title of titles) {
    const parts = /(20\d{2})[年.\-/](\d{1,2})(?:[月.\-/](\d{1,2}))?/.exec(title.normalize('NFKC'));
    if (!parts) continue;
    const [year, month] = [Number(parts[1]), Number(parts[2])];
    if (month < 1 || month > 12) continue;
    const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
    const day = parts[3] === undefined ? last : Number(parts[3]);
    if (day < 1 || day > last) continue;
    const on = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
    if (on <= today) return on;
  }
  return undefined;
};

/** A file's name as it may be kept: short, without long numbers (an ID number in a name is personal). */
export const keptFileName = (name: string): string =>
  (name.split(/[\\/]/).at(-1) ?? '')
    // Neither what cannot be seen nor what turns the direction of writing (exe.xslx shown as xlsx.exe).
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .replace(/\d{11,}[\dXx]?/g, '…')
    .trim()
    .slice(-80)
    .toWellFormed() || '名单';

/** A cell for the mapping step: its shape can be told, the person cannot. */
export const maskSample = (text: string, field: CensusField | null): string => {
  const mayBeName = field === null || field === 'name' || field === 'guardianName';
  const masked = mayBeName ? text.replace(/^[\p{Script=Han}·•\s]{2,}$/u, maskName) : text;
  return masked.replace(/[\dXx]{8,}/g, maskNumber).slice(0, 30);
};

const parts = (list: string, position: number, purpose: number): string => {
  const hex = list.replaceAll('-', '');
  const place = position.toString(16).padStart(5, '0');
  const variant = (8 + purpose).toString(16);
  return `${hex.slice(0, 12)}7${place.slice(0, 3)}${variant}${place.slice(3)}${hex.slice(19)}`;
};

/**
 * Ids of what a row becomes, always the same ones, so that an import that was cut off goes on without doubling anything. They sort
 * like other UUIDv7: by the list's instant, then by row. 20 bits hold the row's position, two the purpose.
 */
export const rowId = (list: string, position: number, purpose: 'person' | 'entry' | 'link'): string => {
  const text = parts(list, position, { person: 0, entry: 1, link: 2 }[purpose]);
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
};
