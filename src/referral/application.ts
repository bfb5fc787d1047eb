// Applications for community rehabilitation and their review (BZ-10; national clock: first check within 5 working days).
import { z } from 'zod';
import { Town } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { RecordedFact } from '../person/person.ts';

/** The three routes: own (client or guardian), a medical institution's advice (BZ-09), anyone else on their behalf. */
export const ApplicationRoute = z.enum(['self', 'guardian', 'hospital', 'other']);
export type ApplicationRoute = z.infer<typeof ApplicationRoute>;

export const applicationSubmitted = defineEntry({
  type: 'application.submit',
  summary: '提出申请',
  body: z.object({
    route: ApplicationRoute,
    applicant: z.string().trim().min(1).max(60).meta({ sealed: true }),
    relation: z.string().max(20).optional(),
    phone: z.string().max(20).optional().meta({ sealed: true }),
    needs: z.string().max(500).optional().meta({ sealed: true }),
    clientWilling: z.boolean(),
    guardianWilling: z.boolean().optional(),
    town: Town.optional(),
    facts: z.array(RecordedFact),
  }),
});

export const applicationReviewed = defineEntry({
  type: 'application.review',
  summary: '审核登记',
  body: z.object({
    application: z.uuid(),
    decision: z.enum(['registered', 'returned', 'refused']),
    reason: z.string().max(500).optional(),
  }),
});

export const applicationEntries = [applicationSubmitted, applicationReviewed];
