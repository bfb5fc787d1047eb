// Checks of sites against the place's lists (BZ-04 standardization, QS-07 rules, QS-14 safety), and hazards to be put right by a day.
import { z } from 'zod';
import type { Actor, Role } from '../kernel/access.ts';
import { Day } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { listRules, type ResolvedRules } from '../policy/resolve.ts';
import type { StandardList } from '../policy/standard.ts';

export const SiteCheckKind = z.enum(['standardization', 'rules', 'safety']);
export type SiteCheckKind = z.infer<typeof SiteCheckKind>;

const listOfKind: Readonly<Record<SiteCheckKind, StandardList>> = {
  standardization: 'siteChecklist',
  rules: 'institutionRules',
  safety: 'safetyChecklist',
};
const nameOfKind: Readonly<Record<SiteCheckKind, string>> = {
  standardization: '站点标准化检查',
  rules: '管理制度检查',
  safety: '场所安全检查',
};

export const CheckResult = z.enum(['ok', 'gap', 'notApplicable']);
export type CheckResult = z.infer<typeof CheckResult>;

/** Departments that check together. */
export const CheckDepartment = z.enum([
  'civilAffairs',
  'health',
  'federation',
  'town',
  'fireRescue',
  'housing',
  'marketRegulation',
  'publicSecurity',
  'other',
]);
export type CheckDepartment = z.infer<typeof CheckDepartment>;

const Remark = z.string().trim().max(200).meta({ sealed: true });

export const CheckedItem = z.object({
  item: z.string(),
  /** As the place's list has it on that day. */
  text: z.string(),
  result: CheckResult,
  remark: Remark.optional(),
  /** Where it must be put right: by when, and the id under which it is followed. */
  dueOn: Day.optional(),
  hazard: z.uuid().optional(),
});
export type CheckedItem = z.infer<typeof CheckedItem>;

const checkFields = {
  kind: SiteCheckKind,
  inspectors: z.array(z.string().trim().min(1).max(40)).min(1, '请填写检查人').max(20),
  departments: z.array(CheckDepartment).min(1, '请选择参加检查的部门'),
};

export const siteCheckRecorded = defineEntry({
  type: 'siteCheck.record',
  summary: '检查站点',
  body: z.object({ organisation: z.uuid(), ...checkFields, items: z.array(CheckedItem).min(1) }),
  tally: ({ kind }) => [{ part: kind, amount: 0 }],
  replaceable: true,
});
export type SiteCheckBody = z.infer<typeof siteCheckRecorded.body>;

export const hazardClosed = defineEntry({
  type: 'hazard.close',
  summary: '隐患整改完成',
  body: z.object({
    hazard: z.uuid(),
    done: z.string().trim().min(2, '请写明怎样整改').max(500).meta({ sealed: true }),
  }),
  replaceable: 'takenBack',
});

export const siteCheckEntries = [siteCheckRecorded, hazardClosed];

/** What a screen sends of one item. */
export const ItemInput = CheckedItem.pick({ item: true, result: true, remark: true, dueOn: true });
export type ItemInput = z.infer<typeof ItemInput>;

/** What a screen sends of a check. */
export const SiteCheckInput = z.object({ on: Day, ...checkFields, items: z.array(ItemInput).min(1).max(100) });
export type SiteCheckInput = z.infer<typeof SiteCheckInput>;

/** The list that the place's document asks to go through, the nearest area's first; undefined where it has none. */
export const findChecklist = (rules: ResolvedRules, kind: SiteCheckKind) => {
  for (const { rule } of listRules(rules, 'standard')) {
    const { standard, clause, title } = rule;
    if ('list' in standard && standard.list === listOfKind[kind]) return { kind, title, clause, items: standard.items };
  }
  return undefined;
};
export type Checklist = NonNullable<ReturnType<typeof findChecklist>>;

/** As `findChecklist`; refuses (`checklistMissing`). */
export const getChecklist = (rules: ResolvedRules, kind: SiteCheckKind): Checklist => {
  const found = findChecklist(rules, kind);
  if (!found)
    throw new Refusal('checklistMissing', `本地文件没有规定${nameOfKind[kind]}的清单，请选择其他检查。`, {
      fields: { kind: '本地没有这种检查的清单' },
    });
  return found;
};

const checkItem = (
  input: ItemInput,
  at: number,
  { kind, on, clause }: { kind: SiteCheckKind; on: Day; clause: readonly string[] },
): void => {
  const refuse = (code: string, field: 'remark' | 'dueOn', message: string): Refusal =>
    new Refusal(code, message, { fields: { [`items.${at}.${field}`]: message }, cites: clause });
  const isHazard = input.result === 'gap' && (kind === 'safety' || input.dueOn !== undefined);
  if (isHazard && !input.remark) throw refuse('remarkMissing', 'remark', '要求整改的，请写明发现了什么。');
  if (isHazard && input.dueOn === undefined)
    throw refuse('dueMissing', 'dueOn', '安全隐患应当限期整改，请填写整改期限。');
  if (isHazard && input.dueOn !== undefined && input.dueOn < on)
    throw refuse('dueMissing', 'dueOn', `整改期限不能早于检查日期（${on}）。`);
};

interface ItemsContext {
  readonly checklist: Checklist;
  /** The hazard under which a gap of that item is followed: one that is still open, or a new one. */
  readonly hazardOf: (item: string) => { readonly id: string; readonly dueOn?: Day };
}

/**
 * The items of a check in the order of the list. Each item of the list is answered once (`itemsDiffer`); each gap of safety has a remark and a
 * day by which it is put right (`remarkMissing`, `dueMissing`). A gap that is found again keeps its first deadline.
 */
export const decideItems = (
  { kind, on, items }: SiteCheckInput,
  { checklist, hazardOf }: ItemsContext,
): CheckedItem[] => {
  const answers = new Map(items.map((answer, at) => [answer.item, { answer, at }]));
  const missing = checklist.items.filter(({ id }) => !answers.has(id));
  if (missing.length > 0 || items.length !== checklist.items.length)
    throw new Refusal(
      'itemsDiffer',
      missing.length > 0
        ? `还有 ${missing.length} 项没有检查：${missing.map(({ text }) => text).join('、')}。`
        : '检查项目与本地清单不一致，请刷新页面后重试。',
      { cites: checklist.clause },
    );
  return checklist.items.map(({ id, text }) => {
    const { answer, at } = answers.get(id) as { answer: ItemInput; at: number };
    checkItem(answer, at, { kind, on, clause: checklist.clause });
    const { result, remark, dueOn } = answer;
    const base = { item: id, text, result, ...(remark && { remark }) };
    if (result !== 'gap' || dueOn === undefined) return base;
    const known = hazardOf(id);
    return { ...base, hazard: known.id, dueOn: known.dueOn ?? dueOn };
  });
};

/** Who checks, and who is checked. */
export const inspecting: readonly Role[] = ['civilAffairs', 'health', 'federation'];
export const inspected: readonly Role[] = ['hospital', 'centre', 'site'];

/** Whether an actor of the area may take back or correct what a kind of office recorded: the same kind, or civil affairs of the county. */
export const mayChange = (actor: Actor, recorder: string): boolean =>
  actor.role === recorder || (actor.role === 'civilAffairs' && actor.scope.length === 6);

export interface Score {
  readonly ok: number;
  /** Items that apply. */
  readonly asked: number;
}

export const scoreOf = (items: readonly Pick<CheckedItem, 'result'>[]): Score => ({
  ok: items.filter(({ result }) => result === 'ok').length,
  asked: items.filter(({ result }) => result !== 'notApplicable').length,
});

export interface HazardState {
  readonly foundOn: Day;
  readonly dueOn: Day;
  /** Put right, or found in order by a later check. */
  readonly closedOn: Day | null;
}

export const isOpenOn = ({ foundOn, closedOn }: HazardState, on: Day): boolean =>
  foundOn <= on && (closedOn === null || closedOn > on);

interface CheckSummary {
  readonly kind: SiteCheckKind;
  readonly on: Day;
  readonly items: readonly CheckedItem[];
}

/** The gaps that stand: of the newest check of each kind, without those whose hazard was put right since. `checks`: newest first. */
export const listOpenGaps = (
  checks: readonly CheckSummary[],
  hazards: readonly (HazardState & { readonly id: string })[],
  today: Day,
): { kind: SiteCheckKind; text: string; remark: string | null; on: Day }[] => {
  const open = new Set(hazards.filter((one) => isOpenOn(one, today)).map(({ id }) => id));
  return SiteCheckKind.options.flatMap((kind) => {
    const newest = checks.find((one) => one.kind === kind);
    return (newest?.items ?? [])
      .filter(({ result, hazard }) => result === 'gap' && (hazard === undefined || open.has(hazard)))
      .map(({ text, remark = null }) => ({ kind, text, remark, on: newest?.on ?? today }));
  });
};
