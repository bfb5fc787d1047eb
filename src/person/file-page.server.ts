// The page of a person's file, as far as the actor sees the person, and its timeline.
import { getServicePapersOf } from '../care/agreement.server.ts';
import { reachOf } from '../kernel/access.ts';
import { ageOn } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { isVoidType } from '../kernel/entry.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { resolveRules } from '../policy/resolve.ts';
import { type ClockDuty, clocksOf, type DutyClock } from '../referral/clock.ts';
import { classesOf, FieldClass } from './field-class.ts';
import { endStages } from './file.ts';
import {
  type EpisodeRow,
  findStepDays,
  findWaiting,
  listEntries,
  listEpisodes,
  listLinked,
  listPlacements,
} from './file-page.sql.ts';
import { type Episode, groupFacts, type MaskedIdentity } from './file-page.ts';
import { maskName, maskNumber, maskPhone } from './identity.ts';
import { decideNextStep } from './next-step.ts';
import type { personApi } from './people.api.ts';
import { findPerson, listFacts, type PersonRow } from './person.sql.ts';
import { listProcessSteps, type ProcessSteps } from './process-step.ts';
import { getNewestScreening } from './screening.server.ts';
import { recordedFor } from './screening.ts';
import { checkFullSight, getSharingEnd, getSight, refuseUnseen } from './sight.server.ts';
import { findClosure } from './sight.sql.ts';
import { describeEntry } from './timeline.ts';

const getPerson = async (tx: Tx, id: string): Promise<PersonRow> => {
  const person = await findPerson(tx, id);
  if (!person) throw await refuseUnseen(tx, id);
  return person;
};

const masked = (text: string | null, mask: (text: string) => string): string | null =>
  text === null ? null : mask(text);

const maskIdentity = (person: PersonRow, today: string, full: boolean): MaskedIdentity => ({
  name: maskName(person.name),
  sex: person.sex,
  birthDate: full ? person.birthDate : null,
  age: person.birthDate === null ? null : ageOn(person.birthDate, today),
  idNumber: full ? masked(person.idNumber, maskNumber) : null,
  certificateNumber: full ? masked(person.certificateNumber, maskNumber) : null,
  phone: full ? masked(person.phone, maskPhone) : null,
  hasAddress: full && person.address !== null,
  town: person.town,
  village: full ? person.village : null,
  householdDivision: full ? person.householdDivision : null,
  guardian:
    full && person.guardian
      ? { name: maskName(person.guardian.name), relation: person.guardian.relation ?? null }
      : null,
  listedOn: person.listedOn,
});

const viewEpisode = ({ site, siteName, ...episode }: EpisodeRow): Episode => ({
  ...episode,
  site: site === null ? null : { id: site, name: siteName ?? '' },
});

/** The duty that runs at a stage, and the day its clock started. */
const runningDuty = (file: EpisodeRow): { duty: ClockDuty; startOn: string | null } | undefined =>
  ({
    applied: { duty: 'registrationCheck' as const, startOn: file.appliedOn },
    // After a referral came back the clock of the next one starts then.
    registered: { duty: 'referralDispatch' as const, startOn: file.stageOn },
    referred: { duty: 'referralReceipt' as const, startOn: file.referredOn },
    queued: { duty: 'queueReview' as const, startOn: file.queuedOn },
  })[file.stage as string];

const clockOf = (ctx: Ctx, person: PersonRow, file: EpisodeRow): DutyClock | null => {
  const running = runningDuty(file);
  if (!running?.startOn) return null;
  return clocksOf(ctx.packs, running.duty, ctx.today)(person.town ?? person.county, running.startOn);
};

const getProcess = async (tx: Tx, ctx: Ctx, person: PersonRow, file: EpisodeRow): Promise<ProcessSteps | null> => {
  if (file.registeredOn === null) return null;
  const rules = resolveRules(ctx.packs, person.town ?? person.county, ctx.today);
  const days = await findStepDays(tx, person.county, person.id, file.registeredOn);
  const { baseline, process, ...others } = days;
  const assessed = classesOf(ctx.actor).has('assessment') ? { baseline, process } : {};
  return listProcessSteps(rules, {
    ...others,
    ...assessed,
    registration: file.registeredOn,
    transferIn: file.acceptedOn,
  });
};

export const getFilePage: Handlers<typeof personApi>['file'] = async (tx, ctx, input) => {
  const person = await getPerson(tx, input.person);
  const { county, id } = person;
  const [file, ...earlier] = await listEpisodes(tx, county, id);
  if (!file) throw new Error(`person ${id} has no file`);
  const closure = await findClosure(tx, county, id);
  // Who it was and where the file ended: all else is closed.
  const level = closure === null ? await getSight(tx, ctx.actor, person) : 'minimum';
  const full = level === 'full';
  const papers = await getServicePapersOf(tx, county, id, ctx.today);
  const screening = (await getNewestScreening(tx, county, [id])).get(id) ?? null;
  const waits = ['applied', 'referred', 'queued'].includes(file.stage);
  const reads = classesOf(ctx.actor);
  const linked = full ? await listLinked(tx, county, id) : [];
  const endedOn = endStages.has(file.stage)
    ? null
    : await getSharingEnd(tx, { county, person: id, registeredOn: file.registeredOn }, ctx.today);
  const standing = { stage: file.stage, outcome: screening?.outcome ?? null, papers, ended: endedOn !== null };
  return {
    id,
    county,
    level,
    closure,
    identity: maskIdentity(person, ctx.today, full),
    linkedTo: person.linkedTo,
    linked: linked.map((one) => ({ ...one, name: maskName(one.name), idNumber: masked(one.idNumber, maskNumber) })),
    file: viewEpisode(file),
    earlier: full ? earlier.map(viewEpisode) : [],
    endedOn,
    next:
      person.linkedTo || closure || reachOf(ctx.actor) === 'figures' ? null : decideNextStep(standing, ctx.actor.role),
    waiting: waits ? await findWaiting(tx, county, id, file.stage) : null,
    clock: clockOf(ctx, person, file),
    facts: full ? groupFacts(await listFacts(tx, county, id), ctx.actor) : [],
    screening: full ? recordedFor(ctx.actor, screening) : null,
    withheld: FieldClass.options.filter((one) => !reads.has(one)),
    process: full ? await getProcess(tx, ctx, person, file) : null,
    placements: full ? await listPlacements(tx, county, id) : [],
  };
};

export const listTimeline: Handlers<typeof personApi>['timeline'] = async (tx, ctx, input) => {
  const person = await getPerson(tx, input.person);
  await checkFullSight(tx, ctx.actor, person);
  const reads = classesOf(ctx.actor);
  const { rows, total } = await listEntries(tx, person.county, {
    person: person.id,
    page: input.page,
    pageSize: input.pageSize,
  });
  return {
    total,
    rows: rows.map(({ body, replacedBy, own, ...row }) => ({
      ...row,
      summary: ctx.journal.types.get(row.type)?.summary ?? row.type,
      status: replacedBy === null ? 'standing' : isVoidType(replacedBy) ? 'voided' : 'corrected',
      linked: !own,
      detail: describeEntry(row.type, body, reads),
    })),
  };
};
