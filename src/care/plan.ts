// The individual plan (QS-08, QS-10): what may be planned when, and goals to start from by domain of need and age.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { Refusal } from '../kernel/refusal.ts';
import { Goal, type ServicePapers } from './agreement.ts';

export const PlanView = z.object({
  id: z.uuid(),
  madeOn: Day,
  fromOn: Day,
  untilOn: Day.nullable(),
  reviewOn: Day,
  /** The next plan's first day: from then on this one is no longer in force. */
  supersededOn: Day.nullable(),
  agreed: z.boolean(),
  goals: z.array(Goal),
});
export type PlanView = z.infer<typeof PlanView>;

/** Refuses a plan without a baseline (`baselineMissing`, QS-08) or with days in the wrong order (`periodInvalid`). */
export const checkPlan = (
  plan: { on: Day; fromOn: Day; reviewOn: Day; untilOn?: Day | undefined },
  papers: Pick<ServicePapers, 'baseline'>,
): void => {
  if (papers.baseline === null)
    throw new Refusal('baselineMissing', `到 ${plan.on} 为止还没有基线评估，请先做基线评估再制定计划。`, {
      cites: ['QS-08'],
    });
  const wrong = (field: string, message: string): Refusal =>
    new Refusal('periodInvalid', message, { fields: { [field]: message }, cites: ['QS-08'] });
  if (plan.fromOn < plan.on) throw wrong('fromOn', `开始日期不能早于制定日期 ${plan.on}`);
  if (plan.reviewOn <= plan.fromOn) throw wrong('reviewOn', `复核日期应晚于开始日期 ${plan.fromOn}`);
  if (plan.untilOn !== undefined && plan.untilOn < plan.reviewOn)
    throw wrong('untilOn', `结束日期不能早于复核日期 ${plan.reviewOn}`);
};
