// The contract of the papers before service: consent, agreement, and what stands for a person on a day.
import { z } from 'zod';
import { Needs } from '../assessment/instrument.ts';
import { Day, Id, operation } from '../kernel/contract.ts';
import { Stage } from '../person/file.ts';
import {
  AgreementView,
  agreementSigned,
  ConsentView,
  consentSigned,
  consentWithdrawn,
  PaperStep,
  ServicePapers,
} from './agreement.ts';
import { PlanView } from './plan.ts';

const person = z.uuid();
const signers = ['civilAffairs', 'centre', 'site'] as const;
const signRefusals = ['beforeStart', 'inFuture', 'linkedAway', 'periodInvalid', 'stageNotAllowed'] as const;

export const papersApi = {
  get: operation({
    name: 'papers.get',
    summary: '一个人的同意书、协议、基线评估和计划',
    method: 'GET',
    path: '/persons/{person}/papers',
    audit: 'read',
    roles: ['civilAffairs', 'health', 'federation', 'hospital', 'centre', 'site'],
    city: 'opened',
    refusals: ['minimumSight', 'linkedAway'],
    clauses: ['BZ-14', 'QS-08'],
    input: z.object({ person, on: Day.optional() }),
    output: z.object({
      on: Day,
      /** Masked. */
      name: z.string(),
      /** Masked; null when known to have none or not known. */
      guardian: z.object({ name: z.string(), relation: z.string().nullable() }).nullable(),
      /** Whole years on the day; null when the birth date is not known. */
      age: z.int().nullable(),
      stage: Stage,
      acceptedOn: Day.nullable(),
      site: z.object({ id: z.uuid(), name: z.string(), phone: z.string().nullable() }).nullable(),
      papers: ServicePapers,
      /** What asks for papers before service there; null where no document does. */
      rule: z.object({ clause: z.array(z.string()), endedOn: Day.nullable() }).nullable(),
      next: PaperStep.nullable(),
      consents: z.array(ConsentView),
      agreements: z.array(AgreementView),
      plans: z.array(PlanView),
      needs: Needs,
    }),
  }),
};

export const consentApi = {
  sign: operation({
    name: 'consent.sign',
    summary: '登记已签署的知情同意书',
    method: 'POST',
    path: '/persons/{person}/consents',
    roles: signers,
    refusals: [...signRefusals, 'consentIncomplete', 'consentTextUnknown'],
    clauses: ['BZ-14'],
    input: z.object({ id: Id, person, on: Day, ...consentSigned.body.shape }),
    output: z.object({ id: Id }),
  }),
  withdraw: operation({
    name: 'consent.withdraw',
    summary: '登记撤回同意',
    method: 'POST',
    path: '/consents/{consent}/withdraw',
    roles: signers,
    refusals: ['alreadyWithdrawn', 'beforeStart', 'inFuture', 'linkedAway', 'stageNotAllowed'],
    clauses: ['BZ-14'],
    input: z.object({ id: Id, on: Day, ...consentWithdrawn.body.shape }),
    output: z.object({ stage: Stage }),
  }),
};

export const agreementApi = {
  sign: operation({
    name: 'agreement.sign',
    summary: '登记已签订的服务协议',
    method: 'POST',
    path: '/persons/{person}/agreements',
    roles: signers,
    refusals: [...signRefusals],
    clauses: ['BZ-14', 'QS-16'],
    /** The organisation is the one that accepted the person. */
    input: z.object({ id: Id, person, on: Day, ...agreementSigned.body.omit({ organisation: true }).shape }),
    output: z.object({ id: Id }),
  }),
};
