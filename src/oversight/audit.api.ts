// Operations of the audit: its lines, what is unusual, both for audit administrators; and who opened a person's file.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Day, Id, listQuery, operation, page } from '../kernel/contract.ts';
import { Purpose } from '../person/person.ts';
import { AuditRow, AuditSpan, auditFilter, ReaderRow, revealers } from './audit.ts';
import { Unusual } from './audit-unusual.ts';

const auditors: readonly Role[] = ['auditAdmin'];

export const auditApi = {
  list: operation({
    name: 'audit.list',
    summary: '查看审计记录',
    method: 'GET',
    path: '/audit',
    audit: 'audit',
    roles: auditors,
    input: z.object({ ...listQuery, ...auditFilter }),
    output: page(AuditRow).extend({ from: Day, to: Day }),
  }),
  unusual: operation({
    name: 'audit.unusual',
    summary: '查看异常查阅提示',
    method: 'GET',
    path: '/audit/unusual',
    audit: 'audit',
    roles: auditors,
    input: AuditSpan,
    output: z.object({
      filesPerHour: z.int(),
      /** There was too much to look through: of the oldest nothing is said. */
      cut: z.boolean(),
      rows: z.array(Unusual.extend({ actorName: z.string().nullable(), fromOn: Day, toOn: Day })),
    }),
  }),
  export: operation({
    name: 'audit.export',
    summary: '导出审计记录',
    method: 'POST',
    writes: false,
    path: '/audit/sheet',
    audit: 'export',
    roles: auditors,
    refusals: ['tooMany'],
    input: z.object({ ...auditFilter, purpose: Purpose }),
    output: z.file(),
  }),
  readers: operation({
    name: 'audit.readers',
    summary: '查看谁看过此人的档案',
    method: 'GET',
    path: '/persons/{person}/readers',
    audit: 'read',
    roles: revealers,
    city: 'opened',
    refusals: ['minimumSight'],
    input: z.object({ person: Id, page: listQuery.page, pageSize: listQuery.pageSize }),
    output: page(ReaderRow).extend({ /** Masked. */ name: z.string(), printedAt: z.string() }),
  }),
};
