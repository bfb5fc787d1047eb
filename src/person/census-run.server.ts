// The two long steps of a list, in batches: the dry run, which writes plans only, and the import, which writes entries.
import type { Actor } from '../kernel/access.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import { type Database, keysOf, type Tx } from '../kernel/database.ts';
import { cities } from '../network/division.ts';
import type { Ctx } from '../policy/context.ts';
import { type CensusListRow, countOutcomes, findList, lockList, type StagedRow, updateList } from './census.sql.ts';
import type { CensusResult } from './census.ts';
import {
  clearPlans,
  findDecided,
  listPending,
  listPlanned,
  listRowsFrom,
  loadTargets,
  type PlanToWrite,
  personIndex,
  planAnew,
  waitTurn,
  writePlans,
  writeResults,
} from './census-batch.sql.ts';
import { isNoteRow } from './census-columns.ts';
import { storable } from './census-compare.ts';
import { draftPlan } from './census-draft.ts';
import { factsFrom, identityFrom } from './census-facts.ts';
import { CensusMatcher, type RowOutcome } from './census-match.ts';
import { BatchPlanner, type RowPlan, type Target } from './census-plan.ts';
import { createRowReader } from './census-read.ts';
import type { CensusReading, RowContext } from './census-row.ts';

const batchSize = 1000;

/** Where a step is told how far it is; of a job, `progress`. */
export interface CensusRun {
  readonly database: Database;
  readonly ctx: Ctx;
  progress(done: number, total: number | null): Promise<void>;
}

interface ReadRow {
  readonly position: number;
  readonly reading: CensusReading;
}

/** Of what a row says of who somebody is, hashed with the key of the blind indexes; the same words again are the same row. */
export const fingerprintOf = (tx: Tx, reading: CensusReading): string => {
  const { address: _address, guardian: _guardian, village: _village, ...identity } = identityFrom(reading.row);
  return String(keysOf(tx).index('censusRow', canonicalJson(identity)));
};

const personsOf = (outcome: RowOutcome): string[] => {
  const refs =
    outcome.kind === 'match' || outcome.kind === 'update'
      ? [outcome.person]
      : outcome.kind === 'review'
        ? outcome.candidates.map(({ person }) => person)
        : outcome.kind === 'conflict' && outcome.person
          ? [outcome.person]
          : [];
  return refs.flatMap((ref) => (ref.kind === 'person' ? [ref.id] : []));
};

/** Persons on file, and in a dry run those of earlier rows, with what earlier rows will have written. */
const targetsFor = async (
  tx: Tx,
  list: CensusListRow,
  ids: readonly string[],
  isDryRun: boolean,
): Promise<Map<string, Target>> => {
  const targets = await loadTargets(tx, list.county, ids);
  if (!isDryRun) return targets;
  for (const { rowNumber, person, plan, reading } of await listPlanned(tx, list, ids)) {
    const before = targets.get(person);
    const earlierRow = before?.earlierRow ?? `第 ${rowNumber} 行`;
    if (!before && plan.outcome !== 'create') continue;
    targets.set(person, {
      id: person,
      county: plan.county,
      listedOn: before?.listedOn ?? null,
      identity: { ...before?.identity, ...(plan.outcome === 'create' ? storable(reading) : plan.identity) },
      facts: [...(before?.facts ?? []), ...(plan.outcome === 'create' ? factsFrom(reading.row, list) : plan.facts)],
      earlierRow,
    });
  }
  return targets;
};

/** The plans of a batch, in order. Reads only; five queries whatever the number of rows. */
export const planBatch = async (
  tx: Tx,
  list: CensusListRow,
  rows: readonly ReadRow[],
  isDryRun: boolean,
): Promise<{ plans: RowPlan[]; planner: BatchPlanner }> => {
  // Earlier rows are named by their position, which their ids are made of.
  const named = rows.map(({ position, reading }) => ({
    ...reading,
    row: { ...reading.row, sheet: '', rowNumber: position },
  }));
  const outcomes = await new CensusMatcher(personIndex(tx, list, isDryRun)).match(named);
  const doubtful = rows.filter((_, i) => outcomes[i]?.kind === 'review');
  const decided = await findDecided(
    tx,
    list.county,
    doubtful.map(({ reading }) => fingerprintOf(tx, reading)),
  );
  const ids = new Set([...outcomes.flatMap(personsOf), ...decided.values()]);
  const planner = new BatchPlanner(list, await targetsFor(tx, list, [...ids], isDryRun));
  const plans = rows.map(({ position, reading }, i): RowPlan => {
    const outcome = outcomes[i] ?? { kind: 'refuse', reason: '没有结果' };
    const person = outcome.kind === 'review' ? decided.get(fingerprintOf(tx, reading)) : undefined;
    return person === undefined ? planner.plan(position, reading, outcome) : planner.decided(position, reading, person);
  });
  return { plans, planner };
};

const notePlan = (list: CensusListRow): RowPlan => ({
  outcome: 'note',
  county: list.county,
  reasons: ['不是人员，是合计、说明或签名一类的行'],
  differences: [],
  identity: {},
  facts: [],
  candidates: [],
});

type Read = (row: StagedRow) => CensusReading | null;

/** Reads a staged row by its sheet's columns; null for a row that is not about a person. */
export const rowReader = (list: CensusListRow, today: string): Read => {
  const context: RowContext = {
    sender: list.sender,
    areas: cities.flatMap((city) => city.counties.map((county) => ({ ...county, towns: [...county.towns] }))),
    today,
    ...(list.county.length === 6 ? { home: list.county } : {}),
  };
  const readers = new Map(
    list.tables.map((table) => [
      table.sheet,
      { columns: table.columns, read: createRowReader(table.columns, context) },
    ]),
  );
  return (row) => {
    const reader = readers.get(row.sheet);
    return !reader || isNoteRow(row, reader.columns) ? null : reader.read(row);
  };
};

const actorOf = (run: CensusRun): Actor => run.ctx.actor;

/**
 * Plans every row of a list that is in the dry run `job`; run again it begins anew. A dry run that was started later takes over, and
 * this one ends.
 */
export const runPlan = async (run: CensusRun, id: string, job: string): Promise<void> => {
  const { database } = run;
  const own = (list: CensusListRow | undefined): list is CensusListRow =>
    list?.status === 'planning' && list.job === job;
  const list = await database.as(actorOf(run), async (tx) => {
    const found = await lockList(tx, id);
    if (!own(found)) return undefined;
    await clearPlans(tx, found);
    await updateList(tx, found, { done: 0, counts: {} });
    return found;
  });
  if (!list) return;
  const read = rowReader(list, run.ctx.today);
  for (let done = 0; done < list.rows; ) {
    const planned = await database.as(actorOf(run), async (tx) => {
      await planAnew(tx);
      if (!own(await lockList(tx, id))) return 0;
      const staged = await listRowsFrom(tx, list, done, batchSize);
      const rows = staged.map((row) => ({ position: row.position, reading: read(row) }));
      const people = rows.filter((row): row is ReadRow => row.reading !== null);
      const { plans } = await planBatch(tx, list, people, true);
      const byPosition = new Map(people.map(({ position }, i) => [position, plans[i]]));
      const written = rows.map(
        ({ position, reading }): PlanToWrite => ({
          position,
          reading,
          plan: byPosition.get(position) ?? notePlan(list),
        }),
      );
      await writePlans(tx, list, written);
      await updateList(tx, list, { done: done + staged.length });
      return staged.length;
    });
    if (planned === 0) return;
    done += planned;
    await run.progress(done, list.rows);
  }
  await database.as(actorOf(run), async (tx) => {
    if (own(await lockList(tx, id)))
      await updateList(tx, list, { status: 'planned', counts: await countOutcomes(tx, list) });
  });
};

const resultOf = (plan: RowPlan): CensusResult =>
  plan.outcome === 'review' || plan.outcome === 'conflict' ? 'waiting' : plan.outcome;

/**
 * One batch of an import: matched again, because the file may have changed since the dry run, written through the journal, and
 * marked done in the same transaction. Answers the number of rows, 0 at the end.
 */
export const importBatch = async (tx: Tx, ctx: Ctx, id: string, size = batchSize): Promise<number> => {
  await planAnew(tx);
  await waitTurn(tx, (await findList(tx, id))?.county ?? '');
  const list = await lockList(tx, id);
  if (list?.status !== 'importing') return 0;
  const pending = await listPending(tx, list, list.done, size);
  if (pending.length === 0) {
    await updateList(tx, list, { status: 'imported', counts: await countOutcomes(tx, list), finishedAt: ctx.now });
    return 0;
  }
  const people = pending.filter((row): row is typeof row & ReadRow => row.reading !== null);
  const { plans, planner } = await planBatch(tx, list, people, false);
  const drafts = people.flatMap(({ position, reading }, i) => {
    const plan = plans[i];
    return plan ? (draftPlan(list, position, reading, plan, planner.listedOn(plan.person ?? '')) ?? []) : [];
  });
  await ctx.journal.append(tx, ctx, drafts);
  const byPosition = new Map(people.map(({ position }, i) => [position, plans[i]]));
  const results = pending.flatMap(({ position, planned, person }) => {
    const plan = byPosition.get(position) ?? notePlan(list);
    const outcome = resultOf(plan);
    // A row that came to what was planned is told by the rows done alone.
    return outcome === planned && (plan.person ?? null) === person ? [] : [{ position, plan, outcome }];
  });
  await writeResults(tx, list, results);
  await updateList(tx, list, { done: list.done + pending.length });
  return pending.length;
};

/** Imports what is left of a list whose import was confirmed. Cut off anywhere, it goes on where it was. */
export const runImport = async (run: CensusRun, id: string): Promise<void> => {
  const list = await run.database.as(actorOf(run), (tx) => findList(tx, id));
  let done = list?.done ?? 0;
  for (;;) {
    const count = await run.database.as(actorOf(run), (tx) => importBatch(tx, run.ctx, id));
    if (count === 0) return;
    done += count;
    await run.progress(done, list?.rows ?? null);
  }
};
