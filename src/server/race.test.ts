// Two who work on one person at once, over HTTP: one wins or both in order, nobody meets a fault, and the journal is whole.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { verifyJournal } from '../kernel/archive-verify.ts';
import { addDays } from '../kernel/calendar.ts';
import { anActor, newId, openTestApp, type Reply } from './app.fixtures.ts';
import { aClient, anOrganisation } from './client.fixtures.ts';

const app = await openTestApp();
/** Of each pair. */
const rounds = process.env.KANGTU_DEEP ? 200 : 12;
const on = '2024-11-10';
const [one, other] = [anActor('civilAffairs', { user: 'clerk-1' }), anActor('civilAffairs', { user: 'clerk-2' })];
const [site, second] = [anOrganisation('site', { name: '东城站' }), anOrganisation('site', { name: '西城站' })];
await app.record(site.draft, second.draft);
const atSite = anActor('site', { organisation: site.id });

type Ask = () => Promise<Reply<never>>;
const post =
  (actor: typeof one, path: string, input: object): Ask =>
  () =>
    app.call(actor, 'POST', path, { id: newId(), on, ...input });

/** Both at once, the one or the other a moment earlier. */
const race = async (...asks: readonly Ask[]): Promise<Reply<never>[]> =>
  Promise.all(
    asks.map(async (ask) => {
      await sleep(Math.floor(Math.random() * 6));
      return ask();
    }),
  );
const won = (replies: readonly Reply[]): number => replies.filter(({ status }) => status === 200).length;
const entriesOf = async (person: string): Promise<string[]> =>
  (
    await app.read((tx) =>
      sql<{ type: string }>`select e.type from entry e join entry_subject s on s.county = e.county and s.entry = e.id
        where s.subject = ${person} order by s.link`.execute(tx),
    )
  ).rows.map(({ type }) => type);
const stageOf = async (person: string): Promise<string | undefined> =>
  (await app.read((tx) => sql<{ stage: string }>`select stage from file where person = ${person}`.execute(tx))).rows[0]
    ?.stage;
const each = async (work: (round: number) => Promise<void>): Promise<void> => {
  for (let round = 0; round < rounds; round += 1) await work(round);
  expect((await verifyJournal(app.database, app.journal)).problems).toEqual([]);
};

test('a review while the file is closed: the stage is that of the last, and nothing follows an end', () =>
  each(async () => {
    const client = aClient().applied('2024-02-01');
    await app.record(...client.drafts);
    const application = client.idOf('application.submit');
    const [review, close] = await race(
      post(one, `/applications/${application}/review`, { decision: 'returned', reason: '材料不全，请补充。' }),
      post(other, `/persons/${client.person}/close`, { reason: 'moved' }),
    );
    expect(close?.status).toBe(200);
    // Reviewed first: what is listed may be closed. Closed first: there is nothing to review.
    if (review?.status !== 200) expect(review?.code).toMatch(/^(stageNotAllowed|alreadyDecided)$/);
    expect(await stageOf(client.person)).toBe('moved');
    expect((await entriesOf(client.person)).at(-1)).toBe('file.close');
  }));

test('two review one application: one decides', () =>
  each(async () => {
    const client = aClient().applied('2024-02-01');
    await app.record(...client.drafts);
    const path = `/applications/${client.idOf('application.submit')}/review`;
    const replies = await race(
      post(one, path, { decision: 'returned', reason: '材料不全，请补充。' }),
      post(other, path, { decision: 'refused', reason: '不符合条件，已说明。' }),
    );
    expect(won(replies)).toBe(1);
    expect((await entriesOf(client.person)).filter((type) => type === 'application.review')).toHaveLength(1);
  }));

test('a referral is accepted twice, and sent elsewhere meanwhile: it has one answer', () =>
  each(async () => {
    const client = aClient().registered('2024-02-01').queued(site.id, '2024-03-01');
    const sent = aClient().registered('2024-02-01').referred(site.id, '2024-03-01');
    await app.record(...client.drafts, ...sent.drafts);
    const accept = (id: string) => post(atSite, `/referrals/${id}/accept`, {});
    const referral = sent.idOf('referral.send');
    expect(won(await race(accept(referral), accept(referral)))).toBe(1);
    expect(await stageOf(sent.person)).toBe('accepted');
    const decline = post(atSite, `/referrals/${referral}/decline`, { reason: '床位已满，无法接收。' });
    expect((await decline()).status).toBeGreaterThanOrEqual(400);
  }));

test('one accepts while the office takes the referral back', () =>
  each(async () => {
    const client = aClient().registered('2024-02-01').referred(site.id, '2024-03-01');
    await app.record(...client.drafts);
    const referral = client.idOf('referral.send');
    const [accept, withdraw] = await race(
      post(atSite, `/referrals/${referral}/accept`, {}),
      post(one, `/referrals/${referral}/withdraw`, {}),
    );
    expect(won([accept, withdraw].filter((reply) => reply !== undefined))).toBe(1);
    expect(await stageOf(client.person)).toBe(accept?.status === 200 ? 'accepted' : 'registered');
  }));

test('one links two records while another takes the link away, and a third the other way round', () =>
  each(async () => {
    const [a, b] = [aClient(), aClient()];
    await app.record(...a.drafts, ...b.drafts);
    const link = (actor: typeof one, x: string, y: string) =>
      post(actor, `/persons/${x}/links`, { other: y, reason: '同一人，两份名单' });
    const unlink = post(other, `/persons/${a.person}/links/${b.person}/remove`, { reason: '核对后不是同一人' });
    const replies = await race(link(one, a.person, b.person), unlink, link(other, b.person, a.person));
    expect(won([replies[0], replies[2]].filter((reply) => reply !== undefined))).toBeGreaterThan(0);
    const { rows } = await app.read((tx) =>
      sql<{
        linked: number;
      }>`select count(linked_to)::int as linked from person where id in (${a.person}, ${b.person})`.execute(tx),
    );
    const types = await entriesOf(a.person);
    const links = types.filter((type) => type === 'person.link').length;
    const unlinks = types.filter((type) => type === 'person.unlink').length;
    expect(rows[0]?.linked).toBe(links - unlinks);
  }));

test('two reassign applications to each other’s records: nobody waits for ever', () =>
  each(async () => {
    const [a, b] = [aClient().applied('2024-02-01'), aClient().applied('2024-02-01')];
    await app.record(...a.drafts, ...b.drafts);
    const reassign = (actor: typeof one, from: typeof a, to: typeof a) =>
      post(actor, `/applications/${from.idOf('application.submit')}/reassign`, {
        person: to.person,
        reason: '同一人已有档案',
      });
    const replies = await race(reassign(one, a, b), reassign(other, b, a));
    for (const { status } of replies) expect(status).toBeLessThan(500);
  }));

test('two list one human at once: the second is told of the first', () =>
  each(async (round) => {
    // A name that sounds like that of an earlier round would be told of too, had they one day of birth.
    const birthDate = addDays('1985-03-07', 40 * round);
    const input = { identity: { name: '韩梅梅', sex: 'female', birthDate, town: '511902001' }, facts: [] };
    const replies = await race(post(one, '/persons', input), post(other, '/persons', input));
    expect(won(replies)).toBe(1);
    expect(replies.find(({ status }) => status !== 200)?.code).toMatch(/^(alike|alreadyListed)$/);
  }));

test('two state facts of one person at once: both stand', () =>
  each(async () => {
    const client = aClient();
    await app.record(...client.drafts);
    const fact = (actor: typeof one, value: number) =>
      post(actor, `/persons/${client.person}/facts`, { facts: [{ kind: 'risk', on, value }] });
    expect(won(await race(fact(one, 1), fact(other, 2), fact(one, 3)))).toBe(3);
  }));
