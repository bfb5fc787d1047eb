// Recording, correcting and voiding sessions, and looking at one or at a person's.
import { type Actor, countyOf, reachOf } from '../kernel/access.ts';
import { dayAt, daysBetween } from '../kernel/calendar.ts';
import { type Tx, together } from '../kernel/database.ts';
import { correctType, personSubject, subjectIds, voidType } from '../kernel/entry.ts';
import type { StandingEntry } from '../kernel/projection.ts';
import { Refusal } from '../kernel/refusal.ts';
import { getOrganisation } from '../network/organisation.server.ts';
import { maskName } from '../person/identity.ts';
import { checkFullSight, findSightEnded, refuseUnseen } from '../person/sight.server.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { resolveRules } from '../policy/resolve.ts';
import { getServicePapers } from './agreement.server.ts';
import { findPapersRule, type PapersRule } from './papers-rule.ts';
import { recorders, type sessionApi } from './session.api.ts';
import {
  type AttendeeRow,
  findAttendees,
  findCountyOfPersons,
  findCountyOfSession,
  findNames,
  listMonthsOfPerson,
  listPersonSessions,
  listSubjects,
  listVersions,
  type SessionVersion,
} from './session.sql.ts';
import {
  type Attendee,
  bodyOf,
  checkOwnOrganisation,
  checkRollCall,
  checkSession,
  decideOverlaps,
  findServiceRules,
  type SessionBody,
  type SessionInput,
  sessionRecorded,
  shownName,
} from './session.ts';
import { exportMonth, getRoster, getSiteMonth } from './site-month.server.ts';

const notFound = (message: string): Refusal => new Refusal('notFound', message, { kind: 'absent' });

/** An actor of one county acts in it; others act in the county of the persons named. */
const getCounty = async (tx: Tx, actor: Actor, persons: readonly string[]): Promise<string> => {
  const county = actor.scope.length >= 6 ? countyOf(actor.scope) : await findCountyOfPersons(tx, persons);
  if (county === undefined) throw (await findSightEnded(tx, persons)) ?? notFound('名单中的人员不在您的管辖范围内。');
  return county;
};

const serviceRules = (ctx: Ctx, county: string, on: string) => findServiceRules(resolveRules(ctx.packs, county, on));

interface RollCall {
  readonly attendees: readonly Attendee[];
  readonly rule: PapersRule | undefined;
}

/** The roll-call in the order of the input; refuses (`notFound`) when the actor does not see one of them. */
const getRollCall = async (tx: Tx, ctx: Ctx, county: string, input: SessionInput): Promise<RollCall> => {
  const ids = [...input.persons, ...input.absent];
  const rule = findPapersRule(ctx.packs, county, input.on);
  const [rows, papers] = await together(
    findAttendees(tx, county, ids, input.on),
    rule ? getServicePapers(tx, county, input.persons, input.on) : Promise.resolve(undefined),
  );
  if (rows.size < new Set(ids).size) {
    const ended = await findSightEnded(tx, ids);
    if (ended) throw ended;
  }
  const attendeeOf = (id: string): Attendee => {
    const row: AttendeeRow | undefined = rows.get(id);
    if (!row) throw notFound('名单中有人不在您的管辖范围内，或不属于同一个县（市、区）。');
    return {
      ...row,
      name: shownName(ctx.actor, row.name),
      papersMissing: rule?.listMissing(papers?.get(id)) ?? [],
    };
  };
  return { attendees: ids.map(attendeeOf), rule };
};

const record: Handlers<typeof sessionApi>['record'] = async (tx, ctx, input) => {
  checkOwnOrganisation(ctx.actor, input.organisation);
  checkRollCall(input, ctx.today);
  const county = await getCounty(tx, ctx.actor, input.persons);
  const subjects = input.persons.map(personSubject);
  const draft = sessionRecorded.draft({
    id: input.id,
    county,
    on: input.on,
    subjects,
    body: bodyOf(input, serviceRules(ctx, county, input.on)),
  });
  // Two who record the same hour for one person meet here: the second sees the session of the first.
  const [locked, { attendees, rule }] = await together(
    ctx.journal.lock(tx, draft),
    getRollCall(tx, ctx, county, input),
  );
  checkSession(input, attendees, { papersClauses: rule?.clauses ?? [] });
  const warnings = decideOverlaps(input, attendees);
  await ctx.journal.append(tx, ctx, [draft], locked);
  return { session: input.id, attended: input.persons.length, warnings };
};

/** What stands of a session whose persons the actor sees, to be replaced by the organisation that held it. */
const getReplaceable = async (tx: Tx, ctx: Ctx, session: string): Promise<StandingEntry> => {
  const { actor } = ctx;
  const county = actor.scope.length >= 6 ? countyOf(actor.scope) : await findCountyOfSession(tx, session);
  const found = county === undefined ? undefined : await ctx.journal.findStanding(tx, county, session);
  if (found?.type !== sessionRecorded.type) {
    const versions = county === undefined ? [] : await listVersions(tx, county, session);
    if (versions.at(-1)?.type === voidType(sessionRecorded.type))
      throw new Refusal('alreadyReplaced', '这次服务记录已作废。', { kind: 'conflict' });
    throw notFound('没有找到这次服务记录。');
  }
  checkOwnOrganisation(actor, (found.body as SessionBody).organisation);
  return found;
};

/** Persons whom the actor no longer sees stay in a corrected session as they were. */
const correct: Handlers<typeof sessionApi>['correct'] = async (tx, ctx, input) => {
  checkOwnOrganisation(ctx.actor, input.organisation);
  checkRollCall(input, ctx.today);
  const standing = await getReplaceable(tx, ctx, input.session);
  const { county } = standing;
  const before = subjectIds(standing, 'person');
  const seen = await findNames(tx, county, before);
  const unseen = before.filter((id) => !seen.has(id));
  const { attendees, rule } = await getRollCall(tx, ctx, county, input);
  const absent = new Set((standing.body as SessionBody).absent);
  checkSession(input, attendees, {
    papersClauses: rule?.clauses ?? [],
    before: { on: standing.on, attended: new Set(before), absent },
  });
  const warnings = decideOverlaps(input, attendees, standing.id);
  const persons = [...new Set([...input.persons, ...unseen])];
  await ctx.journal.append(tx, ctx, [
    {
      id: input.id,
      type: correctType(sessionRecorded.type),
      county,
      on: input.on,
      subjects: persons.map(personSubject),
      body: bodyOf(input, serviceRules(ctx, county, input.on)),
      replaces: standing.source,
    },
  ]);
  return { session: standing.id, attended: persons.length, warnings };
};

const voidSession: Handlers<typeof sessionApi>['void'] = async (tx, ctx, input) => {
  const standing = await getReplaceable(tx, ctx, input.session);
  await ctx.journal.append(tx, ctx, [
    {
      id: input.id,
      type: voidType(sessionRecorded.type),
      county: standing.county,
      on: ctx.today,
      subjects: standing.subjects,
      body: { reason: input.reason },
      replaces: standing.source,
    },
  ]);
  return { session: standing.id };
};

const acts: Readonly<Record<string, 'record' | 'correct' | 'void'>> = {
  [sessionRecorded.type]: 'record',
  [correctType(sessionRecorded.type)]: 'correct',
  [voidType(sessionRecorded.type)]: 'void',
};
const versionOf = ({ id, type, on, at, actor, body }: SessionVersion) => ({
  id,
  act: acts[type] ?? 'record',
  on,
  at,
  actor,
  reason: body.reason ?? null,
});

const get: Handlers<typeof sessionApi>['get'] = async (tx, ctx, { session }) => {
  const { actor } = ctx;
  const county = actor.scope.length >= 6 ? countyOf(actor.scope) : await findCountyOfSession(tx, session);
  const versions = county === undefined ? [] : await listVersions(tx, county, session);
  const first = versions[0];
  const last = versions.findLast(({ type }) => acts[type] !== 'void');
  if (county === undefined || first?.type !== sessionRecorded.type || !last) throw notFound('没有找到这次服务记录。');
  const subjects = await listSubjects(tx, county, last.id);
  const absentNames = await findNames(tx, county, last.body.absent);
  const { organisation, absent, staff, reason, ...body } = last.body;
  const persons = subjects.flatMap(({ id, name }) => (name === null ? [] : [{ id, name: shownName(actor, name) }]));
  const voided = versions.at(-1)?.id !== last.id;
  return {
    ...body,
    session,
    source: last.id,
    on: last.on,
    daysLate: daysBetween(first.on, dayAt(first.at)),
    status: voided ? 'voided' : versions.length > 1 ? 'corrected' : 'standing',
    organisation: { id: organisation, name: (await getOrganisation(tx, organisation)).name },
    persons,
    absent: [...absentNames].map(([id, name]) => ({ id, name: shownName(actor, name) })),
    unseen: subjects.length - persons.length + absent.length - absentNames.size,
    mayChange:
      !voided &&
      recorders.includes(actor.role) &&
      (reachOf(actor) !== 'organisation' || actor.organisation === organisation),
    versions: versions.map(versionOf),
  };
};

const list: Handlers<typeof sessionApi>['list'] = async (tx, ctx, { person, month, page, pageSize }) => {
  const county = await getCounty(tx, ctx.actor, [person]);
  const name = (await findNames(tx, county, [person])).get(person);
  if (name === undefined) throw await refuseUnseen(tx, person);
  await checkFullSight(tx, ctx.actor, { county, id: person });
  const { rows, total } = await listPersonSessions(tx, county, { person, month, page, pageSize });
  return {
    name: maskName(name),
    months: await listMonthsOfPerson(tx, county, person),
    total,
    rows: rows.map(({ recordedAt, ...row }) => ({ ...row, daysLate: daysBetween(row.on, dayAt(recordedAt)) })),
  };
};

export const sessionHandlers: Handlers<typeof sessionApi> = {
  record,
  correct,
  void: voidSession,
  get,
  list,
  roster: getRoster,
  month: getSiteMonth,
  exportMonth,
};
