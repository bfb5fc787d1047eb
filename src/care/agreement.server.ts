// Signing and withdrawing consent, signing the agreement, and what stands for persons on a day.
import { getNeeds } from '../assessment/assessment.server.ts';
import { ageOn } from '../kernel/calendar.ts';
import { type Tx, withCountyReach } from '../kernel/database.ts';
import { type EntryDraft, personSubject } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import { getOrganisation } from '../network/organisation.server.ts';
import { getMovable, getPersonAndFile } from '../person/file.server.ts';
import { maskName } from '../person/identity.ts';
import { checkFullSight } from '../person/sight.server.ts';
import type { Ctx, Handlers } from '../policy/context.ts';
import type { agreementApi, consentApi, papersApi } from './agreement.api.ts';
import { findConsent, findServicePapers, listAgreements, listConsents } from './agreement.sql.ts';
import {
  agreementSigned,
  type ConsentView,
  checkConsent,
  checkPeriod,
  checkStarted,
  checkWithdrawal,
  consentSigned,
  consentWithdrawn,
  nextPaper,
  type ServicePapers,
} from './agreement.ts';
import { findPapersRule } from './papers-rule.ts';
import { listPlans } from './plan.sql.ts';

/**
 * What stands on a day for each of these persons of a county, in one statement: valid consent and agreement, baseline, plan in
 * force, each as an id or null. Papers of an earlier episode do not count. Every person asked for is in the map.
 */
export const getServicePapers = async (
  tx: Tx,
  county: string,
  persons: readonly string[],
  on: string,
): Promise<ReadonlyMap<string, ServicePapers>> =>
  new Map((await findServicePapers(tx, county, persons, on)).map((papers) => [papers.person, papers]));

/** As `getServicePapers`, for one person. */
export const getServicePapersOf = async (tx: Tx, county: string, person: string, on: string): Promise<ServicePapers> =>
  (await getServicePapers(tx, county, [person], on)).get(person) ?? {
    person,
    consent: null,
    agreement: null,
    baseline: null,
    plan: null,
  };

/** The consent of the file's episode that is valid on a day. */
export const findStandingConsent = async (
  tx: Tx,
  { county, person }: { readonly county: string; readonly person: string },
  on: string,
): Promise<ConsentView | undefined> => {
  const { consent } = await getServicePapersOf(tx, county, person, on);
  return consent === null ? undefined : findConsent(tx, consent);
};

const maskSigner = <T extends { signer: string }>(row: T): T => ({ ...row, signer: maskName(row.signer) });

export const papersHandlers: Handlers<typeof papersApi> = {
  get: async (tx, ctx, input) => {
    const on = input.on ?? ctx.today;
    const { person, file } = await getPersonAndFile(tx, input.person);
    await checkFullSight(tx, ctx.actor, person);
    const papers = await getServicePapersOf(tx, file.county, person.id, on);
    const site = file.site === null ? null : await getOrganisation(tx, file.site);
    const { guardian } = person;
    const rule = findPapersRule(ctx.packs, file.town ?? file.county, on);
    return {
      on,
      name: maskName(person.name),
      guardian: guardian ? { name: maskName(guardian.name), relation: guardian.relation ?? null } : null,
      age: person.birthDate === null ? null : ageOn(person.birthDate, on),
      stage: file.stage,
      acceptedOn: file.acceptedOn,
      site: site && { id: site.id, name: site.name, phone: site.phone },
      papers,
      rule: rule ? { clause: [...rule.clauses], endedOn: rule.endedOn } : null,
      next: nextPaper(papers),
      consents: (await listConsents(tx, file.county, person.id)).map(maskSigner),
      agreements: (await listAgreements(tx, file.county, person.id)).map(maskSigner),
      plans: await listPlans(tx, file.county, person.id),
      needs: await getNeeds(tx, file.county, person.id, on),
    };
  },
};

/** Whoever registers that a consent ends, or one that has ended since, loses sight of the person by it, before all is written and read. */
const appendSwitching = <T>(tx: Tx, ctx: Ctx, draft: EntryDraft, after?: () => Promise<T>) =>
  withCountyReach(
    tx,
    async () => {
      await ctx.journal.append(tx, ctx, [draft]);
      return after?.() as Promise<T>;
    },
    draft.county,
  );

export const consentHandlers: Handlers<typeof consentApi> = {
  sign: async (tx, ctx, { id, person, on, ...body }) => {
    const { file } = await getMovable(tx, person, 'consent.sign');
    checkStarted(file, on, ['BZ-14']);
    checkPeriod(on, body);
    checkConsent(body, on);
    const draft = consentSigned.draft({ id, county: file.county, on, subjects: [personSubject(person)], body });
    await appendSwitching(tx, ctx, draft);
    return { id };
  },

  withdraw: async (tx, ctx, { id, on, ...body }) => {
    const consent = await findConsent(tx, body.consent);
    if (!consent) throw new Refusal('notFound', '没有找到这份同意书。', { kind: 'absent' });
    const { file } = await getMovable(tx, consent.person, 'consent.withdraw');
    checkWithdrawal(consent, on);
    const subjects = [personSubject(consent.person)];
    const draft = consentWithdrawn.draft({ id, county: file.county, on, subjects, body });
    return appendSwitching(tx, ctx, draft, async () => ({
      stage: (await getPersonAndFile(tx, consent.person)).file.stage,
    }));
  },
};

export const agreementHandlers: Handlers<typeof agreementApi> = {
  sign: async (tx, ctx, { id, person, on, ...terms }) => {
    const { file } = await getMovable(tx, person, 'agreement.sign');
    checkStarted(file, on, ['BZ-14']);
    checkPeriod(on, terms);
    if (file.site === null) throw new Error(`file ${file.id} is accepted by no organisation`);
    const body = { ...terms, organisation: file.site };
    const draft = agreementSigned.draft({ id, county: file.county, on, subjects: [personSubject(person)], body });
    await ctx.journal.append(tx, ctx, [draft]);
    return { id };
  },
};
