// What a place's document asks of a site's name (QS-11): words that it must not hold, and the brand.
import { Refusal } from '../kernel/refusal.ts';
import { listRules, type ResolvedRules } from '../policy/resolve.ts';
import { findMissingBrand, listForbiddenWords } from '../policy/standard.ts';
import { lapsedOf, type NetworkGap } from './network.ts';
import type { Organisation } from './organisation.ts';

type Named = Pick<Organisation, 'kind' | 'name' | 'closedOn'>;

/** Hospitals are what their licence says; the documents speak of sites. */
const findNameRule = (rules: ResolvedRules, { kind }: Pick<Named, 'kind'>) =>
  kind === 'site' ? listRules(rules, 'standard').find(({ rule }) => 'forbiddenWords' in rule.standard) : undefined;

const quoted = (words: readonly string[]): string => words.map((word) => `“${word}”`).join('、');

/** Refuses (`nameForbidden`) a name that the place's document does not allow, at opening and at renaming. */
export const checkSiteName = (rules: ResolvedRules, organisation: Pick<Named, 'kind' | 'name'>): void => {
  const rule = findNameRule(rules, organisation)?.rule;
  const words = rule ? listForbiddenWords(rule.standard, organisation.name) : [];
  if (rule && words.length > 0)
    throw new Refusal('nameForbidden', `站点名称不能含有${quoted(words)}，请换一个名称（${rule.title}）。`, {
      fields: { name: `不能含有${quoted(words)}` },
      cites: rule.clause,
    });
};

/** What an open site's name has against the document: forbidden words are a gap, a missing brand is a hint. */
export const listNameGaps = (rules: ResolvedRules, organisation: Named): NetworkGap[] => {
  const found = findNameRule(rules, organisation);
  if (!found || organisation.closedOn !== null) return [];
  const { rule } = found;
  const basis = { clause: rule.clause, ...lapsedOf(found.pack) };
  const { name } = organisation;
  const words = listForbiddenWords(rule.standard, name);
  const brand = findMissingBrand(rule.standard, name);
  return [
    ...(words.length > 0 ? [{ text: `“${name}”的名称含有${quoted(words)}，应当改名`, ...basis }] : []),
    ...(brand === undefined ? [] : [{ text: `“${name}”的名称没有统一品牌“${brand}”`, ...basis, hint: true as const }]),
  ];
};
