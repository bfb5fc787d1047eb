// Opens the organisations of the demo and hires their staff, as entries.
import type { EntryDraft } from '../src/kernel/entry.ts';
import { nameOfDivision } from '../src/network/division.ts';
import {
  checkOrganisation,
  type Discipline,
  type OrganisationKind,
  organisationOpened,
  staffJoined,
  type Tier,
} from '../src/network/organisation.ts';
import type { Qualification } from '../src/policy/measure.ts';
import type { ProviderFunction } from '../src/policy/standard.ts';
import { dayOf, instantOf, positionOf, workingDayFrom } from './days.ts';
import { nameOf } from './names.ts';
import type { Random } from './random.ts';

export const city = '5119';

export interface Employee {
  readonly id: string;
  readonly name: string;
  readonly discipline: Discipline;
  readonly trainedOn: string | null;
  readonly since: number;
}

export interface House {
  readonly id: string;
  readonly county: string;
  readonly division: string;
  readonly kind: OrganisationKind;
  readonly tier: Tier;
  readonly name: string;
  /** Position of its first day. */
  readonly opened: number;
  readonly capacity: number;
  readonly staff: readonly Employee[];
  /** Who writes its entries. */
  readonly user: string;
}

/** What the user names of a place begin with; those of Bazhong city's own offices with `shi`. */
export const pinyinOf: Readonly<Record<string, string>> = {
  '5119': 'shi',
  '4601': 'haikou',
  '460107': 'qiongshan',
  '6543': 'altay',
  '654301': 'altayshi',
  '654321': 'buerjin',
  '654322': 'fuyun',
  '654323': 'fuhai',
  '654324': 'habahe',
  '654325': 'qinghe',
  '654326': 'jimunai',
  '331124': 'songyang',
  '511902': 'bazhou',
  '511903': 'enyang',
  '511921': 'tongjiang',
  '511922': 'nanjiang',
  '511923': 'pingchang',
};

const dialling: Readonly<Record<string, string>> = {
  '5119': '0827',
  '4601': '0898',
  '6543': '0906',
  '3311': '0578',
};

const qualifications: Partial<Record<Discipline, string>> = {
  psychiatrist: '执业医师',
  nurse: '护师',
  therapist: '康复治疗师',
  socialWorker: '助理社会工作师',
  psychologist: '心理治疗师',
};

const backgrounds: Partial<Record<Discipline, Qualification>> = {
  psychiatrist: 'psychiatry',
  nurse: 'nursing',
  therapist: 'rehabilitation',
  socialWorker: 'socialWork',
  psychologist: 'psychology',
};

interface HouseOptions {
  readonly division: string;
  readonly kind: OrganisationKind;
  readonly tier: Tier;
  readonly name: string;
  readonly openedOn: string;
  readonly user: string;
  readonly team?: readonly Discipline[];
  readonly functions?: readonly ProviderFunction[];
  readonly capacity?: number;
  readonly parent?: House;
}

/** Opens houses one after the other; their entries gather in `drafts`. */
export const createBuilder = (random: Random) => {
  const drafts: EntryDraft[] = [];
  const recordedAt = (position: number, county: string) => ({
    at: instantOf(position, 9 * 60 + random.int(0, 420)),
    actor: `${pinyinOf[county]}.minzheng`,
    role: 'civilAffairs',
    organisation: null,
  });
  const hire = (house: string, county: string, discipline: Discipline, since: number): Employee => {
    const recorded = recordedAt(since, county);
    const id = random.id(recorded.at);
    const name = nameOf(random, random.chance(0.6) ? 'female' : 'male');
    const assesses = discipline !== 'other' && discipline !== 'manager';
    const trainedOn = assesses && random.chance(0.85) ? dayOf(Math.max(0, since - random.int(0, 2))) : null;
    const qualification = qualifications[discipline];
    const qualificationKind = backgrounds[discipline];
    drafts.push(
      staffJoined.draft({
        id: random.id(recorded.at),
        county,
        on: dayOf(since),
        subjects: [
          { kind: 'staff', id },
          { kind: 'organisation', id: house },
        ],
        body: {
          organisation: house,
          name,
          discipline,
          // Of the others nobody asked: they count as not qualified, and the page says how many.
          ...(qualification && qualificationKind && random.chance(0.7) ? { qualification, qualificationKind } : {}),
          ...(trainedOn ? { assessorTrainedOn: trainedOn } : {}),
        },
        recorded,
      }),
    );
    return { id, name, discipline, trainedOn, since };
  };
  const open = (options: HouseOptions): House => {
    const { division, kind, tier, name, user, team = [], functions = [], capacity, parent } = options;
    const county = division.slice(0, 6);
    const opened = workingDayFrom(positionOf(options.openedOn));
    checkOrganisation({ kind, tier, division }, parent && { ...parent, closedOn: null });
    const recorded = recordedAt(opened, county);
    const id = random.id(recorded.at);
    drafts.push(
      organisationOpened.draft({
        id: random.id(recorded.at),
        county,
        on: dayOf(opened),
        subjects: [{ kind: 'organisation', id }],
        body: {
          division,
          kind,
          tier,
          name,
          functions: [...functions],
          phone: `${dialling[county.slice(0, 4)]}-5${random.int(100000, 999999)}`,
          address: `${nameOfDivision(division)}${random.pick(['兴文', '人民', '滨河', '文化', '新建'])}路${random.int(1, 180)}号`,
          ...(capacity === undefined ? {} : { capacity }),
          ...(parent ? { parent: parent.id } : {}),
        },
        recorded,
      }),
    );
    const staff = team.map((discipline) => hire(id, county, discipline, opened));
    return { id, county, division, kind, tier, name, opened, capacity: capacity ?? 0, staff, user };
  };
  return { open, drafts };
};
export type Builder = ReturnType<typeof createBuilder>;
