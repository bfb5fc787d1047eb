// Answers what the packs say; reads no row.
import type { Handlers } from './context.ts';
import { listClauses } from './library.ts';
import type { policyApi } from './policy.api.ts';

export const policyHandlers: Handlers<typeof policyApi> = {
  clauses: async (_tx, ctx) => ({ clauses: listClauses(ctx.packs) }),
};
