// The rows of census lists: steps, counts, pages, and what stands beside each other at a review.
import { sql } from 'kysely';
import { asSealed, countyIn, keysOf, type Tx } from '../kernel/database.ts';
import type { Sealable } from '../kernel/sealing.ts';
import type { SheetRow } from '../kernel/sheet-cell.ts';
import type { CensusCounts, CensusResult, CensusStatus, CensusTable } from './census.ts';
import type { RememberedMapping } from './census-columns.ts';
import type { CensusSender } from './census-fields.ts';
import type { PlannedCandidate, RowPlan } from './census-plan.ts';
import type { CensusReading } from './census-row.ts';

export interface CensusListRow {
  readonly county: string;
  readonly id: string;
  readonly sender: CensusSender;
  readonly fileName: string;
  readonly status: CensusStatus;
  readonly listedOn: string;
  readonly tables: readonly CensusTable[];
  readonly rows: number;
  readonly done: number;
  readonly job: string | null;
  readonly counts: CensusCounts;
  readonly waiting: number;
  readonly uploadedAt: string;
}

const listColumns = sql`l.county, l.id, l.sender, l.file_name as "fileName", l.status, l.listed_on as "listedOn", l.tables, l.rows, l.done, l.job, l.counts,
  l.uploaded_at as "uploadedAt",
  (select count(*) from census_row r where r.county = l.county and r.list = l.id and r.outcome = 'waiting') as waiting`;

export interface NewList extends Omit<CensusListRow, 'waiting' | 'done' | 'job' | 'counts' | 'rows' | 'status'> {
  readonly uploadedBy: string;
}

export const insertList = async (tx: Tx, list: NewList): Promise<void> => {
  await sql`insert into census_list (county, id, sender, file_name, status, listed_on, tables, rows, done, job, counts, uploaded_by, uploaded_at)
    values (${list.county}, ${list.id}, ${list.sender}, ${list.fileName}, 'mapping', ${list.listedOn}, ${JSON.stringify(list.tables)}::jsonb, 0, 0, null,
      '{}'::jsonb, ${list.uploadedBy}, ${list.uploadedAt})`.execute(tx);
};

export interface StagedRow {
  readonly position: number;
  readonly sheet: string;
  readonly rowNumber: number;
  readonly epoch: 1900 | 1904;
  readonly cells: SheetRow['cells'];
}

/** Seals what the rows of a list say, with the list's own key. */
export const listSealer = async (
  tx: Tx,
  { county, id }: { readonly county: string; readonly id: string },
): Promise<(value: Sealable) => Sealable> => {
  const keys = keysOf(tx);
  const dataKeys = await keys.forWriting(asSealed(tx), county, [id]);
  return (value) => keys.seal(value, { county, subject: id }, dataKeys);
};

export const insertRows = async (
  tx: Tx,
  list: { readonly county: string; readonly id: string },
  rows: readonly StagedRow[],
): Promise<void> => {
  const sealed = await listSealer(tx, list);
  const kept = rows.map((row) => ({ ...row, cells: sealed(row.cells) }));
  await sql`insert into census_row (county, list, position, sheet, row_number, epoch, cells)
    select ${list.county}, ${list.id}, position, sheet, "rowNumber", epoch, cells
    from json_to_recordset(${JSON.stringify(kept)}::json) as t(position int, sheet text, "rowNumber" int, epoch int, cells jsonb)`.execute(
    tx,
  );
};

interface ListChange {
  readonly county: string;
  readonly status?: CensusStatus;
  readonly listedOn?: string;
  readonly tables?: readonly CensusTable[];
  readonly rows?: number;
  readonly done?: number;
  readonly job?: string;
  readonly counts?: CensusCounts;
  readonly finishedAt?: string;
}

export const updateList = async (
  tx: Tx,
  { county, id }: { county: string; id: string },
  change: Omit<ListChange, 'county'>,
): Promise<void> => {
  const { status, listedOn, tables, rows, done, job, counts, finishedAt } = change;
  await sql`update census_list set status = coalesce(${status ?? null}, status), listed_on = coalesce(${listedOn ?? null}::date, listed_on),
      tables = coalesce(${tables ? JSON.stringify(tables) : null}::jsonb, tables), rows = coalesce(${rows ?? null}::int, rows),
      done = coalesce(${done ?? null}::int, done), job = coalesce(${job ?? null}::uuid, job),
      counts = coalesce(${counts ? JSON.stringify(counts) : null}::jsonb, counts), finished_at = coalesce(${finishedAt ?? null}::timestamptz, finished_at)
    where county = ${county} and id = ${id}`.execute(tx);
};

export const findList = async (tx: Tx, id: string): Promise<CensusListRow | undefined> => {
  const { rows } = await sql<CensusListRow>`select ${listColumns} from census_list l where l.id = ${id}`.execute(tx);
  return rows[0];
};

/** The list, locked: who else works on it waits until this transaction ends. */
export const lockList = async (tx: Tx, id: string): Promise<CensusListRow | undefined> => {
  await sql`select 1 from census_list where id = ${id} for update`.execute(tx);
  return findList(tx, id);
};

export const listLists = async (
  tx: Tx,
  { area, page, pageSize }: { area: string; page: number; pageSize: number },
): Promise<{ rows: CensusListRow[]; total: number }> => {
  const { rows } = await sql<CensusListRow>`select ${listColumns} from census_list l where ${countyIn('l.county', area)}
    order by l.uploaded_at desc, l.id limit ${pageSize} offset ${(page - 1) * pageSize}`.execute(tx);
  const all = await sql<{
    total: number;
  }>`select count(*) as total from census_list l where ${countyIn('l.county', area)}`.execute(tx);
  return { rows, total: all.rows[0]?.total ?? 0 };
};

export const deleteList = async (tx: Tx, { county, id }: { county: string; id: string }): Promise<void> => {
  await sql`delete from census_row where county = ${county} and list = ${id}`.execute(tx);
  await sql`delete from census_list where county = ${county} and id = ${id}`.execute(tx);
};

/** Lists that are through, nobody is asked about any more, and were finished before that instant. */
export const listStale = async (tx: Tx, before: string): Promise<{ county: string; id: string }[]> => {
  const { rows } = await sql<{ county: string; id: string }>`select county, id from census_list l
    where finished_at < ${before} and not exists (select 1 from census_row r where r.county = l.county and r.list = l.id and r.outcome = 'waiting')`.execute(
    tx,
  );
  return rows;
};

export const findMapping = async (
  tx: Tx,
  county: string,
  sender: CensusSender,
): Promise<RememberedMapping | undefined> => {
  const { rows } = await sql<{ columns: RememberedMapping }>`select columns from census_mapping
    where county = ${county} and sender = ${sender}`.execute(tx);
  return rows[0]?.columns;
};

export const putMapping = async (
  tx: Tx,
  county: string,
  sender: CensusSender,
  columns: RememberedMapping,
): Promise<void> => {
  await sql`insert into census_mapping (county, sender, columns) values (${county}, ${sender}, ${JSON.stringify(columns)}::jsonb)
    on conflict (county, sender) do update set columns = census_mapping.columns || excluded.columns`.execute(tx);
};

/** The first rows of data of each sheet. */
export const listSamples = async (tx: Tx, { county, id }: { county: string; id: string }): Promise<StagedRow[]> => {
  const { rows } = await sql<StagedRow>`select position, sheet, row_number as "rowNumber", epoch, cells from (
      select *, row_number() over (partition by sheet order by position) as nth from census_row where county = ${county} and list = ${id} and position < 20000) r
    where nth <= 3 order by position`.execute(tx);
  return rows;
};

export interface OutcomeRow extends Omit<StagedRow, 'cells' | 'epoch'> {
  readonly reading: CensusReading | null;
  readonly planned: RowPlan['outcome'] | null;
  readonly outcome: CensusResult | null;
  readonly plan: RowPlan | null;
  readonly person: string | null;
}

const outcomeColumns = sql`position, sheet, row_number as "rowNumber", reading, planned, outcome, plan, person`;

export const listOutcomes = async (
  tx: Tx,
  { county, id }: { county: string; id: string },
  { outcome, page, pageSize }: { outcome: string | undefined; page: number; pageSize: number },
): Promise<{ rows: OutcomeRow[]; total: number }> => {
  const which = outcome === undefined ? sql`true` : sql`coalesce(outcome, planned) = ${outcome}`;
  const { rows } =
    await sql<OutcomeRow>`select ${outcomeColumns} from census_row where county = ${county} and list = ${id} and ${which}
    order by position limit ${pageSize} offset ${(page - 1) * pageSize}`.execute(tx);
  const all = await sql<{
    total: number;
  }>`select count(*) as total from census_row where county = ${county} and list = ${id} and ${which}`.execute(tx);
  return { rows, total: all.rows[0]?.total ?? 0 };
};

/** Every row after a position, for the result file, a page at a time. */
export const listOutcomesAfter = async (
  tx: Tx,
  { county, id }: { county: string; id: string },
  after: number,
  limit: number,
): Promise<OutcomeRow[]> => {
  const { rows } = await sql<OutcomeRow>`select ${outcomeColumns} from census_row
    where county = ${county} and list = ${id} and position > ${after} order by position limit ${limit}`.execute(tx);
  return rows;
};

/** What the rows came to, so far. */
export const countOutcomes = async (tx: Tx, { county, id }: { county: string; id: string }): Promise<CensusCounts> => {
  const { rows } = await sql<{
    outcome: string;
    count: number;
  }>`select coalesce(outcome, planned) as outcome, count(*) as count from census_row
    where county = ${county} and list = ${id} and coalesce(outcome, planned) is not null group by 1`.execute(tx);
  return Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count]));
};

export interface WaitingRow {
  readonly county: string;
  readonly list: string;
  readonly position: number;
  readonly rowNumber: number;
  readonly sender: CensusSender;
  readonly fileName: string;
  readonly listedOn: string;
  readonly reading: CensusReading;
  readonly planned: 'review' | 'conflict';
  readonly outcome: CensusResult;
  readonly plan: RowPlan & { readonly candidates: readonly PlannedCandidate[] };
}

const waitingColumns = sql`r.county, r.list, r.position, r.row_number as "rowNumber", l.sender, l.file_name as "fileName", l.listed_on as "listedOn",
  r.reading, r.planned, r.outcome, r.plan`;

export const listWaiting = async (
  tx: Tx,
  {
    area,
    list,
    kind,
    page,
    pageSize,
  }: { area: string; list?: string | undefined; kind?: string | undefined; page: number; pageSize: number },
): Promise<{ rows: WaitingRow[]; total: number }> => {
  const which = sql`${countyIn('r.county', area)} and r.outcome = 'waiting' and (${list ?? null}::uuid is null or r.list = ${list ?? null})
    and (${kind ?? null}::text is null or r.planned = ${kind ?? null})`;
  const { rows } =
    await sql<WaitingRow>`select ${waitingColumns} from census_row r join census_list l on l.county = r.county and l.id = r.list
    where ${which} order by r.list, r.position limit ${pageSize} offset ${(page - 1) * pageSize}`.execute(tx);
  const all = await sql<{ total: number }>`select count(*) as total from census_row r where ${which}`.execute(tx);
  return { rows, total: all.rows[0]?.total ?? 0 };
};

/** A row that was put before a person, decided or not; locked when it is about to be decided. */
export const findWaiting = async (
  tx: Tx,
  list: string,
  position: number,
  lock = false,
): Promise<WaitingRow | undefined> => {
  if (lock) await sql`select 1 from census_row where list = ${list} and position = ${position} for update`.execute(tx);
  const { rows } =
    await sql<WaitingRow>`select ${waitingColumns} from census_row r join census_list l on l.county = r.county and l.id = r.list
    where r.list = ${list} and r.position = ${position} and r.planned in ('review', 'conflict') and r.outcome is not null`.execute(
      tx,
    );
  return rows[0];
};

export const settleRow = async (
  tx: Tx,
  row: { readonly county: string; readonly list: string; readonly position: number },
  outcome: CensusResult,
  person: string | null,
): Promise<void> => {
  await sql`update census_row set outcome = ${outcome}, person = ${person}
    where county = ${row.county} and list = ${row.list} and position = ${row.position}`.execute(tx);
};

export const putDecision = async (
  tx: Tx,
  decision: { readonly county: string; readonly fingerprint: string; readonly person: string; readonly on: string },
): Promise<void> => {
  await sql`insert into census_decision (county, fingerprint, person, decided_on)
    values (${decision.county}, ${decision.fingerprint}, ${decision.person}, ${decision.on})
    on conflict (county, fingerprint) do update set person = excluded.person, decided_on = excluded.decided_on`.execute(
    tx,
  );
};

export interface CoverageRow {
  readonly division: string;
  readonly listed: number;
  readonly visited: number;
  readonly lastVisitMonth: string | null;
}

/**
 * Persons on file and those visited at least once, per county of a city, town of a county, or village of a town. The last visit is
 * known to the month, as tallies are.
 */
export const countCoverage = async (tx: Tx, area: string): Promise<CoverageRow[]> => {
  const division =
    area.length < 6 ? sql`p.county` : area.length === 6 ? sql`coalesce(p.town, '')` : sql`coalesce(p.village, '')`;
  const { rows } = await sql<CoverageRow>`
    select ${division} as division, count(*) as listed, count(v.month) as visited, max(v.month) as "lastVisitMonth" from person p
    cross join lateral (select max(t.month) as month from tally t where t.county = p.county and t.kind = 'person' and t.subject = p.id
      and t.type = 'visit.record' and t.part = '' and t.count > 0) v
    where ${countyIn('p.county', area)} and p.linked_to is null and (${area.length} < 9 or p.town = ${area})
    group by 1 order by 1`.execute(tx);
  return rows;
};
