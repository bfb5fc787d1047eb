// The pages of the exchange between departments and of joint sweeps.
import { SwapOutlined, TeamOutlined } from '@ant-design/icons';
import type { PageRoute } from '../web/page.ts';
import { exchangers } from './exchange.api.ts';
import { sweepKeepers, sweepReaders } from './sweep.api.ts';

export const exchangePages: readonly PageRoute[] = [
  {
    path: '/exchanges',
    title: 'exchange:title',
    roles: exchangers,
    city: true,
    menu: { group: 'network', order: 13, icon: SwapOutlined },
    load: () => import('./exchanges.web.tsx'),
  },
  {
    path: '/exchanges/$exchange',
    title: 'exchange:batchTitle',
    roles: exchangers,
    city: true,
    load: () => import('./exchange.web.tsx'),
  },
  {
    path: '/sweeps',
    title: 'sweep:title',
    roles: sweepReaders,
    city: true,
    menu: { group: 'network', order: 14, icon: TeamOutlined },
    load: () => import('./sweeps.web.tsx'),
  },
  { path: '/sweeps/new', title: 'sweep:openTitle', roles: sweepKeepers, load: () => import('./sweep-open.web.tsx') },
  {
    path: '/sweeps/$sweep',
    title: 'sweep:pageTitle',
    roles: sweepReaders,
    city: true,
    load: () => import('./sweep.web.tsx'),
  },
];
