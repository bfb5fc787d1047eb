// Every page of the product: a slice adds its pages with one line here.
import { assessmentPages } from '../assessment/assessment.web.ts';
import { papersPages } from '../care/papers.web.ts';
import { sessionPages } from '../care/session.web.ts';
import { fundingPages } from '../funding/funding.web.ts';
import { exchangePages } from '../governance/exchange.web.ts';
import { governancePages } from '../governance/governance.web.ts';
import { milestonePages } from '../governance/milestone.web.ts';
import { accountPages } from '../network/account.web.ts';
import { organisationPages } from '../network/organisation.web.ts';
import { auditPages } from '../oversight/audit.web.ts';
import { censusPages } from '../person/census.web.ts';
import { personPages } from '../person/person.web.ts';
import { policyPages } from '../policy/policy.web.ts';
import { referralPages } from '../referral/referral.web.ts';
import { reportingPages } from '../reporting/reporting.web.ts';
import { safetyPages } from '../safety/safety.web.ts';
import type { PageRoute } from './page.ts';

export const pages: readonly PageRoute[] = [
  ...reportingPages,
  ...milestonePages,
  ...personPages,
  ...censusPages,
  ...assessmentPages,
  ...papersPages,
  ...sessionPages,
  ...fundingPages,
  ...organisationPages,
  ...governancePages,
  ...exchangePages,
  ...accountPages,
  ...auditPages,
  ...referralPages,
  ...safetyPages,
  ...policyPages,
  { path: '/interface', title: 'frame:interface.title', open: true, load: () => import('./interface.web.tsx') },
];
