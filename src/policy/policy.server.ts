// Answers what the packs say and where they hold, tries another text, and records what a place decides.
import { createHash } from 'node:crypto';
import { countyOf } from '../kernel/access.ts';
import type { Day } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import type { EntryDraft } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import {
  allPacks,
  checkChanges,
  checkDecider,
  checkFits,
  checkSound,
  inAreas,
  packAdopted,
  packWithdrawn,
  withPack,
} from './adoption.ts';
import type { Ctx, Handlers } from './context.ts';
import { findEffects } from './effects.server.ts';
import { listClauses, type PackLibrary, readDraft } from './library.ts';
import type { Pack } from './pack.ts';
import type { PackProblem } from './pack-problem.ts';
import type { DecisionView, policyApi, StandingPackView } from './policy.api.ts';
import { findNearness, listStandingPacks, resolveRules, type StandingPack, slotOf } from './resolve.ts';

/** The chain of a document's decisions: one for each line of successors, so that two who decide at once meet in it. */
export const documentSubject = (slot: string): EntryDraft['subjects'] => {
  const hex = createHash('sha256').update(`policy pack ${slot}`).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return [{ kind: 'policy', id }];
};

/** What happened no later than it holds, so that nothing recorded later changes an earlier day. */
const decidedOn = (ctx: Ctx, fromOn: Day): Day => (fromOn < ctx.today ? fromOn : ctx.today);

const placeOf = (ctx: Ctx, area: string | undefined): string => {
  const place = area ?? ctx.actor.scope;
  if (place.startsWith(ctx.actor.scope)) return place;
  throw new Refusal('outOfScope', '这个地区不在您的管辖范围内。', { kind: 'access' });
};

const viewPack = ({ id, name, version, areas, period }: Pack) => ({ id, name, version, areas: [...areas], period });

const countKinds = (library: PackLibrary, area: string, on: Day): Map<string, Record<string, number>> => {
  const counts = new Map<string, Record<string, number>>();
  for (const { rule, pack } of resolveRules(library, area, on).rules) {
    const own = counts.get(pack.id) ?? {};
    counts.set(pack.id, { ...own, [rule.kind]: (own[rule.kind] ?? 0) + 1 });
  }
  return counts;
};

const viewStanding = (library: PackLibrary, area: string, on: Day): StandingPackView[] => {
  const kinds = countKinds(library, area, on);
  return listStandingPacks(library, area, on).map(({ pack, adoption }: StandingPack) => ({
    ...viewPack(pack),
    sinceOn: adoption?.fromOn ?? pack.period.from,
    lapsed: pack.period.to !== undefined && on > pack.period.to,
    rules: kinds.get(pack.id) ?? {},
    decided: adoption?.decided ?? null,
    newer: adoption !== undefined && (library.packs.get(pack.id)?.version ?? pack.version) !== pack.version,
  }));
};

const touches = (areas: readonly string[], area: string): boolean =>
  findNearness(areas, area) !== undefined || areas.some((one) => one.startsWith(area));

const viewDecisions = (library: PackLibrary, area: string): DecisionView[] => {
  const known = allPacks(library);
  return (library.adoptions ?? [])
    .filter(({ areas }) => touches(areas, area))
    .flatMap(({ id, slot, pack, areas, fromOn, decided }) => {
      const of = pack?.id ?? slot;
      const view = { id, pack: of, name: pack?.name ?? known.get(slot)?.name ?? slot, areas: [...areas], fromOn };
      return decided ? [{ ...view, version: pack?.version ?? null, decided }] : [];
    })
    .reverse();
};

/** Which packs hold in an area on a day, since when and by whose decision: the page and `kangtu policy`. */
export const viewPacks = (library: PackLibrary, area: string, on: Day) => ({
  area,
  on,
  standing: viewStanding(library, area, on),
  shipped: [...library.packs.values()].filter(({ areas }) => !areas.includes('*')).map(viewPack),
  decisions: viewDecisions(library, area),
});

const packs: Handlers<typeof policyApi>['packs'] = async (_tx, ctx, { area, on = ctx.today }) =>
  viewPacks(ctx.packs, placeOf(ctx, area), on);

const text: Handlers<typeof policyApi>['text'] = async (_tx, ctx, { pack: id, area }) => {
  const held = listStandingPacks(ctx.packs, placeOf(ctx, area), ctx.today).find(({ pack }) => pack.id === id);
  const pack = held?.pack ?? ctx.packs.packs.get(id);
  if (pack === undefined) throw new Refusal('choosePack', `没有编号为“${id}”的政策包。`, { kind: 'input' });
  return { pack: pack.id, version: pack.version, text: pack.text };
};

interface Chosen {
  readonly pack?: string | undefined;
  readonly text?: string | undefined;
}

/** The text chosen, as a pack. Refuses `choosePack` where none, or both a file and a text, are given. */
const readChosen = (
  library: PackLibrary,
  { pack: id, text: own }: Chosen,
): { pack: Pack | undefined; problems: readonly PackProblem[] } => {
  if ((id === undefined) === (own === undefined))
    throw new Refusal('choosePack', '请选择一份随产品提供的政策包，或上传一份文件，二者选一。', { kind: 'input' });
  if (own !== undefined) return readDraft(library, { file: '上传的文件', text: own });
  const pack = library.packs.get(id ?? '');
  if (pack === undefined) throw new Refusal('choosePack', `没有编号为“${id}”的政策包。`, { kind: 'input' });
  return { pack, problems: [] };
};

/** The day on which a text is tried: the one asked, else today or the first day of its period. */
export const dayOfTry = (pack: Pack, today: Day, asked?: Day): Day =>
  asked ?? (pack.period.from > today ? pack.period.from : today);

const tryPack: Handlers<typeof policyApi>['try'] = async (tx, ctx, { area: asked, on: askedOn, ...chosen }) => {
  const area = placeOf(ctx, asked);
  const { pack, problems } = readChosen(ctx.packs, chosen);
  const told = problems.map(({ line, message, hint }) => ({ line, message, ...(hint === undefined ? {} : { hint }) }));
  if (pack === undefined || problems.length > 0)
    return { problems: told, pack: pack ? viewPack(pack) : null, effects: null };
  const on = dayOfTry(pack, ctx.today, askedOn);
  const effects = await findEffects(tx, ctx, {
    area,
    on,
    before: ctx.packs,
    after: withPack(ctx.packs, { pack, areas: [area], fromOn: on }),
  });
  return { problems: [], pack: viewPack(pack), effects };
};

const about = (ctx: Ctx, id: string, slot: string, fromOn: Day) => ({
  id,
  county: countyOf(ctx.actor.scope),
  on: decidedOn(ctx, fromOn),
  subjects: documentSubject(slot),
});

/** Refuses a text that says, in one of the areas, a rule that another document of the same area says already. */
const checkInPlace = (library: PackLibrary, pack: Pack, areas: readonly string[], fromOn: Day): void => {
  const known = allPacks(library);
  const slot = slotOf(pack, known);
  for (const area of areas) {
    const beside = listStandingPacks(library, area, fromOn)
      .filter((one) => one.nearness === area.length && slotOf(one.pack, known) !== slot)
      .map((one) => inAreas(one.pack, [area]));
    checkSound(readDraft(library, { file: '草案', text: pack.text }, { areas: [area], beside }).problems);
  }
};

const adopt: Handlers<typeof policyApi>['adopt'] = async (tx: Tx, ctx, { id, areas, fromOn, reason, ...chosen }) => {
  checkDecider(ctx.actor, areas);
  const { pack, problems } = readChosen(ctx.packs, chosen);
  checkSound(problems);
  if (pack === undefined) throw new Error('a text without problems is a pack');
  checkFits(pack, areas, fromOn);
  checkInPlace(ctx.packs, pack, areas, fromOn);
  const held = inAreas(pack, areas);
  checkChanges(held, areas, (area) => listStandingPacks(ctx.packs, area, fromOn));
  const slot = slotOf(pack, allPacks(ctx.packs));
  const body = { pack: pack.id, version: pack.version, text: pack.text, areas, fromOn, reason };
  await ctx.journal.append(tx, ctx, [packAdopted.draft({ ...about(ctx, id, slot, fromOn), body })]);
  return { pack: pack.id, version: pack.version };
};

const withdraw: Handlers<typeof policyApi>['withdraw'] = async (tx, ctx, { id, pack, areas, fromOn, reason }) => {
  checkDecider(ctx.actor, areas);
  const missing = areas.filter(
    (area) => !listStandingPacks(ctx.packs, area, fromOn).some(({ pack: held }) => held.id === pack),
  );
  if (missing.length > 0)
    throw new Refusal('notStanding', `${fromOn} 当日，“${pack}”在 ${missing.join('、')} 并不适用，无需停用。`, {
      kind: 'conflict',
    });
  const known = allPacks(ctx.packs);
  const slot = slotOf(known.get(pack) ?? { id: pack }, known);
  const body = { pack, areas, fromOn, reason };
  await ctx.journal.append(tx, ctx, [packWithdrawn.draft({ ...about(ctx, id, slot, fromOn), body })]);
  return {};
};

export const policyHandlers: Handlers<typeof policyApi> = {
  clauses: async (_tx, ctx) => ({ clauses: listClauses(ctx.packs) }),
  packs,
  text,
  try: tryPack,
  adopt,
  withdraw,
};
