// Takes the figures of an office's report: as of the day, by the rules of that day, the same at any later time if nothing is entered late.
import { createHash } from 'node:crypto';
import { Domain } from '../care/session.ts';
import { addMonths, type Day } from '../kernel/calendar.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { fullNameOfDivision } from '../network/division.ts';
import { dueOn, type ReportKind } from '../policy/duty.ts';
import type { PackLibrary } from '../policy/library.ts';
import { findDuty, findIndicator, listRules, type ResolvedRules, resolveRules } from '../policy/resolve.ts';
import { countConditions } from './measure.sql.ts';
import { decideAsOf, nameOfReport, type ReportContent, textOf } from './report.ts';
import { findReportDue } from './report-due.ts';
import { countFigures, type FigureSpan, listReferralDays, type ReferralDays } from './report-figures.sql.ts';
import {
  addFigures,
  columnsOfKind,
  emptyValues,
  type FigureKey,
  type Figures,
  type FigureValues,
  withRates,
} from './report-figures.ts';
import type { Period } from './report-period.ts';

/**
 * SHA-256 of the content in one canonical form: what is stored with a filed report, and checked when it is opened. What a report lacks
 * is left out, so that those filed before other kinds came keep their hash.
 */
export const hashReport = (content: ReportContent): string => {
  const { period, asOf, dueOn: due, organisation, figures, text } = content;
  const { town, fromOn, dueBefore } = content;
  const more = Object.entries({ town, fromOn, dueBefore }).filter(([, value]) => value !== null && value !== undefined);
  return createHash('sha256')
    .update(canonicalJson({ period, asOf, dueOn: due, organisation, figures, text, ...Object.fromEntries(more) }))
    .digest('hex');
};

const lastDayOfDuty = (rules: ResolvedRules, duty: string, startOn: Day): Day | undefined => {
  const found = findDuty(rules, duty);
  return found && dueOn(found.rule.cadence, { startOn }).dueOn;
};

/** Answered: taken, sent back or put in the queue. A referral still open counts as late once its clock has run out. */
const referralFigures = (
  rules: ResolvedRules,
  { fromOn, asOf }: FigureSpan,
  row: ReferralDays,
): Partial<FigureValues> => {
  const known = (on: Day | null): on is Day => on !== null && on <= asOf;
  const answers = [row.queuedOn, row.answeredOn].filter(known).sort();
  const sent = row.sentOn >= fromOn;
  const due = lastDayOfDuty(rules, 'referralReceipt', row.sentOn);
  const inTime = answers[0] !== undefined && (due === undefined || answers[0] <= due);
  const late = due !== undefined && !inTime && (answers[0] ?? asOf) > due;
  const waiting = known(row.queuedOn) && !known(row.answeredOn);
  const reviewOn = waiting && row.queuedOn !== null ? lastDayOfDuty(rules, 'queueReview', row.queuedOn) : undefined;
  return {
    referralsSent: Number(sent),
    referralsInTime: Number(sent && inTime),
    referralsLate: Number(sent && late),
    waiting: Number(waiting),
    waitingLong: Number(reviewOn !== undefined && reviewOn <= asOf),
  };
};

/** Standardized sessions that the place asks for each client every month: by a duty of its own (QS-09), or else by the rate. */
const sessionsAskedBy = (rules: ResolvedRules): number | null => {
  const duty = listRules(rules, 'duty').find(
    ({ rule }) => rule.evidence === 'sessionAttended' && rule.cadence.everyMonth,
  );
  const rate = findIndicator(rules, 'standardizedServiceRate');
  return duty?.rule.cadence.everyMonth?.amount ?? rate?.rule.params.sessionsPerMonth ?? null;
};

/** What is counted by the rule of the rate. */
const keysOfRate: readonly FigureKey[] = [
  'registered',
  'withConsent',
  'withAgreement',
  'withBaseline',
  'withPlan',
  'standardized',
  'rate',
];

/** Whose figures are taken: those of a county with a row for each town, or those of one town. */
export interface TakenSpan extends FigureSpan {
  readonly kind: ReportKind;
  readonly town?: string | null | undefined;
}

/** The table of a county or a town as of `asOf` for what happened from `fromOn`. The actor must reach the whole county. */
const countTable = async (tx: Tx, packs: PackLibrary, span: TakenSpan): Promise<Figures> => {
  const { kind, town } = span;
  const rules = resolveRules(packs, town ?? span.county, span.asOf);
  const indicator = findIndicator(rules, 'standardizedServiceRate');
  const sessionsAsked = kind === 'halfMonth' ? sessionsAskedBy(rules) : null;
  const keys = columnsOfKind(kind).map(({ key }) => key);
  const byArea = new Map<string, FigureValues>();
  const add = (area: string, counts: Readonly<Record<string, unknown>>): void => {
    const values = byArea.get(area) ?? emptyValues(kind);
    for (const key of keys) if (typeof counts[key] === 'number') values[key] = (values[key] ?? 0) + counts[key];
    byArea.set(area, values);
  };
  const domains = Domain.options satisfies readonly FigureKey[];
  for (const row of await countFigures(tx, span, { domains, sessionsAsked })) add(row.area, row);
  if (indicator)
    for (const row of await countConditions(tx, indicator.rule.params, span.county, span.asOf)) add(row.area, row);
  for (const row of await listReferralDays(tx, span)) add(row.area, referralFigures(rules, span, row));
  // Where no rule says how, these are not counted: that is not zero.
  const uncounted = Object.fromEntries((indicator ? [] : keysOfRate).map((key) => [key, null]));
  const rows = [...byArea]
    .filter(([area]) => !town || area === town)
    .map(([area, values]) => ({ area, values: { ...withRates(values), ...uncounted } }))
    .filter(({ values }) => keys.some((key) => values[key] !== 0 && values[key] !== null))
    .sort((a, b) => (a.area < b.area ? -1 : 1));
  const sums = addFigures(
    kind,
    rows.map(({ values }) => values),
  );
  return {
    rows: town ? [] : rows,
    total: { ...sums, ...uncounted },
    ...(kind === 'halfMonth' && { sessionsAsked }),
    rate: indicator
      ? { pack: indicator.pack.id, version: indicator.pack.version, target: indicator.target?.value ?? null }
      : null,
  };
};

/** As `countTable`; a yearly report has the total of the same days a year before besides. */
export const takeFigures = async (tx: Tx, packs: PackLibrary, span: TakenSpan): Promise<Figures> => {
  const figures = await countTable(tx, packs, span);
  if (span.kind !== 'year') return figures;
  const before = { ...span, fromOn: addMonths(span.fromOn, -12), asOf: addMonths(span.asOf, -12) };
  return { ...figures, yearBefore: (await countTable(tx, packs, before)).total };
};

interface DraftedReport {
  readonly county: string;
  /** Absent: the county's own report. */
  readonly town?: string | null | undefined;
  readonly period: Period;
  readonly today: Day;
  readonly organisation: string;
}

/**
 * A fresh report of an office for a period, taken on `today`, without its text. Refuses `periodNotBegun`, and `noRule` where the place
 * has no such duty. The actor must reach the whole county.
 */
export const draftReport = async (
  tx: Tx,
  packs: PackLibrary,
  { county, town, period, today, organisation }: DraftedReport,
): Promise<ReportContent> => {
  const due = findReportDue(packs, town ?? county, period);
  if (due === undefined)
    throw new Refusal(
      'noRule',
      `${fullNameOfDivision(town ?? county)}没有报送${nameOfReport(period)}的规定，请在“报告报送”中选择列出的期间。`,
    );
  const { kind, fromOn, dueOn: lastOn, dueBefore } = due;
  const asOf = decideAsOf(due, today);
  const figures = await takeFigures(tx, packs, { county, town, kind, fromOn, asOf });
  return {
    period,
    ...(town && { town }),
    ...(kind === 'halfMonth' && { fromOn }),
    asOf,
    dueOn: lastOn,
    ...(dueBefore !== null && { dueBefore }),
    organisation,
    figures,
    text: textOf(period),
  };
};
