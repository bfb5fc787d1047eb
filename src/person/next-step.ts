// The one obvious next step of a file: from its stage, its newest screening and its papers, and whose step it is.
import { z } from 'zod';
import type { ServicePapers } from '../care/agreement.ts';
import { nextPaper } from '../care/agreement.ts';
import { Role } from '../kernel/access.ts';
import type { ScreeningOutcome } from '../policy/screen.ts';
import type { Stage } from './file.ts';

export const Step = z.enum([
  'screen',
  'apply',
  'review',
  'refer',
  'answer',
  'reviewQueue',
  'consent',
  'agreement',
  'baseline',
  'plan',
  'session',
  'resume',
]);
export type Step = z.infer<typeof Step>;

/** Whose step it is: the first named is asked when somebody else looks. */
const doers: Readonly<Record<Step, readonly Role[]>> = {
  screen: ['civilAffairs', 'health'],
  apply: ['civilAffairs', 'federation', 'health', 'hospital', 'village'],
  review: ['civilAffairs'],
  refer: ['civilAffairs', 'hospital', 'centre'],
  answer: ['site', 'centre', 'hospital'],
  reviewQueue: ['civilAffairs', 'centre'],
  consent: ['site', 'centre', 'civilAffairs'],
  agreement: ['site', 'centre', 'civilAffairs'],
  baseline: ['site', 'centre', 'hospital'],
  plan: ['site', 'centre'],
  session: ['site', 'centre', 'hospital'],
  resume: ['site', 'centre', 'hospital'],
};

const officesSigning: readonly Role[] = ['civilAffairs'];

export const NextStep = z.object({ step: Step, mine: z.boolean(), by: Role });
export type NextStep = z.infer<typeof NextStep>;

interface Standing {
  readonly stage: Stage;
  /** Of the newest screening; null: never screened. */
  readonly outcome: ScreeningOutcome | null;
  /** The consent that was signed is valid no more: whoever served has lost sight, and the office signs anew. */
  readonly ended: boolean;
  readonly papers: Pick<ServicePapers, 'consent' | 'agreement' | 'baseline' | 'plan' | 'person'>;
}

const stepOf = ({ stage, outcome, papers, ended }: Standing): Step | null => {
  switch (stage) {
    case 'listed':
      return outcome === 'eligible' ? 'apply' : 'screen';
    case 'ineligible':
      return 'screen';
    case 'applied':
      return outcome === 'eligible' ? 'review' : 'screen';
    case 'registered':
      return 'refer';
    case 'referred':
      return 'answer';
    case 'queued':
      return 'reviewQueue';
    case 'accepted':
    case 'inService':
      return nextPaper(papers) ?? 'session';
    case 'suspended':
      return ended ? 'consent' : 'resume';
    case 'died':
      return null;
    default:
      return 'apply';
  }
};

/** Null only where nothing can follow. */
export const decideNextStep = (standing: Standing, role: Role): NextStep | null => {
  const step = stepOf(standing);
  if (step === null) return null;
  const roles = step === 'consent' && standing.ended ? officesSigning : doers[step];
  return { step, mine: roles.includes(role), by: roles[0] ?? 'civilAffairs' };
};
