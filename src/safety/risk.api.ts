// Operations on persons at risk: the list, and whom to find for public security.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Area, Id, listQuery, operation, page } from '../kernel/contract.ts';
import { Purpose } from '../person/person.ts';
import { RiskLevel } from '../policy/facts.ts';
import { RiskContact, RiskRow } from './risk.ts';

export const riskReaders: Role[] = ['civilAffairs', 'health', 'publicSecurity'];

export const riskApi = {
  list: operation({
    name: 'risk.list',
    summary: '危险性评估三级及以上人员',
    method: 'GET',
    path: '/risks',
    audit: 'search',
    roles: riskReaders,
    clauses: ['CM-06'],
    input: z.object({
      page: listQuery.page,
      pageSize: listQuery.pageSize,
      area: Area.optional(),
      level: z.coerce.number().pipe(RiskLevel).optional(),
    }),
    output: page(RiskRow),
  }),
  // Not a write with an id: its answer holds personal fields, which receipts must not keep.
  contact: operation({
    name: 'risk.contact',
    summary: '查看三级及以上人员的联系方式',
    method: 'POST',
    path: '/risks/{person}/contact',
    audit: 'reveal',
    writes: false,
    roles: ['publicSecurity'],
    clauses: ['CM-06'],
    input: z.object({ person: Id, purpose: Purpose }),
    output: RiskContact,
  }),
};
