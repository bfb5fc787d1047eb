// Operations on exports: the list of what left, and the printing of a page about a person.
import { z } from 'zod';
import { Area, Day, Id, listQuery, operation, page } from '../kernel/contract.ts';
import { Purpose } from '../person/person.ts';
import { revealers } from './audit.ts';
import { ExportKind, ExportRow, PrintKind } from './export.ts';

export const exportApi = {
  list: operation({
    name: 'export.list',
    summary: '导出记录',
    method: 'GET',
    path: '/exports',
    audit: 'audit',
    roles: ['civilAffairs', 'auditAdmin'],
    city: 'noPerson',
    input: z.object({
      page: listQuery.page,
      pageSize: listQuery.pageSize,
      area: Area.optional(),
      kind: ExportKind.optional(),
      from: Day.optional(),
      to: Day.optional(),
    }),
    output: page(ExportRow),
  }),
  print: operation({
    name: 'export.print',
    summary: '打印含个人信息的页面',
    method: 'POST',
    path: '/exports/prints',
    audit: 'export',
    roles: revealers,
    refusals: ['minimumSight', 'linkedAway'],
    input: z.object({ id: Id, person: Id, kind: PrintKind, purpose: Purpose }),
    output: z.object({ serial: z.string(), watermark: z.string() }),
  }),
};
