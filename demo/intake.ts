// From being known to being registered: home visits, hospitals' advice, screening, application and its review.
import {
  factRecorded,
  type RecordedFact,
  recommendationRecorded,
  screeningRecorded,
  visitRecorded,
} from '../src/person/person.ts';
import { decideScreening, nameSources } from '../src/person/screening.ts';
import type { FactKey } from '../src/policy/facts.ts';
import { screenPerson } from '../src/policy/screen.ts';
import { keysOfRules } from '../src/policy/side-by-side.ts';
import {
  type ApplicationRoute,
  applicationReviewed,
  applicationSubmitted,
  checkReview,
  willingnessFacts,
} from '../src/referral/application.ts';
import { dayOf, workingDayFrom } from './days.ts';
import { factOf, listByHand, type Scene, writerOf } from './listing.ts';
import { nameOf } from './names.ts';
import { type Act, run, type Story } from './story.ts';

/** Screens by the place's criteria as of the day, and says what came out. */
export const screen = ({ world, net, temper }: Scene, story: Story, at: number) => {
  const { facts, sources } = story.factsOn(at);
  const screening = screenPerson(world.rules(story.county, at), facts, dayOf(at), nameSources(sources));
  const { body, findings = [] } = decideScreening(story.person, story.file(), screening, {
    listedOn: story.drafts[0]?.on ?? dayOf(at),
    newest: undefined,
  });
  story.record(screeningRecorded, {
    at,
    by: writerOf(temper.centreScreens ? net.centre : net.civilAffairs),
    body: screeningRecorded.body.parse(body),
    findings,
  });
  return screening;
};

/** What the place's criteria ask of a person. */
const askedIn = ({ world, net }: Scene, at: number): ReadonlySet<FactKey> => keysOfRules(world.rules(net.county, at));

const said = (on: string, kind: RecordedFact['kind'], value: RecordedFact['value']) => factOf(kind, on, value, 'visit');

/** What a visit asks beyond what it always does, because the place's criteria want to know; a few answers stay open. */
const askedAtHome = (scene: Scene, { human }: Story, at: number): RecordedFact[] => {
  const { random } = scene.world;
  const asked = askedIn(scene, at);
  const on = dayOf(at);
  const { certificate, guardian } = human;
  const answers: readonly (readonly [FactKey, () => RecordedFact['value']])[] = [
    ['certificate', () => (certificate ? { category: certificate.category, grade: certificate.grade } : null)],
    ['majorPhysicalIllness', () => random.chance(0.05)],
    ['infectiousDisease', () => random.chance(0.02)],
    ['guardian', () => (guardian ? { name: guardian.name, relation: guardian.relation ?? '亲属' } : null)],
  ];
  return answers.flatMap(([kind, answer]) =>
    asked.has(kind) && random.chance(0.93) ? [said(on, kind, answer())] : [],
  );
};

export const visit = (scene: Scene, story: Story, at: number): boolean => {
  const {
    world: { random },
    net,
  } = scene;
  const { human } = story;
  const on = dayOf(at);
  const missed = random.chance(0.06);
  const selfCaring = human.severity < 0.75;
  story.record(visitRecorded, {
    at,
    by: writerOf(net.civilAffairs),
    body: {
      method: random.weighted([
        ['home', 88],
        ['phone', 7],
        ['office', 5],
      ]),
      participants: [
        `${human.townName}民政办 ${nameOf(random, 'female')}`,
        `${human.village}网格员 ${nameOf(random, 'male')}`,
      ],
      met: missed ? ['none'] : human.guardian && random.chance(0.7) ? ['client', 'guardian'] : ['client'],
      facts: missed
        ? []
        : [
            said(on, 'clientWilling', human.willing),
            ...(human.guardian && random.chance(0.8)
              ? [said(on, 'guardianWilling', human.willing || random.chance(0.5))]
              : []),
            said(on, 'needsRehabilitation', random.chance(0.93)),
            said(on, 'selfCaring', selfCaring),
            said(on, 'livesAt', human.livesAt),
            ...(human.lists.has('health') ? [] : [said(on, 'stability', human.stability)]),
            ...askedAtHome(scene, story, at),
          ],
      aid: human.aid ? human.aid.split('、') : [],
      ...(random.chance(0.4)
        ? {
            family: random.pick([
              '与父母同住，家中有人照看',
              '家人在外务工，由亲戚照看',
              '与配偶同住，家庭和睦',
              '独居，邻居常来看望',
            ]),
          }
        : {}),
    },
  });
  return !missed && human.willing;
};

/** What a hospital adds to its advice: where no list told it, or the place's criteria ask a physician. */
const hospitalFacts = (scene: Scene, { human }: Story, at: number, calmed: boolean): RecordedFact[] => {
  const asked = askedIn(scene, at);
  const on = dayOf(at);
  const unlisted = !human.lists.has('health');
  return [
    ...(calmed || unlisted ? [factOf('stability', on, calmed ? 'basicallyStable' : human.stability, 'hospital')] : []),
    ...(unlisted && asked.has('severe') ? [factOf('severe', on, human.diagnosis.severe, 'hospital')] : []),
    ...(unlisted && asked.has('diagnosis')
      ? [factOf('diagnosis', human.diagnosis.on, { code: human.diagnosis.code }, 'hospital')]
      : []),
    ...(asked.has('remission')
      ? [factOf('remission', on, human.stability === 'unstable' ? 'none' : 'basic', 'hospital')]
      : []),
  ];
};

/** A hospital's advice (BZ-09); a risk level that was high may have come down by then. */
export const recommend = (scene: Scene, story: Story, at: number): boolean => {
  const {
    world: { random },
    net,
    temper,
  } = scene;
  const { human } = story;
  const calmed = human.risk >= 2 && random.chance(0.3);
  const risk = calmed ? 1 : human.risk;
  const fit = random.chance(0.94);
  story.record(recommendationRecorded, {
    at,
    by: writerOf(net.hospital),
    body: {
      fit,
      livesAt: human.livesAt,
      risk,
      advice: fit
        ? random.pick(['病情平稳，建议参加社区康复', '继续服药，可参加日间康复活动', '社会功能下降，建议康复训练'])
        : '近期病情有波动，先门诊治疗',
    },
  });
  const facts = hospitalFacts(scene, story, at, calmed);
  if (facts.length) story.record(factRecorded, { at, by: writerOf(net.hospital), body: { facts } });
  return fit && risk <= temper.riskSent;
};

const applicantOf = (story: Story, route: ApplicationRoute): { applicant: string; relation?: string } => {
  const { human } = story;
  if (route === 'self') return { applicant: human.name };
  if (route === 'guardian')
    return { applicant: human.guardian?.name ?? human.name, relation: human.guardian?.relation ?? '本人' };
  return { applicant: route === 'hospital' ? '主管医生' : `${human.village}网格员`, relation: '工作人员' };
};

export const apply = ({ world: { random }, net }: Scene, story: Story, at: number): string => {
  const { human } = story;
  const route = random.weighted<ApplicationRoute>([
    ['guardian', human.guardian ? 45 : 0],
    ['self', 22],
    ['hospital', 15],
    ['other', 18],
  ]);
  const said = { clientWilling: human.willing, ...(human.guardian ? { guardianWilling: true } : {}) };
  const by = route === 'hospital' ? net.hospital : net.civilAffairs;
  return story.record(applicationSubmitted, {
    at,
    by: writerOf(by),
    body: {
      route,
      ...applicantOf(story, route),
      ...said,
      ...(human.phone ? { phone: human.phone } : {}),
      needs: random.pick([
        '希望有人带着参加活动',
        '想学做饭和料理家务',
        '希望能找点事做',
        '按时吃药需要提醒',
        '想多和人来往',
      ]),
      town: human.town,
      facts: willingnessFacts(said, dayOf(at)),
    },
  });
};

/** Decides the application; whom the screening does not find eligible is not registered where criteria are in force. */
const review = (scene: Scene, story: Story, application: string, at: number): boolean => {
  const { random } = scene.world;
  const criteria = scene.world.rules(story.county, at).rules.some(({ rule }) => rule.kind === 'criterion');
  const outcome = criteria ? screen(scene, story, at).outcome : 'eligible';
  const decision =
    outcome === 'ineligible' ? 'refused' : outcome === 'unknown' || random.chance(0.02) ? 'returned' : 'registered';
  const reason =
    decision === 'registered'
      ? undefined
      : decision === 'refused'
        ? '筛查结果不符合准入条件'
        : random.pick(['材料不全，请补充医疗机构意见', '联系电话无法接通，请核对后再报']);
  if (criteria) checkReview(decision, reason, { outcome, on: dayOf(at), open: [], clause: [] });
  story.record(applicationReviewed, {
    at,
    by: writerOf(scene.net.civilAffairs),
    body: { application, decision, ...(reason ? { reason } : {}) },
  });
  return decision === 'registered';
};

/** Application and review; the clock of five working days is mostly kept. */
export const register = (
  scene: Scene,
  story: Story,
  start: number,
  { after, decided }: { after: readonly [number, number]; decided?: readonly [number, number] },
): number | false => {
  const { random } = scene.world;
  let application = '';
  const acts: Act[] = [
    {
      after,
      do: (at) => {
        application = apply(scene, story, at);
        return true;
      },
    },
    { after: decided ?? (random.chance(0.07) ? [9, 18] : [1, 6]), do: (at) => review(scene, story, application, at) },
  ];
  return run(random, start, acts);
};

/** How a person of the census comes to be registered in 2024, if at all. */
export const takeInFromCensus = (scene: Scene, story: Story, batchAt: number): number | false => {
  const { world, temper } = scene;
  const { random } = world;
  const { human } = story;
  const first = screen(scene, story, workingDayFrom(batchAt));
  if (human.livesAt !== 'home' && random.chance(0.9)) return false;
  if (!random.chance(temper.visited)) return false;
  const hopeful = first.outcome !== 'ineligible';
  const acts: Act[] = [
    { after: [8, temper.visitDays], do: (at) => visit(scene, story, at) },
    { after: [4, 40], do: (at) => random.chance(hopeful ? temper.advised : 0.25) && recommend(scene, story, at) },
    { after: [1, 12], do: (at) => screen(scene, story, at).outcome === 'eligible' && random.chance(0.94) },
  ];
  const screened = run(random, batchAt, acts);
  return screened === false ? false : register(scene, story, screened, { after: [1, 15] });
};

/** Whether somebody who comes by themselves is visited first: what their hospital says is not all that the criteria ask. */
export const isVisitedFirst = (scene: Scene, at: number): boolean =>
  askedIn(scene, at).has('needsRehabilitation') || askedIn(scene, at).has('selfCaring');

/** Somebody who comes in 2024 on a hospital's or a neighbour's word. */
export const takeInLater = (scene: Scene, story: Story, at: number): number | false => {
  const { random } = scene.world;
  listByHand(scene, story, at);
  const advised = run(random, at, [
    ...(isVisitedFirst(scene, at) ? [{ after: [1, 9], do: (on: number) => visit(scene, story, on) } as const] : []),
    { after: [0, 12], do: (on) => recommend(scene, story, on) || random.chance(0.3) },
  ]);
  return advised === false ? false : register(scene, story, advised, { after: [0, 8] });
};
