// The person's file on one page (一人一档, QS-08): what it shows, how facts of several lists stand against each other, and its timeline.
import { z } from 'zod';
import { type Actor, Role } from '../kernel/access.ts';
import { Day } from '../kernel/contract.ts';
import { type FactKey, FactKey as FactKeySchema, Sex } from '../policy/facts.ts';
import { DutyClock } from '../referral/clock.ts';
import { Closure } from './closure.ts';
import { FieldClass, mayReadFact } from './field-class.ts';
import { Stage } from './file.ts';
import { maskName } from './identity.ts';
import { NextStep } from './next-step.ts';
import { Guardian, RecordedFact } from './person.ts';
import { ProcessSteps } from './process-step.ts';
import { RecordedScreening } from './screening.ts';

const dayOrNull = Day.nullable();

/** Masked, all of it. */
export const MaskedIdentity = z.object({
  name: z.string(),
  sex: Sex.or(z.literal('unknown')),
  birthDate: dayOrNull,
  age: z.int().nullable(),
  idNumber: z.string().nullable(),
  certificateNumber: z.string().nullable(),
  phone: z.string().nullable(),
  /** Known, and shown only on asking. */
  hasAddress: z.boolean(),
  town: z.string().nullable(),
  village: z.string().nullable(),
  householdDivision: z.string().nullable(),
  guardian: z.object({ name: z.string(), relation: z.string().nullable() }).nullable(),
  listedOn: Day,
});
export type MaskedIdentity = z.infer<typeof MaskedIdentity>;

export const Revealed = z.object({
  name: z.string(),
  idNumber: z.string().nullable(),
  certificateNumber: z.string().nullable(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  guardian: Guardian.nullable(),
});
export type Revealed = z.infer<typeof Revealed>;

export const Episode = z.object({
  episode: z.int(),
  stage: Stage,
  stageOn: Day,
  site: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  appliedOn: dayOrNull,
  registeredOn: dayOrNull,
  referredOn: dayOrNull,
  queuedOn: dayOrNull,
  acceptedOn: dayOrNull,
  inServiceOn: dayOrNull,
  endedOn: dayOrNull,
});
export type Episode = z.infer<typeof Episode>;

export const FactLine = z.object({
  kind: FactKeySchema,
  /** The one that stands first, the others as they were said before or elsewhere. */
  said: z.array(RecordedFact.omit({ kind: true })).min(1),
  /** Sources disagree about what does not change by itself. */
  conflict: z.boolean(),
  /** Not for this role: said, but its content is left out. */
  hidden: z.boolean(),
});
export type FactLine = z.infer<typeof FactLine>;

export const FilePage = z.object({
  id: z.uuid(),
  county: z.string(),
  level: z.enum(['full', 'minimum']),
  identity: MaskedIdentity,
  linkedTo: z.uuid().nullable(),
  linked: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      sex: Sex.or(z.literal('unknown')),
      birthDate: dayOrNull,
      idNumber: z.string().nullable(),
      listedOn: Day,
      sources: z.array(z.string()),
    }),
  ),
  file: Episode,
  earlier: z.array(Episode),
  /** The day from which no consent of this episode is valid any more. */
  endedOn: dayOrNull,
  next: NextStep.nullable(),
  /** The application to review or the referral to answer, where the next step is about one. */
  waiting: z.uuid().nullable(),
  clock: DutyClock.nullable(),
  facts: z.array(FactLine),
  screening: RecordedScreening.nullable(),
  /** Classes of data that the reader's office does not need: absent here, and refused where they are asked for. */
  withheld: z.array(FieldClass),
  /** Set where the person's data is closed to all use, or deleted. */
  closure: Closure.nullable(),
  /** Null before registration, for who does not see the whole file, and where no document names steps. */
  process: ProcessSteps.nullable(),
  placements: z.array(
    z.object({ town: z.string().nullable(), site: z.string().nullable(), fromOn: Day, untilOn: dayOrNull }),
  ),
});
export type FilePage = z.infer<typeof FilePage>;

export const TimelineRow = z.object({
  id: z.uuid(),
  type: z.string(),
  summary: z.string(),
  on: Day,
  at: z.string(),
  actor: z.string(),
  role: Role,
  organisation: z.string().nullable(),
  status: z.enum(['standing', 'corrected', 'voided']),
  /** Of another record of the same human. */
  linked: z.boolean(),
  detail: z.string().nullable(),
});
export type TimelineRow = z.infer<typeof TimelineRow>;

/** What a person is, or is on record as: two sources that differ are a conflict. The rest (risk, stability …) changes with time. */
const lasting: ReadonlySet<FactKey> = new Set<FactKey>([
  'birthDate',
  'sex',
  'householdDivision',
  'residenceDivision',
  'diagnosis',
  'certificate',
  'severe',
]);
/** A guardian's name is masked wherever it stands. */
const maskedValue = (kind: FactKey, value: RecordedFact['value']): RecordedFact['value'] =>
  kind === 'guardian' && isNamed(value) ? { ...value, name: maskName(value.name) } : value;
const isNamed = (value: unknown): value is { name: string } =>
  typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';

/** Facts by kind, in the order of `Facts`; `stored` comes newest first. */
export const groupFacts = (stored: readonly RecordedFact[], reader: Pick<Actor, 'role' | 'scope'>): FactLine[] =>
  FactKeySchema.options.flatMap((kind): FactLine[] => {
    const said = stored.filter((fact) => fact.kind === kind);
    if (!said.length) return [];
    const newestOf = new Map(said.toReversed().map((fact) => [fact.source, JSON.stringify(fact.value)]));
    // An office may need to know that something is on record, not what it is.
    const hidden = !mayReadFact(reader, kind);
    return [
      {
        kind,
        said: said.map(({ on, source, value }) => ({ on, source, value: hidden ? null : maskedValue(kind, value) })),
        conflict: !hidden && lasting.has(kind) && new Set(newestOf.values()).size > 1,
        hidden,
      },
    ];
  });
