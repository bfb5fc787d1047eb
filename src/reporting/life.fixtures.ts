// The slow, obvious fold of a person's episodes from the entries that stand, to check the measures in SQL against.
import { assessmentRecorded } from '../assessment/assessment.ts';
import { agreementSigned, consentSigned, consentWithdrawn, planMade } from '../care/agreement.ts';
import { dischargeRecorded, fileClosed, serviceSuspended } from '../care/discharge.ts';
import { sessionRecorded } from '../care/session.ts';
import { addDays } from '../kernel/calendar.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import { factsOf, personListed, personUpdated } from '../person/person.ts';
import type { LivesAt } from '../policy/facts.ts';
import type { EpisodeHistory, Span } from '../policy/measure.ts';
import type { ListedHistory } from '../policy/measure-network.ts';
import { isSelfCaring, type OutcomeHistory, relapseRisk, type ServiceStay } from '../policy/measure-outcome.ts';
import { applicationReviewed, applicationSubmitted } from '../referral/application.ts';
import { referralAccepted } from '../referral/referral.ts';

export interface Life {
  history: EpisodeHistory & { leftOn?: string };
  /** Where the person is counted, in the order of recording: of town and site, the last one each that has begun holds. */
  places: { fromOn: string; town?: string | null; site?: string | null }[];
  firstSessionOn?: string;
  end?: ServiceStay['end'];
}

/** All episodes of one person from the entries that stand. */
export const livesOf = (entries: readonly Entry[], person: string): Life[] => {
  const lives: Life[] = [];
  const own = entries.filter((entry) => subjectIds(entry, 'person').includes(person));
  let town: string | null = null;
  const current = (): Life | undefined => (lives.at(-1)?.history.leftOn ? undefined : lives.at(-1));
  const plans = own
    .filter(planMade.is)
    .sort((a, b) => (a.body.fromOn + a.on + a.id < b.body.fromOn + b.on + b.id ? -1 : 1));
  const planSpan = (id: string): Span => {
    const at = plans.findIndex((plan) => plan.id === id);
    const [plan, next] = [plans[at], plans[at + 1]];
    const ends = [plan?.body.untilOn, next && addDays(next.body.fromOn, -1)].filter((on) => on !== undefined);
    return { fromOn: plan?.body.fromOn ?? '', toOn: ends.sort()[0] };
  };
  for (const entry of own) {
    const townBefore: string | null = town;
    if (personListed.is(entry) || personUpdated.is(entry) || applicationSubmitted.is(entry))
      town = ('identity' in entry.body ? entry.body.identity.town : entry.body.town) ?? town;
    if (applicationReviewed.is(entry))
      lives.push({
        history: { registeredOn: entry.on, consents: [], agreements: [], plans: [], assessments: [], sessions: [] },
        places: [{ fromOn: entry.on, town, site: null }],
      });
    const life = current();
    if (!life) continue;
    const { history, places } = life;
    const edit = history as { -readonly [K in keyof EpisodeHistory]: EpisodeHistory[K] };
    if (personUpdated.is(entry) && town !== townBefore) {
      places.push({ fromOn: [entry.on, history.registeredOn].sort()[1] ?? '', town });
    }
    if (referralAccepted.is(entry)) places.push({ fromOn: entry.on, site: entry.body.organisation });
    if (dischargeRecorded.is(entry) || fileClosed.is(entry)) edit.leftOn = entry.on;
    if (fileClosed.is(entry)) life.end = ['moved', 'died'].includes(entry.body.reason) ? 'gone' : 'other';
    if (dischargeRecorded.is(entry)) life.end = entry.body.outcome.toLowerCase().endsWith('job') ? 'job' : 'other';
    if (consentSigned.is(entry)) {
      const withdrawals = own.filter((other) => consentWithdrawn.is(other) && other.body.consent === entry.id);
      const ends = [entry.body.untilOn, ...withdrawals.map(({ on }) => addDays(on, -1))].filter(
        (on) => on !== undefined,
      );
      edit.consents = [...history.consents, { fromOn: entry.body.fromOn, toOn: ends.sort()[0] }];
    }
    if (agreementSigned.is(entry))
      edit.agreements = [...history.agreements, { fromOn: entry.body.fromOn, toOn: entry.body.untilOn }];
    if (planMade.is(entry)) edit.plans = [...history.plans, planSpan(entry.id)];
    if (assessmentRecorded.is(entry))
      edit.assessments = [...history.assessments, { on: entry.on, kind: entry.body.kind as 'baseline' | 'process' }];
    if (sessionRecorded.is(entry)) {
      edit.sessions = [...history.sessions, { on: entry.on, standardized: entry.body.standardized, attended: true }];
      if (!life.firstSessionOn || entry.on < life.firstSessionOn) life.firstSessionOn = entry.on;
    }
  }
  return lives;
};

const ownOf = (entries: readonly Entry[], person: string): Entry[] =>
  entries.filter((entry) => subjectIds(entry, 'person').includes(person));

/** Facts in the order of their days; of one day by entry and position, as the rows keep them. */
const factsIn = (own: readonly Entry[]) =>
  own
    .flatMap((entry) =>
      factsOf(entry).map((fact, position) => ({ ...fact, at: [fact.on, entry.id, position] as const })),
    )
    .sort(({ at: a }, { at: b }) =>
      a[0] === b[0] && a[1] === b[1] ? a[2] - b[2] : a[0] + a[1] < b[0] + b[1] ? -1 : 1,
    );

/** What the outcomes ask of a person. */
export const outcomeHistoryOf = (entries: readonly Entry[], person: string): OutcomeHistory => {
  const own = ownOf(entries, person);
  const facts = factsIn(own);
  const paused = own.filter(serviceSuspended.is).filter(({ body }) => ['relapse', 'hospital'].includes(body.reason));
  const toHospital = own.filter(dischargeRecorded.is).filter(({ body }) => body.outcome === 'hospitalised');
  const scales = own
    .filter(assessmentRecorded.is)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap(({ on, body }) =>
      body.results.flatMap(({ answers }) => {
        const caring = isSelfCaring(answers);
        return caring === undefined ? [] : [{ on, caring }];
      }),
    );
  return {
    stays: livesOf(entries, person).flatMap(({ firstSessionOn, history, end }) =>
      firstSessionOn ? [{ enteredOn: firstSessionOn, leftOn: history.leftOn, end }] : [],
    ),
    relapses: [
      ...paused.map(({ on }) => ({ on, what: 'paused' as const })),
      ...toHospital.map(({ on }) => ({ on, what: 'hospital' as const })),
      ...facts
        .filter(
          ({ kind, value }) =>
            (kind === 'livesAt' && value === 'hospital') || (kind === 'risk' && Number(value) >= relapseRisk),
        )
        .map(({ on }) => ({ on, what: 'risk' as const })),
    ],
    selfCare: [
      ...facts.filter(({ kind }) => kind === 'selfCaring').map(({ on, value }) => ({ on, caring: value === true })),
      ...scales,
    ],
  };
};

/** What the rate of home-living persons asks of a person. */
export const listedHistoryOf = (entries: readonly Entry[], person: string): ListedHistory => {
  const own = ownOf(entries, person);
  const closed = own.filter(fileClosed.is).filter(({ body }) => body.reason === 'moved' || body.reason === 'died');
  return {
    listedOn: own.find(personListed.is)?.on ?? '9999-12-31',
    livesAt: factsIn(own)
      .filter(({ kind }) => kind === 'livesAt')
      .map(({ on, value }) => ({ on, value: value as LivesAt })),
    gone: closed.map((entry) => {
      const next = own.slice(own.indexOf(entry)).find(applicationSubmitted.is);
      return { fromOn: entry.on, toOn: next && addDays(next.on, -1) };
    }),
    episodes: livesOf(entries, person).map(({ history }) => history),
  };
};

/** The town that a person's record says on a day; of one day the entry with the greater id. */
export const townOn = (entries: readonly Entry[], person: string, on: string): string | null => {
  const said = ownOf(entries, person).flatMap((entry) =>
    (personListed.is(entry) || personUpdated.is(entry)) && entry.body.identity.town && entry.on <= on
      ? [{ at: entry.on + entry.id, town: entry.body.identity.town }]
      : [],
  );
  return said.sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1)?.town ?? null;
};
