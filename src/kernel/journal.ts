// The append-only journal: entries, hash chains per subject, tallies and state rows, all in the caller's transaction.
import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Actor } from './access.ts';
import {
  entryHash,
  type LockedChains,
  lockChains,
  type Prepared,
  subjectKey,
  type TallyRow,
  writeEntries,
} from './chain.ts';
import type { Day } from './contract.ts';
import { asSealed, keysOf, type Tx, together, withCountyReach } from './database.ts';
import {
  correctType,
  type Entry,
  type EntryDraft,
  type EntryType,
  type Subject,
  subjectIds,
  voidType,
} from './entry.ts';
import { countySubject } from './keys.ts';
import { applyAll, type Projection, refold, type StandingEntry, standingEntries } from './projection.ts';
import { Refusal } from './refusal.ts';
import { replaceSealed, sealedFieldsOf } from './sealed-body.ts';
import { isSealed, type Sealable } from './sealing.ts';
import { aTurn, mapInTurns } from './turns.ts';

/** Entries written at a time: while the database writes them, the next are sealed and hashed. */
const atOnce = 100;

export interface JournalContext {
  readonly actor: Actor;
  readonly now: string;
  readonly today: Day;
  /** Told the persons that entries are about, for the audit's line of the operation. */
  readonly concerned?: Set<string>;
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
      summary: `${definition.summary}${definition.replaceable === 'takenBack' ? '（撤销）' : '（作废）'}`,
      body: z.object({ reason: z.string().min(1).meta({ sealed: true }) }),
    });
    if (definition.replaceable === 'takenBack') continue;
    add({
      ...definition,
      type: correctType(definition.type),
      summary: `${definition.summary}（更正）`,
      replaceable: false,
    });
  }
  return types;
};

const isCarried = (type: EntryType, { body }: EntryDraft): boolean => {
  const fields = sealedFieldsOf(type.body);
  let found = false;
  if (fields)
    replaceSealed(fields, body, (value) => {
      found ||= isSealed(value);
      return value;
    });
  return found;
};

export const createJournal = (definitions: readonly EntryType[], projections: readonly Projection[]): Journal => {
  const types = registry(definitions);

  const check = (draft: EntryDraft, today: Day): void => {
    const type = types.get(draft.type);
    if (!type) throw new Error(`unknown entry type ${draft.type}`);
    // What comes from an archive is sealed already, was checked when it was written, and is checked by its hash.
    if (!isCarried(type, draft)) type.body.parse(draft.body);
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
    const kept = new Set(draft.subjects.map(subjectKey));
    const dropped = (replaced?.subjects ?? []).filter((subject) => !kept.has(subjectKey(subject)));
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
        subjects.set(subjectKey(subject), subject);
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
    const seal = await draftSealer(tx, county, fresh);
    const ready = (drafts: readonly EntryDraft[]): Promise<Prepared[]> =>
      mapInTurns(drafts, (draft) => prepare(ctx, seal(draft), replaced.get(draft.id)));
    let next = await ready(fresh.slice(0, atOnce));
    for (let done = atOnce; next.length > 0; done += atOnce)
      [, next] = await together(write(tx, county, next, { heads, replaced }), ready(fresh.slice(done, done + atOnce)));
    return fresh.map((draft) => draft.id);
  };

  const write = async (
    tx: Tx,
    county: string,
    prepared: readonly Prepared[],
    { heads, replaced }: Pick<LockedChains, 'heads'> & { replaced: ReadonlyMap<string, StandingEntry> },
  ): Promise<void> => {
    const tallies = prepared.flatMap((entry) => {
      const before = replaced.get(entry.draft.id);
      const minus = before ? tallyRows(before, -1) : [];
      const counts =
        entry.draft.replaces && entry.draft.type === voidType(before?.type ?? '')
          ? []
          : tallyRows({ ...entry.draft, type: before?.type ?? entry.draft.type }, 1);
      return [...minus, ...counts];
    });
    const written = writeEntries(tx, county, prepared, heads, tallies);
    // Many leave for the database before the state rows are worked out; few travel together with them.
    const sent = prepared.length > aTurn ? setImmediate() : undefined;
    const apply = () => applyFresh(tx, county, prepared, replaced);
    await together(written, sent ? sent.then(apply) : apply());
  };

  /**
   * Seals the personal fields of bodies: with the person's key where an entry is about one person, else with the county's. From here on
   * hash, journal and state rows hold the same sealed text; nothing after this sees it in clear but by opening it.
   */
  const draftSealer = async (
    tx: Tx,
    county: string,
    drafts: readonly EntryDraft[],
  ): Promise<(draft: EntryDraft) => EntryDraft> => {
    const having = new Map(
      drafts.flatMap((draft) => {
        const fields = sealedFieldsOf(types.get(draft.type)?.body ?? z.unknown());
        const persons = subjectIds(draft, 'person');
        const [subject = countySubject] = persons.length === 1 ? persons : [];
        return fields ? [[draft.id, { fields, subject }] as const] : [];
      }),
    );
    if (having.size === 0) return (draft) => draft;
    const keys = keysOf(tx);
    const subjects = [...having.values()].map(({ subject }) => subject);
    const dataKeys = await keys.forWriting(asSealed(tx), county, subjects);
    return (draft) => {
      const own = having.get(draft.id);
      if (!own) return draft;
      const seal = (value: Sealable) => keys.seal(value, { county, subject: own.subject }, dataKeys);
      return { ...draft, body: replaceSealed(own.fields, draft.body, seal) as EntryDraft['body'] };
    };
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
        touched.set(subjectKey(subject), subject);
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
