// Handlers of the half-yearly reports, and what the work list asks of them.
import type { Actor } from '../kernel/access.ts';
import { inScope, seesSmallCells } from '../kernel/access.ts';
import { daysBetween } from '../kernel/calendar.ts';
import type { Day } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { listCounties, nameOfDivision } from '../network/division.ts';
import { getOrganisation } from '../network/organisation.server.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { findFirstDay } from '../policy/resolve.ts';
import { getIndicator } from './indicator.server.ts';
import type { ReportRow, reportApi } from './report.api.ts';
import { findReport, listReports } from './report.sql.ts';
import {
  checkDraft,
  checkFiling,
  firstDayOfPeriod,
  listPeriods,
  nameOfPeriod,
  type Report,
  reportDrafted,
  reportEdited,
  reportFiled,
  statusOfReport,
} from './report.ts';
import { draftReport, findReportDue, hashReport, takeFigures } from './report-draft.server.ts';
import { type FigureKey, listDrifts } from './report-figures.ts';
import { hideFigures, listHiddenTotals, seesReturn } from './report-hidden.ts';
import { sheetOfReport } from './report-sheet.server.ts';

const getReport = async (tx: Tx, id: string): Promise<Report> => {
  const report = await findReport(tx, id);
  if (!report) throw new Refusal('notFound', '没有找到这份报告，或不在您的管辖范围内。', { kind: 'absent' });
  return report;
};

/** What the indicators hide of the county on the day of the report from somebody who sees nobody. */
const hiddenByIndicators = async (tx: Tx, ctx: Ctx, { county, asOf, figures }: Report): Promise<FigureKey[]> => {
  if (figures.rate === null) return [];
  const stranger: Ctx = { ...ctx, actor: { ...ctx.actor, role: 'public', scope: county } };
  const asked = { indicator: 'standardized-service-rate', area: county, on: asOf } as const;
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

/** A county's own office reports; the city receives (BZ-32). */
const checkReporter = (actor: Actor, county: string): void => {
  if (actor.scope !== county && actor.role !== 'machine')
    throw new Refusal('outOfScope', '半年报告由县（区）民政部门起草和报送。', { kind: 'access', cites: ['BZ-32'] });
};

const getOwnDraft = async (tx: Tx, ctx: Ctx, id: string): Promise<Report> => {
  const report = await getReport(tx, id);
  checkReporter(ctx.actor, report.county);
  checkDraft(report);
  return report;
};

const officeOf = async (tx: Tx, { organisation }: Actor, county: string): Promise<string> =>
  organisation ? (await getOrganisation(tx, organisation)).name : `${nameOfDivision(county)}民政局`;

const contentOf = ({ period, asOf, dueOn, organisation, figures, text }: Report) => ({
  period,
  asOf,
  dueOn,
  organisation,
  figures,
  text,
});

const about = (ctx: Ctx, id: string, report: Pick<Report, 'county' | 'id'>) => ({
  id,
  county: report.county,
  on: ctx.today,
  subjects: [{ kind: 'report' as const, id: report.id }],
});

const rowOf = (
  county: string,
  period: string,
  dueOn: Day,
  report: { id: string; filedOn: Day | null } | undefined,
  today: Day,
): ReportRow => {
  const filedOn = report?.filedOn ?? null;
  return {
    county,
    countyName: nameOfDivision(county),
    period,
    report: report?.id ?? null,
    dueOn,
    filedOn,
    status: statusOfReport(dueOn, filedOn, today),
    left: filedOn === null ? daysBetween(today, dueOn) : null,
  };
};

/** Every report that the counties of an area owe or have made, the newest period first. */
export const listReportRows = async (tx: Tx, ctx: Ctx, area: string): Promise<ReportRow[]> => {
  const counties = listCounties(area);
  const reports = await listReports(
    tx,
    counties.map(({ code }) => code),
  );
  const rows = listPeriods(findFirstDay(ctx.packs, area) ?? ctx.today, ctx.today).flatMap((period) =>
    counties.flatMap(({ code }) => {
      const dueOn = findReportDue(ctx.packs, code, period);
      const report = reports.find((one) => one.county === code && one.period === period);
      return dueOn === undefined ? [] : [rowOf(code, period, report?.dueOn ?? dueOn, report, ctx.today)];
    }),
  );
  return rows;
};

export const reportHandlers: Handlers<typeof reportApi> = {
  draft: async (tx, ctx, { id, county, period }) => {
    if (!inScope(ctx.actor, county))
      throw new Refusal('outOfScope', '这个县（区）不在您的管辖范围内。', { kind: 'access' });
    checkReporter(ctx.actor, county);
    const made = (await listReports(tx, [county])).find((report) => report.period === period);
    if (made) throw new Refusal('alreadyDrafted', `${nameOfPeriod(period)}的报告已经起草。`, { kind: 'conflict' });
    const organisation = await officeOf(tx, ctx.actor, county);
    const body = await draftReport(tx, ctx.packs, { county, period, today: ctx.today, organisation });
    await ctx.journal.append(tx, ctx, [reportDrafted.draft({ ...about(ctx, id, { county, id }), body })]);
    return { report: id };
  },
  refresh: async (tx, ctx, { id, report: reportId }) => {
    const report = await getOwnDraft(tx, ctx, reportId);
    const { county, period, organisation, text } = report;
    const fresh = await draftReport(tx, ctx.packs, { county, period, today: ctx.today, organisation });
    await ctx.journal.append(tx, ctx, [reportDrafted.draft({ ...about(ctx, id, report), body: { ...fresh, text } })]);
    return { asOf: fresh.asOf };
  },
  edit: async (tx, ctx, { id, report: reportId, text }) => {
    const report = await getOwnDraft(tx, ctx, reportId);
    await ctx.journal.append(tx, ctx, [reportEdited.draft({ ...about(ctx, id, report), body: { text } })]);
    return {};
  },
  file: async (tx, ctx, { id, report: reportId }) => {
    const report = await getOwnDraft(tx, ctx, reportId);
    checkFiling(report, ctx.today);
    const content = contentOf(report);
    const hash = hashReport(content);
    await ctx.journal.append(tx, ctx, [reportFiled.draft({ ...about(ctx, id, report), body: { ...content, hash } })]);
    return { hash, filedOn: ctx.today, late: ctx.today > report.dueOn };
  },
  get: async (tx, ctx, { report: id }) => {
    const report = await getReport(tx, id);
    const { county, period, asOf, figures } = report;
    const exact = seesReturn(ctx.actor, report);
    // What came later is the county's to say, in its next report.
    const now =
      seesSmallCells(ctx.actor, county) &&
      (await takeFigures(tx, ctx.packs, { county, fromOn: firstDayOfPeriod(period), asOf }));
    return {
      ...(exact ? { report, exact, hidden: [] } : await withoutSmallCells(tx, ctx, report)),
      countyName: nameOfDivision(county),
      status: statusOfReport(report.dueOn, report.filedOn, ctx.today),
      intact: report.hash === null ? null : report.hash === hashReport(contentOf(report)),
      drift: now ? listDrifts(county, figures, now) : [],
    };
  },
  list: async (tx, ctx, { area = ctx.actor.scope, status, period, page, pageSize }) => {
    if (!inScope(ctx.actor, area)) throw new Refusal('outOfScope', '这个地区不在您的管辖范围内。', { kind: 'access' });
    const rows = (await listReportRows(tx, ctx, area)).filter(
      (row) => (!status || row.status === status) && (!period || row.period === period),
    );
    return { rows: rows.slice((page - 1) * pageSize, page * pageSize), total: rows.length };
  },
  sheet: async (tx, ctx, { report: id, copy }) => {
    const report = await getReport(tx, id);
    if (copy === 'return' && seesReturn(ctx.actor, report)) return sheetOfReport({ report, exact: true, hidden: [] });
    return sheetOfReport(await withoutSmallCells(tx, ctx, report));
  },
};
