// Screening (BZ-07): the place's criteria asked of a person's facts, the outcome as it is recorded, and what is still to be asked.
import { z } from 'zod';
import type { Actor } from '../kernel/access.ts';
import { Day } from '../kernel/contract.ts';
import type { EntryDraft, EntryFinding } from '../kernel/entry.ts';
import { personSubject } from '../kernel/entry.ts';
import { checkNotBefore, Refusal } from '../kernel/refusal.ts';
import { FindingOutcome, type Verdict } from '../policy/criterion.ts';
import { FactKey, type FactSources } from '../policy/facts.ts';
import { PackRef } from '../policy/resolve.ts';
import { type Finding, type Screening, ScreeningOutcome } from '../policy/screen.ts';
import { nameOfOrigin } from './fact.ts';
import { classesOf, mayReadFact, notForOffice } from './field-class.ts';
import { type File, Stage } from './file.ts';
import { screeningRecorded } from './person.ts';

export const outcomeNames: Readonly<Record<ScreeningOutcome, string>> = {
  eligible: '符合条件',
  ineligible: '不符合条件',
  unknown: '情况不清',
};

/** One criterion's answer as a screen shows it: why, on which facts of which day and source, and by which clause. */
export const FindingView = z.object({
  rule: z.string(),
  title: z.string(),
  outcome: FindingOutcome,
  because: z.string(),
  clause: z.array(z.string()),
  pack: PackRef,
  facts: z.array(z.object({ key: FactKey, on: Day.nullable(), source: z.string().nullable() })),
  /** Facts to be filled in, where the outcome is unknown. */
  needs: z.array(FactKey),
  /** Why a number or reading is ours and not the document's. */
  assumed: z.string().nullable(),
});
export type FindingView = z.infer<typeof FindingView>;

/** A screening as recorded. `findings` are those of its day, with the pack and version that made them. */
export const RecordedScreening = z.object({
  id: z.uuid(),
  on: Day,
  outcome: ScreeningOutcome,
  pack: z.string(),
  version: z.string(),
  findings: z.array(
    z.object({
      rule: z.string(),
      outcome: z.string(),
      because: z.string(),
      clause: z.array(z.string()),
      pack: z.string(),
    }),
  ),
});
export type RecordedScreening = z.infer<typeof RecordedScreening>;

export const ScreeningView = z.object({
  person: z.uuid(),
  /** Masked. */
  name: z.string(),
  stage: Stage,
  on: Day,
  area: z.string(),
  outcome: ScreeningOutcome,
  pack: PackRef,
  findings: z.array(FindingView),
  needs: z.array(FactKey),
  newest: RecordedScreening.nullable(),
  /** The stage allows recording a screening. */
  mayRecord: z.boolean(),
});
export type ScreeningView = z.infer<typeof ScreeningView>;

export const UnknownRow = z.object({
  person: z.uuid(),
  name: z.string(),
  town: z.string().nullable(),
  on: Day,
  missing: z.array(z.object({ rule: z.string(), because: z.string() })),
});
export type UnknownRow = z.infer<typeof UnknownRow>;

/** Refuses (`inFuture`) to screen on a day to come. */
export const checkScreeningDay = (on: Day, today: Day): void => {
  if (on > today)
    throw new Refusal('inFuture', `筛查日期 ${on} 晚于今天（${today}）。`, { fields: { on: '不能晚于今天' } });
};

/** Sources under the names that people read, so that findings say 卫健名单 and not a code. */
export const nameSources = (sources: FactSources): FactSources =>
  Object.fromEntries(
    Object.entries(sources).map(([key, source]) => [
      key,
      source?.source ? { ...source, source: nameOfOrigin(source.source) } : source,
    ]),
  );

const factsIn = (verdict: Verdict): FindingView['facts'] => [
  ...(verdict.fact
    ? [{ key: verdict.fact.key, on: verdict.fact.on ?? null, source: verdict.fact.source ?? null }]
    : []),
  ...(verdict.children ?? []).flatMap(factsIn),
];

export const viewFinding = (finding: Finding): FindingView => ({
  rule: finding.rule,
  title: finding.title,
  outcome: finding.outcome,
  because: finding.because,
  clause: finding.clause,
  pack: finding.pack,
  facts: factsIn(finding),
  needs: finding.needs ?? [],
  assumed: finding.assumed ?? null,
});

/**
 * A finding may say what the reader's office does not read: then only its outcome is left. A recorded one does not name its facts, so that
 * all are left out for whoever reads no diagnosis.
 */
export const findingFor =
  (reader: Pick<Actor, 'role' | 'scope'>) =>
  (finding: FindingView): FindingView =>
    finding.facts.every(({ key }) => mayReadFact(reader, key))
      ? finding
      : { ...finding, because: notForOffice, facts: [] };
export const recordedFor = <T extends RecordedScreening | null>(
  reader: Pick<Actor, 'role' | 'scope'>,
  screening: T,
): T => (screening === null || classesOf(reader).has('diagnosis') ? screening : { ...screening, findings: [] });

const entryFindings = (screening: Screening): EntryFinding[] =>
  screening.findings.map(({ rule, outcome, because, clause, pack }) => ({
    rule,
    outcome,
    because,
    clause,
    pack: `${pack.id}@${pack.version}`,
  }));

/** The first day on which this episode can be screened: listed, or asked for anew. */
const startOf = (file: Pick<File, 'episode' | 'appliedOn'>, listedOn: Day): Day =>
  file.episode > 1 ? (file.appliedOn ?? listedOn) : listedOn;

/** The entry of a screening; refuses (`beforeStart`) a day before the file's beginning or before the newest screening. */
export const decideScreening = (
  id: string,
  file: Pick<File, 'county' | 'person' | 'episode' | 'appliedOn'>,
  screening: Screening,
  { listedOn, newest }: { listedOn: Day; newest: Pick<RecordedScreening, 'on'> | undefined },
): EntryDraft => {
  checkNotBefore(screening.on, startOf(file, listedOn), file.episode > 1 ? '再次申请' : '建档');
  if (newest) checkNotBefore(screening.on, newest.on, '上次筛查');
  return screeningRecorded.draft({
    id,
    county: file.county,
    on: screening.on,
    subjects: [personSubject(file.person)],
    body: { outcome: screening.outcome, pack: { id: screening.pack.id, version: screening.pack.version } },
    findings: entryFindings(screening),
  });
};

/** Whether a screening says what the newest one said, by the same text: then a batch has nothing to record. */
export const saysTheSame = (screening: Screening, newest: RecordedScreening): boolean =>
  newest.outcome === screening.outcome &&
  newest.pack === screening.pack.id &&
  newest.version === screening.pack.version &&
  JSON.stringify(newest.findings.map(({ rule, outcome, because }) => [rule, outcome, because])) ===
    JSON.stringify(screening.findings.map(({ rule, outcome, because }) => [rule, outcome, because]));
