// Operations on indicators: the value as of a day with its parts and people, and the trend by month.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Area, Day, Id, Month, operation } from '../kernel/contract.ts';
import { ServiceCondition } from '../policy/measure.ts';
import { IndicatorAnswer, IndicatorName, TrendMonth } from './indicator.ts';

export const indicatorReaders: Role[] = [
  'civilAffairs',
  'health',
  'federation',
  'finance',
  'hospital',
  'centre',
  'site',
  'village',
];

const place = { indicator: IndicatorName, area: Area.optional(), site: Id.optional() };
const yes = z.union([z.boolean(), z.stringbool()]);

export const indicatorApi = {
  get: operation({
    name: 'indicator.get',
    summary: '指标在某日的数值、构成和人员',
    method: 'GET',
    path: '/indicators/{indicator}',
    audit: { kind: 'search', when: 'people' },
    roles: indicatorReaders,
    city: 'figures',
    refusals: ['noRule', 'areaUnknown', 'inFuture', 'figuresOnly'],
    clauses: ['BZ-01', 'BZ-02'],
    input: z.object({
      ...place,
      on: Day.optional(),
      people: yes.default(false),
      /** Only people who count, or who do not. */
      counts: yes.optional(),
      /** Only people who lack this. */
      missing: ServiceCondition.optional(),
      page: z.coerce.number().int().min(1).default(1),
      pageSize: z.coerce.number().int().min(1).max(200).default(25),
    }),
    output: IndicatorAnswer,
  }),
  trend: operation({
    name: 'indicator.trend',
    summary: '指标按月走势',
    method: 'GET',
    path: '/indicators/{indicator}/trend',
    roles: indicatorReaders,
    city: 'figures',
    refusals: ['areaUnknown', 'inFuture', 'tooMany', 'figuresOnly'],
    clauses: ['BZ-01', 'BZ-02'],
    input: z.object({ ...place, from: Month.optional(), to: Month.optional() }),
    output: z.object({ months: z.array(TrendMonth) }),
  }),
};
