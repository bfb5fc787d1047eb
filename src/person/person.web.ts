// The pages of persons: list, new record, file, screening, visit, and the screening of a town.
import { DiffOutlined, FileSearchOutlined, UnlockOutlined, UserOutlined } from '@ant-design/icons';
import type { Role } from '../kernel/access.ts';
import type { PageRoute } from '../web/page.ts';
import { openingRoles } from './opening.api.ts';

const listers: readonly Role[] = ['civilAffairs', 'health', 'federation', 'village'];
const readers: readonly Role[] = [...listers, 'hospital', 'centre', 'site'];

export const personPages: readonly PageRoute[] = [
  {
    path: '/persons',
    title: 'person:people.title',
    roles: readers,
    menu: { group: 'persons', order: 10, icon: UserOutlined },
    load: () => import('./people.web.tsx'),
  },
  { path: '/persons/new', title: 'person:new.title', roles: listers, load: () => import('./new-person.web.tsx') },
  {
    path: '/persons/$person',
    title: 'person:file.title',
    roles: readers,
    city: true,
    load: () => import('./file-page.web.tsx'),
  },
  {
    path: '/persons/$person/screening',
    title: 'person:screening.title',
    roles: [...listers, 'hospital'],
    load: () => import('./screening.web.tsx'),
  },
  {
    path: '/persons/$person/visit',
    title: 'person:visit.title',
    roles: [...listers, 'centre', 'site'],
    load: () => import('./visit.web.tsx'),
  },
  {
    path: '/openings',
    title: 'person:opening.title',
    roles: openingRoles,
    city: true,
    menu: { group: 'persons', order: 95, icon: UnlockOutlined },
    load: () => import('./opening.web.tsx'),
  },
  {
    path: '/screenings',
    title: 'person:screenings.title',
    roles: ['civilAffairs', 'health'],
    menu: { group: 'persons', order: 20, icon: FileSearchOutlined },
    load: () => import('./screenings.web.tsx'),
  },
  {
    path: '/screening/compare',
    title: 'person:compare.title',
    menu: { group: 'figures', order: 60, icon: DiffOutlined },
    load: () => import('./comparison.web.tsx'),
  },
];
