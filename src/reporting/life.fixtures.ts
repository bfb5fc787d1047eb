// The slow, obvious fold of a person's episodes from the entries that stand, to check the measures in SQL against.
import { assessmentRecorded } from '../assessment/assessment.ts';
import { agreementSigned, consentSigned, consentWithdrawn, planMade } from '../care/agreement.ts';
import { dischargeRecorded, fileClosed } from '../care/discharge.ts';
import { sessionRecorded } from '../care/session.ts';
import { addDays } from '../kernel/calendar.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import { personListed, personUpdated } from '../person/person.ts';
import type { EpisodeHistory, Span } from '../policy/measure.ts';
import { applicationReviewed, applicationSubmitted } from '../referral/application.ts';
import { referralAccepted } from '../referral/referral.ts';

export interface Life {
  history: EpisodeHistory & { leftOn?: string };
  /** Where the person is counted, in the order of recording: of town and site, the last one each that has begun holds. */
  places: { fromOn: string; town?: string | null; site?: string | null }[];
  firstSessionOn?: string;
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
