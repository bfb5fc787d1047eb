// Handlers of bodies and their rosters, and what meetings ask about a body.
import { type Actor, countyOf, inScope, reachOf } from '../kernel/access.ts';
import type { Day } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import { personSubject, type Subject } from '../kernel/entry.ts';
import { checkNotBefore, Refusal } from '../kernel/refusal.ts';
import { findStaffByIds } from '../network/organisation.server.ts';
import { getRecordsInFull } from '../person/file.server.ts';
import { maskName } from '../person/identity.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { resolveRules } from '../policy/resolve.ts';
import type { bodyApi, memberApi } from './body.api.ts';
import { type FoundBody, findBody, isBodyThere, listBodies, listMembers, type MemberRow } from './body.sql.ts';
import {
  type BodyRow,
  bodyChanged,
  bodyClosed,
  bodyKeepers,
  bodyKindNames,
  bodyOpened,
  checkBody,
  checkMember,
  clausesOfKind,
  kindsOfLevel,
  listBodyGaps,
  listRequiredMembers,
  memberJoined,
  memberLeft,
  nameOfBody,
} from './body.ts';
import { inRosterOn } from './meeting.ts';

const outOfScope = (): Refusal => new Refusal('outOfScope', '这个地区不在您的管辖范围内。', { kind: 'access' });

/** Places within the actor's and above them are seen; whoever serves a person sees that person's body wherever it is. */
const mayRead = (actor: Actor, { division, person }: Pick<FoundBody, 'division' | 'person'>): boolean =>
  inScope(actor, division) ||
  actor.scope.startsWith(division) ||
  (person !== null && reachOf(actor) === 'organisation');

/** Refuses `notFound` also where the actor does not see whom the body is for (row-level security). */
export const getBody = async (tx: Tx, actor: Actor, id: string, on: Day): Promise<FoundBody> => {
  const found = await findBody(tx, id, on);
  if (!found || !mayRead(actor, found))
    throw new Refusal('notFound', '没有找到这个组织，或不在您的管辖范围内。', { kind: 'absent' });
  return found;
};

export const mayKeep = (actor: Actor, body: Pick<FoundBody, 'division' | 'closedOn'>): boolean =>
  bodyKeepers.includes(actor.role) && inScope(actor, body.division) && body.closedOn === null;

/** As `getBody`, and refuses whoever only reads it (`outOfScope`) and a body that is closed (`alreadyClosed`). */
export const getOwnBody = async (tx: Tx, ctx: Ctx, id: string): Promise<FoundBody> => {
  const found = await getBody(tx, ctx.actor, id, ctx.today);
  if (!inScope(ctx.actor, found.division)) throw outOfScope();
  if (found.closedOn !== null)
    throw new Refusal('alreadyClosed', `${found.name}已于 ${found.closedOn} 撤销。`, { kind: 'conflict' });
  return found;
};

export const subjectsOf = ({ id, person }: { readonly id: string; readonly person: string | null }): Subject[] => [
  { kind: 'body', id },
  ...(person === null ? [] : [personSubject(person)]),
];

/** The family of whom it is for stays masked, as everywhere else. */
export const shownName = ({ name, family }: Pick<MemberRow, 'name' | 'family'>): string =>
  family ? maskName(name) : name;

const rowOf = (ctx: Ctx, on: Day, { county: _, items, ...body }: FoundBody): BodyRow => ({
  ...body,
  personName: body.personName === null ? null : maskName(body.personName),
  gaps: body.closedOn === null ? listBodyGaps(resolveRules(ctx.packs, body.division, on), body.kind, items) : [],
});

/** Kinds that the place itself must have by its packs and has not. */
const listMissing = async (tx: Tx, ctx: Ctx, area: string) => {
  const rules = resolveRules(ctx.packs, area, ctx.today);
  const missing = [];
  for (const kind of kindsOfLevel(area)) {
    const clause = clausesOfKind(rules, kind);
    const place = { county: countyOf(area), kind, division: area, person: null, village: null };
    if (clause.length && !(await isBodyThere(tx, place))) missing.push({ kind, clause });
  }
  return missing;
};

const open: Handlers<typeof bodyApi>['open'] = async (tx, ctx, { id, on, ...input }) => {
  const { kind, division, person, village } = input;
  if (!inScope(ctx.actor, division)) throw outOfScope();
  checkBody(input);
  const county = countyOf(division);
  if (person !== undefined && (await getRecordsInFull(tx, ctx.actor, person)).county !== county) throw outOfScope();
  if (person !== undefined && reachOf(ctx.actor) !== 'area') throw outOfScope();
  const place = { county, kind, division, person: person ?? null, village: village ?? null };
  if (await isBodyThere(tx, place))
    throw new Refusal('alreadyThere', `这里已有${bodyKindNames[kind]}，请在原组织中办理；改组的，先撤销原组织。`, {
      kind: 'conflict',
    });
  const name = input.name ?? nameOfBody(input);
  const subjects = subjectsOf({ id, person: person ?? null });
  await ctx.journal.append(tx, ctx, [bodyOpened.draft({ id, county, on, subjects, body: { ...input, name } })]);
  return { body: id };
};

export const bodyHandlers: Handlers<typeof bodyApi> = {
  open,
  change: async (tx, ctx, { id, body: bodyId, ...body }) => {
    const found = await getOwnBody(tx, ctx, bodyId);
    const base = { id, county: found.county, on: ctx.today, subjects: subjectsOf(found) };
    await ctx.journal.append(tx, ctx, [bodyChanged.draft({ ...base, body })]);
    return {};
  },
  close: async (tx, ctx, { id, body: bodyId, on, reason }) => {
    const found = await getOwnBody(tx, ctx, bodyId);
    checkNotBefore(on, found.openedOn, '成立');
    const base = { id, county: found.county, on, subjects: subjectsOf(found) };
    await ctx.journal.append(tx, ctx, [bodyClosed.draft({ ...base, body: { reason } })]);
    return {};
  },
  list: async (tx, ctx, { area = ctx.actor.scope, page, pageSize, kind, person, search, status }) => {
    if (!inScope(ctx.actor, area)) throw outOfScope();
    const filter = { area, kind, person, search, status, on: ctx.today };
    const found = await listBodies(
      tx,
      { ...filter, above: area === ctx.actor.scope, anywhere: reachOf(ctx.actor) === 'organisation' },
      { limit: pageSize, offset: (page - 1) * pageSize },
    );
    const missing = person === undefined && status === 'open' ? await listMissing(tx, ctx, area) : [];
    return { rows: found.rows.map((row) => rowOf(ctx, ctx.today, row)), total: found.total, missing };
  },
  get: async (tx, ctx, { body, on = ctx.today }) => {
    const found = await getBody(tx, ctx.actor, body, on);
    const required = listRequiredMembers(resolveRules(ctx.packs, found.division, on), found.kind);
    const members = await listMembers(tx, found.county, body);
    return {
      ...rowOf(ctx, on, found),
      roster: members
        .filter((member) => inRosterOn(member, on))
        .map((member) => ({
          ...member,
          name: shownName(member),
          itemText: required.find(({ id }) => id === member.item)?.text ?? null,
        })),
      required,
      mayKeep: mayKeep(ctx.actor, found),
    };
  },
};

/** A member of the staff stands by the name and the organisation that the register has. */
const asStaff = async (tx: Tx, staff: string | undefined) => {
  if (staff === undefined) return {};
  const [found] = await findStaffByIds(tx, [staff]);
  if (!found) throw new Refusal('notFound', '没有找到这名工作人员，或不在您的管辖范围内。', { kind: 'absent' });
  return { name: found.name, unit: found.organisationName };
};

export const memberHandlers: Handlers<typeof memberApi> = {
  join: async (tx, ctx, { id, body: bodyId, on, ...input }) => {
    const found = await getOwnBody(tx, ctx, bodyId);
    checkNotBefore(on, found.openedOn, '成立');
    checkMember(input, found);
    const body = { ...input, ...(await asStaff(tx, input.staff)) };
    const base = { id, county: found.county, on, subjects: subjectsOf(found) };
    await ctx.journal.append(tx, ctx, [memberJoined.draft({ ...base, body })]);
    return { member: id };
  },
  leave: async (tx, ctx, { id, body: bodyId, member, on, reason }) => {
    const found = await getOwnBody(tx, ctx, bodyId);
    const one = (await listMembers(tx, found.county, bodyId)).find((row) => row.id === member);
    if (!one) throw new Refusal('notFound', '名册上没有这名成员。', { kind: 'absent' });
    if (one.untilOn) throw new Refusal('alreadyLeft', `已于 ${one.untilOn} 退出。`, { kind: 'conflict' });
    checkNotBefore(on, one.fromOn, '加入');
    const base = { id, county: found.county, on, subjects: subjectsOf(found) };
    const body = { member, ...(reason === undefined ? {} : { reason }) };
    await ctx.journal.append(tx, ctx, [memberLeft.draft({ ...base, body })]);
    return {};
  },
};
