// Rows that wait for a person: shown beside the persons they may be, and decided, through the journal.
import { uuidv7 } from 'uuidv7';
import type { Tx } from '../kernel/database.ts';
import { type EntryDraft, personSubject } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import { factNames } from '../policy/facts.ts';
import type { censusApi } from './census.api.ts';
import { findList, findWaiting, listWaiting, putDecision, settleRow, type WaitingRow } from './census.sql.ts';
import { type CensusDecision, type CensusResult, type CensusReview, type CensusSide, rowId } from './census.ts';
import { loadTargets } from './census-batch.sql.ts';
import { draftListed, draftTaken } from './census-draft.ts';
import { factsFrom, identityFrom } from './census-facts.ts';
import { type PlannedList, placeRow, type Target } from './census-plan.ts';
import { describeProblem } from './census-row.ts';
import { fingerprintOf } from './census-run.server.ts';
import { labelOfField, shownFact, shownIdentity } from './census-shown.ts';
import { nameOfOrigin } from './fact.ts';
import { getFiles } from './file.sql.ts';
import { maskName } from './identity.ts';
import { lockLinked } from './link.sql.ts';
import { decideLink } from './link.ts';
import { findPerson } from './person.sql.ts';
import { type Identity, personLinked, type RecordedFact } from './person.ts';

type CensusHandlers = Handlers<typeof censusApi>;

/** The list that a row belongs to, as planning sees it. */
const listOf = async (tx: Tx, row: WaitingRow): Promise<PlannedList> => {
  const list = await findList(tx, row.list);
  if (!list) throw new Error(`list ${row.list} of a waiting row is gone`);
  return list;
};

const getWaiting = async (tx: Tx, list: string, position: number, lock = false): Promise<WaitingRow> => {
  const row = await findWaiting(tx, list, position, lock);
  if (!row) throw new Refusal('notFound', '没有找到这一行，名单可能已被清理。', { kind: 'absent' });
  return row;
};

interface FoundCandidate {
  readonly target: Target;
  readonly score: number;
  readonly reasons: readonly string[];
}

/** Persons beside the row, those linked away replaced by who stands for them; a candidate that was never made is left out. */
const candidatesOf = async (tx: Tx, row: WaitingRow): Promise<FoundCandidate[]> => {
  const found: FoundCandidate[] = [];
  for (const { person: id, score, reasons } of row.plan.candidates) {
    const seen = await findPerson(tx, id);
    const standing = seen?.linkedTo ?? id;
    const target = (await loadTargets(tx, row.county, [standing])).get(standing);
    if (target && !found.some((other) => other.target.id === standing)) found.push({ target, score, reasons });
  }
  return found;
};

const refuseDecision = (why: string): Refusal =>
  new Refusal('decisionNotAllowed', `这一行不能这样处理：${why}`, { cites: ['AL-03'] });

const decisionsFor = (row: WaitingRow, candidates: number): CensusDecision[] => {
  if (candidates === 0 && row.planned === 'conflict') return ['dismiss'];
  return candidates > 0 ? ['link', 'update', 'create', 'dismiss'] : ['create', 'dismiss'];
};

const shownFields = [
  'name',
  'sex',
  'birthDate',
  'idNumber',
  'certificateNumber',
  'phone',
  'address',
  'town',
  'village',
] as const;
// The reader has to see whether 张三 and 章三 are one; numbers are told apart by the mark of a difference.
const shownValue = (field: (typeof shownFields)[number], value: string): string =>
  field === 'name' || field === 'address' ? value : shownIdentity(field, value);

type Values = CensusSide['values'];

const identityValues = (own: Partial<Identity>, against: Partial<Identity> | undefined): Values =>
  shownFields.flatMap((field) => {
    const [value, other] = [own[field], against?.[field]];
    const shown = value === undefined || value === 'unknown' ? '' : shownValue(field, value);
    const differs = value !== undefined && other !== undefined && other !== 'unknown' && value !== other;
    return [{ label: labelOfField(field), value: shown, differs, source: null }];
  });

const newest = (facts: readonly RecordedFact[], kind: RecordedFact['kind']): RecordedFact | undefined =>
  facts.filter((fact) => fact.kind === kind).sort((a, b) => (a.on < b.on ? 1 : -1))[0];

// Sex, birth and household stand in the identity above already.
const shownKinds = ['livesAt', 'certificate', 'severe', 'risk', 'stability', 'guardian'] as const;

const factValues = (own: readonly RecordedFact[], against: readonly RecordedFact[] | undefined): Values =>
  shownKinds.flatMap((kind) => {
    const [fact, other] = [newest(own, kind), against && newest(against, kind)];
    const value = fact ? shownFact(fact) : '';
    return [
      {
        label: factNames[kind],
        value,
        differs: fact !== undefined && other !== undefined && shownFact(other) !== value,
        source: fact ? `${nameOfOrigin(fact.source)} ${fact.on}` : null,
      },
    ];
  });

export const getReview: CensusHandlers['review'] = async (tx, _ctx, { list: id, position }): Promise<CensusReview> => {
  const row = await getWaiting(tx, id, position);
  const candidates = await candidatesOf(tx, row);
  const identity = identityFrom(row.reading.row);
  const facts = factsFrom(row.reading.row, { sender: row.sender, listedOn: row.listedOn });
  const first = candidates[0]?.target;
  return {
    list: id,
    position,
    sender: row.sender,
    fileName: row.fileName,
    listedOn: row.listedOn,
    kind: row.planned,
    reason: row.plan.reasons[0] ?? '',
    result: row.outcome,
    row: {
      person: null,
      score: null,
      reasons: row.reading.problems.map((problem) => describeProblem(row.reading.row, problem)),
      values: [...identityValues(identity, first?.identity), ...factValues(facts, first?.facts)],
    },
    candidates: candidates.map(({ target, score, reasons }) => ({
      person: target.id,
      score,
      reasons: [...reasons],
      values: [...identityValues(target.identity, identity), ...factValues(target.facts, facts)],
    })),
    decisions: row.outcome === 'waiting' ? decisionsFor(row, candidates.length) : [],
  };
};

export const listReviews: CensusHandlers['reviews'] = async (tx, ctx, input) => {
  const { rows, total } = await listWaiting(tx, { ...input, area: ctx.actor.scope });
  return {
    total,
    rows: rows.map((row) => ({
      list: row.list,
      position: row.position,
      sender: row.sender,
      fileName: row.fileName,
      name: row.reading.row.name ? maskName(row.reading.row.name) : null,
      kind: row.planned,
      reason: row.plan.reasons[0] ?? '',
      candidates: row.plan.candidates.length,
    })),
  };
};

interface Decided {
  readonly result: CensusResult;
  readonly person: string | null;
  readonly drafts: readonly EntryDraft[];
}

interface Choice {
  readonly id: string;
  readonly row: WaitingRow;
  readonly list: PlannedList;
  readonly target: Target | undefined;
  readonly note: string;
}

/** A record of its own for the row, standing under the person: both keep what they say. */
const link = async (
  tx: Tx,
  ctx: Ctx,
  { id, row, list, target, note }: Choice & { target: Target },
): Promise<Decided> => {
  const person = rowId(row.list, row.position, 'person');
  const file = (await getFiles(tx, target.county, [target.id])).get(target.id);
  if (!file) throw new Refusal('notFound', '没有找到此人，或此人不在您的管辖范围内。', { kind: 'absent' });
  const linked = await lockLinked(tx, target.county, target.id);
  const standing = {
    id: target.id,
    county: target.county,
    listedOn: target.listedOn ?? list.listedOn,
    linkedTo: null,
    linked,
    file,
  };
  const made = {
    ...standing,
    id: person,
    listedOn: list.listedOn,
    linked: [],
    file: { stage: 'listed' as const, episode: 1 },
  };
  decideLink(standing, made, ctx.today);
  const score = row.plan.candidates.find((candidate) => candidate.person === target.id)?.score;
  const listed = draftListed(
    list,
    { id, person, county: target.county, rowNumber: row.rowNumber },
    row.reading,
    target.identity.name === undefined ? {} : { nameIfNone: target.identity.name },
  );
  const entry = personLinked.draft({
    id: uuidv7(),
    county: target.county,
    on: ctx.today,
    subjects: [personSubject(target.id), personSubject(person)],
    body: { person: target.id, other: person, reason: note, ...(score === undefined ? {} : { score }) },
  });
  return { result: 'linked', person: target.id, drafts: [listed, entry] };
};

const create = ({ id, row, list }: Choice, candidates: readonly Target[]): Decided => {
  const identity = identityFrom(row.reading.row);
  if (!identity.name)
    throw new Refusal('nameMissing', '这一行没有姓名，不能新建人员。', { fields: { decision: '请选择其他处理方式' } });
  const county = placeRow(list, identity.householdDivision) ?? candidates[0]?.county;
  if (county === undefined) throw refuseDecision('没有写明可辨认的县（区），不能新建人员。请补全后重新上传。');
  const person = rowId(row.list, row.position, 'person');
  // A number that names somebody else already is not given to a second person.
  const without = (['idNumber', 'certificateNumber'] as const).filter(
    (field) =>
      row.planned === 'conflict' &&
      identity[field] !== undefined &&
      candidates.some((other) => other.identity[field]?.slice(0, 20) === identity[field]?.slice(0, 20)),
  );
  const draft = draftListed(list, { id, person, county, rowNumber: row.rowNumber }, row.reading, { without });
  return { result: 'created', person, drafts: [draft] };
};

const decide = async (
  tx: Tx,
  ctx: Ctx,
  decision: CensusDecision,
  choice: Choice,
  candidates: readonly Target[],
): Promise<Decided> => {
  const { id, row, list, target } = choice;
  if (decision === 'dismiss') return { result: 'dismissed', person: null, drafts: [] };
  if (decision === 'create') return create(choice, candidates);
  if (!target)
    throw new Refusal('notCandidate', '请从对照的人员中选择一位。', { kind: 'input', fields: { person: '请选择' } });
  if (decision === 'link') return link(tx, ctx, { ...choice, target });
  const draft = draftTaken(list, { id, rowNumber: row.rowNumber }, row.reading, target);
  return { result: 'updated', person: target.id, drafts: draft ? [draft] : [] };
};

export const resolveReview: CensusHandlers['resolve'] = async (tx, ctx, input) => {
  const row = await getWaiting(tx, input.list, input.position, true);
  if (row.outcome !== 'waiting')
    throw new Refusal('alreadyDecided', '这一行已有人核对过了，请刷新。', { kind: 'conflict' });
  const candidates = (await candidatesOf(tx, row)).map(({ target }) => target);
  if (!decisionsFor(row, candidates.length).includes(input.decision))
    throw refuseDecision('名单内的两个证件号码互相矛盾时，请发单位核实后重新上传。');
  const list = await listOf(tx, row);
  const target = candidates.find(({ id }) => id === input.person);
  const note = input.note || '摸底名单核对';
  const choice = { id: input.id, row, list, target, note };
  const { result, person, drafts } = await decide(tx, ctx, input.decision, choice, candidates);
  await ctx.journal.append(tx, ctx, drafts);
  await settleRow(tx, row, result, person);
  if (person !== null)
    await putDecision(tx, {
      county: drafts[0]?.county ?? row.county,
      fingerprint: fingerprintOf(tx, row.reading),
      person,
      on: ctx.today,
    });
  return { result, person };
};
