// Rebuilds every state table from the journal, and says which came out different from what was there.
import { sql } from 'kysely';
import { machineActor } from './access.ts';
import { digestTable, listJournalCounties, readStanding, type TableDigest } from './archive.ts';
import type { Database, Tx } from './database.ts';
import type { Journal } from './journal.ts';
import { applyAll } from './projection.ts';

export interface Replay {
  readonly entries: number;
  readonly tables: readonly { readonly table: string; readonly before: TableDigest; readonly after: TableDigest }[];
  /** Tables that differed from the journal; empty: all were as it says. */
  readonly differing: readonly string[];
}

/** Thrown to roll a mere check back. */
class Undo extends Error {
  readonly replay: Replay;
  constructor(replay: Replay) {
    super('replay was a check');
    this.replay = replay;
  }
}

const rebuild = async (tx: Tx, journal: Journal): Promise<Replay> => {
  // Every append begins with its chains, so writers wait here until the state is whole again; readers go on.
  await sql`lock table chain in share row exclusive mode`.execute(tx);
  const names = journal.projections.flatMap((projection) => projection.tables.map(({ name }) => name));
  const before = new Map<string, TableDigest>();
  for (const name of names) before.set(name, await digestTable(tx, name));
  let entries = 0;
  for (const name of names) await sql`delete from ${sql.table(name)}`.execute(tx);
  for (const county of await listJournalCounties(tx)) {
    for await (const batch of readStanding(tx, county)) {
      entries += batch.length;
      await applyAll(tx, journal.projections, batch);
    }
  }
  const tables = [];
  for (const [table, digest] of before) tables.push({ table, before: digest, after: await digestTable(tx, table) });
  const differing = tables
    .filter((t) => t.before.sum !== t.after.sum || t.before.rows !== t.after.rows)
    .map((t) => t.table);
  return { entries, tables, differing };
};

/** Rebuilds state in one transaction; with `check` it only looks, and leaves everything as it was. */
export const replayJournal = async (database: Database, journal: Journal, { check = false } = {}): Promise<Replay> => {
  try {
    return await database.as(machineActor, async (tx) => {
      const replay = await rebuild(tx, journal);
      if (check) throw new Undo(replay);
      return replay;
    });
  } catch (error) {
    if (error instanceof Undo) return error.replay;
    throw error;
  }
};
