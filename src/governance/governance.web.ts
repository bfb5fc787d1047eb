// The pages of governance: bodies and meetings, activities, training hours.
import { AuditOutlined, CalendarOutlined, ReadOutlined } from '@ant-design/icons';
import type { PageRoute } from '../web/page.ts';
import { activityKeepers, trainingReaders } from './activity.api.ts';
import { bodyKeepers, bodyReaders } from './body.ts';

export const governancePages: readonly PageRoute[] = [
  {
    path: '/bodies',
    title: 'governance:bodies.title',
    roles: bodyReaders,
    city: true,
    menu: { group: 'network', order: 10, icon: AuditOutlined },
    load: () => import('./bodies.web.tsx'),
  },
  {
    path: '/bodies/new',
    title: 'governance:body.openTitle',
    roles: bodyKeepers,
    city: true,
    load: () => import('./body-open.web.tsx'),
  },
  {
    path: '/bodies/$body',
    title: 'governance:body.title',
    roles: bodyReaders,
    city: true,
    load: () => import('./body.web.tsx'),
  },
  {
    path: '/bodies/$body/meetings/new',
    title: 'governance:meeting.holdTitle',
    roles: bodyKeepers,
    city: true,
    load: () => import('./meeting-hold.web.tsx'),
  },
  {
    path: '/meetings/$meeting',
    title: 'governance:meeting.title',
    roles: bodyReaders,
    city: true,
    load: () => import('./meeting.web.tsx'),
  },
  {
    path: '/meetings/$meeting/correct',
    title: 'governance:meeting.correctTitle',
    roles: bodyKeepers,
    city: true,
    load: () => import('./meeting-correct.web.tsx'),
  },
  {
    path: '/activities',
    title: 'governance:activities.title',
    roles: activityKeepers,
    city: true,
    menu: { group: 'network', order: 11, icon: CalendarOutlined },
    load: () => import('./activities.web.tsx'),
  },
  {
    path: '/activities/new',
    title: 'governance:activity.recordTitle',
    roles: activityKeepers,
    city: true,
    load: () => import('./activity-record.web.tsx'),
  },
  {
    path: '/activities/$activity',
    title: 'governance:activity.title',
    roles: activityKeepers,
    city: true,
    load: () => import('./activity.web.tsx'),
  },
  {
    path: '/activities/$activity/correct',
    title: 'governance:activity.correctTitle',
    roles: activityKeepers,
    city: true,
    load: () => import('./activity-correct.web.tsx'),
  },
  {
    path: '/training',
    title: 'governance:training.title',
    roles: trainingReaders,
    city: true,
    menu: { group: 'network', order: 12, icon: ReadOutlined },
    load: () => import('./training.web.tsx'),
  },
];
