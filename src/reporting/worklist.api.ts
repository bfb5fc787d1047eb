// Operations on the work list: what waits for whoever asks, and one kind of it page by page.
import { z } from 'zod';
import { listQuery, operation, page } from '../kernel/contract.ts';
import { WorkGroup, WorkKind, WorkRow } from './worklist.ts';

export const worklistApi = {
  get: operation({
    name: 'worklist.get',
    summary: '待办事项',
    method: 'GET',
    path: '/worklist',
    audit: 'search',
    roles: 'signedIn',
    city: 'figures',
    input: z.object({}),
    output: z.object({ groups: z.array(WorkGroup) }),
  }),
  list: operation({
    name: 'worklist.list',
    summary: '一类待办事项',
    method: 'GET',
    path: '/worklist/{kind}',
    audit: 'search',
    roles: 'signedIn',
    city: 'figures',
    refusals: ['notYours'],
    input: z.object({ ...listQuery, kind: WorkKind }),
    output: page(WorkRow).extend({ clauses: z.array(z.string()) }),
  }),
};
