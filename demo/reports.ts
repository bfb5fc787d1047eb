// The reports of the demo: half-yearly in Bazhong, half-monthly and yearly in Qiongshan, yearly in Altay; some late, some missing.
import { addDays } from '../src/kernel/calendar.ts';
import type { Tx } from '../src/kernel/database.ts';
import { listTowns, nameOfDivision } from '../src/network/division.ts';
import type { Ctx } from '../src/policy/context.ts';
import type { PackLibrary } from '../src/policy/library.ts';
import {
  checkFiling,
  decideAsOf,
  textOf as emptyTextOf,
  type ReportContent,
  reportDrafted,
  reportFiled,
} from '../src/reporting/report.ts';
import { draftReport, hashReport, takeFigures } from '../src/reporting/report-draft.server.ts';
import { findReportDue, listReportDues } from '../src/reporting/report-due.ts';
import { addFigures } from '../src/reporting/report-figures.ts';
import { kindOfPeriod, type Period } from '../src/reporting/report-period.ts';
import { firstDay, instantOf, lastDay, positionOf } from './days.ts';
import type { House } from './houses.ts';
import type { CountyNetwork } from './network.ts';
import { createRandom, type Random } from './random.ts';

/** Who files: an office of the county or of a town. */
interface Reporter {
  readonly town?: string;
  readonly name: string;
  readonly organisation: string | null;
  readonly user: string;
  /** When it filed. */
  readonly at: string;
  readonly ids: readonly [string, string];
}

/** Reports of one period that are taken from the same figures. */
export interface Filing {
  readonly county: string;
  readonly period: Period;
  readonly on: string;
  /** Entries recorded before this instant are in the figures. */
  readonly at: string;
  readonly reporters: readonly Reporter[];
}

/**
 * Tongjiang filed the first one in January and has not filed the second; Nanjiang was twelve days late with the second. Of the year 2023
 * Jimunai was nine days late in Altay, and Qinghe, which had not begun, sent nothing.
 */
const filingDays: Readonly<Record<string, Readonly<Record<Period, string>>>> = {
  '511902': { '2023-H2': '2023-12-26', '2024-H1': '2024-06-28' },
  '511903': { '2023-H2': '2023-12-28', '2024-H1': '2024-06-28' },
  '511921': { '2023-H2': '2024-01-15' },
  '511922': { '2023-H2': '2023-12-27', '2024-H1': '2024-07-12' },
  '511923': { '2023-H2': '2023-12-25', '2024-H1': '2024-06-27' },
  '654301': { 2023: '2023-12-27' },
  '654321': { 2023: '2023-12-28' },
  '654322': { 2023: '2023-12-29' },
  '654323': { 2023: '2023-12-29' },
  '654324': { 2023: '2023-12-26' },
  '654326': { 2023: '2024-01-09' },
};

export const planFilings = (random: Random, { county, civilAffairs }: CountyNetwork): Filing[] =>
  Object.entries(filingDays[county] ?? {}).map(([period, on]): Filing => {
    const at = instantOf(positionOf(on), 15 * 60 + random.int(0, 90));
    const { id: organisation, name, user } = civilAffairs;
    const ids: Reporter['ids'] = [random.id(at), random.id(at)];
    return { county, period, on, at, reporters: [{ name, organisation, user, at, ids }] };
  });

/** Whom the demo lets sit in Qiongshan's towns. */
const townUsers: Readonly<Record<string, string>> = {
  '001': 'guoxing',
  '002': 'fucheng',
  '003': 'binjiang',
  '004': 'fengxiang',
  '101': 'longtang',
  '102': 'yunlong',
  '103': 'hongqi',
  '104': 'sanmenpo',
  '105': 'dapo',
  '106': 'jiazi',
  '107': 'jiuzhou',
  '500': 'lingjiao',
};
/** Fucheng is the office of the tour: it is never late, and the table of this half month is its to file. */
const sometimesLate = ['104', '105', '106', '107', '500'];
/** Of the newest table: who was late, and who has not filed; and who filed the coming one early. */
const newest = { period: '2024-10-30', late: '106', missing: '105' };
const early = { period: '2024-11-15', on: '2024-11-13', towns: ['001', '102'] };

/** Who files late, and by how many days; 0 is the afternoon of the day itself, whose noon is the limit (QS-13). */
const decideLate = (random: Random, period: Period): { town: string; days: number } | undefined => {
  if (period === newest.period) return { town: newest.late, days: 2 };
  if (kindOfPeriod(period) === 'year') return { town: '107', days: 5 };
  return random.chance(0.35) ? { town: random.pick(sometimesLate), days: random.pick([0, 0, 1, 3]) } : undefined;
};

/** What the towns of a county that asks them for tables and summaries filed; `offices` by town, where they are organisations. */
export const planTownFilings = (packs: PackLibrary, county: string, offices: ReadonlyMap<string, House>): Filing[] => {
  const random = createRandom(Number(county) + 2);
  const towns = listTowns(county).map(({ code }) => code.slice(6));
  const [first] = towns;
  if (first === undefined) return [];
  const reporterOf = (short: string, on: string, minutes: number): Reporter => {
    const at = instantOf(positionOf(on), minutes);
    const town = county + short;
    const office = offices.get(town);
    return {
      ...{ town, at, ids: [random.id(at), random.id(at)], organisation: office?.id ?? null },
      name: office?.name ?? `${nameOfDivision(town)}民政经办`,
      user: `${townUsers[short] ?? short}.minzheng`,
    };
  };
  const fileOn = (period: Period, on: string, who: readonly string[], from: number): Filing => ({
    ...{ county, period, on, at: instantOf(positionOf(on), from) },
    reporters: who.map((short) => reporterOf(short, on, from + random.int(20, 200))),
  });
  const morning = 8 * 60 + 10;
  const afternoon = 14 * 60;
  return listReportDues(packs, county + first, firstDay, addDays(lastDay, 7)).flatMap(({ period, dueOn }) => {
    if (period === early.period) return [fileOn(period, early.on, early.towns, morning)];
    if (dueOn > lastDay) return [];
    const late = decideLate(random, period);
    const missing = period === newest.period ? newest.missing : undefined;
    const inTime = towns.filter((short) => short !== late?.town && short !== missing);
    return [
      fileOn(period, dueOn, inTime, morning),
      ...(late ? [fileOn(period, addDays(dueOn, late.days), [late.town], afternoon)] : []),
    ];
  });
};

const percent = (value: number | null | undefined): string =>
  value === null || value === undefined ? '—' : `${(value * 100).toFixed(1)}%`;

/** What an office would write about its figures. */
const textOf = ({ figures: { total, rate } }: ReportContent): ReportContent['text'] => {
  const behind = rate?.target && (total.rate ?? 0) < rate.target;
  return {
    goals: `本期在册康复对象 ${total.registered ?? 0} 人，其中接受规范服务 ${total.standardized ?? 0} 人，规范服务率 ${percent(total.rate)}${
      rate?.target ? `（年度目标 ${percent(rate.target)}${behind ? '，尚有差距' : '，已达到'}）` : ''
    }。`,
    tasks: `本期新登记 ${total.newlyRegistered ?? 0} 人，开展服务 ${total.sessions ?? 0} 人次；发出转介 ${total.referralsSent ?? 0} 件，排队等候 ${
      total.waiting ?? 0
    } 人。${behind ? '下一步集中补签协议、补做评估，减少排队。' : '下一步继续按计划做好评估和随访。'}`,
    safeguards: `现有站点 ${total.sites ?? 0} 个，从业人员 ${total.staff ?? 0} 人，其中专业人员 ${total.professionals ?? 0} 人。经费已列入本级预算。`,
  };
};

/** What a year's report says besides. */
const yearTextOf = (content: ReportContent): ReportContent['text'] => ({
  tasks: `${textOf(content).goals}${textOf(content).tasks}`,
  problems: '部分对象服务次数不足，个别对象尚未签订协议。',
  plans: '补齐服务手续，按月安排服务，做好家属支持。',
});

const withText = (content: ReportContent): ReportContent => {
  const kind = kindOfPeriod(content.period);
  if (kind === 'halfMonth') return content;
  return { ...content, text: kind === 'year' ? yearTextOf(content) : textOf(content) };
};

/** The tables of a county's towns from one taking of the county's figures, as each would be taken alone at that moment. */
const draftTables = async (tx: Tx, { packs }: Ctx, filing: Filing): Promise<ReportContent[]> => {
  const { county, period, on, reporters } = filing;
  const due = findReportDue(packs, reporters[0]?.town ?? county, period);
  if (due === undefined) throw new Error(`no town of ${county} owes ${period}`);
  const { kind, fromOn, dueOn, dueBefore } = due;
  const asOf = decideAsOf(due, on);
  const figures = await takeFigures(tx, packs, { county, kind, fromOn, asOf });
  const base = { period, fromOn, asOf, dueOn, ...(dueBefore !== null && { dueBefore }), text: emptyTextOf(period) };
  return reporters.map(({ town, name }) => {
    const values = figures.rows.flatMap((row) => (row.area === town ? [row.values] : []));
    const total = addFigures(kind, values);
    return {
      ...base,
      ...(town !== undefined && { town }),
      organisation: name,
      figures: { ...figures, rows: [], total },
    };
  });
};

const draftEach = async (
  tx: Tx,
  { packs }: Ctx,
  { county, period, on, reporters }: Filing,
): Promise<ReportContent[]> => {
  const drafted: ReportContent[] = [];
  for (const { town, name } of reporters)
    drafted.push(await draftReport(tx, packs, { county, town, period, today: on, organisation: name }));
  return drafted;
};

/** Drafts and files reports as of their day, from what the journal holds by then. */
export const fileReports = async (tx: Tx, ctx: Ctx, filing: Filing): Promise<void> => {
  const { county, period, on, reporters } = filing;
  const drafted = await (kindOfPeriod(period) === 'halfMonth' ? draftTables : draftEach)(tx, ctx, filing);
  const drafts = reporters.flatMap(({ organisation, user, at, ids: [report, filed] }, i) => {
    const taken = drafted[i];
    if (taken === undefined) throw new Error(`nothing was taken for ${report}`);
    const content = withText(taken);
    checkFiling(content, on);
    const base = {
      county,
      on,
      subjects: [{ kind: 'report' as const, id: report }],
      recorded: { at, actor: user, role: 'civilAffairs', organisation },
    };
    return [
      reportDrafted.draft({ ...base, id: report, body: content }),
      reportFiled.draft({ ...base, id: filed, body: { ...content, hash: hashReport(content) } }),
    ];
  });
  await ctx.journal.append(tx, ctx, drafts);
};
