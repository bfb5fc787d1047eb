// The restoration of a backup into an empty database of any engine: looked through before anything is written, proven equal afterwards.
import { createHash } from 'node:crypto';
import { createGunzip } from 'node:zlib';
import { sql } from 'kysely';
import { z } from 'zod';
import { machineActor } from './access.ts';
import { type JournalTarget, loadEntries } from './archive.ts';
import {
  asOwner,
  type BackupReport,
  backupVersion,
  digestsOf,
  type End,
  type Head,
  keyTables,
  type Line,
  listKeptTables,
  listMigrations,
} from './backup.ts';
import { readUnsealed } from './backup-seal.ts';
import { type Connection, keysOf, openDatabase, type Tx } from './database.ts';
import { LineTooLarge, readJsonLines } from './lines.ts';
import { type MasterKeySource, readMasterKeys } from './master-key.ts';
import { Refusal } from './refusal.ts';
import { findSetting, putSetting, type Setting } from './setting.ts';

const broken = (why: string): Refusal => new Refusal('backupBroken', `备份文件不可用：${why}`, { kind: 'input' });

const Restoring = z.object({ startedAt: z.string() });
/** Stands from the first row of a restoration to its proof: what was cut in between is not whole. */
const restoring: Setting<typeof Restoring> = { name: 'restoring', schema: Restoring };

/** Whether a restoration into this database was cut. */
export const isRestoreCut = async (connection: Connection): Promise<boolean> => {
  const database = openDatabase(connection, { max: 1 });
  try {
    return (await database.as(machineActor, (tx) => findSetting(tx, restoring))) !== undefined;
  } finally {
    await database.close();
  }
};

export interface BackupSource {
  readonly file: string;
  /** The file with the secret half of the key; needed for a sealed backup. */
  readonly keyFile?: string | undefined;
}

const Objects = z.array(z.record(z.string(), z.unknown()));
const Lines = z.union([
  z.object({ head: z.looseObject({ kangtu: z.unknown(), version: z.unknown() }) }),
  z.object({ table: z.string(), rows: Objects }),
  z.object({ entries: Objects }),
  z.object({
    end: z.object({
      entries: z.int(),
      digests: z.record(z.string(), z.object({ sum: z.string() })),
      sha256: z.string(),
    }),
  }),
]);

const parseLine = (text: string): Line => {
  const line: unknown = JSON.parse(text);
  if (!Lines.safeParse(line).success) throw broken('其中有不是备份内容的行。');
  return line as Line;
};

async function* readLines({ file, keyFile }: BackupSource): AsyncGenerator<{ line: Line; text: string }> {
  const unzipped = createGunzip();
  try {
    const source = await readUnsealed(file, keyFile);
    source.on('error', (error) => unzipped.destroy(error));
    for await (const text of readJsonLines(source.pipe(unzipped))) yield { line: parseLine(text), text };
  } catch (error) {
    if (error instanceof LineTooLarge) throw broken(error.message);
    if (error instanceof Refusal) throw error;
    throw broken(error instanceof Error ? error.message : String(error));
  }
}

const checkHead = (head: Head | undefined): Head => {
  if (head?.kangtu !== 'backup') throw broken('这不是康途的备份。');
  if (head.version !== backupVersion)
    throw new Refusal(
      'backupVersion',
      `备份是第 ${String(head.version).slice(0, 20)} 版格式，本程序只能读第 ${backupVersion} 版。请用做这份备份时的康途版本恢复，再升级程序。`,
      { kind: 'conflict' },
    );
  return head;
};

interface Checked {
  readonly head: Head;
  readonly end: End;
  readonly tables: ReadonlySet<string>;
}

/** Reads the whole file before anything is written: head, end and the tables it names, if the checksum holds. */
export const checkBackup = async (source: BackupSource): Promise<Checked> => {
  const hash = createHash('sha256');
  const tables = new Set<string>();
  let head: Head | undefined;
  for await (const { line, text } of readLines(source)) {
    if ('head' in line && head) throw broken('其中有不是备份内容的行。');
    if ('head' in line) head = line.head;
    const checked = checkHead(head);
    if ('table' in line) tables.add(line.table);
    if (!('end' in line)) {
      hash.update(`${text}\n`);
      continue;
    }
    if (line.end.sha256 !== hash.digest('hex')) throw broken('校验值不符，内容已被改动或损坏。');
    return { head: checked, end: line.end, tables };
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

/** Rows go into the tables that a backup carries and into no others: not into sessions, jobs or what the journal folds. */
const refuseOtherTables = (tables: ReadonlySet<string>, kept: readonly string[]): void => {
  const other = [...tables].find((name) => !kept.includes(name));
  if (other !== undefined) throw broken(`其中有不属于备份的表（${other.slice(0, 60)}）。`);
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

/** Settings and data keys first: entries are read with them. From here on a cut leaves its mark. */
const restoreKeys = async (admin: Connection, source: BackupSource): Promise<void> => {
  await asOwner(admin, async (tx) => {
    await sql`delete from setting`.execute(tx);
    for await (const { line } of readLines(source)) {
      if ('entries' in line) break;
      if ('table' in line && keyTables.includes(line.table)) await insertRows(tx, line.table, line.rows);
    }
    await putSetting(tx, restoring, { startedAt: new Date().toISOString() });
  });
};

/** Everything but keys and journal, the proof, and with it the end of the mark. */
const restoreTables = async (
  tx: Tx,
  { journal }: JournalTarget,
  { source, end, tables }: { source: BackupSource; end: End; tables: Record<string, number> },
): Promise<void> => {
  for await (const { line } of readLines(source))
    if ('table' in line) {
      if (!keyTables.includes(line.table)) await insertRows(tx, line.table, line.rows);
      tables[line.table] = (tables[line.table] ?? 0) + line.rows.length;
    }
  await sql`delete from setting where name = ${restoring.name}`.execute(tx);
  // The next line comes after those that were restored.
  await sql`select setval(pg_get_serial_sequence('audit_line', 'seq'), max(seq)) from audit_line having max(seq) is not null`.execute(
    tx,
  );
  const digests = await digestsOf(tx, journal, await listKeptTables(tx, journal));
  const differing = Object.keys(digests).filter((table) => digests[table]?.sum !== end.digests[table]?.sum);
  if (differing.length)
    throw new Refusal('restoreDiffers', `恢复的内容与备份不符：${differing.join('、')}。`, { kind: 'conflict' });
};

/**
 * Restores a backup and proves it equal. Refuses `masterKeyMissing`, `backupBroken`, `backupVersion`, `keyNeeded`, `keyWrong`, `notEmpty`,
 * `schemaDiffers`, `restoreDiffers`.
 */
export const restoreBackup = async (
  admin: Connection,
  { masterKeys, ...target }: JournalTarget & { readonly masterKeys: MasterKeySource },
  source: BackupSource,
): Promise<BackupReport> => {
  const { head, end, tables: named } = await checkBackup(source);
  await asOwner(admin, async (tx) => {
    await refuseUnlessEmpty(tx, head);
    refuseOtherTables(named, await listKeptTables(tx, target.journal));
  });
  await ensureMasters(head, masterKeys);
  await restoreKeys(admin, source);
  await target.database.as(machineActor, (tx) => keysOf(tx).reload(tx));
  const report = { file: source.file, entries: 0, tables: {} };
  for await (const { line } of readLines(source))
    if ('entries' in line) report.entries += await loadEntries(target, line.entries);
  await asOwner(admin, (tx) => restoreTables(tx, target, { source, end, tables: report.tables }));
  return report;
};
