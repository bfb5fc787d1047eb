// From registration to a place: referral, its answer, the queue and its review (BZ-12, BZ-13).

import {
  type DeclineCause,
  referralAccepted,
  referralDeclined,
  referralQueued,
  referralReviewed,
  referralSent,
  referralWithdrawn,
} from '../src/referral/referral.ts';
import { lastPosition, positionOf, workingDayFrom } from './days.ts';
import type { House } from './houses.ts';
import { type Scene, writerOf } from './listing.ts';
import { type Act, run, type Story } from './story.ts';

const isFull = ({ load }: Scene, house: House): boolean => (load.get(house.id) ?? 0) >= house.capacity;

/** The own town's site, where it has room or the family insists; else one of the county, rarely a hospital or centre. */
const chooseHouse = (scene: Scene, story: Story, at: number, not?: string): House => {
  const { net, world } = scene;
  const { random } = world;
  const open = net.serving.filter((house) => house.opened <= at && house.id !== not);
  const own = open.find((house) => house.kind === 'site' && house.division === story.human.town);
  if (own && random.chance(isFull(scene, own) ? 0.45 : 0.93)) return own;
  const roomy = open.filter((house) => !isFull(scene, house));
  const weights = (roomy.length ? roomy : open).map((house, i) => [i, house.kind === 'site' ? 4 : 2] as const);
  const chosen = (roomy.length ? roomy : open)[random.weighted(weights)];
  if (!chosen) throw new Error(`nobody serves in ${net.county}`);
  return chosen;
};

const send = (scene: Scene, story: Story, at: number, to: House, again: boolean): string =>
  story.record(referralSent, {
    at,
    by: writerOf(scene.net.civilAffairs),
    body: {
      organisation: to.id,
      from: scene.net.civilAffairs.id,
      reason: again ? 'cannotServe' : 'firstReferral',
      ...(scene.world.random.chance(0.3) ? { suggestion: '先做评估，再安排小组活动' } : {}),
    },
  });

/** Once the queue has lasted three months its review is due; some reviews are never made, some change nothing. */
const waitInQueue = (scene: Scene, story: Story, queued: number, referral: string, house: House): number | false => {
  const { random } = scene.world;
  const base = { referral, organisation: house.id };
  const end = random.weighted([
    ['accepted', 52],
    ['waiting', 32],
    ['elsewhere', 16],
  ]);
  const reviewed = random.chance(0.55);
  const review = (wish: 'keepWaiting' | 'referElsewhere' | 'withdraw'): Act => ({
    after: [88, 112],
    do: (at) => {
      story.record(referralReviewed, {
        at,
        by: writerOf(scene.net.civilAffairs),
        body: { ...base, wish, note: wish === 'keepWaiting' ? '电话联系，家属愿意继续等候' : '愿意就近参加' },
      });
      return true;
    },
  });
  if (end === 'accepted')
    return run(random, queued, [{ after: [18, 120], do: (at) => accept(scene, story, at, referral, house) }]);
  if (end === 'waiting') {
    run(random, queued, reviewed ? [review('keepWaiting')] : []);
    return false;
  }
  return run(random, queued, [
    review('referElsewhere'),
    {
      after: [1, 6],
      do: (at) => {
        story.record(referralWithdrawn, { at, by: writerOf(scene.net.civilAffairs), body: base });
        const other = chooseHouse(scene, story, at, house.id);
        return answer(scene, story, at, send(scene, story, at, other, true), other, true);
      },
    },
  ]);
};

const accept = ({ load }: Scene, story: Story, at: number, referral: string, house: House): true => {
  story.record(referralAccepted, { at, by: writerOf(house), body: { referral, organisation: house.id } });
  load.set(house.id, (load.get(house.id) ?? 0) + 1);
  return true;
};

/** What the house says: in five working days as a rule. */
const answer = (
  scene: Scene,
  story: Story,
  sent: number,
  referral: string,
  house: House,
  again: boolean,
): number | false => {
  const { random } = scene.world;
  const at = workingDayFrom(sent + (random.chance(0.06) ? random.int(9, 20) : random.int(1, 6)));
  if (at > lastPosition) return false;
  const base = { at, by: writerOf(house) };
  const body = { referral, organisation: house.id };
  const full = isFull(scene, house);
  if (!again && random.chance(0.06)) {
    const cause: DeclineCause = random.pick(['cannotMeetNeed', 'notSuitable', 'unreachable', 'full']);
    story.record(referralDeclined, { ...base, body: { ...body, cause, note: '已电话说明，请另行转介' } });
    return run(random, at, [{ after: [2, 14], do: (on) => sendOn(scene, story, on, house.id) }]);
  }
  if (full || random.chance(scene.temper.queues)) {
    story.record(referralQueued, { ...base, body: { ...body, note: full ? '名额已满' : '暂无合适的小组' } });
    return waitInQueue(scene, story, at, referral, house);
  }
  accept(scene, story, at, referral, house);
  return at;
};

const sendOn = (scene: Scene, story: Story, at: number, not: string): number | false => {
  const other = chooseHouse(scene, story, at, not);
  return answer(scene, story, at, send(scene, story, at, other, true), other, true);
};

/** Referral and its answer; the position at which a house took the person, or false. */
export const place = (scene: Scene, story: Story, registered: number): number | false => {
  const { random } = scene.world;
  const late = random.chance(0.08);
  const start = Math.max(registered, positionOf(scene.timetable.service));
  return run(random, start, [
    {
      after: late ? [9, 25] : [1, 6],
      do: (at) => {
        const house = chooseHouse(scene, story, at);
        return answer(scene, story, at, send(scene, story, at, house, false), house, false);
      },
    },
  ]);
};

/** Sends to a house that has not answered yet. */
export const leaveInInbox = (scene: Scene, story: Story, at: number, house: House): void => {
  send(scene, story, at, house, false);
};
