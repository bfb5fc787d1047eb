// The contract of what the packs say to people: every clause, which packs hold where, trying another text, adopting and withdrawing.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Area, Day, Id, operation } from '../kernel/contract.ts';
import { AdoptionArea, AdoptionAreas, AdoptionReason, DraftProblem, PackText } from './adoption-fields.ts';
import { Effects } from './effects.ts';

const ClauseView = z.object({
  id: z.string(),
  /** Title of the document that the clause belongs to. */
  document: z.string(),
  kind: z.array(z.string()),
  summary: z.string(),
});

const Decided = z.object({
  /** Area of the office that decided: 5119, 511902. */
  by: z.string(),
  at: z.string(),
  reason: z.string(),
});

/** A pack that holds in the area asked. */
const StandingPackView = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  areas: z.array(z.string()),
  /** The day of the adoption, else the first of its period. */
  sinceOn: Day,
  period: z.object({ from: Day, to: Day.optional() }),
  lapsed: z.boolean(),
  /** How many rules of each kind hold on the day. */
  rules: z.record(z.string(), z.int()),
  /** Null: it comes with the product for this area. */
  decided: Decided.nullable(),
  /** The product has another text under this id. */
  newer: z.boolean(),
});
export type StandingPackView = z.infer<typeof StandingPackView>;

/** A file of the product that may be tried and adopted. */
const ShippedPackView = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  areas: z.array(z.string()),
  period: z.object({ from: Day, to: Day.optional() }),
});

const DecisionView = z.object({
  id: z.string(),
  pack: z.string(),
  name: z.string(),
  /** Null: withdrawn. */
  version: z.string().nullable(),
  areas: z.array(z.string()),
  fromOn: Day,
  decided: Decided,
});
export type DecisionView = z.infer<typeof DecisionView>;

const deciders: Role[] = ['civilAffairs'];
/** A file of the product by its id, or a text of one's own. */
const chosen = { pack: z.string().max(50).optional(), text: PackText.optional() };

export const policyApi = {
  clauses: operation({
    name: 'policy.clauses',
    summary: '条款及其说明',
    method: 'GET',
    path: '/policy/clauses',
    roles: 'anyone',
    input: z.object({}),
    output: z.object({ clauses: z.array(ClauseView) }),
  }),
  packs: operation({
    name: 'policy.packs',
    summary: '查看一地适用的政策包',
    method: 'GET',
    path: '/policy/packs',
    roles: 'signedIn',
    refusals: ['outOfScope'],
    input: z.object({ area: Area.optional(), on: Day.optional() }),
    output: z.object({
      area: z.string(),
      on: Day,
      standing: z.array(StandingPackView),
      shipped: z.array(ShippedPackView),
      /** Decisions that cover the area or a part of it, the newest first. */
      decisions: z.array(DecisionView),
    }),
  }),
  text: operation({
    name: 'policy.text',
    summary: '下载一地适用的政策包文本',
    method: 'GET',
    path: '/policy/packs/{pack}/text',
    roles: 'signedIn',
    refusals: ['outOfScope', 'choosePack'],
    input: z.object({ pack: z.string().max(50), area: Area.optional() }),
    output: z.object({ pack: z.string(), version: z.string(), text: z.string() }),
  }),
  try: operation({
    name: 'policy.try',
    summary: '试行政策包（不采用，只看影响）',
    method: 'POST',
    path: '/policy/try',
    writes: false,
    audit: { kind: 'search', answer: ['effects.people.persons.person'] },
    roles: deciders,
    city: 'figures',
    refusals: ['outOfScope', 'choosePack', 'tooMany'],
    input: z.object({ ...chosen, area: Area.optional(), on: Day.optional() }),
    output: z.object({
      /** Where there are mistakes, nothing is tried. */
      problems: z.array(DraftProblem),
      pack: ShippedPackView.nullable(),
      effects: Effects.nullable(),
    }),
  }),
  adopt: operation({
    name: 'policy.adopt',
    summary: '采用政策包',
    method: 'POST',
    path: '/policy/adoptions',
    audit: 'setting',
    roles: deciders,
    city: 'noPerson',
    refusals: ['outOfScope', 'choosePack', 'packUnsound', 'areaNotCovered', 'beforePeriod', 'unchanged'],
    input: z.object({ id: Id, ...chosen, areas: AdoptionAreas, fromOn: Day, reason: AdoptionReason }),
    output: z.object({ pack: z.string(), version: z.string() }),
  }),
  withdraw: operation({
    name: 'policy.withdraw',
    summary: '停用政策包',
    method: 'POST',
    path: '/policy/withdrawals',
    audit: 'setting',
    roles: deciders,
    city: 'noPerson',
    refusals: ['outOfScope', 'notStanding'],
    input: z.object({
      id: Id,
      pack: z.string().max(50),
      areas: z.array(AdoptionArea).min(1).max(50),
      fromOn: Day,
      reason: AdoptionReason,
    }),
    output: z.object({}),
  }),
};
