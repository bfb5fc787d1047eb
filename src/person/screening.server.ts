// Screening one person or a town, and what other slices ask about screenings.
import { uuidv7 } from 'uuidv7';
import { inScope } from '../kernel/access.ts';
import type { Day } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import type { FactSources, Facts } from '../policy/facts.ts';
import { resolveRules } from '../policy/resolve.ts';
import { type Screening, screenPerson } from '../policy/screen.ts';
import { comparisonHandlers } from './comparison.server.ts';
import { getFactsOn, getMovable, getPersonAndFile } from './file.server.ts';
import { movesFrom, type Stage } from './file.ts';
import { maskName } from './identity.ts';
import type { PersonRow } from './person.sql.ts';
import { assembleFacts } from './person.ts';
import type { screeningApi } from './screening.api.ts';
import { listScreenables, listUnknown, newestScreenings, type Screenable } from './screening.sql.ts';
import {
  checkScreeningDay,
  decideScreening,
  findingFor,
  nameSources,
  type RecordedScreening,
  recordedFor,
  saysTheSame,
  viewFinding,
} from './screening.ts';

/** Those who wait to be found in scope; who has applied is screened one by one at the review. */
const waiting: readonly Stage[] = ['listed', 'ineligible'];
/** Most persons of one batch: it is one transaction. A town of these counties lists some hundreds. */
const batchLimit = 5000;

/** The newest screening of each of these persons, by person id; a person never screened is absent. */
export const getNewestScreening: (
  tx: Tx,
  county: string,
  persons: readonly string[],
) => Promise<Map<string, RecordedScreening>> = newestScreenings;

const screen = (
  ctx: Ctx,
  person: Pick<PersonRow, 'county' | 'town'>,
  { facts, sources }: { facts: Facts; sources: FactSources },
  on: Day,
): Screening =>
  screenPerson(resolveRules(ctx.packs, person.town ?? person.county, on), facts, on, nameSources(sources));

const preview: Handlers<typeof screeningApi>['preview'] = async (tx, ctx, input) => {
  const on = input.on ?? ctx.today;
  checkScreeningDay(on, ctx.today);
  const { person, file } = await getPersonAndFile(tx, input.person);
  const screening = screen(ctx, person, await getFactsOn(tx, person, on), on);
  const newest = (await newestScreenings(tx, person.county, [person.id])).get(person.id);
  return {
    ...screening,
    person: person.id,
    name: maskName(person.name),
    stage: file.stage,
    findings: screening.findings.map(viewFinding).map(findingFor(ctx.actor)),
    newest: recordedFor(ctx.actor, newest ?? null),
    mayRecord: movesFrom(file.stage).includes('screening.record'),
  };
};

const record: Handlers<typeof screeningApi>['record'] = async (tx, ctx, { id, person: personId, on }) => {
  checkScreeningDay(on, ctx.today);
  const { person, file } = await getMovable(tx, personId, 'screening.record');
  const screening = screen(ctx, person, await getFactsOn(tx, person, on), on);
  const newest = (await newestScreenings(tx, person.county, [person.id])).get(person.id);
  const draft = decideScreening(id, file, screening, { listedOn: person.listedOn, newest });
  await ctx.journal.append(tx, ctx, [draft]);
  return { id, outcome: screening.outcome };
};

/** Later than this day: the batch leaves such a person as is, where a single screening would be refused. */
const startsAfter = ({ person, file, newest }: Screenable, on: Day): boolean =>
  [person.listedOn, file.episode > 1 ? file.appliedOn : null, newest?.on].some((day) => day && day > on);

const batch: Handlers<typeof screeningApi>['batch'] = async (tx, ctx, { id, town, on }) => {
  checkScreeningDay(on, ctx.today);
  if (!inScope(ctx.actor, town))
    throw new Refusal('outOfScope', '这个乡镇（街道）不在您的管辖范围内。', { kind: 'access' });
  const persons = await listScreenables(tx, town.slice(0, 6), { town, stages: waiting, limit: batchLimit + 1 });
  if (persons.length > batchLimit)
    throw new Refusal('tooMany', `该乡镇（街道）待筛查超过 ${batchLimit} 人，请逐人或分批筛查。`);
  const due = persons.filter((one) => !startsAfter(one, on));
  const screened = due.map((one) => ({
    one,
    screening: screen(ctx, one.person, assembleFacts(one.person, one.facts, on), on),
  }));
  const changed = screened.filter(({ one, screening }) => !one.newest || !saysTheSame(screening, one.newest));
  // The first entry takes the id of the request, as every write's does.
  const drafts = changed.map(({ one, screening }, position) =>
    decideScreening(position === 0 ? id : uuidv7(), one.file, screening, {
      listedOn: one.person.listedOn,
      newest: one.newest,
    }),
  );
  await ctx.journal.append(tx, ctx, drafts);
  const outcomes = { eligible: 0, ineligible: 0, unknown: 0 };
  for (const { screening } of screened) outcomes[screening.outcome] += 1;
  return {
    recorded: drafts.length,
    unchanged: screened.length - drafts.length,
    notYet: persons.length - due.length,
    outcomes,
  };
};

const unknown: Handlers<typeof screeningApi>['unknown'] = async (tx, ctx, { area, page, pageSize }) => {
  const { rows, total } = await listUnknown(tx, { area: area ?? ctx.actor.scope, stages: waiting, page, pageSize });
  return { rows: rows.map((row) => ({ ...row, name: maskName(row.name) })), total };
};

export const screeningHandlers: Handlers<typeof screeningApi> = {
  preview,
  ...comparisonHandlers,
  record,
  batch,
  unknown,
};
