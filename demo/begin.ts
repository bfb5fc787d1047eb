// The start of a client's service: team opinion, consent, agreement, baseline, plan and the first session.
import { sessionRecorded } from '../src/care/session.ts';
import { assess, assessAsTeam } from './assess.ts';
import { lastDay, lastPosition, positionOf } from './days.ts';
import type { House } from './houses.ts';
import { type Scene, writerOf } from './listing.ts';
import { makePlan, signAgreement, signConsent } from './papers.ts';
import { run, type Story } from './story.ts';

export interface Course {
  readonly scene: Scene;
  readonly story: Story;
  readonly house: House;
  /** Ids and days of what stands; null: not done, or no end. */
  consent: string | null;
  consentUntil: string | null;
  agreementUntil: string | null;
  baseline: string | null;
  reviewOn: string | null;
  /** A pilot of 2023 that served before it assessed: baseline and plan follow in 2024. */
  readonly isPostponed: boolean;
}

/** The last position on which something holds that holds until `day`; null: without end. */
export const capOf = (day: string | null): number => (day === null || day > lastDay ? lastPosition : positionOf(day));
/** Last day on which sessions are allowed as the papers stand. */
export const allowedUntil = ({ consentUntil, agreementUntil }: Course): number =>
  Math.min(capOf(consentUntil), capOf(agreementUntil));

export const openSpan = ({ story, house }: Course, from: number, until: number): void => {
  if (from <= until) story.spans.push({ site: house.id, from, until });
};
/** Cuts the running span so that its last day is the one before `at`. */
export const cutSpan = ({ story }: Course, at: number): void => {
  const span = story.spans.at(-1);
  if (span && span.until >= at) span.until = at - 1;
};

const firstSession = ({ scene, story, house }: Course, at: number): void => {
  const { random } = scene.world;
  story.record(sessionRecorded, {
    at,
    by: writerOf(house),
    body: {
      organisation: house.id,
      kind: 'individual',
      domain: random.pick(['medication', 'lifeSkills', 'psychological']),
      standardized: true,
      startAt: random.pick(['09:00', '09:30', '10:00', '14:30']),
      minutes: random.pick([30, 40, 60]),
      leader: house.staff[0]?.name ?? '站点工作人员',
      ...(house.staff[0] ? { staff: house.staff[0].id } : {}),
      absent: [],
      title: '首次服务',
    },
  });
};

/** The steps before service; each may be left undone, which is what the rate then shows. False: not (yet) in service. */
export const begin = (course: Course, accepted: number): number | false => {
  const { scene, story, house } = course;
  const { random } = scene.world;
  const stalls = (): boolean => random.chance(scene.temper.stalls);
  const at = run(random, accepted, [
    { after: [1, 8], do: (on) => (random.chance(0.93) ? void assessAsTeam(scene, story, on) : undefined) },
    {
      after: [1, 9],
      do: (on) => {
        if (stalls()) return false;
        const { id, untilOn } = signConsent(scene, story, on, house);
        course.consent = id;
        course.consentUntil = untilOn;
        return true;
      },
    },
    {
      after: [0, 3],
      do: (on) => {
        if (stalls()) return false;
        course.agreementUntil = signAgreement(scene, story, on, house);
        return true;
      },
    },
    {
      after: [0, 6],
      do: (on) => {
        if (course.isPostponed || stalls()) return true;
        course.baseline =
          assess(scene, story, on, house, {
            kind: 'baseline',
            level: story.human.severity,
            risk: Math.min(1, story.human.risk),
          }) ?? null;
        return true;
      },
    },
    {
      after: [0, 7],
      do: (on) => {
        if (course.baseline && !stalls()) course.reviewOn = makePlan(scene, story, on, house, course.baseline).reviewOn;
        return true;
      },
    },
    {
      after: [1, 7],
      do: (on) => {
        if (on > allowedUntil(course)) return false;
        firstSession(course, on);
        return true;
      },
    },
  ]);
  if (at !== false) openSpan(course, at + 1, allowedUntil(course));
  return at;
};
