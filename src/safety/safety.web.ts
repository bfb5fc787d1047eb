// The pages of safety.
import { AlertOutlined } from '@ant-design/icons';
import type { PageRoute } from '../web/page.ts';
import { riskReaders } from './risk.api.ts';

export const safetyPages: readonly PageRoute[] = [
  {
    path: '/risks',
    title: 'safety:title',
    roles: riskReaders,
    menu: { group: 'persons', order: 90, icon: AlertOutlined },
    load: () => import('./risks.web.tsx'),
  },
];
