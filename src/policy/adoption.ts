// Adoption: a place decides which text of a document holds there and from which day, or that it holds no longer.
import { z } from 'zod';
import { type Actor, inScope } from '../kernel/access.ts';
import { Day, dayAt } from '../kernel/calendar.ts';
import { type DefinedEntry, defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { AdoptionAreas, AdoptionReason } from './adoption-fields.ts';
import type { AreaPrefix, Pack } from './pack.ts';
import type { PackProblem } from './pack-problem.ts';
import { type Adoption, findNearness, type Packs, type StandingPack, slotOf } from './resolve.ts';

const decision = { pack: z.string(), areas: AdoptionAreas, fromOn: Day, reason: AdoptionReason };

export const packAdopted = defineEntry({
  type: 'policy.adopt',
  summary: '采用政策包',
  body: z.object({ ...decision, version: z.string(), text: z.string() }),
});

export const packWithdrawn = defineEntry({
  type: 'policy.withdraw',
  summary: '停用政策包',
  body: z.object(decision),
});

export const adoptionEntries: readonly DefinedEntry[] = [packAdopted, packWithdrawn];

/** A decision as it is kept; of one slot and area the later one counts where both begin on one day. */
export interface AdoptionRow {
  readonly id: string;
  /** Area of the office that decided. */
  readonly by: string;
  readonly pack: string;
  readonly version: string | null;
  readonly text: string | null;
  readonly areas: readonly AreaPrefix[];
  readonly fromOn: Day;
  readonly reason: string;
  readonly recordedAt: string;
}

/** The pack as it holds by an adoption: its text, in the areas of the adoption. */
export const inAreas = (pack: Pack, areas: readonly AreaPrefix[]): Pack => ({ ...pack, areas });

export interface Tried {
  readonly pack: Pack;
  readonly areas: readonly AreaPrefix[];
  readonly fromOn: Day;
  /** In place of this one, where the two are different documents. */
  readonly instead?: Pack;
}

/** As if the pack had been adopted last: for looking at what it would change. */
export const withPack = <P extends Packs>(library: P, { pack, areas, fromOn, instead = pack }: Tried): P => {
  const slot = slotOf(instead, allPacks(library));
  const adoption: Adoption = { id: '', slot, pack: inAreas(pack, areas), areas, fromOn };
  return { ...library, adoptions: [...(library.adoptions ?? []), adoption] };
};

/** What was decided by the end of a day, counted as of the day of the decision's entry: a later one changes no answer as of that day. */
export const knownBy = <P extends Packs>(library: P, on: Day): P => ({
  ...library,
  adoptions: (library.adoptions ?? []).filter(
    ({ fromOn, decided }) => fromOn <= on || decided === undefined || dayAt(decided.at) <= on,
  ),
});

/**
 * What is only being tried, as if it had held since that day already (or the first of its period): for counting a whole year under it. What
 * its own place decided on the same document after that gives way to it.
 */
export const triedSince = <P extends Packs>(library: P, day: Day): P => {
  const adoptions = library.adoptions ?? [];
  const tried = adoptions
    .filter(({ decided }) => decided === undefined)
    .map((one) => ({ ...one, fromOn: one.pack && one.pack.period.from > day ? one.pack.period.from : day }));
  const givesWay = ({ slot, fromOn }: Adoption, area: AreaPrefix): boolean =>
    tried.some((one) => one.slot === slot && one.fromOn < fromOn && one.areas.includes(area));
  const decided = adoptions
    .filter((one) => one.decided !== undefined)
    .map((one) => ({ ...one, areas: one.areas.filter((area) => !givesWay(one, area)) }));
  return { ...library, adoptions: [...decided, ...tried] };
};

/** Shipped packs and adopted texts by id, for lines of successors. */
export const allPacks = ({ packs, adoptions = [] }: Packs): ReadonlyMap<string, Pack> =>
  new Map([...adoptions.flatMap(({ pack }) => (pack ? [[pack.id, pack] as const] : [])), ...packs]);

/** Refuses (`outOfScope`) areas that are not the actor's to decide for; a town adopts nothing. */
export const checkDecider = (actor: Pick<Actor, 'scope'>, areas: readonly string[]): void => {
  const foreign = areas.filter((area) => !inScope(actor as Actor, area));
  if (actor.scope.length <= 6 && foreign.length === 0) return;
  throw new Refusal(
    'outOfScope',
    actor.scope.length > 6
      ? '政策包由县（区）或市级民政部门采用，乡镇（街道）不办理。'
      : `${foreign.join('、')} 不在您的管辖范围内，请由当地民政部门采用。`,
    { kind: 'access', fields: { areas: '只能选本单位管辖的地区' } },
  );
};

/** Refuses a draft with mistakes; the first is told, all of them stand in the try. */
export const checkSound = (problems: readonly PackProblem[]): void => {
  const [first] = problems;
  if (first === undefined) return;
  throw new Refusal(
    'packUnsound',
    `文件有 ${problems.length} 处问题，第 ${first.line} 行：${first.message}。请先试行，按提示改好再采用。`,
    { kind: 'input', fields: { text: `${first.line}：${first.message}` } },
  );
};

/** Refuses (`areaNotCovered`, `beforePeriod`) areas that the document is not for, and a first day before its period. */
export const checkFits = (pack: Pack, areas: readonly string[], fromOn: Day): void => {
  const foreign = pack.areas.length === 0 ? [] : areas.filter((area) => findNearness(pack.areas, area) === undefined);
  if (foreign.length > 0)
    throw new Refusal(
      'areaNotCovered',
      `“${pack.name}”不适用于 ${foreign.join('、')}：文件中写明的地区是 ${pack.areas.join('、')}。`,
      {
        fields: { areas: '文件不包括这个地区' },
      },
    );
  if (fromOn < pack.period.from)
    throw new Refusal('beforePeriod', `“${pack.name}”自 ${pack.period.from} 起施行，不能从 ${fromOn} 起采用。`, {
      fields: { fromOn: `不早于 ${pack.period.from}` },
    });
};

/** Refuses (`unchanged`) what holds already in each of the areas. */
export const checkChanges = (
  pack: Pack,
  areas: readonly string[],
  standing: (area: string) => readonly StandingPack[],
): void => {
  const same = areas.every((area) =>
    standing(area).some(({ pack: held, adoption }) => held.version === pack.version && adoption?.areas.includes(area)),
  );
  if (same) throw new Refusal('unchanged', `“${pack.name}”的这一版本在当地已经采用。`, { kind: 'conflict' });
};
