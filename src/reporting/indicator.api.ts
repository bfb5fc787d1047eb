// Operations on indicators: the value as of a day with its parts and people, and the trend by month.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Area, Day, Id, Month, operation, pageQuery } from '../kernel/contract.ts';
import { IndicatorAnswer, IndicatorName, IndicatorRow, MissingStep, TrendMonth } from './indicator.ts';

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

const clauses = ['BZ-01', 'BZ-02', 'BZ-17', 'BZ-21', 'QS-01', 'QS-02', 'QS-03', 'QS-04', 'AL-02', 'AL-08', 'AL-17'];

export const indicatorApi = {
  list: operation({
    name: 'indicator.list',
    summary: '一个地区的全部指标',
    method: 'GET',
    path: '/indicators',
    roles: indicatorReaders,
    city: 'figures',
    refusals: ['areaUnknown', 'inFuture', 'figuresOnly'],
    clauses,
    input: z.object({ area: Area.optional(), site: Id.optional(), on: Day.optional() }),
    output: z.object({ area: z.string(), areaName: z.string(), on: Day, rows: z.array(IndicatorRow) }),
  }),
  get: operation({
    name: 'indicator.get',
    summary: '指标在某日的数值、构成和人员',
    method: 'GET',
    path: '/indicators/{indicator}',
    audit: { kind: 'search', when: 'people' },
    roles: indicatorReaders,
    city: 'figures',
    refusals: ['noRule', 'areaUnknown', 'inFuture', 'figuresOnly'],
    clauses,
    input: z.object({
      ...place,
      on: Day.optional(),
      people: yes.default(false),
      /** Only people who count, or who do not. */
      counts: yes.optional(),
      /** Only people who lack this. */
      missing: MissingStep.optional(),
      ...pageQuery,
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
    clauses,
    input: z.object({ ...place, from: Month.optional(), to: Month.optional() }),
    output: z.object({ months: z.array(TrendMonth) }),
  }),
};
