// Duties over SQL equal the slow definition over the journal, on random histories, changes of texts and any day; and who sees what of them over HTTP.
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { assessmentRecorded } from '../assessment/assessment.ts';
import { machineActor } from '../kernel/access.ts';
import { addDays } from '../kernel/calendar.ts';
import { type EntryDraft, personSubject } from '../kernel/entry.ts';
import { standingEntries } from '../kernel/projection.ts';
import { factRecorded, visitRecorded } from '../person/person.ts';
import type { Pack } from '../policy/pack.ts';
import { referralQueued, referralReviewed } from '../referral/referral.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import { contextOf } from '../server/http.ts';
import { countDuties, listDuties } from './duty.sql.ts';
import { type DutyInstanceView, listDutiesInForce } from './duty.ts';
import { expectedOf, otherRules, rules } from './duty-expected.fixtures.ts';
import { queriesOf } from './duty-query.server.ts';
import { Story, step } from './story.fixtures.ts';

const app = await openTestApp();
app.clock.set('2025-12-31');
const runs = process.env.KANGTU_DEEP ? 200 : 5;

const pack = (more: Partial<Pack> = {}): Pack => ({
  ...{ id: 'try', name: '试行', areas: ['*'], version: 'x', file: 'try.yaml', text: '', documents: [] },
  ...{ period: { from: '2020-01-01' }, rules, ...more },
});

/** What a county or its province decides: another text, the same once more, or none. */
const turn = fc.record({ day: fc.nat(560), text: fc.option(fc.nat(2), { freq: 4 }), near: fc.boolean() });
const libraryOf = (county: string, turns: readonly { day: number; text: number | null; near: boolean }[]) => ({
  ...app.packs,
  packs: new Map([['try', pack()]]),
  adoptions: turns.map(({ day, text, near }, index) => {
    const areas = [near ? county : county.slice(0, 2)];
    const held = text === null ? null : pack({ version: `${index}`, areas, rules: otherRules[text] ?? rules });
    return { id: newId(), slot: 'try', pack: held, areas, fromOn: addDays('2024-01-05', day) };
  }),
});

/** What the story does not tell: visits, transfer-out assessments, stability, reviews of queues. */
const extra = fc.record({
  kind: fc.constantFrom('visit', 'visit', 'void', 'transferOut', 'stability', 'review'),
  person: fc.nat(3),
  day: fc.nat(500),
  pick: fc.nat(20),
});
type Extra = typeof extra extends fc.Arbitrary<infer E> ? E : never;

const extraDrafts = (story: Story, extras: readonly Extra[]): EntryDraft[] => {
  const visits: EntryDraft[] = [];
  return extras.flatMap(({ kind, person, day, pick }): EntryDraft[] => {
    const id = story.persons[person]?.id ?? '';
    const base = { id: newId(), county: story.county, on: addDays('2024-01-10', day), subjects: [personSubject(id)] };
    const fact = (key: 'stability', value: string) => ({ kind: key, on: base.on, value, source: 'hospital' as const });
    if (kind === 'visit') {
      const draft = visitRecorded.draft({
        ...base,
        body: { method: 'home', participants: ['李敏'], met: ['client'], facts: [], aid: [] },
      });
      visits.push(draft);
      return [draft];
    }
    if (kind === 'void') {
      const [visit] = visits.splice(pick % Math.max(visits.length, 1), 1);
      if (!visit) return [];
      const { on, subjects } = visit;
      const replaced = { ...base, on: addDays(on, pick), subjects, replaces: visit.id };
      return [
        pick % 2
          ? { ...replaced, on, type: 'visit.void', body: { reason: '录错' } }
          : { ...replaced, type: 'visit.correct', body: visit.body },
      ];
    }
    if (kind === 'transferOut')
      return [
        assessmentRecorded.draft({
          ...base,
          body: { kind: 'transferOut', assessor: '李敏', results: [], facts: [] },
        }),
      ];
    if (kind === 'stability') {
      const value = ['stable', 'basicallyStable', 'unstable'][pick % 3] ?? 'stable';
      return [factRecorded.draft({ ...base, body: { facts: [fact('stability', value)] } })];
    }
    const queued = story.drafts.find((one) => one.type === referralQueued.type && one.subjects[0]?.id === id);
    if (!queued) return [];
    const { referral, organisation } = queued.body as { referral: string; organisation: string };
    const on = addDays(queued.on, pick * 3);
    return [referralReviewed.draft({ ...base, on, body: { referral, organisation, wish: 'keepWaiting' } })];
  });
};

let counter = 0;
test('every duty equals its definition over the journal, in any span, as of any day and over any change of its text', async () => {
  const asked = fc.array(fc.record({ on: fc.nat(560), back: fc.nat(200), ahead: fc.nat(200) }), {
    minLength: 4,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 40, maxLength: 90, size: 'max' }),
      fc.array(extra, { minLength: 10, maxLength: 40, size: 'max' }),
      fc.array(turn, { maxLength: 8, size: 'max' }),
      asked,
      async (steps, extras, turns, picks) => {
        counter += 1;
        const story = new Story(`8${String(counter).padStart(5, '0')}`);
        for (const one of steps) story.take(one);
        for (const drafts of story.batches()) await app.record(...drafts);
        for (const draft of extraDrafts(story, extras)) await app.record(draft);
        const entries = await app.read((tx) => standingEntries(tx, story.county, sql`true`));
        const library = libraryOf(story.county, turns);
        const ctx = { ...contextOf({ packs: library, clock: app.clock }, machineActor, 'test') };
        for (const { on, back, ahead } of picks) {
          const day = addDays('2024-01-05', on);
          const span = { area: story.county, from: addDays(day, -back), to: addDays(day, ahead) };
          const at = { on: day, time: '24:00' };
          const duties = listDutiesInForce(library, { counties: [story.county], cities: [], ...span });
          const [list, counts] = await app.read(async (tx) => {
            const queries = await queriesOf(tx, ctx, { ...span, at }, duties);
            const page = { state: undefined, limit: 10_000, offset: 0 };
            return [await listDuties(tx, queries, page), await countDuties(tx, queries)] as const;
          });
          expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(list.total);
          const found = list.rows.map(({ ref, subject, dueOn: due, state, done, asked: amount }) =>
            [duties[ref]?.rule.id, subject, due, state, done, amount].join(' '),
          );
          const expected = expectedOf(library, { entries, on: day, story, ...span });
          expect(found.sort(), `as of ${day}`).toEqual(expected.sort());
        }
      },
    ),
    {
      numRuns: runs,
      endOnFailure: !process.env.KANGTU_DEEP,
      interruptAfterTimeLimit: 600_000,
      markInterruptAsFailure: true,
    },
  );
}, 700_000);

const site = anOrganisation('site', { name: '东城站点' });
const late = aClient().registered('2025-11-03');
const waits = aClient().registered('2025-11-03').referred(site.id, '2025-11-05');
const elsewhere = aClient({ county: '511922' }).registered('2025-11-03');
const asked = { from: '2025-11-01', to: '2025-11-30' };

test('duty.list, counts and feed: a county sees its persons by masked name, a site its own, a city counts and places alone', async () => {
  await app.record(site.draft, ...[late, waits, elsewhere].flatMap(({ drafts }) => drafts));
  const list = async (actor: ReturnType<typeof anActor>, more: object = {}) =>
    (await app.call<{ rows: DutyInstanceView[]; total: number }>(actor, 'GET', '/duties', { ...asked, ...more })).body;
  const county = anActor('civilAffairs');
  const sent = await list(county, { duty: 'referralDispatch' });
  expect(sent.rows.map(({ subject, state, dueOn, area }) => [subject.id, state, dueOn, area])).toEqual(
    [late, waits]
      .map(({ person }) => [person, person === late.person ? 'late' : 'done', '2025-11-10', '511902001'])
      .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)),
  );
  expect(sent.rows.find(({ state }) => state === 'late')).toMatchObject({
    subject: { kind: 'client', name: '陈*远' },
    responsible: { level: 'county', name: '巴州区民政部门' },
    pack: { id: 'bazhong', lapsed: false },
    link: { path: '/referrals/new', search: { person: late.person } },
  });
  const own = await list(anActor('site', { organisation: site.id }));
  expect(own.rows.map(({ duty, subject, state }) => [duty, subject.id, state])).toEqual([
    ['referralReceipt', waits.idOf('referral.send'), 'late'],
  ]);
  expect((await list(anActor('village', { scope: '511902002' }), { duty: 'referralDispatch' })).total).toBe(0);
  const city = anActor('civilAffairs', { scope: '5119' });
  expect((await list(city, { duty: 'referralDispatch' })).total).toBe(0);
  expect((await list(city, { to: '2025-12-31', duty: 'halfYearReport' })).rows).toHaveLength(5);
  const counts = await app.call<{ rows: { duty: string; area: string; counts: object; hidden: boolean }[] }>(
    city,
    'GET',
    '/duties/counts',
    asked,
  );
  expect(counts.body.rows.find(({ duty, area }) => duty === 'referralDispatch' && area === '511902')).toMatchObject({
    counts: { late: null, done: null, due: 0 },
    hidden: true,
  });
  const feed = await app.call<Buffer>(county, 'GET', '/duties/feed');
  const text = String(feed.body);
  expect(text).toContain('SUMMARY:半年进展报送：待办 1 件');
  expect(text).toContain('DTSTART;VALUE=DATE:20251231');
  expect(text).not.toContain('陈');
  expect((await app.call(anActor('finance'), 'GET', '/duties/feed')).status).toBe(403);
  expect((await app.call(county, 'GET', '/duties', { from: '2025-02-01', to: '2025-01-01' })).code).toBe('spanWrong');
});
