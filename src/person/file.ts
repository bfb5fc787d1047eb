// The person's file: its stages, the only table of what may follow what, and the fold of entries into a file.
import { z } from 'zod';
import type { Day } from '../kernel/contract.ts';
import type { Entry } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';

export const Stage = z.enum([
  'listed',
  'ineligible',
  'applied',
  'registered',
  'referred',
  'queued',
  'accepted',
  'inService',
  'suspended',
  'declined',
  'discharged',
  'closed',
  'moved',
  'died',
]);
export type Stage = z.infer<typeof Stage>;

/** Stages that end an episode. A person who comes back opens the next episode. */
export const endStages: ReadonlySet<Stage> = new Set(['declined', 'discharged', 'closed', 'moved', 'died']);
/** Stages of a person who is registered and counts in the rate's denominator (BZ-02). */
export const registeredStages: ReadonlySet<Stage> = new Set([
  'registered',
  'referred',
  'queued',
  'accepted',
  'inService',
  'suspended',
]);
/** Nobody serves the person, nor is about to. */
export const isOver = (stage: Stage): boolean => endStages.has(stage) || stage === 'listed' || stage === 'ineligible';
export const activeStages: readonly Stage[] = Stage.options.filter((stage) => !endStages.has(stage));

interface Move {
  readonly from: readonly Stage[];
  /** Where the file goes; undefined: the move is allowed there and leaves the stage. */
  readonly to?: (body: Record<string, unknown>, from: Stage) => Stage;
  readonly clauses: readonly string[];
}

const registered: readonly Stage[] = [...registeredStages];
const served: readonly Stage[] = ['accepted', 'inService', 'suspended'];
const to = (stage: Stage) => (): Stage => stage;
/** Only service that began is paused, and only what is paused resumed, also once the session that began it is voided. */
const paused = (_: Record<string, unknown>, from: Stage): Stage => (from === 'inService' ? 'suspended' : from);
const decided =
  (stages: Record<string, Stage>) =>
  (body: Record<string, unknown>, from: Stage): Stage =>
    stages[String(body.decision ?? body.outcome ?? body.reason)] ?? from;

/** What may follow what (DESIGN, stages). An entry type that is not here never depends on the stage. */
export const moves = {
  'person.list': { from: [], to: to('listed'), clauses: ['BZ-06'] },
  'visit.record': { from: activeStages, clauses: ['BZ-06'] },
  'screening.record': {
    from: ['listed', 'ineligible', 'applied'],
    to: (body, from) =>
      body.outcome === 'ineligible' && from === 'listed'
        ? 'ineligible'
        : body.outcome !== 'ineligible' && from === 'ineligible'
          ? 'listed'
          : from,
    clauses: ['BZ-07'],
  },
  'application.submit': {
    from: ['listed', 'ineligible', ...endStages].filter((s) => s !== 'died') as Stage[],
    to: to('applied'),
    clauses: ['BZ-10'],
  },
  'application.review': {
    from: ['applied'],
    to: decided({ registered: 'registered', returned: 'listed', refused: 'ineligible' }),
    clauses: ['BZ-10'],
  },
  'referral.send': { from: ['registered', 'queued'], to: to('referred'), clauses: ['BZ-12', 'BZ-13'] },
  'referral.accept': { from: ['referred', 'queued'], to: to('accepted'), clauses: ['BZ-12'] },
  'referral.queue': { from: ['referred'], to: to('queued'), clauses: ['BZ-13'] },
  'referral.decline': { from: ['referred', 'queued'], to: to('registered'), clauses: ['BZ-12'] },
  'referral.withdraw': { from: ['referred', 'queued'], to: to('registered'), clauses: ['BZ-13'] },
  'referral.review': { from: ['queued'], clauses: ['BZ-13'] },
  'team.assess': { from: registered, clauses: ['BZ-11'] },
  'consent.sign': { from: served, clauses: ['BZ-14'] },
  'consent.withdraw': {
    from: served,
    to: paused,
    clauses: ['BZ-14'],
  },
  'agreement.sign': { from: served, clauses: ['BZ-14'] },
  'assessment.record': { from: served, clauses: ['QS-08'] },
  'plan.make': { from: served, clauses: ['QS-08'] },
  'session.record': { from: ['accepted', 'inService'], to: to('inService'), clauses: ['BZ-14'] },
  'service.suspend': { from: ['inService'], to: paused, clauses: ['QS-08'] },
  'service.resume': {
    from: ['suspended'],
    to: (_, from) => (from === 'suspended' ? 'inService' : from),
    clauses: ['QS-08'],
  },
  'discharge.record': { from: served, to: to('discharged'), clauses: ['BZ-16'] },
  'file.close': {
    from: activeStages,
    to: decided({ moved: 'moved', died: 'died', closed: 'closed', declined: 'declined' }),
    clauses: ['BZ-13', 'QS-08'],
  },
} satisfies Record<string, Move>;
export type MoveType = keyof typeof moves;

const table: Readonly<Record<string, Move>> = moves;
const stageName: Readonly<Record<Stage, string>> = {
  listed: '已摸底',
  ineligible: '不符合条件',
  applied: '已申请',
  registered: '已登记',
  referred: '转介中',
  queued: '排队等候',
  accepted: '已接收',
  inService: '服务中',
  suspended: '暂停服务',
  declined: '不愿参加',
  discharged: '已转出',
  closed: '已结案',
  moved: '已迁出',
  died: '已死亡',
};

/** The Chinese name of a stage. */
export const nameOfStage = (stage: Stage): string => stageName[stage];

/** Refuses (`stageNotAllowed`) an operation that the person's stage does not allow; cites the clauses of the move. */
export const checkMove = (type: MoveType, stage: Stage): void => {
  const move = table[type];
  if (!move?.from.includes(stage))
    throw new Refusal('stageNotAllowed', `此人目前为“${stageName[stage]}”，不能办理这一步。`, {
      cites: move?.clauses ?? [],
    });
};

/** The operations that a stage allows: buttons and "what comes next" read the same table as the server. */
export const movesFrom = (stage: Stage): MoveType[] =>
  (Object.keys(moves) as MoveType[]).filter((type) => table[type]?.from.includes(stage));

/** One episode of a person's file; a day is null until its step is done. */
export interface File {
  readonly county: string;
  readonly id: string;
  readonly person: string;
  readonly episode: number;
  readonly stage: Stage;
  readonly stageOn: Day;
  readonly town: string | null;
  readonly site: string | null;
  readonly appliedOn: Day | null;
  readonly registeredOn: Day | null;
  readonly referredOn: Day | null;
  readonly queuedOn: Day | null;
  readonly acceptedOn: Day | null;
  readonly inServiceOn: Day | null;
  readonly endedOn: Day | null;
  readonly outcome: string | null;
  readonly entry: string;
}

export interface Placement {
  readonly file: string;
  readonly town: string | null;
  readonly site: string | null;
  readonly fromOn: Day;
  readonly untilOn: Day | null;
  readonly entry: string;
}

export interface Sight {
  readonly organisation: string;
  readonly level: 'minimum' | 'full';
  readonly fromOn: Day;
  readonly untilOn: Day | null;
}

/** All that the file projection keeps of one person: episodes in order, placements, and who may see. */
export interface PersonFile {
  readonly files: readonly File[];
  readonly placements: readonly Placement[];
  readonly sights: readonly Sight[];
}

export const emptyFile: PersonFile = { files: [], placements: [], sights: [] };
export const currentFile = (state: PersonFile): File | undefined => state.files.at(-1);

const opened = (entry: Entry, person: string, episode: number, stage: Stage, town: string | null): File => ({
  county: entry.county,
  id: entry.id,
  person,
  episode,
  stage,
  stageOn: entry.on,
  town,
  site: null,
  appliedOn: null,
  registeredOn: null,
  referredOn: null,
  queuedOn: null,
  acceptedOn: null,
  inServiceOn: null,
  endedOn: null,
  outcome: null,
  entry: entry.id,
});

/** The day a stage is reached is kept: the last referral and queue, the first of everything else. */
const dated = (file: File, stage: Stage, on: Day): Partial<File> => {
  if (stage === 'applied') return { appliedOn: on };
  if (stage === 'registered') return { registeredOn: file.registeredOn ?? on, queuedOn: null };
  if (stage === 'referred') return { referredOn: on, queuedOn: null };
  if (stage === 'queued') return { queuedOn: on };
  if (stage === 'accepted') return { acceptedOn: on, queuedOn: null };
  if (stage === 'inService') return { inServiceOn: file.inServiceOn ?? on };
  if (endStages.has(stage)) return { endedOn: on };
  return {};
};

/** What an entry says of where somebody is counted; absent is as before. */
type Place = Partial<Pick<Placement, 'town' | 'site'>>;

/**
 * From the entry's day on the person is counted at `change`, also where a later placement was recorded before (a late entry); a late
 * change of town leaves the days at each site as they were, and the other way round.
 */
const place = (state: PersonFile, file: File, entry: Entry, change: Place): readonly Placement[] => {
  const fromOn = file.registeredOn !== null && entry.on < file.registeredOn ? file.registeredOn : entry.on;
  const over = ({ untilOn }: Placement): boolean => untilOn !== null && untilOn <= fromOn;
  const own = state.placements.filter((p) => p.file === file.id);
  if (endStages.has(file.stage))
    return state.placements.map((p) => (p.file === file.id && !over(p) ? { ...p, untilOn: fromOn } : p));
  if (own.every(over))
    return [
      ...state.placements,
      { file: file.id, town: file.town, site: file.site, fromOn, untilOn: null, entry: entry.id },
    ];
  return state.placements.flatMap((p) => {
    if (p.file !== file.id || over(p)) return [p];
    if (p.fromOn > fromOn) return [{ ...p, ...change }];
    return [
      { ...p, untilOn: fromOn },
      { ...p, ...change, fromOn, entry: entry.id },
    ];
  });
};

const see = (sights: readonly Sight[], organisation: string, level: Sight['level'], on: Day): readonly Sight[] => [
  ...sights.filter((sight) => sight.organisation !== organisation),
  { organisation, level, fromOn: on, untilOn: null },
];
const unsee = (sights: readonly Sight[], on: Day, organisation?: string): readonly Sight[] =>
  sights.map((s) =>
    s.untilOn === null && (!organisation || s.organisation === organisation) ? { ...s, untilOn: on } : s,
  );

/**
 * Folds one entry about `person` into the person's file. Entries are trusted: `checkMove` refused the others before they were
 * recorded. `referral.*` bodies name `organisation`; a town comes from `person.list`, `application.*` bodies (`town`).
 */
export const foldFile = (state: PersonFile, entry: Entry, person: string): PersonFile => {
  const body = (entry.body ?? {}) as Record<string, unknown>;
  const move = table[entry.type];
  const last = currentFile(state);
  const townOf = (body.town as string | undefined) ?? (body.identity as { town?: string } | undefined)?.town ?? null;
  if (entry.type === 'person.list')
    return last ? state : { ...state, files: [opened(entry, person, 1, 'listed', townOf)] };
  if (entry.type === 'person.update' && last && townOf && townOf !== last.town)
    return movedTown(state, last, entry, townOf);
  if (!last || !move) return state;
  if (entry.type === 'session.record' && last.stage === 'inService') return servedSince(state, last, entry.on);
  const reopened = entry.type === 'application.submit' && endStages.has(last.stage);
  const before = reopened ? opened(entry, person, last.episode + 1, 'applied', townOf ?? last.town) : last;
  const stage = move.to ? move.to(body, before.stage) : before.stage;
  const organisation = typeof body.organisation === 'string' ? body.organisation : null;
  const site =
    entry.type === 'referral.accept'
      ? organisation
      : stage === 'registered' && entry.type !== 'application.review'
        ? null
        : before.site;
  const file: File = {
    ...before,
    ...(stage === before.stage && !reopened ? {} : { stage, stageOn: entry.on, ...dated(before, stage, entry.on) }),
    town: townOf ?? before.town,
    site,
    outcome: endStages.has(stage) ? String(body.outcome ?? body.reason ?? stage) : before.outcome,
  };
  const files = reopened ? [...state.files, file] : [...state.files.slice(0, -1), file];
  const counted = file.registeredOn !== null;
  const placed =
    counted &&
    (file.stage !== before.stage || reopened) &&
    (before.registeredOn === null || site !== before.site || endStages.has(stage));
  return {
    files,
    placements: placed ? place(state, file, entry, townOf ? { site, town: townOf } : { site }) : state.placements,
    sights: sightsAfter(state.sights, entry, stage, organisation),
  };
};

/** A session entered late may be the first one. */
const servedSince = (state: PersonFile, last: File, on: Day): PersonFile =>
  last.inServiceOn !== null && on < last.inServiceOn
    ? { ...state, files: [...state.files.slice(0, -1), { ...last, inServiceOn: on }] }
    : state;

const movedTown = (state: PersonFile, last: File, entry: Entry, town: string): PersonFile => {
  const file = { ...last, town };
  const counted = registeredStages.has(file.stage);
  return {
    ...state,
    files: [...state.files.slice(0, -1), file],
    placements: counted ? place(state, file, entry, { town }) : state.placements,
  };
};

const sightsAfter = (
  sights: readonly Sight[],
  entry: Entry,
  stage: Stage,
  organisation: string | null,
): readonly Sight[] => {
  if (endStages.has(stage)) return unsee(sights, entry.on);
  if (!organisation) return sights;
  if (entry.type === 'referral.send') return see(unsee(sights, entry.on), organisation, 'minimum', entry.on);
  if (entry.type === 'referral.accept') return see(sights, organisation, 'full', entry.on);
  if (entry.type === 'referral.decline' || entry.type === 'referral.withdraw')
    return unsee(sights, entry.on, organisation);
  return sights;
};
