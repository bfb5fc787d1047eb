// Leaving service: suspension, transfer-out with its outcome (BZ-16), and closing a file for other reasons.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { type File, nameOfStage } from '../person/file.ts';

/** BZ-16's outcomes and the other ways out that the forms know (DOMAIN 2.5). */
export const DischargeOutcome = z.enum([
  'job',
  'shelteredJob',
  'otherCommunityService',
  'returnedHome',
  'hospitalised',
  'voluntary',
]);
export type DischargeOutcome = z.infer<typeof DischargeOutcome>;

/** BZ-16: what the service brought about, in the words of the transfer-out form. */
export const DischargeEffect = z.enum(['marked', 'improved', 'unchanged', 'worse']);
export type DischargeEffect = z.infer<typeof DischargeEffect>;
export const SuspendReason = z.enum(['relapse', 'hospital', 'family', 'other']);
export type SuspendReason = z.infer<typeof SuspendReason>;
export const CloseReason = z.enum(['moved', 'died', 'closed', 'declined']);
export type CloseReason = z.infer<typeof CloseReason>;

export const dischargeRecorded = defineEntry({
  type: 'discharge.record',
  summary: '转出',
  body: z.object({
    outcome: DischargeOutcome,
    /** The transfer-out assessment it rests on. */
    assessment: z.uuid().optional(),
    effect: DischargeEffect,
    note: z.string().max(500).optional().meta({ sealed: true }),
    followUpOn: Day.optional(),
  }),
});

export const serviceSuspended = defineEntry({
  type: 'service.suspend',
  summary: '暂停服务',
  body: z.object({ reason: SuspendReason, note: z.string().max(200).optional().meta({ sealed: true }) }),
});
export const serviceResumed = defineEntry({
  type: 'service.resume',
  summary: '恢复服务',
  body: z.object({ note: z.string().max(200).optional().meta({ sealed: true }) }),
});
export const fileClosed = defineEntry({
  type: 'file.close',
  summary: '结案',
  body: z.object({
    reason: CloseReason,
    division: z.string().max(12).optional(),
    note: z.string().max(200).optional().meta({ sealed: true }),
    /** BZ-13: the record and the application made where the person moved. */
    pushed: z.object({ county: z.string().length(6), person: z.uuid(), application: z.uuid() }).optional(),
  }),
});

export const dischargeEntries = [dischargeRecorded, serviceSuspended, serviceResumed, fileClosed];

/**
 * Refuses a day on which the person cannot leave or pause: before the stage of now began (`beforeStart`), or before a session that
 * was recorded (`sessionsAfter`): then the day or the session is wrong.
 */
export const checkLeaving = (
  on: Day,
  file: Pick<File, 'stage' | 'stageOn'>,
  lastSessionOn: Day | null,
  cites: readonly string[],
): void => {
  if (on < file.stageOn)
    throw new Refusal(
      'beforeStart',
      `日期 ${on} 早于进入“${nameOfStage(file.stage)}”的日期（${file.stageOn}），请核对。`,
      { fields: { on: `不能早于 ${file.stageOn}` }, cites },
    );
  if (lastSessionOn !== null && on < lastSessionOn)
    throw new Refusal('sessionsAfter', `${lastSessionOn} 还有康复服务记录。请改为这一天或以后，或先作废记错的服务。`, {
      fields: { on: `不能早于最后一次服务 ${lastSessionOn}` },
      cites,
    });
};

/** Refuses (`assessmentMissing`) a transfer-out that rests on no transfer-out assessment of this episode. */
export const checkAssessed = <A extends { readonly id: string }>(assessment: A | undefined): A => {
  if (!assessment)
    throw new Refusal('assessmentMissing', '转出之前须先完成转出评估，请登记评估后再办理转出。', { cites: ['BZ-16'] });
  return assessment;
};

/** Refuses (`followUpTooEarly`) a follow-up before the transfer-out. */
export const checkFollowUp = (on: Day, followUpOn: Day | undefined): void => {
  if (followUpOn !== undefined && followUpOn <= on)
    throw new Refusal('followUpTooEarly', '回访日期应在转出日期之后。', { fields: { followUpOn: `应晚于 ${on}` } });
};
