// Operations on organisations, their staff and the network of a place.
import { z } from 'zod';
import { Area, Day, Id, listQuery, operation, page } from '../kernel/contract.ts';
import { Qualification } from '../policy/measure.ts';
import { CountyNode, NetworkGap, NetworkNode } from './network.ts';
import {
  changeableFields,
  Organisation,
  OrganisationKind,
  organisationFields,
  Staff,
  staffFields,
  Tier,
} from './organisation.ts';

const employers = ['civilAffairs', 'health', 'federation', 'hospital', 'centre', 'site'] as const;

export const organisationApi = {
  open: operation({
    name: 'organisation.open',
    summary: '设立机构',
    method: 'POST',
    path: '/organisations',
    roles: ['civilAffairs'],
    city: 'noPerson',
    refusals: ['tierMismatch', 'parentUnfit', 'nameTaken', 'nameForbidden', 'inFuture'],
    clauses: ['BZ-03', 'BZ-05', 'QS-11'],
    input: z.object({ id: Id, on: Day, ...organisationFields }),
    output: z.object({ organisation: Id }),
  }),
  change: operation({
    name: 'organisation.change',
    summary: '变更机构信息',
    method: 'POST',
    path: '/organisations/{organisation}/change',
    roles: ['civilAffairs'],
    city: 'noPerson',
    refusals: ['alreadyClosed', 'nameTaken', 'nameForbidden', 'beforeStart', 'inFuture'],
    clauses: ['QS-11'],
    input: z.object({ id: Id, organisation: Id, on: Day, ...changeableFields }),
    output: z.object({}),
  }),
  close: operation({
    name: 'organisation.close',
    summary: '撤销机构',
    method: 'POST',
    path: '/organisations/{organisation}/close',
    roles: ['civilAffairs'],
    city: 'figures',
    refusals: ['alreadyClosed', 'stillServing', 'stillParent', 'beforeStart', 'inFuture'],
    clauses: ['BZ-03'],
    input: z.object({ id: Id, organisation: Id, on: Day, reason: z.string().trim().min(1).max(200) }),
    output: z.object({}),
  }),
  list: operation({
    name: 'organisation.list',
    summary: '机构名录',
    method: 'GET',
    path: '/organisations',
    roles: 'signedIn',
    city: 'figures',
    input: z.object({
      ...listQuery,
      area: Area.optional(),
      kind: OrganisationKind.optional(),
      /** Only those that take clients, and those above the area too: a city's centre serves each of its counties. */
      serving: z.union([z.boolean(), z.stringbool()]).optional(),
      tier: Tier.optional(),
      status: z.enum(['open', 'closed']).optional(),
    }),
    output: page(Organisation),
  }),
  get: operation({
    name: 'organisation.get',
    summary: '机构详情',
    method: 'GET',
    path: '/organisations/{organisation}',
    roles: 'signedIn',
    city: 'figures',
    input: z.object({ organisation: Id }),
    output: Organisation.extend({
      /** Against the place's document. */
      nameGaps: z.array(NetworkGap),
    }),
  }),
  network: operation({
    name: 'organisation.network',
    summary: '服务网络与缺口',
    method: 'GET',
    path: '/network',
    roles: 'signedIn',
    city: 'figures',
    clauses: ['BZ-03'],
    input: z.object({ area: Area.optional() }),
    output: z.object({ cities: z.array(NetworkNode.extend({ counties: z.array(CountyNode) })) }),
  }),
};

export const staffApi = {
  join: operation({
    name: 'staff.join',
    summary: '人员入职',
    method: 'POST',
    path: '/staff',
    roles: employers,
    city: 'noPerson',
    refusals: ['notOwnOrganisation', 'alreadyClosed', 'beforeStart', 'inFuture'],
    input: z.object({ id: Id, on: Day, ...staffFields }),
    output: z.object({ staff: Id }),
  }),
  qualify: operation({
    name: 'staff.qualify',
    summary: '登记人员专业背景',
    method: 'POST',
    path: '/staff/{staff}/qualify',
    roles: employers,
    city: 'noPerson',
    refusals: ['notOwnOrganisation', 'alreadyLeft', 'beforeStart', 'inFuture'],
    clauses: ['BZ-21'],
    input: z.object({
      ...{ id: Id, staff: Id, on: Day, kind: Qualification },
      qualification: z.string().trim().max(60).optional(),
    }),
    output: z.object({}),
  }),
  leave: operation({
    name: 'staff.leave',
    summary: '人员离职',
    method: 'POST',
    path: '/staff/{staff}/leave',
    roles: employers,
    city: 'noPerson',
    refusals: ['notOwnOrganisation', 'alreadyLeft', 'beforeStart', 'inFuture'],
    input: z.object({ id: Id, staff: Id, on: Day, reason: z.string().trim().min(1).max(200) }),
    output: z.object({}),
  }),
  list: operation({
    name: 'staff.list',
    summary: '人员名册',
    method: 'GET',
    path: '/staff',
    roles: employers,
    city: 'noPerson',
    input: z.object({
      ...listQuery,
      organisation: Id.optional(),
      status: z.enum(['employed', 'left']).default('employed'),
    }),
    output: page(Staff),
  }),
};
