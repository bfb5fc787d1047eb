// The slow, obvious definition of the measures of institutions, staff, sites, persons served, and persons who live at home.
import { type Day, firstDayOf, yearOf } from '../kernel/calendar.ts';
import type { LivesAt } from './facts.ts';
import {
  type EpisodeHistory,
  holdsOn,
  type InstitutionParams,
  isRegistered,
  type Qualification,
  type ServiceCondition,
  type ServiceRateParams,
  type Span,
  serviceConditions,
} from './measure.ts';
import type { ProviderFunction } from './standard.ts';

/** The institutions that a county must have and lacks (BZ-17, AL-08), given the functions of those open on the day; empty: it counts. */
export const missingInstitutions = (
  { each }: InstitutionParams,
  open: readonly { readonly functions: readonly ProviderFunction[] }[],
): string[] => each.filter((line) => !open.some((one) => isInstitution(line, one.functions))).map(({ name }) => name);

/** Whether the functions are those of one of the asked institutions: one that has all of them. */
export const isInstitution = (
  line: InstitutionParams['each'][number],
  functions: readonly ProviderFunction[],
): boolean => line.functions.every((one) => functions.includes(one));

/** A member of staff: employed until the day before `leftOn`, with the backgrounds recorded, in the order of recording. */
export interface StaffHistory {
  readonly joinedOn: Day;
  readonly leftOn?: Day | undefined;
  readonly qualifications: readonly { readonly fromOn: Day; readonly kind: Qualification }[];
}

export const isEmployed = ({ joinedOn, leftOn }: StaffHistory, on: Day): boolean =>
  joinedOn <= on && (leftOn === undefined || on < leftOn);

/** The background that holds on the day; of those that begin on one day the last recorded. */
export const findQualification = ({ qualifications }: StaffHistory, on: Day): Qualification | undefined =>
  qualifications
    .filter(({ fromOn }) => fromOn <= on)
    .reduce<StaffHistory['qualifications'][number] | undefined>(
      (last, one) => (last === undefined || one.fromOn >= last.fromOn ? one : last),
      undefined,
    )?.kind;

export const firstDayOfYear = (on: Day): Day => firstDayOf(`${yearOf(on)}-01`);

/** QS-01: a site that opened in the year of the day and is still open. */
export const isNewSite = (open: Span, on: Day): boolean => firstDayOfYear(on) <= open.fromOn && holdsOn(open, on);

/** QS-02: a person who came to so many sessions, standardized or other, from the first of January to the day. */
export const isServed = (minimumSessions: number, sessions: readonly { readonly on: Day }[], on: Day): boolean =>
  sessions.filter((session) => firstDayOfYear(on) <= session.on && session.on <= on).length >= minimumSessions;

/** A listed person: where he or she lives, by facts in their order, and the episodes. */
export interface ListedHistory {
  readonly listedOn: Day;
  readonly livesAt: readonly { readonly on: Day; readonly value: LivesAt }[];
  /** From this day on the person has died or moved away, until a new episode begins. */
  readonly gone: readonly Span[];
  readonly episodes: readonly EpisodeHistory[];
}

export type HomeCondition = ServiceCondition | 'registration';
export interface HomeAnswer {
  /** Undefined: nothing says where the person lives. */
  readonly atHome: boolean | undefined;
  readonly counts: boolean;
  readonly missing: readonly HomeCondition[];
}

/**
 * 民发〔2017〕167号 (DOMAIN 1.2, denominator trap): whether a listed person who is here on the day lives at home, and receives standardized
 * service. Undefined where the person is not listed yet, has died or moved away.
 */
export function findAtHome(params: ServiceRateParams, history: ListedHistory, on: Day): HomeAnswer | undefined {
  if (history.listedOn > on || history.gone.some((span) => holdsOn(span, on))) return undefined;
  const lives = history.livesAt
    .filter((fact) => fact.on <= on)
    .reduce<ListedHistory['livesAt'][number] | undefined>(
      (last, fact) => (last === undefined || fact.on >= last.on ? fact : last),
      undefined,
    );
  const episode = history.episodes.find((one) => isRegistered(one, on));
  const answer = episode
    ? serviceConditions(params, episode, on)
    : { counts: false, missing: ['registration' as const] };
  return { atHome: lives && lives.value === 'home', ...answer };
}
