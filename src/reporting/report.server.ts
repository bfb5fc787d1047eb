// Handlers of the reports that counties and towns file.
import type { Actor } from '../kernel/access.ts';
import { inScope, seesSmallCells } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import { asFigures } from '../kernel/figures.ts';
import { Refusal } from '../kernel/refusal.ts';
import { nameOfDivision } from '../network/division.ts';
import { getOrganisation } from '../network/organisation.server.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { getIndicator } from './indicator.server.ts';
import type { reportApi } from './report.api.ts';
import { findReport, listReports } from './report.sql.ts';
import {
  checkDraft,
  checkFiling,
  firstDayOfReport,
  nameOfReport,
  type Report,
  reportDrafted,
  reportEdited,
  reportFiled,
  statusOfReport,
  textOf,
} from './report.ts';
import { draftReport, hashReport, takeFigures } from './report-draft.server.ts';
import { findReportDue } from './report-due.ts';
import { type FigureKey, type Figures, listDrifts } from './report-figures.ts';
import { hideFigures, listHiddenTotals, seesReturn } from './report-hidden.ts';
import { getReportSummary, listReportRows } from './report-list.server.ts';
import { firstDayOfQuarter, isLate, kindOfPeriod } from './report-period.ts';
import { sheetOfReport } from './report-sheet.server.ts';
import { sheetOfSummary } from './report-summary-sheet.server.ts';

const getReport = async (tx: Tx, id: string): Promise<Report> => {
  const report = await findReport(tx, id);
  if (!report) throw new Refusal('notFound', '没有找到这份报告，或不在您的管辖范围内。', { kind: 'absent' });
  return report;
};

/** What the indicators hide of the place on the day of the report from somebody who sees nobody. */
const hiddenByIndicators = async (tx: Tx, ctx: Ctx, { county, area, asOf, figures }: Report): Promise<FigureKey[]> => {
  if (figures.rate === null) return [];
  const stranger: Ctx = { ...ctx, actor: { ...ctx.actor, role: 'public', scope: county } };
  const asked = { indicator: 'standardized-service-rate', area, on: asOf } as const;
  const { numerator, denominator } = await getIndicator(tx, stranger, {
    ...asked,
    people: false,
    page: 1,
    pageSize: 1,
  });
  return [
    ...(numerator === null ? (['standardized'] as const) : []),
    ...(denominator === null ? (['registered'] as const) : []),
  ];
};

/** The report as it may leave the office in charge, and the totals that are left out. */
const withoutSmallCells = async (tx: Tx, ctx: Ctx, report: Report) => {
  const hidden = listHiddenTotals(report.figures.total, await hiddenByIndicators(tx, ctx, report));
  return { report: hideFigures(report, hidden), exact: false, hidden };
};

/** The office of the place itself reports; the one above receives (BZ-32, QS-13). */
const checkReporter = (actor: Actor, area: string, cites: readonly string[]): void => {
  if (actor.scope === area || actor.role === 'machine') return;
  const message =
    area.length === 9
      ? '这份报告由乡镇（街道）的民政经办人起草和报送，上级单位只能查看。'
      : '这份报告由县（区）民政部门起草和报送。';
  throw new Refusal('outOfScope', message, { kind: 'access', cites: [...cites] });
};

const clauseOf = ({ packs }: Ctx, { area, period }: Pick<Report, 'area' | 'period'>): readonly string[] =>
  findReportDue(packs, area, period)?.clause ?? [];

/** A town's table counts by where persons were placed on the day, which a town's own office does not see of those who left. */
const overCounty = <T>(
  tx: Tx,
  ctx: Ctx,
  { county, town }: { county: string; town?: string | null | undefined },
  work: () => Promise<T>,
) => (town ? asFigures(tx, ctx, work, county) : work());

const getOwnDraft = async (tx: Tx, ctx: Ctx, id: string): Promise<Report> => {
  const report = await getReport(tx, id);
  checkReporter(ctx.actor, report.area, clauseOf(ctx, report));
  checkDraft(report);
  return report;
};

const officeOf = async (tx: Tx, { organisation }: Actor, area: string): Promise<string> =>
  organisation
    ? (await getOrganisation(tx, organisation)).name
    : `${nameOfDivision(area)}${area.length === 9 ? '民政经办' : '民政局'}`;

const contentOf = ({ county: _, id: __, area: ___, draftedOn, filedOn, filedAt, hash, ...content }: Report) => content;

const about = (ctx: Ctx, id: string, report: Pick<Report, 'county' | 'id'>) => ({
  id,
  county: report.county,
  on: ctx.today,
  subjects: [{ kind: 'report' as const, id: report.id }],
});

/** The figures as they would be taken now for the same days. */
const takeAgain = (tx: Tx, ctx: Ctx, report: Report): Promise<Figures> => {
  const { county, town, period, asOf } = report;
  const span = { county, town, kind: kindOfPeriod(period), fromOn: firstDayOfReport(report), asOf };
  return overCounty(tx, ctx, report, () => takeFigures(tx, ctx.packs, span));
};

export const reportHandlers: Handlers<typeof reportApi> = {
  draft: async (tx, ctx, { id, county, town, period }) => {
    const area = town ?? county;
    if (!inScope(ctx.actor, area) || !area.startsWith(county))
      throw new Refusal('outOfScope', '这个地方不在您的管辖范围内。', { kind: 'access' });
    checkReporter(ctx.actor, area, clauseOf(ctx, { area, period }));
    const made = (await listReports(tx, [county])).find((one) => one.area === area && one.period === period);
    if (made) throw new Refusal('alreadyDrafted', `${nameOfReport(period)}已经起草。`, { kind: 'conflict' });
    const asked = { county, town, period, today: ctx.today, organisation: await officeOf(tx, ctx.actor, area) };
    const body = await overCounty(tx, ctx, asked, () => draftReport(tx, ctx.packs, asked));
    await ctx.journal.append(tx, ctx, [reportDrafted.draft({ ...about(ctx, id, { county, id }), body })]);
    return { report: id };
  },
  refresh: async (tx, ctx, { id, report: reportId }) => {
    const report = await getOwnDraft(tx, ctx, reportId);
    const { county, town, period, organisation, text } = report;
    const asked = { county, town, period, today: ctx.today, organisation };
    const fresh = await overCounty(tx, ctx, asked, () => draftReport(tx, ctx.packs, asked));
    await ctx.journal.append(tx, ctx, [reportDrafted.draft({ ...about(ctx, id, report), body: { ...fresh, text } })]);
    return { asOf: fresh.asOf };
  },
  edit: async (tx, ctx, { id, report: reportId, text }) => {
    const report = await getOwnDraft(tx, ctx, reportId);
    const body = { text: textOf(report.period, text) };
    await ctx.journal.append(tx, ctx, [reportEdited.draft({ ...about(ctx, id, report), body })]);
    return {};
  },
  file: async (tx, ctx, { id, report: reportId }) => {
    const report = await getOwnDraft(tx, ctx, reportId);
    checkFiling(report, ctx.today, clauseOf(ctx, report));
    const content = contentOf(report);
    const hash = hashReport(content);
    await ctx.journal.append(tx, ctx, [reportFiled.draft({ ...about(ctx, id, report), body: { ...content, hash } })]);
    return { hash, filedOn: ctx.today, filedAt: ctx.now, late: isLate(report, { on: ctx.today, at: ctx.now }) };
  },
  get: async (tx, ctx, { report: id }) => {
    const report = await getReport(tx, id);
    const { area, period, asOf, figures, filedOn } = report;
    const exact = seesReturn(ctx.actor, report);
    // What came later is the reporting office's to say, in its next report.
    const now = seesSmallCells(ctx.actor, area) && (await takeAgain(tx, ctx, report));
    const due = findReportDue(ctx.packs, area, period);
    return {
      ...(exact ? { report, exact, hidden: [] } : await withoutSmallCells(tx, ctx, report)),
      areaName: nameOfDivision(area),
      clause: [...(due?.clause ?? [])],
      endedOn: due?.endedOn ?? null,
      status: statusOfReport(report, ctx),
      stale: filedOn === null && due !== undefined && asOf < due.endsOn && asOf < ctx.today,
      intact: report.hash === null ? null : report.hash === hashReport(contentOf(report)),
      drift: now ? listDrifts(area, figures, now) : [],
    };
  },
  list: async (tx, ctx, { area = ctx.actor.scope, status, period, kind, span, page, pageSize }) => {
    if (!inScope(ctx.actor, area)) throw new Refusal('outOfScope', '这个地区不在您的管辖范围内。', { kind: 'access' });
    const since = span === 'all' ? '' : firstDayOfQuarter(ctx.today);
    const rows = (await listReportRows(tx, ctx, area)).filter(
      (row) =>
        (!status || row.status === status) &&
        (!period || row.period === period) &&
        (!kind || row.kind === kind) &&
        (row.filedOn === null || row.dueOn >= since),
    );
    return { rows: rows.slice((page - 1) * pageSize, page * pageSize), total: rows.length };
  },
  summary: getReportSummary,
  summarySheet: async (tx, ctx, input) => sheetOfSummary(await getReportSummary(tx, ctx, input)),
  sheet: async (tx, ctx, { report: id, copy }) => {
    const report = await getReport(tx, id);
    if (copy === 'return' && seesReturn(ctx.actor, report)) return sheetOfReport({ report, exact: true, hidden: [] });
    return sheetOfReport(await withoutSmallCells(tx, ctx, report));
  },
};
