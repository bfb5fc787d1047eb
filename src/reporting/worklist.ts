// The work to do: its kinds, whose they are, and where one click leads.
import { z } from 'zod';
import { type Actor, type Role, reachOf } from '../kernel/access.ts';
import { DutyClock } from '../referral/clock.ts';

/** In the order of the screen where nothing is overdue: along the way of a person, then reports and targets. */
export const WorkKind = z.enum([
  'opening',
  'censusReview',
  'screening',
  'applicationReview',
  'referralSend',
  'referralReceive',
  'queueReview',
  'teamAssessment',
  'consentEnded',
  'consentEnding',
  'papers',
  'sessionsShort',
  'planReview',
  'exchange',
  'meetingTask',
  'report',
  'duty',
  'target',
]);
export type WorkKind = z.infer<typeof WorkKind>;

/** Where to do it: a path of the web app with its query. */
export const WorkLink = z.object({ path: z.string(), search: z.record(z.string(), z.string()) });
export type WorkLink = z.infer<typeof WorkLink>;

export const WorkRow = z.object({
  key: z.string(),
  /** A masked name, or that of a place. */
  name: z.string(),
  /** Town or organisation. */
  place: z.string(),
  /** Process steps, figures or answers that are missing, by key; `short:2` is two sessions short of the month's. */
  missing: z.array(z.string()),
  /** Null where no document sets a time. */
  clock: DutyClock.nullable(),
  link: WorkLink,
});
export type WorkRow = z.infer<typeof WorkRow>;

export const WorkGroup = z.object({
  kind: WorkKind,
  total: z.int(),
  overdue: z.int(),
  clauses: z.array(z.string()),
  rows: z.array(WorkRow),
});
export type WorkGroup = z.infer<typeof WorkGroup>;

const countyOffice: readonly WorkKind[] = [
  'opening',
  'censusReview',
  'screening',
  'applicationReview',
  'referralSend',
  'queueReview',
  'consentEnded',
  'consentEnding',
  'exchange',
  'meetingTask',
  'report',
  'duty',
];
/** A town or street: the visits and the reports that are its own, and who is still short of sessions (QS-09). */
const townOffice: readonly WorkKind[] = [
  ...countyOffice.filter((kind) => kind !== 'exchange' && kind !== 'report' && kind !== 'duty'),
  'sessionsShort',
  'report',
  'duty',
];
const provider: readonly WorkKind[] = [
  'referralReceive',
  'queueReview',
  'teamAssessment',
  'consentEnded',
  'consentEnding',
  'papers',
  'sessionsShort',
  'planReview',
];
const ofRole: Partial<Record<Role, readonly WorkKind[]>> = {
  health: ['screening', 'exchange', 'meetingTask', 'duty'],
  federation: ['exchange', 'meetingTask'],
  publicSecurity: ['exchange'],
  hospital: ['referralReceive', 'queueReview', 'teamAssessment'],
  centre: provider,
  site: provider,
  village: ['screening', 'meetingTask', 'duty'],
};

/** What waits for the actor: a county's office handles persons, a city's watches counties and their reports. */
export const kindsFor = ({ role, scope }: Pick<Actor, 'role' | 'scope'>): readonly WorkKind[] => {
  if (role === 'civilAffairs' && scope.length === 9) return townOffice;
  if (role === 'civilAffairs') return scope.length === 6 ? countyOffice : ['target', 'meetingTask', 'report', 'duty'];
  const kinds = ofRole[role] ?? [];
  if (reachOf({ role, scope }) === 'figures') return kinds.filter((kind) => kind === 'meetingTask');
  // The exchange is between the departments of a county.
  return scope.length === 6 ? kinds : kinds.filter((kind) => kind !== 'exchange');
};

export const workClauses: Readonly<Record<WorkKind, readonly string[]>> = {
  opening: [],
  censusReview: ['BZ-06'],
  screening: ['BZ-07'],
  applicationReview: ['BZ-10'],
  referralSend: ['BZ-12'],
  referralReceive: ['BZ-12'],
  queueReview: ['BZ-13'],
  teamAssessment: ['BZ-11'],
  consentEnded: ['BZ-14'],
  consentEnding: ['BZ-14'],
  papers: ['BZ-14', 'QS-08'],
  sessionsShort: ['BZ-02'],
  planReview: ['BZ-18', 'QS-08'],
  exchange: ['CM-07'],
  meetingTask: ['AL-14', 'CM-03'],
  report: ['BZ-32'],
  // Each row names its own.
  duty: [],
  target: ['BZ-01', 'BZ-02', 'BZ-17', 'BZ-21', 'QS-03', 'QS-04', 'AL-02', 'AL-08'],
};

const to = (path: string, search: Record<string, string> = {}): WorkLink => ({ path, search });

/** One click from a row to the act. `id` is what `kind` is about, `person` the person behind. */
export const linkOf = (kind: WorkKind, { id, person }: { id: string; person: string | null }): WorkLink => {
  const of = person ?? id;
  const links: Readonly<Record<WorkKind, WorkLink>> = {
    opening: to('/openings'),
    censusReview: to(`/census/${id}`),
    screening: to(`/persons/${of}/screening`),
    applicationReview: to(`/applications/${id}`),
    referralSend: to('/referrals/new', { person: of }),
    referralReceive: to(`/referrals/${id}`),
    queueReview: to(`/referrals/${id}`),
    teamAssessment: to(`/persons/${of}/team-assessment`),
    consentEnded: person === null ? to('/sessions') : to(`/persons/${of}`),
    consentEnding: to(`/persons/${of}/papers`),
    papers: to(`/persons/${of}/papers`),
    sessionsShort: to('/sessions/new'),
    planReview: to(`/persons/${of}/plan`),
    exchange: to(`/exchanges/${id}`),
    meetingTask: to(`/meetings/${id}`),
    report: to(`/reports/${id}`),
    duty: to('/duties', { view: 'late' }),
    target: to('/indicators', { area: id }),
  };
  return links[kind];
};

/** Overdue, or due by tomorrow, or neither. */
const pressureOf = ({ overdue, rows }: WorkGroup): number => {
  if (overdue > 0) return 2;
  return Number(rows.some(({ clock }) => clock !== null && clock.left <= 1));
};

/** What the county is told before all else, then what is most pressing: what is overdue or due by tomorrow, then along the way. */
export const orderGroups = (groups: readonly WorkGroup[]): WorkGroup[] =>
  groups
    .filter(({ total }) => total > 0)
    .sort(
      (a, b) =>
        Number(b.kind === 'opening') - Number(a.kind === 'opening') ||
        pressureOf(b) - pressureOf(a) ||
        WorkKind.options.indexOf(a.kind) - WorkKind.options.indexOf(b.kind),
    );
