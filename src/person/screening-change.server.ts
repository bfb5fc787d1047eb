// Whom another text of the rules concerns: every person of an area screened by both, without recording anything.
import type { Day } from '../kernel/contract.ts';
import { asSealed, keysOf, type Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { isSealed } from '../kernel/sealing.ts';
import { listCounties } from '../network/division.ts';
import { listRules, type Packs, type ResolvedRules, resolveRules } from '../policy/resolve.ts';
import { type Screening, screenPerson } from '../policy/screen.ts';
import { activeStages } from './file.ts';
import { maskName } from './identity.ts';
import { assembleFacts } from './person.ts';
import { listScreenables, type Screenable } from './screening.sql.ts';
import { type ChangedOutcome, type ScreenedAs, type ScreeningChange, servedStages } from './screening-change.ts';

/** Persons read at a time. */
const pageSize = 500;
/** Persons of one comparison, so that it ends while somebody waits for it. */
const mostPersons = 50_000;

interface Compared {
  readonly area: string;
  readonly on: Day;
  readonly before: Packs;
  readonly after: Packs;
  /** Persons named at most; all of them are counted. */
  readonly names: number;
}

/** Rules by place, worked out once. */
const rulesByPlace = (packs: Packs, on: Day) => {
  const known = new Map<string, ResolvedRules>();
  return (place: string): ResolvedRules => {
    const rules = known.get(place) ?? resolveRules(packs, place, on);
    known.set(place, rules);
    return rules;
  };
};

const screen = (rules: ResolvedRules, { person, facts: stored }: Screenable, on: Day): Screening | undefined => {
  if (listRules(rules, 'criterion').length === 0) return undefined;
  const { facts, sources } = assembleFacts(person, stored, on);
  return screenPerson(rules, facts, on, sources);
};

/** The titles of the criteria that answer differently. */
const differing = (before: Screening | undefined, after: Screening | undefined): string[] => {
  const answers = (screening: Screening | undefined) =>
    new Map(screening?.findings.map(({ rule, title, outcome }) => [rule, { title, outcome }]));
  const [old, now] = [answers(before), answers(after)];
  const rules = [...new Set([...now.keys(), ...old.keys()])];
  return rules
    .filter((rule) => (old.get(rule)?.outcome ?? 'met') !== (now.get(rule)?.outcome ?? 'met'))
    .map((rule) => (now.get(rule) ?? old.get(rule))?.title ?? rule);
};

/** Of what is sealed no rule asks more than that it is there: who is somebody's guardian. */
const unopened = ({ facts, ...one }: Screenable): Screenable => ({
  ...one,
  facts: facts.map((fact) => (isSealed(fact.value) ? { ...fact, value: {} } : fact)),
});

/** As they are kept, unopened. */
async function* listPersons(tx: Tx, area: string): AsyncGenerator<Screenable> {
  const town = area.length > 6 ? area : null;
  for (const { code } of listCounties(area)) {
    let after: string | undefined;
    for (;;) {
      const found = await listScreenables(asSealed(tx), code, { town, stages: activeStages, limit: pageSize, after });
      yield* found.map(unopened);
      if (found.length < pageSize) break;
      after = found.at(-1)?.person.id;
    }
  }
}

/** Refuses `tooMany` where the area has more persons than one comparison takes. */
export const compareScreenings = async (
  tx: Tx,
  { area, on, before, after, names }: Compared,
): Promise<ScreeningChange> => {
  const [rulesBefore, rulesAfter] = [rulesByPlace(before, on), rulesByPlace(after, on)];
  const counts = new Map<string, { before: ScreenedAs; after: ScreenedAs; people: number }>();
  const persons: ChangedOutcome[] = [];
  let [screened, changed, served] = [0, 0, 0];
  for await (const one of listPersons(tx, area)) {
    screened += 1;
    if (screened > mostPersons)
      throw new Refusal('tooMany', `该地区超过 ${mostPersons} 人，请按县（区）或乡镇（街道）分别试行。`);
    const { person, file } = one;
    const place = person.town ?? person.county;
    const [old, now] = [screen(rulesBefore(place), one, on), screen(rulesAfter(place), one, on)];
    const [from, to]: [ScreenedAs, ScreenedAs] = [old?.outcome ?? 'none', now?.outcome ?? 'none'];
    const key = `${from} ${to}`;
    counts.set(key, { before: from, after: to, people: (counts.get(key)?.people ?? 0) + 1 });
    if (from === to) continue;
    changed += 1;
    const isServed = servedStages.includes(file.stage);
    if (isServed) served += 1;
    if (persons.length < names)
      persons.push({
        person: person.id,
        name: person.name,
        place,
        stage: file.stage,
        served: isServed,
        before: from,
        after: to,
        because: differing(old, now),
      });
  }
  await keysOf(tx).open(asSealed(tx), persons);
  const named = persons.map((one) => ({ ...one, name: maskName(one.name) }));
  return { screened, changed, served, counts: [...counts.values()], persons: named };
};
