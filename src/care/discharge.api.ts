// Operations on leaving service: pause and resume, transfer-out, closing a file, and what a transfer-out would rest on.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Day, Id, operation } from '../kernel/contract.ts';
import { Stage } from '../person/file.ts';
import { CloseReason, DischargeEffect, DischargeOutcome, SuspendReason } from './discharge.ts';

const servers: Role[] = ['site', 'centre', 'hospital', 'civilAffairs'];
const closers: Role[] = [...servers, 'federation', 'health'];
const person = z.uuid();
const Done = z.object({ person, stage: Stage });
const leaving = ['linkedAway', 'stageNotAllowed', 'inFuture', 'beforeStart', 'sessionsAfter'];

export const DischargeBasis = z.object({
  person,
  name: z.string(),
  stage: Stage,
  stageOn: Day,
  organisationName: z.string().nullable(),
  acceptedOn: Day.nullable(),
  /** Of this stay with the organisation. */
  sessions: z.int(),
  standardized: z.int(),
  minutes: z.int(),
  lastSessionOn: Day.nullable(),
  /** The newest transfer-out assessment of this episode. */
  assessment: z.object({ id: z.uuid(), on: Day }).nullable(),
  mayDischarge: z.boolean(),
  maySuspend: z.boolean(),
  mayResume: z.boolean(),
  mayClose: z.boolean(),
});
export type DischargeBasis = z.infer<typeof DischargeBasis>;

export const dischargeApi = {
  basis: operation({
    name: 'discharge.basis',
    summary: '转出和结案的依据',
    method: 'GET',
    path: '/persons/{person}/discharge',
    audit: 'read',
    roles: closers,
    city: 'opened',
    refusals: ['minimumSight', 'linkedAway'],
    clauses: ['BZ-16'],
    input: z.object({ person }),
    output: DischargeBasis,
  }),
  record: operation({
    name: 'discharge.record',
    summary: '办理转出',
    method: 'POST',
    path: '/persons/{person}/discharge',
    roles: servers,
    refusals: [...leaving, 'assessmentMissing', 'followUpTooEarly'],
    clauses: ['BZ-16', 'QS-08'],
    input: z.object({
      id: Id,
      person,
      on: Day,
      outcome: DischargeOutcome,
      effect: DischargeEffect,
      note: z.string().trim().max(500).optional(),
      followUpOn: Day.optional(),
    }),
    output: Done,
  }),
};

export const serviceApi = {
  suspend: operation({
    name: 'service.suspend',
    summary: '暂停服务',
    method: 'POST',
    path: '/persons/{person}/suspend',
    roles: servers,
    refusals: leaving,
    clauses: ['QS-08'],
    input: z.object({ id: Id, person, on: Day, reason: SuspendReason, note: z.string().trim().max(200).optional() }),
    output: Done,
  }),
  resume: operation({
    name: 'service.resume',
    summary: '恢复服务',
    method: 'POST',
    path: '/persons/{person}/resume',
    roles: servers,
    refusals: [...leaving, 'consentMissing'],
    clauses: ['QS-08'],
    input: z.object({ id: Id, person, on: Day, note: z.string().trim().max(200).optional() }),
    output: Done,
  }),
};

export const fileApi = {
  close: operation({
    name: 'file.close',
    summary: '结案',
    method: 'POST',
    path: '/persons/{person}/close',
    roles: closers,
    refusals: [...leaving, 'townUnknown', 'sameCounty', 'consentMissing'],
    clauses: ['BZ-13', 'QS-08'],
    input: z.object({
      id: Id,
      person,
      on: Day,
      reason: CloseReason,
      /** Where the person moved to, where known. */
      division: z
        .string()
        .regex(/^\d{4,12}$/, '应为行政区划代码')
        .optional(),
      note: z.string().trim().max(200).optional(),
      /**
       * Sends the file to the office of `division`, a town of another county, as an application there. The person, or the guardian, has
       * agreed to this receiver (PIPL 23, 29).
       */
      push: z.object({ agreed: z.literal(true, '推送档案须经本人或监护人同意') }).optional(),
    }),
    output: Done.extend({
      /** What the other county's office finds on its desk. */
      pushed: z.object({ county: z.string(), receiptNumber: z.string() }).nullable(),
    }),
  }),
};
