// Any interleaving of appends, repeats, corrections and voids keeps chains, tallies and state rows true to the entries.
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { factRecorded, personListed, visitRecorded } from '../person/person.ts';
import { newId, openTestApp } from '../server/app.fixtures.ts';
import { contextOf } from '../server/http.ts';
import { machineActor } from './access.ts';
import { entryHash, linkHash } from './chain.ts';
import { asSealed, type Tx } from './database.ts';
import { type EntryDraft, personSubject } from './entry.ts';
import { refold } from './projection.ts';
import { Refusal } from './refusal.ts';

const app = await openTestApp();
const runs = process.env.KANGTU_DEEP ? 200 : 20;
const county = '511902';

const listed = (person: string): EntryDraft =>
  personListed.draft({
    id: newId(),
    county,
    on: '2024-01-02',
    subjects: [personSubject(person)],
    body: { identity: { name: '韩梅', sex: 'female', town: '511902001' }, facts: [] },
  });
const visit = (person: string, day: number, id = newId()): EntryDraft =>
  visitRecorded.draft({
    id,
    county,
    on: `2024-0${1 + (day % 9)}-10`,
    subjects: [personSubject(person)],
    body: {
      method: 'home',
      participants: ['王敏'],
      met: ['client'],
      facts: [{ kind: 'selfCaring', on: '2024-01-10', value: day % 2 === 0, source: 'visit' }],
      aid: [],
    },
  });

const step = fc.record({
  kind: fc.constantFrom('visit', 'fact', 'void', 'correct', 'repeat', 'group'),
  person: fc.integer({ min: 0, max: 2 }),
  which: fc.nat(50),
  day: fc.nat(8),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** The draft that a step asks for, given the visits that stand (root id → source id) and all drafts so far. */
const draftOf = (
  s: Step,
  persons: readonly string[],
  standing: Map<string, string>,
  past: readonly EntryDraft[],
): EntryDraft | undefined => {
  const person = persons[s.person] ?? '';
  if (s.kind === 'visit') return visit(person, s.day);
  if (s.kind === 'group') return { ...visit(person, s.day), subjects: persons.map(personSubject) };
  if (s.kind === 'repeat') return past[s.which % past.length];
  if (s.kind === 'fact')
    return factRecorded.draft({
      id: newId(),
      county,
      on: '2024-03-01',
      subjects: [personSubject(person)],
      body: { facts: [{ kind: 'clientWilling', on: '2024-03-01', value: s.day > 3, source: 'manual' }] },
    });
  const root = [...standing.keys()][s.which % Math.max(standing.size, 1)];
  if (!root) return undefined;
  const before = past.find((draft) => draft.id === standing.get(root));
  if (!before) return undefined;
  const base = { id: newId(), county, on: before.on, replaces: before.id };
  return s.kind === 'void'
    ? { ...base, type: 'visit.void', subjects: before.subjects, body: { reason: '录错' } }
    : { ...visit(person, s.day, base.id), ...base, type: 'visit.correct' };
};

const stateTables = ['person', 'fact', 'file', 'placement', 'sight'];
const dump = async (tx: Tx, persons: readonly string[]): Promise<unknown> => {
  const all: Record<string, unknown> = {};
  for (const table of stateTables) {
    const column = table === 'person' ? 'id' : 'person';
    const { rows } =
      await sql`select to_jsonb(t) as row from ${sql.table(table)} t where ${sql.ref(column)} = any(${[...persons]}::uuid[]) order by to_jsonb(t)::text`.execute(
        tx,
      );
    all[table] = rows;
  }
  return all;
};

const checkChains = async (tx: Tx, persons: readonly string[]): Promise<void> => {
  const { rows } = await sql<Record<string, never>>`
    select s.subject, s.link, s.hash as chained, e.*, e.recorded_at as at, e.happened_on as "on",
      (select json_agg(json_build_object('kind', kind, 'id', subject)) from entry_subject x where x.county = e.county and x.entry = e.id) as subjects
    from entry_subject s join entry e on e.county = s.county and e.id = s.entry
    where s.subject = any(${[...persons]}::uuid[]) order by s.subject, s.link`.execute(asSealed(tx));
  const heads = new Map<string, { link: number; hash: Buffer }>();
  for (const row of rows as unknown as Record<string, unknown>[]) {
    const draft = { ...row, replaces: row.replaces ?? undefined } as unknown as EntryDraft;
    const recorded = row as unknown as NonNullable<EntryDraft['recorded']>;
    const hash = entryHash({
      draft,
      recorded,
      findings: row.findings as unknown[],
      subjects: row.subjects as EntryDraft['subjects'],
    });
    expect(hash.equals(row.hash as Buffer), `entry ${row.id} hashes as recorded`).toBe(true);
    const head = heads.get(row.subject as string);
    expect(row.link).toBe((head?.link ?? 0) + 1);
    const next = linkHash(head?.hash ?? null, hash);
    expect(next.equals(row.chained as Buffer), `link ${row.link} follows`).toBe(true);
    heads.set(row.subject as string, { link: row.link as number, hash: next });
  }
};

/** Counts again from the entries that stand: what tally must say for visits. */
const checkTallies = async (
  tx: Tx,
  persons: readonly string[],
  past: readonly EntryDraft[],
  standing: Map<string, string>,
): Promise<void> => {
  const expected = new Map<string, number>();
  for (const source of standing.values()) {
    const draft = past.find((d) => d.id === source);
    for (const subject of draft?.subjects ?? []) {
      const key = `${subject.id} ${draft?.on.slice(0, 7)}`;
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
  }
  const { rows } = await sql<{ subject: string; month: string; count: number }>`
    select subject, month, count from tally where subject = any(${[...persons]}::uuid[]) and type = 'visit.record' and part = '' and count <> 0`.execute(
    tx,
  );
  expect(new Map(rows.map((row) => [`${row.subject} ${row.month}`, row.count]))).toEqual(expected);
};

test('journal: chains, tallies and state hold under any interleaving', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const persons = [newId(), newId(), newId()];
      const past = persons.map(listed);
      await app.record(...past);
      const standing = new Map<string, string>();
      const rootOf = new Map<string, string>();
      for (const s of steps) {
        const draft = draftOf(s, persons, standing, past);
        if (!draft) continue;
        const repeat = past.includes(draft);
        await app.record(draft);
        if (repeat) continue;
        past.push(draft);
        const root = draft.replaces ? (rootOf.get(draft.replaces) ?? draft.replaces) : draft.id;
        rootOf.set(draft.id, root);
        if (draft.type === 'visit.void') standing.delete(root);
        else if (draft.type.startsWith('visit.')) standing.set(root, draft.id);
      }
      await app.read(async (tx) => {
        await checkChains(tx, persons);
        await checkTallies(tx, persons, past, standing);
        const live = await dump(tx, persons);
        await refold(tx, county, app.journal.projections, persons.map(personSubject));
        expect(await dump(tx, persons)).toEqual(live);
      });
    }),
    { numRuns: runs },
  );
});

test('journal: a long batch, of which the next entries are sealed while the last are written, is as if recorded one by one', async () => {
  const persons = [newId(), newId(), newId()];
  const visits = Array.from({ length: 330 }, (_, i) => ({
    ...visit(persons[i % 3] ?? '', i),
    ...(i % 50 === 0 ? { subjects: persons.map(personSubject) } : {}),
  }));
  const past = [...persons.map(listed), ...visits];
  await app.record(...past);
  await app.read(async (tx) => {
    await checkChains(tx, persons);
    await checkTallies(tx, persons, past, new Map(visits.map(({ id }) => [id, id])));
    const { rows } = await sql<{ id: string }>`select id from entry where id = any(${past.map(({ id }) => id)}::uuid[])
      order by seq`.execute(tx);
    expect(rows.map(({ id }) => id)).toEqual(past.map(({ id }) => id));
    const live = await dump(tx, persons);
    await refold(tx, county, app.journal.projections, persons.map(personSubject));
    expect(await dump(tx, persons)).toEqual(live);
  });
});

test('journal: a repeat in the same batch and later is recorded once', async () => {
  const draft = listed(newId());
  const ctx = contextOf({ packs: app.packs, clock: app.clock }, machineActor, 'test');
  const first = await app.read((tx) => app.journal.append(tx, ctx, [draft, draft]));
  const second = await app.read((tx) => app.journal.append(tx, ctx, [draft]));
  expect([first, second]).toEqual([[draft.id], []]);
});

test('journal: two who void the same entry meet one refusal, and nothing is half-written', async () => {
  const person = newId();
  const first = visit(person, 1);
  await app.record(listed(person), first);
  const voided = (): EntryDraft => ({
    id: newId(),
    county,
    on: first.on,
    type: 'visit.void',
    subjects: first.subjects,
    body: { reason: '重复' },
    replaces: first.id,
  });
  const results = await Promise.allSettled([app.record(voided()), app.record(voided())]);
  expect(results.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected']);
  const rejected = results.find((r) => r.status === 'rejected') as PromiseRejectedResult;
  expect(rejected.reason).toBeInstanceOf(Refusal);
  await app.read((tx) => checkChains(tx, [person]));
});

test('journal: an entry of tomorrow is refused', async () => {
  const person = newId();
  await app.record(listed(person));
  await expect(app.record({ ...visit(person, 1), on: '2024-11-15' })).rejects.toMatchObject({ code: 'inFuture' });
});
