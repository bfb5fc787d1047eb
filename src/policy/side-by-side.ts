// Several places' criteria side by side: which facts each asks for, which of them hold for one place alone, and one person's facts tried under all.
import type { Day } from '../kernel/calendar.ts';
import type { Condition, FindingOutcome, TestName } from './criterion.ts';
import { type FactKey, type FactSources, type Facts, factKeys } from './facts.ts';
import type { Pack } from './pack.ts';
import { findNearness, listRules, listStandingPacks, type Packs, type ResolvedRules, resolveRules } from './resolve.ts';
import { type Screening, screenPerson } from './screen.ts';

const keyOfTest: Readonly<Record<Exclude<TestName, 'willing' | 'residentOf'>, FactKey>> = {
  riskAtMost: 'risk',
  ageBetween: 'birthDate',
  hasCertificate: 'certificate',
  gradeIn: 'certificate',
  livesAt: 'livesAt',
  stable: 'stability',
  judgedFit: 'medicalOpinion',
  needsRehabilitation: 'needsRehabilitation',
  selfCaring: 'selfCaring',
  hasDiagnosis: 'diagnosis',
  severe: 'severe',
  remission: 'remission',
  noMajorPhysicalIllness: 'majorPhysicalIllness',
  noInfectiousDisease: 'infectiousDisease',
  hasGuardian: 'guardian',
};

/** The condition itself and everything in it; what only decides whether another part is asked (`when … if`) is left out unless `givens`. */
const partsOf = (condition: Condition, givens: boolean): Condition[] => {
  const { all = [], any = [], when } = condition;
  const inner = [
    ...all,
    ...any,
    ...(when ? [...(givens ? [when.if] : []), when.require, ...(when.otherwise ? [when.otherwise] : [])] : []),
  ];
  return [condition, ...inner.flatMap((part) => partsOf(part, givens))];
};

const keysOfPart = ({ willing, residentOf, ...condition }: Condition): FactKey[] => [
  ...(willing?.by ?? []).map((who) => (who === 'client' ? ('clientWilling' as const) : ('guardianWilling' as const))),
  ...(residentOf
    ? [residentOf.kind === 'household' ? ('householdDivision' as const) : ('residenceDivision' as const)]
    : []),
  ...(Object.keys(condition) as TestName[]).flatMap((name) => {
    const key = (keyOfTest as Partial<Record<TestName, FactKey>>)[name];
    return key ? [key] : [];
  }),
];

/** Every fact that the criteria of a place may read. */
export const keysOfRules = (rules: ResolvedRules): ReadonlySet<FactKey> =>
  new Set(listRules(rules, 'criterion').flatMap(({ rule }) => partsOf(rule.require, true).flatMap(keysOfPart)));

/** One place's answer; no screening where its document is not in force yet, and the day from which it is. */
export interface PlaceScreening {
  readonly area: string;
  readonly document: string;
  readonly from: Day;
  readonly screening: Screening | null;
  /** By rule: the facts on which it judges, and the areas to which it ties a person. */
  readonly rules: ReadonlyMap<string, { readonly keys: readonly FactKey[]; readonly tiedTo: readonly string[] }>;
}

const hasCriteria = (pack: Pack): boolean => pack.rules.some(({ kind }) => kind === 'criterion');

/** The areas whose own documents say who is in scope, in the order of their codes. */
export const listPlaces = (packs: ReadonlyMap<string, Pack>): string[] =>
  [
    ...new Set([...packs.values()].filter(hasCriteria).flatMap(({ areas }) => areas.filter((area) => area !== '*'))),
  ].sort();

const tryPlace = (
  library: Packs,
  area: string,
  { facts, on, sources }: { facts: Facts; on: Day; sources: FactSources },
): PlaceScreening[] => {
  const holds = listStandingPacks(library, area, on).map(({ pack: standing }) => standing);
  const shipped = [...library.packs.values()].filter(
    ({ areas }) =>
      findNearness(
        areas.filter((one) => one !== '*'),
        area,
      ) !== undefined,
  );
  // Before its first day a place's document says so, and judges nobody.
  const pack = [...holds, ...shipped].find(hasCriteria);
  if (pack === undefined) return [];
  const resolved = resolveRules(library, area, on);
  const criteria = listRules(resolved, 'criterion');
  const rules = criteria.map(({ rule }) => {
    const parts = partsOf(rule.require, false);
    const tiedTo = parts.flatMap(({ residentOf }) => (residentOf ? [residentOf.area] : []));
    return [rule.id, { keys: parts.flatMap(keysOfPart), tiedTo }] as const;
  });
  const screening = criteria.length > 0 ? screenPerson(resolved, facts, on, sources) : null;
  return [{ area, document: pack.name, from: pack.period.from, screening, rules: new Map(rules) }];
};

/** The same facts under every place's criteria. `at`: where the person is; there the rules of the nearest area are asked. */
export const comparePlaces = (
  library: Packs,
  asked: { facts: Facts; on: Day; sources: FactSources; at?: string | undefined },
): PlaceScreening[] =>
  listPlaces(library.packs).flatMap((area) =>
    tryPlace(library, asked.at?.startsWith(area) ? asked.at : area, asked).map((place) => ({ ...place, area })),
  );

const worst = (outcomes: readonly FindingOutcome[]): FindingOutcome | null =>
  (['unmet', 'unknown', 'met'] as const).find((one) => outcomes.includes(one)) ?? null;

export interface Difference {
  readonly fact: FactKey;
  /** By place, in the order of the places; null: the place does not judge by this fact. */
  readonly outcomes: readonly (FindingOutcome | null)[];
}

/**
 * The facts that decide in one place and not in another: unmet or unknown somewhere, and not everywhere alike. Met in one place and not asked
 * in the next is no difference to the person. Places without criteria on that day do not count.
 */
export const differencesOf = (places: readonly PlaceScreening[]): Difference[] =>
  factKeys.flatMap((fact) => {
    const outcomes = places.map(({ screening, rules }) =>
      worst(
        (screening?.findings ?? [])
          .filter(({ rule }) => rules.get(rule)?.keys.includes(fact))
          .map((one) => one.outcome),
      ),
    );
    const counted = outcomes.filter((_, i) => places[i]?.screening);
    const decides = counted.includes('unmet') || counted.includes('unknown');
    return decides && new Set(counted).size > 1 ? [{ fact, outcomes }] : [];
  });
