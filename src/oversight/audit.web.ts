// The pages of the audit.
import { AuditOutlined, ExportOutlined } from '@ant-design/icons';
import type { PageRoute } from '../web/page.ts';
import { revealers } from './audit.ts';

export const auditPages: readonly PageRoute[] = [
  {
    path: '/audit',
    title: 'audit:title',
    roles: ['auditAdmin'],
    menu: { group: 'system', order: 0, icon: AuditOutlined },
    load: () => import('./audit-lines.web.tsx'),
  },
  {
    path: '/exports',
    title: 'audit:exports.title',
    roles: ['auditAdmin', 'civilAffairs'],
    menu: { group: 'system', order: 1, icon: ExportOutlined },
    load: () => import('./exports.web.tsx'),
  },
  {
    path: '/persons/$person/readers',
    title: 'audit:readers.title',
    roles: revealers,
    city: true,
    load: () => import('./audit-readers.web.tsx'),
  },
];
