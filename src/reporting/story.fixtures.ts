// Random but allowed histories of a few persons: late entries, voids, corrections, moves, discharges, new episodes.
import fc from 'fast-check';
import { assessmentRecorded } from '../assessment/assessment.ts';
import { agreementSigned, consentSigned, consentWithdrawn, planMade } from '../care/agreement.ts';
import { dischargeRecorded, fileClosed, serviceResumed, serviceSuspended } from '../care/discharge.ts';
import { sessionRecorded } from '../care/session.ts';
import { addDays } from '../kernel/calendar.ts';
import { type EntryDraft, personSubject } from '../kernel/entry.ts';
import { personListed, personUpdated } from '../person/person.ts';
import { selfCareItems } from '../policy/measure-outcome.ts';
import { applicationReviewed, applicationSubmitted } from '../referral/application.ts';
import { referralAccepted, referralQueued, referralSent } from '../referral/referral.ts';
import { newId } from '../server/app.fixtures.ts';

const kinds = [
  'advance',
  'advance',
  'advance',
  'consent',
  'agreement',
  'plan',
  'baseline',
  'process',
  'papers',
  'session',
  'session',
  'session',
  'withdraw',
  'void',
  'correct',
  'move',
  'leave',
  'resume',
  'pause',
  'fact',
  'fact',
] as const;
export const step = fc.record({
  kind: fc.constantFrom(...kinds),
  person: fc.nat(3),
  gap: fc.nat(9),
  /** Days by which the entry is late. */
  late: fc.oneof(fc.constant(0), fc.nat(45)),
  pick: fc.nat(30),
});
export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

type Stage = 'listed' | 'registered' | 'referred' | 'queued' | 'accepted' | 'inService' | 'suspended' | 'ended';
interface Walker {
  readonly id: string;
  stage: Stage;
  acceptedOn: string;
  consent: string;
  referral: string;
}

/** Turns steps into drafts that the moves table allows; a step that does not fit is passed over. */
export class Story {
  readonly county: string;
  readonly towns: readonly string[];
  readonly sites = [newId(), newId()];
  readonly persons: Walker[];
  readonly sessions: EntryDraft[] = [];
  readonly drafts: EntryDraft[] = [];
  private day = '2024-01-05';

  constructor(county: string) {
    this.county = county;
    this.towns = [`${county}001`, `${county}002`];
    this.persons = [0, 1, 2, 3].map(() => ({
      id: newId(),
      stage: 'listed',
      acceptedOn: '',
      consent: '',
      referral: '',
    }));
    for (const [i, { id }] of this.persons.entries())
      this.drafts.push(
        personListed.draft({
          ...this.base(this.day, [id]),
          body: { identity: { name: '周明', sex: 'male', ...(i === 3 ? {} : { town: this.town(i) }) }, facts: [] },
        }),
      );
  }

  private town(pick: number): string {
    return this.towns[pick % 2] ?? '';
  }
  private site(pick: number): string {
    return this.sites[pick % 2] ?? '';
  }
  private base(on: string, persons: readonly string[]) {
    return { id: newId(), county: this.county, on, subjects: persons.map(personSubject) };
  }
  private push(draft: EntryDraft): string {
    this.drafts.push(draft);
    return draft.id;
  }

  /** In order of recording; a draft that replaces another comes in a later batch. */
  batches(): EntryDraft[][] {
    const batches: EntryDraft[][] = [[]];
    for (const draft of this.drafts) {
      if (draft.replaces) batches.push([]);
      batches.at(-1)?.push(draft);
    }
    return batches;
  }

  take(s: Step): void {
    this.day = addDays(this.day, s.gap);
    const person = this.persons[s.person];
    if (!person) return;
    const served = ['accepted', 'inService', 'suspended'].includes(person.stage);
    const lateOn = addDays(this.day, -s.late);
    const on = [lateOn, person.acceptedOn].sort()[1] ?? lateOn;
    if (s.kind === 'advance') this.advance(person, s.pick);
    else if (s.kind === 'move')
      this.push(
        personUpdated.draft({
          ...this.base(lateOn, [person.id]),
          body: { identity: { town: this.town(s.pick) }, facts: [] },
        }),
      );
    else if (s.kind === 'fact') this.fact(person, lateOn, s.pick);
    else if (s.kind === 'void' || s.kind === 'correct') this.replace(s);
    else if (!served) this.advance(person, s.pick);
    else if (s.kind === 'session') this.session(person, on, s.pick);
    else if (s.kind === 'leave') this.leave(person, s.pick);
    else if (s.kind === 'resume') this.resume(person);
    else if (s.kind === 'pause') this.pause(person, s.pick);
    else this.paper(person, s.kind, on, s.pick);
  }

  private advance(person: Walker, pick: number): void {
    const base = () => this.base(this.day, [person.id]);
    if (person.stage === 'listed' || person.stage === 'ended') {
      const application = this.push(
        applicationSubmitted.draft({
          ...base(),
          body: {
            route: 'self',
            applicant: '本人',
            clientWilling: true,
            facts: [],
            ...(pick % 3 ? {} : { town: this.town(pick) }),
          },
        }),
      );
      this.push(applicationReviewed.draft({ ...base(), body: { application, decision: 'registered' } }));
      person.stage = 'registered';
      person.acceptedOn = '';
    } else if (person.stage === 'registered') {
      person.referral = this.push(
        referralSent.draft({ ...base(), body: { organisation: this.site(pick), reason: 'firstReferral' } }),
      );
      person.stage = 'referred';
    } else if (person.stage === 'referred' || person.stage === 'queued') {
      const queue = person.stage === 'referred' && pick % 3 === 0;
      const answer = { organisation: this.site(pick), referral: person.referral };
      this.push((queue ? referralQueued : referralAccepted).draft({ ...base(), body: answer }));
      person.stage = queue ? 'queued' : 'accepted';
      if (!queue) person.acceptedOn = this.day;
    }
  }

  private paper(person: Walker, kind: Step['kind'], on: string, pick: number): void {
    const base = () => this.base(on, [person.id]);
    const span = { fromOn: addDays(on, pick % 4 ? 0 : pick), ...(pick % 5 ? {} : { untilOn: addDays(on, 30 + pick) }) };
    const signed = { signedBy: 'client' as const, signer: '周明', ...span };
    const all = kind === 'papers';
    if (all || kind === 'consent')
      person.consent = this.push(
        consentSigned.draft({ ...base(), body: { ...signed, version: '1', purposes: [], recipients: [] } }),
      );
    if (all || kind === 'agreement')
      this.push(
        agreementSigned.draft({
          ...base(),
          body: { ...signed, organisation: this.site(pick), frequency: 4, items: ['physical'], price: 0 },
        }),
      );
    if (all || kind === 'plan')
      this.push(
        planMade.draft({
          ...base(),
          body: {
            goals: [{ domain: 'physical', goal: '散步', frequency: 4, responsible: '李敏' }],
            reviewOn: on,
            agreed: true,
            ...span,
          },
        }),
      );
    if (all || kind === 'baseline' || kind === 'process')
      this.push(
        assessmentRecorded.draft({
          ...base(),
          body: {
            kind: kind === 'process' ? 'process' : 'baseline',
            assessor: '李敏',
            results: pick % 2 ? [] : [{ instrument: 'adl', version: '1', answers: this.answers(pick) }],
            facts: [],
          },
        }),
      );
    if (kind === 'withdraw' && person.consent) {
      this.push(consentWithdrawn.draft({ ...base(), body: { consent: person.consent, reason: '不愿继续' } }));
      if (person.stage === 'inService') person.stage = 'suspended';
    }
  }

  private session(person: Walker, on: string, pick: number): void {
    const ready = this.persons.filter((p) => (p.stage === 'accepted' || p.stage === 'inService') && p.acceptedOn <= on);
    const present = pick % 2 ? ready : ready.filter((p) => p === person);
    if (!present.length) return;
    for (const one of present) one.stage = 'inService';
    const draft = sessionRecorded.draft({
      ...this.base(
        on,
        present.map(({ id }) => id),
      ),
      body: this.held(pick % 4 > 0),
    });
    this.sessions.push(draft);
    this.drafts.push(draft);
  }
  private held(standardized: boolean) {
    return {
      organisation: this.site(0),
      kind: 'group' as const,
      domain: 'physical' as const,
      standardized,
      startAt: '09:00',
      minutes: 60,
      leader: '李敏',
      absent: [],
    };
  }

  /** A session is voided, or moved by some days: only while all of its persons are still in service, so that no stage hangs on it. */
  private replace({ kind, pick }: Step): void {
    const index = pick % Math.max(this.sessions.length, 1);
    const before = this.sessions[index];
    const people = before?.subjects.map(({ id }) => this.persons.find((p) => p.id === id));
    if (!before || !people?.every((p) => p?.stage === 'inService' && p.acceptedOn <= before.on)) return;
    const base = {
      ...this.base(
        before.on,
        before.subjects.map(({ id }) => id),
      ),
      replaces: before.id,
    };
    if (kind === 'void') {
      this.drafts.push({ ...base, type: 'session.void', body: { reason: '录错' } });
      this.sessions.splice(index, 1);
      for (const person of people)
        if (
          person &&
          !this.sessions.some((s) => s.subjects.some(({ id }) => id === person.id) && s.on >= person.acceptedOn)
        )
          person.stage = 'accepted';
      return;
    }
    const on = addDays(before.on, pick % 20);
    if (on > this.day) return;
    const draft = { ...sessionRecorded.draft({ ...base, on, body: this.held(pick % 3 > 0) }), type: 'session.correct' };
    this.sessions[index] = draft;
    this.drafts.push(draft);
  }

  /** Of the six items of self-care; one is left out now and then. */
  private answers(pick: number): Record<string, number> {
    const items = selfCareItems.slice(pick % 5 ? 0 : 1);
    return Object.fromEntries(items.map((item, i) => [item, i === 3 ? 1 + (pick % 4) : 1]));
  }

  /** Where the person lives, how dangerous, and whether self-caring; one entry may tell it twice. */
  private fact(person: Walker, on: string, pick: number): void {
    const fact = (value: number) => {
      const given = { on, source: 'manual' as const };
      if (value % 3 === 0)
        return { ...given, kind: 'livesAt' as const, value: ['home', 'home', 'hospital'][value % 7] ?? 'elsewhere' };
      if (value % 3 === 1) return { ...given, kind: 'selfCaring' as const, value: value % 2 === 0 };
      return { ...given, kind: 'risk' as const, value: value % 6 };
    };
    const facts = pick % 4 ? [fact(pick)] : [fact(pick), fact(pick + 3)];
    this.push(personUpdated.draft({ ...this.base(on, [person.id]), body: { identity: {}, facts } }));
  }

  private pause(person: Walker, pick: number): void {
    if (person.stage !== 'inService') return;
    const reason = (['relapse', 'hospital', 'family'] as const)[pick % 3] ?? 'other';
    this.push(serviceSuspended.draft({ ...this.base(this.day, [person.id]), body: { reason } }));
    person.stage = 'suspended';
  }

  private leave(person: Walker, pick: number): void {
    const base = this.base(this.day, [person.id]);
    const outcome = (['returnedHome', 'job', 'hospitalised', 'shelteredJob'] as const)[(pick >> 1) % 4] ?? 'voluntary';
    this.push(
      pick % 2
        ? dischargeRecorded.draft({ ...base, body: { outcome, effect: 'improved' } })
        : fileClosed.draft({ ...base, body: { reason: pick % 4 ? 'moved' : 'closed' } }),
    );
    person.stage = 'ended';
    person.acceptedOn = '';
  }
  private resume(person: Walker): void {
    if (person.stage !== 'suspended') return;
    this.push(serviceResumed.draft({ ...this.base(this.day, [person.id]), body: {} }));
    person.stage = 'inService';
  }
}
