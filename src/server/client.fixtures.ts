// Builders of named states: `aClient().registered('2024-01-15').accepted(site, …).withPapers(…)` gives the drafts to record.

import { uuidv7 as newId } from 'uuidv7';
import { assessmentRecorded } from '../assessment/assessment.ts';
import { agreementSigned, consentSigned, planMade } from '../care/agreement.ts';
import { dischargeRecorded } from '../care/discharge.ts';
import { sessionRecorded } from '../care/session.ts';
import { type EntryDraft, personSubject } from '../kernel/entry.ts';
import { type OrganisationKind, organisationOpened, type Tier } from '../network/organisation.ts';
import { type Identity, personListed, type RecordedFact } from '../person/person.ts';
import type { ProviderFunction } from '../policy/standard.ts';
import { applicationReviewed, applicationSubmitted } from '../referral/application.ts';
import { referralAccepted, referralQueued, referralSent } from '../referral/referral.ts';

export interface ClientOptions {
  readonly county?: string;
  readonly town?: string;
  readonly on?: string;
  readonly identity?: Partial<Identity>;
  readonly facts?: readonly RecordedFact[];
}

/** A person with the drafts that made it so far. Each step returns a new client; days are the caller's to keep in order. */
export interface Client {
  readonly person: string;
  readonly county: string;
  readonly drafts: readonly EntryDraft[];
  /** Id of the newest draft of a type. */
  idOf(type: string): string;
  applied(on: string, by?: { readonly applicant: string; readonly phone?: string }): Client;
  registered(on: string): Client;
  referred(organisation: string, on: string): Client;
  queued(organisation: string, on: string): Client;
  accepted(organisation: string, on: string): Client;
  /** Consent, agreement, baseline and plan, all from one day. */
  withPapers(organisation: string, on: string, only?: readonly Paper[]): Client;
  session(organisation: string, on: string, options?: { standardized?: boolean; startAt?: string }): Client;
  discharged(on: string): Client;
}
export type Paper = 'consent' | 'agreement' | 'baseline' | 'plan';

const papers = (client: Client, organisation: string, on: string): Record<Paper, EntryDraft> => {
  const base = () => ({ id: newId(), county: client.county, on, subjects: [personSubject(client.person)] });
  const signer = { signedBy: 'both' as const, signer: '王桂英', fromOn: on };
  return {
    consent: consentSigned.draft({
      ...base(),
      body: { ...signer, version: '1', purposes: ['康复服务'], recipients: [] },
    }),
    agreement: agreementSigned.draft({
      ...base(),
      body: { ...signer, organisation, frequency: 4, items: ['lifeSkills'], price: 0 },
    }),
    baseline: assessmentRecorded.draft({
      ...base(),
      body: { kind: 'baseline', assessor: '李敏', results: [], facts: [] },
    }),
    plan: planMade.draft({
      ...base(),
      body: {
        goals: [{ domain: 'lifeSkills', goal: '独立做饭', frequency: 4, responsible: '李敏' }],
        fromOn: on,
        reviewOn: on,
        agreed: true,
      },
    }),
  };
};

const withDrafts = (person: string, county: string, drafts: readonly EntryDraft[]): Client => {
  const base = (on: string) => ({ id: newId(), county, on, subjects: [personSubject(person)] });
  const add = (...more: EntryDraft[]): Client => withDrafts(person, county, [...drafts, ...more]);
  const idOf = (type: string): string => drafts.findLast((draft) => draft.type === type)?.id ?? newId();
  const client: Client = {
    person,
    county,
    drafts,
    idOf,
    applied: (on, by = { applicant: '本人' }) =>
      add(
        applicationSubmitted.draft({
          ...base(on),
          body: { route: 'self', ...by, clientWilling: true, guardianWilling: true, facts: [] },
        }),
      ),
    registered: (on) => {
      const applied = drafts.some((draft) => draft.type === applicationSubmitted.type) ? client : client.applied(on);
      const review = applicationReviewed.draft({
        ...base(on),
        body: { application: applied.idOf(applicationSubmitted.type), decision: 'registered' },
      });
      return withDrafts(person, county, [...applied.drafts, review]);
    },
    referred: (organisation, on) =>
      add(referralSent.draft({ ...base(on), body: { organisation, reason: 'firstReferral' } })),
    queued: (organisation, on) =>
      add(referralQueued.draft({ ...base(on), body: { organisation, referral: idOf(referralSent.type) } })),
    accepted: (organisation, on) => {
      const sent = drafts.some((draft) => draft.type === referralSent.type)
        ? client
        : client.referred(organisation, on);
      const accept = referralAccepted.draft({
        ...base(on),
        body: { organisation, referral: sent.idOf(referralSent.type) },
      });
      return withDrafts(person, county, [...sent.drafts, accept]);
    },
    withPapers: (organisation, on, only = ['consent', 'agreement', 'baseline', 'plan']) => {
      const all = papers(client, organisation, on);
      return add(...only.map((paper) => all[paper]));
    },
    session: (organisation, on, options = {}) =>
      add(
        sessionRecorded.draft({
          ...base(on),
          body: {
            organisation,
            kind: 'individual',
            domain: 'lifeSkills',
            standardized: options.standardized ?? true,
            startAt: options.startAt ?? '09:00',
            minutes: 60,
            leader: '李敏',
            absent: [],
          },
        }),
      ),
    discharged: (on) =>
      add(dischargeRecorded.draft({ ...base(on), body: { outcome: 'returnedHome', effect: 'improved' } })),
  };
  return client;
};

/** A listed person of Bazhou district, Dongcheng street, unless told otherwise. */
export const aClient = (options: ClientOptions = {}): Client => {
  const person = newId();
  const county = options.county ?? '511902';
  const town = options.town ?? `${county}001`;
  const listed = personListed.draft({
    id: newId(),
    county,
    on: options.on ?? '2024-01-02',
    subjects: [personSubject(person)],
    body: {
      identity: { name: '陈志远', sex: 'male', birthDate: '1985-03-07', town, ...options.identity },
      facts: [...(options.facts ?? [])],
    },
  });
  return withDrafts(person, county, [listed]);
};

/** An organisation of a kind: its id and the draft that opens it. */
export const anOrganisation = (
  kind: OrganisationKind,
  options: { division?: string; tier?: Tier; name?: string; capacity?: number; functions?: ProviderFunction[] } = {},
) => {
  const id = newId();
  const division = options.division ?? '511902001';
  const draft = organisationOpened.draft({
    id: newId(),
    county: division.slice(0, 6),
    on: '2023-01-05',
    subjects: [{ kind: 'organisation', id }],
    body: {
      division,
      kind,
      tier: options.tier ?? (kind === 'site' ? 'site' : kind === 'hospital' ? 'hospital' : 'office'),
      name: options.name ?? `东城${kind}`,
      functions: options.functions ?? [],
      ...(options.capacity === undefined ? {} : { capacity: options.capacity }),
    },
  });
  return { id, draft };
};
