// The pages of accounts.
import { SafetyCertificateOutlined, TableOutlined, UserOutlined } from '@ant-design/icons';
import type { PageRoute } from '../web/page.ts';

export const accountPages: readonly PageRoute[] = [
  {
    path: '/accounts',
    title: 'network:account.title',
    roles: ['systemAdmin', 'securityAdmin', 'auditAdmin'],
    menu: { group: 'system', order: 1, icon: UserOutlined },
    load: () => import('./accounts.web.tsx'),
  },
  {
    path: '/accounts/new',
    title: 'network:account.create',
    roles: ['systemAdmin'],
    load: () => import('./account-create.web.tsx'),
  },
  {
    path: '/sign-in-rules',
    title: 'network:rules.title',
    roles: ['systemAdmin', 'securityAdmin', 'auditAdmin'],
    menu: { group: 'system', order: 2, icon: SafetyCertificateOutlined },
    load: () => import('./sign-in-rules.web.tsx'),
  },
  {
    path: '/access',
    title: 'network:access.title',
    roles: ['systemAdmin', 'securityAdmin', 'auditAdmin'],
    menu: { group: 'system', order: 3, icon: TableOutlined },
    load: () => import('./access.web.tsx'),
  },
  { path: '/security', title: 'network:security.title', load: () => import('./account-security.web.tsx') },
  { path: '/password', title: 'network:account.change', load: () => import('./account-password.web.tsx') },
];
