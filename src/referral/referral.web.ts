// The pages of applications and referrals.
import { AuditOutlined, HourglassOutlined, InboxOutlined, SendOutlined, SwapOutlined } from '@ant-design/icons';
import type { Role } from '../kernel/access.ts';
import type { PageRoute } from '../web/page.ts';

const clerks: readonly Role[] = ['civilAffairs', 'federation', 'health', 'hospital', 'village'];
const receivers: readonly Role[] = ['hospital', 'centre', 'site'];
const overseers: readonly Role[] = ['civilAffairs', 'health', 'federation', ...receivers];
const senders: readonly Role[] = ['civilAffairs', 'hospital', 'centre'];

export const referralPages: readonly PageRoute[] = [
  {
    path: '/apply',
    title: 'referral:apply.title',
    open: true,
    load: () => import('./apply.web.tsx'),
  },
  {
    path: '/applications',
    title: 'referral:applications.title',
    roles: clerks,
    menu: { group: 'work', order: 20, icon: AuditOutlined },
    load: () => import('./applications.web.tsx'),
  },
  {
    path: '/applications/new',
    title: 'referral:application.submitTitle',
    roles: clerks,
    load: () => import('./application-submit.web.tsx'),
  },
  {
    path: '/applications/$application',
    title: 'referral:application.title',
    roles: clerks,
    load: () => import('./application.web.tsx'),
  },
  {
    path: '/recommendations/new',
    title: 'referral:recommend.title',
    roles: ['hospital', 'health'],
    load: () => import('./recommendation.web.tsx'),
  },
  {
    path: '/referrals/inbox',
    title: 'referral:inbox.title',
    roles: receivers,
    menu: { group: 'work', order: 21, icon: InboxOutlined },
    load: () => import('./inbox.web.tsx'),
  },
  {
    path: '/referrals/pending',
    title: 'referral:pending.title',
    roles: ['civilAffairs', 'hospital', 'health'],
    menu: { group: 'work', order: 22, icon: SendOutlined },
    load: () => import('./pending.web.tsx'),
  },
  {
    path: '/referrals/queue',
    title: 'referral:queue.title',
    roles: overseers,
    menu: { group: 'work', order: 23, icon: HourglassOutlined },
    load: () => import('./queue.web.tsx'),
  },
  {
    path: '/referrals',
    title: 'referral:referrals.title',
    roles: overseers,
    menu: { group: 'persons', order: 30, icon: SwapOutlined },
    load: () => import('./referrals.web.tsx'),
  },
  {
    path: '/referrals/new',
    title: 'referral:referral.newTitle',
    roles: senders,
    load: () => import('./referral-send.web.tsx'),
  },
  {
    path: '/referrals/$referral',
    title: 'referral:referral.title',
    roles: overseers,
    load: () => import('./referral.web.tsx'),
  },
];
