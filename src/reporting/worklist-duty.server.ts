// Duties of places on the home page: what is late or due soon for who asks, and what is late one level below.
import { addDays } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import type { Ctx } from '../policy/context.ts';
import { DutyState } from '../policy/duty-instance.ts';
import { listDutyInstances } from './duty.server.ts';
import type { DutyInstanceView } from './duty.ts';
import { linkOf, type WorkRow } from './worklist.ts';

/** Days before its due day on which a duty enters the list; no document's number. */
const noticeDays = 14;
/** How long a missed duty stays on the list; it stays late in the list of duties for ever. */
const lateDays = 365;
const most = 200;

const lengthOf = { city: 4, county: 6, town: 9, organisation: 9 } as const;

const isOwn = ({ responsible }: DutyInstanceView, { role, scope }: Ctx['actor']): boolean =>
  responsible.role === role && lengthOf[responsible.level] === scope.length;

/** Escalation: what is late in a county is its city's to see to, what is late in a town its county's. */
const isBelow = ({ responsible, state }: DutyInstanceView, { scope }: Ctx['actor']): boolean =>
  state === DutyState.enum.late &&
  ((scope.length === 4 && responsible.level === 'county') || (scope.length === 6 && responsible.level === 'town'));

const rowOf = (one: DutyInstanceView): WorkRow => ({
  key: `${one.duty} ${one.subject.id} ${one.dueOn}`,
  name: one.title,
  place: one.subject.name,
  missing: [],
  clock: { dueOn: one.dueOn, left: one.left ?? 0, unit: 'days', certain: one.certain, clause: one.clause },
  link: one.link ?? linkOf('duty', { id: one.duty, person: null }),
});

/** Half-yearly reports have a kind of work of their own. */
const isElsewhere = ({ link }: DutyInstanceView): boolean => link?.path === '/reports';

export const findDutyWork = async (tx: Tx, ctx: Ctx, limit: number, offset: number) => {
  const found: DutyInstanceView[] = [];
  const spans = [
    { state: DutyState.enum.late, from: addDays(ctx.today, -lateDays), to: ctx.today },
    { state: DutyState.enum.due, from: ctx.today, to: addDays(ctx.today, noticeDays) },
  ];
  for (const span of spans) {
    const asked = { ...span, responsible: 'all' as const, areasOnly: true, page: 1, pageSize: most };
    found.push(...(await listDutyInstances(tx, ctx, asked)).rows);
  }
  const rows = found
    .filter((one) => !isElsewhere(one) && (isOwn(one, ctx.actor) || isBelow(one, ctx.actor)))
    .map(rowOf);
  const overdue = rows.filter(({ clock }) => clock !== null && clock.left < 0).length;
  return { total: rows.length, overdue, rows: rows.slice(offset, offset + limit) };
};
