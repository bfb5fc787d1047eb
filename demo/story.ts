// One person's entries as they come about: every step is checked against the moves table and folded before the next.
import type { z } from 'zod';
import { type DefinedEntry, type EntryDraft, type EntryFinding, personSubject } from '../src/kernel/entry.ts';
import {
  checkMove,
  currentFile,
  emptyFile,
  foldFile,
  type MoveType,
  moves,
  type PersonFile,
} from '../src/person/file.ts';
import { assembleFacts, factsOf, type RecordedFact } from '../src/person/person.ts';
import type { PackLibrary } from '../src/policy/library.ts';
import { type ResolvedRules, resolveRules } from '../src/policy/resolve.ts';
import { dayOf, instantOf, lastPosition, workingDayFrom } from './days.ts';
import type { Human } from './people.ts';
import type { Random } from './random.ts';

/** Who writes an entry. */
export interface Writer {
  readonly user: string;
  readonly role: string;
  readonly organisation: string | null;
}

export interface Step<S extends z.ZodType> {
  readonly at: number;
  readonly by: Writer;
  readonly body: z.input<S>;
  readonly findings?: readonly EntryFinding[];
  readonly others?: readonly string[];
  /** Beside the person's way (an update from a list): may lie before steps that are already recorded. */
  readonly aside?: boolean;
}

export interface World {
  readonly random: Random;
  readonly packs: PackLibrary;
  /** The rules of a county on a day; towns have none of their own here. */
  rules(county: string, position: number): ResolvedRules;
}

export const createWorld = (random: Random, packs: PackLibrary): World => {
  const known = new Map<string, ResolvedRules>();
  return {
    random,
    packs,
    rules: (county, position) => {
      const key = `${county} ${position}`;
      const rules = known.get(key) ?? resolveRules(packs, county, dayOf(position));
      known.set(key, rules);
      return rules;
    },
  };
};

export interface Story {
  readonly human: Human;
  readonly person: string;
  readonly county: string;
  readonly drafts: readonly EntryDraft[];
  readonly file: () => NonNullable<ReturnType<typeof currentFile>>;
  readonly state: () => PersonFile;
  /** Days of service at a site: group sessions may be held on them. */
  readonly spans: { site: string; from: number; until: number }[];
  /** Records a step and answers with its id; refuses what the moves table refuses. */
  record<S extends z.ZodType>(type: DefinedEntry<S>, step: Step<S>): string;
  factsOn(position: number): ReturnType<typeof assembleFacts>;
}

interface Origin {
  readonly human: Human;
  readonly person: string;
  readonly listedOn: string;
}

/** Facts as the product would put them together for this person on a day. */
const assemble = ({ human, listedOn }: Origin, facts: readonly RecordedFact[], on: string) =>
  assembleFacts(
    {
      sex: human.sex,
      birthDate: human.birthDate,
      town: human.town,
      householdDivision: human.household,
      guardian: human.guardian,
      listedOn,
    },
    facts
      .map((fact, i) => ({ fact: { ...fact, entry: '' }, i }))
      .sort((a, b) => (a.fact.on > b.fact.on ? -1 : a.fact.on < b.fact.on ? 1 : b.i - a.i))
      .map(({ fact }) => fact),
    on,
  );

export const createStory = ({ random }: World, human: Human, listedAt: number): Story => {
  const { county } = human;
  const person = random.id(instantOf(listedAt, 8 * 60 + random.int(0, 30)));
  const drafts: EntryDraft[] = [];
  const facts: RecordedFact[] = [];
  const spans: Story['spans'] = [];
  let state = emptyFile;
  let last = '';
  const instantAfter = (position: number): string => {
    const wanted = instantOf(position, 9 * 60 + random.int(0, 150));
    return wanted > last ? wanted : new Date(Date.parse(last) + random.int(1, 4) * 60_000).toISOString();
  };
  const file = () => {
    const found = currentFile(state);
    if (!found) throw new Error('no file yet');
    return found;
  };
  return {
    human,
    person,
    county,
    drafts,
    spans,
    file,
    state: () => state,
    record: (type, { at, by, body, findings, others = [], aside = false }) => {
      if (at > lastPosition) throw new RangeError(`${type.type} after the demo's end`);
      if (type.type in moves && type.type !== 'person.list') checkMove(type.type as MoveType, file().stage);
      const instant = aside ? instantOf(at, 16 * 60 + random.int(0, 60)) : instantAfter(at);
      if (!aside) last = instant;
      const draft = type.draft({
        id: random.id(instant),
        county,
        on: dayOf(at),
        subjects: [person, ...others].map(personSubject),
        body,
        ...(findings ? { findings } : {}),
        recorded: { at: instant, actor: by.user, role: by.role, organisation: by.organisation },
      });
      const entry = { ...draft, at: instant, actor: by.user, role: by.role, organisation: by.organisation };
      state = foldFile(state, { ...entry, findings: findings ?? [] }, person);
      facts.push(...factsOf(draft));
      drafts.push(draft);
      return draft.id;
    },
    factsOn: (position) =>
      assemble({ human, person, listedOn: drafts[0]?.on ?? dayOf(position) }, facts, dayOf(position)),
  };
};

/** A step of a run: waits `after` days (from, to) and then acts; `false` ends the run. */
export interface Act {
  readonly after: readonly [number, number];
  do(at: number): boolean | number | undefined;
}

/** Runs acts one after the other on working days; false when one ended the run or the demo's end came first. */
export const run = (random: Random, start: number, acts: readonly Act[]): number | false => {
  let at = start;
  for (const act of acts) {
    at = workingDayFrom(at + random.int(...act.after));
    if (at > lastPosition) return false;
    const next = act.do(at);
    if (next === false) return false;
    if (typeof next === 'number') at = next;
  }
  return at;
};
