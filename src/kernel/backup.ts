// A backup in one file, made while the server runs: sealed, whole or not there at all.
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { sql } from 'kysely';
import { machineActor } from './access.ts';
import {
  type ArchivedEntry,
  batchSize,
  digestTable,
  freeze,
  listJournalCounties,
  readEntries,
  type TableDigest,
} from './archive.ts';
import { sealFor } from './backup-seal.ts';
import { type Connection, type Database, openDatabase, type Tx } from './database.ts';
import type { Journal } from './journal.ts';
import { sealing } from './keys.ts';
import { mostLineBytes } from './lines.ts';
import { type MasterKeySource, writeMasterKeys } from './master-key.ts';
import { roles } from './migrate.ts';
import { Refusal } from './refusal.ts';
import { isNoSpace } from './shortage.ts';

/** The journal's own tables are carried as entries; what is running or signed in right now is not carried at all. */
const journalTables = ['entry', 'entry_subject', 'chain', 'tally'];
const leftOut = ['migration', 'account_session', 'account_verification', 'sign_in_failure', 'job'];

/** Carried before the entries, which nobody could read without them. */
export const keyTables = ['setting', 'sealing_key'];

/** Of the form of the file. Another one is refused by whoever does not know it. */
export const backupVersion = 2;

export interface Head {
  readonly kangtu: 'backup';
  readonly version: typeof backupVersion;
  readonly madeAt: string;
  readonly migrations: readonly string[];
  /** Ids of the master keys that wrap what is in it. */
  readonly masters: readonly string[];
  /** Those keys themselves, as their file has them: only where the backup is sealed and they come from a file. */
  readonly masterKeys?: string;
}
export interface End {
  readonly entries: number;
  /** Of every table that must be equal after the restoration. */
  readonly digests: Readonly<Record<string, TableDigest>>;
  /** SHA-256 of all lines before. */
  readonly sha256: string;
}
export type Line = { head: Head } | { table: string; rows: object[] } | { entries: ArchivedEntry[] } | { end: End };

export interface BackupReport {
  readonly file: string;
  readonly entries: number;
  readonly tables: Readonly<Record<string, number>>;
}

/** In one snapshot as the owner of the tables, whom row-level security does not narrow. */
export const asOwner = async <T>(admin: Connection, work: (tx: Tx, database: Database) => Promise<T>): Promise<T> => {
  const database = openDatabase(admin, { max: 2 });
  try {
    return await database.as(machineActor, async (tx) => {
      await freeze(tx);
      await sql.raw(`set local role ${roles.owner}`).execute(tx);
      return work(tx, database);
    });
  } finally {
    await database.close();
  }
};

export const listMigrations = async (tx: Tx): Promise<string[]> => {
  await sql`reset role`.execute(tx);
  const { rows } = await sql<{ name: string }>`select name from migration order by name`.execute(tx);
  await sql.raw(`set local role ${roles.owner}`).execute(tx);
  return rows.map(({ name }) => name);
};

/** Tables whose rows are carried as they are: neither journal nor folded from it. Those that others refer to come first. */
export const listKeptTables = async (tx: Tx, journal: Journal): Promise<string[]> => {
  const folded = journal.projections.flatMap((projection) => projection.tables.map(({ name }) => name));
  const { rows } = await sql<{ name: string; needs: string[] }>`
    select c.relname as name, coalesce(array_agg(f.relname::text) filter (where f.relname is not null), '{}') as needs
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    left join pg_constraint k on k.conrelid = c.oid and k.contype = 'f' left join pg_class f on f.oid = k.confrelid
    where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname <> all(${[...journalTables, ...leftOut, ...folded]}::text[])
    group by c.relname order by c.relname`.execute(tx);
  const placed: string[] = [];
  const waiting = new Map(rows.map(({ name, needs }) => [name, needs]));
  while (waiting.size) {
    const ready = [...waiting].filter(([name, needs]) => needs.every((need) => need === name || !waiting.has(need)));
    if (!ready.length) throw new Error(`tables refer to each other in a circle: ${[...waiting.keys()].join(', ')}`);
    for (const [name] of ready) {
      placed.push(name);
      waiting.delete(name);
    }
  }
  return placed;
};

/** By place on disk, which one snapshot sees unchanged: keyset over any table without knowing its key. Files in a table come one by one. */
async function* readRows(tx: Tx, table: string): AsyncGenerator<object[]> {
  const files =
    await sql`select 1 from pg_attribute where attrelid = ${`public.${table}`}::regclass and atttypid = 'bytea'::regtype limit 1`.execute(
      tx,
    );
  const limit = files.rows.length ? 1 : batchSize;
  for (let after = '(0,0)'; ; ) {
    const { rows } = await sql<{ place: string; row: object }>`
      select t.ctid::text as place, to_jsonb(t) as row from ${sql.table(table)} t where t.ctid > ${after}::tid order by t.ctid limit ${limit}`.execute(
      tx,
    );
    const last = rows.at(-1);
    if (!last) return;
    after = last.place;
    yield rows.map(({ row }) => row);
  }
}

export const digestsOf = async (
  tx: Tx,
  journal: Journal,
  kept: readonly string[],
): Promise<Record<string, TableDigest>> => {
  const folded = journal.projections.flatMap((projection) => projection.tables.map(({ name }) => name));
  const digests: Record<string, TableDigest> = {};
  for (const table of [...kept, 'entry_subject', 'chain', 'tally', ...folded])
    digests[table] = await digestTable(tx, table);
  return digests;
};

/** Ids of the master keys in use. */
const listMasters = async (tx: Tx): Promise<string[]> => {
  const { rows } = await sql<{ master: string }>`select master from sealing_key where master is not null
    union select value -> 'index' ->> 'master' from setting where name = ${sealing.name} order by 1`.execute(tx);
  return rows.map(({ master }) => master);
};

const headOf = async (tx: Tx, masterKeys: MasterKeySource | null): Promise<Head> => {
  const masters = await listMasters(tx);
  const own = masterKeys && (await masterKeys.read()).filter(({ id }) => masters.includes(id));
  return {
    kangtu: 'backup',
    version: backupVersion,
    madeAt: new Date().toISOString(),
    migrations: await listMigrations(tx),
    masters,
    ...(own ? { masterKeys: writeMasterKeys(own) } : {}),
  };
};

/** As many at once as a line holds. A character is at most three bytes. */
function* inParts<T extends object>(all: readonly T[]): Generator<T[]> {
  let part: T[] = [];
  let length = 0;
  for (const one of all) {
    const size = 3 * JSON.stringify(one).length;
    if (part.length > 0 && length + size > mostLineBytes / 2) {
      yield part;
      [part, length] = [[], 0];
    }
    part.push(one);
    length += size;
  }
  if (part.length > 0) yield part;
}

async function* backupLines(
  tx: Tx,
  { journal, masterKeys }: { journal: Journal; masterKeys: MasterKeySource | null },
  report: { entries: number; tables: Record<string, number> },
): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const lineOf = (line: Line): string => {
    const text = `${JSON.stringify(line)}\n`;
    hash.update(text);
    return text;
  };
  async function* rowsOf(table: string): AsyncGenerator<string> {
    for await (const rows of readRows(tx, table)) {
      report.tables[table] = (report.tables[table] ?? 0) + rows.length;
      for (const part of inParts(rows)) yield lineOf({ table, rows: part });
    }
  }
  yield lineOf({ head: await headOf(tx, masterKeys) });
  await sql`set local timezone = 'UTC'`.execute(tx);
  for (const table of keyTables) yield* rowsOf(table);
  for (const county of await listJournalCounties(tx))
    for await (const entries of readEntries(tx, county)) {
      report.entries += entries.length;
      for (const part of inParts(entries)) yield lineOf({ entries: part });
    }
  const kept = await listKeptTables(tx, journal);
  for (const table of kept) if (!keyTables.includes(table)) yield* rowsOf(table);
  const digests = await digestsOf(tx, journal, kept);
  yield `${JSON.stringify({ end: { entries: report.entries, digests, sha256: hash.digest('hex') } })}\n`;
}

export interface BackupTarget {
  readonly file: string;
  /** Whom it is sealed for (`age1…`); null writes it in clear. */
  readonly recipient: string | null;
  /** Of this installation: a sealed backup brings those that are in a file along, so that its key alone opens everything. */
  readonly masterKeys: MasterKeySource;
}

const draftName = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/;
const abandonedMs = 3_600_000;

/** Drafts of backups that were killed: nothing has been written to them for an hour. */
const removeAbandoned = async (folder: string): Promise<void> => {
  for (const name of (await readdir(folder)).filter((one) => draftName.test(one))) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found?.isFile() && Date.now() - found.mtimeMs > abandonedMs) await rm(join(folder, name), { force: true });
  }
};

const explainWrite = (error: unknown, file: string): unknown =>
  isNoSpace(error)
    ? new Refusal(
        'diskFull',
        `备份没有写成：${dirname(file)} 所在磁盘空间不足，或不允许这么大的文件（如 FAT32 格式的 U 盘）。原有的备份没有改动。请清理磁盘或换一个磁盘后重试。`,
      )
    : error;

/**
 * Writes the backup as of one moment; the file appears when it is whole, and half a one goes under another name (`.part`) that no
 * restoration takes. Refuses a file that exists (`fileExists`) and a disk that is full (`diskFull`).
 */
export const makeBackup = async (
  admin: Connection,
  journal: Journal,
  { file, recipient, masterKeys }: BackupTarget,
): Promise<BackupReport> => {
  if (existsSync(file)) throw new Refusal('fileExists', `文件 ${file} 已存在，请换一个文件名。`, { kind: 'conflict' });
  const report = { file, entries: 0, tables: {} };
  const carried = recipient !== null && masterKeys.write ? masterKeys : null;
  const draft = `${file}.${randomUUID()}.part`;
  try {
    await asOwner(admin, async (tx) =>
      pipeline(
        Readable.from(backupLines(tx, { journal, masterKeys: carried }, report)),
        createGzip(),
        recipient === null ? new PassThrough() : sealFor(recipient),
        createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }),
      ),
    );
    await rename(draft, file);
    await removeAbandoned(dirname(file));
    return report;
  } catch (error) {
    throw explainWrite(error, file);
  } finally {
    await rm(draft, { force: true });
  }
};
