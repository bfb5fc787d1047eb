// Takes the figures of a county's report: as of the day, by the rules of that day, the same at any later time if nothing is entered late.
import { createHash } from 'node:crypto';
import { Domain } from '../care/session.ts';
import type { Day } from '../kernel/calendar.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { nameOfDivision } from '../network/division.ts';
import { dueOn, listDues } from '../policy/duty.ts';
import type { PackLibrary } from '../policy/library.ts';
import { findDuty, findIndicator, type ResolvedRules, resolveRules } from '../policy/resolve.ts';
import { countConditions } from './measure.sql.ts';
import {
  decideAsOf,
  emptyText,
  firstDayOfPeriod,
  lastDayOfPeriod,
  nameOfPeriod,
  type Period,
  type ReportContent,
} from './report.ts';
import { countFigures, type FigureSpan, listReferralDays, type ReferralDays } from './report-figures.sql.ts';
import {
  addFigures,
  emptyValues,
  type FigureKey,
  type Figures,
  type FigureValues,
  figureKeys,
  withRate,
} from './report-figures.ts';

/** SHA-256 of the content in one canonical form: what is stored with a filed report, and checked when it is opened. */
export const hashReport = (content: ReportContent): string => {
  const { period, asOf, dueOn: due, organisation, figures, text } = content;
  return createHash('sha256')
    .update(canonicalJson({ period, asOf, dueOn: due, organisation, figures, text }))
    .digest('hex');
};

/** The last day of the county's duty to report in the period, or undefined where no rule was in force. */
export const findReportDue = (packs: PackLibrary, county: string, period: Period): Day | undefined => {
  const [first, last] = [firstDayOfPeriod(period), lastDayOfPeriod(period)];
  const duty = findDuty(resolveRules(packs, county, last), 'halfYearReport');
  return duty && listDues(duty.rule.cadence, first, last).at(-1)?.dueOn;
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

/** The table of a county as of `asOf` for what happened from `fromOn`. */
export const takeFigures = async (tx: Tx, packs: PackLibrary, span: FigureSpan): Promise<Figures> => {
  const rules = resolveRules(packs, span.county, span.asOf);
  const indicator = findIndicator(rules, 'standardizedServiceRate');
  const byArea = new Map<string, FigureValues>();
  const add = (area: string, counts: Readonly<Record<string, unknown>>): void => {
    const values = byArea.get(area) ?? emptyValues();
    for (const key of figureKeys) if (typeof counts[key] === 'number') values[key] = (values[key] ?? 0) + counts[key];
    byArea.set(area, values);
  };
  for (const row of await countFigures(tx, span, Domain.options satisfies readonly FigureKey[])) add(row.area, row);
  if (indicator)
    for (const row of await countConditions(tx, indicator.rule.params, span.county, span.asOf)) add(row.area, row);
  for (const row of await listReferralDays(tx, span)) add(row.area, referralFigures(rules, span, row));
  const rows = [...byArea]
    .map(([area, values]) => ({ area, values: withRate(values) }))
    .filter(({ values }) => figureKeys.some((key) => values[key] !== 0 && values[key] !== null))
    .sort((a, b) => (a.area < b.area ? -1 : 1));
  return {
    rows,
    total: addFigures(rows.map(({ values }) => values)),
    rate: indicator
      ? { pack: indicator.pack.id, version: indicator.pack.version, target: indicator.target?.value ?? null }
      : null,
  };
};

/**
 * A fresh report of a county for a period, taken on `today`, without its text. Refuses `periodNotBegun`, and `noRule` where the place
 * has no duty to report.
 */
export const draftReport = async (
  tx: Tx,
  packs: PackLibrary,
  { county, period, today, organisation }: { county: string; period: Period; today: Day; organisation: string },
): Promise<ReportContent> => {
  const asOf = decideAsOf(period, today);
  const due = findReportDue(packs, county, period);
  if (due === undefined)
    throw new Refusal('noRule', `${nameOfPeriod(period)},${nameOfDivision(county)}没有报送半年报告的规定。`);
  const figures = await takeFigures(tx, packs, { county, fromOn: firstDayOfPeriod(period), asOf });
  return { period, asOf, dueOn: due, organisation, figures, text: emptyText };
};
