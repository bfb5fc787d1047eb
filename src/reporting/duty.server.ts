// Handlers of duties: what who asks may see of the instances, with names, evidence and links.
import { mayRecord } from '../governance/milestone.ts';
import { reachOf, seesSmallCells } from '../kernel/access.ts';
import { addMonths, daysBetween } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { asFigures } from '../kernel/figures.ts';
import { fullNameOfDivision, nameOfDivision } from '../network/division.ts';
import { maskName } from '../person/identity.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { DutyState } from '../policy/duty-instance.ts';
import type { dutyApi } from './duty.api.ts';
import { countDuties, countDutyDays, type DutyCount, type DutyRow, findDutyNames, listDuties } from './duty.sql.ts';
import {
  type DutyCountView,
  type DutyDay,
  type DutyInForce,
  type DutyInstanceView,
  dutyLink,
  isPersonal,
  nameOfResponsible,
} from './duty.ts';
import { icsOf } from './duty-ics.ts';
import {
  type AskedSpan,
  type DutySelection,
  type DutySpan,
  decideSpan,
  nameOfArea,
  queriesOf,
  seesPersons,
  selectDuties,
} from './duty-query.server.ts';

const ruleOf = ({ rule, pack, packName }: DutyInForce) => ({
  duty: rule.id,
  title: rule.title,
  clause: [...rule.clause],
  pack,
  packName,
  assumed: rule.assumed?.reason ?? null,
});

const at = <T>(list: readonly T[], index: number): T => {
  const found = list[index];
  if (found === undefined) throw new Error(`no duty ${index}`);
  return found;
};

/** Areas are their own names; the rest is named from rows that the actor sees. */
const isArea = ({ rule }: DutyInForce): boolean => ['town', 'county', 'city'].includes(rule.subject);

const evidenceOf = ({ ids, days }: DutyRow) => (days ?? []).map((on, index) => ({ id: ids?.[index] ?? null, on }));

const viewOf = (
  row: DutyRow,
  duty: DutyInForce,
  { names, today, actor }: { names: Awaited<ReturnType<typeof findDutyNames>>; today: string; actor: Ctx['actor'] },
): DutyInstanceView => {
  const { rule } = duty;
  const area = isArea(duty) ? row.subject : (row.town ?? row.county);
  const person = row.person && maskName(names.persons.get(row.person) ?? '—');
  const name = isArea(duty) ? fullNameOfDivision(row.subject) : (person ?? names.others.get(row.subject) ?? '—');
  const { role, level } = rule.responsible;
  const organisation = level === 'organisation' ? row.organisation : null;
  const open = row.state === 'due' || row.state === 'late';
  return {
    ...ruleOf(duty),
    subject: { kind: rule.subject, id: row.subject, name },
    area,
    areaName: fullNameOfDivision(area),
    responsible: {
      role,
      level,
      organisation,
      name: (organisation && names.others.get(organisation)) || nameOfResponsible({ role, level }, area),
    },
    dueOn: row.dueOn,
    dueBefore: row.dueBefore,
    certain: row.certain,
    state: row.state,
    done: row.done,
    asked: row.asked,
    unit: rule.cadence.everyYear?.unit ?? rule.cadence.everyMonth?.unit ?? 'times',
    left: open ? daysBetween(today, row.dueOn) : null,
    evidence: evidenceOf(row),
    link: dutyLink(rule, row.subject, row.person),
    recordable: open && rule.evidence === 'recorded' && mayRecord(actor, rule, area),
  };
};

const nameRows = (tx: Tx, rows: readonly DutyRow[], duties: readonly DutyInForce[]) =>
  findDutyNames(tx, [...new Set(rows.map(({ county }) => county))], {
    persons: rows.flatMap(({ person }) => person ?? []),
    others: rows.flatMap(({ subject, person, organisation, ref }) => [
      ...(organisation === null ? [] : [organisation]),
      ...(person === null && !isArea(at(duties, ref)) ? [subject] : []),
    ]),
  });

export interface AskedDuties extends AskedSpan, DutySelection {
  readonly state?: DutyState | undefined;
  readonly page: number;
  readonly pageSize: number;
}

/** A page of instances; offices above the counties get those of places alone, never a person's. */
export const listDutyInstances = async (
  tx: Tx,
  ctx: Ctx,
  asked: AskedDuties,
): Promise<{ rows: DutyInstanceView[]; total: number }> => {
  const span = decideSpan(ctx, asked);
  const duties = selectDuties(ctx, span, { ...asked, areasOnly: asked.areasOnly || !seesPersons(ctx.actor) });
  const queries = await queriesOf(tx, ctx, span, duties);
  const limit = { state: asked.state, limit: asked.pageSize, offset: (asked.page - 1) * asked.pageSize };
  const { rows, total } = await listDuties(tx, queries, limit);
  const names = await nameRows(tx, rows, duties);
  return {
    rows: rows.map((row) => viewOf(row, at(duties, row.ref), { names, today: span.at.on, actor: ctx.actor })),
    total,
  };
};

/** Counts of 1 to 4 persons are the organisation's in charge; no sum is shown beside them that would give them away. */
const hideSmall = (counts: Record<DutyState, number>) =>
  Object.fromEntries(
    Object.entries(counts).map(([state, count]) => [state, count > 0 && count < 5 ? null : count]),
  ) as Record<DutyState, number | null>;

const countsOf = (rows: readonly DutyCount[]): Record<DutyState, number> =>
  Object.fromEntries(
    DutyState.options.map((state) => [
      state,
      rows.filter((row) => row.state === state).reduce((sum, { count }) => sum + count, 0),
    ]),
  ) as Record<DutyState, number>;

/** Past row-level security for who sees nobody. */
const countAll = async (tx: Tx, ctx: Ctx, span: DutySpan, duties: readonly DutyInForce[]): Promise<DutyCount[]> => {
  const counted = async () => countDuties(tx, await queriesOf(tx, ctx, span, duties));
  return seesPersons(ctx.actor) ? counted() : asFigures(tx, ctx, counted, span.area);
};

export const countDutyStates = async (
  tx: Tx,
  ctx: Ctx,
  span: DutySpan,
  asked: DutySelection,
): Promise<DutyCountView[]> => {
  const duties = selectDuties(ctx, span, asked);
  const all = await countAll(tx, ctx, span, duties);
  return duties.flatMap((duty, ref) =>
    duty.counties.map((county): DutyCountView => {
      const counts = countsOf(all.filter((row) => row.ref === ref && row.county === county));
      const area = duty.city ?? (span.area.length === 9 ? span.area : county);
      const exact = !isPersonal(duty.rule.subject) || seesSmallCells(ctx.actor, area);
      const shown = exact ? counts : hideSmall(counts);
      const hidden = Object.values(shown).includes(null);
      return { ...ruleOf(duty), area, areaName: nameOfDivision(area), counts: shown, hidden };
    }),
  );
};

/** How often a duty falls due in the span, exactly: whoever shows it hides what could point at a person. */
export interface DutySum {
  readonly title: string;
  readonly clause: DutyInForce['rule']['clause'];
  readonly personal: boolean;
  readonly counts: Record<DutyState, number>;
}

/** The duties `rules` over all of the span's area by id, each with all its texts together; without those that no text asks for. */
export const sumDuties = async (
  tx: Tx,
  ctx: Ctx,
  span: DutySpan,
  rules: readonly string[],
): Promise<Map<string, DutySum>> => {
  const duties = selectDuties(ctx, span, { responsible: 'all' }).filter(({ rule }) => rules.includes(rule.id));
  const all = await countAll(tx, ctx, span, duties);
  const byRule = Map.groupBy(duties.entries(), ([, { rule }]) => rule.id);
  return new Map(
    [...byRule].map(([id, own]) => {
      const refs = own.map(([ref]) => ref);
      const { title, clause } = at(duties, refs.at(-1) ?? 0).rule;
      const personal = own.some(([, { rule }]) => isPersonal(rule.subject));
      return [id, { title, clause, personal, counts: countsOf(all.filter(({ ref }) => refs.includes(ref))) }];
    }),
  );
};

const listDays = async (tx: Tx, ctx: Ctx, span: DutySpan, asked: DutySelection): Promise<DutyDay[]> => {
  const duties = selectDuties(ctx, span, { ...asked, areasOnly: asked.areasOnly || !seesPersons(ctx.actor) });
  const rows = await countDutyDays(tx, await queriesOf(tx, ctx, span, duties));
  const days = Map.groupBy(rows, ({ ref, dueOn, dueBefore }) => `${dueOn} ${dueBefore ?? ''} ${ref}`);
  return [...days.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const sum = (...states: DutyState[]) =>
      own.filter(({ state }) => states.includes(state)).reduce((total, { count }) => total + count, 0);
    return [
      {
        on: first.dueOn,
        before: first.dueBefore,
        ...ruleOf(at(duties, first.ref)),
        open: sum('due'),
        late: sum('late'),
        done: sum('done', 'doneLate'),
        planned: sum('planned'),
      },
    ];
  });
};

const shownSpan = ({ from, to, at: { on } }: DutySpan) => ({ from, to, on });

export const dutyHandlers: Handlers<typeof dutyApi> = {
  list: listDutyInstances,
  counts: async (tx, ctx, asked) => {
    const span = decideSpan(ctx, asked);
    return { ...shownSpan(span), rows: await countDutyStates(tx, ctx, span, asked) };
  },
  calendar: async (tx, ctx, asked) => {
    const span = decideSpan(ctx, asked);
    return { ...shownSpan(span), days: await listDays(tx, ctx, span, asked) };
  },
  feed: async (tx, ctx) => {
    const span = decideSpan(ctx, { from: ctx.today, to: addMonths(ctx.today, 12) });
    const days = await listDays(tx, ctx, span, { responsible: reachOf(ctx.actor) === 'organisation' ? 'all' : 'mine' });
    const text = icsOf(days, { now: ctx.now, place: nameOfArea(span.area), key: ctx.actor.organisation ?? span.area });
    return new File([text], `${nameOfArea(span.area)}职责日历.ics`, { type: 'text/calendar; charset=utf-8' });
  },
};
