// Duties as screens, the API, the calendar feed and the command line show them; and which rule holds for which due day in which county.
import { z } from 'zod';
import { type Actor, Role, reachOf } from '../kernel/access.ts';
import { addDays, type Day as DayOf, daysBetween } from '../kernel/calendar.ts';
import { Day } from '../kernel/contract.ts';
import { Refusal } from '../kernel/refusal.ts';
import { nameOfDivision } from '../network/division.ts';
import type { DutySubject } from '../policy/duty.ts';
import { DutyState } from '../policy/duty-instance.ts';
import type { AreaPrefix, DutyRule } from '../policy/pack.ts';
import { findNearness, listRules, PackRef, type Packs, type ResolvedRule, resolveRules } from '../policy/resolve.ts';
import { WorkLink } from './worklist.ts';

/** What a row says of its rule. */
const ruleFields = {
  /** Id of the rule in its pack. */
  duty: z.string(),
  title: z.string(),
  clause: z.array(z.string()),
  pack: PackRef,
  packName: z.string(),
  /** Why a number of the rule is ours and not the document's. */
  assumed: z.string().nullable(),
};

export const DutyInstanceView = z.object({
  ...ruleFields,
  /** `id` is that of the record, or the code of the area; the name of a person is masked. */
  subject: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  area: z.string(),
  areaName: z.string(),
  responsible: z.object({
    role: Role,
    level: z.enum(['city', 'county', 'town', 'organisation']),
    organisation: z.uuid().nullable(),
    name: z.string(),
  }),
  dueOn: Day,
  /** 'HH:MM' before which it is to be done that day; null: until the day ends. */
  dueBefore: z.string().nullable(),
  /** False where working days of a year without a published calendar were counted. */
  certain: z.boolean(),
  state: DutyState,
  done: z.number(),
  asked: z.number(),
  unit: z.enum(['times', 'hours']),
  /** Days from the day asked to the due day, negative when it is past; null once done, and where nothing can be said. */
  left: z.int().nullable(),
  /** What shows it: the id of the record where there is one, and its day. */
  evidence: z.array(z.object({ id: z.uuid().nullable(), on: Day })),
  link: WorkLink.nullable(),
  /** Whether whoever asks may note it as done (`duty.record`), as no ledger of the product shows it. */
  recordable: z.boolean(),
});
export type DutyInstanceView = z.infer<typeof DutyInstanceView>;

/** Counts of one rule in one county (or of a city's own); null: hidden, for it could point at a person (docs/decisions/0007). */
export const DutyCountView = z.object({
  ...ruleFields,
  area: z.string(),
  areaName: z.string(),
  counts: z.record(DutyState, z.int().nullable()),
  hidden: z.boolean(),
});
export type DutyCountView = z.infer<typeof DutyCountView>;

/** What falls due on a day: titles and counts, never a name. */
export const DutyDay = z.object({
  on: Day,
  before: z.string().nullable(),
  ...ruleFields,
  open: z.int(),
  late: z.int(),
  done: z.int(),
  planned: z.int(),
});
export type DutyDay = z.infer<typeof DutyDay>;

/** A rule while it is the one in force: for dues from `fromOn` to `toOn` in these counties, or once for the city. */
export interface DutyInForce extends ResolvedRule<DutyRule> {
  readonly counties: readonly string[];
  /** Set for duties that a city owes once. */
  readonly city: string | null;
  readonly fromOn: DayOf;
  readonly toOn: DayOf;
}

export const isPersonal = (subject: DutySubject): boolean =>
  ['application', 'referral', 'client', 'staff', 'hazard'].includes(subject);

/** First days, within the span, of stretches in which no rule begins or ends. */
const stretchesOf = (
  { packs, adoptions = [] }: Packs,
  area: string,
  { from, to }: { from: DayOf; to: DayOf },
): { fromOn: DayOf; toOn: DayOf }[] => {
  const covers = ({ areas }: { areas: readonly AreaPrefix[] }): boolean => findNearness(areas, area) !== undefined;
  const decided = adoptions.filter(covers);
  const all = [...[...packs.values()].filter(covers), ...decided.flatMap(({ pack }) => pack ?? [])];
  const turns = [
    ...decided.map(({ fromOn }) => fromOn),
    ...all.flatMap(({ period, rules }) =>
      [period, ...rules].flatMap(({ from: first, to: last }) => [first, last && addDays(last, 1)]),
    ),
  ];
  const begins = [from, ...turns.filter((day): day is DayOf => day !== undefined && from < day && day <= to)];
  const sorted = [...new Set(begins)].sort();
  return sorted.map((fromOn, index) => {
    const next = sorted[index + 1];
    return { fromOn, toOn: next === undefined ? to : addDays(next, -1) };
  });
};

/** The duties of one area by the stretches in which the same rule of the same pack holds. */
const listForArea = (library: Packs, area: string, from: DayOf, to: DayOf) => {
  const found: (ResolvedRule<DutyRule> & { fromOn: DayOf; toOn: DayOf })[] = [];
  for (const { fromOn, toOn } of stretchesOf(library, area, { from, to }))
    for (const one of listRules(resolveRules(library, area, fromOn), 'duty')) {
      const same = found.findIndex(
        (other) =>
          other.rule === one.rule && other.pack.lapsed === one.pack.lapsed && addDays(other.toOn, 1) === fromOn,
      );
      const before = found[same];
      if (before === undefined) found.push({ ...one, fromOn, toOn });
      else found[same] = { ...before, toOn };
    }
  return found;
};

/** Every duty of the counties, and of the cities among `cities`, with the days for which it is the rule; counties of one rule together. */
export const listDutiesInForce = (
  library: Packs,
  { counties, cities, from, to }: { counties: readonly string[]; cities: readonly string[]; from: DayOf; to: DayOf },
): DutyInForce[] => {
  const byKey = new Map<string, DutyInForce>();
  for (const county of counties)
    for (const one of listForArea(library, county, from, to)) {
      if (one.rule.subject === 'city') continue;
      const key = `${one.pack.id} ${one.pack.version} ${one.rule.id} ${one.rule.from ?? ''} ${one.fromOn} ${one.toOn}`;
      const before = byKey.get(key);
      byKey.set(key, { ...one, city: null, counties: [...(before?.counties ?? []), county] });
    }
  const ofCities = cities.flatMap((city) =>
    listForArea(library, city, from, to)
      .filter(({ rule }) => rule.subject === 'city')
      .map((one): DutyInForce => ({ ...one, city, counties: [`${city}00`] })),
  );
  return [...byKey.values(), ...ofCities];
};

const levelOfScope: Readonly<Record<number, string>> = { 4: 'city', 6: 'county', 9: 'town' };

/** Whether a duty is the actor's own to do: their organisation's, or that of their role at their level. */
export const isMine = ({ role, level }: DutyRule['responsible'], actor: Pick<Actor, 'role' | 'scope'>): boolean =>
  level === 'organisation'
    ? reachOf(actor) === 'organisation'
    : role === actor.role && level === levelOfScope[actor.scope.length];

const roleNames: Partial<Record<Role, string>> = {
  civilAffairs: '民政部门',
  health: '卫生健康部门',
  federation: '残联',
  finance: '财政部门',
  publicSecurity: '公安机关',
  hospital: '医疗机构',
  centre: '康复指导中心',
  site: '服务站点',
  village: '村（社区）',
};
const digitsOf = { city: 4, county: 6, town: 9, organisation: 9 } as const;

/** 巴州区民政部门; an organisation that is not known yet goes by its kind. */
export const nameOfResponsible = ({ role, level }: DutyRule['responsible'], area: string): string =>
  `${nameOfDivision(area.slice(0, digitsOf[level]))}${roleNames[role] ?? ''}`;

/** Most days of one span: the instances of each day are worked out when they are asked for. */
const mostDays = 400;

/** Refuses (`spanWrong`) a span that ends before it begins or is longer than a year, and (`inFuture`) a day asked that has not come. */
export const checkSpan = ({ from, to, on, today }: Record<'from' | 'to' | 'on' | 'today', DayOf>): void => {
  if (to < from || daysBetween(from, to) > mostDays)
    throw new Refusal('spanWrong', `起止日期有误：结束日期不能早于开始日期，最长 ${mostDays} 天。`, {
      kind: 'input',
      fields: { to: '请核对起止日期' },
    });
  if (on > today)
    throw new Refusal('inFuture', `日期 ${on} 晚于今天（${today}）。`, {
      kind: 'input',
      fields: { on: '不能晚于今天' },
    });
};

const to = (path: string, search: Record<string, string> = {}): WorkLink => ({ path, search });

/** Where one click leads to doing it; null where the product has no page for it. */
export const dutyLink = (rule: DutyRule, subject: string, person: string | null): WorkLink | null => {
  switch (rule.evidence) {
    case 'applicationDecided':
      return to(`/applications/${subject}`);
    case 'referralSent':
      return to('/referrals/new', { person: person ?? subject });
    case 'referralAnswered':
    case 'queueReviewed':
      return to(`/referrals/${subject}`);
    case 'transferOutAssessed':
      return to(`/persons/${subject}/assessments`);
    case 'followedUp':
      return to(`/persons/${subject}/visit`);
    case 'sessionAttended':
      return to(`/persons/${subject}/sessions`);
    case 'reportFiled':
      return to('/reports');
    case 'trainingHours':
      return to('/training');
    case 'meetingHeld':
      return to('/bodies');
    case 'activityHeld':
      return to('/activities');
    case 'siteInspected':
      return to(`/organisations/${subject}`);
    case 'hazardClosed':
      return to('/site-checks');
    case 'recorded':
      return rule.subject === 'site' ? to(`/organisations/${subject}`) : null;
    default:
      return null;
  }
};
