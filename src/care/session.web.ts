// The pages of sessions and of leaving service.
import { CalendarOutlined, FormOutlined } from '@ant-design/icons';
import type { PageRoute } from '../web/page.ts';

const servers = ['site', 'centre', 'hospital'] as const;
const recorders = [...servers, 'civilAffairs'] as const;
const readers = [...recorders, 'federation', 'health'] as const;

export const sessionPages: readonly PageRoute[] = [
  {
    path: '/sessions',
    title: 'session:month.title',
    roles: readers,
    menu: { group: 'services', order: 20, icon: CalendarOutlined },
    load: () => import('./site-month.web.tsx'),
  },
  {
    path: '/sessions/new',
    title: 'session:record.title',
    roles: recorders,
    menu: { group: 'services', order: 10, icon: FormOutlined },
    load: () => import('./session-record.web.tsx'),
  },
  {
    path: '/sessions/$session',
    title: 'session:view.title',
    roles: readers,
    city: true,
    load: () => import('./session-view.web.tsx'),
  },
  {
    path: '/sessions/$session/correct',
    title: 'session:correct.title',
    roles: recorders,
    load: () => import('./session-correct.web.tsx'),
  },
  {
    path: '/persons/$person/sessions',
    title: 'session:person.title',
    roles: readers,
    city: true,
    load: () => import('./person-sessions.web.tsx'),
  },
  {
    path: '/persons/$person/discharge',
    title: 'session:leave.title',
    roles: recorders,
    load: () => import('./discharge.web.tsx'),
  },
  {
    path: '/persons/$person/pause',
    title: 'session:leave.pauseTitle',
    roles: recorders,
    load: () => import('./service-pause.web.tsx'),
  },
  {
    path: '/persons/$person/close',
    title: 'session:leave.closeTitle',
    roles: readers,
    load: () => import('./file-close.web.tsx'),
  },
];
