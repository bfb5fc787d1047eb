// Handlers of openings: the person is found by whole number and name, shown until an instant, and the county is told at once.
import { countyOf, inScope, reachOf } from '../kernel/access.ts';
import { type Tx, withCountyReach } from '../kernel/database.ts';
import { personSubject } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { maskName } from './identity.ts';
import type { openingApi } from './opening.api.ts';
import { findOpening, findRunning, listOpenings, type StoredOpening } from './opening.sql.ts';
import { decideOpening, type OpeningRow, openingEnded, openingRequested, stateOf } from './opening.ts';
import { findAlike } from './people.sql.ts';
import { findPerson } from './person.sql.ts';

type OpeningHandlers = Handlers<typeof openingApi>;

interface Sought {
  readonly county: string;
  readonly name: string;
  readonly idNumber: string;
}

/** The record that stands for the human of this number and this name; says of no other whether they are on file. */
const getSought = (tx: Tx, { county, name, idNumber }: Sought): Promise<string> =>
  withCountyReach(
    tx,
    async () => {
      const alike = await findAlike(tx, county, { name, idNumber, sex: 'unknown' });
      const found = alike.find((one) => one.by === 'idNumber' && one.name === name);
      const person = found && (await findPerson(tx, found.id));
      if (!person)
        throw new Refusal(
          'notFound',
          '没有找到姓名和证件号码都相符的人员。请核对县（区）、姓名和证件号码；仍找不到的，请向该县（区）民政部门核实。',
          { kind: 'absent' },
        );
      return person.linkedTo ?? person.id;
    },
    county,
  );

const request: OpeningHandlers['request'] = async (tx, ctx, { id, county, name, reason, ...input }) => {
  if (!inScope(ctx.actor, county))
    throw new Refusal('outOfScope', '这个县（区）不在您的管辖范围内。', { kind: 'access' });
  if (reachOf(ctx.actor) !== 'figures')
    throw new Refusal('notNeeded', '县（区）、乡镇的单位直接在“人员”中查看本辖区人员，不需要临时查阅。');
  const { idNumber, endsAt } = decideOpening(input, ctx.now);
  const person = await getSought(tx, { county, name, idNumber });
  const running = await findRunning(tx, county, { person, user: ctx.actor.user, now: ctx.now });
  if (running && running.id !== id)
    throw new Refusal('alreadyOpen', '此人已在您的查阅期内，请在下面的记录中打开；到期后可再次申请。', {
      kind: 'conflict',
    });
  const base = { id, county, on: ctx.today, subjects: [personSubject(person)] };
  await ctx.journal.append(tx, ctx, [openingRequested.draft({ ...base, body: { reason, endsAt } })]);
  return { opening: id, person, endsAt };
};

const rowsOf = async (
  tx: Tx,
  { actor, now }: Ctx,
  { limit, offset, running }: { limit: number; offset: number; running: boolean },
) => {
  const own = reachOf(actor) === 'figures';
  const query = { area: actor.scope, ...(own && { user: actor.user }), ...(running && { runningAt: now }) };
  const { rows, total } = await listOpenings(tx, query, { limit, offset });
  return {
    total,
    rows: rows.map(
      ({ openedBy: _, person, name, body, ...row }): OpeningRow => ({
        ...row,
        person: name === null ? null : person,
        name: name === null ? null : maskName(name),
        reason: body.reason,
        state: stateOf(row, now),
      }),
    ),
  };
};

/** Openings that last now, for the work list of the county. */
export const listRunningOpenings = (tx: Tx, ctx: Ctx, limit: number, offset: number) =>
  rowsOf(tx, ctx, { limit, offset, running: true });

const getOpening = async (tx: Tx, id: string): Promise<StoredOpening> => {
  const found = await findOpening(tx, id);
  if (!found) throw new Refusal('notFound', '没有找到这次查阅，或不在您的管辖范围内。', { kind: 'absent' });
  return found;
};

const end: OpeningHandlers['end'] = async (tx, ctx, { id, opening, reason }) => {
  const found = await getOpening(tx, opening);
  const { actor } = ctx;
  const ofCounty = actor.role === 'civilAffairs' && actor.scope === countyOf(found.county);
  if (!ofCounty && found.openedBy !== actor.user)
    throw new Refusal('notYours', '临时查阅由查阅人本人或县（区）民政部门提前结束。', { kind: 'access' });
  if (stateOf(found, ctx.now) !== 'running')
    throw new Refusal('alreadyEnded', '这次查阅已经结束。', { kind: 'conflict' });
  const base = { id, county: found.county, on: ctx.today, subjects: [personSubject(found.person)] };
  await ctx.journal.append(tx, ctx, [openingEnded.draft({ ...base, body: { opening, reason } })]);
  return { endedAt: ctx.now };
};

export const openingHandlers: OpeningHandlers = {
  request,
  list: (tx, ctx, { page, pageSize }) =>
    rowsOf(tx, ctx, { limit: pageSize, offset: (page - 1) * pageSize, running: false }),
  end,
};
