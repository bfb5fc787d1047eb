// What the network lacks against the packs' standards (BZ-03).
import { expect, test } from 'vitest';
import { getPackLibrary } from '../policy/library.ts';
import { resolveRules } from '../policy/resolve.ts';
import { listNetworkGaps } from './network.ts';

const rules = (area: string) => resolveRules(getPackLibrary(), area, '2024-06-30');
const texts = (...args: Parameters<typeof listNetworkGaps>) => listNetworkGaps(...args).map(({ text }) => text);
const open = { closedOn: null, functions: [] };

test('a county lacks each tier it has no open organisation for; the city answers for its own tiers', () => {
  expect(texts(rules('511902'), 'county', [])).toEqual([
    '缺少县级指导分中心',
    '缺少县级综合康复机构',
    '缺少乡镇（街道）站点',
  ]);
  const members = [
    { ...open, tier: 'countyCentre' as const },
    { ...open, tier: 'site' as const, closedOn: '2024-01-01' },
  ];
  expect(texts(rules('511902'), 'county', members)).toEqual(['缺少县级综合康复机构', '缺少乡镇（街道）站点']);
  const centre = { ...open, tier: 'cityCentre' as const };
  expect(texts(rules('5119'), 'city', [centre])).toEqual(['缺少市级指导中心（含培训基地）']);
  expect(texts(rules('5119'), 'city', [{ ...centre, functions: ['training'] }])).toEqual([]);
});

test('functions spread over two comprehensive institutions do not make one that has them all', () => {
  const county = [
    { ...open, tier: 'countyCentre' as const },
    { ...open, tier: 'site' as const },
  ];
  const one = { ...open, tier: 'comprehensive' as const, functions: ['assessment', 'referral', 'training'] as const };
  const other = { ...open, tier: 'comprehensive' as const, functions: ['supervision', 'demonstration'] as const };
  const both = [...county, one, other].map((member) => ({ ...member, functions: [...member.functions] }));
  expect(texts(rules('511902'), 'county', both)).toHaveLength(2);
  const whole = [...one.functions, ...other.functions];
  expect(texts(rules('511902'), 'county', [...county, { ...one, functions: whole }])).toEqual([]);
});
