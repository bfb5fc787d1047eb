// The measures in SQL equal the slow, obvious recomputation from the journal, on random histories and any day.
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { addDays, lastDayOf, lastWholeMonthBefore, monthOf } from '../kernel/calendar.ts';
import { standingEntries } from '../kernel/projection.ts';
import { isRegistered, type ServiceCondition, type ServiceRateParams, serviceConditions } from '../policy/measure.ts';
import { openTestApp } from '../server/app.fixtures.ts';
import { type Life, livesOf } from './life.fixtures.ts';
import { countAreaService, countServiceRate, listServiceRate, type MeasuredArea } from './measure.sql.ts';
import { Story, step } from './story.fixtures.ts';

const app = await openTestApp();
app.clock.set('2025-12-31');
const runs = process.env.KANGTU_DEEP ? 300 : 30;

interface Counted {
  id: string;
  town: string | null;
  site: string | null;
  counts: boolean;
  missing: readonly ServiceCondition[];
}

const placeOn = (life: Life, on: string) => {
  const begun = life.places.filter((place) => place.fromOn <= on);
  return {
    town: begun.findLast(({ town }) => town !== undefined)?.town ?? null,
    site: begun.findLast(({ site }) => site !== undefined)?.site ?? null,
  };
};

const recompute = (lives: ReadonlyMap<string, Life[]>, params: ServiceRateParams, on: string): Counted[] =>
  [...lives].flatMap(([id, episodes]) =>
    episodes
      .filter(({ history }) => isRegistered(history, on))
      .map((life) => ({
        id,
        town: placeOn(life, on).town ?? null,
        site: placeOn(life, on).site ?? null,
        ...serviceConditions(params, life.history, on),
      })),
  );

const serving = (lives: ReadonlyMap<string, Life[]>, on: string) =>
  [...lives.values()].flat().flatMap((life) => {
    if (!isRegistered(life.history, on) || !life.firstSessionOn || life.firstSessionOn > on) return [];
    const month = lastWholeMonthBefore(on);
    return [{ town: placeOn(life, on).town ?? null, life, month }];
  });

const byId = <T extends { id: string }>(rows: readonly T[]): T[] => [...rows].sort((a, b) => (a.id < b.id ? -1 : 1));

const compare = async (
  story: Story,
  lives: ReadonlyMap<string, Life[]>,
  params: ServiceRateParams,
  on: string,
): Promise<void> => {
  const counties = [story.county];
  const areas: MeasuredArea[] = [
    { counties },
    { counties, town: story.towns[0] ?? '' },
    { counties, site: story.sites[1] ?? '' },
  ];
  const all = recompute(lives, params, on);
  for (const area of areas) {
    const expected = all.filter(
      (one) => (!area.town || one.town === area.town) && (!area.site || one.site === area.site),
    );
    const [groups, list] = await app.read(async (tx) => [
      await countServiceRate(tx, params, area, on),
      await listServiceRate(tx, params, area, on, { limit: 100, offset: 0 }),
    ]);
    const listed = list.rows.map(({ id, town, site, counts, missing }) => ({ id, town, site, counts, missing }));
    expect(byId(listed), `who counts on ${on}`).toEqual(byId(expected));
    const sum = (key: 'denominator' | 'numerator') => groups.reduce((total, group) => total + group[key], 0);
    expect([sum('numerator'), sum('denominator')]).toEqual([
      expected.filter((one) => one.counts).length,
      expected.length,
    ]);
  }
};

/** Sessions of a person in a month, of whatever episode: what the area offered, not what one episode got. */
const compareCoverage = async (story: Story, lives: ReadonlyMap<string, Life[]>, on: string): Promise<void> => {
  const month = lastWholeMonthBefore(on);
  const rows = await app.read((tx) => countAreaService(tx, 'town', [story.county], on));
  for (const town of story.towns) {
    const here = serving(lives, on).filter((one) => one.town === town);
    const row = rows.find(({ area }) => area === town);
    expect(row?.clients ?? 0, `in service at ${town} on ${on}`).toBe(here.length);
    const persons = new Set(here.map(({ life }) => [...lives].find(([, all]) => all.includes(life))?.[0] ?? ''));
    const sessions = [...persons]
      .flatMap((id) => (lives.get(id) ?? []).flatMap(({ history }) => history.sessions))
      .filter((session) => session.standardized && monthOf(session.on) === month).length;
    expect(row?.sessions ?? 0, `sessions in ${month}`).toBe(sessions);
  }
};

let counter = 0;
test('rate and coverage equal a recomputation from the journal, on any day', async () => {
  const params = fc.record(
    {
      requires: fc.subarray(['consent', 'agreement', 'baseline', 'plan'] as const, { minLength: 1 }),
      sessionsPerMonth: fc.integer({ min: 1, max: 3 }),
      reassessEveryMonths: fc.integer({ min: 1, max: 6 }),
    },
    { requiredKeys: ['requires', 'sessionsPerMonth'] },
  );
  // Days on which something happened, the day before or after, and the months' ends: where a wrong comparison shows.
  const days = fc.array(fc.record({ entry: fc.nat(500), shift: fc.integer({ min: -1, max: 1 }), end: fc.boolean() }), {
    minLength: 6,
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 30, maxLength: 90, size: 'max' }),
      params,
      days,
      async (steps, p, picks) => {
        counter += 1;
        const story = new Story(`9${String(counter).padStart(5, '0')}`);
        for (const one of steps) story.take(one);
        for (const drafts of story.batches()) await app.record(...drafts);
        const entries = await app.read((tx) => standingEntries(tx, story.county, sql`true`));
        const lives = new Map(story.persons.map(({ id }) => [id, livesOf(entries, id)]));
        const given = { ...p, requires: [...p.requires] } as ServiceRateParams;
        for (const { entry, shift, end } of picks) {
          const day = addDays(entries[entry % entries.length]?.on ?? '2024-01-05', shift);
          const on = end ? lastDayOf(monthOf(day)) : day;
          await compare(story, lives, given, on);
          await compareCoverage(story, lives, on);
        }
      },
    ),
    // A failure is made smaller for ten minutes at most.
    { numRuns: runs, interruptAfterTimeLimit: 600_000, markInterruptAsFailure: true },
  );
}, 700_000);
