// The pages of the service network.
import { ApartmentOutlined, BankOutlined, SafetyCertificateOutlined, TeamOutlined } from '@ant-design/icons';
import type { Role } from '../kernel/access.ts';
import type { PageRoute } from '../web/page.ts';

const employers: readonly Role[] = ['civilAffairs', 'health', 'federation', 'hospital', 'centre', 'site'];

export const organisationPages: readonly PageRoute[] = [
  {
    path: '/network',
    title: 'network:tree.title',
    menu: { group: 'network', order: 1, icon: ApartmentOutlined },
    load: () => import('./network.web.tsx'),
  },
  {
    path: '/organisations',
    title: 'network:organisations.title',
    menu: { group: 'network', order: 2, icon: BankOutlined },
    load: () => import('./organisations.web.tsx'),
  },
  {
    path: '/organisations/new',
    title: 'network:organisation.openTitle',
    roles: ['civilAffairs'],
    city: true,
    load: () => import('./organisation-open.web.tsx'),
  },
  {
    path: '/organisations/$organisation',
    title: 'network:organisation.title',
    load: () => import('./organisation.web.tsx'),
  },
  {
    path: '/organisations/$organisation/check',
    title: 'siteCheck:formTitle',
    roles: ['civilAffairs', 'health', 'federation'],
    load: () => import('./site-check-form.web.tsx'),
  },
  {
    path: '/site-checks',
    title: 'siteCheck:list.title',
    roles: employers,
    city: true,
    menu: { group: 'network', order: 4, icon: SafetyCertificateOutlined },
    load: () => import('./site-checks.web.tsx'),
  },
  {
    path: '/staff',
    title: 'network:staff.listTitle',
    roles: employers,
    city: true,
    menu: { group: 'network', order: 3, icon: TeamOutlined },
    load: () => import('./staff.web.tsx'),
  },
];
