// Bodies that documents ask for (QS-06, AL-10, AL-16, BZ-22, CM-01, CM-03, CM-04): their entries, rosters, and who is still missing.
import { z } from 'zod';
import type { Role } from '../kernel/access.ts';
import { Day } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { fullNameOfDivision } from '../network/division.ts';
import { BodyKind } from '../policy/duty.ts';
import { listRules, type ResolvedRules } from '../policy/resolve.ts';
import { listGaps } from '../policy/standard.ts';
import texts from '../web/locale/zh-CN/governance.json' with { type: 'json' };

export const bodyKindNames: Readonly<Record<BodyKind, string>> = texts.bodyKind;

/** Departments and the grass roots keep bodies; who serves reads what concerns them. */
export const bodyKeepers: Role[] = ['civilAffairs', 'health', 'federation', 'village'];
export const bodyReaders: Role[] = [...bodyKeepers, 'hospital', 'centre', 'site'];

export const MemberDuty = z.enum(['head', 'deputy', 'member', 'office']);
export type MemberDuty = z.infer<typeof MemberDuty>;

const ItemId = z.string().regex(/^[a-z][A-Za-z0-9]{0,40}$/);

const nameFields = {
  /** Says nothing of any person: it stands in lists and in clear. */
  name: z.string().trim().min(2).max(60),
  /** Which department the daily office is with. */
  office: z.string().trim().max(60).optional(),
  village: z.string().trim().max(40).optional(),
};

/** The subjects are the body and, for a care team, the person. */
export const bodyOpened = defineEntry({
  type: 'body.open',
  summary: '成立组织',
  body: z.object({
    kind: BodyKind,
    division: z.string().regex(/^(\d{4}|\d{6}|\d{9})$/),
    person: z.uuid().optional(),
    ...nameFields,
  }),
});
export const bodyChanged = defineEntry({ type: 'body.change', summary: '修改组织信息', body: z.object(nameFields) });
export const bodyClosed = defineEntry({
  type: 'body.close',
  summary: '撤销组织',
  body: z.object({ reason: z.string().trim().min(1).max(200).meta({ sealed: true }) }),
});

export const memberFields = {
  /** Name and telephone are sealed: a member may be of a client's family. */
  name: z.string().trim().min(1).max(40).meta({ sealed: true }),
  unit: z.string().trim().max(60).optional(),
  duty: MemberDuty,
  /** Which required member of the place's list this is. */
  item: ItemId.optional(),
  staff: z.uuid().optional(),
  /** Of the family of the person whom the body is for, or the guardian. */
  family: z.boolean().default(false),
  phone: z.string().trim().max(20).optional().meta({ sealed: true }),
};
/** The member's id is the entry's. */
export const memberJoined = defineEntry({ type: 'member.join', summary: '加入组织', body: z.object(memberFields) });
export const memberLeft = defineEntry({
  type: 'member.leave',
  summary: '退出组织',
  body: z.object({ member: z.uuid(), reason: z.string().trim().max(200).optional().meta({ sealed: true }) }),
});

export const bodyEntries = [bodyOpened, bodyChanged, bodyClosed, memberJoined, memberLeft];

export const BodyGap = z.object({
  text: z.string(),
  clause: z.array(z.string()),
  /** The last day of the document that asks for the member, where that is over. */
  endedOn: Day.optional(),
});
export type BodyGap = z.infer<typeof BodyGap>;

/** What the place's packs ask of a kind of body; several packs may each have a list. */
const listMemberRules = (rules: ResolvedRules, kind: BodyKind) =>
  listRules(rules, 'standard').filter(
    ({ rule: { standard } }) => 'list' in standard && standard.list === 'bodyMembers' && standard.of === kind,
  );

/** Required members whom nobody in the roster fills, each with its clauses. Empty where no pack sets a list. */
export const listBodyGaps = (rules: ResolvedRules, kind: BodyKind, filled: readonly string[]): BodyGap[] =>
  listMemberRules(rules, kind).flatMap(({ rule: { standard, clause }, pack: { endedOn } }) =>
    listGaps(standard, filled).map((text) => ({ text, clause: [...clause], ...(endedOn && { endedOn }) })),
  );

export const RequiredMember = z.object({ id: z.string(), text: z.string(), clause: z.array(z.string()) });
export type RequiredMember = z.infer<typeof RequiredMember>;

/** Every required member of a kind, for choosing which one a new member is. */
export const listRequiredMembers = (rules: ResolvedRules, kind: BodyKind): RequiredMember[] => {
  const all = listMemberRules(rules, kind).flatMap(({ rule: { standard, clause } }) =>
    'list' in standard ? standard.items.map(({ id, text }) => ({ id, text, clause: [...clause] })) : [],
  );
  return all.filter(({ id }, index) => all.findIndex((one) => one.id === id) === index);
};

const levelsOfKind: Readonly<Record<BodyKind, readonly number[]>> = {
  leadingGroup: [4, 6],
  jointMeeting: [4, 6],
  expertGroup: [4, 6],
  townManagement: [9],
  careTeam: [6, 9],
  villageCare: [9],
};

/** Kinds that a place of this level has once, where its packs ask for them: those for whom there can be a gap. */
export const kindsOfLevel = (division: string): BodyKind[] =>
  BodyKind.options.filter(
    (kind) => kind !== 'careTeam' && kind !== 'villageCare' && levelsOfKind[kind].includes(division.length),
  );

/** Clauses by which the place must have such a body; empty where no pack lists its members. */
export const clausesOfKind = (rules: ResolvedRules, kind: BodyKind): string[] => [
  ...new Set(listMemberRules(rules, kind).flatMap(({ rule }) => rule.clause)),
];

interface BodyInput {
  readonly kind: BodyKind;
  readonly division: string;
  readonly person?: string | undefined;
  readonly village?: string | undefined;
}

/** A village's group says which village in the place of "of a village". */
export const nameOfBody = ({ kind, division, village }: BodyInput): string => {
  const name = bodyKindNames[kind];
  return `${fullNameOfDivision(division)}${village ? village + name.replace(/^村（社区）/, '') : name}`;
};

/** Refuses a kind at the wrong level, a care team for nobody, a person where the body is not about one, a village group of no village. */
export const checkBody = ({ kind, division, person, village }: BodyInput): void => {
  const name = bodyKindNames[kind];
  if (!levelsOfKind[kind].includes(division.length))
    throw new Refusal('levelMismatch', `${name}不能设在这一级行政区划，请另选地区。`, {
      fields: { division: '级别不相符' },
    });
  if (kind === 'careTeam' && person === undefined)
    throw new Refusal('personMissing', `${name}须为某一位康复对象成立，请从其档案页进入办理。`, { cites: ['CM-03'] });
  if (kind === 'villageCare' && !village)
    throw new Refusal('villageMissing', '请填写村（社区）名称。', {
      fields: { village: '请填写' },
      cites: ['CM-04'],
    });
  if (person !== undefined && kind !== 'careTeam' && kind !== 'villageCare')
    throw new Refusal('personUnfit', `${name}不是为某一人成立的，不能写明康复对象。`);
};

/** Refuses a family member where the body is about nobody, and a telephone of the family, which stands in the person's file. */
export const checkMember = (
  member: { readonly family: boolean; readonly phone?: string | undefined },
  body: { readonly person: string | null },
): void => {
  if (!member.family) return;
  if (body.person === null)
    throw new Refusal('familyUnfit', '只有为某一人成立的小组才有家属成员。', { fields: { family: '不适用' } });
  if (member.phone)
    throw new Refusal('familyPhone', '家属和监护人的电话登记在其档案中，这里不重复填写。', {
      fields: { phone: '请删去' },
    });
};

export const Member = z.object({
  id: z.uuid(),
  name: z.string(),
  unit: z.string().nullable(),
  duty: MemberDuty,
  item: z.string().nullable(),
  /** What the list calls the item; null where no list does any more. */
  itemText: z.string().nullable(),
  staff: z.uuid().nullable(),
  family: z.boolean(),
  phone: z.string().nullable(),
  fromOn: Day,
  untilOn: Day.nullable(),
});
export type Member = z.infer<typeof Member>;

export const BodyRow = z.object({
  id: z.uuid(),
  kind: BodyKind,
  division: z.string(),
  name: z.string(),
  office: z.string().nullable(),
  village: z.string().nullable(),
  person: z.uuid().nullable(),
  /** Masked. */
  personName: z.string().nullable(),
  openedOn: Day,
  closedOn: Day.nullable(),
  members: z.int(),
  lastMetOn: Day.nullable(),
  /** Resolved, due, and not done. */
  overdueTasks: z.int(),
  gaps: z.array(BodyGap),
});
export type BodyRow = z.infer<typeof BodyRow>;
