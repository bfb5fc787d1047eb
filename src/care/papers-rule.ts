// Which signed documents a place asks for before any service, as its pack says (BZ-14).
import type { Day } from '../kernel/contract.ts';
import type { PackLibrary } from '../policy/library.ts';
import { listRules, resolveRules } from '../policy/resolve.ts';
import { listGaps } from '../policy/standard.ts';
import type { ServicePapers } from './agreement.ts';

export interface PapersRule {
  readonly clauses: readonly string[];
  /** The last day of the document that asks for them, where that is over. */
  readonly endedOn: Day | null;
  /** Names of the documents that are asked for and not among these papers. */
  listMissing(papers: ServicePapers | undefined): string[];
}

/** The rule of the area on a day; undefined where no document asks for papers. */
export const findPapersRule = (packs: PackLibrary, area: string, on: Day): PapersRule | undefined => {
  const found = listRules(resolveRules(packs, area, on), 'standard').find(
    ({ rule }) => 'list' in rule.standard && rule.standard.list === 'documentsBeforeService',
  );
  if (!found) return undefined;
  const { standard, clause } = found.rule;
  return {
    clauses: clause,
    endedOn: found.pack.endedOn ?? null,
    listMissing: (papers) =>
      listGaps(
        standard,
        Object.entries(papers ?? {}).flatMap(([paper, id]) => (id === null ? [] : [paper])),
      ),
  };
};
