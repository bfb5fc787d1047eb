// The append-only journal: entries, hash chains per subject, tallies and state rows, all in the caller's transaction.
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Actor } from './access.ts';
import { canonicalJson } from './canonical.ts';
import type { Day } from './contract.ts';
import { type Tx, together, withCountyReach } from './database.ts';
import {
  correctType,
  type Entry,
  type EntryDraft,
  type EntryType,
  type Subject,
  type SubjectKind,
  voidType,
} from './entry.ts';
import { Refusal } from './refusal.ts';

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

export interface JournalContext {
  readonly actor: Actor;
  readonly now: string;
  readonly today: Day;
  /** Told the persons that entries are about, for the audit's line of the operation. */
  readonly concerned?: Set<string>;
}

interface Prepared {
  readonly draft: EntryDraft;
  readonly recorded: NonNullable<EntryDraft['recorded']>;
  readonly findings: NonNullable<EntryDraft['findings']>;
  /** Subjects that a correction dropped: chained, no longer about. */
  readonly dropped: readonly Subject[];
  readonly root: string | null;
  readonly place: number | null;
  readonly hash: Buffer;
}

export interface StandingEntry extends Entry {
  /** Id of the entry that holds the content now (a correction's own id); `id` is the root's. */
  readonly source: string;
  readonly place: number;
}

const genesis = Buffer.alloc(32);
const sha256 = (...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const key = (subject: Subject): string => `${subject.kind}:${subject.id}`;

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
      subjects: entry.subjects.map(key).sort(),
    }),
  );

/** The next link of a chain: sha(prev ‖ entry hash). */
export const linkHash = (previous: Buffer | null, entry: Buffer): Buffer => sha256(previous ?? genesis, entry);

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

export interface Journal {
  /** Records entries and applies them; those already recorded under their id are passed over. Returns the ids newly recorded. */
  append(tx: Tx, ctx: JournalContext, drafts: readonly EntryDraft[], locked?: LockedChains): Promise<string[]>;
  /**
   * Takes the chains of an entry's subjects before their state is read and checked, so that nobody writes about them in between.
   * Give what it returns to `append` of that entry.
   */
  lock(tx: Tx, entry: Pick<EntryDraft, 'id' | 'county' | 'subjects'>): Promise<LockedChains>;
  /** What stands now under a root id, or undefined (voided, unknown, unseen). */
  findStanding(tx: Tx, county: string, root: string): Promise<StandingEntry | undefined>;
  readonly types: ReadonlyMap<string, EntryType>;
  readonly projections: readonly Projection[];
  tallyRows(entry: Pick<Entry, 'type' | 'on' | 'body' | 'subjects'>, sign: 1 | -1): TallyRow[];
}

const registry = (definitions: readonly EntryType[]): Map<string, EntryType> => {
  const types = new Map<string, EntryType>();
  const add = (type: EntryType): void => {
    if (types.has(type.type)) throw new Error(`entry type ${type.type} is defined twice`);
    types.set(type.type, type);
  };
  for (const definition of definitions) {
    add(definition);
    if (!definition.replaceable) continue;
    add({
      type: voidType(definition.type),
      summary: `${definition.summary}（作废）`,
      body: z.object({ reason: z.string().min(1) }),
    });
    add({
      ...definition,
      type: correctType(definition.type),
      summary: `${definition.summary}（更正）`,
      replaceable: false,
    });
  }
  return types;
};

export const createJournal = (definitions: readonly EntryType[], projections: readonly Projection[]): Journal => {
  const types = registry(definitions);

  const check = (draft: EntryDraft, today: Day): void => {
    const type = types.get(draft.type);
    if (!type) throw new Error(`unknown entry type ${draft.type}`);
    type.body.parse(draft.body);
    if (!draft.subjects.length) throw new Error(`${draft.type} has no subject`);
    if (draft.on > today)
      throw new Refusal('inFuture', `发生日期 ${draft.on} 晚于今天（${today}），不能登记。`, {
        kind: 'rule',
        fields: { on: '不能晚于今天' },
      });
  };

  const tallyRows: Journal['tallyRows'] = (entry, sign) => {
    const type = types.get(entry.type);
    if (!type) return [];
    return entry.subjects.flatMap((subject) =>
      [{ part: '', amount: 0 }, ...(type.tally?.(entry.body, subject) ?? [])].map(({ part, amount }) => ({
        kind: subject.kind,
        subject: subject.id,
        type: entry.type,
        part,
        month: entry.on.slice(0, 7),
        count: sign,
        amount: sign * amount,
      })),
    );
  };

  const prepare = (ctx: JournalContext, draft: EntryDraft, replaced: StandingEntry | undefined): Prepared => {
    const recorded = draft.recorded ?? {
      at: ctx.now,
      actor: ctx.actor.user,
      role: ctx.actor.role,
      organisation: ctx.actor.organisation,
      device: ctx.actor.device ?? null,
    };
    const findings = draft.findings ?? [];
    const kept = new Set(draft.subjects.map(key));
    const dropped = (replaced?.subjects ?? []).filter((subject) => !kept.has(key(subject)));
    const hash = entryHash({ draft, recorded, findings, subjects: [...draft.subjects, ...dropped] });
    return { draft, recorded, findings, dropped, root: replaced?.id ?? null, place: replaced?.place ?? null, hash };
  };

  const append: Journal['append'] = async (tx, ctx, drafts, locked) => {
    if (!drafts.length) return [];
    const counties = new Set(drafts.map((draft) => draft.county));
    if (counties.size > 1) {
      const recorded: string[] = [];
      for (const county of [...counties].sort())
        recorded.push(
          ...(await append(
            tx,
            ctx,
            drafts.filter((draft) => draft.county === county),
          )),
        );
      return recorded;
    }
    for (const draft of drafts) check(draft, ctx.today);
    const county = drafts[0]?.county ?? '';
    const replacements = drafts.filter((draft) => draft.replaces);
    // Locked before the chains: two who void the same entry meet here, not in a half-written state.
    const replaced = await findReplaced(tx, county, replacements);
    const subjects = new Map<string, Subject>();
    for (const draft of drafts)
      for (const subject of [...draft.subjects, ...(replaced.get(draft.id)?.subjects ?? [])]) {
        subjects.set(key(subject), subject);
        if (subject.kind === 'person') ctx.concerned?.add(subject.id);
      }
    const { heads, known } =
      locked ??
      (await lockChains(
        tx,
        county,
        [...subjects.values()],
        drafts.map((draft) => draft.id),
      ));
    // Of two drafts with one id the first counts.
    const firsts = new Map<string, EntryDraft>();
    for (const draft of drafts) if (!firsts.has(draft.id)) firsts.set(draft.id, draft);
    const fresh = [...firsts.values()].filter((draft) => !known.has(draft.id));
    if (!fresh.length) return [];
    const prepared = fresh.map((draft) => prepare(ctx, draft, replaced.get(draft.id)));
    const tallies = prepared.flatMap((entry) => {
      const before = replaced.get(entry.draft.id);
      const minus = before ? tallyRows(before, -1) : [];
      const counts =
        entry.draft.replaces && entry.draft.type === voidType(before?.type ?? '')
          ? []
          : tallyRows({ ...entry.draft, type: before?.type ?? entry.draft.type }, 1);
      return [...minus, ...counts];
    });
    await together(writeEntries(tx, county, prepared, heads, tallies), applyFresh(tx, county, prepared, replaced));
    return fresh.map((draft) => draft.id);
  };

  const findReplaced = async (
    tx: Tx,
    county: string,
    drafts: readonly EntryDraft[],
  ): Promise<Map<string, StandingEntry>> => {
    const found = new Map<string, StandingEntry>();
    for (const draft of drafts) {
      const standing = await findStanding(tx, county, draft.replaces ?? '');
      if (!standing || standing.source !== draft.replaces) {
        const { rows } = await sql`select 1 from entry where county = ${county} and id = ${draft.id}`.execute(tx);
        if (rows.length) continue;
        throw new Refusal('alreadyReplaced', '这条记录已被更正或作废，请刷新后再试。', { kind: 'conflict' });
      }
      found.set(draft.id, standing);
    }
    return found;
  };

  const findStanding: Journal['findStanding'] = async (tx, county, root) => {
    const rows = await standingEntries(
      tx,
      county,
      sql`(e.id = ${root} or e.root = ${root} or e.root = (select x.root from entry x where x.county = ${county} and x.id = ${root}))`,
    );
    return rows[0];
  };

  const applyFresh = async (
    tx: Tx,
    county: string,
    prepared: readonly Prepared[],
    replaced: ReadonlyMap<string, StandingEntry>,
  ): Promise<void> => {
    const plain = prepared.filter((entry) => !entry.draft.replaces);
    await applyAll(tx, projections, plain.map(toEntry));
    const touched = new Map<string, Subject>();
    for (const entry of prepared.filter((e) => e.draft.replaces))
      for (const subject of [...entry.draft.subjects, ...(replaced.get(entry.draft.id)?.subjects ?? [])])
        touched.set(key(subject), subject);
    if (touched.size) await withCountyReach(tx, () => refold(tx, county, projections, [...touched.values()]));
  };

  const lock: Journal['lock'] = (tx, { id, county, subjects }) => lockChains(tx, county, subjects, [id]);

  return { append, lock, findStanding, types, projections, tallyRows };
};

const toEntry = ({ draft, recorded, findings }: Prepared): Entry => ({
  id: draft.id,
  type: draft.type,
  county: draft.county,
  on: draft.on,
  at: recorded.at,
  actor: recorded.actor,
  role: recorded.role,
  organisation: recorded.organisation,
  subjects: draft.subjects,
  body: draft.body,
  findings,
});

/** Applies a batch, one projection after the other: each gets its own entries in order. */
export const applyAll = async (
  tx: Tx,
  projections: readonly Projection[],
  entries: readonly Entry[],
): Promise<void> => {
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
    tx,
    county,
    sql`exists (select 1 from entry_subject s where s.county = e.county and s.entry = e.id and s.about and s.subject = any(${ids}::uuid[]))`,
  );
  const wanted = new Set(subjects.map(key));
  await applyAll(
    tx,
    projections,
    entries.map((entry) => ({ ...entry, subjects: entry.subjects.filter((subject) => wanted.has(key(subject))) })),
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
    where e.county = ${county} and (e.replaces is null or e.type not like '%.void')
      and not exists (select 1 from entry n where n.county = e.county and n.replaces = e.id) and (${where})
    order by coalesce(e.place, e.seq) limit ${limit ?? null}`.execute(tx);
  return rows.map(({ rootType, ...row }) => ({ ...row, type: rootType ?? row.type }));
};

/** Takes the chain heads in one order (no deadlock) and says which of the entry ids are already recorded. */
const lockChains = async (
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
    subjects.map((subject) => [key(subject), { length: 0, hash: genesis }]),
  );
  const known = new Set<string>();
  for (const { kind, id, length, hash } of rows) {
    if (kind === null) known.add(id);
    else heads.set(key({ kind, id }), { length, hash });
  }
  return { heads, known };
};

const writeEntries = async (
  tx: Tx,
  county: string,
  prepared: readonly Prepared[],
  heads: Map<string, { length: number; hash: Buffer }>,
  tallies: readonly TallyRow[],
): Promise<void> => {
  const entries: unknown[] = [];
  const links: unknown[] = [];
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
        const head = heads.get(key(subject));
        if (!head) throw new Error(`chain of ${key(subject)} is not locked`);
        const next = { length: head.length + 1, hash: linkHash(head.hash, hash) };
        heads.set(key(subject), next);
        links.push({
          entry: draft.id,
          kind: subject.kind,
          subject: subject.id,
          link: next.length,
          about,
          hash: next.hash.toString('hex'),
        });
      }
  }
  const chains = [...heads].map(([name, head]) => ({
    kind: name.split(':')[0],
    subject: name.split(':')[1],
    length: head.length,
    hash: head.hash.toString('hex'),
  }));
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
      from json_to_recordset(${JSON.stringify(chains)}::json) as t(kind text, subject uuid, length int, hash text)
      on conflict (county, kind, subject) do update set length = excluded.length, hash = excluded.hash)
    insert into tally (county, kind, subject, type, part, month, count, amount)
    select ${county}, kind, subject, type, part, month, sum(count), sum(amount)
    from json_to_recordset(${JSON.stringify(tallies)}::json) as t(kind text, subject uuid, type text, part text, month text, count int, amount numeric)
    group by kind, subject, type, part, month order by kind, subject, type, part, month
    on conflict (county, kind, subject, type, part, month) do update set count = tally.count + excluded.count, amount = tally.amount + excluded.amount`.execute(
    tx,
  );
};
