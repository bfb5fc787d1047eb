// Leaving service: suspension, transfer-out with its outcome (BZ-16), and closing a file for other reasons.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';

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

export const dischargeRecorded = defineEntry({
  type: 'discharge.record',
  summary: '转出',
  body: z.object({
    outcome: DischargeOutcome,
    /** The transfer-out assessment it rests on. */
    assessment: z.uuid().optional(),
    effect: z.enum(['marked', 'improved', 'unchanged', 'worse']),
    note: z.string().max(500).optional().meta({ sealed: true }),
    followUpOn: Day.optional(),
  }),
});

export const serviceSuspended = defineEntry({
  type: 'service.suspend',
  summary: '暂停服务',
  body: z.object({ reason: z.enum(['relapse', 'hospital', 'family', 'other']), note: z.string().max(200).optional() }),
});
export const serviceResumed = defineEntry({
  type: 'service.resume',
  summary: '恢复服务',
  body: z.object({ note: z.string().max(200).optional() }),
});
export const fileClosed = defineEntry({
  type: 'file.close',
  summary: '结案',
  body: z.object({
    reason: z.enum(['moved', 'died', 'closed', 'declined']),
    division: z.string().max(12).optional(),
    note: z.string().max(200).optional(),
  }),
});

export const dischargeEntries = [dischargeRecorded, serviceSuspended, serviceResumed, fileClosed];
