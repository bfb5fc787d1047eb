// Duties as screens, the API, the calendar feed and the command line show them; and which rule holds for which due day in which county.
import { z } from 'zod';
import { type Actor, Role, reachOf } from '../kernel/access.ts';
import { addDays, compareDays, type Day as DayOf, daysBetween } from '../kernel/calendar.ts';
import { Day } from '../kernel/contract.ts';
import { Refusal } from '../kernel/refusal.ts';
import { nameOfDivision } from '../network/division.ts';
import type { DutySubject } from '../policy/duty.ts';
import { type Days, listOwed, longestClock, type OwedSpan } from '../policy/duty-history.ts';
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

/** A rule with what is owed by it: what falls due from `fromOn` to `toOn` in these counties, or once for the city. */
export interface DutyInForce extends ResolvedRule<DutyRule>, Days {
  readonly counties: readonly string[];
  /** Set for duties that a city owes once. */
  readonly city: string | null;
  /** Of clocks: the days on which they started. */
  readonly starts?: Days;
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

type Owed = ResolvedRule<DutyRule> & Days & { readonly starts?: Days };
/** One text by the stretches in which its document is in its period, and past it. */
type Held = Owed & { readonly parts: readonly Owed[] };

const follows = (before: Owed, { rule, starts, fromOn }: Owed): boolean =>
  before.rule === rule && before.starts?.fromOn === starts?.fromOn && addDays(before.toOn, 1) === fromOn;

/** Neighbours of one text together. */
const joinNeighbours = <T extends Owed>(list: readonly T[], join: (before: T, one: T) => T | undefined): T[] => {
  const joined: T[] = [];
  for (const one of list) {
    const at = joined.findLastIndex((other) => follows(other, one));
    const before = joined[at];
    const both = before && join(before, one);
    if (both === undefined) joined.push(one);
    else joined[at] = both;
  }
  return joined;
};

const joinHeld = (before: Held, one: Held): Held => ({
  ...before,
  toOn: one.toOn,
  parts: [...before.parts, ...one.parts],
});
const joinOwed = (before: Owed, one: Owed): Owed | undefined =>
  before.pack.lapsed === one.pack.lapsed ? { ...before, toOn: one.toOn } : undefined;

/** Clocks that started so long before a span may fall due in it. */
const lookBack = ({ packs, adoptions = [] }: Packs): number =>
  Math.max(
    0,
    ...[...packs.values(), ...adoptions.flatMap(({ pack }) => pack ?? [])].flatMap(({ rules }) =>
      rules.map((rule) => (rule.kind === 'duty' ? longestClock(rule.cadence) : 0)),
    ),
  );

const within = (a: Days, b: Days): Days => ({
  fromOn: compareDays(a.fromOn, b.fromOn) > 0 ? a.fromOn : b.fromOn,
  toOn: compareDays(a.toOn, b.toOn) < 0 ? a.toOn : b.toOn,
});

/** What one text asks on the due days of a stretch, marked as past its period where it was by then. */
const shareOf = ({ span, at, starts, fromOn, toOn }: OwedSpan<Held>): Owed[] => {
  const { parts: _, ...text } = span;
  const whole = { ...text, fromOn, toOn, ...(starts && { starts }) };
  if (span.rule !== at.rule) return [whole];
  return at.parts
    .filter((part) => part.fromOn <= toOn && fromOn <= part.toOn)
    .map((part) => ({ ...whole, ...within(part, { fromOn, toOn }), pack: part.pack }));
};

/** The duties of one area with what is owed by each of their texts. */
const listForArea = (library: Packs, area: string, { from, to, back }: { from: DayOf; to: DayOf; back: number }) => {
  const held = stretchesOf(library, area, { from: addDays(from, -back), to }).flatMap((days) =>
    listRules(resolveRules(library, area, days.fromOn), 'duty').map((one): Held => {
      const part = { ...one, ...days };
      return { ...part, parts: [part] };
    }),
  );
  const byDuty = Map.groupBy(joinNeighbours(held, joinHeld), ({ rule }) => rule.id);
  const owed = [...byDuty.values()]
    .flatMap(listOwed<Held>)
    .flatMap(shareOf)
    .filter(({ toOn }) => from <= toOn)
    .map((one) => ({ ...one, fromOn: one.fromOn < from ? from : one.fromOn }));
  return joinNeighbours(owed, joinOwed);
};

/** Every duty of the counties, and of the cities among `cities`, with the days for which it is the rule; counties of one rule together. */
export const listDutiesInForce = (
  library: Packs,
  { counties, cities, from, to }: { counties: readonly string[]; cities: readonly string[]; from: DayOf; to: DayOf },
): DutyInForce[] => {
  const byKey = new Map<string, DutyInForce>();
  const asked = { from, to, back: lookBack(library) };
  for (const county of counties)
    for (const one of listForArea(library, county, asked)) {
      const { pack, rule, fromOn, toOn, starts } = one;
      if (rule.subject === 'city') continue;
      const days = [rule.from, fromOn, toOn, starts?.fromOn, starts?.toOn];
      const key = `${pack.id} ${pack.version} ${rule.id} ${days.join(' ')}`;
      const before = byKey.get(key);
      byKey.set(key, { ...one, city: null, counties: [...(before?.counties ?? []), county] });
    }
  const ofCities = cities.flatMap((city) =>
    listForArea(library, city, asked)
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
