// Adoption over HTTP: what a place adopts holds there from its day and stays as adopted; a try and a difference change nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replayJournal } from '../kernel/archive-replay.ts';
import { getFactsOn, getPersonAndFile } from '../person/file.server.ts';
import type { RecordedFact } from '../person/person.ts';
import { getNewestScreening } from '../person/screening.server.ts';
import type { ScreeningView } from '../person/screening.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, type ClientOptions } from '../server/client.fixtures.ts';
import { withPack } from './adoption.ts';
import type { Effects } from './effects.ts';
import { holdPacks } from './held-packs.server.ts';
import { packFolder, readDraft } from './library.ts';
import type { Pack } from './pack.ts';
import { findRule, resolveRules } from './resolve.ts';
import { screenPerson } from './screen.ts';

const app = await openTestApp();
const [bazhou, enyang] = ['511902', '511903'];
const clerk = anActor('civilAffairs');
const neighbour = anActor('civilAffairs', { scope: enyang });
const city = anActor('civilAffairs', { scope: '5119' });
const shipped = readFileSync(join(packFolder, 'bazhong.yaml'), 'utf8');
/** The shipped document with another ceiling of risk. */
const ceiling = (level: number): string =>
  shipped.replace('require: { riskAtMost: { level: 1 } }', `require: { riskAtMost: { level: ${level} } }`);

const adopt = (text: string, fromOn: string, areas = [bazhou], actor = clerk) =>
  app.call<{ version: string }>(actor, 'POST', '/policy/adoptions', {
    id: newId(),
    text,
    areas,
    fromOn,
    reason: '县政府办公室文件',
  });
const withdraw = (pack: string, fromOn: string, areas = [bazhou], actor = clerk) =>
  app.call(actor, 'POST', '/policy/withdrawals', { id: newId(), pack, areas, fromOn, reason: '文件废止' });
const tryText = (text: string, actor = clerk, more: object = {}) =>
  app.call<{ problems: { line: number; message: string }[]; effects: Effects | null }>(actor, 'POST', '/policy/try', {
    text,
    ...more,
  });
/** The ceiling of risk that holds in a place, by a library that was read anew. */
const ceilingOf = async (area: string, on: string): Promise<number | undefined> => {
  const library = await holdPacks({ ...app.database }, app.packs).current();
  return findRule(resolveRules(library, area, on), 'criterion', 'riskCeiling')?.rule.require.riskAtMost?.level;
};

const fact = (kind: RecordedFact['kind'], value: RecordedFact['value'], on = '2024-01-02'): RecordedFact => ({
  kind,
  value,
  on,
  source: 'health',
});
const facts = (risk: number) => [
  fact('stability', 'stable'),
  fact('clientWilling', true),
  fact('risk', risk),
  fact('medicalOpinion', { fit: true }),
  // Sealed, as no other fact is.
  fact('guardian', { name: '闻人素琴', relation: '母亲' }),
];
const listed = async (risk: number, options: ClientOptions = {}) => {
  const client = aClient({ ...options, facts: facts(risk) });
  await app.record(...client.drafts);
  return client.person;
};
const counted = async (table: string): Promise<number> =>
  (await app.admin.query(`select count(*)::int as n from ${table}`)).rows[0].n;

describe('policy.try', () => {
  test('tells mistakes by line, names whom a draft concerns, and leaves no row but the line of the audit', async () => {
    const person = await listed(2);
    const served = aClient({ facts: facts(1) }).registered('2024-02-01');
    await app.record(...served.drafts);
    const misspelt = ceiling(0).replace('id: riskCeiling', 'id: riskCeiling\n    colour: red');
    const line = misspelt.split('\n').findIndex((one) => one.includes('colour')) + 1;
    expect((await tryText(misspelt)).body).toMatchObject({
      effects: null,
      problems: [{ line, message: expect.stringContaining('colour') }],
    });

    const before = [await counted('entry'), await counted('screening'), await counted('pack_adoption')];
    const { body } = await tryText(ceiling(0));
    expect(body.effects).toMatchObject({
      rounded: false,
      changes: [
        {
          rule: 'riskCeiling',
          change: 'changed',
          fields: [{ field: '条件 · 总危险度不高于 · 级别', before: '1', after: '0' }],
        },
      ],
      people: {
        screened: 2,
        changed: 1,
        served: 1,
        persons: [
          { person: served.person, stage: 'registered', served: true, before: 'eligible', after: 'ineligible' },
        ],
      },
    });
    expect((await tryText(ceiling(2))).body.effects?.people.persons).toMatchObject([
      { person, served: false, after: 'eligible' },
    ]);
    expect([await counted('entry'), await counted('screening'), await counted('pack_adoption')]).toEqual(before);
  });

  test('a city learns tens and no names, and a place outside is refused', async () => {
    const { body } = await tryText(ceiling(0), city);
    expect(body.effects).toMatchObject({ rounded: true, people: { screened: 0, changed: 0, persons: [] } });
    expect((await tryText(ceiling(0), clerk, { area: enyang })).code).toBe('outOfScope');
    expect((await tryText(ceiling(0), anActor('site', { organisation: newId() }))).status).toBe(403);
  });

  test('the difference is what screening each person by hand under both texts gives', async () => {
    const made = fc.sample(
      fc.record({
        risk: fc.constantFrom(undefined, 0, 1, 2, 3),
        stability: fc.constantFrom(undefined, 'stable', 'unstable'),
        willing: fc.constantFrom(undefined, true, false),
        fit: fc.constantFrom(undefined, true, false),
      }),
      40,
    );
    for (const { risk, stability, willing, fit } of made) {
      const known = [
        ...(risk === undefined ? [] : [fact('risk', risk)]),
        ...(stability === undefined ? [] : [fact('stability', stability)]),
        ...(willing === undefined ? [] : [fact('clientWilling', willing)]),
        ...(fit === undefined ? [] : [fact('medicalOpinion', { fit })]),
      ];
      await app.record(...aClient({ county: enyang, town: '511903001', facts: known }).drafts);
    }
    const text = ceiling(2).replace('classes: [stable, basicallyStable]', 'classes: [stable]');
    const on = '2024-11-14';
    const draft = readDraft(app.packs, { file: 'draft', text }).pack as Pack;
    const after = withPack(app.packs, { pack: draft, areas: [enyang], fromOn: on });
    const byHand = await app.read(async (tx) => {
      const { rows } = await app.admin.query(`select id from person where county = '${enyang}'`);
      const counts: Record<string, number> = {};
      for (const { id } of rows) {
        const { person } = await getPersonAndFile(tx, id);
        const { facts: all } = await getFactsOn(tx, person, on);
        const outcome = (library: typeof app.packs) => screenPerson(resolveRules(library, enyang, on), all, on).outcome;
        const key = `${outcome(app.packs)} ${outcome(after)}`;
        counts[key] = (counts[key] ?? 0) + 1;
      }
      return counts;
    });
    const { effects } = (await tryText(text, neighbour)).body;
    expect(Object.fromEntries(effects?.people.counts.map((c) => [`${c.before} ${c.after}`, c.people]) ?? [])).toEqual(
      byHand,
    );
  });
});

describe('policy.adopt and policy.withdraw', () => {
  test('holds from its day in its area alone; the day before and the neighbour keep what they had', async () => {
    const person = await listed(2);
    const screen = (on: string) => app.call<ScreeningView>(clerk, 'GET', `/persons/${person}/screening`, { on });
    expect((await screen('2024-11-14')).body.outcome).toBe('ineligible');
    const { body } = await adopt(ceiling(2), '2024-11-10');
    expect((await screen('2024-11-14')).body).toMatchObject({
      outcome: 'eligible',
      pack: { id: 'bazhong', version: body.version },
    });
    expect((await screen('2024-11-09')).body.outcome).toBe('ineligible');
    expect((await adopt(ceiling(3), '2024-11-10', [enyang], neighbour)).status).toBe(200);
    expect([await ceilingOf(bazhou, '2024-11-10'), await ceilingOf(enyang, '2024-11-10')]).toEqual([2, 3]);
    expect([await ceilingOf(bazhou, '2024-11-09'), await ceilingOf('511921', '2024-11-10')]).toEqual([1, 1]);
    // A city's decision leaves a county its own, as the nearer one.
    await adopt(ceiling(0), '2024-11-12', ['5119'], city);
    expect([await ceilingOf('511902001', '2024-11-14'), await ceilingOf('511921', '2024-11-14')]).toEqual([2, 0]);
  });

  test('another file of the product changes nothing that was adopted', async () => {
    const other = { ...app.packs, packs: new Map(app.packs.packs) };
    const upgraded = readDraft(app.packs, { file: 'bazhong.yaml', text: ceiling(4) }).pack as Pack;
    other.packs.set('bazhong', upgraded);
    const library = await holdPacks({ ...app.database }, other).current();
    const held = (area: string, on: string) =>
      findRule(resolveRules(library, area, on), 'criterion', 'riskCeiling')?.rule.require.riskAtMost?.level;
    expect([held(bazhou, '2024-11-14'), held(bazhou, '2024-11-01')]).toEqual([2, 4]);
  });

  test('someone in service stays in service: the next screening is refused there and ends nothing', async () => {
    const site = newId();
    const served = aClient({ facts: facts(2) })
      .registered('2024-02-01')
      .referred(site, '2024-02-02')
      .accepted(site, '2024-02-03');
    const inService = served.withPapers(site, '2024-02-03').session(site, '2024-02-10');
    await app.record(...inService.drafts);
    expect((await adopt(ceiling(0), '2024-11-14')).status).toBe(200);
    const stage = () => app.read(async (tx) => (await getPersonAndFile(tx, served.person)).file.stage);
    const { code } = await app.call(clerk, 'POST', `/persons/${served.person}/screenings`, {
      id: newId(),
      on: '2024-11-14',
    });
    await app.call(clerk, 'POST', '/screenings/batch', { id: newId(), town: '511902001', on: '2024-11-14' });
    expect([code, await stage()]).toEqual(['stageNotAllowed', 'inService']);
    expect((await app.read((tx) => getNewestScreening(tx, bazhou, [served.person]))).size).toBe(0);
  });

  test('withdrawn, nothing is asked from that day on, until it is adopted again', async () => {
    expect(
      (await withdraw('bazhong', '2024-11-14', ['511922'], anActor('civilAffairs', { scope: '511922' }))).status,
    ).toBe(200);
    expect([await ceilingOf('511922', '2024-11-14'), await ceilingOf('511922', '2024-11-13')]).toEqual([undefined, 0]);
    const again = { id: newId(), pack: 'bazhong', areas: ['511922'], fromOn: '2024-11-14', reason: '恢复执行' };
    expect((await app.call(city, 'POST', '/policy/adoptions', again)).status).toBe(200);
    expect(await ceilingOf('511922', '2024-11-14')).toBe(1);
  });

  test('a successor stands in the place of what it replaces, also by another id', async () => {
    const next = ceiling(1).replace('id: bazhong\n', 'id: bazhong-next\nreplaces: bazhong\n');
    expect((await adopt(next, '2024-11-15', ['511923'], city)).status).toBe(200);
    const library = await holdPacks({ ...app.database }, app.packs).current();
    const packsOn = (on: string) => [...new Set(resolveRules(library, '511923', on).rules.map(({ pack }) => pack.id))];
    expect([packsOn('2024-11-14'), packsOn('2024-11-15')]).toEqual([
      ['bazhong', 'national'],
      ['bazhong-next', 'national'],
    ]);
  });

  test.each([
    ['an area of others', () => adopt(ceiling(1), '2024-11-14', [enyang]), 'outOfScope'],
    [
      'a town’s office',
      () => adopt(ceiling(1), '2024-11-14', [bazhou], anActor('civilAffairs', { scope: '511902001' })),
      'outOfScope',
    ],
    ['a day before its period', () => adopt(ceiling(1), '2023-01-01'), 'beforePeriod'],
    [
      'an area that the document is not for',
      () => adopt(ceiling(1).replace('area: "5119"', 'area: "511903"'), '2024-11-14'),
      'areaNotCovered',
    ],
    ['mistakes', () => adopt(ceiling(1).replace('kind: criterion', 'kind: advice'), '2024-11-14'), 'packUnsound'],
    ['what holds already', () => adopt(ceiling(0), '2024-11-14'), 'unchanged'],
    [
      'neither a file nor a text',
      () =>
        app.call(clerk, 'POST', '/policy/adoptions', {
          id: newId(),
          areas: [bazhou],
          fromOn: '2024-11-14',
          reason: '甲乙',
        }),
      'choosePack',
    ],
    ['withdrawing what does not hold', () => withdraw('songyang', '2024-11-14'), 'notStanding'],
  ])('refuses %s', async (_, ask, code) => {
    expect((await ask()).code).toBe(code);
  });

  test('a template holds only where it is adopted, and there after the place’s own document', async () => {
    const text = readFileSync(join(packFolder, 'comprehensive.yaml'), 'utf8');
    const district = anActor('civilAffairs', { scope: '460107' });
    const rulesOn = async (on: string) =>
      resolveRules(await holdPacks({ ...app.database }, app.packs).current(), '460107', on);
    expect((await rulesOn('2024-11-14')).rules.some(({ pack }) => pack.id === 'comprehensive')).toBe(false);
    expect((await adopt(text, '2024-11-14', ['460107'], district)).status).toBe(200);
    const rules = await rulesOn('2024-11-14');
    expect(rules.rules.find(({ rule }) => rule.clause.includes('CM-07'))?.pack.id).toBe('comprehensive');
    expect(findRule(rules, 'standard', 'leadingGroupMembers')?.pack.id).toBe('qiongshan');
    expect((await rulesOn('2024-11-13')).rules.some(({ pack }) => pack.id === 'comprehensive')).toBe(false);
  });

  test('a try counts the instances of a changed duty over the whole year, exactly for the county and in tens for the city', async () => {
    const county = '511923';
    const dispatchIn = (days: number) =>
      shipped.replace('{ event: registered, days: 5 }', `{ event: registered, days: ${days} }`);
    const waiting = [county, '511921'].flatMap((code) =>
      Array.from({ length: 10 }, () => aClient({ county: code, facts: facts(1) }).registered('2024-10-08')),
    );
    await app.record(...waiting.flatMap(({ drafts }) => drafts));
    const own = anActor('civilAffairs', { scope: county });
    // What the place decided on the same document in the course of the year gives way to what is tried.
    expect((await adopt(dispatchIn(1), '2024-03-01', [county], own)).status).toBe(200);
    const counts = { late: 0, due: 0, doneLate: 0, done: 0, planned: 0 };
    const change = { rule: 'referralDispatch', title: '转介期限', clause: ['BZ-12', 'NA-02'] };
    const tried = await tryText(dispatchIn(30), own);
    expect(tried.body.effects?.duties).toEqual([
      { ...change, before: { ...counts, late: 10 }, after: { ...counts, due: 10 } },
    ]);
    // The county’s own decision stands before the city’s: there, all stay late.
    expect((await tryText(dispatchIn(30), city)).body.effects?.duties).toMatchObject([
      { rule: 'referralDispatch', before: { late: 20, due: 0 }, after: { late: 10, due: 10 } },
    ]);
    expect((await tryText(ceiling(2), own, { area: county })).body.effects?.duties).toEqual([]);
  });

  test('what is decided later changes no answer as of an earlier day, and ends what is not due yet', async () => {
    const own = anActor('civilAffairs', { scope: '511923' });
    const owedOn = async (on: string) => {
      const asked = { from: '2024-06-01', to: '2024-12-31', duty: 'halfYearReport', on };
      const { body } = await app.call<{ rows: { dueOn: string }[] }>(own, 'GET', '/duties', asked);
      return body.rows.map(({ dueOn }) => dueOn);
    };
    expect(await owedOn('2024-11-14')).toEqual(['2024-06-30', '2024-12-31']);
    expect((await withdraw('bazhong-next', '2024-12-01', ['511923'], own)).status).toBe(200);
    expect(await owedOn('2024-11-14')).toEqual(['2024-06-30']);
    expect(await owedOn('2024-11-13')).toEqual(['2024-06-30', '2024-12-31']);
  });

  test('the journal tells all of it again', async () => {
    expect((await replayJournal(app.database, app.journal, { check: true })).differing).toEqual([]);
  });
});
