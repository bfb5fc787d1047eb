// The state of the roll-call on the screen: who is offered, who is marked present or absent by a tap, and what is sent.
import type { Roster, RosterPerson, UsualGroup } from './session.api.ts';
import type { Domain, OtherService, SessionInput, SessionKind } from './session.ts';

/** Why somebody cannot be marked present on that day; undefined when they can. */
export type Hindrance = 'papersMissing' | 'suspended' | 'notYetAccepted';
export const findHindrance = (person: RosterPerson, on: string): Hindrance | undefined => {
  if (person.stage === 'suspended') return 'suspended';
  if (person.acceptedOn > on) return 'notYetAccepted';
  return person.papersMissing.length > 0 ? 'papersMissing' : undefined;
};

export type Mark = 'present' | 'absent';

export interface RollCallDraft {
  readonly kind: SessionKind;
  readonly domain: Domain;
  readonly standardized: boolean;
  /** Where the place counts other services apart: which one it was. */
  readonly service: OtherService | null;
  readonly startAt: string;
  readonly minutes: number;
  readonly leader: string;
  readonly title: string;
  readonly note: string;
  /** The group's own: absent when they do not come. Empty where the session follows no group. */
  readonly members: readonly string[];
  /** Persons marked, in the order in which they were. */
  readonly marks: Readonly<Record<string, Mark>>;
}

const ready = (roster: Roster, ids: readonly string[]): string[] =>
  roster.persons
    .filter((person) => ids.includes(person.id) && findHindrance(person, roster.on) === undefined)
    .map(({ id }) => id);

/** A group as it met last, with everybody who can come marked present. */
export const draftOfGroup = (roster: Roster, group: UsualGroup): RollCallDraft => {
  const members = ready(roster, group.persons);
  return {
    kind: 'group',
    domain: group.domain,
    standardized: group.standardized,
    service: group.service,
    startAt: group.startAt,
    minutes: group.minutes,
    leader: group.leader,
    title: group.title ?? '',
    note: '',
    members,
    marks: Object.fromEntries(members.map((id) => [id, 'present' as const])),
  };
};

/** A session that follows no group: nobody marked. */
export const emptyDraft = (kind: SessionKind, leader: string): RollCallDraft => ({
  kind,
  domain: kind === 'home' ? 'familySupport' : 'lifeSkills',
  standardized: true,
  service: null,
  startAt: '09:00',
  minutes: kind === 'group' ? 60 : 30,
  leader,
  title: '',
  note: '',
  members: [],
  marks: {},
});

/** What the page opens with: the group that is likeliest to meet and has not met yet on the day, else an empty one. */
export const firstDraft = (roster: Roster, leader: string): RollCallDraft => {
  const [likely] = roster.groups;
  return likely !== undefined && likely.lastOn !== roster.on
    ? draftOfGroup(roster, likely)
    : emptyDraft('group', leader);
};

/** A tap: a member goes between present and absent, somebody else between present and not there; alone, the one tapped is the one. */
export const tap = (draft: RollCallDraft, person: string): RollCallDraft => {
  if (draft.kind !== 'group') return { ...draft, marks: { [person]: 'present' } };
  const present = draft.marks[person] === 'present';
  if (present && !draft.members.includes(person)) return leaveOut(draft, person);
  return { ...draft, marks: { ...draft.marks, [person]: present ? 'absent' : 'present' } };
};

/** Takes somebody off the roll-call: neither present nor absent. */
export const leaveOut = (draft: RollCallDraft, person: string): RollCallDraft => ({
  ...draft,
  marks: Object.fromEntries(Object.entries(draft.marks).filter(([id]) => id !== person)),
});

export const listMarked = (draft: RollCallDraft, mark: Mark): string[] =>
  Object.entries(draft.marks).flatMap(([id, own]) => (own === mark ? [id] : []));

/** The write, without its id. The same draft gives the same input, so that sending it again is the same entry. */
export const toInput = (draft: RollCallDraft, roster: Roster): SessionInput => ({
  on: roster.on,
  organisation: roster.organisation.id,
  kind: draft.kind,
  domain: draft.domain,
  standardized: draft.standardized,
  ...(draft.service !== null && { service: draft.service }),
  startAt: draft.startAt,
  minutes: draft.minutes,
  leader: draft.leader.trim(),
  ...(draft.title.trim() !== '' && { title: draft.title.trim() }),
  ...(draft.note.trim() !== '' && { note: draft.note.trim() }),
  persons: listMarked(draft, 'present'),
  absent: listMarked(draft, 'absent'),
});
