// The columns of the progress table (DOMAIN 6.2 as far as records are kept), and how figures taken on two days differ.
import { z } from 'zod';
import type { ReportKind } from '../policy/duty.ts';

export interface FigureColumn {
  readonly key: string;
  readonly header: string;
  readonly group: string;
  readonly format: 'integer' | 'decimal' | 'percent';
  /** Asked by reports of this kind alone. */
  readonly only?: ReportKind;
}

const column = (key: string, group: string, header: string, format: FigureColumn['format'] = 'integer') =>
  ({ key, group, header, format }) as const;
const ofTable = <const C extends FigureColumn>(one: C) => ({ ...one, only: 'halfMonth' as const });

/** In the order of the table. Counts are on the day of the figures unless 本期 is in the header or group. */
export const figureColumns = [
  column('sites', '服务机构', '站点数'),
  column('newSites', '服务机构', '其中本期新增站点'),
  column('institutions', '服务机构', '医院和康复机构数'),
  column('listed', '摸底筛查', '摸底患者数'),
  column('atHome', '摸底筛查', '其中居家'),
  column('eligible', '摸底筛查', '筛查符合条件'),
  column('willing', '摸底筛查', '本人愿意'),
  column('registered', '登记建档', '在册康复对象'),
  column('newlyRegistered', '登记建档', '其中本期新登记'),
  column('withConsent', '服务手续', '知情同意有效'),
  column('withAgreement', '服务手续', '服务协议有效'),
  column('withBaseline', '服务手续', '已作基线评估'),
  column('withPlan', '服务手续', '康复计划有效'),
  column('standardized', '规范服务', '接受规范服务人数'),
  column('rate', '规范服务', '规范服务率', 'percent'),
  column('served', '本期服务', '接受服务人数'),
  column('sessions', '本期服务', '服务人次'),
  column('standardizedSessions', '本期服务', '其中规范服务人次'),
  column('medication', '本期服务人次（按领域）', '服药训练'),
  column('relapsePrevention', '本期服务人次（按领域）', '预防复发'),
  column('physical', '本期服务人次（按领域）', '躯体管理'),
  column('lifeSkills', '本期服务人次（按领域）', '生活技能'),
  column('socialSkills', '本期服务人次（按领域）', '社交能力'),
  column('vocational', '本期服务人次（按领域）', '职业康复'),
  column('psychological', '本期服务人次（按领域）', '心理康复'),
  column('peerSupport', '本期服务人次（按领域）', '同伴支持'),
  column('familySupport', '本期服务人次（按领域）', '家庭支持'),
  ofTable(column('perClient', '本期服务', '人均服务次数', 'decimal')),
  ofTable(column('enoughSessions', '本月规范服务次数', '达到规定次数人数')),
  ofTable(column('shortSessions', '本月规范服务次数', '未达到规定次数人数')),
  column('processAssessments', '本期评估', '过程评估次数'),
  column('referralsSent', '本期转介', '发出'),
  column('referralsInTime', '本期转介', '按期办结'),
  column('referralsLate', '本期转介', '超期'),
  column('waiting', '排队等候', '等候人数'),
  column('waitingLong', '排队等候', '其中超过复核期限'),
  column('dischargedJob', '本期转出', '就业'),
  column('dischargedShelteredJob', '本期转出', '庇护性就业'),
  column('dischargedHome', '本期转出', '回归社区'),
  column('dischargedOther', '本期转出', '其他'),
  column('staff', '从业人员', '人数'),
  column('professionals', '从业人员', '其中专业人员'),
] as const satisfies readonly FigureColumn[];

export type FigureKey = (typeof figureColumns)[number]['key'];
export const figureKeys = figureColumns.map(({ key }) => key) as [FigureKey, ...FigureKey[]];

/** The columns that a report of the kind has. */
export const columnsOfKind = (kind: ReportKind): readonly FigureColumnOf[] =>
  figureColumns.filter((one: FigureColumn) => one.only === undefined || one.only === kind);
export type FigureColumnOf = FigureColumn & { readonly key: FigureKey };

/**
 * Columns that offices keep in such tables (DOMAIN 6.2) and of which the product has no records yet: named below the table, so that nobody
 * takes what is missing for a zero.
 */
export const columnsWithoutData = [
  '规范化站点数',
  '复发住院数',
  '培训满20学时人数',
  '资金（财政、福彩、残联、社会）',
  '督导检查次数',
  '安全隐患（发现、整改）',
  '宣传活动次数',
  '投诉数',
] as const;
export const noteWithoutData = `尚无数据、未列入本表的项目：${columnsWithoutData.join('、')}。`;

/** Values by column; a rate is a fraction, and null where nobody is to be counted. A report filed before a column existed lacks it. */
export const FigureValues = z.partialRecord(z.enum(figureKeys), z.number().nullable());
export type FigureValues = z.infer<typeof FigureValues>;

/** The table: a row per town (9 digits), one for the county's own level where it has figures (6 digits), and the total. */
export const Figures = z.object({
  rows: z.array(z.object({ area: z.string().regex(/^(\d{6}|\d{9})$/), values: FigureValues })),
  total: FigureValues,
  /** Standardized sessions a month that the place asks for each client; absent in kinds without that column. */
  sessionsAsked: z.number().nullish(),
  /** The same figures a year before, of a yearly report. */
  yearBefore: FigureValues.nullish(),
  /** The pack that the rate was taken by, and its target of the year; null where no rule was in force. */
  rate: z.object({ pack: z.string(), version: z.string(), target: z.number().nullable() }).nullable(),
});
export type Figures = z.infer<typeof Figures>;

const isCount = ({ format }: FigureColumn): boolean => format === 'integer';

export const emptyValues = (kind: ReportKind): FigureValues =>
  Object.fromEntries(columnsOfKind(kind).map((one) => [one.key, isCount(one) ? 0 : null])) as FigureValues;

/** The sum of the rows; rates are taken anew from the summed counts. */
export const addFigures = (kind: ReportKind, rows: readonly FigureValues[]): FigureValues => {
  const total = emptyValues(kind);
  for (const row of rows)
    for (const one of columnsOfKind(kind))
      if (isCount(one)) total[one.key] = (total[one.key] ?? 0) + (row[one.key] ?? 0);
  return withRates(total);
};

/** Divides what is divided: the rate of standardized service, and sessions by persons served, to a tenth. */
export const withRates = (values: FigureValues): FigureValues => ({
  ...values,
  rate: values.registered ? (values.standardized ?? 0) / values.registered : null,
  ...('perClient' in values && {
    perClient: values.served ? Math.round(((values.sessions ?? 0) / values.served) * 10) / 10 : null,
  }),
});

/** One figure that later entries changed: as filed, and as it is now for the same day. */
export const Drift = z.object({
  area: z.string(),
  key: z.enum(figureKeys),
  header: z.string(),
  filed: z.number().nullable(),
  now: z.number().nullable(),
});
export type Drift = z.infer<typeof Drift>;

/** Differences of the total first, then of the towns; `area` is that of the report for the total. Columns that it did not have are none. */
export const listDrifts = (area: string, filed: Figures, now: Figures): Drift[] => {
  const columns = figureColumns.filter(({ key }) => key in filed.total);
  const compare = (of: string, before: FigureValues | undefined, after: FigureValues | undefined): Drift[] =>
    columns.flatMap((one) => {
      const none = isCount(one) ? 0 : null;
      const { key, header } = one;
      const [was, is] = [before?.[key] ?? none, after?.[key] ?? none];
      return was === is ? [] : [{ area: of, key, header, filed: was, now: is }];
    });
  const areas = [...new Set([...filed.rows, ...now.rows].map((row) => row.area))].sort();
  const valuesOf = (figures: Figures, of: string) => figures.rows.find((row) => row.area === of)?.values;
  return [
    ...compare(area, filed.total, now.total),
    ...areas.flatMap((of) => (of === area ? [] : compare(of, valuesOf(filed, of), valuesOf(now, of)))),
  ];
};
