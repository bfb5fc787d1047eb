// The slow, obvious definition of the outcomes of a cohort (AL-17): relapse, self-care, work. What counts is our reading, and marked as such.
import { addDays, addMonths, type Day } from '../kernel/calendar.ts';

/** Why somebody counts as having relapsed: service paused, in hospital, or a danger of level 3 and above. */
export type Relapse = 'paused' | 'hospital' | 'risk';
/** From this level on the standard of 2018 has the police told; no document says where relapse begins. */
export const relapseRisk = 3;
/** The six items of self-care of the ADL scale (instruments/adl.yaml); its other eight ask for shopping, money and the like. */
export const selfCareItems = ['toilet', 'eating', 'dressing', 'grooming', 'walking', 'bathing'];
/** "Some difficulty"; 3 needs help. */
export const selfCaringAtMost = 2;

/** Whether the answers to the scale are of somebody who needs no help to care for himself or herself; undefined: not all answered. */
export const isSelfCaring = (answers: Readonly<Record<string, number>>): boolean | undefined => {
  const given = selfCareItems.map((item) => answers[item]);
  return given.includes(undefined) ? undefined : given.every((answer) => (answer ?? 0) <= selfCaringAtMost);
};
/** Outcomes are those of the year that ends on the day. */
export const outcomeMonths = 12;

/** One stay in service, with all that outcomes look at, entered at any time. */
export interface ServiceStay {
  /** The first session of the episode. */
  readonly enteredOn: Day;
  readonly leftOn?: Day | undefined;
  /** How it ended. */
  readonly end?: 'job' | 'gone' | 'other' | undefined;
}

export interface OutcomeHistory {
  /** In the order of episodes. */
  readonly stays: readonly ServiceStay[];
  readonly relapses: readonly { readonly on: Day; readonly what: Relapse }[];
  /** Each time it was said whether the person cares for himself or herself; of one day the last one holds. */
  readonly selfCare: readonly { readonly on: Day; readonly caring: boolean }[];
}

/** The first day of the year that ends on `on`. */
export const outcomesFrom = (on: Day): Day => addDays(addMonths(on, -outcomeMonths), 1);
/** The last day of entry into service of the cohort. */
export const enteredBy = (afterMonths: number, on: Day): Day => addMonths(on, -afterMonths);

/**
 * The stay by which a person belongs to the cohort of a day: the newest that began so many months before or earlier and had not ended
 * before the year to the day. Whoever has died or moved away by the day cannot be asked any more, and does not belong.
 */
export function findCohortStay(afterMonths: number, history: OutcomeHistory, on: Day): ServiceStay | undefined {
  const stay = history.stays.findLast(
    ({ enteredOn, leftOn }) =>
      enteredOn <= enteredBy(afterMonths, on) && (leftOn === undefined || leftOn >= outcomesFrom(on)),
  );
  const gone = stay?.end === 'gone' && stay.leftOn !== undefined && stay.leftOn <= on;
  return gone ? undefined : stay;
}

export interface Outcome {
  /** Relapsed, cares for himself or herself, or works. */
  readonly counts: boolean;
  /** Nothing was recorded that would tell; the person is then in no denominator. */
  readonly unknown: boolean;
}

const saidLast = (history: OutcomeHistory, on: Day) =>
  history.selfCare
    .filter((said) => said.on <= on)
    .reduce<{ on: Day; caring: boolean } | undefined>(
      (last, said) => (last === undefined || said.on >= last.on ? said : last),
      undefined,
    );

/** What came of a person of the cohort by the day, with what was known on the day of entry. */
export const outcomes = {
  /** After the day of entry, within the year to the day. */
  relapseRate: ({ enteredOn }: ServiceStay, { relapses }: OutcomeHistory, on: Day): Outcome => ({
    counts: relapses.some((one) => one.on > enteredOn && one.on >= outcomesFrom(on) && one.on <= on),
    unknown: false,
  }),
  selfCareRate: (_: ServiceStay, history: OutcomeHistory, on: Day): Outcome => {
    const last = saidLast(history, on);
    return { counts: last?.caring ?? false, unknown: last === undefined };
  },
  employmentRate: ({ leftOn, end }: ServiceStay, _: OutcomeHistory, on: Day): Outcome => ({
    counts: end === 'job' && leftOn !== undefined && leftOn <= on,
    unknown: false,
  }),
};
export type OutcomeMeasure = keyof typeof outcomes;

/** Whether the person cared for himself or herself by the last record of the day of entry or before. */
export const caredAtEntry = ({ enteredOn }: ServiceStay, history: OutcomeHistory): boolean =>
  saidLast(history, enteredOn)?.caring ?? false;
