// Assessments of the demo: answers that follow how ill somebody is and get better with service, scored as the product scores them.
import {
  type AssessmentKind,
  type Assessor,
  assessmentRecorded,
  decideAssessor,
  decideTeam,
  decideTopics,
  riskFacts,
  scoreResults,
  type TeamMember,
  teamAssessed,
} from '../src/assessment/assessment.ts';
import { type Instrument, optionsOf } from '../src/assessment/instrument.ts';
import { getInstruments } from '../src/assessment/instrument-library.ts';
import type { Domain } from '../src/care/session.ts';
import { findRule } from '../src/policy/resolve.ts';
import { dayOf } from './days.ts';
import type { Employee, House } from './houses.ts';
import { type Scene, writerOf } from './listing.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';

const { current, find } = getInstruments();

const answersOf = (random: Random, instrument: Instrument, level: number): Record<string, number> =>
  Object.fromEntries(
    instrument.items.map((item) => {
      if (instrument.notApplicable && random.chance(0.04)) return [item.code, instrument.notApplicable.value];
      const values = optionsOf(instrument, item).map(({ value }) => value);
      const reach = instrument.higherIs === 'worse' ? level : 1 - level;
      const at = Math.round((reach + (random.next() - 0.5) * 0.7) * (values.length - 1));
      return [item.code, values[Math.max(0, Math.min(values.length - 1, at))] ?? 0];
    }),
  );

const standard = ({ world }: Scene, story: Story, at: number, id: string) =>
  findRule(world.rules(story.county, at), 'standard', id);

const asAssessor = ({ id, name, discipline, trainedOn }: Employee): Assessor => ({ id, name, discipline, trainedOn });

/** Somebody of the house trained in needs assessment, or of the county's hospital. */
export const assessorOf = ({ net, world: { random } }: Scene, house: House, at: number): Assessor | undefined => {
  const trained = [...house.staff, ...net.hospital.staff, ...net.centre.staff].filter(
    (one) => one.trainedOn !== null && one.since <= at,
  );
  return trained.length
    ? asAssessor(trained.find((one) => house.staff.includes(one)) ?? random.pick(trained))
    : undefined;
};

const domainWords: readonly Domain[] = [
  'medication',
  'lifeSkills',
  'socialSkills',
  'vocational',
  'psychological',
  'physical',
];

/** BZ-11: the four disciplines of hospital and centre give one opinion. */
export const assessAsTeam = (scene: Scene, story: Story, at: number): void => {
  const {
    net,
    world: { random },
  } = scene;
  const staff = [...net.hospital.staff, ...net.centre.staff].filter((one) => one.since <= at);
  const wanted = ['psychiatrist', 'nurse', 'therapist', 'socialWorker'] as const;
  const members: TeamMember[] = wanted.flatMap((discipline) => {
    const one = random.shuffle(staff).find((employee) => employee.discipline === discipline);
    return one ? [{ staff: one.id, name: one.name, discipline }] : [];
  });
  story.record(teamAssessed, {
    at,
    by: writerOf(net.hospital),
    body: {
      members,
      opinion: random.pick([
        '病情平稳，适合站点小组训练，先从服药和生活技能入手，三个月后看效果。',
        '社会功能有下降，建议每周参加一次小组活动，家属同时接受照护指导。',
        '愿意与人交往，可安排社交和职业方面的训练，注意按时复诊。',
      ]),
      suitable: true,
      domains: random.shuffle(domainWords).slice(0, 3),
    },
    findings: decideTeam(members, standard(scene, story, at, 'teamDisciplines')),
  });
};

export interface Assessed {
  readonly kind: AssessmentKind;
  /** 0 well … 1 ill, now. */
  readonly level: number;
  readonly risk: number;
}

/** Records an assessment unless nobody is trained for it; `transferOut` asks the five topics of BZ-16. */
export const assess = (
  scene: Scene,
  story: Story,
  at: number,
  house: House,
  { kind, level, risk }: Assessed,
): string | undefined => {
  const { random } = scene.world;
  const assessor = assessorOf(scene, house, at);
  if (!assessor) return undefined;
  const wanted = kind === 'transferOut' ? ['transfer', 'sdss'] : ['adl', 'sdss', 'nine'];
  const results = scoreResults(
    current
      .filter(({ id }) => wanted.includes(id))
      .map((one) => ({ instrument: one.id, version: one.version, answers: answersOf(random, one, level) })),
    find,
  );
  const on = dayOf(at);
  return story.record(assessmentRecorded, {
    at,
    by: writerOf(house),
    body: { kind, assessor: assessor.name, staff: assessor.id, results, risk, facts: riskFacts(on, risk) },
    findings: [
      ...decideAssessor(assessor, on, standard(scene, story, at, 'assessorTraining')),
      ...(kind === 'transferOut' ? decideTopics(results, standard(scene, story, at, 'transferOutTopics')) : []),
    ],
  });
};
