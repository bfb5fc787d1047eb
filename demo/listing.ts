// How people come onto the product: by the departments' lists of the census, or by hand.
import { type Identity, personListed, personUpdated, type RecordedFact } from '../src/person/person.ts';
import { dayOf, positionOf } from './days.ts';
import type { House } from './houses.ts';
import type { CountyNetwork } from './network.ts';
import type { Human, Sender } from './people.ts';
import type { Story, World, Writer } from './story.ts';
import type { Temper } from './temper.ts';

/** The days on which a county begins with each step. */
export interface Timetable {
  readonly lists: Readonly<Record<Sender, string>>;
  /** First screenings of those on the lists. */
  readonly screened: string;
  /** From when on people come by themselves. */
  readonly later: string;
  /** Nothing is referred before the first sites are open. */
  readonly service: string;
}

export interface Scene {
  readonly world: World;
  readonly net: CountyNetwork;
  readonly temper: Temper;
  /** Persons whom each house serves; grows as stories are told. */
  readonly load: Map<string, number>;
  /** The census lists of the county: id and the day on which each was imported. */
  readonly lists: Readonly<Record<Sender, { readonly id: string; readonly at: number }>>;
  readonly timetable: Timetable;
}

export const writerOf = (house: House): Writer => ({ user: house.user, role: house.kind, organisation: house.id });

export const factOf = (
  kind: RecordedFact['kind'],
  on: string,
  value: RecordedFact['value'],
  source: RecordedFact['source'],
) => ({
  kind,
  on,
  value,
  source,
});

/** What all lists say of a person; each adds its own. */
export const identityOf = (human: Human): Identity => ({
  name: human.name,
  sex: human.sex,
  birthDate: human.birthDate,
  idNumber: human.idNumber,
  idKind: 'citizen',
  town: human.town,
  village: human.village,
  householdDivision: human.household,
  address: `${human.townName}${human.village}`,
  ...(human.phone ? { phone: human.phone } : {}),
  ...(human.guardian ? { guardian: human.guardian } : {}),
});

/** Facts as a department's list states them, on the list's day. */
const factsOfList = (human: Human, sender: Sender, on: string, odd: boolean): RecordedFact[] => {
  const { certificate, diagnosis, guardian } = human;
  if (sender === 'federation')
    return [
      ...(certificate
        ? [factOf('certificate', on, { category: certificate.category, grade: certificate.grade }, sender)]
        : []),
      ...(guardian
        ? [factOf('guardian', on, { name: guardian.name, relation: guardian.relation ?? '亲属' }, sender)]
        : []),
    ];
  if (sender === 'health')
    return [
      factOf('diagnosis', diagnosis.on, { code: diagnosis.code }, sender),
      factOf('severe', on, diagnosis.severe, sender),
      factOf('risk', dayOf(positionOf(on) - 40), human.risk, sender),
      factOf('stability', on, human.stability, sender),
      factOf('livesAt', on, human.livesAt, sender),
    ];
  // Civil affairs often know better, or worse, where somebody lives.
  return [factOf('livesAt', on, odd ? (human.livesAt === 'home' ? 'elsewhere' : 'home') : human.livesAt, sender)];
};

export const senders: readonly Sender[] = ['federation', 'health', 'civil'];

/** The census: the first list that names the person opens the record, the others add to it. */
export const listByCensus = ({ world: { random }, net, lists }: Scene, story: Story, row: number): void => {
  const { human } = story;
  let opened = story.drafts.length > 0;
  for (const sender of senders.filter((one) => human.lists.has(one))) {
    const { id: list, at } = lists[sender];
    const on = dayOf(at);
    const facts = factsOfList(human, sender, on, random.chance(0.05));
    const certificate =
      sender === 'federation' && human.certificate ? { certificateNumber: human.certificate.number } : {};
    const step = { at, by: writerOf(net.civilAffairs), aside: opened };
    if (opened) story.record(personUpdated, { ...step, body: { identity: certificate, facts, list, row } });
    else
      story.record(personListed, {
        ...step,
        body: { identity: { ...identityOf(human), ...certificate }, facts, list, row },
      });
    opened = true;
  }
};

/** A record by hand: the pilot's, or somebody's who comes later. */
export const listByHand = ({ net, world: { random } }: Scene, story: Story, at: number): void => {
  const { human } = story;
  const on = dayOf(at);
  const { certificate, diagnosis } = human;
  story.record(personListed, {
    at,
    by: writerOf(random.chance(0.2) ? net.hospital : net.civilAffairs),
    body: {
      identity: { ...identityOf(human), ...(certificate ? { certificateNumber: certificate.number } : {}) },
      facts: [
        factOf('diagnosis', diagnosis.on, { code: diagnosis.code }, 'manual'),
        factOf('livesAt', on, human.livesAt, 'manual'),
        ...(certificate
          ? [factOf('certificate', on, { category: certificate.category, grade: certificate.grade }, 'manual')]
          : []),
      ],
    },
  });
};
