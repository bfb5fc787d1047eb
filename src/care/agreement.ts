// Consent and service agreement, without which there is no service (BZ-14), and the entry of the individual plan (QS-08).
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { File } from '../person/file.ts';
import { consentTextOn, findConsentText } from './consent-text.ts';
import { Domain } from './session.ts';

export const SignedBy = z.enum(['client', 'guardian', 'both']);
export type SignedBy = z.infer<typeof SignedBy>;

const signer = {
  signedBy: SignedBy,
  signer: z.string().trim().min(1, '请填写签署人姓名').max(40).meta({ sealed: true }),
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
  body: z.object({
    consent: z.uuid(),
    reason: z.string().trim().min(1, '请填写撤回原因').max(200).meta({ sealed: true }),
  }),
});

export const agreementSigned = defineEntry({
  type: 'agreement.sign',
  summary: '签订服务协议',
  body: z.object({
    ...signer,
    organisation: z.uuid(),
    /** Times a month that the agreement promises. */
    frequency: z.int().min(1).max(31),
    items: z.array(Domain).min(1, '请至少选择一个服务项目'),
    /** Price to the client in yuan a month; 0 is free of charge (QS-16). */
    price: z.number().min(0).max(1_000_000),
  }),
});

export const Goal = z.object({
  domain: Domain,
  goal: z.string().trim().min(1, '请填写目标').max(200).meta({ sealed: true }),
  /** Sessions a month. */
  frequency: z.int().min(1).max(31),
  responsible: z.string().trim().min(1, '请填写负责人').max(40),
});
export type Goal = z.infer<typeof Goal>;

export const planMade = defineEntry({
  type: 'plan.make',
  summary: '制定康复计划',
  body: z.object({
    goals: z.array(Goal).min(1, '请至少填写一个目标').max(30),
    fromOn: Day,
    reviewOn: Day,
    untilOn: Day.optional(),
    agreed: z.boolean(),
  }),
});

export const agreementEntries = [consentSigned, consentWithdrawn, agreementSigned, planMade];

const signed = {
  id: z.uuid(),
  signedOn: Day,
  signedBy: SignedBy,
  signer: z.string(),
  fromOn: Day,
  untilOn: Day.nullable(),
};
export const ConsentView = z.object({
  ...signed,
  withdrawnOn: Day.nullable(),
  version: z.string(),
  purposes: z.array(z.string()),
  recipients: z.array(z.string()),
});
export type ConsentView = z.infer<typeof ConsentView>;

export const AgreementView = z.object({
  ...signed,
  organisation: z.uuid(),
  organisationName: z.string().nullable(),
  frequency: z.int(),
  items: z.array(Domain),
  price: z.number(),
});
export type AgreementView = z.infer<typeof AgreementView>;

/** What stands for a person on a day: the id of the valid consent and agreement, the baseline, and the plan in force, or null. */
export const ServicePapers = z.object({
  person: z.uuid(),
  consent: z.uuid().nullable(),
  agreement: z.uuid().nullable(),
  baseline: z.uuid().nullable(),
  plan: z.uuid().nullable(),
});
export type ServicePapers = z.infer<typeof ServicePapers>;

/** The four steps in their order (QS-08); each is a key of `ServicePapers`. */
export const PaperStep = z.enum(['consent', 'agreement', 'baseline', 'plan']);
export type PaperStep = z.infer<typeof PaperStep>;

/** The first of the four steps that is missing, or null when all stand. */
export const nextPaper = (papers: ServicePapers): PaperStep | null =>
  PaperStep.options.find((step) => papers[step] === null) ?? null;

/** Refuses (`beforeStart`) a day before the organisation accepted the person: nothing of the service happens earlier. */
export const checkStarted = (file: Pick<File, 'acceptedOn'>, on: Day, cites: readonly string[]): void => {
  if (file.acceptedOn !== null && on < file.acceptedOn)
    throw new Refusal('beforeStart', `日期 ${on} 早于机构接收此人的日期（${file.acceptedOn}），不能登记。`, {
      fields: { on: `不能早于 ${file.acceptedOn}` },
      cites,
    });
};

/** Refuses (`periodInvalid`) a validity that begins before the signature or ends before it begins. */
export const checkPeriod = (on: Day, period: { fromOn: Day; untilOn?: Day | undefined }): void => {
  if (period.fromOn < on)
    throw new Refusal('periodInvalid', `生效日期 ${period.fromOn} 早于签署日期 ${on}。`, {
      fields: { fromOn: `不能早于签署日期 ${on}` },
      cites: ['BZ-14'],
    });
  if (period.untilOn !== undefined && period.untilOn < period.fromOn)
    throw new Refusal('periodInvalid', `截止日期 ${period.untilOn} 早于生效日期 ${period.fromOn}。`, {
      fields: { untilOn: `不能早于生效日期 ${period.fromOn}` },
      cites: ['BZ-14'],
    });
};

/** Refuses what the consent form of that version does not offer: an unknown version, one that is not in force on the day, purpose or recipient, or a needed one left out. */
export const checkConsent = (consent: { version: string; purposes: string[]; recipients: string[] }, on: Day): void => {
  const text = findConsentText(consent.version);
  if (!text)
    throw new Refusal('consentTextUnknown', `没有版本号为“${consent.version}”的知情同意书，请刷新页面。`, {
      fields: { version: '版本不存在' },
    });
  if (on < text.inForceOn && text !== consentTextOn(on))
    throw new Refusal(
      'consentTextUnknown',
      `“${consent.version}”版同意书自 ${text.inForceOn} 起启用，请核对签署日期，或改用当时的版本。`,
      { fields: { on: `不能早于 ${text.inForceOn}` } },
    );
  const chosen = new Set([...consent.purposes, ...consent.recipients]);
  const missing = [...text.purposes, ...text.recipients].filter((item) => item.needed && !chosen.has(item.id));
  if (missing.length)
    throw new Refusal(
      'consentIncomplete',
      `未同意${missing.map((item) => `“${item.text}”`).join('、')}，无法提供服务。`,
      {
        fields: Object.fromEntries(
          (['purposes', 'recipients'] as const)
            .filter((list) => missing.some((item) => text[list].includes(item)))
            .map((list) => [list, '缺少提供服务所必需的同意事项']),
        ),
        cites: ['BZ-14'],
      },
    );
  const offered = new Set([...text.purposes, ...text.recipients].map((item) => item.id));
  const foreign = [...consent.purposes, ...consent.recipients].find((id) => !offered.has(id));
  if (foreign !== undefined)
    throw new Refusal('consentTextUnknown', `该版本的知情同意书没有“${foreign}”这一项。`, {
      fields: { purposes: `没有“${foreign}”这一项` },
    });
};

/** Refuses to withdraw a consent twice, or on a day before it was signed. */
export const checkWithdrawal = (consent: Pick<ConsentView, 'signedOn' | 'withdrawnOn'>, on: Day): void => {
  if (consent.withdrawnOn !== null)
    throw new Refusal('alreadyWithdrawn', `这份同意书已于 ${consent.withdrawnOn} 撤回。`, { kind: 'conflict' });
  if (on < consent.signedOn)
    throw new Refusal('beforeStart', `撤回日期 ${on} 早于签署日期 ${consent.signedOn}。`, {
      fields: { on: `不能早于 ${consent.signedOn}` },
      cites: ['BZ-14'],
    });
};
