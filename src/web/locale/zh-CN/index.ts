// Chinese texts: one namespace a slice, and the frame's. The other languages have the same keys (locale.test.ts).
import assessment from './assessment.json' with { type: 'json' };
import audit from './audit.json' with { type: 'json' };
import care from './care.json' with { type: 'json' };
import census from './census.json' with { type: 'json' };
import exchange from './exchange.json' with { type: 'json' };
import frame from './frame.json' with { type: 'json' };
import funding from './funding.json' with { type: 'json' };
import governance from './governance.json' with { type: 'json' };
import milestone from './milestone.json' with { type: 'json' };
import network from './network.json' with { type: 'json' };
import person from './person.json' with { type: 'json' };
import policy from './policy.json' with { type: 'json' };
import referral from './referral.json' with { type: 'json' };
import reporting from './reporting.json' with { type: 'json' };
import safety from './safety.json' with { type: 'json' };
import session from './session.json' with { type: 'json' };
import siteCheck from './siteCheck.json' with { type: 'json' };
import sweep from './sweep.json' with { type: 'json' };

export const resources = {
  assessment,
  audit,
  care,
  census,
  exchange,
  frame,
  funding,
  governance,
  milestone,
  network,
  person,
  policy,
  referral,
  reporting,
  safety,
  session,
  siteCheck,
  sweep,
};

export type Namespace = keyof typeof resources;
