// Institutions, staff and new sites in SQL equal the slow definition on random histories; and every new indicator over HTTP, with a small pack.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../kernel/calendar.ts';
import { type EntryDraft, personSubject } from '../kernel/entry.ts';
import {
  organisationClosed,
  organisationOpened,
  staffJoined,
  staffLeft,
  staffQualified,
} from '../network/organisation.ts';
import { personUpdated } from '../person/person.ts';
import { Qualification } from '../policy/measure.ts';
import { findQualification, isEmployed, isNewSite, type StaffHistory } from '../policy/measure-network.ts';
import { type Pack, PackFile } from '../policy/pack.ts';
import type { ProviderFunction } from '../policy/standard.ts';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { IndicatorAnswer, IndicatorRow } from './indicator.ts';
import { countQualified, listInstitutions, listNewSites } from './measure-network.sql.ts';

const app = await openTestApp();

const functions = fc.subarray(['medical', 'rehabilitation', 'socialWork'] satisfies ProviderFunction[]);
const backgrounds = fc.constantFrom(...Qualification.options);
const house = fc.record({
  kind: fc.constantFrom('site' as const, 'centre' as const, 'hospital' as const),
  opened: fc.nat(500),
  lasts: fc.option(fc.nat(400)),
  functions,
  staff: fc.array(
    fc.record({
      joins: fc.nat(300),
      stays: fc.option(fc.nat(300)),
      first: fc.option(backgrounds),
      later: fc.array(fc.record({ after: fc.nat(200), kind: backgrounds }), { maxLength: 2 }),
    }),
    { maxLength: 3 },
  ),
});

interface Built {
  readonly drafts: EntryDraft[];
  readonly houses: {
    id: string;
    site: boolean;
    functions: readonly ProviderFunction[];
    fromOn: string;
    toOn?: string;
  }[];
  readonly staff: { organisation: string; history: StaffHistory }[];
}

/** Entries and, beside them, what they mean. Backgrounds are recorded after people leave too: late. */
const build = (county: string, houses: (typeof house extends fc.Arbitrary<infer H> ? H : never)[]): Built => {
  const built: Built = { drafts: [], houses: [], staff: [] };
  for (const one of houses) {
    const id = newId();
    const fromOn = addDays('2023-07-01', one.opened);
    const about = { county, subjects: [{ kind: 'organisation' as const, id }] };
    const fields = { division: county, kind: one.kind, tier: 'comprehensive' as const, name: `机构${id.slice(-6)}` };
    built.drafts.push(
      organisationOpened.draft({ id: newId(), on: fromOn, ...about, body: { ...fields, functions: one.functions } }),
    );
    const closedOn = one.lasts === null ? undefined : addDays(fromOn, one.lasts);
    if (closedOn)
      built.drafts.push(organisationClosed.draft({ id: newId(), on: closedOn, ...about, body: { reason: '撤销' } }));
    const until = closedOn && { toOn: addDays(closedOn, -1) };
    built.houses.push({ id, site: one.kind === 'site', functions: one.functions, fromOn, ...until });
    for (const { joins, stays, first, later } of one.staff) {
      const staff = newId();
      const joinedOn = addDays(fromOn, joins);
      const leftOn = stays === null ? undefined : addDays(joinedOn, stays);
      const on = { county, subjects: [{ kind: 'staff' as const, id: staff }] };
      const qualificationKind = first === null ? {} : { qualificationKind: first };
      const body = { organisation: id, name: '李敏', discipline: 'nurse' as const, ...qualificationKind };
      built.drafts.push(staffJoined.draft({ id: newId(), on: joinedOn, ...on, body }));
      if (leftOn) built.drafts.push(staffLeft.draft({ id: newId(), on: leftOn, ...on, body: { reason: '离职' } }));
      const more = later.map(({ after, kind }) => ({ fromOn: addDays(joinedOn, after), kind }));
      for (const { fromOn: day, kind } of more)
        built.drafts.push(staffQualified.draft({ id: newId(), on: day, ...on, body: { kind } }));
      const qualifications = [...(first === null ? [] : [{ fromOn: joinedOn, kind: first }]), ...more];
      built.staff.push({ organisation: id, history: { joinedOn, leftOn, qualifications } });
    }
  }
  return built;
};

let counter = 0;
test('institutions, staff and new sites equal the slow definition, on any day', async () => {
  app.clock.set('2026-06-30');
  await fc.assert(
    fc.asyncProperty(
      fc.array(house, { minLength: 2, maxLength: 5 }),
      fc.subarray(Qualification.options, { minLength: 1 }),
      fc.array(fc.record({ entry: fc.nat(200), shift: fc.integer({ min: -1, max: 1 }) }), {
        minLength: 4,
        maxLength: 4,
      }),
      async (houses, kinds, picks) => {
        counter += 1;
        const county = `8${String(counter).padStart(5, '0')}`;
        const { drafts, ...built } = build(county, houses);
        await app.record(...drafts);
        const area = { area: county, organisation: undefined };
        for (const { entry, shift } of picks) {
          const on = addDays(drafts[entry % drafts.length]?.on ?? '2024-01-01', shift);
          const open = built.houses.filter((one) => one.fromOn <= on && (one.toOn === undefined || on <= one.toOn));
          const staff = built.staff.filter(
            ({ organisation, history }) => isEmployed(history, on) && open.some(({ id }) => id === organisation),
          );
          const known = staff.map(({ history }) => findQualification(history, on));
          const [sites, medical, groups] = await app.read(async (tx) => [
            await listNewSites(tx, area, on),
            await listInstitutions(tx, county, ['medical'], on),
            await countQualified(tx, kinds, area, on),
          ]);
          const sum = (key: 'numerator' | 'denominator' | 'unknown') =>
            groups.reduce((all, group) => all + group[key], 0);
          const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort();
          expect(ids(sites), `new sites on ${on}`).toEqual(ids(open.filter((one) => one.site && isNewSite(one, on))));
          expect(ids(medical), `medical on ${on}`).toEqual(
            ids(open.filter((one) => one.functions.includes('medical'))),
          );
          expect([sum('numerator'), sum('denominator'), sum('unknown')], `staff on ${on}`).toEqual([
            known.filter((kind) => kind !== undefined && kinds.includes(kind)).length,
            staff.length,
            known.filter((kind) => kind === undefined).length,
          ]);
        }
      },
    ),
    { numRuns: process.env.KANGTU_DEEP ? 200 : 15, interruptAfterTimeLimit: 300_000, markInterruptAsFailure: true },
  );
}, 320_000);

/** Every measure, for one county; numbers are made so that each is met or missed by one. */
const addPack = (): void => {
  const rule = (id: string, measure: string, params: object, targets: object = {}) => ({
    ...{ id, kind: 'indicator', clause: ['QS-01'], title: id, summary: id, measure, params, targets },
  });
  const service = { requires: ['consent'], sessionsPerMonth: 1 };
  const file = PackFile.parse({
    ...{ id: 'nanjiang', name: '南江试行', area: '511922', period: { from: '2023-01-01', to: '2024-06-30' } },
    documents: [{ title: '试行', clausePrefix: 'QS' }],
    rules: [
      rule('townCoverage', 'townCoverage', { minimumClients: 1, minimumSessions: 1 }, { 2024: 0.5 }),
      rule('clientsServed', 'clientsServed', { minimumSessions: 1 }, { 2024: 2 }),
      rule('newSites', 'newSites', {}, { 2024: 1 }),
      rule(
        'institutions',
        'institutionCoverage',
        { each: [{ name: '康复机构', functions: ['medical', 'dayCare'] }] },
        { 2024: 1 },
      ),
      rule('qualifiedStaff', 'qualifiedStaffShare', { qualifications: ['socialWork'] }, { 2024: 0.5 }),
      rule('homeLivingRate', 'homeLivingRate', service, { 2024: 0.6 }),
      rule('relapseRate', 'relapseRate', { afterMonths: 1 }, { 2024: 0.5 }),
      rule('selfCareRate', 'selfCareRate', { afterMonths: 1 }),
    ],
  });
  const { area: _, ...rest } = file;
  const pack: Pack = { ...rest, areas: ['511922'], version: 'test', file: 'test.yaml', text: '' };
  (app.packs.packs as Map<string, Pack>).set(pack.id, pack);
};

test('indicator.list and indicator.get: every measure over HTTP, with what is behind, and nothing of persons above the county', async () => {
  addPack();
  app.clock.set('2024-11-14');
  const county = anActor('civilAffairs', { scope: '511922' });
  const city = anActor('civilAffairs', { scope: '5119' });
  const site = anOrganisation('site', { name: '光雾站点', division: '511922001' });
  const facts = [{ kind: 'livesAt' as const, on: '2024-01-02', value: 'home', source: 'manual' as const }];
  const client = (): ReturnType<typeof aClient> => aClient({ county: '511922', facts });
  const served = client()
    .registered('2024-01-10')
    .accepted(site.id, '2024-01-12')
    .withPapers(site.id, '2024-01-15')
    .session(site.id, '2024-10-08');
  const risky = personUpdated.draft({
    ...{ id: newId(), county: '511922', on: '2024-11-01', subjects: [personSubject(served.person)] },
    body: { identity: {}, facts: [{ kind: 'risk', on: '2024-11-01', value: 3, source: 'manual' }] },
  });
  const elsewhere = aClient({ county: '511922' });
  await app.record(site.draft, ...[served, client(), elsewhere].flatMap(({ drafts }) => drafts), risky);
  const call = <T>(actor: typeof county, method: 'GET' | 'POST', path: string, input: object = {}) =>
    app.call<T>(actor, method, path, input);
  const employ = (name: string, more: object) =>
    call<{ staff: string }>(county, 'POST', '/staff', {
      ...{ id: newId(), on: '2024-11-01', organisation: site.id, name, discipline: 'other', ...more },
    });
  await employ('王芳', { qualificationKind: 'socialWork' });
  const late = (await employ('赵强', {})).body.staff;

  const list = await call<{ rows: IndicatorRow[] }>(county, 'GET', '/indicators');
  const rows = Object.fromEntries(
    list.body.rows.filter(({ pack }) => pack.id === 'nanjiang').map((row) => [row.indicator, row]),
  );
  expect(rows).toMatchObject({
    'clients-served': { value: 1, denominator: null, target: 2, met: false, pack: { lapsed: true } },
    // Who is listed at home counts below the line, and of whom nobody knows where he lives is told apart.
    'home-living-rate': { numerator: 1, denominator: 2, unknown: 1, met: false },
    'new-sites': { value: 0, target: 1, met: false },
    'institution-coverage': { numerator: 0, denominator: 1, met: false },
    // Half of two: 不少于 includes the number itself; nobody was asked for the other.
    'qualified-staff-share': { numerator: 1, denominator: 2, unknown: 1, met: true },
    'relapse-rate': { numerator: 1, denominator: 1, met: false },
    'self-care-rate': { value: null, denominator: 0, unknown: 1, met: null },
  });
  const get = async (actor: typeof county, name: string, input: object = {}) =>
    (await call<IndicatorAnswer>(actor, 'GET', `/indicators/${name}`, input)).body;
  const relapse = await get(county, 'relapse-rate', { people: true });
  expect(relapse.people).toMatchObject([{ id: served.person, what: 'risk', whatOn: '2024-11-01' }]);
  expect(relapse).toMatchObject({ short: 1, before: { on: '2023-11-14', value: null } });
  expect((await get(county, 'institution-coverage')).children).toMatchObject([{ lacks: ['康复机构'] }]);
  const home = await get(county, 'home-living-rate', { people: true, missing: 'registration' });
  expect(home.people).toMatchObject([{ missing: ['registration'], counts: false }]);
  expect(home.beside).toMatchObject({ indicator: 'standardized-service-rate', denominator: 1 });
  // A target of the county is none of its towns'.
  expect(await get(county, 'clients-served', { area: '511922001' })).toMatchObject({
    value: 1,
    target: null,
    met: null,
  });

  // BZ-21: a background recorded later holds from its day, and changes no figure before it.
  const qualify = { id: newId(), staff: late, on: '2024-11-10', kind: 'socialWork' };
  expect((await call(county, 'POST', `/staff/${late}/qualify`, qualify)).status).toBe(200);
  expect(await get(county, 'qualified-staff-share', { on: '2024-11-09' })).toMatchObject({ numerator: 1 });
  const after = await get(county, 'qualified-staff-share', { people: true });
  expect(after).toMatchObject({ numerator: 2, unknown: 0, staff: [{ counts: true }, { counts: true }] });
  const other = anActor('site', { organisation: newId(), scope: '511922001' });
  const refused = await call(other, 'POST', `/staff/${late}/qualify`, { ...qualify, id: newId() });
  expect(refused).toMatchObject({ code: 'notOwnOrganisation' });
  const early = { ...qualify, id: newId(), on: '2024-10-30' };
  expect((await call(county, 'POST', `/staff/${late}/qualify`, early)).code).toBe('beforeStart');

  // Above the county: counts made safe, organisations, and neither persons nor staff.
  const above = { area: '511922' };
  for (const name of ['clients-served', 'home-living-rate', 'relapse-rate', 'qualified-staff-share'])
    expect((await call(city, 'GET', `/indicators/${name}`, { ...above, people: true })).status, name).toBe(403);
  expect(await get(city, 'clients-served', above)).toMatchObject({ hidden: true, value: null, numerator: null });
  expect(await get(city, 'home-living-rate', above)).toMatchObject({ hidden: true, denominator: null });
  expect((await get(city, 'relapse-rate', above)).unknown).toBeUndefined();
  expect(await get(city, 'new-sites', { ...above, people: true })).toMatchObject({ organisations: [] });
  // Whom it served is its own number, also after they left; no other site's.
  const own = anActor('site', { organisation: site.id, scope: '511922001' });
  expect(await get(own, 'clients-served')).toMatchObject({ site: site.id, value: 1, target: null });
});
