// Checks of the sites of the demo (BZ-04): most in order, a few gaps, one hazard open and one overdue in Bazhou.
import type { EntryDraft } from '../src/kernel/entry.ts';
import { type CheckedItem, findChecklist, siteCheckRecorded } from '../src/network/site-check.ts';
import type { PackLibrary } from '../src/policy/library.ts';
import { resolveRules } from '../src/policy/resolve.ts';
import { dayOf, instantOf, positionOf, workingDayFrom } from './days.ts';
import { type House, pinyinOf } from './houses.ts';
import { nameOf } from './names.ts';
import type { CountyNetwork } from './network.ts';
import { createRandom, type Random } from './random.ts';

interface Gap {
  readonly remark: string;
  /** Where it must be put right. */
  readonly dueOn?: string;
}
type Gaps = Readonly<Record<string, Gap>>;

const plainGaps: readonly Gaps[] = [
  { signage: { remark: '门口没有统一标牌' } },
  { houseRules: { remark: '值班制度没有上墙' } },
  { staffing: { remark: '缺一名康复师' } },
];
/** By position of the site in Bazhou. */
const bazhouGaps: readonly Gaps[] = [
  { facilities: { remark: '活动室插座老化、扶手松动', dueOn: '2024-11-29' } },
  { facilities: { remark: '灭火器过期两具', dueOn: '2024-11-08' } },
];

const checkOf = (random: Random, house: House, at: number, items: CheckedItem[]): EntryDraft => {
  const recorded = instantOf(at, 15 * 60 + random.int(0, 90));
  return siteCheckRecorded.draft({
    id: random.id(recorded),
    county: house.county,
    on: dayOf(at),
    subjects: [{ kind: 'organisation', id: house.id }],
    body: {
      organisation: house.id,
      kind: 'standardization',
      inspectors: [nameOf(random, 'female'), nameOf(random, 'male')],
      departments: random.chance(0.4) ? ['civilAffairs', 'federation'] : ['civilAffairs', 'town'],
      items,
    },
    recorded: {
      at: recorded,
      actor: `${pinyinOf[house.county]}.minzheng`,
      role: 'civilAffairs',
      organisation: null,
    },
  });
};

/** From a source of its own: everybody else stays as they were. The newest sites have not been checked yet. */
export const checkSites = (packs: PackLibrary, nets: Iterable<CountyNetwork>): EntryDraft[] => {
  const random = createRandom(20_241_025);
  return [...nets].flatMap((net) =>
    net.sites.slice(0, 6).flatMap((house, place) => {
      const at = Math.max(workingDayFrom(positionOf('2024-10-14') + random.int(0, 12)), house.opened);
      const list = findChecklist(resolveRules(packs, house.division, dayOf(at)), 'standardization');
      if (!list || at > positionOf('2024-11-13')) return [];
      const own = net.county === '511902' ? bazhouGaps[place] : undefined;
      const gaps: Gaps = own ?? (random.chance(0.4) ? random.pick(plainGaps) : {});
      const items = list.items.map(({ id, text }): CheckedItem => {
        const gap = gaps[id];
        if (!gap) return { item: id, text, result: 'ok' };
        const hazard = gap.dueOn === undefined ? {} : { hazard: random.id(instantOf(at, 900)) };
        return { item: id, text, result: 'gap', ...gap, ...hazard };
      });
      return [checkOf(random, house, at, items)];
    }),
  );
};
