// Consent and service agreement, without which there is no service (BZ-14), and the individual plan (QS-08).
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Domain } from './session.ts';

const signer = {
  signedBy: z.enum(['client', 'guardian', 'both']),
  signer: z.string().trim().min(1).max(40).meta({ sealed: true }),
  /** First day it is valid; the entry's `on` is the day it was signed. */
  fromOn: Day,
  /** Last day it is valid; absent: until withdrawn. */
  untilOn: Day.optional(),
};

export const consentSigned = defineEntry({
  type: 'consent.sign',
  summary: '签署知情同意书',
  body: z.object({
    ...signer,
    version: z.string().max(20),
    purposes: z.array(z.string().max(40)),
    recipients: z.array(z.string().max(60)),
  }),
});
export const consentWithdrawn = defineEntry({
  type: 'consent.withdraw',
  summary: '撤回同意',
  body: z.object({ consent: z.uuid(), reason: z.string().max(200) }),
});

export const agreementSigned = defineEntry({
  type: 'agreement.sign',
  summary: '签订服务协议',
  body: z.object({
    ...signer,
    organisation: z.uuid(),
    /** Times a month that the agreement promises. */
    frequency: z.int().min(1).max(31),
    items: z.array(Domain).min(1),
    /** Price to the client in yuan a month; 0 is free of charge (QS-16). */
    price: z.number().min(0),
  }),
});

export const Goal = z.object({
  domain: Domain,
  goal: z.string().trim().min(1).max(200).meta({ sealed: true }),
  /** Sessions a month. */
  frequency: z.int().min(1).max(31),
  responsible: z.string().max(40),
});
export type Goal = z.infer<typeof Goal>;

export const planMade = defineEntry({
  type: 'plan.make',
  summary: '制定康复计划',
  body: z.object({
    goals: z.array(Goal).min(1),
    fromOn: Day,
    reviewOn: Day,
    untilOn: Day.optional(),
    agreed: z.boolean(),
  }),
});

export const agreementEntries = [consentSigned, consentWithdrawn, agreementSigned, planMade];
