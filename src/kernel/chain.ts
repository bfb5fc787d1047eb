// Hash chains: the hash of an entry, the links that carry it to each of its subjects, and the rows written for both.
import { hash } from 'node:crypto';
import { sql } from 'kysely';
import { canonicalJson } from './canonical.ts';
import type { Tx } from './database.ts';
import type { EntryDraft, Subject, SubjectKind } from './entry.ts';

/** An entry with all that is hashed and written. */
export interface Prepared {
  readonly draft: EntryDraft;
  readonly recorded: NonNullable<EntryDraft['recorded']>;
  readonly findings: NonNullable<EntryDraft['findings']>;
  /** Subjects that a correction dropped: chained, no longer about. */
  readonly dropped: readonly Subject[];
  readonly root: string | null;
  readonly place: number | null;
  readonly hash: Buffer;
}

const genesis = Buffer.alloc(32);
const sha256 = (content: string | Buffer): Buffer => hash('sha256', content, 'buffer');
/** Names a subject in a map. */
export const subjectKey = (subject: Subject): string => `${subject.kind}:${subject.id}`;

/** The hash of an entry covers all that was recorded, subjects included. */
export const entryHash = (entry: {
  draft: Pick<EntryDraft, 'id' | 'type' | 'county' | 'on' | 'body' | 'replaces'>;
  recorded: { at: string; actor: string; role: string; organisation: string | null; device?: string | null };
  findings: readonly unknown[];
  subjects: readonly Subject[];
}): Buffer =>
  sha256(
    canonicalJson({
      county: entry.draft.county,
      id: entry.draft.id,
      type: entry.draft.type,
      on: entry.draft.on,
      body: entry.draft.body,
      replaces: entry.draft.replaces ?? null,
      at: entry.recorded.at,
      actor: entry.recorded.actor,
      role: entry.recorded.role,
      organisation: entry.recorded.organisation,
      device: entry.recorded.device ?? null,
      findings: entry.findings,
      subjects: entry.subjects.map(subjectKey).sort(),
    }),
  );

/** The next link of a chain: sha(prev ‖ entry hash). */
export const linkHash = (previous: Buffer | null, entry: Buffer): Buffer =>
  sha256(Buffer.concat([previous ?? genesis, entry]));

export interface TallyRow {
  kind: SubjectKind;
  subject: string;
  type: string;
  part: string;
  month: string;
  count: number;
  amount: number;
}

/** Chains that this transaction holds, and which of the entries to be written are there already. */
export interface LockedChains {
  readonly heads: Map<string, { length: number; hash: Buffer }>;
  readonly known: ReadonlySet<string>;
}

/** Takes the chain heads in one order (no deadlock) and says which of the entry ids are already recorded. */
export const lockChains = async (
  tx: Tx,
  county: string,
  subjects: readonly Subject[],
  ids: readonly string[],
): Promise<LockedChains> => {
  const { rows } = await sql<{ kind: SubjectKind | null; id: string; length: number; hash: Buffer }>`
    select kind, subject as id, length, hash from (
      select kind, subject, length, hash from chain
      where county = ${county} and (kind, subject) in (select * from unnest(${subjects.map((s) => s.kind)}::text[], ${subjects.map((s) => s.id)}::uuid[]))
      order by kind, subject for update) c
    union all select null, id, 0, hash from entry where county = ${county} and id = any(${[...ids]}::uuid[])`.execute(
    tx,
  );
  // A chain that is not there yet is begun by writeEntries; two who begin it at once meet at its first link, which is unique.
  const heads = new Map<string, { length: number; hash: Buffer }>(
    subjects.map((subject) => [subjectKey(subject), { length: 0, hash: genesis }]),
  );
  const known = new Set<string>();
  for (const { kind, id, length, hash } of rows) {
    if (kind === null) known.add(id);
    else heads.set(subjectKey({ kind, id }), { length, hash });
  }
  return { heads, known };
};

/** Writes entries, their links, the new heads and the tallies in one statement. */
export const writeEntries = async (
  tx: Tx,
  county: string,
  prepared: readonly Prepared[],
  heads: Map<string, { length: number; hash: Buffer }>,
  tallies: readonly TallyRow[],
): Promise<void> => {
  const entries: unknown[] = [];
  const links: unknown[] = [];
  const extended = new Map<string, { kind: SubjectKind; subject: string; length: number; hash: string }>();
  for (const { draft, recorded, findings, dropped, root, place, hash } of prepared) {
    entries.push({
      id: draft.id,
      type: draft.type,
      on: draft.on,
      ...recorded,
      device: recorded.device ?? null,
      body: draft.body,
      findings,
      replaces: draft.replaces ?? null,
      root,
      place,
      hash: hash.toString('hex'),
    });
    for (const [about, list] of [
      [true, draft.subjects],
      [false, dropped],
    ] as const)
      for (const subject of list) {
        const head = heads.get(subjectKey(subject));
        if (!head) throw new Error(`chain of ${subjectKey(subject)} is not locked`);
        const next = { length: head.length + 1, hash: linkHash(head.hash, hash) };
        heads.set(subjectKey(subject), next);
        const { kind, id } = subject;
        const chain = { kind, subject: id, length: next.length, hash: next.hash.toString('hex') };
        extended.set(subjectKey(subject), chain);
        links.push({ entry: draft.id, kind, subject: id, link: chain.length, about, hash: chain.hash });
      }
  }
  await sql`
    with e as (
      insert into entry (county, id, place, root, type, happened_on, recorded_at, actor, role, organisation, device, body, findings, replaces, hash)
      select ${county}, id, place, root, type, "on", at, actor, role, organisation, device, body, findings, replaces, decode(hash, 'hex')
      from json_to_recordset(${JSON.stringify(entries)}::json) as t(id uuid, place bigint, root uuid, type text, "on" date, at timestamptz, actor text, role text, organisation text, device text, body jsonb, findings jsonb, replaces uuid, hash text)),
    s as (
      insert into entry_subject (county, entry, kind, subject, link, about, hash)
      select ${county}, entry, kind, subject, link, about, decode(hash, 'hex')
      from json_to_recordset(${JSON.stringify(links)}::json) as t(entry uuid, kind text, subject uuid, link int, about boolean, hash text)),
    c as (
      insert into chain (county, kind, subject, length, hash)
      select ${county}, kind, subject, length, decode(hash, 'hex')
      from json_to_recordset(${JSON.stringify([...extended.values()])}::json) as t(kind text, subject uuid, length int, hash text)
      on conflict (county, kind, subject) do update set length = excluded.length, hash = excluded.hash)
    insert into tally (county, kind, subject, type, part, month, count, amount)
    select ${county}, kind, subject, type, part, month, sum(count), sum(amount)
    from json_to_recordset(${JSON.stringify(tallies)}::json) as t(kind text, subject uuid, type text, part text, month text, count int, amount numeric)
    group by kind, subject, type, part, month order by kind, subject, type, part, month
    on conflict (county, kind, subject, type, part, month) do update set count = tally.count + excluded.count, amount = tally.amount + excluded.amount`.execute(
    tx,
  );
};
