// Census lists over HTTP: upload, columns, dry run, import, result; and the jobs of the two long steps.
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { inScope, seesSmallCells } from '../kernel/access.ts';
import { daysBetween } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { asFigures } from '../kernel/figures.ts';
import { defineJob, startJob } from '../kernel/jobs.ts';
import { Refusal } from '../kernel/refusal.ts';
import { writeSheets } from '../kernel/sheet-write.ts';
import { nameOfDivision } from '../network/division.ts';
import { recordExport } from '../oversight/export.server.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { resolveRules } from '../policy/resolve.ts';
import { type CountedGroup, countiesOfWhole, showCounts, wholeOf } from '../reporting/city-cells.ts';
import type { censusApi } from './census.api.ts';
import {
  type CensusListRow,
  countCoverage,
  countOutcomes,
  deleteList,
  findList,
  listLists,
  listOutcomes,
  listSamples,
  listStale,
  lockList,
  type OutcomeRow,
  putMapping,
  updateList,
} from './census.sql.ts';
import type { CensusCounts, CensusListView, CensusRowView } from './census.ts';
import { decideColumns, maskSample } from './census.ts';
import { rememberColumns } from './census-columns.ts';
import { cellText } from './census-content.ts';
import { resultSheet } from './census-result.server.ts';
import { getReview, listReviews, resolveReview } from './census-review.server.ts';
import { describeProblem } from './census-row.ts';
import { runImport, runPlan } from './census-run.server.ts';
import { stageList, withFile } from './census-upload.server.ts';
import { maskName } from './identity.ts';

type CensusHandlers = Handlers<typeof censusApi>;

const refuseUnknown = (): Refusal =>
  new Refusal('notFound', '没有找到这份名单，它可能已被清理，或不在您的管辖范围内。', { kind: 'absent' });

const getList = async (tx: Tx, id: string): Promise<CensusListRow> => {
  const list = await findList(tx, id);
  if (!list) throw refuseUnknown();
  return list;
};
const getListLocked = async (tx: Tx, id: string): Promise<CensusListRow> => {
  const list = await lockList(tx, id);
  if (!list) throw refuseUnknown();
  return list;
};

const viewList = (list: CensusListRow): CensusListView => {
  const { county: _county, tables: _tables, ...view } = list;
  return view;
};

const viewRow = (list: CensusListRow, row: OutcomeRow): CensusRowView => ({
  position: row.position,
  sheet: row.sheet,
  rowNumber: row.rowNumber,
  name: row.reading?.row.name ? maskName(row.reading.row.name) : null,
  outcome: row.outcome ?? row.planned,
  planned: row.planned,
  reasons: [...(row.plan?.reasons ?? [])],
  differences: [...(row.plan?.differences ?? [])],
  problems: (row.reading?.problems ?? []).map((problem) =>
    describeProblem({ sheet: '', rowNumber: row.rowNumber }, problem),
  ),
  // Before the import a new record is not there to open.
  person: list.status === 'imported' || row.planned !== 'create' ? row.person : null,
});

const upload: CensusHandlers['upload'] = (tx, ctx, { id, sender, fileName, file }) =>
  withFile(file, (path) => stageList(tx, ctx, { id, sender, fileName, path, area: ctx.actor.scope }));

const list: CensusHandlers['list'] = async (tx, ctx, input) => {
  const { rows, total } = await listLists(tx, { ...input, area: ctx.actor.scope });
  return { rows: rows.map(viewList), total };
};

const get: CensusHandlers['get'] = async (tx, _ctx, input) => {
  const found = await getList(tx, input.list);
  const samples = await listSamples(tx, found);
  return {
    ...viewList(found),
    tables: found.tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) => ({
        ...column,
        samples: samples
          .filter(({ sheet }) => sheet === table.sheet)
          .map(({ cells }) => maskSample(cellText(cells[column.column] ?? null).trim(), column.field))
          .filter((text) => text !== ''),
      })),
    })),
  };
};

const refuseImporting = (): Refusal =>
  new Refusal('alreadyImporting', '这份名单已开始导入，不能再改。', { kind: 'conflict' });

const plan: CensusHandlers['plan'] = async (tx, ctx, { id, list: listId, listedOn, columns }) => {
  if (listedOn > ctx.today)
    throw new Refusal('inFuture', `名单日期 ${listedOn} 晚于今天（${ctx.today}）。`, {
      fields: { listedOn: '不能晚于今天' },
    });
  const found = await getListLocked(tx, listId);
  if (found.status === 'importing' || found.status === 'imported') throw refuseImporting();
  const tables = decideColumns(found.tables, columns);
  for (const table of tables) await putMapping(tx, found.county, found.sender, rememberColumns(table.columns));
  await updateList(tx, found, { status: 'planning', tables, listedOn, done: 0, job: id });
  await startJob(tx, ctx, { id, kind: planJob.kind, payload: { list: listId } });
  return { job: id };
};

const rows: CensusHandlers['rows'] = async (tx, _ctx, input) => {
  const found = await getList(tx, input.list);
  const page = await listOutcomes(tx, found, { ...input, outcome: input.outcome });
  return { rows: page.rows.map((row) => viewRow(found, row)), total: page.total };
};

const confirm: CensusHandlers['confirm'] = async (tx, ctx, { id, list: listId }) => {
  const found = await getListLocked(tx, listId);
  if (found.status === 'imported') throw new Refusal('alreadyImported', '这份名单已导入完毕。', { kind: 'conflict' });
  if (found.status !== 'planned' && found.status !== 'importing')
    throw new Refusal('notPlanned', '请先试算，看过逐行结果后再确认导入。', { cites: ['AL-03'] });
  // An import whose job was given up goes on where it stopped.
  const done = found.status === 'importing' ? found.done : 0;
  await updateList(tx, found, { status: 'importing', done, job: id });
  await startJob(tx, ctx, { id, kind: importJob.kind, payload: { list: listId } });
  return { job: id };
};

const discard: CensusHandlers['discard'] = async (tx, _ctx, { id, list: listId }) => {
  const found = await getListLocked(tx, listId);
  if (found.status === 'importing' || found.status === 'imported') throw refuseImporting();
  await deleteList(tx, found);
  return { id };
};

const result: CensusHandlers['result'] = async (tx, ctx, input) => {
  const found = await getList(tx, input.list);
  if (found.status === 'mapping' || found.status === 'planning')
    throw new Refusal('notPlanned', '试算还没有完成，没有可下载的结果。');
  const rows = new Map([[found.county, found.rows ?? 0]]);
  const { watermark } = await recordExport(tx, ctx, { kind: 'censusResult', purpose: input.purpose, rows });
  const bytes = await buffer(writeSheets([{ ...resultSheet(tx, found), watermark }]));
  // The name that the list was sent under may be a person's.
  return new File([bytes], `名单导入结果-${found.listedOn}.xlsx`, {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  });
};

const milestoneOf = (ctx: Ctx, area: string) => {
  const found = resolveRules(ctx.packs, area, ctx.today).rules.find(
    ({ rule }) => rule.kind === 'milestone' && rule.id === 'census',
  );
  if (found?.rule.kind !== 'milestone') return null;
  const { title, dueOn, clause } = found.rule;
  return { title, dueOn, daysLeft: daysBetween(ctx.today, dueOn), clause: [...clause] };
};

/** The table of a city or county as far as it may be shown; a town's villages are all small. */
const coverageForStrangers = async (tx: Tx, area: string) => {
  const groups: CountedGroup[] = [];
  for (const county of countiesOfWhole(area))
    for (const { division, listed, visited } of await countCoverage(tx, county))
      groups.push({ county, town: division || null, numerator: visited, denominator: listed });
  const shown = showCounts(groups);
  const counted = area.length === 9 ? [] : await countCoverage(tx, area);
  const rows = counted.map(({ division, lastVisitMonth }) => {
    const { n, d } = shown(division || `${area}?`);
    return {
      ...{ division, name: nameOfDivision(division), listed: d, visited: n },
      lastVisitMonth: n === null ? null : lastVisitMonth,
    };
  });
  return { rows, listed: shown(area).d, visited: shown(area).n };
};

const coverage: CensusHandlers['coverage'] = async (tx, ctx, input) => {
  const area = input.area ?? ctx.actor.scope;
  if (!inScope(ctx.actor, area)) throw new Refusal('outOfScope', '这个地区不在您的管辖范围内。', { kind: 'access' });
  const milestone = milestoneOf(ctx, area);
  if (!seesSmallCells(ctx.actor, area)) {
    const shown = await asFigures(tx, ctx, () => coverageForStrangers(tx, area), wholeOf(area));
    return { ...shown, milestone };
  }
  const counted = await countCoverage(tx, area);
  const sum = (pick: 'listed' | 'visited'): number => counted.reduce((total, row) => total + row[pick], 0);
  return {
    rows: counted.map((row) => ({ ...row, name: nameOfDivision(row.division) })),
    listed: sum('listed'),
    visited: sum('visited'),
    milestone,
  };
};

export interface ListState extends Pick<CensusListRow, 'county' | 'sender' | 'fileName' | 'status' | 'waiting'> {
  /** What its rows have come to by now. */
  readonly counts: CensusCounts;
}

/** How far a list is, for the exchange between departments; undefined once it is cleared away. */
export const findListState = async (tx: Tx, id: string): Promise<ListState | undefined> => {
  const list = await findList(tx, id);
  return list && { ...list, counts: await countOutcomes(tx, list) };
};

export const censusHandlers: CensusHandlers = {
  upload,
  list,
  get,
  plan,
  rows,
  confirm,
  discard,
  result,
  reviews: listReviews,
  review: getReview,
  resolve: resolveReview,
  coverage,
};

/** Deletes the rows of lists that were finished before that instant and have nobody waiting; what they wrote stands in the journal. */
export const deleteFinishedLists = async (tx: Tx, before: string): Promise<number> => {
  const stale = await listStale(tx, before);
  for (const list of stale) await deleteList(tx, list);
  return stale.length;
};

const payload = z.object({ list: z.uuid() });

/** Writes plans only; run again it plans anew. */
const planJob = defineJob<Ctx>()({
  kind: 'census.plan',
  payload,
  run: async (job, { list: id }) => {
    await runPlan(job, id, job.id);
    return { list: id };
  },
});

/** Every batch marks its rows in the transaction that writes them; run again it goes on with the rest. */
const importJob = defineJob<Ctx>()({
  kind: 'census.import',
  payload,
  run: async (job, { list: id }) => {
    await runImport(job, id);
    return { list: id };
  },
});

export const censusJobs = [planJob, importJob];
