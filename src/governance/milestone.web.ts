// The page of dated steps and tasks.
import { FlagOutlined } from '@ant-design/icons';
import type { PageRoute } from '../web/page.ts';
import { milestoneReaders } from './milestone.api.ts';

export const milestonePages: readonly PageRoute[] = [
  {
    path: '/milestones',
    title: 'milestone:title',
    roles: milestoneReaders,
    city: true,
    menu: { group: 'work', order: 4, icon: FlagOutlined },
    load: () => import('./milestone.web.tsx'),
  },
];
