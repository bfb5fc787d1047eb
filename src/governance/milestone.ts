// Dated steps and duties without a ledger of their own: what is owed where, what is noted as done, and how it stands on a day.
import { z } from 'zod';
import { type Actor, Role } from '../kernel/access.ts';
import { Area, Day } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { listDues } from '../policy/duty.ts';
import { type DutyRule, MilestoneEvidence, type MilestoneRule } from '../policy/pack.ts';
import { PackRef, type ResolvedRule } from '../policy/resolve.ts';

const note = z.string().trim().min(4, '请写明做了什么、有什么材料可查（至少 4 个字）').max(500);

/** What somebody notes: of the whole, or of one step on the way. */
export const DutyNote = z.object({
  rule: z.string().min(1).max(60),
  area: Area,
  /** For duties that are owed once in each site. */
  organisation: z.uuid().optional(),
  /** The day on which it fell or falls due. */
  dueOn: Day,
  step: z.string().max(60).optional(),
  /** The day on which it was done. */
  on: Day,
  note,
});
export type DutyNote = z.infer<typeof DutyNote>;

export const dutyRecorded = defineEntry({
  type: 'duty.record',
  summary: '办结登记',
  body: z.object({
    rule: z.string(),
    clause: z.array(z.string()),
    pack: z.object({ id: z.string(), version: z.string() }),
    area: Area,
    organisation: z.uuid().nullable(),
    dueOn: Day,
    step: z.string().nullable(),
    note,
  }),
  replaceable: true,
});

/** Done in time or late, or still open: in time or late. */
export const DutyState = z.enum(['done', 'doneLate', 'due', 'late']);
export type DutyState = z.infer<typeof DutyState>;

export const stateOn = (dueOn: Day, doneOn: Day | null, on: Day): DutyState => {
  if (doneOn !== null && doneOn <= on) return doneOn > dueOn ? 'doneLate' : 'done';
  return on > dueOn ? 'late' : 'due';
};

export const DutyRecord = z.object({
  id: z.uuid(),
  on: Day,
  step: z.string().nullable(),
  note: z.string(),
  by: z.string(),
  /** Whether whoever asks may take it back. */
  mine: z.boolean(),
});
export type DutyRecord = z.infer<typeof DutyRecord>;

export const MilestoneRow = z.object({
  rule: z.string(),
  title: z.string(),
  summary: z.string(),
  clause: z.array(z.string()),
  pack: PackRef,
  packName: z.string(),
  assumed: z.string().nullable(),
  area: z.string(),
  areaName: z.string(),
  responsible: z.object({ role: Role, level: z.enum(['city', 'county', 'town', 'organisation']) }),
  dueOn: Day,
  state: DutyState,
  doneOn: Day.nullable(),
  /** Days from today to the last day, negative when it is past; null once done. */
  left: z.int().nullable(),
  evidence: MilestoneEvidence,
  judgedBy: z.string().nullable(),
  steps: z.array(z.object({ id: z.string(), text: z.string(), doneOn: Day.nullable() })),
  records: z.array(DutyRecord),
  /** Whether whoever asks may note something here. */
  writable: z.boolean(),
});
export type MilestoneRow = z.infer<typeof MilestoneRow>;

type Owed = ResolvedRule<MilestoneRule> | ResolvedRule<DutyRule>;

const refuse = (code: string, message: string, clause: readonly string[]): Refusal =>
  new Refusal(code, message, { cites: [...clause] });

const levels = { city: 4, county: 6, town: 9, organisation: 9 } as const;

/**
 * Whether the office writes that is responsible, or the county's of its kind for what a town owes. What organisations owe is noted by the
 * county's civil affairs; what a city owes, also for each site, by the city alone.
 */
export const mayRecord = (
  { role, scope }: Pick<Actor, 'role' | 'scope'>,
  { responsible }: Owed['rule'],
  area: string,
): boolean => {
  const office = responsible.role === role || (role === 'civilAffairs' && responsible.level === 'organisation');
  const lowest = responsible.level === 'city' ? 4 : 6;
  return office && area.startsWith(scope) && scope.length >= lowest && scope.length <= levels[responsible.level];
};

/**
 * Refuses a note on what is not owed there: `notOwed` (day or area), `otherEvidence` (the product has records of its own for it),
 * `stepUnknown`, `tooEarly` for a day before the pack was in force.
 */
export const checkNote = (owed: Owed, input: DutyNote, sites: { readonly known: boolean }): void => {
  const { rule } = owed;
  const { clause, title } = rule;
  if (input.on < (rule.from ?? '')) throw refuse('tooEarly', `“${title}”自 ${rule.from} 起执行。`, clause);
  if (rule.kind === 'duty') {
    if (rule.evidence !== 'recorded')
      throw refuse('otherEvidence', `“${title}”以业务记录为准，不另行登记。请到相应页面办理。`, clause);
    if (!listDues(rule.cadence, input.dueOn, input.dueOn).length)
      throw refuse('notOwed', `“${title}”在 ${input.dueOn} 没有到期的一次，请核对期限。`, clause);
    if (sites.known !== (rule.subject === 'site'))
      throw refuse(
        'notOwed',
        rule.subject === 'site' ? `“${title}”按站点登记，请选择站点。` : `“${title}”不按站点登记。`,
        clause,
      );
    return;
  }
  if (rule.dueOn !== input.dueOn) throw refuse('notOwed', `“${title}”的期限是 ${rule.dueOn}。`, clause);
  if (input.step === undefined && rule.evidence !== 'recorded')
    throw refuse('otherEvidence', `“${title}”是否完成由业务数据得出，只能登记其中的步骤。`, clause);
  if (input.step !== undefined && !rule.steps?.some(({ id }) => id === input.step))
    throw refuse('stepUnknown', `“${title}”没有这个步骤。`, clause);
};

const lengthOf = { city: 4, county: 6, town: 9 } as const;

/** Whether the step is owed in the area: its level, and one of the places that the document names. */
export const isOwedIn = ({ each, places }: MilestoneRule, area: string): boolean =>
  area.length === lengthOf[each] && (places === undefined || places.some((place) => area.startsWith(place)));
