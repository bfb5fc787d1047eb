// The composition of the slices: the journal with every entry type and projection, and the handler of every operation.
import { assessmentHandlers, instrumentHandlers, teamHandlers } from '../assessment/assessment.server.ts';
import { assessmentProjection } from '../assessment/assessment.sql.ts';
import { assessmentEntries } from '../assessment/assessment.ts';
import { agreementHandlers, consentHandlers, papersHandlers } from '../care/agreement.server.ts';
import { agreementProjection } from '../care/agreement.sql.ts';
import { agreementEntries } from '../care/agreement.ts';
import { dischargeHandlers, fileHandlers, serviceHandlers } from '../care/discharge.server.ts';
import { suspensionProjection } from '../care/discharge.sql.ts';
import { dischargeEntries } from '../care/discharge.ts';
import { planHandlers } from '../care/plan.server.ts';
import { planProjection } from '../care/plan.sql.ts';
import { sessionHandlers } from '../care/session.server.ts';
import { sessionProjection } from '../care/session.sql.ts';
import { sessionEntries } from '../care/session.ts';
import { settlementHandlers } from '../funding/settlement.server.ts';
import { activityHandlers } from '../governance/activity.server.ts';
import { activityProjection } from '../governance/activity.sql.ts';
import { activityEntries } from '../governance/activity.ts';
import { bodyHandlers, memberHandlers } from '../governance/body.server.ts';
import { bodyProjection } from '../governance/body.sql.ts';
import { bodyEntries } from '../governance/body.ts';
import { exchangeHandlers } from '../governance/exchange.server.ts';
import { exchangeListProjection, exchangeProjection } from '../governance/exchange.sql.ts';
import { exchangeEntries } from '../governance/exchange.ts';
import { exchangeListHandlers } from '../governance/exchange-list.server.ts';
import { meetingHandlers, taskHandlers } from '../governance/meeting.server.ts';
import { meetingEntries } from '../governance/meeting.ts';
import { dutyRecordHandlers, milestoneHandlers } from '../governance/milestone.server.ts';
import { milestoneProjection } from '../governance/milestone.sql.ts';
import { dutyRecorded } from '../governance/milestone.ts';
import { sweepCoverHandlers, sweepHandlers } from '../governance/sweep.server.ts';
import { sweepProjection } from '../governance/sweep.sql.ts';
import { sweepEntries } from '../governance/sweep.ts';
import type { OperationMeta } from '../kernel/contract.ts';
import type { JobType } from '../kernel/jobs.ts';
import { createJournal } from '../kernel/journal.ts';
import { accountHandlers } from '../network/account.server.ts';
import { accountEntries } from '../network/account.ts';
import { organisationHandlers, staffHandlers } from '../network/organisation.server.ts';
import { networkProjection } from '../network/organisation.sql.ts';
import { networkEntries } from '../network/organisation.ts';
import { createAccessHandlers, signInRulesHandlers } from '../network/security.server.ts';
import { hazardHandlers, siteCheckHandlers } from '../network/site-check.server.ts';
import { siteCheckProjection } from '../network/site-check.sql.ts';
import { siteCheckEntries } from '../network/site-check.ts';
import { siteDocumentHandlers } from '../network/site-document.server.ts';
import { siteDocumentProjection } from '../network/site-document.sql.ts';
import { siteDocumentAdded } from '../network/site-document.ts';
import { createAuditHandlers } from '../oversight/audit.server.ts';
import { exportHandlers } from '../oversight/export.server.ts';
import { censusHandlers, censusJobs } from '../person/census.server.ts';
import { closureHandlers } from '../person/closure.server.ts';
import { closureEntries } from '../person/closure.ts';
import { factHandlers } from '../person/fact.server.ts';
import { fileProjection } from '../person/file.sql.ts';
import { linkHandlers } from '../person/link.server.ts';
import { openingHandlers } from '../person/opening.server.ts';
import { openingProjection } from '../person/opening.sql.ts';
import { openingEntries } from '../person/opening.ts';
import { personHandlers } from '../person/people.server.ts';
import { factProjection, personProjection } from '../person/person.sql.ts';
import { personEntries } from '../person/person.ts';
import { screeningHandlers } from '../person/screening.server.ts';
import { screeningProjection } from '../person/screening.sql.ts';
import { visitHandlers } from '../person/visit.server.ts';
import { adoptionProjection } from '../policy/adoption.sql.ts';
import { adoptionEntries } from '../policy/adoption.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { policyHandlers } from '../policy/policy.server.ts';
import { applicationHandlers } from '../referral/application.server.ts';
import { applicationProjection } from '../referral/application.sql.ts';
import { applicationEntries } from '../referral/application.ts';
import { recommendationHandlers } from '../referral/recommendation.server.ts';
import { referralHandlers } from '../referral/referral.server.ts';
import { referralProjection } from '../referral/referral.sql.ts';
import { referralEntries } from '../referral/referral.ts';
import { dutyHandlers } from '../reporting/duty.server.ts';
import { evidenceHandlers } from '../reporting/evidence.server.ts';
import { indicatorHandlers } from '../reporting/indicator.server.ts';
import { reportHandlers } from '../reporting/report.server.ts';
import { reportProjection } from '../reporting/report.sql.ts';
import { reportEntries } from '../reporting/report.ts';
import { standingProjection } from '../reporting/standing.sql.ts';
import { worklistHandlers } from '../reporting/worklist.server.ts';
import { riskHandlers } from '../safety/risk.server.ts';
import { accessParts } from './access-guide.ts';
import { type Contract, contract } from './contract.ts';

const entries = [
  ...networkEntries,
  ...siteCheckEntries,
  siteDocumentAdded,
  ...adoptionEntries,
  ...accountEntries,
  ...personEntries,
  ...closureEntries,
  ...openingEntries,
  ...applicationEntries,
  ...referralEntries,
  ...assessmentEntries,
  ...agreementEntries,
  ...sessionEntries,
  ...dischargeEntries,
  ...reportEntries,
  ...bodyEntries,
  ...meetingEntries,
  ...activityEntries,
  ...exchangeEntries,
  ...sweepEntries,
  dutyRecorded,
];

const projections = [
  networkProjection,
  siteCheckProjection,
  siteDocumentProjection,
  adoptionProjection,
  personProjection,
  factProjection,
  applicationProjection,
  referralProjection,
  screeningProjection,
  assessmentProjection,
  agreementProjection,
  planProjection,
  sessionProjection,
  suspensionProjection,
  reportProjection,
  milestoneProjection,
  openingProjection,
  bodyProjection,
  activityProjection,
  exchangeProjection,
  exchangeListProjection,
  sweepProjection,
  // Last: it ends sights, and row-level security then hides the rows that the others still have to write.
  fileProjection,
  // After all whose rows it sums up. What it stands for ends no sight.
  standingProjection,
];

export const journal = createJournal(entries, projections);

const summaries = new Map(
  Object.values(contract).flatMap((part) =>
    Object.values(part).map(({ '~orpc': { meta, route } }) => [(meta as OperationMeta).name, route.summary]),
  ),
);

export const handlers: Handlers<Contract> = {
  audit: createAuditHandlers((operation) => summaries.get(operation)),
  export: exportHandlers,
  duty: dutyHandlers,
  evidence: evidenceHandlers,
  indicator: indicatorHandlers,
  report: reportHandlers,
  worklist: worklistHandlers,
  policy: policyHandlers,
  milestone: milestoneHandlers,
  dutyRecord: dutyRecordHandlers,
  instrument: instrumentHandlers,
  team: teamHandlers,
  assessment: assessmentHandlers,
  papers: papersHandlers,
  consent: consentHandlers,
  agreement: agreementHandlers,
  plan: planHandlers,
  census: censusHandlers,
  fact: factHandlers,
  closure: closureHandlers,
  link: linkHandlers,
  screening: screeningHandlers,
  person: personHandlers,
  opening: openingHandlers,
  visit: visitHandlers,
  account: accountHandlers,
  signInRules: signInRulesHandlers,
  access: createAccessHandlers(() => accessParts(contract)),
  organisation: organisationHandlers,
  session: sessionHandlers,
  discharge: dischargeHandlers,
  service: serviceHandlers,
  file: fileHandlers,
  staff: staffHandlers,
  hazard: hazardHandlers,
  siteDocument: siteDocumentHandlers,
  siteCheck: siteCheckHandlers,
  application: applicationHandlers,
  recommendation: recommendationHandlers,
  referral: referralHandlers,
  risk: riskHandlers,
  settlement: settlementHandlers,
  body: bodyHandlers,
  member: memberHandlers,
  meeting: meetingHandlers,
  task: taskHandlers,
  activity: activityHandlers,
  exchange: exchangeHandlers,
  exchangeList: exchangeListHandlers,
  sweep: sweepHandlers,
  sweepCover: sweepCoverHandlers,
};

/** The kinds of background jobs: `defineJob<Ctx>()({ kind, payload, run })` of a slice's server file. */
export const jobTypes: readonly JobType<Ctx>[] = [...censusJobs];
