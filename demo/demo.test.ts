// The demo repeats, is legal entry by entry, loads through the journal, and has the stories that the tour tells.
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { verifyJournal } from '../src/kernel/archive-verify.ts';
import { canonicalJson } from '../src/kernel/canonical.ts';
import type { EntryDraft } from '../src/kernel/entry.ts';
import { readSheet } from '../src/kernel/sheet.ts';
import { listCounties, listTowns } from '../src/network/division.ts';
import {
  checkMove,
  currentFile,
  emptyFile,
  foldFile,
  type MoveType,
  moves,
  type PersonFile,
} from '../src/person/file.ts';
import { getPackLibrary } from '../src/policy/library.ts';
import type { ReportRow, ReportSummary } from '../src/reporting/report.api.ts';
import type { WorkRow } from '../src/reporting/worklist.ts';
import { anActor, openTestApp } from '../src/server/app.fixtures.ts';
import { generateDemo } from './generate.ts';
import { city } from './houses.ts';
import { loadDemo } from './load.ts';

const packs = getPackLibrary();
const demo = generateDemo({ packs });
const all = demo.counties.flatMap(({ drafts }) => drafts);
const hashOf = (drafts: readonly EntryDraft[]): string =>
  createHash('sha256')
    .update(drafts.map((draft) => canonicalJson(draft)).join('\n'))
    .digest('hex');
const ofType = (type: string): EntryDraft[] => all.filter((draft) => draft.type === type);

interface Paper {
  readonly fromOn: string;
  readonly untilOn?: string;
}
interface Known {
  state: PersonFile;
  readonly consents: Paper[];
  readonly agreements: Paper[];
  withdrawnOn: string | null;
}
const stands = (papers: readonly Paper[], on: string): boolean =>
  papers.some(({ fromOn, untilOn }) => fromOn <= on && (untilOn === undefined || on <= untilOn));

/** As the server would: the move, then the fold. A session asks for its place and for papers of its day as well. */
const follow = (known: Known, draft: EntryDraft, person: string): void => {
  const { on, type } = draft;
  const file = currentFile(known.state);
  if (type in moves && type !== 'person.list') {
    if (!file) throw new Error(`${type} before the person was listed`);
    checkMove(type as MoveType, file.stage);
  }
  if (type === 'session.record') {
    expect(file?.site).toBe(draft.body.organisation);
    expect(on >= (file?.acceptedOn ?? '9999')).toBe(true);
    expect(stands(known.consents, on) && (known.withdrawnOn === null || on < known.withdrawnOn)).toBe(true);
    expect(stands(known.agreements, on)).toBe(true);
  }
  if (type === 'consent.sign') known.consents.push(draft.body as unknown as Paper);
  if (type === 'agreement.sign') known.agreements.push(draft.body as unknown as Paper);
  if (type === 'consent.withdraw') known.withdrawnOn = on;
  const { at = '', actor = '', role = '', organisation = null } = draft.recorded ?? {};
  known.state = foldFile(known.state, { ...draft, at, actor, role, organisation, findings: [] }, person);
};

test('the same seed gives the same entries, another seed others', () => {
  const small = () => generateDemo({ packs, size: 150 }).counties.flatMap(({ drafts }) => drafts);
  expect(hashOf(small())).toBe(hashOf(small()));
  expect(hashOf(generateDemo({ packs, size: 150, seed: 7 }).counties.flatMap(({ drafts }) => drafts))).not.toBe(
    hashOf(small()),
  );
});

test('every entry is allowed where the ones recorded before it have led, and no id comes twice', () => {
  const people = new Map<string, Known>();
  for (const draft of all)
    for (const { id } of draft.subjects.filter(({ kind }) => kind === 'person')) {
      const known = people.get(id) ?? { state: emptyFile, consents: [], agreements: [], withdrawnOn: null };
      people.set(id, known);
      follow(known, draft, id);
    }
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { on, recorded } of all)
    expect((recorded?.at ?? '') < '2024-11-14T01:00' && on <= '2024-11-13').toBe(true);
});

test('the demo has the size and the stories that it is shown for', () => {
  const opened = demo.network.filter(({ type }) => type === 'organisation.open');
  const sites = opened.filter(({ body }) => body.kind === 'site');
  expect(sites.flatMap(({ body }) => (/精神|障碍/.test(String(body.name)) ? [body.name] : []))).toEqual([
    '红旗镇精神康复站',
  ]);
  const towns = listCounties(city).flatMap(({ code }) => listTowns(code));
  const inBazhong = sites.filter(({ county }) => county.startsWith(city));
  expect({ counties: demo.counties.length, towns: towns.length, sites: inBazhong.length }).toEqual({
    counties: 14,
    towns: 139,
    sites: 41,
  });
  const between = (count: number, low: number, high: number): void => {
    expect(count).toBeGreaterThanOrEqual(low);
    expect(count).toBeLessThanOrEqual(high);
  };
  between(demo.network.filter(({ type, county }) => type === 'staff.join' && county.startsWith(city)).length, 180, 230);
  between(
    demo.network.filter(({ type, county }) => type === 'siteCheck.record' && county.startsWith(city)).length,
    20,
    35,
  );
  // CM-03: four care teams of five in Bazhou, one without its policeman.
  const teams = ofType('body.open').filter(({ body }) => body.kind === 'careTeam');
  const inTeams = ofType('member.join').filter(({ subjects: [body] }) => teams.some(({ id }) => id === body?.id));
  expect([teams.length, inTeams.length]).toEqual([4, 19]);
  between(ofType('person.list').length, 3250, 3500);
  between(ofType('person.link').length, 10, 60);
  between(ofType('service.suspend').length, 50, 200);
  between(ofType('discharge.record').length, 40, 150);
  between(ofType('session.record').length, 5000, 9000);
});

/** Months of 2024 in which a client was in service throughout, with the standardized services attended in each. */
const monthsOf = (county: string, months: readonly string[]): number[] => {
  const own = demo.counties.find((one) => one.county === county)?.drafts ?? [];
  const began = new Map<string, string>();
  const attended = new Map<string, number>();
  for (const { type, on, subjects, body } of own)
    for (const { id } of subjects) {
      if (type === 'agreement.sign' && !began.has(id)) began.set(id, on);
      if (type !== 'session.record' || body.standardized !== true) continue;
      const key = `${id} ${on.slice(0, 7)}`;
      attended.set(key, (attended.get(key) ?? 0) + 1);
    }
  return [...began].flatMap(([id, on]) =>
    months.flatMap((month) => (on < month ? [attended.get(`${id} ${month}`) ?? 0] : [])),
  );
};

test('the other places screen by their own rules: each has eligible and ineligible by its own clauses, and serves as its document asks', () => {
  const clausesIn = (area: string) =>
    new Set(
      ofType('screening.record')
        .filter(({ county }) => county.startsWith(area))
        .flatMap(({ findings = [] }) => findings.flatMap(({ clause }) => clause.map((id) => id.slice(0, 2)))),
    );
  for (const [area, prefix] of [
    ['5119', 'BZ'],
    ['460107', 'QS'],
    ['6543', 'AL'],
    ['331124', 'SY'],
  ] as const) {
    expect(clausesIn(area)).toContain(prefix);
    const outcomes = ofType('screening.record').flatMap(({ county, body }) =>
      county.startsWith(area) ? [body.outcome] : [],
    );
    for (const outcome of ['eligible', 'ineligible', 'unknown']) expect(outcomes).toContain(outcome);
  }
  const serving = new Set(ofType('session.record').map(({ county }) => county));
  expect([...serving].filter((county) => county.startsWith('6543')).sort()).toEqual([
    '654301',
    '654321',
    '654322',
    '654323',
    '654324',
    '654326',
  ]);
  // QS-09: six a month for most, and some short of it.
  const counts = monthsOf('460107', ['2024-07', '2024-08', '2024-09', '2024-10']);
  const enough = counts.filter((count) => count >= 6).length / counts.length;
  expect(counts.length).toBeGreaterThan(80);
  expect(enough).toBeGreaterThan(0.5);
  expect(enough).toBeLessThan(0.9);
});

test('the checked-in lists name the people of this demo', async () => {
  const numbers = new Set(demo.counties.flatMap(({ humans }) => humans.map(({ idNumber }) => idNumber)));
  for (const name of ['federation.xlsx', 'health.xlsx', 'civil.csv']) {
    const found: boolean[] = [];
    for await (const { cells } of readSheet(fileURLToPath(new URL(`lists/${name}`, import.meta.url))))
      found.push(...cells.flatMap((cell) => (/^\d{17}[\dX]$/.test(String(cell)) ? [numbers.has(String(cell))] : [])));
    expect(found.length).toBeGreaterThan(250);
    expect(found.filter(Boolean).length / found.length).toBeGreaterThan(0.85);
  }
});

test('a small demo loads: chains and tallies hold, one report is late and one is missing', async () => {
  const app = await openTestApp();
  const lines: string[] = [];
  await loadDemo({
    database: app.database,
    clock: app.clock,
    password: 'Only for tests 123',
    journal: app.journal,
    packs,
    onProgress: (line) => lines.push(line),
    size: 200,
  });
  const { entries, problems } = await verifyJournal(app.database, app.journal);
  expect(problems).toEqual([]);
  expect(entries).toBeGreaterThan(1500);
  expect(lines.at(-1)).toContain('100%');
  const { body } = await app.call<{ rows: ReportRow[] }>(
    anActor('civilAffairs', { scope: city }),
    'GET',
    '/reports',
    {},
  );
  const status = (county: string, period: string) =>
    body.rows.find((row) => row.county === county && row.period === period)?.status;
  expect(status('511902', '2024-H1')).toBe('filed');
  expect(status('511922', '2024-H1')).toBe('filedLate');
  expect(status('511921', '2024-H1')).toBe('overdue');
  // Both batches that wait are on the desk of whoever is to receive them; November's is due by the plan that Bazhou has adopted.
  const dueOf = async (role: 'health' | 'civilAffairs') => {
    const work = await app.call<{ rows: WorkRow[] }>(anActor(role), 'GET', '/worklist/exchange', {});
    return work.body.rows.map(({ clock }) => clock?.dueOn ?? null);
  };
  expect([await dueOf('health'), await dueOf('civilAffairs')]).toEqual([[null], ['2024-11-30']]);
  const district = anActor('civilAffairs', { scope: '460107' });
  const asked = { county: '460107', period: '2024-10-30' };
  const { rows } = (await app.call<ReportSummary>(district, 'GET', '/report-summary', asked)).body;
  expect(Object.entries(Object.groupBy(rows, (row) => row.status)).map(([state, own]) => [state, own?.length])).toEqual(
    [
      ['filed', 10],
      ['overdue', 1],
      ['filedLate', 1],
    ],
  );
  // Taken from the county's figures at once, a town's table is what the town itself would have taken, and nothing was entered late there.
  const town = anActor('civilAffairs', { scope: '460107002' });
  const own = rows.find(({ area }) => area === '460107002')?.report;
  const opened = await app.call<{ intact: boolean; drift: unknown[] }>(town, 'GET', `/reports/${own}`);
  expect(opened.body).toMatchObject({ intact: true, drift: [] });
});
