// A backup in one file, made while the server runs, and its restoration into an empty database of any engine.
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { sql } from 'kysely';
import { machineActor } from './access.ts';
import {
  type ArchivedEntry,
  batchSize,
  digestTable,
  freeze,
  type JournalTarget,
  listJournalCounties,
  loadEntries,
  readEntries,
  type TableDigest,
} from './archive.ts';
import { readUnsealed, sealFor } from './backup-seal.ts';
import { type Connection, type Database, keysOf, openDatabase, type Tx } from './database.ts';
import type { Journal } from './journal.ts';
import { sealing } from './keys.ts';
import { type MasterKeySource, readMasterKeys, writeMasterKeys } from './master-key.ts';
import { roles } from './migrate.ts';
import { Refusal } from './refusal.ts';

/** The journal's own tables are carried as entries; what is running or signed in right now is not carried at all. */
const journalTables = ['entry', 'entry_subject', 'chain', 'tally'];
const leftOut = ['migration', 'account_session', 'account_verification', 'sign_in_failure', 'job'];

/** Carried before the entries, which nobody could read without them. */
const keyTables = ['setting', 'sealing_key'];

interface Head {
  readonly kangtu: 'backup';
  readonly version: 2;
  readonly madeAt: string;
  readonly migrations: readonly string[];
  /** Ids of the master keys that wrap what is in it. */
  readonly masters: readonly string[];
  /** Those keys themselves, as their file has them: only where the backup is sealed and they come from a file. */
  readonly masterKeys?: string;
}
interface End {
  readonly entries: number;
  /** Of every table that must be equal after the restoration. */
  readonly digests: Readonly<Record<string, TableDigest>>;
  /** SHA-256 of all lines before. */
  readonly sha256: string;
}
type Line = { head: Head } | { table: string; rows: object[] } | { entries: ArchivedEntry[] } | { end: End };

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

const listMigrations = async (tx: Tx): Promise<string[]> => {
  await sql`reset role`.execute(tx);
  const { rows } = await sql<{ name: string }>`select name from migration order by name`.execute(tx);
  await sql.raw(`set local role ${roles.owner}`).execute(tx);
  return rows.map(({ name }) => name);
};

/** Tables whose rows are carried as they are: neither journal nor folded from it. Those that others refer to come first. */
const listKeptTables = async (tx: Tx, journal: Journal): Promise<string[]> => {
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

const digestsOf = async (tx: Tx, journal: Journal, kept: readonly string[]): Promise<Record<string, TableDigest>> => {
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
    version: 2,
    madeAt: new Date().toISOString(),
    migrations: await listMigrations(tx),
    masters,
    ...(own ? { masterKeys: writeMasterKeys(own) } : {}),
  };
};

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
      yield lineOf({ table, rows });
    }
  }
  yield lineOf({ head: await headOf(tx, masterKeys) });
  await sql`set local timezone = 'UTC'`.execute(tx);
  for (const table of keyTables) yield* rowsOf(table);
  for (const county of await listJournalCounties(tx))
    for await (const entries of readEntries(tx, county)) {
      report.entries += entries.length;
      yield lineOf({ entries });
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

/** Writes the backup as of one moment; the file appears when it is whole. Refuses a file that exists (`fileExists`). */
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
    return report;
  } finally {
    await rm(draft, { force: true });
  }
};

const broken = (why: string): Refusal => new Refusal('backupBroken', `备份文件不可用：${why}`, { kind: 'input' });

export interface BackupSource {
  readonly file: string;
  /** The file with the secret half of the key; needed for a sealed backup. */
  readonly keyFile?: string | undefined;
}

async function* readLines({ file, keyFile }: BackupSource): AsyncGenerator<{ line: Line; text: string }> {
  const unzipped = createGunzip();
  try {
    const source = await readUnsealed(file, keyFile);
    source.on('error', (error) => unzipped.destroy(error));
    for await (const text of createInterface({ input: source.pipe(unzipped), crlfDelay: Number.POSITIVE_INFINITY }))
      yield { line: JSON.parse(text), text };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw broken(error instanceof Error ? error.message : String(error));
  }
}

/** Reads the whole file before anything is written: head and end, if the checksum holds. */
const checkBackup = async (source: BackupSource): Promise<{ head: Head; end: End }> => {
  const hash = createHash('sha256');
  let head: Head | undefined;
  for await (const { line, text } of readLines(source)) {
    if ('head' in line) head = line.head;
    if (head?.kangtu !== 'backup') throw broken('这不是康途的备份。');
    if (!('end' in line)) {
      hash.update(`${text}\n`);
      continue;
    }
    if (line.end.sha256 !== hash.digest('hex')) throw broken('校验值不符，内容已被改动或损坏。');
    return { head, end: line.end };
  }
  throw broken('文件不完整。');
};

const insertRows = async (tx: Tx, table: string, rows: readonly object[]): Promise<void> => {
  await sql`insert into ${sql.table(table)} overriding system value
    select * from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::jsonb)`.execute(tx);
};

const refuseUnlessEmpty = async (tx: Tx, head: Head): Promise<void> => {
  const { rows } = await sql<{ used: boolean }>`
    select exists (select 1 from entry) or exists (select 1 from account) or exists (select 1 from audit_line) as used`.execute(
    tx,
  );
  if (rows[0]?.used)
    throw new Refusal('notEmpty', '只能恢复到空的数据库：请另用一个数据文件夹（--data），或新建一个数据库。', {
      kind: 'conflict',
    });
  const own = await listMigrations(tx);
  if (own.join() !== head.migrations.join())
    throw new Refusal('schemaDiffers', '备份由另一版本的康途所作。请用原版本恢复，再升级程序。', { kind: 'conflict' });
};

/** Takes over the master keys that the backup needs, or refuses (`masterKeyMissing`) before anything is written. */
const ensureMasters = async (head: Head, source: MasterKeySource): Promise<void> => {
  const known = await source.read();
  const isKnown = (id: string): boolean => known.some((key) => key.id === id);
  if (head.masters.every(isKnown)) return;
  const brought = readMasterKeys(head.masterKeys ?? '', '备份');
  const missing = head.masters.find((id) => !isKnown(id) && !brought.some((key) => key.id === id));
  if (missing !== undefined || !source.write)
    throw new Refusal(
      'masterKeyMissing',
      `备份中的个人信息由主密钥 ${missing ?? head.masters.join('、')} 加密，${source.label}中没有这把密钥。请先把它放好，再恢复。`,
      { kind: 'conflict' },
    );
  await source.write([...brought, ...known.filter(({ id }) => !brought.some((key) => key.id === id))]);
};

/** Settings and data keys first: entries are read with them. */
const restoreKeys = async (admin: Connection, source: BackupSource): Promise<void> => {
  await asOwner(admin, async (tx) => {
    await sql`delete from setting`.execute(tx);
    for await (const { line } of readLines(source)) {
      if ('entries' in line) return;
      if ('table' in line && keyTables.includes(line.table)) await insertRows(tx, line.table, line.rows);
    }
  });
};

/** Restores a backup and proves it equal. Refuses `masterKeyMissing`, `backupBroken`, `keyNeeded`, `keyWrong`, `notEmpty`, `schemaDiffers`, `restoreDiffers`. */
export const restoreBackup = async (
  admin: Connection,
  { masterKeys, ...target }: JournalTarget & { readonly masterKeys: MasterKeySource },
  source: BackupSource,
): Promise<BackupReport> => {
  const { head, end } = await checkBackup(source);
  await asOwner(admin, (tx) => refuseUnlessEmpty(tx, head));
  await ensureMasters(head, masterKeys);
  await restoreKeys(admin, source);
  await target.database.as(machineActor, (tx) => keysOf(tx).reload(tx));
  const report: { file: string; entries: number; tables: Record<string, number> } = {
    file: source.file,
    entries: 0,
    tables: {},
  };
  for await (const { line } of readLines(source))
    if ('entries' in line) report.entries += await loadEntries(target, line.entries);
  await asOwner(admin, async (tx) => {
    for await (const { line } of readLines(source))
      if ('table' in line) {
        if (!keyTables.includes(line.table)) await insertRows(tx, line.table, line.rows);
        report.tables[line.table] = (report.tables[line.table] ?? 0) + line.rows.length;
      }
    // The next line comes after those that were restored.
    await sql`select setval(pg_get_serial_sequence('audit_line', 'seq'), max(seq)) from audit_line having max(seq) is not null`.execute(
      tx,
    );
    const digests = await digestsOf(tx, target.journal, await listKeptTables(tx, target.journal));
    const differing = Object.keys(end.digests).filter((table) => digests[table]?.sum !== end.digests[table]?.sum);
    if (differing.length)
      throw new Refusal('restoreDiffers', `恢复的内容与备份不符：${differing.join('、')}。`, { kind: 'conflict' });
  });
  return report;
};
