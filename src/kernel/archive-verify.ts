// Proves the journal: every entry's hash, every link of every chain, every chain's head, and the tallies against a recount.
import { sql } from 'kysely';
import { machineActor } from './access.ts';
import { batchSize, freeze, readEntries, readStanding } from './archive.ts';
import { entryHash, linkHash } from './chain.ts';
import type { Database, Tx } from './database.ts';
import type { Journal } from './journal.ts';

export interface JournalProblem {
  readonly problem: 'entryAltered' | 'linkBroken' | 'entryMissing' | 'headDiffers' | 'tallyDiffers';
  readonly county: string;
  readonly entry?: string;
  readonly kind?: string;
  readonly subject?: string;
  readonly link?: number;
  /** Of a tally: type, part and month. */
  readonly of?: string;
}

export interface JournalProof {
  readonly entries: number;
  readonly links: number;
  readonly chains: number;
  /** The first of each county and kind of check; empty: the journal is whole. */
  readonly problems: JournalProblem[];
}

const checkEntries = async (tx: Tx, county: string): Promise<{ count: number; first: JournalProblem | undefined }> => {
  let count = 0;
  let first: JournalProblem | undefined;
  for await (const batch of readEntries(tx, county)) {
    count += batch.length;
    for (const { replaces, subjects, dropped, ...entry } of batch) {
      const draft = { ...entry, ...(replaces === null ? {} : { replaces }) };
      const all = [...subjects, ...dropped];
      const hash = entryHash({ draft, recorded: entry, findings: entry.findings, subjects: all }).toString('hex');
      if (!first && (hash !== entry.hash || !all.length)) first = { problem: 'entryAltered', county, entry: entry.id };
    }
  }
  return { count, first };
};

interface Link {
  readonly kind: string;
  readonly subject: string;
  readonly link: number;
  readonly hash: Buffer;
  readonly entry: string;
  readonly entryHash: Buffer | null;
}

async function* readLinks(tx: Tx, county: string): AsyncGenerator<Link> {
  let [kind, subject, link] = ['', '00000000-0000-0000-0000-000000000000', 0];
  for (;;) {
    const { rows } = await sql<Link>`
      select s.kind, s.subject, s.link, s.hash, s.entry, e.hash as "entryHash"
      from entry_subject s left join entry e on e.county = s.county and e.id = s.entry
      where s.county = ${county} and (s.kind, s.subject, s.link) > (${kind}, ${subject}::uuid, ${link})
      order by s.kind, s.subject, s.link limit ${batchSize * 5}`.execute(tx);
    const last = rows.at(-1);
    if (!last) return;
    ({ kind, subject, link } = last);
    yield* rows;
  }
}

const checkLinks = async (tx: Tx, county: string): Promise<{ count: number; first: JournalProblem | undefined }> => {
  let count = 0;
  let first: JournalProblem | undefined;
  let before: Link | undefined;
  for await (const row of readLinks(tx, county)) {
    count += 1;
    const previous = before?.kind === row.kind && before.subject === row.subject ? before : undefined;
    before = row;
    if (first) continue;
    const where = { county, kind: row.kind, subject: row.subject, link: row.link, entry: row.entry };
    if (!row.entryHash) first = { problem: 'entryMissing', ...where };
    else if (
      row.link !== (previous?.link ?? 0) + 1 ||
      !linkHash(previous?.hash ?? null, row.entryHash).equals(row.hash)
    )
      first = { problem: 'linkBroken', ...where };
  }
  return { count, first };
};

/** A chain's head against its last link: this also finds a chain whose newest links were taken away. */
const checkHeads = async (tx: Tx, county: string): Promise<{ count: number; first: JournalProblem | undefined }> => {
  const { rows } = await sql<{ kind: string; subject: string; length: number }>`
    select c.kind, c.subject, c.length from chain c
    left join entry_subject s on s.county = c.county and s.kind = c.kind and s.subject = c.subject and s.link = c.length
    where c.county = ${county} and c.length > 0 and (s.hash is distinct from c.hash or exists (
      select 1 from entry_subject n where n.county = c.county and n.kind = c.kind and n.subject = c.subject and n.link > c.length))
    order by c.kind, c.subject limit 1`.execute(tx);
  const total = await sql<{ count: number }>`select count(*) as count from chain where county = ${county}`.execute(tx);
  const row = rows[0];
  return {
    count: total.rows[0]?.count ?? 0,
    first: row && { problem: 'headDiffers', county, kind: row.kind, subject: row.subject, link: row.length },
  };
};

const checkTallies = async (tx: Tx, journal: Journal, county: string): Promise<JournalProblem | undefined> => {
  await sql`create temp table if not exists recount (kind text, subject uuid, type text, part text, month text, count int, amount numeric,
    primary key (kind, subject, type, part, month)) on commit drop`.execute(tx);
  await sql`truncate recount`.execute(tx);
  for await (const batch of readStanding(tx, county)) {
    const rows = batch.flatMap((entry) => journal.tallyRows(entry, 1));
    await sql`
      insert into recount select kind, subject, type, part, month, sum(count), sum(amount)
      from json_to_recordset(${JSON.stringify(rows)}::json) as t(kind text, subject uuid, type text, part text, month text, count int, amount numeric)
      group by kind, subject, type, part, month
      on conflict (kind, subject, type, part, month) do update set count = recount.count + excluded.count, amount = recount.amount + excluded.amount`.execute(
      tx,
    );
  }
  const { rows } = await sql<{ kind: string; subject: string; of: string }>`
    select kind, subject, concat_ws(' ', type, part, month) as of
    from (select * from tally where county = ${county}) t full join recount r using (kind, subject, type, part, month)
    where coalesce(t.count, 0) <> coalesce(r.count, 0) or coalesce(t.amount, 0) <> coalesce(r.amount, 0)
    order by kind, subject limit 1`.execute(tx);
  return rows[0] && { problem: 'tallyDiffers', county, ...rows[0] };
};

/** Walks the whole journal as of one moment; the server may go on writing. */
export const verifyJournal = (database: Database, journal: Journal): Promise<JournalProof> =>
  database.as(machineActor, async (tx) => {
    await freeze(tx);
    const problems: (JournalProblem | undefined)[] = [];
    let [entries, links, chains] = [0, 0, 0];
    // Every county that any of the tables knows, so that rows cannot hide by lacking their partner.
    const { rows } = await sql<{ county: string }>`
      select county from chain union select county from entry union select county from entry_subject union select county from tally order by county`.execute(
      tx,
    );
    for (const { county } of rows) {
      const [entry, link, head] = [
        await checkEntries(tx, county),
        await checkLinks(tx, county),
        await checkHeads(tx, county),
      ];
      problems.push(entry.first, link.first, head.first, await checkTallies(tx, journal, county));
      [entries, links, chains] = [entries + entry.count, links + link.count, chains + head.count];
    }
    return { entries, links, chains, problems: problems.filter((problem) => problem !== undefined) };
  });
