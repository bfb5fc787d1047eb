// What is asked of the database for duties: the span, the rules in force in it, and when the clocks that started fall due.
import { type Actor, inScope, reachOf } from '../kernel/access.ts';
import { addDays, type Day, firstDayOf, lastDayOf, monthOf, timeAt } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { cities, listCounties, listTowns, nameOfDivision } from '../network/division.ts';
import { knownBy } from '../policy/adoption.ts';
import type { Ctx } from '../policy/context.ts';
import { dueOn, eventOf } from '../policy/duty.ts';
import { longestClock } from '../policy/duty-history.ts';
import { type AsOf, endOfDay, listPeriods } from '../policy/duty-instance.ts';
import { Stability } from '../policy/facts.ts';
import { type DutyQuery, listStarts } from './duty.sql.ts';
import { checkSpan, type DutyInForce, isMine, isPersonal, listDutiesInForce } from './duty.ts';
import type { AreaSubject } from './duty-evidence.sql.ts';

export interface AskedSpan {
  readonly area?: string | undefined;
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
  /** The day as of which one asks. */
  readonly on?: Day | undefined;
}

export interface DutySpan {
  /** '' is the nation. */
  readonly area: string;
  readonly from: Day;
  readonly to: Day;
  readonly at: AsOf;
}

const isKnown = (area: string): boolean =>
  area.length === 9 ? listTowns(area.slice(0, 6)).some(({ code }) => code === area) : listCounties(area).length > 0;

export const seesPersons = (actor: Actor): boolean => reachOf(actor) !== 'figures';

/** The area and the days asked for, today's month where nothing is said; an organisation asks for its county, and finds its own there. */
export const decideSpan = ({ actor, today, now }: Ctx, asked: AskedSpan): DutySpan => {
  const organisation = reachOf(actor) === 'organisation';
  const own = organisation ? actor.scope.slice(0, 6) : actor.scope;
  if (asked.area !== undefined && !inScope({ ...actor, scope: own }, asked.area))
    throw new Refusal('outOfScope', '这个地区不在您的管辖范围内。', { kind: 'access' });
  const area = organisation ? own : (asked.area ?? own);
  if (!isKnown(area))
    throw new Refusal('areaUnknown', `没有代码为 ${area} 的地区。`, {
      kind: 'input',
      fields: { area: '请核对行政区划代码' },
    });
  const on = asked.on ?? today;
  const from = asked.from ?? firstDayOf(monthOf(asked.to ?? on));
  const to = asked.to ?? lastDayOf(monthOf(from));
  checkSpan({ from, to, on, today });
  const at = { on, time: on === today ? timeAt(now) : endOfDay };
  // Spans that differ by a day would tell single persons apart (docs/decisions/0007).
  if (!seesPersons(actor)) return { area, from: firstDayOf(monthOf(from)), to: lastDayOf(monthOf(to)), at };
  return { area, from, to, at };
};

const areasOf = ({ rule, city, counties }: DutyInForce, area: string): AreaSubject[] => {
  if (rule.subject === 'city') return city === null ? [] : [{ county: `${city}00`, area: city }];
  if (rule.subject === 'county') return area.length > 6 ? [] : counties.map((county) => ({ county, area: county }));
  if (rule.subject !== 'town') return [];
  return counties
    .flatMap((county) => listTowns(county).map(({ code }) => ({ county, area: code })))
    .filter((town) => town.area.startsWith(area));
};

const queryOf = (ctx: Ctx, duty: DutyInForce, ref: number, { area, at }: DutySpan): DutyQuery => {
  const { rule, fromOn, toOn, counties } = duty;
  const event = eventOf(rule.cadence);
  const periods = event === undefined ? listPeriods(rule.cadence, fromOn, toOn) : [];
  return {
    ref,
    evidence: rule.evidence,
    subject: rule.subject,
    rule: rule.id,
    of: rule.of,
    areas: areasOf(duty, area),
    counties,
    from: event === undefined ? (periods[0]?.firstOn ?? fromOn) : addDays(fromOn, -longestClock(rule.cadence)),
    at,
    today: ctx.today,
    times: periods[0]?.times ?? true,
    periods,
    ...(event && { clock: { event, byStability: rule.cadence.afterByStability !== undefined, dues: [] } }),
    town: area.length === 9 ? area : null,
    organisation: reachOf(ctx.actor) === 'organisation' ? ctx.actor.organisation : null,
  };
};

const withDues = async (tx: Tx, query: DutyQuery, { rule, starts, fromOn, toOn }: DutyInForce): Promise<DutyQuery> => {
  const { clock } = query;
  if (!clock || !starts) return query;
  const dues = (await listStarts(tx, query)).flatMap(({ startOn, band }) => {
    const due = dueOn(rule.cadence, { startOn, stability: Stability.safeParse(band).data });
    const isOwed = starts.fromOn <= startOn && startOn <= starts.toOn && fromOn <= due.dueOn && due.dueOn <= toOn;
    return isOwed ? [{ startOn, band, ...due }] : [];
  });
  return { ...query, clock: { ...clock, dues } };
};

export interface DutySelection {
  /** The id of one rule. */
  readonly duty?: string | undefined;
  readonly responsible: 'mine' | 'all';
  /** Leaves out what is owed for persons. */
  readonly areasOnly?: boolean;
}

/** Cities whose own duties belong to the answer: none where a county or town is asked for. */
const citiesIn = (area: string): string[] =>
  area.length >= 6 ? [] : cities.map(({ code }) => code).filter((code) => code.startsWith(area));

/** The rules in force in the span, as far as they are asked for and the actor may see their subjects. */
export const selectDuties = (ctx: Ctx, span: DutySpan, asked: DutySelection): DutyInForce[] => {
  const organisation = reachOf(ctx.actor) === 'organisation';
  return listDutiesInForce(knownBy(ctx.packs, span.at.on), {
    counties: listCounties(span.area).map(({ code }) => code),
    cities: citiesIn(span.area),
    from: span.from,
    to: span.to,
  }).filter(
    ({ rule }) =>
      (asked.duty === undefined || rule.id === asked.duty) &&
      (asked.responsible === 'all' || isMine(rule.responsible, ctx.actor)) &&
      (!asked.areasOnly || !isPersonal(rule.subject)) &&
      // What offices owe is not an organisation's to see; of its own it finds what it owes.
      (!organisation || rule.responsible.level === 'organisation'),
  );
};

/** The queries of these rules, with the due days of their clocks. */
export const queriesOf = async (
  tx: Tx,
  ctx: Ctx,
  span: DutySpan,
  duties: readonly DutyInForce[],
): Promise<DutyQuery[]> => {
  const queries: DutyQuery[] = [];
  for (const [ref, duty] of duties.entries()) queries.push(await withDues(tx, queryOf(ctx, duty, ref, span), duty));
  return queries;
};

/** 巴中市 …, 全国 */
export const nameOfArea = (area: string): string => (area === '' ? '全国' : nameOfDivision(area));
