// Handlers for applications: at the counter, by the public, the worklist and the review.
import { uuidv7 } from 'uuidv7';
import { countyOf } from '../kernel/access.ts';
import { ageOn, compareDays } from '../kernel/calendar.ts';
import { type Tx, withCountyReach } from '../kernel/database.ts';
import { personSubject } from '../kernel/entry.ts';
import { checkNotBefore, Refusal } from '../kernel/refusal.ts';
import { listTowns } from '../network/division.ts';
import { classesOf } from '../person/field-class.ts';
import { getMovable, holdPerson } from '../person/file.server.ts';
import type { File } from '../person/file.ts';
import { maskName, maskNumber, maskPhone, readIdNumber } from '../person/identity.ts';
import { checkBornBy, personLinked, personListed, personRevealed } from '../person/person.ts';
import { getNewestScreening } from '../person/screening.server.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import type { applicationApi } from './application.api.ts';
import {
  type ApplicationListRow,
  type CaseRow,
  findApplication,
  findCase,
  listApplications,
  listCandidates,
} from './application.sql.ts';
import {
  type Application,
  applicationReviewed,
  applicationSubmitted,
  checkReview,
  type NewestScreening,
  readScreening,
  receiptNumber,
  willingnessFacts,
} from './application.ts';
import { clocksOf } from './clock.ts';

const notFound = (): Refusal => new Refusal('notFound', '没有找到这份申请，或不在您的管辖范围内。', { kind: 'absent' });

const getOpenApplication = async (tx: Tx, id: string): Promise<Application> => {
  const seen = await findApplication(tx, id);
  if (seen) await holdPerson(tx, seen.person);
  const found = await findApplication(tx, id);
  if (!found) throw notFound();
  if (found.decision)
    throw new Refusal('alreadyDecided', `这份申请已于 ${found.decidedOn} 办结。`, { kind: 'conflict' });
  return found;
};

interface EpisodeStart {
  readonly episode: number;
  readonly appliedOn: string | null;
  readonly listedOn: string;
}

const findScreening = async (
  tx: Tx,
  { county, person }: Pick<Application, 'county' | 'person'>,
  { episode, appliedOn, listedOn }: EpisodeStart,
): Promise<NewestScreening | undefined> => {
  const newest = (await getNewestScreening(tx, county, [person])).get(person);
  return readScreening(newest, episode > 1 ? (appliedOn ?? listedOn) : listedOn);
};

const rowOf = (ctx: Ctx, clocks: ReturnType<typeof clocksOf>, row: ApplicationListRow) => ({
  application: row.id,
  receiptNumber: receiptNumber(row),
  person: row.person,
  name: maskName(row.name),
  sex: row.sex,
  age: row.birthDate ? ageOn(row.birthDate, ctx.today) : null,
  town: row.town,
  route: row.route,
  receivedOn: row.receivedOn,
  decision: row.decision,
  decidedOn: row.decidedOn,
  screening: row.screening,
  clock: row.decision ? null : clocks(row.county, row.receivedOn),
});

const candidatesOf = async (tx: Tx, ctx: Ctx, found: CaseRow) => {
  const same = (a: string | null, b: string | null): boolean => a !== null && a === b;
  const rows = await listCandidates(tx, found.county, { ...found, id: found.person });
  return rows.map((row) => ({
    person: row.id,
    name: maskName(row.name),
    sex: row.sex,
    age: row.birthDate ? ageOn(row.birthDate, ctx.today) : null,
    town: row.town,
    idNumber: row.idNumber && maskNumber(row.idNumber),
    stage: row.stage,
    because: [
      ...(same(row.idNumber, found.idNumber) ? (['idNumber'] as const) : []),
      ...(same(row.certificateNumber, found.certificateNumber) ? (['certificateNumber'] as const) : []),
      ...(row.name === found.name && same(row.birthDate, found.birthDate) ? (['nameAndBirth'] as const) : []),
      ...(row.name === found.name && same(row.town, found.town) ? (['nameAndTown'] as const) : []),
    ],
  }));
};

const viewOf = async (tx: Tx, ctx: Ctx, id: string) => {
  const found = await findCase(tx, id);
  if (!found) throw notFound();
  const screening = await findScreening(tx, found, found);
  const reviews = ctx.actor.role === 'civilAffairs' && found.decision === null;
  return {
    ...rowOf(ctx, clocksOf(ctx.packs, 'registrationCheck', ctx.today), {
      ...found,
      screening: screening?.outcome ?? null,
    }),
    idNumber: found.idNumber && maskNumber(found.idNumber),
    birthDate: found.birthDate,
    stage: found.stage,
    linkedTo: found.linkedTo,
    applicant: maskName(found.applicant),
    relation: found.relation,
    phone: found.phone && maskPhone(found.phone),
    needs: found.needs,
    clientWilling: found.clientWilling,
    guardianWilling: found.guardianWilling,
    reason: found.reason,
    newestScreening: screening
      ? {
          ...screening,
          open: classesOf(ctx.actor).has('diagnosis') ? [...screening.open] : [],
          clause: [...screening.clause],
        }
      : null,
    candidates: reviews ? await candidatesOf(tx, ctx, found) : [],
  };
};

const contact: Handlers<typeof applicationApi>['contact'] = async (tx, ctx, { application, purpose }) => {
  const found = await findCase(tx, application);
  if (!found) throw notFound();
  const { county, person, name, applicant, phone } = found;
  const base = { id: uuidv7(), county, on: ctx.today, subjects: [personSubject(person)] };
  await ctx.journal.append(tx, ctx, [personRevealed.draft({ ...base, body: { purpose } })]);
  return { person, name, applicant, phone };
};

const apply: Handlers<typeof applicationApi>['apply'] = async (tx, ctx, input) => {
  const { id, identity, informed: _, ...said } = input;
  const county = countyOf(identity.town);
  if (!listTowns(county).some(({ code }) => code === identity.town))
    throw new Refusal('townUnknown', '没有这个乡镇（街道）。', {
      kind: 'input',
      fields: { 'identity.town': '请重新选择' },
    });
  const read = identity.idNumber === undefined ? undefined : readIdNumber(identity.idNumber);
  if (read && !read.ok)
    throw new Refusal('idNumberInvalid', `证件号码有误：${read.reason}`, {
      kind: 'input',
      fields: { 'identity.idNumber': read.reason },
    });
  const person = uuidv7();
  const base = { county, on: ctx.today, subjects: [personSubject(person)] };
  const known = read?.document;
  const listed = {
    ...identity,
    ...(known && { idNumber: known.number, idKind: known.kind }),
    ...(known?.birthDate && { birthDate: known.birthDate }),
  };
  checkBornBy(listed.birthDate, ctx.today);
  const facts = willingnessFacts(said, ctx.today);
  const drafts = [
    personListed.draft({ ...base, id: uuidv7(), body: { identity: listed, facts: [] } }),
    applicationSubmitted.draft({ ...base, id, body: { ...said, town: identity.town, facts } }),
  ];
  // The public writes what it may not read.
  await withCountyReach(tx, () => ctx.journal.append(tx, ctx, drafts));
  const dueOn = clocksOf(ctx.packs, 'registrationCheck', ctx.today)(county, ctx.today)?.dueOn ?? null;
  return { receiptNumber: receiptNumber({ county, id, receivedOn: ctx.today }), receivedOn: ctx.today, dueOn };
};

/**
 * The same human is already on record: the application goes on under that record with its first day, so that its clock runs on, and
 * the record made for it is linked.
 */
const reassign: Handlers<typeof applicationApi>['reassign'] = async (tx, ctx, { id, application, person, reason }) => {
  const open = await getOpenApplication(tx, application);
  if (open.person === person)
    throw new Refusal('samePerson', '申请已在这份档案中。', {
      kind: 'conflict',
      fields: { person: '请选择另一份档案' },
    });
  const target = await getMovable(tx, person, 'application.submit');
  if (target.file.county !== open.county)
    throw new Refusal('otherCounty', '只能转到同一县（区）的档案。', { fields: { person: '不在同一县（区）' } });
  const standing = await ctx.journal.findStanding(tx, open.county, application);
  if (!standing || !applicationSubmitted.is(standing)) throw notFound();
  const { town: _, ...said } = standing.body;
  const late = compareDays(target.file.stageOn, open.receivedOn) > 0;
  const on = late ? target.file.stageOn : open.receivedOn;
  const base = { county: open.county };
  const other = [personSubject(open.person)];
  await ctx.journal.append(tx, ctx, [
    applicationSubmitted.draft({ ...base, id, on, subjects: [personSubject(person)], body: said }),
    applicationReviewed.draft({
      ...base,
      id: uuidv7(),
      on: ctx.today,
      subjects: other,
      body: { application, decision: 'returned', reason: `转到已有档案：${reason}` },
    }),
    personLinked.draft({
      ...base,
      id: uuidv7(),
      on: ctx.today,
      subjects: [personSubject(person), ...other],
      body: { person, other: open.person, reason },
    }),
  ]);
  return { application: id };
};

const stepBefore = (file: File): string => (file.stage === 'listed' && file.episode === 1 ? '建档' : '上一环节');

export const applicationHandlers: Handlers<typeof applicationApi> = {
  submit: async (tx, ctx, { id, person, on, ...said }) => {
    const { file } = await getMovable(tx, person, 'application.submit');
    checkNotBefore(on, file.stageOn, stepBefore(file));
    const { county } = file;
    const body = { ...said, facts: willingnessFacts(said, on) };
    await ctx.journal.append(tx, ctx, [
      applicationSubmitted.draft({ id, county, on, subjects: [personSubject(person)], body }),
    ]);
    return { application: id, receiptNumber: receiptNumber({ county, id, receivedOn: on }) };
  },
  apply,
  list: async (tx, ctx, { area = ctx.actor.scope, status, search, page, pageSize }) => {
    const query = { area, open: status === 'open', search, limit: pageSize, offset: (page - 1) * pageSize };
    const { rows, total } = await listApplications(tx, query);
    const clocks = clocksOf(ctx.packs, 'registrationCheck', ctx.today);
    return { rows: rows.map((row) => rowOf(ctx, clocks, row)), total };
  },
  get: (tx, ctx, { application }) => viewOf(tx, ctx, application),
  review: async (tx, ctx, { id, application, on, decision, reason }) => {
    const open = await getOpenApplication(tx, application);
    const { person, file } = await getMovable(tx, open.person, 'application.review');
    checkNotBefore(on, open.receivedOn, '收到申请');
    checkReview(decision, reason, await findScreening(tx, open, { ...file, listedOn: person.listedOn }));
    const body = { application, decision, ...(reason ? { reason } : {}) };
    const subjects = [personSubject(open.person)];
    await ctx.journal.append(tx, ctx, [applicationReviewed.draft({ id, county: open.county, on, subjects, body })]);
    return {};
  },
  contact,
  reassign,
};
