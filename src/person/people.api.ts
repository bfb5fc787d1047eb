// Operations on persons: search, a new record by hand, showing personal fields in full, and the ledger as a file.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Area, Id, listQuery, operation, page } from '../kernel/contract.ts';
import { ScreeningOutcome } from '../policy/screen.ts';
import { Stage } from './file.ts';
import { FilePage, Revealed, TimelineRow } from './file-page.ts';
import { NewPersonInput, PersonListRow, PersonSort } from './people.ts';
import { Purpose } from './person.ts';

const listers: Role[] = ['civilAffairs', 'health', 'federation', 'village'];
const readers: Role[] = [...listers, 'hospital', 'centre', 'site'];

const filter = {
  area: Area.optional(),
  stage: Stage.optional(),
  outcome: ScreeningOutcome.or(z.literal('none')).optional(),
  site: z.uuid().optional(),
};

export const PersonQuery = z.object({ ...listQuery, ...filter, sort: PersonSort.optional() });
export type PersonQuery = z.infer<typeof PersonQuery>;

export const personApi = {
  search: operation({
    name: 'person.search',
    summary: '查找人员',
    method: 'GET',
    path: '/persons',
    audit: 'search',
    roles: readers,
    clauses: ['BZ-06', 'BZ-26'],
    input: PersonQuery,
    output: page(PersonListRow),
  }),
  list: operation({
    name: 'person.list',
    summary: '人工建档',
    method: 'POST',
    path: '/persons',
    roles: listers,
    refusals: ['idNumberInvalid', 'certificateInvalid', 'identityMismatch', 'alreadyListed', 'alike', 'inFuture'],
    clauses: ['BZ-06'],
    input: NewPersonInput.extend({ id: Id }),
    output: z.object({ person: z.uuid() }),
  }),
  file: operation({
    name: 'person.file',
    summary: '一人一档',
    method: 'GET',
    path: '/persons/{person}',
    audit: 'read',
    roles: readers,
    city: 'opened',
    clauses: ['QS-08'],
    input: z.object({ person: z.uuid() }),
    output: FilePage,
  }),
  timeline: operation({
    name: 'person.timeline',
    summary: '档案记录',
    method: 'GET',
    path: '/persons/{person}/timeline',
    audit: 'read',
    roles: readers,
    city: 'opened',
    refusals: ['minimumSight'],
    clauses: ['QS-08', 'BZ-26'],
    input: z.object({ ...listQuery, person: z.uuid() }),
    output: page(TimelineRow),
  }),
  // Not a write with an id: its answer holds personal fields, which receipts must not keep.
  reveal: operation({
    name: 'person.reveal',
    summary: '查看完整个人信息',
    method: 'POST',
    path: '/persons/{person}/reveal',
    audit: 'reveal',
    writes: false,
    roles: readers,
    city: 'opened',
    refusals: ['minimumSight'],
    input: z.object({ person: z.uuid(), purpose: Purpose }),
    output: Revealed,
  }),
  ledger: operation({
    name: 'ledger.export',
    summary: '导出康复对象台账',
    method: 'POST',
    writes: false,
    path: '/ledgers/persons',
    audit: 'export',
    roles: ['civilAffairs'],
    refusals: ['tooMany'],
    clauses: ['BZ-26'],
    input: z.object({ ...filter, search: listQuery.search, sort: PersonSort.optional(), purpose: Purpose }),
    output: z.file(),
  }),
};
