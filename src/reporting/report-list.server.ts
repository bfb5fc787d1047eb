// Which reports the offices of an area owe or have made, and the tables of a county's towns side by side.
import { inScope } from '../kernel/access.ts';
import { daysBetween, yearOf } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { fullNameOfDivision, listCounties, listTowns, nameOfDivision } from '../network/division.ts';
import type { Ctx } from '../policy/context.ts';
import type { ReportRow, ReportSummary } from './report.api.ts';
import { listFiledFigures, listReports, type ReportRow as StoredReport } from './report.sql.ts';
import { statusOfReport } from './report.ts';
import { listReportDuesOf, type ReportDue } from './report-due.ts';
import { addFigures } from './report-figures.ts';
import { opensOn, type Period } from './report-period.ts';

/** Whose reports an office watches: a town its own, a county its own and its towns', an office above the counties'. */
const areasWatched = (area: string): string[] => {
  if (area.length === 9) return [area];
  const counties = listCounties(area).map(({ code }) => code);
  return area.length === 6
    ? [...counties, ...counties.flatMap((county) => listTowns(county).map(({ code }) => code))]
    : counties;
};

const rowOf = (due: ReportDue, report: StoredReport | undefined, ctx: Pick<Ctx, 'today' | 'now'>): ReportRow => {
  const { kind, area, period, clause, endedOn } = due;
  // What was written down with a draft stands, whatever the rules say now.
  const { dueOn, dueBefore = null } = report ?? due;
  const { filedOn, filedAt } = report ?? { filedOn: null, filedAt: null };
  return {
    county: area.slice(0, 6),
    area,
    areaName: nameOfDivision(area),
    kind,
    period,
    report: report?.id ?? null,
    dueOn,
    dueBefore,
    filedOn,
    filedAt,
    clause: [...clause],
    endedOn,
    status: statusOfReport({ period, dueOn, dueBefore, filedOn, filedAt }, ctx),
    left: filedOn === null ? daysBetween(ctx.today, dueOn) : null,
  };
};

const rowsOf = async (tx: Tx, ctx: Ctx, dues: readonly ReportDue[]): Promise<ReportRow[]> => {
  const counties = [...new Set(dues.map(({ area }) => area.slice(0, 6)))];
  const made = counties.length === 0 ? [] : await listReports(tx, counties);
  const stored = new Map(made.map((report) => [`${report.area} ${report.period}`, report]));
  return dues.map((due) => rowOf(due, stored.get(`${due.area} ${due.period}`), ctx));
};

/** Every report of a period that has begun which the offices of an area owe or have made, the last due first, then by place. */
export const listReportRows = async (tx: Tx, ctx: Ctx, area: string): Promise<ReportRow[]> => {
  const until = `${yearOf(ctx.today)}-12-31`;
  const dues = listReportDuesOf(ctx.packs, areasWatched(area), until).filter(({ fromOn }) => fromOn <= ctx.today);
  return (await rowsOf(tx, ctx, dues)).sort((a, b) =>
    a.dueOn === b.dueOn ? (a.area < b.area ? -1 : 1) : a.dueOn < b.dueOn ? 1 : -1,
  );
};

/**
 * What is to be done about: what may be filed now and what is overdue. Of the tables of half months only the newest overdue one is: the next
 * one takes its place, and an office that missed one long ago is not reminded for ever.
 */
export const listOwedReports = (rows: readonly ReportRow[]): ReportRow[] => {
  const newest = new Map<string, ReportRow>();
  for (const row of rows)
    if (row.kind === 'halfMonth' && row.status === 'overdue' && !newest.has(row.area)) newest.set(row.area, row);
  return rows.filter(
    (row) =>
      row.status === 'due' || (row.status === 'overdue' && (row.kind !== 'halfMonth' || newest.get(row.area) === row)),
  );
};

/** What the towns owe of periods that have begun, the last due first. */
const listTownDues = ({ packs, today }: Ctx, county: string): ReportDue[] =>
  listReportDuesOf(
    packs,
    listTowns(county).map(({ code }) => code),
    `${yearOf(today)}-12-31`,
  )
    .filter(({ fromOn }) => fromOn <= today)
    .sort((a, b) => (a.dueOn < b.dueOn ? 1 : -1));

/**
 * What the towns of a county filed of a period (without one: of the newest that may be filed), and who has not. Refuses `outOfScope`, and
 * `noRule` where no town owes such a report.
 */
export const getReportSummary = async (
  tx: Tx,
  ctx: Ctx,
  { county, period: asked }: { county: string; period?: Period | undefined },
): Promise<ReportSummary> => {
  if (!inScope(ctx.actor, county))
    throw new Refusal('outOfScope', '汇总表由县（区）查看，本乡镇（街道）的报告请在“报告报送”中打开。', {
      kind: 'access',
    });
  const owed = listTownDues(ctx, county);
  const period = asked ?? owed.find((due) => opensOn(due.period, due.dueOn) <= ctx.today)?.period ?? owed[0]?.period;
  const dues = owed.filter((due) => due.period === period).sort((a, b) => (a.area < b.area ? -1 : 1));
  const [first] = dues;
  if (first === undefined)
    throw new Refusal(
      'noRule',
      `${fullNameOfDivision(county)}的乡镇（街道）没有报送这一期报告的规定，请在“报告报送”中查看。`,
    );
  const filed = new Map((await listFiledFigures(tx, county, first.period)).map((report) => [report.area, report]));
  const rows = (await rowsOf(tx, ctx, dues)).map(({ area, areaName, report, status, filedOn, filedAt }) => ({
    ...{ area, areaName, report, status, filedOn, filedAt },
    values: filed.get(area)?.figures.total ?? null,
    remarks: filed.get(area)?.text.remarks ?? '',
  }));
  const values = rows.flatMap((row) => (row.values ? [row.values] : []));
  const { dueOn, dueBefore, clause, endedOn, kind } = first;
  return {
    ...{
      county,
      countyName: nameOfDivision(county),
      period: first.period,
      dueOn,
      dueBefore,
      clause: [...clause],
      endedOn,
    },
    periods: [...new Set(owed.map((due) => due.period))],
    rows,
    total: addFigures(kind, values),
  };
};
