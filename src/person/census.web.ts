// The pages of the census: lists of departments, one list through its steps, and the rows that wait for a person.
import { ImportOutlined, TeamOutlined } from '@ant-design/icons';
import type { PageRoute } from '../web/page.ts';

export const censusPages: readonly PageRoute[] = [
  {
    path: '/census',
    title: 'census:title',
    roles: ['civilAffairs'],
    menu: { group: 'persons', order: 24, icon: ImportOutlined },
    load: () => import('./census.web.tsx'),
  },
  {
    path: '/census/reviews',
    title: 'census:reviews.title',
    roles: ['civilAffairs'],
    menu: { group: 'persons', order: 25, icon: TeamOutlined },
    load: () => import('./census-reviews.web.tsx'),
  },
  {
    path: '/census/reviews/$list/$position',
    title: 'census:review.title',
    roles: ['civilAffairs'],
    load: () => import('./census-review.web.tsx'),
  },
  {
    path: '/census/$list',
    title: 'census:list.title',
    roles: ['civilAffairs'],
    load: () => import('./census-list.web.tsx'),
  },
];
