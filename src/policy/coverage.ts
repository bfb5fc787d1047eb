// What became of every clause: the rules that cite it, the operations that serve it, or what is planned where there is neither.
import type { Clause, PackLibrary } from './library.ts';
import type { RuleKind } from './pack.ts';
import type { PackProblem } from './pack-problem.ts';
import type { Source } from './source.ts';

/** A rule that cites the clause; a rule in dated pieces stands once. */
export interface CitingRule {
  readonly pack: string;
  readonly id: string;
  readonly kind: RuleKind;
  readonly title: string;
}

export interface ClauseCoverage {
  readonly clause: string;
  readonly document: string;
  readonly kinds: Clause['kind'];
  readonly summary: string;
  readonly rules: readonly CitingRule[];
  /** Names of operations of the contract. */
  readonly operations: readonly string[];
  /** Entry types of which only a part answers the clause: what the body of an entry holds then, one of these. */
  readonly records: NonNullable<Clause['records']>;
  readonly planned: string | null;
}

/** Packs by name in the order of their files, each rule id once per clause. */
function rulesByClause({ packs }: Pick<PackLibrary, 'packs'>): Map<string, CitingRule[]> {
  const found = new Map<string, CitingRule[]>();
  for (const pack of packs.values())
    for (const { id, kind, title, clause } of pack.rules)
      for (const cited of clause) {
        const rules = found.get(cited) ?? [];
        if (!rules.some((rule) => rule.pack === pack.id && rule.id === id))
          rules.push({ pack: pack.id, id, kind, title });
        found.set(cited, rules);
      }
  return found;
}

/**
 * Every clause that may be cited, in the order of the documents. `citing` gives the operations whose contract cites a clause, beside
 * those that the clause itself names.
 */
export function listCoverage(
  library: PackLibrary,
  citing: ReadonlyMap<string, readonly string[]> = new Map(),
): ClauseCoverage[] {
  const rules = rulesByClause(library);
  return [...library.clauses.values()].map(({ id, document, kind, summary, served = [], records = {}, planned }) => ({
    clause: id,
    document,
    kinds: kind,
    summary,
    rules: rules.get(id) ?? [],
    operations: [...new Set([...served, ...(citing.get(id) ?? [])])],
    records,
    planned: planned ?? null,
  }));
}

/** Clauses that nothing serves and nothing is planned for, and plans that something has overtaken. */
export function checkPlaces(library: PackLibrary, source: Source): PackProblem[] {
  return listCoverage(library).flatMap(({ clause, rules, operations, planned }) => {
    const path = ['clauses', clause];
    const held = rules.length > 0 || operations.length > 0;
    if (!held && planned === null)
      return [
        source.problem(
          path,
          `条款 ${clause} 没有着落：没有规则引用它，也没有写 served 或 planned`,
          '写一条引用它的规则，或者写 served: [操作名称]，还没有的写 planned: 将要建立的台账',
        ),
      ];
    if (held && planned !== null)
      return [source.problem([...path, 'planned'], `条款 ${clause} 已有规则或操作，不再写 planned`)];
    return [];
  });
}
