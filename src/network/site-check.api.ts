// Operations on checks of sites, and on the hazards that they find.
import { z } from 'zod';
import { Area, Day, Id, listQuery, operation, page } from '../kernel/contract.ts';
import { OrganisationKind } from './organisation.ts';
import {
  CheckDepartment,
  CheckedItem,
  hazardClosed,
  inspected,
  inspecting,
  SiteCheckInput,
  SiteCheckKind,
} from './site-check.ts';
import { SiteDocumentView } from './site-document.ts';

const all = [...inspecting, ...inspected];

const Score = { ok: z.int(), asked: z.int() };

export const SiteCheckView = z.object({
  id: z.uuid(),
  kind: SiteCheckKind,
  on: Day,
  ...Score,
  items: z.array(CheckedItem),
  inspectors: z.array(z.string()),
  departments: z.array(CheckDepartment),
  documents: z.array(SiteDocumentView),
  /** Whether the asker may correct or void it. */
  mayChange: z.boolean(),
});
export type SiteCheckView = z.infer<typeof SiteCheckView>;

export const HazardView = z.object({
  id: z.uuid(),
  kind: SiteCheckKind,
  label: z.string(),
  remark: z.string(),
  foundOn: Day,
  dueOn: Day,
  /** Days from today; negative when it is past. Null once it is closed. */
  left: z.int().nullable(),
  closedOn: Day.nullable(),
  /** Null where a later check found it in order. */
  done: z.string().nullable(),
  /** Whether the asker may take back that it was put right. */
  mayReopen: z.boolean(),
});
export type HazardView = z.infer<typeof HazardView>;

export const SiteChecks = z.object({
  /** The place's lists; none where its document has none. */
  checklists: z.array(
    z.object({
      kind: SiteCheckKind,
      title: z.string(),
      clause: z.array(z.string()),
      /** documents: how many are on file, of all checks by this list. */
      items: z.array(z.object({ id: z.string(), text: z.string(), documents: z.int() })),
    }),
  ),
  mayRecord: z.boolean(),
  mayClose: z.boolean(),
  checks: z.array(SiteCheckView),
  /** Found by the newest check of each kind and not put right since. */
  gaps: z.array(z.object({ kind: SiteCheckKind, text: z.string(), remark: z.string().nullable(), on: Day })),
  hazards: z.array(HazardView),
});
export type SiteChecks = z.infer<typeof SiteChecks>;

export const CheckedSite = z.object({
  organisation: z.uuid(),
  name: z.string(),
  division: z.string(),
  kind: OrganisationKind,
  lastOn: Day.nullable(),
  checks: z.array(z.object({ kind: SiteCheckKind, on: Day, ...Score })),
  openHazards: z.int(),
  overdueHazards: z.int(),
});
export type CheckedSite = z.infer<typeof CheckedSite>;

const checks = [
  'checklistMissing',
  'itemsDiffer',
  'remarkMissing',
  'dueMissing',
  'notServing',
  'alreadyClosed',
  'beforeStart',
  'inFuture',
];
const clauses = ['BZ-04', 'QS-07', 'QS-14'];

export const siteCheckApi = {
  record: operation({
    name: 'siteCheck.record',
    summary: '登记站点检查',
    method: 'POST',
    path: '/site-checks',
    roles: inspecting,
    refusals: checks,
    clauses,
    input: SiteCheckInput.extend({ id: Id, organisation: Id }),
    output: z.object({ siteCheck: Id, ...Score, hazards: z.int() }),
  }),
  correct: operation({
    name: 'siteCheck.correct',
    summary: '更正站点检查',
    method: 'POST',
    path: '/site-checks/{siteCheck}/correct',
    roles: inspecting,
    refusals: [...checks, 'otherOffice', 'alreadyReplaced'],
    clauses,
    input: SiteCheckInput.extend({ id: Id, siteCheck: Id }),
    output: z.object({ siteCheck: Id, ...Score, hazards: z.int() }),
  }),
  void: operation({
    name: 'siteCheck.void',
    summary: '作废站点检查',
    method: 'POST',
    path: '/site-checks/{siteCheck}/void',
    roles: inspecting,
    refusals: ['otherOffice', 'alreadyReplaced'],
    clauses,
    input: z.object({ id: Id, siteCheck: Id, reason: z.string().trim().min(2, '请写明作废原因').max(200) }),
    output: z.object({}),
  }),
  /** Counts by site: nothing of what was found. */
  list: operation({
    name: 'siteCheck.list',
    summary: '站点检查一览',
    method: 'GET',
    path: '/site-checks',
    roles: all,
    city: 'noPerson',
    clauses,
    input: z.object({ ...listQuery, area: Area.optional(), show: z.enum(['hazards', 'overdue', 'never']).optional() }),
    output: page(CheckedSite),
  }),
  ofOrganisation: operation({
    name: 'siteCheck.ofOrganisation',
    summary: '一家机构的检查与隐患',
    method: 'GET',
    path: '/organisations/{organisation}/site-checks',
    roles: all,
    clauses,
    input: z.object({ organisation: Id }),
    output: SiteChecks,
  }),
};

export const hazardApi = {
  close: operation({
    name: 'hazard.close',
    summary: '登记整改完成',
    method: 'POST',
    path: '/hazards/{hazard}/close',
    roles: all,
    refusals: ['hazardClosed', 'beforeStart', 'inFuture'],
    clauses: ['QS-14'],
    input: z.object({ id: Id, hazard: Id, on: Day, done: hazardClosed.body.shape.done }),
    output: z.object({}),
  }),
  reopen: operation({
    name: 'hazard.reopen',
    summary: '撤销整改完成',
    method: 'POST',
    path: '/hazards/{hazard}/reopen',
    roles: all,
    refusals: ['notClosed', 'foundAgain', 'otherOffice', 'alreadyReplaced'],
    clauses: ['QS-14'],
    input: z.object({ id: Id, hazard: Id, reason: z.string().trim().min(2, '请写明撤销原因').max(200) }),
    output: z.object({}),
  }),
};
