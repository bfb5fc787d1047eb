// The contract of what the packs say to people: every clause, in our own words.
import { z } from 'zod';
import { operation } from '../kernel/contract.ts';

const ClauseView = z.object({
  id: z.string(),
  /** Title of the document that the clause belongs to. */
  document: z.string(),
  kind: z.array(z.string()),
  summary: z.string(),
});

export const policyApi = {
  clauses: operation({
    name: 'policy.clauses',
    summary: '条款及其说明',
    method: 'GET',
    path: '/policy/clauses',
    roles: 'anyone',
    input: z.object({}),
    output: z.object({ clauses: z.array(ClauseView) }),
  }),
};
