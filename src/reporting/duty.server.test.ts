// Duties over SQL equal the slow definition over the journal, on random histories and any day; and who sees what of them over HTTP.
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { assessmentRecorded } from '../assessment/assessment.ts';
import { agreementSigned } from '../care/agreement.ts';
import { fileClosed } from '../care/discharge.ts';
import { machineActor } from '../kernel/access.ts';
import { addDays } from '../kernel/calendar.ts';
import { type Entry, type EntryDraft, personSubject, subjectIds } from '../kernel/entry.ts';
import { standingEntries } from '../kernel/projection.ts';
import { factRecorded, personUpdated, visitRecorded } from '../person/person.ts';
import { type DutyKnowledge, instancesOf } from '../policy/duty-instance.ts';
import type { Stability } from '../policy/facts.ts';
import { DutyRule, type Pack } from '../policy/pack.ts';
import { applicationReviewed, applicationSubmitted } from '../referral/application.ts';
import {
  referralAccepted,
  referralDeclined,
  referralQueued,
  referralReviewed,
  referralSent,
} from '../referral/referral.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import { contextOf } from '../server/http.ts';
import { countDuties, listDuties } from './duty.sql.ts';
import { type DutyInstanceView, listDutiesInForce } from './duty.ts';
import { queriesOf } from './duty-query.server.ts';
import { type Life, livesOf } from './life.fixtures.ts';
import { Story, step } from './story.fixtures.ts';

const app = await openTestApp();
app.clock.set('2025-12-31');
const runs = process.env.KANGTU_DEEP ? 200 : 5;

const rule = (id: string, more: object) =>
  DutyRule.parse({
    ...{ id, kind: 'duty', clause: ['BZ-12'], title: id, summary: id },
    responsible: { role: 'civilAffairs', level: 'county' },
    ...more,
  });
const rules = [
  rule('decided', {
    subject: 'application',
    evidence: 'applicationDecided',
    cadence: { workingDaysAfter: { event: 'applied', days: 5 } },
  }),
  rule('sent', {
    subject: 'client',
    evidence: 'referralSent',
    cadence: { workingDaysAfter: { event: 'registered', days: 5 } },
  }),
  rule('answered', {
    subject: 'referral',
    evidence: 'referralAnswered',
    cadence: { workingDaysAfter: { event: 'referred', days: 3 } },
  }),
  rule('queue', {
    subject: 'referral',
    evidence: 'queueReviewed',
    cadence: { overMonthsSince: { event: 'queued', months: 1 } },
  }),
  rule('transferOut', {
    subject: 'client',
    evidence: 'transferOutAssessed',
    cadence: { monthsAfter: { event: 'assessed', months: 2 } },
  }),
  rule('followUp', {
    subject: 'client',
    evidence: 'followedUp',
    cadence: {
      afterByStability: {
        event: 'followedUp',
        stable: { months: 2 },
        basicallyStable: { months: 1 },
        unstable: { days: 14 },
      },
    },
  }),
  rule('sessions', { subject: 'client', evidence: 'sessionAttended', cadence: { everyMonth: { amount: 2 } } }),
];
const pack: Pack = {
  ...{ id: 'try', name: '试行', areas: ['*'], version: 'x', file: 'try.yaml', text: '', documents: [] },
  period: { from: '2020-01-01' },
  rules,
};
const library = { ...app.packs, packs: new Map([['try', pack]]) };

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

type Known = DutyKnowledge & { readonly subject: string };
const ends = (endOn: string | undefined) => (endOn === undefined ? {} : { endOn });
const shown = (one: Pick<Entry, 'id' | 'on'>) => ({ id: one.id, on: one.on, amount: 1 });

/** A clock of its own for each application and each referral. */
const ofRecords = (entries: readonly Entry[], name: string): Known[] => {
  if (name === 'decided')
    return entries.filter(applicationSubmitted.is).map(({ id, on }) => ({
      ...{ subject: id, sinceOn: null, starts: [on] },
      records: entries
        .filter(applicationReviewed.is)
        .filter(({ body }) => body.application === id)
        .map(shown),
    }));
  return entries.filter(referralSent.is).map((sent) => {
    const about = entries.filter(({ body }) => (body as { referral?: string }).referral === sent.id);
    const ended = about.filter((one) => referralAccepted.is(one) || referralDeclined.is(one));
    const closed = entries.find(
      (one) =>
        fileClosed.is(one) &&
        entries.indexOf(one) > entries.indexOf(sent) &&
        subjectIds(one, 'person')[0] === subjectIds(sent, 'person')[0],
    );
    const withdrawn = ended.length === 0 ? closed?.on : undefined;
    const queued = about.filter(referralQueued.is);
    const reviews = about.filter(referralReviewed.is);
    const base = { subject: sent.id, sinceOn: null, ...ends(withdrawn) };
    if (name === 'answered') return { ...base, starts: [sent.on], records: [...queued, ...ended].map(shown) };
    return {
      ...base,
      starts: [...queued, ...reviews].map(({ on }) => on),
      records: [...reviews, ...(queued.length ? ended : [])].map(shown),
    };
  });
};

interface Asking {
  readonly entries: readonly Entry[];
  readonly on: string;
}

const ofLife = ({ entries, on: asOf }: Asking, person: string, life: Life, name: string): Known | undefined => {
  const own = entries.filter((entry) => subjectIds(entry, 'person').includes(person));
  const { registeredOn, leftOn } = life.history;
  const within = (on: string) => registeredOn <= on && (leftOn === undefined || on <= leftOn);
  const base = { subject: person, sinceOn: null, ...ends(leftOn) };
  const assessed = own.filter(assessmentRecorded.is);
  const transferOut = assessed.filter(({ body }) => body.kind === 'transferOut');
  if (name === 'sent') return { ...base, starts: [registeredOn], records: own.filter(referralSent.is).map(shown) };
  if (name === 'transferOut')
    return {
      ...base,
      starts: assessed.filter(({ on, body }) => body.kind !== 'process' && within(on)).map(({ on }) => on),
      records: transferOut.map(shown),
    };
  if (name === 'followUp') {
    const facts = own
      .filter((one) => factRecorded.is(one) || personUpdated.is(one))
      .flatMap(({ id, body }) => body.facts.map(({ kind, on, value, source }) => ({ id, kind, on, value, source })));
    const looked = facts.filter(
      ({ kind, source }) =>
        ['risk', 'stability'].includes(kind) && ['hospital', 'assessment', 'manual'].includes(source),
    );
    const followed = [...own.filter(visitRecorded.is), ...looked];
    const stability = facts
      .filter(({ kind }) => kind === 'stability')
      .map(({ id, on, value }) => ({ id, on, value: value as Stability }))
      .sort((a, b) => (a.on + a.id < b.on + b.id ? -1 : 1));
    const starts = [registeredOn, ...followed.map(({ on }) => on).filter(within)];
    return { ...base, starts, records: followed.map(shown), stability };
  }
  const signed = own.filter(agreementSigned.is).filter(({ on }) => within(on) && on <= asOf);
  const asked = signed.map(({ body }) => body.fromOn).sort()[0];
  if (asked === undefined || registeredOn > asOf) return undefined;
  const sessions = livesOf(entries, person).flatMap(({ history }) => history.sessions);
  const records = sessions.filter(({ standardized }) => standardized).map(({ on }) => ({ id: null, on, amount: 1 }));
  return { ...base, sinceOn: asked, starts: [], records };
};

const knownFor = (asking: Asking, story: Story, one: DutyRule): Known[] =>
  one.subject === 'client'
    ? story.persons.flatMap(({ id }) =>
        livesOf(asking.entries, id).flatMap((life) => ofLife(asking, id, life, one.id) ?? []),
      )
    : ofRecords(asking.entries, one.id);

let counter = 0;
test('every duty equals its definition over the journal, in any span and as of any day', async () => {
  const asked = fc.array(fc.record({ on: fc.nat(560), back: fc.nat(90), ahead: fc.nat(120) }), {
    minLength: 4,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 40, maxLength: 90, size: 'max' }),
      fc.array(extra, { minLength: 10, maxLength: 40, size: 'max' }),
      asked,
      async (steps, extras, picks) => {
        counter += 1;
        const story = new Story(`8${String(counter).padStart(5, '0')}`);
        for (const one of steps) story.take(one);
        for (const drafts of story.batches()) await app.record(...drafts);
        for (const draft of extraDrafts(story, extras)) await app.record(draft);
        const entries = await app.read((tx) => standingEntries(tx, story.county, sql`true`));
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
          for (const [ref, { rule: one }] of duties.entries()) {
            const expected = knownFor({ entries, on: day }, story, one).flatMap((known) =>
              instancesOf(one, known, { ...span, at }).map(({ dueOn, state, done }) =>
                [known.subject, dueOn, state, done].join(' '),
              ),
            );
            const found = list.rows
              .filter((row) => row.ref === ref)
              .map(({ subject, dueOn, state, done }) => [subject, dueOn, state, done].join(' '));
            expect(found.sort(), `${one.id} as of ${day}`).toEqual(expected.sort());
          }
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
