// Handlers of joint sweeps: who opens and closes one, who records a town's coverage, and who sees which of its figures.
import { type Actor, inScope, reachOf } from '../kernel/access.ts';
import { compareDays } from '../kernel/calendar.ts';
import { type Tx, withCountyReach } from '../kernel/database.ts';
import { voidType } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { nameOfDivision } from '../network/division.ts';
import { classesOf } from '../person/field-class.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { replaceStanding } from './replace.server.ts';
import { type sweepApi, type sweepCoverApi, sweepCoverers, sweepKeepers } from './sweep.api.ts';
import {
  type Closing,
  countSweep,
  type FoundCover,
  type FoundSweep,
  findCover,
  findSweep,
  hasOpenSweep,
  listClosings,
  listCovers,
  listSweeps,
} from './sweep.sql.ts';
import {
  checkClosing,
  checkCover,
  checkOpening,
  checkStillOpen,
  coverRecorded,
  getTakenBack,
  mayTakeBack,
  type SweepFigures,
  type SweepRow,
  type SweepTown,
  sweepClosed,
  sweepOpened,
} from './sweep.ts';

const cites = ['CM-06'];
const outOfScope = (): Refusal => new Refusal('outOfScope', '这个地区不在您的管辖范围内。', { kind: 'access' });

/** A sweep is the county's: its towns record, and do not open or close. */
const mayKeep = ({ role, scope }: Actor, county: string): boolean => sweepKeepers.includes(role) && scope === county;
const checkKeeper = (actor: Actor, county: string): void => {
  if (!county.startsWith(actor.scope.slice(0, 6)) || actor.scope.length < 6) throw outOfScope();
  if (!mayKeep(actor, county))
    throw new Refusal('countyOnly', '联合排查由县级民政、卫生健康部门部署和办结（CM-06）。', { kind: 'access', cites });
};

const getSweep = async (tx: Tx, { actor }: Ctx, id: string): Promise<FoundSweep> => {
  const found = await findSweep(tx, id);
  if (!found?.county.startsWith(actor.scope.slice(0, 6)))
    throw new Refusal('notFound', '没有找到这次排查，它可能已作废，或不在您的管辖范围内。', { kind: 'absent' });
  return found;
};

const subjectsOf = (sweep: string) => [{ kind: 'record' as const, id: sweep }];
const rowOf = ({ summary: _, towns, ...row }: FoundSweep): SweepRow => ({ ...row, towns: towns.length });
const mayCover = (actor: Actor, { closedOn }: FoundSweep, town: string): boolean =>
  closedOn === null && sweepCoverers.includes(actor.role) && reachOf(actor) === 'area' && inScope(actor, town);

const liveOf = (actor: Actor, town: string, figures: ReadonlyMap<string, SweepFigures>): SweepTown['live'] => {
  if (reachOf(actor) !== 'area' || !inScope(actor, town)) return null;
  const { visited, ...risk } = figures.get(town) ?? { visited: 0, atRisk: 0, newAtRisk: 0, managed: 0 };
  return { visited, ...(classesOf(actor).has('risk') && risk) };
};

interface Known {
  readonly sweep: FoundSweep;
  readonly covers: readonly FoundCover[];
  readonly figures: ReadonlyMap<string, SweepFigures>;
}

const townOf = (actor: Actor, town: string, { sweep, covers, figures }: Known): SweepTown => {
  const own = covers.filter((one) => one.town === town);
  const seesPersons = reachOf(actor) === 'area' && inScope(actor, town);
  const sum = (field: 'households' | 'residents' | 'found') => own.reduce((total, one) => total + one[field], 0);
  return {
    ...{ town, name: nameOfDivision(town), covered: own.length > 0 },
    ...{ households: sum('households'), residents: sum('residents'), found: seesPersons ? sum('found') : null },
    live: liveOf(actor, town, figures),
    mayCover: mayCover(actor, sweep, town),
    covers: own.map(({ county: _, sweep: __, user, found, note, ...one }) => ({
      ...one,
      ...{ found: seesPersons ? found : null, note: seesPersons ? note : null },
      mine: mayCover(actor, sweep, town) && (user === actor.user || actor.scope.length === 6),
    })),
  };
};

/** A closing may be another officer's entry, which row-level security shows to the county alone. */
const readClosings = (tx: Tx, { county, id }: FoundSweep): Promise<Closing[]> =>
  withCountyReach(tx, () => listClosings(tx, county, id), county);

const get: Handlers<typeof sweepApi>['get'] = async (tx, ctx, { sweep: id }) => {
  const sweep = await getSweep(tx, ctx, id);
  const { county, fromOn, toOn } = sweep;
  const { actor, today } = ctx;
  const covers = await listCovers(tx, county, id);
  const seesAny = reachOf(actor) === 'area';
  const to = compareDays(today, toOn) < 0 ? today : toOn;
  const figures = seesAny ? await countSweep(tx, { county, from: fromOn, to }) : new Map();
  const rows = sweep.towns.map((town) => townOf(actor, town, { sweep, covers, figures }));
  const seesWords = seesAny && actor.scope.length === 6;
  const closings = await readClosings(tx, sweep);
  const standing = closings.find(({ reopened }) => reopened === null);
  return {
    ...{ ...rowOf(sweep), summary: seesWords ? sweep.summary : null, rows },
    mayKeep: sweep.closedOn === null && mayKeep(actor, county),
    mayReopen: standing !== undefined && mayKeep(actor, county) && mayTakeBack(actor.role, standing.role),
    reopenings: closings.flatMap(({ closedOn, reopened }) =>
      reopened === null ? [] : [{ ...reopened, closedOn, reason: seesWords ? reopened.reason : null }],
    ),
  };
};

const checkNoneOpen = async (tx: Tx, county: string, year: number): Promise<void> => {
  if (await hasOpenSweep(tx, county, year))
    throw new Refusal('alreadyOpen', `${year} 年已有一次排查正在进行，请在其中登记，或先办结。`, {
      kind: 'conflict',
      cites,
    });
};

export const sweepHandlers: Handlers<typeof sweepApi> = {
  get,
  open: async (tx, ctx, { id, on, ...input }) => {
    checkKeeper(ctx.actor, input.county);
    checkOpening(input);
    await checkNoneOpen(tx, input.county, input.year);
    const body = { ...input, departments: [...new Set(input.departments)], towns: [...new Set(input.towns)] };
    const draft = sweepOpened.draft({ id, county: input.county, on, subjects: subjectsOf(id), body });
    await ctx.journal.append(tx, ctx, [draft]);
    return { sweep: id };
  },
  void: async (tx, ctx, { id, sweep, reason }) => {
    const found = await getSweep(tx, ctx, sweep);
    checkKeeper(ctx.actor, found.county);
    checkStillOpen(found);
    if (found.covered > 0)
      throw new Refusal('alreadyCovered', '已有乡镇登记了排查情况，不能作废。请先作废这些登记。', { cites });
    const draft = { county: found.county, root: sweep, id, type: voidType(sweepOpened.type), body: { reason } };
    await replaceStanding(tx, ctx, draft);
    return { sweep };
  },
  close: async (tx, ctx, { id, sweep, on, summary }) => {
    const { county } = await getSweep(tx, ctx, sweep);
    checkKeeper(ctx.actor, county);
    const locked = await ctx.journal.lock(tx, { id, county, subjects: subjectsOf(sweep) });
    const found = await getSweep(tx, ctx, sweep);
    const covers = await listCovers(tx, county, sweep);
    checkClosing(
      found,
      covers.map(({ town }) => town),
      on,
    );
    const draft = sweepClosed.draft({ id, county, on, subjects: subjectsOf(sweep), body: { summary } });
    await ctx.journal.append(tx, ctx, [draft], locked);
    return { sweep };
  },
  reopen: async (tx, ctx, { id, sweep, reason }) => {
    const found = await getSweep(tx, ctx, sweep);
    const { county, year } = found;
    checkKeeper(ctx.actor, county);
    const standing = (await readClosings(tx, found)).find(({ reopened }) => reopened === null);
    const closing = getTakenBack(standing, ctx.actor.role);
    await checkNoneOpen(tx, county, year);
    const draft = { county, root: closing.id, id, type: voidType(sweepClosed.type), body: { reason } };
    await replaceStanding(tx, ctx, draft);
    return { sweep };
  },
  list: async (tx, { actor }, { page, pageSize }) => {
    const area = actor.scope.slice(0, 6);
    const { rows, total } = await listSweeps(tx, { area, limit: pageSize, offset: (page - 1) * pageSize });
    return { rows: rows.map(rowOf), total };
  },
};

export const sweepCoverHandlers: Handlers<typeof sweepCoverApi> = {
  record: async (tx, ctx, { id, sweep, on, ...cover }) => {
    const { county } = await getSweep(tx, ctx, sweep);
    if (reachOf(ctx.actor) !== 'area' || !inScope(ctx.actor, cover.town)) throw outOfScope();
    const locked = await ctx.journal.lock(tx, { id, county, subjects: subjectsOf(sweep) });
    checkCover(await getSweep(tx, ctx, sweep), { town: cover.town, on });
    const body = { ...cover, sweep };
    await ctx.journal.append(
      tx,
      ctx,
      [coverRecorded.draft({ id, county, on, subjects: subjectsOf(sweep), body })],
      locked,
    );
    return { cover: id };
  },
  void: async (tx, ctx, { id, cover, reason }) => {
    const found = await findCover(tx, cover);
    if (!found) throw new Refusal('notFound', '没有找到这条登记，它可能已作废。', { kind: 'absent' });
    const sweep = await getSweep(tx, ctx, found.sweep);
    const own = found.user === ctx.actor.user || ctx.actor.scope.length === 6;
    if (!own || !inScope(ctx.actor, found.town)) throw outOfScope();
    checkStillOpen(sweep);
    const draft = { county: found.county, root: cover, id, type: voidType(coverRecorded.type), body: { reason } };
    await replaceStanding(tx, ctx, draft);
    return { cover };
  },
};
