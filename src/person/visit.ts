// Home visits (BZ-06): who went, whom they met, what they found; recorded, corrected and voided.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { FactInput } from './fact.ts';
import { RecordedFact, visitRecorded } from './person.ts';

const fields = visitRecorded.body.shape;

/** What the form sends. A visit that met nobody is a visit too: it is an attempt that must be repeated. */
export const VisitInput = z.object({
  on: Day,
  method: fields.method,
  participants: z.array(z.string().trim().min(1).max(40)).min(1, '请填写走访人员').max(10),
  met: fields.met
    .min(1, '请选择见到了谁')
    .refine((met) => met.length === 1 || !met.includes('none'), { error: '“没有见到人”不能与其他选项同选' }),
  facts: z.array(FactInput).max(30).default([]),
  family: fields.family,
  aid: z.array(z.string().trim().min(1).max(40)).max(20).default([]),
  note: fields.note,
});
export type VisitInput = z.infer<typeof VisitInput>;

export const VisitView = z.object({
  id: z.uuid(),
  on: Day,
  at: z.string(),
  method: fields.method,
  participants: z.array(z.string()),
  met: fields.met,
  facts: z.array(RecordedFact),
  family: z.string().nullable(),
  aid: z.array(z.string()),
  note: z.string().nullable(),
  organisation: z.string().nullable(),
  corrected: z.boolean(),
  mayChange: z.boolean(),
});
export type VisitView = z.infer<typeof VisitView>;
