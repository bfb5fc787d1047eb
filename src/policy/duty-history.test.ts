// Duties whose text changes while clocks run, against a walk from day to day: nothing doubled or lost, nothing past changed.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, type Day } from '../kernel/calendar.ts';
import { Cadence, type DutyEvent, dueOn, eventOf, listDues } from './duty.ts';
import { listOwed } from './duty-history.ts';
import { type DutyInstance, type DutyKnowledge, endOfDay, instancesOf } from './duty-instance.ts';
import { DutyRule } from './pack.ts';

const runs = process.env.KANGTU_DEEP ? 1000 : 100;
const rules = [
  { workingDaysAfter: { event: 'applied', days: 5 } },
  { workingDaysAfter: { event: 'applied', days: 15 } },
  { overMonthsSince: { event: 'applied', months: 2 } },
  { monthsAfter: { event: 'queued', months: 1 } },
  { monthsAfter: { event: 'queued', months: 3 } },
  {
    afterByStability: {
      ...{ event: 'queued', stable: { months: 3 }, basicallyStable: { months: 1 } },
      unstable: { days: 14 },
    },
  },
  { everyMonth: { amount: 2 } },
  { everyMonth: { amount: 3 } },
  { daysOfMonth: { days: [15, 30], before: '12:00' } },
  { everyYear: { amount: 20, unit: 'hours' } },
].map((cadence) =>
  DutyRule.parse({
    ...{ id: 'any', kind: 'duty', clause: ['BZ-12'], title: '某项职责', summary: '某项职责', subject: 'client' },
    ...{ responsible: { role: 'civilAffairs', level: 'county' }, evidence: 'applicationDecided', cadence },
  }),
);

/** Null: withdrawn from that day on. */
interface Turn {
  readonly on: Day;
  readonly rule: DutyRule | null;
}
interface History extends Omit<DutyKnowledge, 'starts'> {
  readonly starts: Partial<Record<DutyEvent, readonly Day[]>>;
}
interface Asked {
  readonly from: Day;
  readonly to: Day;
  readonly at: { readonly on: Day; readonly time: string };
}

const ruleOn = (turns: readonly Turn[], day: Day): DutyRule | null =>
  turns.findLast(({ on }) => on <= day)?.rule ?? null;
const tell = ({ dueOn: due, state, done, asked }: DutyInstance) => `${due} ${state} ${done}/${asked}`;

/** By the engine: what each text is owed. */
const engine = (turns: readonly Turn[], known: History, { from, to, at }: Asked): string[] => {
  const spans = turns.flatMap(({ on, rule }, index) => {
    const next = turns[index + 1]?.on;
    return rule === null ? [] : [{ rule, fromOn: on, toOn: next === undefined ? '2030-01-01' : addDays(next, -1) }];
  });
  return listOwed(spans)
    .flatMap(({ span, starts, fromOn, toOn }) => {
      const event = eventOf(span.rule.cadence);
      const own = ((event && known.starts[event]) ?? []).filter(
        (day) => starts && starts.fromOn <= day && day <= starts.toOn,
      );
      const days = { from: from > fromOn ? from : fromOn, to: to < toOn ? to : toOn };
      return instancesOf(span.rule, { ...known, starts: own }, { ...days, at });
    })
    .map(tell)
    .sort();
};

const lastDay = '2025-12-31';

/** One clock, from the day of its start on: the first day with a text that lets it run says how long. */
const followClock = (turns: readonly Turn[], event: DutyEvent, startOn: Day, known: History) => {
  for (let day = startOn; day <= lastDay; day = addDays(day, 1)) {
    const rule = ruleOn(turns, day);
    if (rule === null || eventOf(rule.cadence) !== event) continue;
    const stability = known.stability?.findLast(({ on }) => on <= startOn)?.value;
    const due = dueOn(rule.cadence, { startOn, stability }).dueOn;
    return due >= day && ruleOn(turns, due) !== null ? { rule, due } : undefined;
  }
  return undefined;
};

const walk = (turns: readonly Turn[], known: History, { from, to, at }: Asked): string[] => {
  const found: DutyInstance[] = [];
  for (const [event, starts] of Object.entries(known.starts) as [DutyEvent, Day[]][])
    for (const startOn of new Set(starts)) {
      const clock = followClock(turns, event, startOn, known);
      if (!clock || clock.due < from || clock.due > to) continue;
      const only = { from: clock.due, to: clock.due, at };
      found.push(...instancesOf(clock.rule, { ...known, starts: [startOn] }, only));
    }
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const rule = ruleOn(turns, day);
    if (rule && listDues(rule.cadence, day, day).length > 0)
      found.push(...instancesOf(rule, { ...known, starts: [] }, { from: day, to: day, at }));
  }
  return found.map(tell).sort();
};

// Close together, so that many clocks run over a change, and over a year's end and a leap day.
const someDay = fc.integer({ min: 0, max: 150 }).map((days) => addDays('2023-11-01', days));
const days = (maxLength: number) => fc.array(someDay, { maxLength, size: 'max' });
const someTurns = fc
  .uniqueArray(fc.record({ on: someDay, rule: fc.option(fc.constantFrom(...rules), { freq: 4 }) }), {
    ...{ minLength: 1, maxLength: 6, size: 'max', selector: ({ on }: Turn) => on },
  })
  .map((turns) => turns.sort((a, b) => (a.on < b.on ? -1 : 1)));
const someHistory = fc.record({ applied: days(8), queued: days(8), records: days(8), endOn: fc.option(someDay) }).map(
  ({ applied, queued, records, endOn }): History => ({
    sinceOn: null,
    starts: { applied, queued },
    records: records.map((on) => ({ id: null, on, amount: 1 })),
    stability: applied.toSorted().map((on, index) => ({ on, value: index % 2 ? 'stable' : 'basicallyStable' })),
    ...(endOn === null ? {} : { endOn }),
  }),
);
const someSpan = fc.record({ from: someDay, length: fc.nat(300), on: someDay }).map(
  ({ from, length, on }): Asked => ({
    ...{ from, to: addDays(from, length) },
    at: { on, time: endOfDay },
  }),
);

test('over any change of texts, each clock and each due day is owed once, as a walk from day to day finds it', () => {
  fc.assert(
    fc.property(someTurns, someHistory, someSpan, (turns, known, asked) => {
      expect(engine(turns, known, asked)).toEqual(walk(turns, known, asked));
    }),
    { numRuns: runs },
  );
});

test('a later text changes nothing that fell due before its day; a clock it finds running keeps its due day unless none follows', () => {
  fc.assert(
    fc.property(someTurns, someHistory, someSpan, fc.option(fc.constantFrom(...rules)), (turns, known, asked, rule) => {
      const { on } = asked.at;
      const earlier = turns.filter((turn) => turn.on < on);
      const later = [...earlier, { on, rule }];
      const past = { ...asked, to: addDays(on, -1), from: addDays(on, -300) };
      expect(engine(later, known, past)).toEqual(engine(earlier, known, past));
      // As of any other day, too.
      const then = { ...past, at: { on: addDays(on, -40), time: endOfDay } };
      expect(engine(later, known, then)).toEqual(engine(earlier, known, then));
      // What the calendar sets begins and ends with its text: only clocks go on.
      if ([...earlier, { rule }].some((turn) => turn.rule === null || eventOf(turn.rule.cadence) === undefined)) return;
      const before = { ...known, starts: startedUnder(earlier, known, on) };
      const ahead = { from: on, to: addDays(on, 300), at: asked.at };
      expect(engine(later, before, ahead)).toEqual(engine(earlier, before, ahead));
      expect(engine([...earlier, { on, rule: null }], before, ahead)).toEqual([]);
    }),
    { numRuns: runs },
  );
});

/** The starts that a text let run before the day. */
const startedUnder = (turns: readonly Turn[], known: History, on: Day): History['starts'] =>
  Object.fromEntries(
    Object.entries(known.starts).map(([event, starts]) => [
      event,
      starts.filter((day) => {
        const rule = ruleOn(turns, day);
        return day < on && rule !== null && eventOf(rule.cadence) === event;
      }),
    ]),
  );

test('a text of the same content on both sides of any day changes nothing at all', () => {
  fc.assert(
    fc.property(someTurns, someHistory, someSpan, days(5), (turns, known, asked, cuts) => {
      const copies = cuts
        .filter((on) => turns.every((turn) => turn.on !== on))
        .map((on) => ({ on, rule: structuredClone(ruleOn(turns, on)) }));
      const cut = [...new Map([...turns, ...copies].map((turn) => [turn.on, turn])).values()].sort((a, b) =>
        a.on < b.on ? -1 : 1,
      );
      expect(engine(cut, known, asked)).toEqual(engine(turns, known, asked));
    }),
    { numRuns: runs },
  );
});

test.each([
  // Received on Friday 1 March 2024 under five working days; from the 6th on the text says ten, or asks for another thing, or is gone.
  ['a longer time limit', { workingDaysAfter: { event: 'applied', days: 10 } }, ['2024-03-08 late 0/1']],
  ['another kind', { everyMonth: { amount: 2 } }, ['2024-03-08 late 0/1', '2024-03-31 late 0/2']],
  ['a withdrawal', null, []],
])('a clock that runs when %s comes', (_, cadence, expected) => {
  const [five] = rules;
  if (five === undefined) throw new Error('no rule');
  const turns: Turn[] = [
    { on: '2024-01-01', rule: five },
    { on: '2024-03-06', rule: cadence && { ...five, cadence: Cadence.parse(cadence) } },
  ];
  const known = { sinceOn: null, starts: { applied: ['2024-03-01'] }, records: [] };
  const asked = { from: '2024-03-01', to: '2024-03-31', at: { on: '2024-06-01', time: endOfDay } };
  expect(engine(turns, known, asked)).toEqual(expected);
});
