// Six taps: a group of twelve is recorded by marking who is absent and saving; nobody without papers is ever marked present.
import { expect, test } from 'vitest';
import type { Roster, RosterPerson, UsualGroup } from './session.api.ts';
import { draftOfGroup, emptyDraft, firstDraft, leaveOut, tap, toInput } from './session-form.ts';

const idOf = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const person = (n: number, change: Partial<RosterPerson> = {}): RosterPerson => ({
  id: idOf(n),
  name: `学员${n}`,
  stage: 'inService',
  acceptedOn: '2024-01-20',
  papersMissing: [],
  hasBaseline: true,
  hasPlan: true,
  sessionsThisMonth: 0,
  sessionsOnDay: 0,
  ...change,
});
const group: UsualGroup = {
  kind: 'group',
  domain: 'physical',
  title: '八段锦',
  standardized: true,
  service: null,
  startAt: '09:30',
  minutes: 45,
  leader: '李敏',
  lastOn: '2024-11-07',
  persons: Array.from({ length: 14 }, (_, i) => idOf(i)),
};
const roster: Roster = {
  on: '2024-11-14',
  organisation: { id: idOf(99), name: '东城街道精康站' },
  persons: [
    ...Array.from({ length: 12 }, (_, i) => person(i)),
    person(12, { papersMissing: ['知情同意书'] }),
    person(13, { stage: 'suspended' }),
    person(14),
    person(15, { acceptedOn: '2024-11-15' }),
  ],
  otherServices: null,
  papersClauses: ['BZ-14'],
  groups: [group],
};

test('the page opens with everybody of the group who can come, and two taps mark two absent', () => {
  const draft = tap(tap(firstDraft(roster, '值班员'), idOf(3)), idOf(5));
  const input = toInput(draft, roster);
  expect(input.persons).toHaveLength(10);
  expect(input.absent).toEqual([idOf(3), idOf(5)]);
  expect(input).toMatchObject({ on: '2024-11-14', domain: 'physical', startAt: '09:30', minutes: 45, leader: '李敏' });
  expect([...input.persons, ...input.absent]).not.toContain(idOf(12));
  expect([...input.persons, ...input.absent]).not.toContain(idOf(13));
});

test('a second tap brings back whom the first marked absent, and takes a visitor off again', () => {
  const draft = draftOfGroup(roster, group);
  expect(tap(tap(draft, idOf(3)), idOf(3))).toEqual(draft);
  expect(toInput(tap(draft, idOf(14)), roster).persons).toContain(idOf(14));
  expect(tap(tap(draft, idOf(14)), idOf(14))).toEqual(draft);
  expect(toInput(leaveOut(tap(draft, idOf(3)), idOf(3)), roster)).toMatchObject({ absent: [] });
});

test('a group that has met today is not offered again by itself', () => {
  const met = { ...roster, groups: [{ ...group, lastOn: roster.on }] };
  expect(toInput(firstDraft(met, '值班员'), met)).toMatchObject({ persons: [], leader: '值班员' });
});

test('alone, the last one tapped is the one', () => {
  const draft = tap(tap(emptyDraft('individual', '李敏'), idOf(1)), idOf(2));
  expect(toInput(draft, roster)).toMatchObject({ kind: 'individual', persons: [idOf(2)], absent: [] });
});
