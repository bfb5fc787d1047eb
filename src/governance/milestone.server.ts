// Handlers of dated steps: the rules of each area, the days that records and notes give, and how each stands on a day.
import { type Actor, countyOf, inScope } from '../kernel/access.ts';
import { daysBetween } from '../kernel/calendar.ts';
import type { Day } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import { voidType } from '../kernel/entry.ts';
import { asFigures } from '../kernel/figures.ts';
import { Refusal } from '../kernel/refusal.ts';
import { listCounties, listTowns, nameOfDivision } from '../network/division.ts';
import { getOrganisation } from '../network/organisation.server.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import type { MilestoneRule } from '../policy/pack.ts';
import { findRule, listRules, type ResolvedRule, type ResolvedRules, resolveRules } from '../policy/resolve.ts';
import { ProviderFunction } from '../policy/standard.ts';
import type { dutyRecordApi, milestoneApi } from './milestone.api.ts';
import {
  findRecord,
  listFiling,
  listFirstListed,
  listInstitutionStarts,
  listRecords,
  listServiceStarts,
  type StoredRecord,
} from './milestone.sql.ts';
import { checkNote, dutyRecorded, isOwedIn, type MilestoneRow, mayRecord, stateOn } from './milestone.ts';

interface OwedStep {
  readonly resolved: ResolvedRule<MilestoneRule>;
  readonly rules: ResolvedRules;
  readonly area: string;
}

/** The areas whose steps a place sees: its own and those below; a town its own alone. */
const areasOf = (area: string): string[] => {
  const counties = listCounties(area).map(({ code }) => code);
  if (area.length === 9) return [area];
  const towns = counties.flatMap((county) => listTowns(county).map(({ code }) => code));
  const cities = [...new Set(counties.map((code) => code.slice(0, 4)))];
  return [...(area.length < 6 ? cities : []), ...counties, ...towns];
};

const listOwed = (ctx: Ctx, area: string, on: Day): OwedStep[] => {
  const known = new Map<string, ResolvedRules>();
  return areasOf(area).flatMap((one) => {
    const key = countyOf(one);
    const rules = known.get(key) ?? resolveRules(ctx.packs, key, on);
    known.set(key, rules);
    return listRules(rules, 'milestone')
      .filter(({ rule }) => isOwedIn(rule, one))
      .map((resolved) => ({ resolved, rules, area: one }));
  });
};

/** What a provider of that kind must be able to do: the standard that cites the same clause. */
const functionsOf = ({ resolved, rules }: OwedStep): ProviderFunction[] => {
  const { clause } = resolved.rule;
  const found = listRules(rules, 'standard').find(
    ({ rule }) =>
      'list' in rule.standard &&
      rule.standard.list === 'providerFunctions' &&
      rule.clause.some((id) => clause.includes(id)),
  );
  if (!found || !('list' in found.rule.standard)) return [];
  return found.rule.standard.items.map(({ id }) => ProviderFunction.parse(id));
};

type DayOf = (step: OwedStep) => Day | null;
const nothing: DayOf = () => null;

const censusDays = async (tx: Tx, counties: readonly string[]): Promise<DayOf> => {
  const first = await listFirstListed(tx, counties);
  return ({ area }) => {
    const towns =
      area.length === 9 ? [area] : listCounties(area).flatMap(({ code }) => listTowns(code).map((town) => town.code));
    const days = towns.map((town) => first.get(town));
    return days.every((day) => day !== undefined) ? ((days as Day[]).sort().at(-1) ?? null) : null;
  };
};

const filingDays = async (tx: Tx, counties: readonly string[], on: Day): Promise<DayOf> => {
  const towns = await listFiling(tx, counties, on);
  return ({ area }) => {
    const own = [...towns].filter(([town]) => town.startsWith(area)).map(([, filing]) => filing);
    if (own.some(({ open }) => open > 0)) return null;
    return (
      own
        .flatMap(({ last }) => last ?? [])
        .sort()
        .at(-1) ?? null
    );
  };
};

/** The day on which business records show a step as done, for each kind of evidence that the steps ask for. Counts and days, no person. */
const readDays = async (tx: Tx, ctx: Ctx, steps: readonly OwedStep[], on: Day): Promise<DayOf> => {
  const counties = [...new Set(steps.flatMap(({ area }) => listCounties(area).map(({ code }) => code)))];
  const asked = new Set(steps.map(({ resolved }) => resolved.rule.evidence));
  const providers = steps.filter(({ resolved }) => resolved.rule.evidence === 'institutionThere');
  return asFigures(tx, ctx, async () => {
    const serving = asked.has('countyServing') ? await listServiceStarts(tx, counties) : undefined;
    const census = asked.has('censusCovered') ? await censusDays(tx, counties) : nothing;
    const filing = asked.has('filesMade') ? await filingDays(tx, counties, on) : nothing;
    const institutions = new Map<string, ReadonlyMap<string, Day>>();
    for (const step of providers) {
      const functions = functionsOf(step);
      const key = functions.join();
      if (functions.length > 0 && !institutions.has(key))
        institutions.set(key, await listInstitutionStarts(tx, counties, functions));
    }
    const days = {
      recorded: nothing,
      countyServing: ({ area }: OwedStep) => serving?.get(area) ?? null,
      censusCovered: census,
      filesMade: filing,
      institutionThere: (step: OwedStep) => institutions.get(functionsOf(step).join())?.get(step.area) ?? null,
    };
    return (step: OwedStep) => days[step.resolved.rule.evidence](step);
  });
};

const rowOf = (
  { resolved: { rule, pack, packName }, area }: OwedStep,
  { notes, shownOn, on, actor }: { notes: readonly StoredRecord[]; shownOn: Day | null; on: Day; actor: Actor },
): MilestoneRow => {
  const own = notes.filter((note) => note.rule === rule.id && note.area === area && note.dueOn === rule.dueOn);
  const steps = (rule.steps ?? []).map((step) => ({
    ...step,
    doneOn: own.find((note) => note.step === step.id)?.on ?? null,
  }));
  const whole = own.find(({ step }) => step === null)?.on ?? null;
  const doneOn = rule.evidence === 'recorded' ? whole : shownOn !== null && shownOn <= on ? shownOn : null;
  return {
    ...{ rule: rule.id, title: rule.title, summary: rule.summary, clause: rule.clause, pack, packName },
    ...{ assumed: rule.assumed?.reason ?? null, area, areaName: nameOfDivision(area), responsible: rule.responsible },
    ...{ dueOn: rule.dueOn, state: stateOn(rule.dueOn, doneOn, on), doneOn, evidence: rule.evidence, steps },
    left: doneOn === null ? daysBetween(on, rule.dueOn) : null,
    judgedBy: rule.judgedBy ?? null,
    records: own.map(({ id, on: day, step, note, by, role }) => ({
      id,
      on: day,
      step,
      note,
      by,
      mine: role === actor.role && mayRecord(actor, rule, area),
    })),
    writable: mayRecord(actor, rule, area),
  };
};

const byUrgency = (a: MilestoneRow, b: MilestoneRow): number =>
  Number(a.doneOn !== null) - Number(b.doneOn !== null) ||
  (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.area < b.area ? -1 : 1);

/** Every dated step of an area and of the areas in it, open ones first. */
export const listMilestones = async (tx: Tx, ctx: Ctx, area: string, on: Day): Promise<MilestoneRow[]> => {
  const steps = listOwed(ctx, area, on);
  if (steps.length === 0) return [];
  const dayOf = await readDays(tx, ctx, steps, on);
  const notes = await listRecords(tx, {
    counties: [...new Set(steps.map((step) => countyOf(step.area)))],
    rules: [...new Set(steps.map(({ resolved }) => resolved.rule.id))],
    on,
  });
  return steps.map((step) => rowOf(step, { notes, shownOn: dayOf(step), on, actor: ctx.actor })).sort(byUrgency);
};

export const milestoneHandlers: Handlers<typeof milestoneApi> = {
  list: async (tx, ctx, { area = ctx.actor.scope, on = ctx.today, state, page, pageSize }) => {
    if (!inScope(ctx.actor, area)) throw new Refusal('outOfScope', '这个地区不在您的管辖范围内。', { kind: 'access' });
    const rows = (await listMilestones(tx, ctx, area, on)).filter((row) => state === undefined || row.state === state);
    return { rows: rows.slice((page - 1) * pageSize, page * pageSize), total: rows.length };
  },
};

const notResponsible = (): Refusal =>
  new Refusal('notResponsible', '这项职责由其他单位负责，请由负责的单位登记。', { kind: 'access' });

const record: Handlers<typeof dutyRecordApi>['record'] = async (tx, ctx, { id, ...input }) => {
  const { rule, area, organisation, dueOn, step, on, note } = input;
  if (!inScope(ctx.actor, area)) throw new Refusal('outOfScope', '这个地区不在您的管辖范围内。', { kind: 'access' });
  const rules = resolveRules(ctx.packs, area, ctx.today);
  const owed = findRule(rules, 'milestone', rule) ?? findRule(rules, 'duty', rule);
  if (!owed) throw new Refusal('noRule', '这个地区的政策没有这项职责。', { kind: 'rule' });
  if (owed.rule.kind === 'milestone' && !isOwedIn(owed.rule, area))
    throw new Refusal('notOwed', `“${owed.rule.title}”不由这个地区办理。`, { cites: owed.rule.clause });
  const site = organisation === undefined ? undefined : await getOrganisation(tx, organisation);
  if (site && !site.division.startsWith(area))
    throw new Refusal('notOwed', '这个机构不在所选地区。', {
      fields: { organisation: '请另选一家机构' },
      cites: owed.rule.clause,
    });
  checkNote(owed, input, { known: organisation !== undefined });
  if (!mayRecord(ctx.actor, owed.rule, area)) throw notResponsible();
  const { id: pack, version } = owed.pack;
  const body = {
    rule,
    clause: owed.rule.clause,
    pack: { id: pack, version },
    area,
    organisation: organisation ?? null,
    dueOn,
    step: step ?? null,
    note,
  };
  const base = { id, county: countyOf(area), on, subjects: [{ kind: 'record' as const, id }] };
  await ctx.journal.append(tx, ctx, [dutyRecorded.draft({ ...base, body })]);
  return { id };
};

const voidRecord: Handlers<typeof dutyRecordApi>['void'] = async (tx, ctx, { id, record: root, reason }) => {
  const found = await findRecord(tx, root);
  const standing = found && (await ctx.journal.findStanding(tx, found.county, root));
  if (!found || !standing || !inScope(ctx.actor, found.area))
    throw new Refusal('notFound', '没有找到这条登记，或已撤销。', { kind: 'absent' });
  if (found.role !== ctx.actor.role) throw notResponsible();
  const { source, county, subjects } = standing;
  const draft = {
    id,
    type: voidType(dutyRecorded.type),
    county,
    on: ctx.today,
    subjects,
    replaces: source,
    body: { reason },
  };
  await ctx.journal.append(tx, ctx, [draft]);
  return { id: root };
};

export const dutyRecordHandlers: Handlers<typeof dutyRecordApi> = { record, void: voidRecord };
