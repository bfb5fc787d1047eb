// The pages of the policy packs.
import { ReadOutlined } from '@ant-design/icons';
import type { PageRoute } from '../web/page.ts';

export const policyPages: readonly PageRoute[] = [
  {
    path: '/policy/packs',
    title: 'policy:packs.title',
    menu: { group: 'figures', order: 50, icon: ReadOutlined },
    load: () => import('./packs.web.tsx'),
  },
  {
    path: '/policy/packs/try',
    title: 'policy:packs.tryTitle',
    roles: ['civilAffairs'],
    city: true,
    load: () => import('./pack-try.web.tsx'),
  },
];
