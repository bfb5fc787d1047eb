// The journal as a file: export and load as NDJSON, one entry a line, in bounded memory.
import { sql } from 'kysely';
import { machineActor } from './access.ts';
import { asSealed, type Database, keysOf, type Tx } from './database.ts';
import type { EntryDraft, EntryFinding, Subject } from './entry.ts';
import type { Journal, JournalContext } from './journal.ts';
import type { KeptKey } from './keys.ts';
import { type StandingEntry, standingEntries } from './projection.ts';
import { Refusal } from './refusal.ts';

/** An entry as it was recorded, whole. `subjects` are those it is about; `dropped` those that a correction took away. */
export interface ArchivedEntry {
  readonly county: string;
  readonly id: string;
  readonly type: string;
  readonly on: string;
  readonly at: string;
  readonly actor: string;
  readonly role: string;
  readonly organisation: string | null;
  readonly device: string | null;
  readonly body: EntryDraft['body'];
  readonly findings: readonly EntryFinding[];
  readonly replaces: string | null;
  readonly subjects: readonly Subject[];
  readonly dropped: readonly Subject[];
  /** Hex. */
  readonly hash: string;
}

export const batchSize = 1000;

/** From here on the transaction sees one moment; its first statement. */
export const freeze = async (tx: Tx): Promise<void> => {
  await sql`set transaction isolation level repeatable read`.execute(tx);
};

export const listJournalCounties = async (tx: Tx): Promise<string[]> =>
  (await sql<{ county: string }>`select county from chain group by county order by county`.execute(tx)).rows.map(
    ({ county }) => county,
  );

/** All entries of a county in the order they were recorded, batch by batch, sealed as they are kept. */
export async function* readEntries(tx: Tx, county: string): AsyncGenerator<ArchivedEntry[]> {
  for (let after = 0; ; ) {
    const { rows } = await sql<ArchivedEntry & { seq?: number }>`
      select e.seq, e.county, e.id, e.type, e.happened_on as "on", e.recorded_at as at, e.actor, e.role, e.organisation, e.device, e.body, e.findings,
        e.replaces, encode(e.hash, 'hex') as hash,
        (select coalesce(json_agg(json_build_object('kind', s.kind, 'id', s.subject) order by s.kind, s.subject) filter (where s.about), '[]')
          from entry_subject s where s.county = e.county and s.entry = e.id) as subjects,
        (select coalesce(json_agg(json_build_object('kind', s.kind, 'id', s.subject) order by s.kind, s.subject) filter (where not s.about), '[]')
          from entry_subject s where s.county = e.county and s.entry = e.id) as dropped
      from entry e where e.county = ${county} and e.seq > ${after} order by e.seq limit ${batchSize}`.execute(
      asSealed(tx),
    );
    const last = rows.at(-1);
    if (last?.seq === undefined) return;
    after = last.seq;
    yield rows.map(({ seq: _, ...entry }) => entry);
  }
}

/** The entries of a county that stand, each in its place, batch by batch: what state and tallies are folded from. */
export async function* readStanding(tx: Tx, county: string): AsyncGenerator<StandingEntry[]> {
  for (let after = 0; ; ) {
    const { rows } = await sql<{ last: number | null }>`
      select max(seq) as last from (select seq from entry where county = ${county} and seq > ${after} order by seq limit ${batchSize}) w`.execute(
      tx,
    );
    const last = rows[0]?.last;
    if (!last) return;
    yield await standingEntries(
      asSealed(tx),
      county,
      sql`(e.place is null and e.seq > ${after} and e.seq <= ${last}) or (e.place > ${after} and e.place <= ${last})`,
    );
    after = last;
  }
}

/** The data keys, wrapped, without which entries cannot be read. */
async function* readKeys(tx: Tx): AsyncGenerator<KeptKey[]> {
  for (let [county, subject] = ['', '00000000-0000-0000-0000-000000000000']; ; ) {
    const { rows } =
      await sql<KeptKey>`select county, subject, wrapped, master, withheld_at as "withheldAt", destroyed_at as "destroyedAt" from sealing_key
      where (county, subject) > (${county}, ${subject}::uuid) order by county, subject limit ${batchSize}`.execute(tx);
    const last = rows.at(-1);
    if (!last) return;
    ({ county, subject } = last);
    yield rows;
  }
}

export interface TableDigest {
  readonly rows: number;
  readonly sum: string;
}

/** Tells equal tables from different ones, whatever the order of their rows; the same on every server. */
export const digestTable = async (tx: Tx, table: string): Promise<TableDigest> => {
  await sql`set local timezone = 'UTC'`.execute(tx);
  const { rows } = await sql<TableDigest>`
    select count(*) as rows, coalesce(sum(('x' || substr(md5(to_jsonb(t)::text), 1, 15))::bit(60)::bigint), 0)::text as sum
    from ${sql.table(table)} t`.execute(tx);
  return rows[0] ?? { rows: 0, sum: '0' };
};

const head = { kangtu: 'journal', version: 1 } as const;

/** Writes the journal: a head line, the data keys (wrapped, so that only the same master key opens them), one line per entry (county by county, each in recorded order), an end line. Returns the number of entries. */
export const exportJournal = (database: Database, write: (line: string) => Promise<void>): Promise<number> =>
  database.as(machineActor, async (tx) => {
    await freeze(tx);
    await write(JSON.stringify(head));
    for await (const keys of readKeys(tx)) await write(JSON.stringify({ keys }));
    let entries = 0;
    for (const county of await listJournalCounties(tx))
      for await (const batch of readEntries(tx, county)) {
        entries += batch.length;
        for (const entry of batch) await write(JSON.stringify({ entry }));
      }
    await write(JSON.stringify({ end: { entries } }));
    return entries;
  });

export interface JournalTarget {
  readonly database: Database;
  readonly journal: Journal;
  readonly ctx: JournalContext;
}

const draftOf = (entry: ArchivedEntry): EntryDraft => ({
  id: entry.id,
  type: entry.type,
  county: entry.county,
  on: entry.on,
  subjects: entry.subjects,
  body: entry.body,
  findings: entry.findings,
  ...(entry.replaces === null ? {} : { replaces: entry.replaces }),
  recorded: {
    at: entry.at,
    actor: entry.actor,
    role: entry.role,
    organisation: entry.organisation,
    device: entry.device,
  },
});

/** By county and ids, each a lookup in the key: a join with the batch makes a planner without statistics read the whole journal. */
const checkHashes = async (tx: Tx, county: string, batch: readonly ArchivedEntry[]): Promise<void> => {
  const { rows } = await sql<{ id: string; hash: string }>`
    select id, encode(hash, 'hex') as hash from entry where county = ${county} and id = any(${batch.map(({ id }) => id)}::uuid[])`.execute(
    tx,
  );
  const hashes = new Map(rows.map(({ id, hash }) => [id, hash]));
  const wrong = batch.find(({ id, hash }) => hashes.get(id) !== hash);
  if (wrong)
    throw new Refusal(
      'hashDiffers',
      `条目 ${wrong.id} 的内容与其校验值不符，或与库中同号条目不同：文件已被改动或不属于本库。`,
      { kind: 'conflict' },
    );
};

/** Records archived entries as they were, in their order; those already there are passed over. Returns how many were new. */
export const loadEntries = async (target: JournalTarget, batch: readonly ArchivedEntry[]): Promise<number> => {
  // `append` looks up what an entry replaces before it writes, so an entry and its replacement go one after the other.
  const runs: ArchivedEntry[][] = [];
  let ids = new Set<string>();
  for (const entry of batch) {
    const run = runs.at(-1);
    if (run?.[0]?.county === entry.county && !ids.has(entry.replaces ?? '')) run.push(entry);
    else {
      runs.push([entry]);
      ids = new Set();
    }
    ids.add(entry.id);
  }
  return target.database.as(machineActor, async (tx) => {
    let recorded = 0;
    for (const run of runs) {
      recorded += (await target.journal.append(tx, target.ctx, run.map(draftOf))).length;
      await checkHashes(tx, run[0]?.county ?? '', run);
    }
    return recorded;
  });
};

const badLine = (number: number): Refusal =>
  new Refusal('notAnArchive', `第 ${number} 行不是康途的日志条目。`, { kind: 'input' });

const parseLine = (
  line: string,
  number: number,
): { entry?: ArchivedEntry; keys?: KeptKey[]; end?: { entries: number }; kangtu?: string } => {
  try {
    return JSON.parse(line);
  } catch {
    throw badLine(number);
  }
};

/** Loads what `exportJournal` wrote, each batch whole or not at all; may be run again after a cut. Refuses `masterKeyMissing`, `keyDiffers`, `notAnArchive`, `archiveCut`, `hashDiffers`. */
export const loadJournal = async (
  target: JournalTarget,
  lines: AsyncIterable<string>,
): Promise<{ read: number; recorded: number }> => {
  let [number, read, recorded] = [0, 0, 0];
  let [batch, complete]: [ArchivedEntry[], boolean] = [[], false];
  for await (const line of lines) {
    number += 1;
    const { entry, keys, end, kangtu } = parseLine(line, number);
    if (number === 1 && kangtu !== head.kangtu) throw badLine(number);
    if (keys) await target.database.as(machineActor, (tx) => keysOf(tx).receive(tx, keys));
    if (entry) batch.push(entry);
    if (end) complete = end.entries === read + batch.length;
    if (batch.length === batchSize || end) {
      recorded += await loadEntries(target, batch);
      read += batch.length;
      batch = [];
    }
  }
  if (!complete)
    throw new Refusal(
      'archiveCut',
      `文件不完整：读到 ${read} 条，没有正确的结束行。已读入的条目保留，可用完整的文件再次装入。`,
      {
        kind: 'input',
      },
    );
  return { read, recorded };
};
