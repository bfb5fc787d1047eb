// Handlers of activities and training events, and what duties count of them.
import { type Actor, countyOf, inScope } from '../kernel/access.ts';
import type { Day } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import { correctType, type Subject, voidType } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { findStaffByIds, getOrganisation } from '../network/organisation.server.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { listRules, resolveRules } from '../policy/resolve.ts';
import { type activityApi, activityKeepers } from './activity.api.ts';
import {
  type FoundActivity,
  findActivity,
  isActivityVoided,
  listActivities,
  listAttending,
  listTraining,
} from './activity.sql.ts';
import { type ActivityBody, activityRecorded, checkActivity } from './activity.ts';
import { replaceStanding } from './replace.server.ts';

const alreadyReplaced = (): Refusal =>
  new Refusal('alreadyReplaced', '这条记录已更正或作废，请刷新后再试。', { kind: 'conflict' });

const ofOwnOrganisation = (actor: Actor): boolean => ['hospital', 'centre', 'site'].includes(actor.role);

/** Who holds an activity: an organisation that serves, itself; an office, whichever of its area, its own if none is named. */
const decideOrganisation = async (
  tx: Tx,
  actor: Actor,
  { organisation, division }: Pick<ActivityBody, 'organisation' | 'division'>,
): Promise<string | undefined> => {
  const own = ofOwnOrganisation(actor);
  if (own && organisation !== undefined && organisation !== actor.organisation)
    throw new Refusal('notOwnOrganisation', '只能登记本机构的活动和培训。', {
      kind: 'access',
      fields: { organisation: '不是本机构' },
    });
  if (!inScope(actor, division)) throw new Refusal('outOfScope', '这个地区不在您的管辖范围内。', { kind: 'access' });
  if (organisation !== undefined && !inScope(actor, (await getOrganisation(tx, organisation)).division) && !own)
    throw new Refusal('outOfScope', '这家机构不在您的管辖范围内。', { kind: 'access' });
  return organisation ?? actor.organisation ?? undefined;
};

const decideBody = async (
  tx: Tx,
  ctx: Ctx,
  { on, ...input }: ActivityBody & { readonly on: Day },
): Promise<{ body: ActivityBody; county: string }> => {
  const organisation = await decideOrganisation(tx, ctx.actor, input);
  const county = countyOf(input.division);
  const found = await findStaffByIds(
    tx,
    input.staff.map(({ staff }) => staff),
  );
  checkActivity(input, found, { county, on });
  const elsewhere = found.filter((one) => one.organisation !== ctx.actor.organisation);
  if (ofOwnOrganisation(ctx.actor) && elsewhere.length)
    throw new Refusal('notOwnOrganisation', `只能登记本机构的人员：${elsewhere.map(({ name }) => name).join('、')}。`, {
      kind: 'access',
    });
  return { body: activityRecorded.body.parse({ ...input, ...(organisation ? { organisation } : {}) }), county };
};

const subjectsOf = (id: string, { staff }: Pick<ActivityBody, 'staff'>): Subject[] => [
  { kind: 'activity', id },
  ...staff.map((one) => ({ kind: 'staff' as const, id: one.staff })),
];

const mayKeep = (actor: Actor, { division, organisation }: FoundActivity): boolean =>
  activityKeepers.includes(actor.role) &&
  (ofOwnOrganisation(actor) ? organisation === actor.organisation : inScope(actor, division));

const getActivity = async (tx: Tx, ctx: Ctx, id: string): Promise<FoundActivity> => {
  const found = await findActivity(tx, id);
  const { actor } = ctx;
  if (found && (inScope(actor, found.division) || actor.scope.startsWith(found.division) || mayKeep(actor, found)))
    return found;
  if (!found && (await isActivityVoided(tx, id))) throw alreadyReplaced();
  throw new Refusal('notFound', '没有找到这次活动或培训，或不在您的管辖范围内。', { kind: 'absent' });
};

const getOwnActivity = async (tx: Tx, ctx: Ctx, id: string): Promise<FoundActivity> => {
  const found = await getActivity(tx, ctx, id);
  if (!mayKeep(ctx.actor, found))
    throw new Refusal('notOwnOrganisation', '只能更正、作废本单位登记的活动和培训。', { kind: 'access' });
  return found;
};

/** What the packs of an area ask of each staff member in a year (BZ-24). */
const requiredHours = (ctx: Ctx, area: string): { required: number | null; clause: string[] } => {
  const rules = listRules(resolveRules(ctx.packs, area, ctx.today), 'duty').map(({ rule }) => rule);
  const rule = rules.find(({ evidence }) => evidence === 'trainingHours');
  const { amount, unit } = rule?.cadence.everyYear ?? {};
  return unit === 'hours' && amount !== undefined
    ? { required: amount, clause: [...(rule?.clause ?? [])] }
    : { required: null, clause: [] };
};

const training: Handlers<typeof activityApi>['training'] = async (tx, ctx, input) => {
  const { year = ctx.today.slice(0, 4), short = false, organisation, search, page, pageSize } = input;
  const { actor } = ctx;
  const { required, clause } = requiredHours(ctx, actor.scope);
  const own = ofOwnOrganisation(actor);
  const found = await listTraining(tx, {
    area: own ? countyOf(actor.scope) : actor.scope,
    year,
    organisation: own ? actor.organisation : (organisation ?? null),
    search: search ?? null,
    below: short ? (required ?? 0) : null,
    required,
    limit: pageSize,
    offset: (page - 1) * pageSize,
  });
  const rows = found.rows.map((row) => ({
    ...row,
    short: required === null ? null : Math.max(0, required - row.hours),
  }));
  return { rows, total: found.total, shortCount: found.shortCount, year, required, clause };
};

export const activityHandlers: Handlers<typeof activityApi> = {
  training,
  record: async (tx, ctx, { id, on, ...input }) => {
    const { body, county } = await decideBody(tx, ctx, { ...input, on });
    await ctx.journal.append(tx, ctx, [
      activityRecorded.draft({ id, county, on, subjects: subjectsOf(id, body), body }),
    ]);
    return { activity: id };
  },
  correct: async (tx, ctx, { id, activity, on, ...input }) => {
    const found = await getOwnActivity(tx, ctx, activity);
    const { body, county } = await decideBody(tx, ctx, { ...input, on });
    if (county !== found.county)
      throw new Refusal('otherCounty', '更正不能改到别的县（市、区），请作废后在当地重新登记。');
    const subjects = subjectsOf(activity, body);
    const draft = { county, root: activity, id, type: correctType(activityRecorded.type), on, body, subjects };
    await replaceStanding(tx, ctx, draft);
    return { activity };
  },
  void: async (tx, ctx, { id, activity, reason }) => {
    const { county } = await getOwnActivity(tx, ctx, activity);
    const draft = { county, root: activity, id, type: voidType(activityRecorded.type), body: { reason } };
    await replaceStanding(tx, ctx, draft);
    return { activity };
  },
  list: async (tx, ctx, { area = ctx.actor.scope, kind, year, search, page, pageSize }) => {
    if (!inScope(ctx.actor, area)) throw new Refusal('outOfScope', '这个地区不在您的管辖范围内。', { kind: 'access' });
    return listActivities(tx, { area, kind, year, search, limit: pageSize, offset: (page - 1) * pageSize });
  },
  get: async (tx, ctx, { activity }) => {
    const found = await getActivity(tx, ctx, activity);
    const { county, ...row } = found;
    return { ...row, attending: await listAttending(tx, county, activity), mayKeep: mayKeep(ctx.actor, found) };
  },
};
