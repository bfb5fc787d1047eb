// One person's facts tried under each place's criteria, side by side: what each place answers, why, and where the places differ.
import { z } from 'zod';
import { Day } from '../kernel/contract.ts';
import { nameOfDivision } from '../network/division.ts';
import { FindingOutcome } from '../policy/criterion.ts';
import { FactKey, Facts } from '../policy/facts.ts';
import { PackRef } from '../policy/resolve.ts';
import { ScreeningOutcome } from '../policy/screen.ts';
import { differencesOf, type PlaceScreening } from '../policy/side-by-side.ts';
import { FindingView, viewFinding } from './screening.ts';

/** Facts of nobody in particular: no field of it takes a name. */
export const TriedFacts = Facts.extend({ guardian: z.strictObject({}).nullable().optional() });
export type TriedFacts = z.infer<typeof TriedFacts>;

export const PlaceView = z.object({
  area: z.string(),
  name: z.string(),
  /** Title of the document whose criteria these are, and the day from which it holds. */
  document: z.string(),
  from: Day,
  /** The person lives there. */
  own: z.boolean(),
  /** Null where the document is not in force yet on the day asked. */
  outcome: ScreeningOutcome.nullable(),
  pack: PackRef.nullable(),
  findings: z.array(
    FindingView.extend({
      /** The places answer differently on a fact of this criterion. */
      differs: z.boolean(),
      /** Name of the place for which alone the criterion is judged (its household register). */
      tiedTo: z.string().nullable(),
    }),
  ),
  needs: z.array(FactKey),
});
export type PlaceView = z.infer<typeof PlaceView>;

export const Comparison = z.object({
  on: Day,
  places: z.array(PlaceView),
  /** The facts on which the places do not judge alike; `outcomes` in the order of the places, null where a place does not ask. */
  differences: z.array(z.object({ fact: FactKey, outcomes: z.array(FindingOutcome.nullable()) })),
});
export type Comparison = z.infer<typeof Comparison>;

/** Masked. */
export const PersonComparison = Comparison.extend({ person: z.uuid(), name: z.string() });
export type PersonComparison = z.infer<typeof PersonComparison>;

export interface Reader {
  /** What the reader's office may see of a finding. */
  readonly show: (finding: FindingView) => FindingView;
  /** The division where the person lives. */
  readonly at?: string | undefined;
}

const viewPlace = (
  { area, document, from, screening, rules }: PlaceScreening,
  judged: ReadonlyMap<FactKey, FindingOutcome | null>,
  { show, at }: Reader,
): PlaceView => ({
  area,
  name: nameOfDivision(area),
  document,
  from,
  own: at?.startsWith(area) ?? false,
  outcome: screening?.outcome ?? null,
  pack: screening?.pack ?? null,
  needs: screening?.needs ?? [],
  findings: (screening?.findings ?? []).map((finding) => {
    const { keys = [], tiedTo = [] } = rules.get(finding.rule) ?? {};
    return {
      ...show(viewFinding(finding)),
      differs: keys.some((key) => judged.get(key) === finding.outcome),
      tiedTo: tiedTo[0] === undefined ? null : nameOfDivision(tiedTo[0]),
    };
  }),
});

export const viewComparison = (places: readonly PlaceScreening[], on: Day, reader: Reader): Comparison => {
  const differences = differencesOf(places).map(({ fact, outcomes }) => ({ fact, outcomes: [...outcomes] }));
  const judgedIn = (i: number) => new Map(differences.map(({ fact, outcomes }) => [fact, outcomes[i] ?? null]));
  return { on, places: places.map((place, i) => viewPlace(place, judgedIn(i), reader)), differences };
};
