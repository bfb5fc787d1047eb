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
import type { ReportRow } from '../src/reporting/report.api.ts';
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
  expect(sites.every(({ body }) => !/精神|障碍/.test(String(body.name)))).toBe(true);
  const towns = listCounties(city).flatMap(({ code }) => listTowns(code));
  expect({ counties: demo.counties.length, towns: towns.length, sites: sites.length }).toEqual({
    counties: 5,
    towns: 139,
    sites: 41,
  });
  const between = (count: number, low: number, high: number): void => {
    expect(count).toBeGreaterThanOrEqual(low);
    expect(count).toBeLessThanOrEqual(high);
  };
  between(demo.network.filter(({ type }) => type === 'staff.join').length, 180, 230);
  between(demo.network.filter(({ type }) => type === 'siteCheck.record').length, 20, 35);
  between(ofType('person.list').length, 2950, 3100);
  between(ofType('person.link').length, 10, 60);
  between(ofType('service.suspend').length, 50, 200);
  between(ofType('discharge.record').length, 40, 150);
  between(ofType('session.record').length, 5000, 9000);
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
});
