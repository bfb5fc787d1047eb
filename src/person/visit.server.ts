// Recording, correcting and voiding home visits, and reading those of one person from the journal.
import type { Actor } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import { correctType, type Entry, personSubject, subjectIds, voidType } from '../kernel/entry.ts';
import type { StandingEntry } from '../kernel/projection.ts';
import { checkNotBefore, Refusal } from '../kernel/refusal.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { decideFacts } from './fact.ts';
import { classesOf, mayReadFact } from './field-class.ts';
import { getMovable } from './file.server.ts';
import { maskName } from './identity.ts';
import { findPerson, type PersonRow } from './person.sql.ts';
import { visitRecorded } from './person.ts';
import { checkFullSight, refuseUnseen } from './sight.server.ts';
import type { visitApi } from './visit.api.ts';
import { findOrganisationNames, listVisits } from './visit.sql.ts';
import type { VisitInput } from './visit.ts';

type VisitBody = ReturnType<typeof visitRecorded.body.parse>;

const bodyOf = ({ facts, ...input }: VisitInput, ctx: Ctx): VisitBody =>
  visitRecorded.body.parse({ ...input, facts: decideFacts(facts, 'visit', ctx.today) });

/** Who recorded a visit, colleagues of theirs, and civil affairs, who answer for the census. */
const mayChange = (actor: Actor, visit: Pick<Entry, 'actor' | 'organisation'>): boolean =>
  actor.role === 'civilAffairs' ||
  visit.actor === actor.user ||
  (visit.organisation !== null && visit.organisation === actor.organisation);

const getPerson = async (tx: Tx, id: string): Promise<PersonRow> => {
  const person = await findPerson(tx, id);
  if (!person) throw await refuseUnseen(tx, id);
  return person;
};

const getReplaceable = async (
  tx: Tx,
  ctx: Ctx,
  input: { person: string; visit: string },
): Promise<{ person: PersonRow; standing: StandingEntry }> => {
  const person = await getPerson(tx, input.person);
  const standing = await ctx.journal.findStanding(tx, person.county, input.visit);
  if (standing?.type !== visitRecorded.type || !subjectIds(standing, 'person').includes(person.id))
    throw new Refusal('notFound', '没有找到这次走访记录，或已作废。', { kind: 'absent' });
  if (!mayChange(ctx.actor, standing))
    throw new Refusal('otherOrganisation', '这次走访由其他单位登记，请由该单位或民政部门更改。', { kind: 'access' });
  return { person, standing };
};

const record: Handlers<typeof visitApi>['record'] = async (tx, ctx, input) => {
  const { person } = await getMovable(tx, input.person, 'visit.record');
  await checkFullSight(tx, ctx.actor, person);
  checkNotBefore(input.on, person.listedOn, '建档');
  const base = { id: input.id, county: person.county, on: input.on, subjects: [personSubject(person.id)] };
  await ctx.journal.append(tx, ctx, [visitRecorded.draft({ ...base, body: bodyOf(input, ctx) })]);
  return { id: input.id };
};

const correct: Handlers<typeof visitApi>['correct'] = async (tx, ctx, input) => {
  const { person, standing } = await getReplaceable(tx, ctx, input);
  checkNotBefore(input.on, person.listedOn, '建档');
  const { source, county, subjects } = standing;
  const type = correctType(visitRecorded.type);
  const replacing = { id: input.id, type, county, on: input.on, subjects, replaces: source };
  await ctx.journal.append(tx, ctx, [{ ...replacing, body: bodyOf(input, ctx) }]);
  return { id: input.visit };
};

const voidVisit: Handlers<typeof visitApi>['void'] = async (tx, ctx, input) => {
  const { standing } = await getReplaceable(tx, ctx, input);
  const { source, county, subjects } = standing;
  const type = voidType(visitRecorded.type);
  const replacing = { id: input.id, type, county, on: ctx.today, subjects, replaces: source };
  await ctx.journal.append(tx, ctx, [{ ...replacing, body: { reason: input.reason } }]);
  return { id: input.visit };
};

const list: Handlers<typeof visitApi>['list'] = async (tx, ctx, input) => {
  const person = await getPerson(tx, input.person);
  await checkFullSight(tx, ctx.actor, person);
  const reads = classesOf(ctx.actor);
  const visits = await listVisits(tx, person.county, person.id);
  const names = await findOrganisationNames(
    tx,
    visits.flatMap(({ organisation }) => organisation ?? []),
  );
  return {
    name: maskName(person.name),
    rows: visits.map((visit) => {
      const { family, note, facts, aid, ...body } = visit.body as VisitBody;
      const own = visit.organisation !== null && visit.organisation === ctx.actor.organisation;
      const shown = own ? facts : facts.filter(({ kind }) => mayReadFact(ctx.actor, kind));
      return {
        ...body,
        facts: shown,
        aid: own || reads.has('benefit') ? aid : [],
        id: visit.id,
        on: visit.on,
        at: new Date(visit.at).toISOString(),
        family: family ?? null,
        note: own || reads.has('condition') ? (note ?? null) : null,
        organisation: names.get(visit.organisation ?? '') ?? null,
        corrected: visit.source !== visit.id,
        // Who does not see all of it would take away what they do not see.
        mayChange: shown.length === facts.length && mayChange(ctx.actor, visit),
      };
    }),
  };
};

export const visitHandlers: Handlers<typeof visitApi> = { record, correct, void: voidVisit, list };
