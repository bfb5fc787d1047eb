// Finds the division code of a place as lists write it: 东城街道, 东城办事处, 东城, or inside an address.
import { z } from 'zod';

/** One county of the division tree, with its towns (codes of 6 and 9 digits). */
export const DivisionArea = z.object({
  code: z.string().regex(/^\d{6}$/),
  name: z.string(),
  towns: z.array(z.object({ code: z.string().regex(/^\d{9}$/), name: z.string() })),
});
export type DivisionArea = z.infer<typeof DivisionArea>;

export interface DivisionQuery {
  readonly county?: string | undefined;
  readonly town?: string | undefined;
  readonly address?: string | undefined;
}

export type DivisionReading =
  | { readonly outcome: 'town'; readonly code: string; readonly name: string; readonly exact: boolean }
  | { readonly outcome: 'county'; readonly code: string; readonly name: string; readonly reason: string }
  | { readonly outcome: 'ambiguous'; readonly names: readonly string[] }
  | { readonly outcome: 'unknown'; readonly reason: string };

const flat = (text: string): string => text.normalize('NFKC').replace(/[\s,.。、;:()()]/g, '');

const suffix = /(?:街道办事处|街道办|办事处|人民政府|街道|街办|民族乡|(?:[\u4e00-\u9fa5]{1,3}族)乡|镇|乡)$/;

/** The part of a town's name that tells it apart: 东城街道办事处 → 东城. A name of one character keeps its suffix. */
const stemOf = (name: string): string => {
  const text = flat(name);
  const stem = text.replace(suffix, '');
  return [...stem].length >= 2 ? stem : text;
};

const countyStem = (name: string): string => {
  const stem = flat(name).replace(/(?:自治县|县|区|市)$/, '');
  return [...stem].length >= 2 ? stem : flat(name);
};

// 镇 and 乡 turn into 街道 or 镇 with time, so only the kinds 街道 and 镇/乡 are told apart, and only to choose between two towns of one stem.
const isStreet = (name: string): boolean => /街|办事处/.test(name);

type Town = DivisionArea['towns'][number];

const asTown = (town: Town, exact: boolean): DivisionReading => ({
  outcome: 'town',
  code: town.code,
  name: town.name,
  exact,
});

const pick = (towns: readonly Town[], text: string): DivisionReading | undefined => {
  const exact = towns.filter((town) => flat(town.name) === text);
  if (exact.length === 1 && exact[0]) return asTown(exact[0], true);
  const stem = stemOf(text);
  const alike = towns.filter((town) => stemOf(town.name) === stem);
  const kind = text !== stem ? alike.filter((town) => isStreet(town.name) === isStreet(text)) : alike;
  const [only] = kind.length > 0 ? kind : alike;
  if (!only) return undefined;
  if ((kind.length > 0 ? kind : alike).length > 1)
    return { outcome: 'ambiguous', names: alike.map((town) => town.name) };
  return asTown(only, false);
};

/** Towns named in an address, the longest names first, so that 东城街道 wins over a road called 东城. */
const pickFromAddress = (towns: readonly Town[], address: string): DivisionReading | undefined => {
  const full = towns.filter((town) => address.includes(flat(town.name)));
  const longest = full.sort((a, b) => b.name.length - a.name.length)[0];
  if (longest && full.every((town) => town === longest || longest.name.includes(town.name)))
    return asTown(longest, true);
  const found = towns.filter((town) => {
    const stem = stemOf(town.name);
    return new RegExp(`${RegExp.escape(stem)}(?:街道|办事处|街办|镇|乡)`).test(address);
  });
  if (found.length === 1 && found[0]) return asTown(found[0], false);
  const both = [...full, ...found];
  return both.length > 1 ? { outcome: 'ambiguous', names: both.map((town) => town.name) } : undefined;
};

const findCounty = (text: string, areas: readonly DivisionArea[]): DivisionArea | undefined =>
  areas.find((area) => text.includes(flat(area.name))) ??
  areas.find((area) => countyStem(area.name) === countyStem(text));

/**
 * The town a row belongs to. `home` (6 digits) is the county that uploads the list: towns are looked for there unless the row
 * names another county. Codes (9 or 12 digits) are taken as they are when the tree knows them.
 */
export const findDivision = (query: DivisionQuery, areas: readonly DivisionArea[], home?: string): DivisionReading => {
  const county = flat(query.county ?? '');
  const town = flat(query.town ?? '');
  const address = flat(query.address ?? '');
  const named =
    (county && findCounty(county, areas)) || areas.find((area) => `${town}${address}`.includes(flat(area.name)));
  const area = named || areas.find((a) => a.code === home);
  const towns = (area ? [area] : areas).flatMap((a) => a.towns);
  const coded = /^\d{9}(?:\d{3})?$/.test(town)
    ? areas.flatMap((a) => a.towns).find((t) => t.code === town.slice(0, 9))
    : undefined;
  if (coded) return asTown(coded, true);
  const bare = area ? town.replace(new RegExp(`^(?:.*${RegExp.escape(flat(area.name))})`), '') : town;
  const found =
    (bare && pick(towns, bare)) ||
    (town && pickFromAddress(towns, town)) ||
    (address && pickFromAddress(towns, address));
  if (found) return found;
  if (county && !named) return { outcome: 'unknown', reason: `“${query.county}”不在本地区划内` };
  if (town) return { outcome: 'unknown', reason: `“${query.town}”不在${area?.name ?? '本地'}的乡镇（街道）名单内` };
  if (named) return { outcome: 'county', code: named.code, name: named.name, reason: '只写到县（区）' };
  return { outcome: 'unknown', reason: '没有写明乡镇（街道）' };
};
