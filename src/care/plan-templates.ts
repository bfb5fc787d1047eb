// Goals to start a plan from, by domain and, where it matters, age: words to be changed for the person (BZ-18, QS-10).
import type { Needs } from '../assessment/instrument.ts';
import { Domain } from './session.ts';

export interface PlanTemplate {
  readonly domain: Domain;
  readonly goal: string;
  /** Sessions a month. */
  readonly frequency: number;
  /** Whole years, both included; absent: any age. */
  readonly ages?: readonly [number, number];
}

const templates: readonly PlanTemplate[] = [
  { domain: 'medication', goal: '在提醒下每天按时按量吃药，连续一个月不漏服', frequency: 4 },
  { domain: 'medication', goal: '说得出自己的药名、用量和常见反应', frequency: 2 },
  { domain: 'relapsePrevention', goal: '认得自己的三个复发苗头，并知道先找谁', frequency: 2 },
  { domain: 'physical', goal: '每周活动三次，每次半小时，按时作息', frequency: 4 },
  { domain: 'physical', goal: '每天走动半小时，学会防跌倒', frequency: 4, ages: [60, 120] },
  { domain: 'lifeSkills', goal: '自己完成洗漱、换衣和房间整理', frequency: 4 },
  { domain: 'lifeSkills', goal: '会做三样家常饭菜，会算账买菜', frequency: 2, ages: [16, 120] },
  { domain: 'lifeSkills', goal: '自己整理书包和衣物，按作息表上学', frequency: 4, ages: [0, 17] },
  { domain: 'socialSkills', goal: '主动打招呼，能与人聊上五分钟', frequency: 4 },
  { domain: 'socialSkills', goal: '与同学一起完成一项游戏或作业', frequency: 4, ages: [0, 17] },
  { domain: 'vocational', goal: '每次坚持一小时的手工或农活，做完收好工具', frequency: 4, ages: [16, 59] },
  { domain: 'vocational', goal: '了解一个合适的岗位并试工', frequency: 2, ages: [16, 59] },
  { domain: 'psychological', goal: '学会一种平静下来的办法，难过时用得上', frequency: 2 },
  { domain: 'peerSupport', goal: '每月参加一次病友小组，说一件自己的事', frequency: 1, ages: [12, 120] },
  { domain: 'familySupport', goal: '家人了解用药和复发苗头，会联系医生', frequency: 1 },
];

/** Templates that fit an age (undefined: not known, all of them), the domains with the greatest need first. */
export const listPlanTemplates = (age: number | undefined, needs: Needs): PlanTemplate[] => {
  const order = Domain.options;
  const fits = ({ ages }: PlanTemplate): boolean => age === undefined || !ages || (ages[0] <= age && age <= ages[1]);
  return templates
    .filter(fits)
    .sort(
      (a, b) => (needs[b.domain] ?? -1) - (needs[a.domain] ?? -1) || order.indexOf(a.domain) - order.indexOf(b.domain),
    );
};
