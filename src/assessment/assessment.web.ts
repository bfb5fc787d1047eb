// The pages of assessments.
import type { PageRoute } from '../web/page.ts';

const readers = ['civilAffairs', 'health', 'hospital', 'centre', 'site'] as const;
const recorders = ['hospital', 'centre', 'site'] as const;

export const assessmentPages: readonly PageRoute[] = [
  {
    path: '/persons/$person/assessments',
    title: 'assessment:history.title',
    roles: readers,
    city: true,
    load: () => import('./assessment-history.web.tsx'),
  },
  {
    path: '/persons/$person/assessments/new',
    title: 'assessment:form.title',
    roles: recorders,
    load: () => import('./assessment-record.web.tsx'),
  },
  {
    path: '/persons/$person/team-assessment',
    title: 'assessment:team.title',
    roles: ['civilAffairs', ...recorders],
    load: () => import('./team-assessment.web.tsx'),
  },
  {
    path: '/assessments/$assessment',
    title: 'assessment:view.title',
    roles: readers,
    city: true,
    load: () => import('./assessment-view.web.tsx'),
  },
  {
    path: '/assessments/$assessment/correct',
    title: 'assessment:form.correct',
    roles: recorders,
    load: () => import('./assessment-correct.web.tsx'),
  },
];
