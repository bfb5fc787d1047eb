// Service sessions: the nine domains of training and other service, counted apart (SY-06, SY-07); what may be recorded, and what not.
import { z } from 'zod';
import { type Actor, reachOf } from '../kernel/access.ts';
import type { Day } from '../kernel/contract.ts';
import { defineEntry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { moves, nameOfStage, type Stage } from '../person/file.ts';
import { maskName } from '../person/identity.ts';
import { listRules, type ResolvedRules } from '../policy/resolve.ts';
import type { StandardList } from '../policy/standard.ts';
import careTexts from '../web/locale/zh-CN/care.json' with { type: 'json' };
import sessionTexts from '../web/locale/zh-CN/session.json' with { type: 'json' };

/** The nine domains of rehabilitation training (民政部 work standard, named in SY-06). */
export const Domain = z.enum([
  'medication',
  'relapsePrevention',
  'physical',
  'lifeSkills',
  'socialSkills',
  'vocational',
  'psychological',
  'peerSupport',
  'familySupport',
]);
export type Domain = z.infer<typeof Domain>;

/** In Chinese, for spreadsheets and the timeline: the words of the screens. */
export const domainNames: Readonly<Record<Domain, string>> = careTexts.domain;

/** SY-07: what is counted apart from standardized service, where the place's document tells them apart. */
export const OtherService = z.enum(['lecture', 'inclusion', 'familyHelp', 'peerSupport']);
export type OtherService = z.infer<typeof OtherService>;

export const otherServiceNames: Readonly<Record<OtherService, string>> = sessionTexts.service;

export const SessionKind = z.enum(['individual', 'group', 'home']);
export type SessionKind = z.infer<typeof SessionKind>;

export const kindNames: Readonly<Record<SessionKind, string>> = sessionTexts.kind;

const sessionFields = {
  organisation: z.uuid(),
  kind: SessionKind,
  domain: Domain,
  /** Standardized service (SY-06) or other service such as lectures and outings (SY-07). */
  standardized: z.boolean(),
  /** Which other service it was; the domain is then what it was about. */
  service: OtherService.optional(),
  startAt: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '应为 时：分'),
  minutes: z.int().min(5).max(480),
  leader: z.string().trim().min(1, '请填写带领人').max(40),
  staff: z.uuid().optional(),
  title: z.string().trim().max(60).optional(),
  absent: z.array(z.uuid()).max(200),
  note: z.string().max(500).optional().meta({ sealed: true }),
};

/** One session of one person or a group; its subjects are the persons who attended. A roll-call also names who was absent. */
export const sessionRecorded = defineEntry({
  type: 'session.record',
  summary: '康复服务',
  body: z.object(sessionFields),
  tally: (body) => [
    { part: body.standardized ? 'standardized' : 'other', amount: body.minutes },
    { part: body.domain, amount: body.minutes },
    ...(body.service ? [{ part: `service.${body.service}`, amount: body.minutes }] : []),
  ],
  replaceable: true,
});
export type SessionBody = z.infer<typeof sessionRecorded.body>;

export const sessionEntries = [sessionRecorded];

const findList = (rules: ResolvedRules, list: StandardList) => {
  for (const { rule } of listRules(rules, 'standard'))
    if ('list' in rule.standard && rule.standard.list === list)
      return { clause: rule.clause, items: rule.standard.items };
  return undefined;
};

/** What the place's document counts apart, and which domains it counts as standardized. */
export const findServiceRules = (rules: ResolvedRules) => ({
  others: findList(rules, 'otherServices'),
  domains: findList(rules, 'sessionDomains'),
});
export type ServiceRules = ReturnType<typeof findServiceRules>;

/** What a screen sends: the session, its day, and the roll-call. */
export const SessionInput = z.object({
  ...sessionFields,
  on: z.iso.date(),
  /** Who attended. */
  persons: z.array(z.uuid()).min(1, '请至少选择一名到场人员').max(200),
  absent: sessionFields.absent.default([]),
  /** Set after the actor has seen that somebody was elsewhere at the same time. */
  overlapConfirmed: z.boolean().optional(),
});
export type SessionInput = z.infer<typeof SessionInput>;

/** Start and end of a session in minutes of its day. */
const spanOf = (session: { startAt: string; minutes: number }): { from: number; to: number } => {
  const [hours = 0, minutes = 0] = session.startAt.split(':').map(Number);
  return { from: hours * 60 + minutes, to: hours * 60 + minutes + session.minutes };
};

/** Whether two sessions of one day share a minute; one that begins when the other ends does not. */
export const overlaps = (a: { startAt: string; minutes: number }, b: { startAt: string; minutes: number }): boolean => {
  const [first, second] = [spanOf(a), spanOf(b)];
  return first.from < second.to && second.from < first.to;
};

/** A person of the roll-call as the rules see them. `name` is as the actor may see it. */
export interface Attendee {
  readonly id: string;
  readonly name: string;
  readonly stage: Stage;
  readonly site: string | null;
  readonly acceptedOn: Day | null;
  /** Other sessions of that person on the same day. */
  readonly sameDay: readonly { readonly session: string; readonly startAt: string; readonly minutes: number }[];
  /** Day on which the consent had ended by the day of the session; null: it stands, or none was signed yet. */
  readonly consentEndedOn: Day | null;
  /** Names of the documents that the place asks for before any service and that are not valid on the day. */
  readonly papersMissing: readonly string[];
}

/** Most persons of one group: a guard against a whole register ticked by mistake, no document's number. */
const groupLimit = 60;

const naming = (attendees: readonly Attendee[]): string => attendees.map(({ name }) => name).join('、');
const refuseFor = (code: string, attendees: readonly Attendee[], message: string, cites: readonly string[] = []) =>
  new Refusal(code, message, {
    cites,
    fields: Object.fromEntries(attendees.map(({ id, name }) => [`persons.${id}`, name])),
  });

/** What the input alone decides: the day, and nobody twice, too few or too many. */
export const checkRollCall = (input: SessionInput, today: Day): void => {
  const { persons, absent, kind } = input;
  const twice = persons.length !== new Set(persons).size || persons.some((id) => absent.includes(id));
  if (twice)
    throw new Refusal('namedTwice', '同一人在名单中出现了两次，请核对到场和缺席名单。', {
      kind: 'input',
      fields: { persons: '有人重复' },
    });
  if (kind !== 'group' && persons.length + absent.length > 1)
    throw new Refusal('tooMany', '个别服务和入户服务一次只登记一人；多人一起请选“小组”。', {
      fields: { kind: '人数与服务方式不符' },
    });
  if (persons.length > groupLimit)
    throw new Refusal('tooMany', `一次小组服务最多登记 ${groupLimit} 人，现有 ${persons.length} 人，请核对名单。`, {
      fields: { persons: `最多 ${groupLimit} 人` },
    });
  if (input.on > today)
    throw new Refusal('inFuture', `服务日期 ${input.on} 晚于今天（${today}），不能登记。`, {
      fields: { on: '不能晚于今天' },
    });
};

/** Names in full for those who serve the person themselves: a roll-call of masked names would mix people up. */
export const shownName = (actor: Actor, name: string): string =>
  reachOf(actor) === 'organisation' ? name : maskName(name);

/** Refuses (`otherOrganisation`) a site or centre that acts for another one. */
export const checkOwnOrganisation = (actor: Actor, organisation: string): void => {
  if (reachOf(actor) === 'organisation' && actor.organisation !== organisation)
    throw new Refusal('otherOrganisation', '只能办理本机构的服务记录。', {
      kind: 'access',
      fields: { organisation: '不是本机构' },
    });
};

/** A session as it stood before a correction: what was right then is not asked again. */
export interface SessionBefore {
  readonly on: Day;
  readonly attended: ReadonlySet<string>;
  readonly absent: ReadonlySet<string>;
}

const checkPlace = (input: SessionInput, named: readonly Attendee[]): void => {
  const elsewhere = named.filter(({ site }) => site !== input.organisation);
  if (elsewhere.length)
    throw refuseFor('notAtSite', elsewhere, `${naming(elsewhere)}不在该机构接受服务，不能登记。请先办理转介和接收。`, [
      'BZ-12',
    ]);
};

const checkStages = (attending: readonly Attendee[]): void => {
  const { from, clauses } = moves['session.record'];
  const allowed: readonly Stage[] = from;
  const halted = attending.filter(({ stage }) => !allowed.includes(stage));
  if (halted.length)
    throw refuseFor(
      'stageNotAllowed',
      halted,
      `目前不能登记服务：${halted.map(({ name, stage }) => `${name}（${nameOfStage(stage)}）`).join('、')}。`,
      clauses,
    );
};

const checkDay = (input: SessionInput, attending: readonly Attendee[], papersClauses: readonly string[]): void => {
  const early = attending.filter(({ acceptedOn }) => acceptedOn === null || input.on < acceptedOn);
  if (early.length)
    throw refuseFor('beforeStart', early, `服务日期早于接收日期：${naming(early)}。请核对日期。`, ['BZ-12']);
  const ended = attending.filter(({ consentEndedOn }) => consentEndedOn !== null);
  if (ended.length)
    throw refuseFor(
      'consentMissing',
      ended,
      `知情同意已失效（撤回或到期），不能提供服务（《个人信息保护法》第十五条、第二十九条）：${ended
        .map(({ name, consentEndedOn }) => `${name}（${consentEndedOn} 起）`)
        .join('、')}。愿意继续的，请先在档案中重新签署知情同意书。`,
      ['BZ-14'],
    );
  const unsigned = attending.filter(({ papersMissing }) => papersMissing.length > 0);
  if (unsigned.length)
    throw refuseFor(
      'papersMissing',
      unsigned,
      `手续齐全之前不能提供服务。${input.on} 当天缺少：${unsigned
        .map(({ name, papersMissing }) => `${name}（${papersMissing.join('、')}）`)
        .join('；')}。`,
      papersClauses,
    );
};

/**
 * Refuses a session that the rules do not allow. Everyone named must be served by the organisation; who attended must be in service,
 * accepted by that day, with the papers that the place asks for (`papersClauses` cites who asks).
 */
export const checkSession = (
  input: SessionInput,
  attendees: readonly Attendee[],
  { papersClauses, before }: { papersClauses: readonly string[]; before?: SessionBefore },
): void => {
  const attending = attendees.filter(({ id }) => input.persons.includes(id));
  checkPlace(
    input,
    attendees.filter(({ id }) => !before?.attended.has(id) && !before?.absent.has(id)),
  );
  const joining = attending.filter(({ id }) => !before?.attended.has(id));
  checkStages(joining);
  checkDay(input, before?.on === input.on ? joining : attending, papersClauses);
};

/** One sentence for each person who was at another session in the same minutes; `own` is the session itself when it is corrected. */
const listOverlaps = (
  input: SessionInput,
  attendees: readonly Attendee[],
  own?: string,
): { person: string; name: string; text: string }[] =>
  attendees.flatMap(({ id, name, sameDay }) => {
    const other = sameDay.find((session) => session.session !== own && overlaps(session, input));
    if (!other || !input.persons.includes(id)) return [];
    return [
      { person: id, name, text: `${name} 当天 ${other.startAt} 起已有一次 ${other.minutes} 分钟的服务，时间重叠` },
    ];
  });

/** The warnings that go with a session; refuses (`overlap`) until the actor has confirmed them. */
export const decideOverlaps = (input: SessionInput, attendees: readonly Attendee[], own?: string): string[] => {
  const found = listOverlaps(input, attendees, own);
  if (found.length && input.overlapConfirmed !== true)
    throw new Refusal('overlap', `时间重叠：${found.map(({ text }) => text).join('；')}。确认无误后可继续保存。`, {
      kind: 'conflict',
      fields: Object.fromEntries(found.map(({ person, text }) => [`persons.${person}`, text])),
    });
  return found.map(({ text }) => text);
};

/**
 * Where the place's document tells other services apart (SY-06, SY-07), what a session counts as follows from it and not from a choice: it is
 * standardized unless it was one of those services or of a domain that the document does not name. Elsewhere whoever records it says so.
 * Refuses (`serviceUnknown`) a service that the place does not know.
 */
export const bodyOf = (input: SessionInput, rules: ServiceRules): SessionBody => {
  const body = sessionRecorded.body.parse(input);
  const { others, domains } = rules;
  if (body.service !== undefined && !others?.items.some(({ id }) => id === body.service))
    throw new Refusal('serviceUnknown', '本地文件没有单列这种服务，请选择服务项目并说明是否规范服务。', {
      fields: { service: '本地没有这种服务' },
      cites: others?.clause ?? ['SY-07'],
    });
  if (!others) return body;
  const named = domains === undefined || domains.items.some(({ id }) => id === body.domain);
  return { ...body, standardized: body.service === undefined && named };
};
