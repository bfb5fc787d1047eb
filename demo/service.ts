// A client's time in service: reviews, renewals, relapse, and the ways out.
import { consentWithdrawn } from '../src/care/agreement.ts';
import {
  type DischargeOutcome,
  dischargeRecorded,
  fileClosed,
  serviceResumed,
  serviceSuspended,
} from '../src/care/discharge.ts';
import { addDays } from '../src/kernel/calendar.ts';
import { assess } from './assess.ts';
import { allowedUntil, begin, type Course, capOf, cutSpan, openSpan } from './begin.ts';
import { dayOf, lastDay, lastPosition, positionOf, workingDayFrom } from './days.ts';
import type { House } from './houses.ts';
import { type Scene, writerOf } from './listing.ts';
import { makePlan, signAgreement } from './papers.ts';
import type { Story } from './story.ts';

interface Event {
  readonly at: number;
  act(at: number): Event[] | 'end';
}

const levelOf = ({ story }: Course, at: number): number => {
  const months = (at - positionOf(story.file().inServiceOn ?? dayOf(at))) / 30;
  return Math.max(0.05, story.human.severity - months * 0.025 * story.human.faith);
};

/** Half-yearly: process assessment and the next plan, if somebody does it. */
const reviewPlan = (course: Course, due: number): Event[] => {
  const { scene, story, house } = course;
  const { random } = scene.world;
  if (!random.chance(scene.temper.renews)) return [];
  return [
    {
      at: workingDayFrom(due + random.int(-12, 25)),
      act: (at) => {
        if (!course.baseline) return [];
        assess(scene, story, at, house, {
          kind: 'process',
          level: levelOf(course, at),
          risk: story.human.risk >= 1 && random.chance(0.4) ? 1 : 0,
        });
        const { reviewOn } = makePlan(scene, story, at, house, course.baseline);
        course.reviewOn = reviewOn;
        return reviewOn <= lastDay ? reviewPlan(course, positionOf(reviewOn)) : [];
      },
    },
  ];
};

/** Baseline and plan of a pilot, made up for once the city's plan asks for them. */
const catchUp = (course: Course): Event[] => {
  const { scene, story, house } = course;
  const { random } = scene.world;
  if (random.chance(scene.temper.stalls)) return [];
  return [
    {
      at: workingDayFrom(positionOf('2024-01-10') + random.int(0, 260)),
      act: (at) => {
        course.baseline =
          assess(scene, story, at, house, { kind: 'baseline', level: levelOf(course, at), risk: 0 }) ?? null;
        if (!course.baseline) return [];
        const { reviewOn } = makePlan(scene, story, at, house, course.baseline);
        course.reviewOn = reviewOn;
        return reviewOn <= lastDay ? reviewPlan(course, positionOf(reviewOn)) : [];
      },
    },
  ];
};

const renewAgreement = (course: Course): Event[] => {
  const { scene, story, house } = course;
  const { random } = scene.world;
  const until = course.agreementUntil;
  if (until === null || until > addDays(lastDay, 10) || !random.chance(scene.temper.renews)) return [];
  return [
    {
      at: workingDayFrom(capOf(until) - random.int(0, 9)),
      act: (at) => {
        course.agreementUntil = signAgreement(scene, story, at, house);
        const span = story.spans.at(-1);
        if (span && story.file().stage === 'inService') span.until = allowedUntil(course);
        return renewAgreement(course);
      },
    },
  ];
};

/** Relapse: service rests, the risk is assessed, and most come back after weeks. */
const relapse = (course: Course, at: number): Event[] => {
  const { scene, story, house } = course;
  const { random } = scene.world;
  const resume: Event = {
    at: workingDayFrom(at + random.int(25, 95)),
    act: (on) => {
      if (course.baseline) assess(scene, story, on, house, { kind: 'process', level: levelOf(course, on), risk: 1 });
      story.record(serviceResumed, { at: on, by: writerOf(house), body: { note: '病情平稳，继续参加' } });
      openSpan(course, on + 1, allowedUntil(course));
      return random.chance(0.15) ? relapse(course, on + random.int(40, 120)) : [];
    },
  };
  return [
    {
      at: workingDayFrom(at),
      act: (on) => {
        if (story.file().stage !== 'inService') return [];
        const inHospital = random.chance(0.5);
        story.record(serviceSuspended, {
          at: on,
          by: writerOf(house),
          body: {
            reason: inHospital ? 'hospital' : 'relapse',
            note: inHospital ? '家属送医，住院治疗' : '近期症状反复，先到医院调药',
          },
        });
        cutSpan(course, on);
        if (course.baseline)
          assess(scene, story, on, house, {
            kind: 'process',
            level: Math.min(1, story.human.severity + 0.2),
            risk: random.pick([2, 3, 3]),
          });
        return random.chance(0.78) ? [resume] : [];
      },
    },
  ];
};

const leave = (course: Course, at: number): Event[] => {
  const { scene, story, house } = course;
  const { random } = scene.world;
  const close = (reason: 'moved' | 'died' | 'declined' | 'closed', note: string): Event => ({
    at: workingDayFrom(at),
    act: (on) => {
      cutSpan(course, on);
      story.record(fileClosed, { at: on, by: writerOf(scene.net.civilAffairs), body: { reason, note } });
      return 'end';
    },
  });
  const kind = random.weighted([
    ['discharge', 66],
    ['moved', 16],
    ['died', 8],
    ['declined', 10],
  ]);
  if (kind === 'moved') return [close('moved', '随子女迁往外地')];
  if (kind === 'died') return [close('died', '因躯体疾病去世')];
  if (kind === 'declined') return [close('declined', '本人和家属不愿继续参加')];
  return [
    {
      at: workingDayFrom(at),
      act: (on) => {
        cutSpan(course, on);
        const assessment = assess(scene, story, on, house, { kind: 'transferOut', level: 0.2, risk: 0 });
        const outcome = random.weighted<DischargeOutcome>([
          ['returnedHome', 38],
          ['job', 20],
          ['shelteredJob', 14],
          ['otherCommunityService', 12],
          ['hospitalised', 10],
          ['voluntary', 6],
        ]);
        story.record(dischargeRecorded, {
          at: on,
          by: writerOf(house),
          body: {
            outcome,
            ...(assessment ? { assessment } : {}),
            effect: outcome === 'hospitalised' ? 'worse' : random.pick(['marked', 'improved', 'improved', 'unchanged']),
          },
        });
        return 'end';
      },
    },
  ];
};

const withdrawConsent = (course: Course, at: number): Event[] => [
  {
    at: workingDayFrom(at),
    act: (on) => {
      const { consent, story, house } = course;
      if (!consent) return [];
      cutSpan(course, on);
      story.record(consentWithdrawn, { at: on, by: writerOf(house), body: { consent, reason: '家属担心信息外传' } });
      return 'end';
    },
  },
];

/** Plays the events in order until the demo ends or the file does. */
const live = (events: readonly Event[]): void => {
  const agenda = [...events];
  while (agenda.length) {
    agenda.sort((a, b) => a.at - b.at);
    const next = agenda.shift();
    if (!next || next.at > lastPosition) return;
    const more = next.act(next.at);
    if (more === 'end') return;
    agenda.push(...more.map((event) => (event.at < next.at ? { ...event, at: workingDayFrom(next.at) } : event)));
  }
};

/** Service from acceptance on. Answers with the position of the end where the file ended. */
export const serve = (scene: Scene, story: Story, accepted: number, house: House): void => {
  const { random } = scene.world;
  const course: Course = {
    scene,
    story,
    house,
    consent: null,
    consentUntil: null,
    agreementUntil: null,
    baseline: null,
    reviewOn: null,
    isPostponed: accepted < positionOf('2023-10-15') && random.chance(0.5),
  };
  const started = begin(course, accepted);
  if (started === false) return;
  const after = (from: number, to: number): number => started + random.int(from, to);
  const perYear = (lastPosition - started) / 365;
  live([
    ...(course.reviewOn && course.reviewOn <= lastDay ? reviewPlan(course, positionOf(course.reviewOn)) : []),
    ...(course.isPostponed ? catchUp(course) : []),
    ...renewAgreement(course),
    ...(random.chance(0.15 * perYear + 0.01) ? relapse(course, after(30, 330)) : []),
    ...(random.chance(0.16 * perYear) ? leave(course, after(60, 600)) : []),
    ...(random.chance(0.008) ? withdrawConsent(course, after(40, 300)) : []),
  ]);
};
