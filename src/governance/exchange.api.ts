// Operations on the monthly exchange between departments: send, download, receipt, lists that come back, and the state of a month.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { County, Id, listQuery, Month, operation, page, Reason } from '../kernel/contract.ts';
import { Purpose } from '../person/person.ts';
import {
  BatchKind,
  Department,
  ExchangeListRow,
  ExchangeRow,
  ExchangeView,
  exchangeReceived,
  MonthState,
} from './exchange.ts';

export const exchangers: Role[] = [...Department.options];
/** Who has persons of their own to tell of; public security only receives. */
export const exchangeSenders: Role[] = ['civilAffairs', 'health', 'federation'];
const clauses = ['CM-07'];

export const exchangeApi = {
  send: operation({
    name: 'exchange.send',
    summary: '向其他部门发送当月数据',
    method: 'POST',
    path: '/exchanges',
    audit: 'export',
    roles: exchangeSenders,
    refusals: ['countyOnly', 'monthAhead', 'ownDepartment', 'alreadySent', 'tooMany', 'notForOffice'],
    clauses,
    input: z.object({ id: Id, month: Month, to: Department, kind: BatchKind, purpose: Purpose }),
    output: z.object({ exchange: Id, rows: z.int() }),
  }),
  list: operation({
    name: 'exchange.list',
    summary: '部门数据交换一览',
    method: 'GET',
    path: '/exchanges',
    roles: exchangers,
    city: 'noPerson',
    clauses,
    input: z.object({
      page: listQuery.page,
      pageSize: listQuery.pageSize,
      month: Month.optional(),
      /** What came to one's own department and has no agreeing receipt. */
      waiting: z.union([z.boolean(), z.stringbool()]).optional(),
    }),
    output: page(ExchangeRow.extend({ county: z.string() })),
  }),
  get: operation({
    name: 'exchange.get',
    summary: '一批交换数据',
    method: 'GET',
    path: '/exchanges/{exchange}',
    roles: exchangers,
    city: 'noPerson',
    clauses,
    input: z.object({ exchange: Id }),
    output: ExchangeView,
  }),
  download: operation({
    name: 'exchange.download',
    summary: '下载收到的交换数据',
    method: 'POST',
    writes: false,
    path: '/exchanges/{exchange}/download',
    audit: 'export',
    roles: exchangers,
    refusals: ['countyOnly', 'notReceiver', 'notKept'],
    clauses,
    input: z.object({ exchange: Id, purpose: Purpose }),
    output: z.file(),
  }),
  receive: operation({
    name: 'exchange.receive',
    summary: '对收到的交换数据回执',
    method: 'POST',
    path: '/exchanges/{exchange}/receipt',
    roles: exchangers,
    refusals: ['countyOnly', 'notReceiver', 'alreadyReceived', 'remarkMissing'],
    clauses,
    input: exchangeReceived.body.extend({ id: Id, exchange: Id }),
    output: z.object({ exchange: Id, agrees: z.boolean() }),
  }),
  void: operation({
    name: 'exchange.void',
    summary: '作废发出的交换数据',
    method: 'POST',
    path: '/exchanges/{exchange}/void',
    roles: exchangeSenders,
    refusals: ['countyOnly', 'notSender', 'alreadyReplaced'],
    clauses,
    input: z.object({ id: Id, exchange: Id, reason: Reason }),
    output: z.object({ exchange: Id }),
  }),
  month: operation({
    name: 'exchange.month',
    summary: '当月与各部门交换到哪一步',
    method: 'GET',
    path: '/exchange-months/{month}',
    roles: exchangers,
    city: 'noPerson',
    clauses,
    input: z.object({ month: Month, county: County.optional() }),
    output: z.object({
      month: Month,
      /** Whose view it is: one's own department; above the counties civil affairs. */
      own: Department,
      rows: z.array(
        z.object({
          department: Department,
          state: MonthState,
          batches: z.array(ExchangeRow),
          lists: z.array(ExchangeListRow),
        }),
      ),
    }),
  }),
};

export const exchangeListApi = {
  take: operation({
    name: 'exchangeList.take',
    summary: '把部门名单记入当月交换',
    method: 'POST',
    path: '/exchange-lists',
    roles: ['civilAffairs'],
    refusals: ['countyOnly', 'monthAhead', 'ownList', 'alreadyTaken'],
    clauses,
    input: z.object({ id: Id, list: z.uuid(), month: Month }),
    output: z.object({ list: z.uuid() }),
  }),
  reconcile: operation({
    name: 'exchangeList.reconcile',
    summary: '确认部门名单核对完成',
    method: 'POST',
    path: '/exchange-lists/{list}/reconcile',
    roles: ['civilAffairs'],
    refusals: ['countyOnly', 'notImported', 'stillWaiting', 'alreadyReconciled'],
    clauses,
    input: z.object({ id: Id, list: z.uuid() }),
    output: z.object({ list: z.uuid() }),
  }),
  void: operation({
    name: 'exchangeList.void',
    summary: '撤销名单与当月交换的关联',
    method: 'POST',
    path: '/exchange-lists/{list}/void',
    roles: ['civilAffairs'],
    refusals: ['countyOnly', 'alreadyReplaced'],
    clauses,
    input: z.object({ id: Id, list: z.uuid(), reason: Reason }),
    output: z.object({ list: z.uuid() }),
  }),
};
