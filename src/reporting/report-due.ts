// Which reports a county or a town owes, and when: worked out from the duties of the place's packs.
import { addDays, addMonths, type Day, lastDayOf, listMonths, monthOf } from '../kernel/calendar.ts';
import type { DutySubject, ReportKind } from '../policy/duty.ts';
import { listDues, ReportKind as ReportKinds } from '../policy/duty.ts';
import type { PackLibrary } from '../policy/library.ts';
import type { AreaPrefix, DutyRule } from '../policy/pack.ts';
import {
  findFirstDay,
  findNearness,
  listRules,
  listStandingPacks,
  type ResolvedRule,
  resolveRules,
} from '../policy/resolve.ts';
import { firstDayOfPeriod, kindOfPeriod, lastDayOfPeriod, type Period } from './report-period.ts';

/** A report that an area owes. */
export interface ReportDue {
  readonly kind: ReportKind;
  readonly area: string;
  readonly period: Period;
  /** The days that the period's events are counted of. */
  readonly fromOn: Day;
  readonly endsOn: Day;
  readonly dueOn: Day;
  /** 'HH:MM' of that day; null until the day ends. */
  readonly dueBefore: string | null;
  readonly clause: readonly string[];
  /** The last day of the document that asks for it, where that is over. */
  readonly endedOn: Day | null;
}

/** Before any pack. */
const firstDayOfRules = '2000-01-01';
const digits: Partial<Record<DutySubject, number>> = { town: 9, county: 6 };
const isOwedBy = (area: string, rule: Pick<DutyRule, 'subject' | 'evidence'>): boolean =>
  rule.evidence === 'reportFiled' && digits[rule.subject] === area.length;

const isKind = (kind: string | undefined): kind is ReportKind => ReportKinds.safeParse(kind).success;

/** The half month begins on the day after the one before ended, so that no day is left out and none counted twice. */
const spanOf = (kind: ReportKind, { cadence }: DutyRule, dueOn: Day) => {
  const year = dueOn.slice(0, 4);
  if (kind === 'halfMonth') {
    const before = listDues(cadence, addMonths(dueOn, -2), addDays(dueOn, -1)).at(-1)?.dueOn;
    return { period: dueOn, fromOn: before === undefined ? `${monthOf(dueOn)}-01` : addDays(before, 1), endsOn: dueOn };
  }
  const period = kind === 'year' ? year : `${year}-H${dueOn.slice(5, 7) <= '06' ? 1 : 2}`;
  // A year's summary that is due before the year ends is of the days up to then (QS-12).
  return { period, fromOn: firstDayOfPeriod(period), endsOn: kind === 'year' ? dueOn : lastDayOfPeriod(period) };
};

const duesOfRule = (area: string, { rule, pack }: ResolvedRule<DutyRule>, fromOn: Day, toOn: Day): ReportDue[] => {
  const endedOn = pack.endedOn ?? null;
  return listDues(rule.cadence, fromOn, toOn).flatMap(({ dueOn, dueBefore = null }) =>
    isKind(rule.of)
      ? [{ kind: rule.of, area, ...spanOf(rule.of, rule, dueOn), dueOn, dueBefore, clause: rule.clause, endedOn }]
      : [],
  );
};

/**
 * The reports that an area owes whose due day lies between the two days, both included, in order; by the rules of each day. Several due
 * days within one period are one report, due on the last of them.
 */
export const listReportDues = (packs: PackLibrary, area: string, fromOn: Day, toOn: Day): ReportDue[] => {
  const begin = [fromOn, findFirstDay(packs, area) ?? fromOn].sort().at(-1) ?? fromOn;
  if (begin > toOn) return [];
  const dues = listMonths(monthOf(begin), monthOf(toOn)).flatMap((month) => {
    const standing = listStandingPacks(packs, area, lastDayOf(month));
    const first = new Map<string, ResolvedRule<DutyRule>>();
    for (const one of listRules(resolveRules(packs, area, lastDayOf(month)), 'duty'))
      if (isOwedBy(area, one.rule) && !first.has(one.rule.of ?? '')) first.set(one.rule.of ?? '', one);
    return [...first.values()].flatMap((one) => {
      const holder = standing.find(({ pack }) => pack.id === one.pack.id);
      const held = holder?.adoption?.fromOn ?? holder?.pack.period.from ?? '';
      const since = [`${month}-01`, begin, held, one.rule.from ?? ''].sort().at(-1);
      return duesOfRule(area, one, since ?? begin, [lastDayOf(month), toOn].sort()[0] ?? toOn);
    });
  });
  return [...new Map(dues.map((due) => [due.period, due])).values()].sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1));
};

/**
 * As `listReportDues` for many areas, from the first rule on. Areas of one level that the same packs cover owe the same, so that it is
 * worked out once for all towns of a county.
 */
export const listReportDuesOf = (packs: PackLibrary, areas: readonly string[], toOn: Day): ReportDue[] => {
  const known = new Map<string, ReportDue[]>();
  return areas.flatMap((area) => {
    const covers = ({ areas }: { areas: readonly AreaPrefix[] }) => findNearness(areas, area) !== undefined;
    const shipped = [...packs.packs.values()].filter(covers).map(({ id }) => id);
    const decided = (packs.adoptions ?? []).flatMap((one, index) => (covers(one) ? [index] : []));
    const key = [area.length, ...shipped, ...decided].join(' ');
    const dues = known.get(key) ?? listReportDues(packs, area, firstDayOfRules, toOn);
    known.set(key, dues);
    return dues.map((due) => ({ ...due, area }));
  });
};

/** The area's duty to report of the period, or undefined where no rule was in force. */
export const findReportDue = (packs: PackLibrary, area: string, period: Period): ReportDue | undefined => {
  const first = kindOfPeriod(period) === 'halfMonth' ? period : firstDayOfPeriod(period);
  return listReportDues(packs, area, first, lastDayOfPeriod(period)).find((due) => due.period === period);
};
