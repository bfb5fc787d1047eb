// The slow definition of duties over the journal: texts day by day, each clock and each due day for itself, to check the SQL against.
import { assessmentRecorded } from '../assessment/assessment.ts';
import { agreementSigned } from '../care/agreement.ts';
import { fileClosed } from '../care/discharge.ts';
import { addDays } from '../kernel/calendar.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import { factRecorded, personUpdated, visitRecorded } from '../person/person.ts';
import { dueOn, eventOf } from '../policy/duty.ts';
import { type DutyKnowledge, instancesOf } from '../policy/duty-instance.ts';
import type { Stability } from '../policy/facts.ts';
import { DutyRule } from '../policy/pack.ts';
import { findDuty, type Packs, resolveRules } from '../policy/resolve.ts';
import { applicationReviewed, applicationSubmitted } from '../referral/application.ts';
import {
  referralAccepted,
  referralDeclined,
  referralQueued,
  referralReviewed,
  referralSent,
} from '../referral/referral.ts';
import { type Life, livesOf } from './life.fixtures.ts';
import type { Story } from './story.fixtures.ts';

const rule = (id: string, more: object) =>
  DutyRule.parse({
    ...{ id, kind: 'duty', clause: ['BZ-12'], title: id, summary: id },
    responsible: { role: 'civilAffairs', level: 'county' },
    ...more,
  });
export const rules = [
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
/** Other numbers, another kind, and what was a clock under the id of another. */
export const otherRules = [
  rules.map((one) =>
    one.cadence.workingDaysAfter
      ? { ...one, cadence: { workingDaysAfter: { ...one.cadence.workingDaysAfter, days: 12 } } }
      : one.cadence.overMonthsSince
        ? { ...one, cadence: { overMonthsSince: { ...one.cadence.overMonthsSince, months: 2 } } }
        : one.id === 'transferOut'
          ? rule('transferOut', {
              subject: 'client',
              evidence: 'sessionAttended',
              cadence: { everyMonth: { amount: 1 } },
            })
          : one,
  ),
  rules
    .filter(({ id }) => id !== 'sent')
    .map((one) =>
      one.id === 'sessions' ? { ...one, cadence: { everyMonth: { amount: 3, unit: 'times' as const } } } : one,
    ),
  structuredClone(rules),
];
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

/** The rule whose cadence and evidence a text has, under whatever id. */
const nameOf = (one: DutyRule): string => rules.find(({ evidence }) => evidence === one.evidence)?.id ?? one.id;

const knownFor = (asking: Asking, story: Story, one: DutyRule): Known[] =>
  one.subject === 'client'
    ? story.persons.flatMap(({ id }) =>
        livesOf(asking.entries, id).flatMap((life) => ofLife(asking, id, life, nameOf(one)) ?? []),
      )
    : ofRecords(asking.entries, nameOf(one));

/** Texts by day, and by duty what follows from them for each due day and each start, one by one. */
export const expectedOf = (library: Packs, asking: Asking & { story: Story; from: string; to: string }): string[] => {
  const { story, from, to, on } = asking;
  const days = Array.from({ length: 760 }, (_, index) => addDays('2024-01-01', index));
  const texts = new Map(days.map((day) => [day, resolveRules(library, story.county, day)]));
  const textOn = (id: string, day: string) =>
    findDuty(texts.get(day) ?? resolveRules(library, story.county, day), id)?.rule;
  const known = new Map<DutyRule, Known[]>();
  const knownOf = (one: DutyRule): Known[] => {
    const found = known.get(one) ?? knownFor(asking, story, one);
    known.set(one, found);
    return found;
  };
  const tell = (one: DutyRule, who: Known, due: string): string[] =>
    instancesOf(one, who, { from: due, to: due, at: { on, time: '24:00' } }).map(({ dueOn: day, state, done, asked }) =>
      [one.id, who.subject, day, state, done, asked].join(' '),
    );
  const ofClock = (one: DutyRule, who: Known, startOn: string): string[] => {
    const event = eventOf(one.cadence);
    const runs = (day: string) => eventOf(textOn(one.id, day)?.cadence ?? {}) === event;
    const day = days.find((each) => each >= startOn && runs(each));
    const text = day && textOn(one.id, day);
    if (!text) return [];
    const stability = who.stability?.findLast((each) => each.on <= startOn)?.value;
    const due = dueOn(text.cadence, { startOn, stability }).dueOn;
    const isOwed = day <= due && from <= due && due <= to && textOn(one.id, due) !== undefined;
    return isOwed ? tell(text, { ...who, starts: [startOn] }, due) : [];
  };
  return rules.flatMap((one) => {
    const calendar = days
      .filter((day) => from <= day && day <= to)
      .flatMap((day) => {
        const text = textOn(one.id, day);
        return text && eventOf(text.cadence) === undefined ? knownOf(text).flatMap((who) => tell(text, who, day)) : [];
      });
    if (eventOf(one.cadence) === undefined) return calendar;
    const clocks = knownOf(one).flatMap((who) => [...new Set(who.starts)].flatMap((day) => ofClock(one, who, day)));
    return [...calendar, ...clocks];
  });
};
