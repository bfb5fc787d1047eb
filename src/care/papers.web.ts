// The pages of the papers before service: the four steps, consent, agreement, plan, and their printed forms.
import type { PageRoute } from '../web/page.ts';

const readers = ['civilAffairs', 'health', 'federation', 'hospital', 'centre', 'site'] as const;
const signers = ['civilAffairs', 'centre', 'site'] as const;

export const papersPages: readonly PageRoute[] = [
  {
    path: '/persons/$person/papers',
    title: 'care:papers.title',
    roles: readers,
    city: true,
    load: () => import('./papers.web.tsx'),
  },
  {
    path: '/persons/$person/consent',
    title: 'care:consent.title',
    roles: signers,
    load: () => import('./consent.web.tsx'),
  },
  {
    path: '/persons/$person/agreement',
    title: 'care:agreement.title',
    roles: signers,
    load: () => import('./agreement.web.tsx'),
  },
  {
    path: '/persons/$person/plan',
    title: 'care:plan.title',
    roles: ['centre', 'site'],
    load: () => import('./plan.web.tsx'),
  },
  {
    path: '/persons/$person/papers/print',
    title: 'care:print.title',
    roles: readers,
    load: () => import('./papers-print.web.tsx'),
  },
];
