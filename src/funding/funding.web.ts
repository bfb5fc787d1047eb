// The pages of funding.
import { AccountBookOutlined } from '@ant-design/icons';
import type { PageRoute } from '../web/page.ts';
import { settlementReaders } from './settlement.api.ts';

export const fundingPages: readonly PageRoute[] = [
  {
    path: '/settlements',
    title: 'funding:title',
    roles: settlementReaders,
    city: true,
    menu: { group: 'figures', order: 40, icon: AccountBookOutlined },
    load: () => import('./settlement.web.tsx'),
  },
];
