// Handler of the policy page: every clause of the documents that hold in a place, with its rules there, their figures and its state.
import { seesSmallCells } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { nameOfDivision } from '../network/division.ts';
import { getOrganisation } from '../network/organisation.server.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { type ClauseCoverage, listCoverage } from '../policy/coverage.ts';
import { listStandingPacks, type ResolvedRule, resolveRules } from '../policy/resolve.ts';
import type { evidenceApi } from './evidence.api.ts';
import type { EvidencePlace } from './evidence.sql.ts';
import {
  countsOf,
  decidePart,
  decideState,
  type EvidencePart,
  type EvidenceRow,
  linkOfRecords,
  listRecordsAsked,
  noFigure,
  type RecordsAsked,
} from './evidence.ts';
import { partsOfRules, type Sources } from './evidence-part.server.ts';
import {
  type RecordsOf,
  readDuties,
  readIndicators,
  readMilestones,
  readRecords,
  readScreenings,
  readStandards,
} from './evidence-source.server.ts';
import { decidePlace } from './indicator.ts';

const prefixOf = (clause: string): string => clause.slice(0, 2);

interface PlaceRules {
  readonly rules: readonly ResolvedRule[];
  /** Ids of the rules by which a standing pack answers a clause; a nearer pack may have put its own in their place. */
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>;
  /** Documents that hold, each with the last day of its pack where that is over. */
  readonly holds: ReadonlyMap<string, string | null>;
}

const rulesOfPlace = ({ packs, today }: Ctx, area: string): PlaceRules => {
  const ids = new Map<string, Set<string>>();
  const holds = new Map<string, string | null>();
  for (const { pack } of listStandingPacks(packs, area, today))
    for (const { id, clause } of pack.rules)
      for (const cited of clause) {
        ids.set(cited, (ids.get(cited) ?? new Set()).add(id));
        const { to } = pack.period;
        if (!holds.has(prefixOf(cited))) holds.set(prefixOf(cited), to !== undefined && today > to ? to : null);
      }
  // What no pack of the product can hold or not hold, the standard of graded protection, is everybody's.
  const packed = new Set(
    [...packs.packs.values()].flatMap(({ rules }) => rules.flatMap(({ clause }) => clause.map(prefixOf))),
  );
  for (const id of packs.clauses.keys()) if (!packed.has(prefixOf(id))) holds.set(prefixOf(id), null);
  return { rules: resolveRules(packs, area, today).rules, ids, holds };
};

const rulesOf = ({ rules, ids }: PlaceRules, clause: string): ResolvedRule[] =>
  rules.filter(({ rule }) => rule.clause.includes(clause) || ids.get(clause)?.has(rule.id));

const readSources = async (tx: Tx, ctx: Ctx, place: EvidencePlace): Promise<Sources> => ({
  place,
  indicators: await readIndicators(tx, ctx, place),
  duties: await readDuties(tx, ctx, place),
  milestones: await readMilestones(tx, ctx, place),
  screenings: await readScreenings(tx, ctx, place),
  standards: await readStandards(tx, ctx, place),
  seesPersons: seesSmallCells(ctx.actor, place.area),
});

const rowBase = ({ clause, kinds, summary, planned }: ClauseCoverage) => ({
  clause,
  document: prefixOf(clause),
  kinds,
  summary,
  planned,
});

/** A document that does not hold: its rules, and no word on how things stand. */
const rowElsewhere = (coverage: ClauseCoverage, ctx: Ctx): EvidenceRow => ({
  ...rowBase(coverage),
  state: null,
  parts: coverage.rules.map(({ pack, id, kind, title }) => ({
    kind,
    rules: [{ id, title, packName: ctx.packs.packs.get(pack)?.name ?? pack, endedOn: null, assumed: null }],
    state: null,
    figure: noFigure,
    link: null,
  })),
});

/** Records stand for a clause of which nothing is counted: a figure that is there, or that another level has, they do not outdo. */
const recordPart = (records: readonly RecordsAsked[], recordsOf: RecordsOf): EvidencePart => {
  const { count, latestOn } = recordsOf(records);
  const figure = countsOf({ records: count }, latestOn);
  return { kind: 'record', rules: [], state: decidePart('record', figure), figure, link: linkOfRecords(records) };
};

const ledgerPart = (): EvidencePart => ({
  kind: 'ledger',
  rules: [],
  state: decidePart('ledger', noFigure),
  figure: noFigure,
  link: null,
});

const rowsHere = async (
  tx: Tx,
  ctx: Ctx,
  { place, placeRules, clauses }: { place: EvidencePlace; placeRules: PlaceRules; clauses: readonly ClauseCoverage[] },
): Promise<EvidenceRow[]> => {
  const sources = await readSources(tx, ctx, place);
  const known = new Set(ctx.journal.types.keys());
  const begun = clauses.map((coverage) => {
    const parts = partsOfRules(ctx, rulesOf(placeRules, coverage.clause), sources);
    const unjudged = parts.every(({ kind, state }) => kind === 'standard' && state === 'stated');
    return { coverage, parts, records: unjudged ? listRecordsAsked(coverage, known) : [] };
  });
  const recordsOf = await readRecords(
    tx,
    ctx,
    place,
    begun.flatMap(({ records }) => records),
  );
  return begun.map(({ coverage, parts: judged, records }) => {
    const parts = [
      ...judged,
      ...(records.length > 0 ? [recordPart(records, recordsOf)] : []),
      ...(coverage.planned === null ? [] : [ledgerPart()]),
    ];
    return { ...rowBase(coverage), state: decideState(parts.flatMap(({ state }) => state ?? [])), parts };
  });
};

const nameOfPlace = async (tx: Tx, { area, site }: EvidencePlace): Promise<string> => {
  if (site !== undefined) return (await getOrganisation(tx, site)).name;
  return area === '' ? '全国' : nameOfDivision(area);
};

/** The page, the API and `kangtu policy coverage --area`. */
export const listEvidence: Handlers<typeof evidenceApi>['list'] = async (tx, ctx, { area, document }) => {
  const place = decidePlace(ctx.actor, { area });
  const all = listCoverage(ctx.packs);
  const placeRules = rulesOfPlace(ctx, place.area);
  const titles = new Map([...ctx.packs.clauses.values()].map(({ id, document: title }) => [prefixOf(id), title]));
  if (document !== undefined && !titles.has(document))
    throw new Refusal('documentUnknown', `没有编号为 ${document} 的文件，可用：${[...titles.keys()].join('、')}。`, {
      kind: 'input',
      fields: { document: '请核对文件编号' },
    });
  const isHere = (id: string): boolean => placeRules.holds.has(id);
  const wanted = all.filter(({ clause }) =>
    document === undefined ? isHere(prefixOf(clause)) : prefixOf(clause) === document,
  );
  const here = wanted.filter(({ clause }) => isHere(prefixOf(clause)));
  const rows = here.length > 0 ? await rowsHere(tx, ctx, { place, placeRules, clauses: here }) : [];
  return {
    area: place.area,
    areaName: await nameOfPlace(tx, place),
    on: ctx.today,
    // The place's own first, what holds nowhere here last.
    documents: [...new Set([...placeRules.holds.keys(), ...titles.keys()])].map((id) => ({
      id,
      title: titles.get(id) ?? id,
      holds: isHere(id),
      endedOn: placeRules.holds.get(id) ?? null,
    })),
    rows: here.length > 0 ? rows : wanted.map((coverage) => rowElsewhere(coverage, ctx)),
  };
};

export const evidenceHandlers: Handlers<typeof evidenceApi> = { list: listEvidence };
