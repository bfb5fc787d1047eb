// Projections: how entries become state rows, as they come or folded again from those that stand.
import { sql } from 'kysely';
import { subjectKey } from './chain.ts';
import { asSealed, type Tx, together } from './database.ts';
import type { Entry, Subject, SubjectKind } from './entry.ts';

/** A table of state rows, its subject column and that subject's kind: refolding deletes by it. */
export interface StateTable {
  readonly name: string;
  readonly kind: SubjectKind;
  readonly column: string;
}

/**
 * The only writer of some state tables. `apply` gets batches in order, reads and writes its own tables only, uses nothing but the
 * entries (no clock, no sequence), and upserts rows that belong to an entry as a whole.
 */
export interface Projection {
  readonly types: readonly string[];
  readonly tables: readonly StateTable[];
  /** Its `apply` is called at once, reads what it needs, and awaits `earlier` before it writes. */
  readonly readsAhead?: true;
  /** `earlier`: all projections before this one have written. */
  apply(tx: Tx, entries: readonly Entry[], earlier: Promise<unknown>): Promise<void>;
}

export interface StandingEntry extends Entry {
  /** Id of the entry that holds the content now (a correction's own id); `id` is the root's. */
  readonly source: string;
  readonly place: number;
}

/**
 * Applies a batch, one projection after the other: each gets its own entries in order, sealed as the journal keeps them, and a transaction
 * that reads what is sealed as it is, so that nothing gets into a state row in clear.
 */
export const applyAll = async (
  reading: Tx,
  projections: readonly Projection[],
  entries: readonly Entry[],
): Promise<void> => {
  const tx = asSealed(reading);
  const running: Promise<void>[] = [];
  for (const projection of projections) {
    const wanted = new Set(projection.types);
    const own = entries.filter((entry) => wanted.has(entry.type));
    if (!own.length) continue;
    const earlier = running.at(-1) ?? Promise.resolve();
    running.push(
      projection.readsAhead
        ? projection.apply(tx, own, earlier)
        : earlier.then(() => projection.apply(tx, own, earlier)),
    );
  }
  await together(...running);
};

/** Deletes the state rows of these subjects and folds them again from the entries that stand. */
export const refold = async (
  tx: Tx,
  county: string,
  projections: readonly Projection[],
  subjects: readonly Subject[],
): Promise<void> => {
  for (const table of projections.flatMap((projection) => projection.tables)) {
    const ids = subjects.filter((subject) => subject.kind === table.kind).map((subject) => subject.id);
    if (ids.length)
      await sql`delete from ${sql.table(table.name)} where county = ${county} and ${sql.ref(table.column)} = any(${ids}::uuid[])`.execute(
        tx,
      );
  }
  const ids = subjects.map((subject) => subject.id);
  const entries = await standingEntries(
    asSealed(tx),
    county,
    sql`exists (select 1 from entry_subject s where s.county = e.county and s.entry = e.id and s.about and s.subject = any(${ids}::uuid[]))`,
  );
  const wanted = new Set(subjects.map(subjectKey));
  await applyAll(
    tx,
    projections,
    entries.map((entry) => ({
      ...entry,
      subjects: entry.subjects.filter((subject) => wanted.has(subjectKey(subject))),
    })),
  );
};

/** Entries that stand (not voided, not corrected away), each in its place, a correction under its root's id and type. */
export const standingEntries = async (
  tx: Tx,
  county: string,
  where: ReturnType<typeof sql>,
  limit?: number,
): Promise<StandingEntry[]> => {
  const { rows } = await sql<StandingEntry & { rootType: string | null }>`
    select coalesce(e.root, e.id) as id, e.id as source, coalesce(e.place, e.seq) as place, e.type, r.type as "rootType", e.county,
      e.happened_on as "on", e.recorded_at as at, e.actor, e.role, e.organisation, e.body, e.findings,
      (select json_agg(json_build_object('kind', s.kind, 'id', s.subject) order by s.kind, s.subject)
        from entry_subject s where s.county = e.county and s.entry = e.id and s.about) as subjects
    from entry e left join entry r on r.county = e.county and r.id = e.root
    where e.county = ${county} and (e.replaces is null or e.type !~ '[.](void|reopen)$')
      and not exists (select 1 from entry n where n.county = e.county and n.replaces = e.id) and (${where})
    order by coalesce(e.place, e.seq) limit ${limit ?? null}`.execute(tx);
  return rows.map(({ rootType, ...row }) => ({ ...row, type: rootType ?? row.type }));
};
