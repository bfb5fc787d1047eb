// The pages of reporting: the work list as home page, the indicators, the reports.
import {
  BarChartOutlined,
  CalendarOutlined,
  EnvironmentOutlined,
  FileTextOutlined,
  HomeOutlined,
  ReconciliationOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons';
import type { PageRoute } from '../web/page.ts';
import { dutyReaders } from './duty.api.ts';
import { indicatorReaders } from './indicator.api.ts';
import { reportReaders } from './report.api.ts';

export const reportingPages: readonly PageRoute[] = [
  {
    path: '/',
    title: 'reporting:work.title',
    menu: { group: 'work', order: 1, icon: HomeOutlined },
    load: () => import('./worklist.web.tsx'),
  },
  { path: '/work/$kind', title: 'reporting:work.title', load: () => import('./work-kind.web.tsx') },
  {
    path: '/indicators',
    title: 'reporting:indicators.title',
    roles: indicatorReaders,
    city: true,
    menu: { group: 'figures', order: 5, icon: UnorderedListOutlined },
    load: () => import('./indicators.web.tsx'),
  },
  {
    path: '/indicators/$indicator',
    title: 'reporting:indicators.title',
    roles: indicatorReaders,
    city: true,
    load: () => import('./indicator.web.tsx'),
  },
  {
    path: '/policy',
    title: 'policy:evidence.title',
    menu: { group: 'figures', order: 45, icon: ReconciliationOutlined },
    load: () => import('./evidence.web.tsx'),
  },
  {
    path: '/duties',
    title: 'reporting:duty.title',
    roles: dutyReaders,
    city: true,
    menu: { group: 'work', order: 2, icon: CalendarOutlined },
    load: () => import('./duty.web.tsx'),
  },
  {
    path: '/indicators/standardized-service-rate',
    title: 'reporting:indicator.rate',
    roles: indicatorReaders,
    city: true,
    menu: { group: 'figures', order: 10, icon: BarChartOutlined },
    load: async () => ({ default: (await import('./indicator.web.tsx')).RatePage }),
  },
  {
    path: '/indicators/county-coverage',
    title: 'reporting:indicator.coverage',
    roles: indicatorReaders,
    city: true,
    menu: { group: 'figures', order: 20, icon: EnvironmentOutlined, above: true },
    load: async () => ({ default: (await import('./indicator.web.tsx')).CoveragePage }),
  },
  {
    path: '/reports',
    title: 'reporting:report.title',
    roles: reportReaders,
    city: true,
    menu: { group: 'work', order: 3, icon: FileTextOutlined },
    load: () => import('./reports.web.tsx'),
  },
  {
    path: '/report-summary',
    title: 'reporting:report.summary',
    roles: reportReaders,
    load: () => import('./report-summary.web.tsx'),
  },
  {
    path: '/reports/$report',
    title: 'reporting:report.title',
    roles: reportReaders,
    city: true,
    load: () => import('./report.web.tsx'),
  },
];
