// Old days of the audit as a file: written with their hashes, removed once verified, and verified again from the file alone.
import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { sql } from 'kysely';
import { z } from 'zod';
import { type ChainEnd, chainAudit, checkLink, type Link, listArchivedDays, verifyChain } from './audit-chain.ts';
import { asOwner } from './backup.ts';
import { addDays } from './calendar.ts';
import type { Connection, Database, Tx } from './database.ts';
import { readJsonLines } from './lines.ts';
import { Refusal } from './refusal.ts';

/** Days that stay in the database: network logs are kept for six months at least (Cybersecurity Law, article 21, item 3). */
const keptDays = 180;

const Head = z.object({
  kangtu: z.literal('audit'),
  version: z.literal(1),
  madeAt: z.string(),
  /** The link before the first of the file. */
  after: z.object({ place: z.int(), hash: z.string() }),
});
const Row = z.object({ place: z.int(), day: z.string(), seq: z.int(), hash: z.string(), text: z.string() });
const End = z.object({ lines: z.int(), hash: z.string() });
type Head = z.infer<typeof Head>;
type End = z.infer<typeof End>;
const Line = z.union([Head, Row, End]);

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export interface AuditArchive {
  readonly file: string;
  readonly lines: number;
  readonly days: number;
}

const checkAge = (before: string, today: string): void => {
  const newest = addDays(today, -keptDays);
  if (before > newest)
    throw new Refusal(
      'tooYoung',
      `审计记录须在线保存不少于 ${keptDays} 天（网络安全法第二十一条第三项：网络日志留存不少于六个月），目前只能归档 ${newest} 之前的记录。`,
      { fields: { before: `不能晚于 ${newest}` } },
    );
};

const openNew = (file: string) =>
  open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new Refusal('fileExists', `文件 ${file} 已存在，请换一个文件名。`, { kind: 'conflict' });
  });

/** What is kept of each day of the file: its places in the chain, and the hashes before and at its end. */
interface FiledDay {
  readonly first: number;
  readonly last: number;
  readonly previous: string;
  readonly hash: string;
}

const addTo = (days: Map<string, FiledDay>, link: Omit<Link, 'text'>, before: ChainEnd): void => {
  const { first, previous } = days.get(link.day) ?? { first: link.place, previous: before.hash };
  days.set(link.day, { first, previous, last: link.place, hash: link.hash });
};

/** Writes the verified links up to `to` and returns their days. */
const writeFile = async (tx: Tx, file: string, to: string): Promise<Map<string, FiledDay>> => {
  const out = await openNew(file);
  const days = new Map<string, FiledDay>();
  const write = (line: object) => out.appendFile(`${JSON.stringify(line)}\n`);
  try {
    let lines = 0;
    const proof = await verifyChain(tx, { to }, async (link, before) => {
      if (lines === 0)
        await write({ kangtu: 'audit', version: 1, madeAt: new Date().toISOString(), after: before } satisfies Head);
      await write(link);
      addTo(days, link, before);
      lines += 1;
    });
    if (proof.problem)
      throw new Refusal('chainBroken', '审计链不完整，不能归档。请先运行 kangtu audit verify 查明断裂之处。', {
        kind: 'conflict',
      });
    if (!proof.head) throw new Refusal('nothingToArchive', '这一天之前没有可以归档的审计记录。', { kind: 'absent' });
    await write({ lines, hash: proof.head.hash } satisfies End);
    await out.sync();
    return days;
  } finally {
    await out.close();
  }
};

const removeDays = async (tx: Tx, days: ReadonlyMap<string, FiledDay>, at: string): Promise<void> => {
  const last = [...days.keys()].at(-1);
  await sql`delete from audit_line where seq in (select seq from audit_link where day <= ${last})`.execute(tx);
  await sql`delete from audit_link where day <= ${last}`.execute(tx);
  for (const [day, { first, last: end, previous, hash }] of days)
    await sql`insert into audit_day (day, first_place, last_place, previous, hash, archived_at)
      values (${day}, ${first}, ${end}, ${previous}, ${hash}, ${at})`.execute(tx);
};

/**
 * Writes the days before `before` to a file, verifies file and chain, and removes them from the database; what their parts of the chain
 * began and ended with stays. Refuses `tooYoung`, `fileExists`, `chainBroken`, `nothingToArchive`.
 */
export const archiveAudit = async (
  { admin, database }: { readonly admin: Connection; readonly database: Database },
  { before, file }: { readonly before: string; readonly file: string },
  { now, today }: { readonly now: string; readonly today: string },
): Promise<AuditArchive> => {
  checkAge(before, today);
  await chainAudit(database, { everything: true });
  let written = false;
  try {
    return await asOwner(admin, async (tx) => {
      const days = await writeFile(tx, file, addDays(before, -1));
      written = true;
      const { lines, problem } = await verifyAuditFile(file);
      if (problem) throw new Error(`the file ${file} does not hold what was written`);
      await removeDays(tx, days, now);
      return { file, lines, days: days.size };
    });
  } catch (error) {
    if (written || (error instanceof Refusal && error.code !== 'fileExists')) await rm(file, { force: true });
    throw error;
  }
};

export interface AuditFileProof {
  readonly lines: number;
  readonly days: ReadonlyMap<string, FiledDay>;
  /** Where the file is not as it was written; null: nowhere. */
  readonly problem: { readonly place: number | null; readonly why: 'unreadable' | 'altered' | 'incomplete' } | null;
}

/** Walks the chain of an archive file, without any database. */
export const verifyAuditFile = async (file: string): Promise<AuditFileProof> => {
  const days = new Map<string, FiledDay>();
  let end: ChainEnd | undefined;
  let lines = 0;
  const fail = (why: 'unreadable' | 'altered' | 'incomplete') => ({
    lines,
    days,
    problem: { place: end ? end.place + 1 : null, why },
  });
  for await (const text of readJsonLines(createReadStream(file))) {
    const line = Line.safeParse(parseJson(text)).data;
    if (!line || 'kangtu' in line === (end !== undefined)) return fail('unreadable');
    if ('kangtu' in line) end = line.after;
    else if ('lines' in line) {
      const isWhole = line.lines === lines && line.hash === end?.hash;
      return isWhole ? { lines, days, problem: null } : fail('incomplete');
    } else if (end) {
      if (checkLink(line, end)) return fail('altered');
      addTo(days, line, end);
      end = { place: line.place, hash: line.hash };
      lines += 1;
    }
  }
  return fail('incomplete');
};

/** The days whose archived hash in the database is another than the file's: all of a file may have been computed anew. */
export const compareWithArchive = async (admin: Connection, { days }: AuditFileProof): Promise<string[]> => {
  const archived = await asOwner(admin, listArchivedDays);
  const hashOf = new Map(archived.map(({ day, hash }) => [day, hash]));
  return [...days].filter(([day, { hash }]) => hashOf.get(day) !== hash).map(([day]) => day);
};
