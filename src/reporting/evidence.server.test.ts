// The policy page: states from figures alone, each clause in force once, live evidence in a small world, and what the city may not see.
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { evidenceApi } from './evidence.api.ts';
import { countsOf, decidePart, decideState, type EvidencePart, type EvidenceRow, EvidenceState } from './evidence.ts';

type Answer = z.output<NonNullable<(typeof evidenceApi)['list']['~orpc']['outputSchema']>>;

const app = await openTestApp();
const clerk = anActor('civilAffairs');
const city = anActor('civilAffairs', { scope: '5119' });
const clerkOf = (scope: string) => anActor('civilAffairs', { scope });
const site = anOrganisation('site', { name: '东城站点' });
const other = anOrganisation('site', { name: '西城站点' });

const ask = async (actor: typeof clerk | null, query: object = {}): Promise<Answer> => {
  const reply = await app.call<Answer>(actor, 'GET', '/policy/evidence', query);
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  return reply.body;
};
const rowOf = ({ rows }: Answer, clause: string): EvidenceRow => {
  const found = rows.find((row) => row.clause === clause);
  if (!found) throw new Error(`no ${clause}`);
  return found;
};
const countsIn = (answer: Answer, clause: string, kind: EvidencePart['kind']) =>
  rowOf(answer, clause).parts.find((part) => part.kind === kind)?.figure.counts;

const indicator = (met: boolean | null, value: number | null, hidden = false) => ({
  counts: {},
  latestOn: null,
  indicator: { name: 'clients-served', met, value, hidden, numerator: 0, denominator: 0, target: 1, targetYear: 2024 },
});

test.each([
  ['duty', countsOf({ late: 1, done: 9 }), 'late'],
  ['duty', countsOf({ late: null, done: 9 }), 'late'],
  ['duty', countsOf({ late: 0, due: 3, done: 0 }), 'noData'],
  ['duty', countsOf({ late: 0, due: 3, doneLate: 1 }), 'met'],
  ['duty', countsOf({ late: 0, due: 0, done: 0, planned: 2 }), 'planned'],
  ['duty', countsOf({ late: 0, due: 0, done: 0 }), 'noData'],
  ['milestone', countsOf({}), 'stated'],
  ['indicator', indicator(true, 1), 'met'],
  ['indicator', indicator(false, 0), 'behind'],
  ['indicator', indicator(null, null), 'noData'],
  ['indicator', indicator(null, null, true), 'stated'],
  ['criterion', countsOf({ eligible: 0, ineligible: 0, unknown: 0, waiting: 7 }), 'noData'],
  ['criterion', countsOf({ eligible: 7, ineligible: 0, unknown: 1, waiting: 0 }), 'behind'],
  ['criterion', countsOf({ eligible: null, ineligible: 0, unknown: 0, waiting: 0 }), 'met'],
  ['standard', countsOf({}), 'stated'],
  ['standard', countsOf({ checked: 0, unchecked: 5, gaps: 0 }), 'noData'],
  ['standard', countsOf({ checked: 4, unchecked: 1, gaps: 0 }), 'behind'],
  ['standard', countsOf({ bodies: 1, gaps: 0 }), 'met'],
  ['record', countsOf({ records: 0 }), 'noData'],
  ['record', countsOf({ records: null }), 'met'],
  ['ledger', countsOf({}), 'planned'],
] as const)('%s %j is %s', (kind, figure, state) => {
  expect(decidePart(kind, figure as Parameters<typeof decidePart>[1])).toBe(state);
});

test('the worst part decides, and nothing known is no data', () => {
  for (const [at, worse] of EvidenceState.options.entries())
    for (const better of EvidenceState.options.slice(at)) expect(decideState([better, worse])).toBe(worse);
  expect(decideState([])).toBe('noData');
});

/** Whether something that is there stands behind the word. */
const shows = ({ state, figure: { indicator: one, counts } }: EvidencePart): boolean =>
  state === 'met' && (one?.value != null || Object.values(counts).some((count) => count !== 0));

test('policy.evidence: each clause in force once; in an empty world nothing is met', async () => {
  app.clock.set('2024-11-14');
  for (const [scope, document] of [
    ['511902', 'BZ'],
    ['460107', 'QS'],
    ['6543', 'AL'],
    ['331124', 'SY'],
  ] as const) {
    const answer = await ask(clerkOf(scope));
    const held = answer.documents.filter(({ holds }) => holds).map(({ id }) => id);
    expect(held).toEqual([document, 'NA', 'GB']);
    const wanted = [...app.packs.clauses.keys()].filter((id) => held.includes(id.slice(0, 2)));
    expect(answer.rows.map(({ clause }) => clause)).toEqual(wanted);
    expect(answer.rows.filter(({ state }) => state === 'met' || state === null)).toEqual([]);
  }
  const elsewhere = await ask(clerk, { document: 'CM' });
  expect(elsewhere.rows).toHaveLength(25);
  expect(elsewhere.rows.every(({ state, parts }) => state === null && parts.every((part) => part.state === null))).toBe(
    true,
  );
});

test('policy.evidence: each state with its evidence; the city is told no small count; a site its own', async () => {
  const served = Array.from({ length: 3 }, () =>
    aClient({ town: '511902001' })
      .registered('2024-01-10')
      .accepted(site.id, '2024-01-12')
      .withPapers(site.id, '2024-01-15')
      .session(site.id, '2024-10-20'),
  );
  const waiting = Array.from({ length: 6 }, () => aClient({ town: '511902002' }).registered('2024-03-01'));
  await app.record(site.draft, other.draft, ...[...served, ...waiting].flatMap(({ drafts }) => drafts));
  const note = { rule: 'countyPlan', area: '511902', dueOn: '2023-12-25', on: '2023-12-20', note: '方案已报备。' };
  expect((await app.call(clerk, 'POST', '/duty-records', { id: newId(), ...note })).status).toBe(200);

  const county = await ask(clerk);
  const states = (clauses: string[]) => clauses.map((clause) => rowOf(county, clause).state);
  expect(states(['BZ-12', 'BZ-02', 'BZ-03', 'BZ-07', 'BZ-08', 'BZ-14', 'BZ-33'])).toEqual([
    'late',
    'behind',
    'behind',
    'noData',
    'planned',
    'met',
    'met',
  ]);
  expect(countsIn(county, 'BZ-12', 'duty')).toMatchObject({ late: 6, done: 3 });
  expect(rowOf(county, 'BZ-02').parts[0]).toMatchObject({
    figure: { indicator: { numerator: 3, denominator: 9, target: 0.45, met: false } },
    link: { path: '/indicators/standardized-service-rate' },
  });
  expect(rowOf(county, 'BZ-08').planned).toBe('与国家转介平台的数据交换');
  // Three consents, three agreements, three sessions.
  expect(countsIn(county, 'BZ-14', 'record')).toEqual({ records: 9 });
  expect(countsIn(county, 'BZ-18', 'record')).toEqual({ records: 6 });
  expect(rowOf(county, 'BZ-14').parts.at(-1)?.figure.latestOn).toBe('2024-10-20');
  for (const row of county.rows.filter(({ state }) => state === 'met'))
    expect(row.parts.some(shows), row.clause).toBe(true);

  const above = await ask(city, { area: '511902' });
  // 3 done is hidden, 6 late is not; of the papers nine records are more than four.
  expect(countsIn(above, 'BZ-12', 'duty')).toMatchObject({ late: 6, done: null });
  expect(countsIn(above, 'BZ-14', 'record')).toEqual({ records: 9 });
  const town = await ask(city, { area: '511902001' });
  expect(countsIn(town, 'BZ-14', 'record')).toEqual({ records: null });
  const ownTown = await ask(clerk, { area: '511902001' });
  expect(countsIn(ownTown, 'BZ-14', 'record')).toEqual({ records: 9 });
  // How many counties serve is no figure of a town.
  expect(rowOf(ownTown, 'BZ-01')).toMatchObject({ state: 'stated', parts: [{ kind: 'indicator', link: null }] });
  // Finance sees nobody, and is not told that there is nobody.
  expect(countsIn(await ask(anActor('finance')), 'BZ-12', 'duty')).toMatchObject({ late: 6, done: null });

  const own = await ask(anActor('site', { organisation: site.id }));
  expect(own.areaName).toBe('东城站点');
  const beside = await ask(anActor('site', { organisation: other.id }));
  const received = (answer: Answer) =>
    rowOf(answer, 'BZ-12').parts.find(({ rules }) => rules[0]?.id === 'referralReceipt')?.figure.counts.done;
  expect([received(own), received(beside)]).toEqual([3, 0]);
});

test('policy.evidence: other service apart from standardized, as corrected; what is voided is no record', async () => {
  const home = anOrganisation('site', { division: '331124001', name: '西屏站点' });
  const worker = anActor('site', { organisation: home.id, scope: '331124' });
  const client = aClient({ county: '331124' })
    .registered('2024-01-10')
    .accepted(home.id, '2024-01-12')
    .withPapers(home.id, '2024-01-15')
    .session(home.id, '2024-10-08')
    .session(home.id, '2024-10-09', { standardized: false })
    .session(home.id, '2024-10-10', { standardized: false })
    .session(home.id, '2024-10-11', { standardized: false });
  await app.record(home.draft, ...client.drafts);
  const recorded = client.drafts.filter(({ type }) => type === 'session.record');
  const [corrected, voided] = recorded.slice(2).map(({ id }) => id);
  const again = { ...recorded[0]?.body, standardized: true, on: '2024-10-10', persons: [client.person] };
  const answers = [
    await app.call(worker, 'POST', `/sessions/${corrected}/correct`, { id: newId(), ...again }),
    await app.call(worker, 'POST', `/sessions/${voided}/void`, { id: newId(), reason: '重复录入' }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  for (const query of [{}, { area: '331124001' }]) {
    const answer = await ask(clerkOf('331124'), query);
    const partOf = (clause: string) => rowOf(answer, clause).parts.find(({ kind }) => kind === 'record');
    // Agreement, assessment and plan; two standardized sessions, one of them by correction.
    expect(partOf('SY-06')?.figure).toMatchObject({ counts: { records: 5 }, latestOn: '2024-10-10' });
    expect(partOf('SY-07')).toMatchObject({
      state: 'met',
      figure: { counts: { records: 1 }, latestOn: '2024-10-09' },
      link: { path: '/sessions' },
    });
  }
});

test('policy.evidence: areas outside the own, and what is not there, are refused', async () => {
  const codeOf = async (query: object) => (await app.call(clerk, 'GET', '/policy/evidence', query)).code;
  expect(await codeOf({ area: '511903' })).toBe('outOfScope');
  expect(await codeOf({ area: '511902999' })).toBe('areaUnknown');
  expect(await codeOf({ document: 'XX' })).toBe('documentUnknown');
  expect((await app.call(null, 'GET', '/policy/evidence')).code).toBe('signInNeeded');
});
