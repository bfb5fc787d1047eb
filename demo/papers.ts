// What stands before service and is renewed in it: consent, agreement, plan (BZ-14, QS-08), each checked as the product checks it.
import {
  agreementSigned,
  checkConsent,
  checkPeriod,
  checkStarted,
  consentSigned,
  planMade,
} from '../src/care/agreement.ts';
import { consentTextOn } from '../src/care/consent-text.ts';
import { checkPlan } from '../src/care/plan.ts';
import type { Domain } from '../src/care/session.ts';
import { addDays, addMonths } from '../src/kernel/calendar.ts';
import { dayOf } from './days.ts';
import type { House } from './houses.ts';
import { type Scene, writerOf } from './listing.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';

const signerOf = (random: Random, { human }: Story) => {
  const signedBy = random.weighted([
    ['both', human.guardian ? 70 : 0],
    ['client', 18],
    ['guardian', human.guardian ? 12 : 0],
  ]);
  return { signedBy, signer: signedBy === 'guardian' ? (human.guardian?.name ?? human.name) : human.name };
};

/** Signs consent; a few are for one year only. */
export const signConsent = (
  { world: { random } }: Scene,
  story: Story,
  at: number,
  house: House,
): { id: string; untilOn: string | null } => {
  const on = dayOf(at);
  const { version, purposes, recipients } = consentTextOn(on);
  const untilOn = random.chance(0.1) ? addDays(addMonths(on, 12), -1) : null;
  const body = {
    ...signerOf(random, story),
    fromOn: on,
    ...(untilOn ? { untilOn } : {}),
    version,
    purposes: purposes.filter((item) => item.needed || random.chance(0.7)).map(({ id }) => id),
    recipients: recipients.filter((item) => random.chance(0.85) || item.needed).map(({ id }) => id),
  };
  checkStarted(story.file(), on, ['BZ-14']);
  checkConsent(body, on);
  checkPeriod(on, body);
  return { id: story.record(consentSigned, { at, by: writerOf(house), body }), untilOn };
};

const common: readonly Domain[] = ['medication', 'lifeSkills', 'socialSkills'];
const further: readonly Domain[] = [
  'relapsePrevention',
  'physical',
  'vocational',
  'psychological',
  'peerSupport',
  'familySupport',
];

/** Signs an agreement of one year, from today. */
export const signAgreement = ({ world: { random } }: Scene, story: Story, at: number, house: House): string => {
  const on = dayOf(at);
  const untilOn = addDays(addMonths(on, 12), -1);
  const body = {
    ...signerOf(random, story),
    fromOn: on,
    untilOn,
    organisation: house.id,
    frequency: random.pick([2, 4, 4, 4, 8]),
    items: [...common, ...random.shuffle(further).slice(0, random.int(1, 3))],
    price: 0,
  };
  checkPeriod(on, body);
  story.record(agreementSigned, { at, by: writerOf(house), body });
  return untilOn;
};

const goals: Readonly<Partial<Record<Domain, readonly string[]>>> = {
  medication: ['三个月内做到自己按时吃药', '认得自己的药，说得出吃法'],
  lifeSkills: ['学会做三样家常菜', '每周洗澡两次，自己洗衣服', '会坐公交到县城'],
  socialSkills: ['每次小组活动发言一次', '与一位组员保持联系'],
  relapsePrevention: ['说得出自己的三个复发先兆'],
  physical: ['每天走路半小时', '体重半年减三公斤'],
  vocational: ['每周参加两次手工劳动', '学会一样能换钱的手艺'],
  psychological: ['学会两种放松的办法'],
  peerSupport: ['和病友结成一对'],
  familySupport: ['家人参加两次照护课'],
};

export interface PlanDays {
  readonly reviewOn: string;
  readonly untilOn: string | null;
}

/** Makes a plan that is to be reviewed after half a year; most end a month after that. */
export const makePlan = (scene: Scene, story: Story, at: number, house: House, baseline: string): PlanDays => {
  const { random } = scene.world;
  const on = dayOf(at);
  const reviewOn = addMonths(on, 6);
  const untilOn = random.chance(0.7) ? addMonths(on, 7) : null;
  const responsible = house.staff.find(({ discipline }) => discipline === 'socialWorker')?.name ?? '站点负责人';
  const domains: Domain[] = [random.pick(common), ...random.shuffle(further).slice(0, random.int(0, 2))];
  const body = {
    goals: domains.map((domain) => ({
      domain,
      goal: random.pick(goals[domain] ?? ['每周参加一次活动']),
      frequency: random.pick([1, 2, 2, 4]),
      responsible,
    })),
    fromOn: on,
    reviewOn,
    ...(untilOn ? { untilOn } : {}),
    agreed: random.chance(0.96),
  };
  checkPlan({ on, ...body }, { baseline });
  story.record(planMade, { at, by: writerOf(house), body });
  return { reviewOn, untilOn };
};
