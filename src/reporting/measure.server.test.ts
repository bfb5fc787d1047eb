// The measures in SQL equal the slow, obvious recomputation from the journal, on random histories and any day.
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { addDays, lastDayOf, lastWholeMonthBefore, monthOf } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import type { Entry } from '../kernel/entry.ts';
import { standingEntries } from '../kernel/projection.ts';
import { isRegistered, type ServiceCondition, type ServiceRateParams, serviceConditions } from '../policy/measure.ts';
import { findAtHome, isServed } from '../policy/measure-network.ts';
import { caredAtEntry, findCohortStay, type OutcomeMeasure, outcomes } from '../policy/measure-outcome.ts';
import { openTestApp } from '../server/app.fixtures.ts';
import { type Life, listedHistoryOf, livesOf, outcomeHistoryOf, townOn } from './life.fixtures.ts';
import { countServiceRate, listServiceRate } from './measure.sql.ts';
import type { MeasuredArea } from './measure-area.sql.ts';
import { countAreaService } from './measure-coverage.sql.ts';
import { countAtHome, listAtHome } from './measure-home.sql.ts';
import { countOutcome, listOutcome } from './measure-outcome.sql.ts';
import { countServed, listServed } from './measure-served.sql.ts';
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

/** Of a person in a measure: where counted, and how; absent: in neither numerator nor denominator. */
interface One {
  readonly town: string | null;
  readonly site: string | null;
  readonly counts: boolean;
  readonly unknown?: boolean;
  readonly atEntry?: boolean;
}
interface Asked {
  readonly entries: readonly Entry[];
  readonly lives: ReadonlyMap<string, Life[]>;
  readonly on: string;
  readonly params: ServiceRateParams;
  /** A number of months or sessions. */
  readonly least: number;
}

const outcomeOf = (measure: OutcomeMeasure) => ({
  count: (tx: Tx, area: MeasuredArea, { on, least }: Asked) =>
    countOutcome(tx, area, { measure, afterMonths: least, on }),
  list: (tx: Tx, area: MeasuredArea, { on, least }: Asked) =>
    listOutcome(tx, area, { measure, afterMonths: least, on }, { limit: 100, offset: 0 }),
  one: (id: string, { entries, lives, on, least }: Asked): One | undefined => {
    const history = outcomeHistoryOf(entries, id);
    const stay = findCohortStay(least, history, on);
    const life = lives.get(id)?.findLast((one) => stay && one.firstSessionOn === stay.enteredOn);
    const atEntry = stay !== undefined && measure === 'selfCareRate' && caredAtEntry(stay, history);
    return stay && life && { ...placeOn(life, on), ...outcomes[measure](stay, history, on), atEntry };
  },
});

/** Every measure of persons but the rate: SQL, and the slow definition. */
const personMeasures = {
  relapseRate: outcomeOf('relapseRate'),
  selfCareRate: outcomeOf('selfCareRate'),
  employmentRate: outcomeOf('employmentRate'),
  clientsServed: {
    count: (tx: Tx, area: MeasuredArea, { on, least }: Asked) => countServed(tx, least, area, on),
    list: (tx: Tx, area: MeasuredArea, { on, least }: Asked) =>
      listServed(tx, least, area, on, { limit: 100, offset: 0 }),
    one: (id: string, { lives, on, least }: Asked): One | undefined => {
      const all = lives.get(id) ?? [];
      const life = all.findLast(({ history }) => history.registeredOn <= on);
      const sessions = all.flatMap(({ history }) => history.sessions);
      return life && isServed(least, sessions, on) ? { ...placeOn(life, on), counts: true } : undefined;
    },
  },
  homeLivingRate: {
    count: (tx: Tx, area: MeasuredArea, { on, params }: Asked) => countAtHome(tx, params, area, on),
    list: (tx: Tx, area: MeasuredArea, { on, params }: Asked) =>
      listAtHome(tx, params, area, on, { limit: 100, offset: 0 }),
    one: (id: string, { entries, lives, on, params }: Asked): One | undefined => {
      const answer = findAtHome(params, listedHistoryOf(entries, id), on);
      if (!answer || answer.atHome === false) return undefined;
      const life = lives.get(id)?.find(({ history }) => isRegistered(history, on));
      const place = life ? placeOn(life, on) : { town: townOn(entries, id, on), site: null };
      return { ...place, counts: answer.counts, unknown: answer.atHome === undefined };
    },
  },
};

/** As of the day: the slow definition knows nothing of what happened later, and SQL knows all of it. */
const comparePersons = async (
  story: Story,
  all: readonly Entry[],
  given: Omit<Asked, 'entries' | 'lives'> & { turn: number },
): Promise<void> => {
  const entries = all.filter((entry) => entry.on <= given.on);
  const ids = story.persons.map(({ id }) => id);
  const asked: Asked = { ...given, entries, lives: new Map(ids.map((id) => [id, livesOf(entries, id)])) };
  const counties = [story.county];
  const areas = [{ counties }, { counties, town: story.towns[0] ?? '' }, { counties, site: story.sites[1] ?? '' }];
  // One area for each measure and day: each gets its turn.
  for (const [i, [name, measure]] of Object.entries(personMeasures).entries()) {
    const area: MeasuredArea = areas[(i + given.turn) % 3] ?? { counties };
    const ones = ids.flatMap((id) => {
      const one = measure.one(id, asked);
      const here = one && (!area.town || one.town === area.town) && (!area.site || one.site === area.site);
      return here ? [{ id, ...one }] : [];
    });
    const known = ones.filter(({ unknown }) => !unknown);
    const [groups, list] = await app.read(async (tx) => [
      await measure.count(tx, area, asked),
      await measure.list(tx, area, asked),
    ]);
    const sum = (key: 'denominator' | 'numerator' | 'unknown' | 'atEntry') =>
      groups.reduce((total, group) => total + (group[key] ?? 0), 0);
    const why = `${name} on ${given.on}, ${JSON.stringify(area)}`;
    expect(
      { n: sum('numerator'), d: sum('denominator'), unknown: sum('unknown'), atEntry: sum('atEntry') },
      why,
    ).toEqual({
      n: known.filter(({ counts }) => counts).length,
      d: known.length,
      unknown: ones.length - known.length,
      atEntry: ones.filter(({ atEntry }) => atEntry).length,
    });
    const listed = list.rows.filter(({ id }) => known.some((one) => one.id === id));
    expect(byId(listed.map(({ id, town, site, counts }) => ({ id, town, site, counts }))), why).toEqual(
      byId(known.map(({ id, town, site, counts }) => ({ id, town, site, counts }))),
    );
  }
};

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
          await comparePersons(story, entries, { on, params: given, least: 1 + (entry % 3), turn: entry });
        }
      },
    ),
    // A failure is made smaller for ten minutes at most.
    { numRuns: runs, interruptAfterTimeLimit: 600_000, markInterruptAsFailure: true },
  );
}, 700_000);
