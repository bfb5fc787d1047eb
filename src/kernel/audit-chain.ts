// The audit's chain: hashing new lines into it, and walking it to name the first line or day that is not as it was.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { machineActor } from './access.ts';
import { asOwner } from './backup.ts';
import type { Connection, Database, Tx } from './database.ts';

/** Chains the lines that are not yet; `everything` looks through all of them, else the newest. Returns how many. */
export const chainAudit = async (database: Database, { everything = false } = {}): Promise<number> => {
  const { rows } = await database.as(machineActor, (tx) =>
    sql<{ done: number }>`select chain_audit(${everything}) as done`.execute(tx),
  );
  return rows[0]?.done ?? 0;
};

export interface AuditProblem {
  /** `lineAltered`: a line or its hash is another; `lineMissing`, `linkMissing`: removed; `dayMissing`: archived days do not meet; `unchained`: without a link. */
  readonly problem: 'lineAltered' | 'lineMissing' | 'linkMissing' | 'dayMissing' | 'unchained';
  readonly day: string;
  readonly place: number;
  readonly seq: number | null;
}

export interface AuditProof {
  readonly lines: number;
  readonly days: number;
  /** Of the last link: kept elsewhere, it proves later that nothing up to here was replaced. */
  readonly head: { readonly place: number; readonly day: string; readonly hash: string } | null;
  /** The first, in the order of the chain. */
  readonly problem: AuditProblem | null;
}

/** Where a part of the chain begins: the place and hash of the link before it. */
export interface ChainEnd {
  readonly place: number;
  readonly hash: string;
}
export const chainStart: ChainEnd = { place: 0, hash: '' };

/** The hash of a link: SHA-256 of the hash before, in hexadecimal ('' at the very start), and the line's text. As chain_audit does. */
export const linkHashOf = (previous: string, text: string): string =>
  createHash('sha256')
    .update(previous + text)
    .digest('hex');

export interface Link {
  readonly place: number;
  readonly day: string;
  readonly seq: number;
  readonly hash: string;
  /** Null: the line is gone. */
  readonly text: string | null;
}

const batch = 5_000;

/** Links in order with the text of their lines, from `from` to `to`, both included. */
export async function* readLinks(tx: Tx, from: string, to: string): AsyncGenerator<Link> {
  for (let after = 0; ; ) {
    const { rows } = await sql<Link>`
      select k.place, k.day, k.seq, k.hash, case when l.seq is null then null else audit_text(l) end as text
      from audit_link k left join audit_line l on l.seq = k.seq
      where k.place > ${after} and k.day between ${from} and ${to} order by k.place limit ${batch}`.execute(tx);
    yield* rows;
    const last = rows.at(-1);
    if (!last) return;
    after = last.place;
  }
}

/** What is wrong with a link, given the one before. */
export const checkLink = (link: Link, before: ChainEnd): AuditProblem | undefined => {
  const { day, place, seq } = link;
  if (place !== before.place + 1) return { problem: 'linkMissing', day, place: before.place + 1, seq: null };
  if (link.text === null) return { problem: 'lineMissing', day, place, seq };
  if (linkHashOf(before.hash, link.text) !== link.hash) return { problem: 'lineAltered', day, place, seq };
  return undefined;
};

interface ArchivedDay {
  readonly day: string;
  readonly first: number;
  readonly last: number;
  readonly previous: string;
  readonly hash: string;
}

/** The archived days must follow one another without a gap. */
const checkDays = (days: readonly ArchivedDay[]): { end: ChainEnd; problem: AuditProblem | undefined } => {
  let end = chainStart;
  for (const { day, first, last, previous, hash } of days) {
    if (first !== end.place + 1 || previous !== end.hash)
      return { end, problem: { problem: 'dayMissing', day, place: end.place + 1, seq: null } };
    end = { place: last, hash };
  }
  return { end, problem: undefined };
};

export const listArchivedDays = async (tx: Tx): Promise<ArchivedDay[]> =>
  (
    await sql<ArchivedDay>`
      select day, first_place as first, last_place as last, previous, hash from audit_day order by day`.execute(tx)
  ).rows;

/** The link before the first of `from`; the archived days end where the links begin. */
const findEndBefore = async (tx: Tx, from: string, archived: ChainEnd): Promise<ChainEnd> => {
  const { rows } = await sql<ChainEnd>`
    select place, hash from audit_link where day < ${from} order by place desc limit 1`.execute(tx);
  return rows[0] ?? archived;
};

const findUnchained = async (tx: Tx): Promise<AuditProblem | undefined> => {
  const { rows } = await sql<{ day: string; seq: number }>`
    select l.day, l.seq from audit_line l where not exists (select 1 from audit_link k where k.seq = l.seq) order by l.seq limit 1`.execute(
    tx,
  );
  return rows[0] && { problem: 'unchained', place: 0, ...rows[0] };
};

export interface AuditSpan {
  /** Days, both included; absent: from the first, to the last. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}
export const [firstDay, lastDay] = ['0001-01-01', '9999-12-31'];

/** Walks the chain in one snapshot, as the owner of the tables. Chain the new lines first (`chainAudit`). */
export const verifyChain = async (
  tx: Tx,
  { from = firstDay, to = lastDay }: AuditSpan,
  onLink: (link: Link, before: ChainEnd) => Promise<void> = async () => undefined,
): Promise<AuditProof> => {
  const days = new Set<string>();
  const archived = checkDays(await listArchivedDays(tx));
  let problem = archived.problem;
  let lines = 0;
  let head: AuditProof['head'] = null;
  let end = await findEndBefore(tx, from, archived.end);
  if (!problem)
    for await (const link of readLinks(tx, from, to)) {
      problem = checkLink(link, end);
      if (problem) break;
      await onLink(link, end);
      head = { place: link.place, day: link.day, hash: link.hash };
      end = head;
      lines += 1;
      days.add(link.day);
    }
  return { lines, days: days.size, head, problem: problem ?? (await findUnchained(tx)) ?? null };
};

/** Chains what is new and verifies the chain, or a part of it. */
export const verifyAudit = async (admin: Connection, database: Database, span: AuditSpan): Promise<AuditProof> => {
  await chainAudit(database, { everything: true });
  return asOwner(admin, (tx) => verifyChain(tx, span));
};
