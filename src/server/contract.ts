// Every operation of the product, by slice: the router of the contract, for the server, the typed client and OpenAPI.

import { assessmentApi, instrumentApi, teamApi } from '../assessment/assessment.api.ts';
import { agreementApi, consentApi, papersApi } from '../care/agreement.api.ts';
import { dischargeApi, fileApi, serviceApi } from '../care/discharge.api.ts';
import { planApi } from '../care/plan.api.ts';
import { sessionApi } from '../care/session.api.ts';
import { settlementApi } from '../funding/settlement.api.ts';
import { activityApi } from '../governance/activity.api.ts';
import { bodyApi, memberApi } from '../governance/body.api.ts';
import { exchangeApi, exchangeListApi } from '../governance/exchange.api.ts';
import { meetingApi, taskApi } from '../governance/meeting.api.ts';
import { dutyRecordApi, milestoneApi } from '../governance/milestone.api.ts';
import { sweepApi, sweepCoverApi } from '../governance/sweep.api.ts';
import { accountApi } from '../network/account.api.ts';
import { organisationApi, staffApi } from '../network/organisation.api.ts';
import { accessApi, signInRulesApi } from '../network/sign-in-rules.api.ts';
import { hazardApi, siteCheckApi } from '../network/site-check.api.ts';
import { siteDocumentApi } from '../network/site-document.api.ts';
import { auditApi } from '../oversight/audit.api.ts';
import { exportApi } from '../oversight/export.api.ts';
import { censusApi } from '../person/census.api.ts';
import { closureApi } from '../person/closure.api.ts';
import { factApi } from '../person/fact.api.ts';
import { linkApi } from '../person/link.api.ts';
import { openingApi } from '../person/opening.api.ts';
import { personApi } from '../person/people.api.ts';
import { screeningApi } from '../person/screening.api.ts';
import { visitApi } from '../person/visit.api.ts';
import { policyApi } from '../policy/policy.api.ts';
import { applicationApi } from '../referral/application.api.ts';
import { recommendationApi } from '../referral/recommendation.api.ts';
import { referralApi } from '../referral/referral.api.ts';
import { dutyApi } from '../reporting/duty.api.ts';
import { evidenceApi } from '../reporting/evidence.api.ts';
import { indicatorApi } from '../reporting/indicator.api.ts';
import { reportApi } from '../reporting/report.api.ts';
import { worklistApi } from '../reporting/worklist.api.ts';
import { riskApi } from '../safety/risk.api.ts';

export const contract = {
  audit: auditApi,
  export: exportApi,
  duty: dutyApi,
  evidence: evidenceApi,
  indicator: indicatorApi,
  report: reportApi,
  worklist: worklistApi,
  policy: policyApi,
  milestone: milestoneApi,
  dutyRecord: dutyRecordApi,
  instrument: instrumentApi,
  team: teamApi,
  assessment: assessmentApi,
  papers: papersApi,
  consent: consentApi,
  agreement: agreementApi,
  plan: planApi,
  census: censusApi,
  fact: factApi,
  closure: closureApi,
  link: linkApi,
  screening: screeningApi,
  person: personApi,
  opening: openingApi,
  visit: visitApi,
  account: accountApi,
  signInRules: signInRulesApi,
  access: accessApi,
  organisation: organisationApi,
  session: sessionApi,
  discharge: dischargeApi,
  service: serviceApi,
  file: fileApi,
  staff: staffApi,
  hazard: hazardApi,
  siteDocument: siteDocumentApi,
  siteCheck: siteCheckApi,
  application: applicationApi,
  recommendation: recommendationApi,
  referral: referralApi,
  risk: riskApi,
  settlement: settlementApi,
  body: bodyApi,
  member: memberApi,
  meeting: meetingApi,
  task: taskApi,
  activity: activityApi,
  exchange: exchangeApi,
  exchangeList: exchangeListApi,
  sweep: sweepApi,
  sweepCover: sweepCoverApi,
};
export type Contract = typeof contract;
