// The composition of the slices: the journal with every entry type and projection, and the handler of every operation.
import { assessmentProjection } from '../assessment/assessment.sql.ts';
import { assessmentEntries } from '../assessment/assessment.ts';
import { agreementProjection } from '../care/agreement.sql.ts';
import { agreementEntries } from '../care/agreement.ts';
import { dischargeEntries } from '../care/discharge.ts';
import { planProjection } from '../care/plan.sql.ts';
import { sessionProjection } from '../care/session.sql.ts';
import { sessionEntries } from '../care/session.ts';
import { createJournal } from '../kernel/journal.ts';
import { networkEntries } from '../network/organisation.ts';
import { fileProjection } from '../person/file.sql.ts';
import { factProjection, personProjection } from '../person/person.sql.ts';
import { personEntries } from '../person/person.ts';
import type { Handlers } from '../policy/context.ts';
import { applicationEntries } from '../referral/application.ts';
import { referralEntries } from '../referral/referral.ts';
import type { Contract } from './contract.ts';

const entries = [
  ...networkEntries,
  ...personEntries,
  ...applicationEntries,
  ...referralEntries,
  ...assessmentEntries,
  ...agreementEntries,
  ...sessionEntries,
  ...dischargeEntries,
];

const projections = [
  personProjection,
  factProjection,
  fileProjection,
  assessmentProjection,
  agreementProjection,
  planProjection,
  sessionProjection,
];

export const journal = createJournal(entries, projections);

export const handlers: Handlers<Contract> = {};
