// Applications for community rehabilitation and their review (BZ-10; national clock: first check within 5 working days).
import { z } from 'zod';
import { type Day, Town } from '../kernel/contract.ts';
import { defineEntry, type Entry, type EntryFinding } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { Identity, RecordedFact } from '../person/person.ts';

/** The three routes: own (client or guardian), a medical institution's advice (BZ-09), anyone else on their behalf. */
export const ApplicationRoute = z.enum(['self', 'guardian', 'hospital', 'other']);
export type ApplicationRoute = z.infer<typeof ApplicationRoute>;

/** What the applicant says, the same on paper, at the counter and on the public page. */
export const applicationFields = {
  route: ApplicationRoute,
  applicant: z.string().trim().min(1, '请填写申请人').max(60).meta({ sealed: true }),
  relation: z.string().trim().max(20).optional(),
  phone: z.string().trim().max(20).optional().meta({ sealed: true }),
  needs: z.string().trim().max(500).optional().meta({ sealed: true }),
  clientWilling: z.boolean(),
  guardianWilling: z.boolean().optional(),
};

export const applicationSubmitted = defineEntry({
  type: 'application.submit',
  summary: '提出申请',
  body: z.object({ ...applicationFields, town: Town.optional(), facts: z.array(RecordedFact) }),
});

export const ReviewDecision = z.enum(['registered', 'returned', 'refused']);
export type ReviewDecision = z.infer<typeof ReviewDecision>;

export const applicationReviewed = defineEntry({
  type: 'application.review',
  summary: '审核登记',
  body: z.object({
    application: z.uuid(),
    decision: ReviewDecision,
    reason: z.string().max(500).optional().meta({ sealed: true }),
  }),
});

export const applicationEntries = [applicationSubmitted, applicationReviewed];

/** What a member of the public must say of the person, so that somebody can reach them; the rest is asked at the visit. */
const PublicIdentity = Identity.pick({
  name: true,
  sex: true,
  birthDate: true,
  idNumber: true,
  phone: true,
  address: true,
}).extend({ town: Town });

/** The public page's form: a telephone number so that somebody can call back, and the notice on data, read (PIPL 17, 29). */
export const PublicApplication = z.object({
  identity: PublicIdentity,
  ...applicationFields,
  phone: z.string().trim().min(5, '联系电话不完整').max(20),
  informed: z.literal(true, '请先阅读并勾选信息处理告知'),
});

/** An application as stored. `decision` is null while it waits; `closed`: the person's file ended before a decision. */
export interface Application {
  readonly county: string;
  readonly id: string;
  readonly person: string;
  readonly route: ApplicationRoute;
  readonly applicant: string;
  readonly relation: string | null;
  readonly phone: string | null;
  readonly needs: string | null;
  readonly clientWilling: boolean;
  readonly guardianWilling: boolean | null;
  readonly receivedOn: Day;
  readonly decision: ReviewDecision | 'closed' | null;
  readonly decidedOn: Day | null;
  readonly reason: string | null;
}

const decided = (
  applications: readonly Application[],
  which: (application: Application) => boolean,
  decision: Pick<Application, 'decision' | 'decidedOn' | 'reason'>,
): readonly Application[] => applications.map((one) => (which(one) ? { ...one, ...decision } : one));

/** Folds one entry about `person` into that person's applications. `file.close` ends what waits. */
export const foldApplications = (
  applications: readonly Application[],
  entry: Entry,
  person: string,
): readonly Application[] => {
  const { id, county, on } = entry;
  if (applicationSubmitted.is(entry)) {
    const { route, applicant, clientWilling, relation = null, phone = null, needs = null } = entry.body;
    const said = { route, applicant, clientWilling, relation, phone, needs };
    const guardianWilling = entry.body.guardianWilling ?? null;
    const open = { receivedOn: on, decision: null, decidedOn: null, reason: null };
    return [...applications.filter((one) => one.id !== id), { ...said, guardianWilling, ...open, county, id, person }];
  }
  if (applicationReviewed.is(entry)) {
    const { application, decision, reason = null } = entry.body;
    return decided(applications, (one) => one.id === application, { decision, decidedOn: on, reason });
  }
  const waiting = (one: Application): boolean => one.decision === null;
  return decided(applications, waiting, { decision: 'closed', decidedOn: on, reason: null });
};

/** What the applicant says of willingness, as facts that screening reads. */
export const willingnessFacts = (
  said: { readonly clientWilling: boolean; readonly guardianWilling?: boolean | undefined },
  on: Day,
): RecordedFact[] => {
  const fact = (kind: RecordedFact['kind'], value: boolean): RecordedFact => ({
    kind,
    on,
    value,
    source: 'application',
  });
  return [
    fact('clientWilling', said.clientWilling),
    ...(said.guardianWilling === undefined ? [] : [fact('guardianWilling', said.guardianWilling)]),
  ];
};

/** The number on the receipt, e.g. SQ-511902-20241114-3F9A01B2: made of the application itself, so nothing has to be kept. */
export const receiptNumber = ({ county, receivedOn, id }: Pick<Application, 'county' | 'receivedOn' | 'id'>): string =>
  `SQ-${county}-${receivedOn.replaceAll('-', '')}-${id.slice(-8).toUpperCase()}`;

/** The newest screening as a review needs it; `open` says in words what is unmet or unknown. */
export interface NewestScreening {
  readonly outcome: 'eligible' | 'ineligible' | 'unknown';
  readonly on: Day;
  readonly open: readonly string[];
  readonly clause: readonly string[];
}

interface Screened {
  readonly outcome: NewestScreening['outcome'];
  readonly on: Day;
  readonly findings: readonly EntryFinding[];
}

/** What a screening leaves open. One from before `sinceOn` belongs to a former episode and counts for nothing. */
export const readScreening = (screening: Screened | undefined, sinceOn: Day): NewestScreening | undefined => {
  if (!screening || screening.on < sinceOn) return undefined;
  const wanted = screening.outcome === 'ineligible' ? 'unmet' : 'unknown';
  const open = screening.findings.filter(({ outcome }) => outcome === wanted);
  return {
    outcome: screening.outcome,
    on: screening.on,
    open: open.map(({ because }) => because),
    clause: [...new Set(open.flatMap(({ clause }) => clause))],
  };
};

/** Refuses to register whom the newest screening does not find eligible (BZ-07), and a decision against the applicant without a reason. */
export const checkReview = (
  decision: ReviewDecision,
  reason: string | undefined,
  screening: NewestScreening | undefined,
): void => {
  if (decision !== 'registered') {
    if (reason) return;
    throw new Refusal('reasonMissing', '退回或不予登记须说明理由。', {
      kind: 'input',
      fields: { reason: '请填写理由' },
      cites: ['BZ-10'],
    });
  }
  const cites = screening?.clause.length ? screening.clause : ['BZ-07'];
  if (!screening) throw new Refusal('screeningIncomplete', '此人尚未筛查，先筛查再登记。', { cites });
  const open = screening.open.join('；');
  if (screening.outcome === 'ineligible')
    throw new Refusal('notEligible', `${screening.on} 的筛查结果为不符合条件，不能登记：${open}`, { cites });
  if (screening.outcome === 'unknown')
    throw new Refusal('screeningIncomplete', `${screening.on} 的筛查还有不清楚的条件，补充后重新筛查再登记：${open}`, {
      cites,
    });
};
