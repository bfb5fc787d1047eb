// A report for readers who may not see the persons, and for publication: the totals without small counts, no towns.
import { type Actor, seesSmallCells } from '../kernel/access.ts';
import type { Report } from './report.ts';
import { type FigureKey, type FigureValues, figureColumns, figureKeys } from './report-figures.ts';
import { hideSmallCells, isSmall } from './small-cells.ts';

/** About organisations and staff, not about who is served. */
const ofNobody: ReadonlySet<FigureKey> = new Set([
  'sites',
  'newSites',
  'institutions',
  'staff',
  'professionals',
  'rate',
  'perClient',
]);

/** Columns that count some of those whom another counts: what is left of the other is a count too. */
const wholeOf: Partial<Record<FigureKey, FigureKey>> = {
  ...{ atHome: 'listed', eligible: 'listed', willing: 'listed' },
  ...{ withConsent: 'registered', withAgreement: 'registered', withBaseline: 'registered', withPlan: 'registered' },
  ...{ standardized: 'registered', standardizedSessions: 'sessions' },
  ...{ referralsInTime: 'referralsSent', referralsLate: 'referralsSent', waitingLong: 'waiting' },
};
/** Divided by a count of persons, which it tells together with the sessions. */
const perPerson: readonly FigureKey[] = ['served', 'sessions'];
const domains = figureColumns.filter(({ group }) => group === '本期服务人次（按领域）').map(({ key }) => key);

/** The sessions of the period add up from those of the domains. */
const hiddenSessions = (total: FigureValues): FigureKey[] => {
  const count = (key: FigureKey): number => total[key] ?? 0;
  const leaf = (key: string, d: number) => ({ key, n: 0, d, parts: [] });
  const rest = count('sessions') - domains.reduce((sum, key) => sum + count(key), 0);
  const parts = [...domains.map((key) => leaf(key, count(key))), ...(rest > 0 ? [leaf('rest', rest)] : [])];
  const shown = hideSmallCells({ ...leaf('sessions', count('sessions')), parts });
  return (['sessions', ...domains] as const).filter((key) => shown.get(key)?.d === null);
};

/**
 * The totals that must not be shown. `also` are those that the indicators hide of this county on this day, so that a report does not tell
 * what they leave out.
 */
export const listHiddenTotals = (total: FigureValues, also: readonly FigureKey[]): FigureKey[] => {
  const hidden = new Set<FigureKey>([...also, ...hiddenSessions(total)]);
  const value = (key: FigureKey): number => total[key] ?? 0;
  for (const key of figureKeys) if (!ofNobody.has(key) && isSmall(value(key))) hidden.add(key);
  for (const key of figureKeys) {
    const whole = wholeOf[key];
    if (whole && (hidden.has(whole) || isSmall(value(whole) - value(key)))) hidden.add(key);
  }
  if (perPerson.some((key) => hidden.has(key))) hidden.add('perClient');
  if (hidden.has('standardized') || hidden.has('registered')) hidden.add('rate');
  return figureKeys.filter((key) => hidden.has(key) && key in total);
};

/** The report without its towns, of which nearly every column is small, and without these totals. */
export const hideFigures = (report: Report, hidden: readonly FigureKey[]): Report => ({
  ...report,
  figures: {
    ...report.figures,
    rows: [],
    yearBefore: null,
    total: { ...report.figures.total, ...Object.fromEntries(hidden.map((key) => [key, null])) },
  },
});

/**
 * Who gets a report as it was filed: the office in charge of the place, and the city's office that a county files to, because it is the
 * official return (BZ-32).
 */
export const seesReturn = (
  actor: Actor,
  { county, area, filedOn }: Pick<Report, 'county' | 'area' | 'filedOn'>,
): boolean =>
  seesSmallCells(actor, area) ||
  (area === county &&
    filedOn !== null &&
    actor.role === 'civilAffairs' &&
    actor.scope.length === 4 &&
    county.startsWith(actor.scope));
