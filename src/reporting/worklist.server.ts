// The work list: what waits for whoever asks, overdue first, with the clause, the clock and the place to do it.
import { listTasksDue } from '../governance/meeting.server.ts';
import { type Actor, reachOf } from '../kernel/access.ts';
import { addDays, type Day, dayAt, daysBetween, lastDayOf, monthOf, timeAt } from '../kernel/calendar.ts';
import { type Tx, withCountyReach } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { listCounties, nameOfDivision } from '../network/division.ts';
import { maskName } from '../person/identity.ts';
import { listRunningOpenings } from '../person/opening.server.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { findDuty, findIndicator, listRules, resolveRules } from '../policy/resolve.ts';
import { type ClockDuty, clocksOf, type DutyClock } from '../referral/clock.ts';
import { getIndicator, listIndicators } from './indicator.server.ts';
import { isCounting } from './indicator.ts';
import { listOwedReports, listReportRows } from './report-list.server.ts';
import { textOfDue } from './report-period.ts';
import type { worklistApi } from './worklist.api.ts';
import { countWaiting, listWaiting, type RowKind, type WaitingRow, type WorkScope } from './worklist.sql.ts';
import { kindsFor, linkOf, orderGroups, type WorkGroup, type WorkKind, type WorkRow, workClauses } from './worklist.ts';
import { findDutyWork } from './worklist-duty.server.ts';
import { findExchangeDuty, findExchangeWork } from './worklist-exchange.server.ts';

/** Days before its review day on which a plan enters the list; no document's number. */
const planNoticeDays = 14;
/** Days before its last day on which a consent enters the list; no document's number. */
const consentNoticeDays = 30;
/** Days before its last day on which what a meeting resolved enters the list; no document's number. */
const taskNoticeDays = 7;
const firstRows = 5;

const dutyOf: Partial<Record<WorkKind, ClockDuty>> = {
  applicationReview: 'registrationCheck',
  referralSend: 'referralDispatch',
  referralReceive: 'referralReceipt',
  queueReview: 'queueReview',
};

/** Which clauses of the place ask for the work: those of its own rules, or else of what documents that hold there say of it. */
const clausesOf = ({ packs, actor, today }: Ctx, kind: WorkKind): string[] => {
  const rules = resolveRules(packs, actor.scope, today);
  const duty = dutyOf[kind];
  const own = [
    ...(duty ? [findDuty(rules, duty)] : []),
    ...(kind === 'exchange' ? [findExchangeDuty(rules)] : []),
    ...(kind === 'screening' ? listRules(rules, 'criterion') : []),
    ...(kind === 'sessionsShort'
      ? [
          listRules(rules, 'duty').find(({ rule }) => rule.evidence === 'sessionAttended') ??
            findIndicator(rules, 'standardizedServiceRate'),
        ]
      : []),
  ].flatMap((one) => one?.rule.clause ?? []);
  if (own.length > 0) return [...new Set(own)];
  const documents = new Set(rules.rules.flatMap(({ rule }) => rule.clause.map((id) => id.slice(0, 2))));
  return workClauses[kind].filter((id) => documents.has(id.slice(0, 2)));
};

const scopeOf = (ctx: Ctx): WorkScope => {
  const { scope, organisation, role }: Actor = ctx.actor;
  const own = reachOf(ctx.actor) === 'organisation' || role === 'hospital';
  const rate = findIndicator(resolveRules(ctx.packs, scope, ctx.today), 'standardizedServiceRate');
  return {
    counties: listCounties(scope).map(({ code }) => code),
    town: scope.length === 9 && !own ? scope : null,
    organisation: own ? organisation : null,
    today: ctx.today,
    sessionsPerMonth: rate?.rule.params.sessionsPerMonth ?? 0,
    consentsBefore: addDays(ctx.today, consentNoticeDays),
    plansBefore: addDays(ctx.today, planNoticeDays),
  };
};

const dayClock = (dueOn: Day, today: Day, kind: WorkKind): DutyClock => ({
  dueOn,
  left: daysBetween(today, dueOn),
  unit: 'days',
  certain: true,
  clause: [...workClauses[kind]],
});

/** When a row of the kind that waits since a day falls due, or null where nothing says when. */
const clockReader = (ctx: Ctx, kind: WorkKind): ((county: string, sinceOn: Day) => DutyClock | null) => {
  const duty = dutyOf[kind];
  if (duty) return clocksOf(ctx.packs, duty, ctx.today);
  if (kind === 'planReview' || kind === 'consentEnding') return (_, sinceOn) => dayClock(sinceOn, ctx.today, kind);
  if (kind === 'sessionsShort') return () => dayClock(lastDayOf(monthOf(ctx.today)), ctx.today, kind);
  return () => null;
};

const rowOf = (kind: RowKind, row: WaitingRow, clock: DutyClock | null): WorkRow => ({
  key: row.id,
  name: row.person === null ? row.name : maskName(row.name),
  place: [row.town && nameOfDivision(row.town), row.site].filter(Boolean).join(' · '),
  missing: [...row.missing],
  clock,
  link: linkOf(kind, row),
});

interface Found {
  /** Absent: the kind's own. */
  readonly clauses?: string[];
  readonly total: number;
  readonly overdue: number;
  readonly rows: WorkRow[];
}

/** A queue is work only once its review is due; other kinds are work at once. */
const findRows = async (tx: Tx, ctx: Ctx, kind: RowKind, limit: number, offset: number): Promise<Found> => {
  const scope = scopeOf(ctx);
  const clockOf = clockReader(ctx, kind);
  const waits = (await countWaiting(tx, kind, scope)).map((wait) => ({
    ...wait,
    clock: clockOf(wait.county, wait.sinceOn),
  }));
  const due = kind === 'queueReview' ? waits.filter(({ clock }) => clock && clock.left <= 0) : waits;
  const sum = (list: typeof waits) => list.reduce((total, { count }) => total + count, 0);
  const total = sum(due);
  const until =
    kind === 'queueReview'
      ? (due
          .map(({ sinceOn }) => sinceOn)
          .sort()
          .at(-1) ?? null)
      : null;
  const found = total === 0 ? [] : await listWaiting(tx, kind, scope, { until, limit, offset });
  return {
    total,
    overdue: sum(due.filter(({ clock }) => clock && clock.left < 0)),
    rows: found.map((row) => rowOf(kind, row, clockOf(row.county, row.sinceOn))),
  };
};

/** Reports to make (an office's own), or missing from the offices below. */
const findReports = async (tx: Tx, ctx: Ctx, limit: number, offset: number): Promise<Found> => {
  const owed = listOwedReports(await listReportRows(tx, ctx, ctx.actor.scope))
    .filter(({ status, area }) => status === 'overdue' || area === ctx.actor.scope)
    .sort(
      (a, b) => Number(b.area === ctx.actor.scope) - Number(a.area === ctx.actor.scope) || (a.dueOn < b.dueOn ? -1 : 1),
    );
  const rows = owed.map((row): WorkRow => {
    const { area, areaName, period, report, dueOn, dueBefore, clause } = row;
    return {
      key: `${area} ${period}`,
      name: period,
      place: dueBefore === null ? areaName : `${areaName} · ${textOfDue(row)} 前报送`,
      missing: [],
      clock: { ...dayClock(dueOn, ctx.today, 'report'), clause },
      link: report ? linkOf('report', { id: report, person: null }) : { path: '/reports', search: { period } },
    };
  });
  const overdue = owed.filter(({ status }) => status === 'overdue').length;
  const clauses = [...new Set(owed.flatMap(({ clause }) => clause))];
  return { total: rows.length, overdue, clauses, rows: rows.slice(offset, offset + limit) };
};

/** Counties that miss a target of any indicator today; nothing where no rule is in force. */
const findTargets = async (tx: Tx, ctx: Ctx, limit: number, offset: number): Promise<Found> => {
  const asked = { page: 1, pageSize: 1, people: false };
  const missing = new Map<string, { name: string; missing: string[] }>();
  const note = (area: string | null, name: string, what: string): void => {
    if (area) missing.set(area, { name, missing: [...(missing.get(area)?.missing ?? []), what] });
  };
  const { rows: indicators } = await listIndicators(tx, ctx, {});
  for (const { indicator, target } of indicators.filter((row) => row.target !== null)) {
    const answer = await getIndicator(tx, ctx, { ...asked, indicator });
    for (const child of answer.children) if (child.met === false) note(child.area, child.name, indicator);
    // What is only counted has its target for the place as a whole.
    if (target !== null && isCounting(indicator) && answer.met === false) note(answer.area, answer.areaName, indicator);
  }
  const rows = [...missing].map(
    ([area, { name, missing: lacking }]): WorkRow => ({
      key: area,
      name,
      place: '',
      missing: lacking,
      clock: null,
      link: linkOf('target', { id: area, person: null }),
    }),
  );
  return { total: rows.length, overdue: 0, rows: rows.slice(offset, offset + limit) };
};

/** What a meeting resolved and nobody has reported done. */
const findTasks = async (tx: Tx, ctx: Ctx, limit: number, offset: number): Promise<Found> => {
  const tasks = await listTasksDue(tx, ctx, addDays(ctx.today, taskNoticeDays));
  return {
    total: tasks.length,
    overdue: tasks.filter(({ dueOn }) => dueOn < ctx.today).length,
    rows: tasks.slice(offset, offset + limit).map(({ id, meeting, text, responsible, bodyName, dueOn }) => ({
      key: id,
      name: text,
      place: `${bodyName} · ${responsible}`,
      missing: [],
      clock: dayClock(dueOn, ctx.today, 'meetingTask'),
      link: linkOf('meetingTask', { id: meeting, person: null }),
    })),
  };
};

const minuteAt = (instant: string): string => `${dayAt(instant)} ${timeAt(instant)}`;

/** Files of the county that are open to an office above it: not work, but told at once. */
const findOpenings = async (tx: Tx, ctx: Ctx, limit: number, offset: number): Promise<Found> => {
  const { rows, total } = await listRunningOpenings(tx, ctx, limit, offset);
  return {
    total,
    overdue: 0,
    rows: rows.map(({ id, person, name, by, organisation, reason, openedAt, endsAt }) => ({
      key: id,
      name: name ?? '—',
      place: `${[organisation, by].filter(Boolean).join(' ')}，${minuteAt(openedAt)} 至 ${minuteAt(endsAt)}，理由：${reason}`,
      missing: [],
      clock: null,
      link: linkOf('opening', { id, person }),
    })),
  };
};

/**
 * Whom an organisation has to stop serving it is told by masked name, though it sees the person no more (PIPL 47: what is left is to keep
 * and to protect). The statement names the organisation itself, and nothing leads to the file.
 */
const findEnded = async (tx: Tx, ctx: Ctx, limit: number, offset: number): Promise<Found> => {
  if (reachOf(ctx.actor) !== 'organisation') return findRows(tx, ctx, 'consentEnded', limit, offset);
  if (ctx.actor.organisation === null) return { total: 0, overdue: 0, rows: [] };
  const found = await withCountyReach(tx, () => findRows(tx, ctx, 'consentEnded', limit, offset));
  const link = linkOf('consentEnded', { id: '', person: null });
  return { ...found, rows: found.rows.map((row) => ({ ...row, link })) };
};

const find = (tx: Tx, ctx: Ctx, kind: WorkKind, limit: number, offset: number): Promise<Found> => {
  if (kind === 'opening') return findOpenings(tx, ctx, limit, offset);
  if (kind === 'consentEnded') return findEnded(tx, ctx, limit, offset);
  if (kind === 'exchange') return findExchangeWork(tx, ctx, limit, offset);
  if (kind === 'meetingTask') return findTasks(tx, ctx, limit, offset);
  if (kind === 'report') return findReports(tx, ctx, limit, offset);
  if (kind === 'duty') return findDutyWork(tx, ctx, limit, offset);
  if (kind === 'target') return findTargets(tx, ctx, limit, offset);
  return findRows(tx, ctx, kind, limit, offset);
};

export const worklistHandlers: Handlers<typeof worklistApi> = {
  get: async (tx, ctx) => {
    const groups: WorkGroup[] = [];
    for (const kind of kindsFor(ctx.actor))
      groups.push({ kind, clauses: clausesOf(ctx, kind), ...(await find(tx, ctx, kind, firstRows, 0)) });
    return { groups: orderGroups(groups) };
  },
  list: async (tx, ctx, { kind, page, pageSize }) => {
    if (!kindsFor(ctx.actor).includes(kind))
      throw new Refusal('notYours', '这类事项不由您的岗位办理。', { kind: 'access' });
    const { rows, total, clauses = clausesOf(ctx, kind) } = await find(tx, ctx, kind, pageSize, (page - 1) * pageSize);
    return { rows, total, clauses };
  },
};
