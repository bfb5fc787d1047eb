// Handlers of assessments: load, decide, append; and what other slices ask about a person's assessments.
import { ageOn } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { correctType, type EntryDraft, type EntryFinding, personSubject, voidType } from '../kernel/entry.ts';
import type { StandingEntry } from '../kernel/projection.ts';
import { Refusal } from '../kernel/refusal.ts';
import { checkClass } from '../person/field-class.ts';
import { getMovable, getPersonAndFile, type PersonAndFile } from '../person/file.server.ts';
import { maskName } from '../person/identity.ts';
import { checkFullSight } from '../person/sight.server.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { findRule, resolveRules } from '../policy/resolve.ts';
import type { assessmentApi, instrumentApi, teamApi } from './assessment.api.ts';
import { findAssessment, findBaseline, getStaff, listAssessments, listTeamAssessments } from './assessment.sql.ts';
import {
  type AnsweredInstrument,
  type AssessmentKind,
  type AssessmentView,
  type Assessor,
  assessmentRecorded,
  checkOrder,
  decideAssessor,
  decideTeam,
  decideTopics,
  riskFacts,
  scoreResults,
  type TeamMember,
  teamAssessed,
} from './assessment.ts';
import { type Needs, needsByDomain } from './instrument.ts';
import { getInstruments } from './instrument-library.ts';

const checkNotBefore = (on: string, start: string | null, what: string, cites: readonly string[]): void => {
  if (start !== null && on < start)
    throw new Refusal('beforeStart', `日期 ${on} 早于${what}（${start}），不能登记。`, {
      fields: { on: `不能早于 ${start}` },
      cites,
    });
};

/** Rules of the place that a person's file belongs to, as of a day. */
const standardOf = (ctx: Ctx, { file }: PersonAndFile, on: string, id: string) =>
  findRule(resolveRules(ctx.packs, file.town ?? file.county, on), 'standard', id);

const teamRuleOf = (ctx: Ctx, found: PersonAndFile) => {
  const rule = standardOf(ctx, found, ctx.today, 'teamDisciplines');
  if (!rule || !('list' in rule.rule.standard)) return null;
  const { standard, clause } = rule.rule;
  return {
    disciplines: standard.items.map(({ text }) => text),
    clause: [...clause],
    endedOn: rule.pack.endedOn ?? null,
  };
};

/** Name and discipline of a member on the staff are those of the record, whatever was typed. */
const namedMembers = (members: readonly TeamMember[], staff: ReadonlyMap<string, Assessor>): TeamMember[] =>
  members.map((member, i) => {
    if (!member.staff) return member;
    const known = staff.get(member.staff);
    if (!known)
      throw new Refusal('memberUnknown', `${member.name}当天不在工作人员名册中。`, {
        fields: { [`members.${i}.staff`]: '当天不在名册中' },
        cites: ['BZ-11'],
      });
    return { staff: known.id, name: known.name, discipline: known.discipline };
  });

interface Content {
  readonly on: string;
  readonly staff?: string | undefined;
  readonly assessor: string;
  readonly results: readonly AnsweredInstrument[];
  readonly risk?: number | undefined;
  readonly note?: string | undefined;
}

/** Scores and checks what an assessment says; the body and findings of its entry. */
const decideContent = async (tx: Tx, ctx: Ctx, found: PersonAndFile, kind: AssessmentKind, input: Content) => {
  const assessor = input.staff
    ? (await getStaff(tx, found.file.county, [input.staff], input.on)).get(input.staff)
    : undefined;
  const results = scoreResults(input.results, getInstruments().find);
  const findings: EntryFinding[] = [
    ...decideAssessor(assessor, input.on, standardOf(ctx, found, input.on, 'assessorTraining')),
    ...(kind === 'transferOut' ? decideTopics(results, standardOf(ctx, found, input.on, 'transferOutTopics')) : []),
  ];
  const body = {
    kind,
    assessor: assessor?.name ?? input.assessor,
    ...(assessor ? { staff: assessor.id } : {}),
    results,
    ...(input.risk === undefined ? {} : { risk: input.risk }),
    ...(input.note ? { note: input.note } : {}),
    facts: riskFacts(input.on, input.risk),
  };
  return { body, findings };
};

const viewOf = (id: string, person: string, { on, body }: Pick<EntryDraft, 'on' | 'body'>): AssessmentView => {
  const { kind, assessor, results, risk, note } = assessmentRecorded.body.parse(body);
  return { id, person, kind, on, assessor, results, risk: risk ?? null, note: note ?? null };
};

/** The standing assessment under an id, seen by the actor and recorded by the actor's own organisation. */
const getOwn = async (tx: Tx, ctx: Ctx, id: string): Promise<{ standing: StandingEntry; person: string }> => {
  const row = await findAssessment(tx, id);
  const standing = row && (await ctx.journal.findStanding(tx, row.county, id));
  if (!row || !standing) throw new Refusal('notFound', '没有找到这次评估，可能已作废。', { kind: 'absent' });
  if (ctx.actor.role !== 'machine' && standing.organisation !== ctx.actor.organisation)
    throw new Refusal('notOwn', '只有登记这次评估的机构可以更正或作废。', { kind: 'access' });
  return { standing, person: row.person };
};

/** How much help a person needs in each domain, by the last assessment until a day that asks about it; a domain never asked is absent. */
export const getNeeds = async (tx: Tx, county: string, person: string, on: string): Promise<Needs> => {
  const needs: Needs = {};
  for (const { results } of (await listAssessments(tx, county, person)).filter((assessment) => assessment.on <= on))
    for (const { instrument, version, answers } of results) {
      const known = getInstruments().find(instrument, version);
      if (known) Object.assign(needs, needsByDomain(known, answers));
    }
  return needs;
};

export const instrumentHandlers: Handlers<typeof instrumentApi> = {
  list: async () => [...getInstruments().current],
};

export const teamHandlers: Handlers<typeof teamApi> = {
  assess: async (tx, ctx, input) => {
    const found = await getMovable(tx, input.person, 'team.assess');
    checkNotBefore(input.on, found.file.registeredOn, '登记日期', ['BZ-11']);
    const ids = input.members.flatMap((member) => member.staff ?? []);
    const members = namedMembers(input.members, await getStaff(tx, found.file.county, ids, input.on));
    const findings = decideTeam(members, standardOf(ctx, found, input.on, 'teamDisciplines'));
    const { id, on, opinion, suitable, domains } = input;
    const body = { members, opinion, suitable, domains };
    await ctx.journal.append(tx, ctx, [
      teamAssessed.draft({
        id,
        county: found.file.county,
        on,
        subjects: [personSubject(input.person)],
        body,
        findings,
      }),
    ]);
    return { id };
  },
};

export const assessmentHandlers: Handlers<typeof assessmentApi> = {
  record: async (tx, ctx, input) => {
    const found = await getMovable(tx, input.person, 'assessment.record');
    checkNotBefore(input.on, found.file.acceptedOn, '机构接收此人的日期', ['QS-08']);
    checkOrder(input.kind, input.on, (await findBaseline(tx, found.file, ctx.today))?.on ?? null);
    const { body, findings } = await decideContent(tx, ctx, found, input.kind, input);
    const draft = assessmentRecorded.draft({
      id: input.id,
      county: found.file.county,
      on: input.on,
      subjects: [personSubject(input.person)],
      body,
      findings,
    });
    await ctx.journal.append(tx, ctx, [draft]);
    return viewOf(input.id, input.person, draft);
  },

  correct: async (tx, ctx, input) => {
    const { standing, person } = await getOwn(tx, ctx, input.assessment);
    const found = await getPersonAndFile(tx, person);
    const { acceptedOn } = found.file;
    // A correction of an earlier episode's assessment stays before this one's start.
    const ofThisEpisode = acceptedOn !== null && standing.on >= acceptedOn;
    checkNotBefore(input.on, ofThisEpisode ? acceptedOn : found.person.listedOn, '它所跟随的步骤', ['QS-08']);
    const { kind } = assessmentRecorded.body.parse(standing.body);
    const { body, findings } = await decideContent(tx, ctx, found, kind, input);
    const { id, on } = input;
    const { county, subjects, source } = standing;
    const draft = assessmentRecorded.draft({ id, county, on, subjects, body, findings, replaces: source });
    await ctx.journal.append(tx, ctx, [{ ...draft, type: correctType(assessmentRecorded.type) }]);
    return viewOf(standing.id, person, draft);
  },

  void: async (tx, ctx, input) => {
    const { standing } = await getOwn(tx, ctx, input.assessment);
    const { county, subjects, source } = standing;
    const { id, reason } = input;
    await ctx.journal.append(tx, ctx, [
      {
        id,
        county,
        subjects,
        type: voidType(assessmentRecorded.type),
        on: ctx.today,
        body: { reason },
        replaces: source,
      },
    ]);
    return { id };
  },

  get: async (tx, ctx, input) => {
    checkClass(ctx.actor, 'assessment');
    const row = await findAssessment(tx, input.assessment);
    if (!row) throw new Refusal('notFound', '没有找到这次评估，可能已作废。', { kind: 'absent' });
    const { county, ...view } = row;
    const { person } = await getPersonAndFile(tx, view.person);
    const { find } = getInstruments();
    const instruments = view.results.flatMap(({ instrument, version }) => find(instrument, version) ?? []);
    return { ...view, name: maskName(person.name), instruments };
  },

  list: async (tx, ctx, input) => {
    const { person, file } = await getPersonAndFile(tx, input.person);
    await checkFullSight(tx, ctx.actor, person);
    checkClass(ctx.actor, 'assessment');
    const assessments = await listAssessments(tx, file.county, person.id);
    return {
      name: maskName(person.name),
      age: person.birthDate === null ? null : ageOn(person.birthDate, ctx.today),
      stage: file.stage,
      assessments,
      team: await listTeamAssessments(tx, file.county, person.id),
      teamRule: teamRuleOf(ctx, { person, file }),
      baseline: (await findBaseline(tx, file, ctx.today))?.id ?? null,
    };
  },
};
