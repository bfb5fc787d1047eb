// Rows of consents and agreements: what is valid on a day, and the projection that writes them from entries.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import {
  type AgreementView,
  agreementSigned,
  type ConsentView,
  consentSigned,
  consentWithdrawn,
  type ServicePapers,
} from './agreement.ts';

/**
 * What stands for each person on a day, in one statement. Papers belong to the episode that is current on the day: what was signed
 * or assessed before its registration does not count, so a person who comes back signs and is assessed anew.
 */
export const findServicePapers = async (
  tx: Tx,
  county: string,
  persons: readonly string[],
  on: string,
): Promise<ServicePapers[]> => {
  // Materialized, or the planner works out `since` once more for each paper.
  const { rows } = await sql<ServicePapers>`
    with w as materialized (
      select t.person, (select f.registered_on from file f where f.county = ${county} and f.person = t.person and f.registered_on <= ${on}
        order by f.episode desc limit 1) as since
      from unnest(${[...persons]}::uuid[]) as t(person))
    select w.person,
      (select c.id from consent c where c.county = ${county} and c.person = w.person and c.signed_on >= w.since and c.from_on <= ${on}
        and (c.until_on is null or c.until_on >= ${on}) and (c.withdrawn_on is null or c.withdrawn_on > ${on})
        order by c.from_on desc, c.id desc limit 1) as consent,
      (select a.id from agreement a where a.county = ${county} and a.person = w.person and a.signed_on >= w.since and a.from_on <= ${on}
        and (a.until_on is null or a.until_on >= ${on}) order by a.from_on desc, a.id desc limit 1) as agreement,
      (select s.id from assessment s where s.county = ${county} and s.person = w.person and s.kind = 'baseline'
        and s.happened_on between w.since and ${on} order by s.happened_on desc, s.id desc limit 1) as baseline,
      (select l.id from plan l where l.county = ${county} and l.person = w.person and l.made_on >= w.since and l.from_on <= ${on}
        and (l.until_on is null or l.until_on >= ${on}) and (l.superseded_on is null or l.superseded_on > ${on})
        order by l.from_on desc, l.id desc limit 1) as plan
    from w`.execute(tx);
  return rows;
};

const consentColumns = sql`id, signed_on as "signedOn", signed_by as "signedBy", signer, from_on as "fromOn", until_on as "untilOn",
  withdrawn_on as "withdrawnOn", version, purposes, recipients`;

/** Every consent of a person, newest first. */
export const listConsents = async (tx: Tx, county: string, person: string): Promise<ConsentView[]> => {
  const { rows } = await sql<ConsentView>`select ${consentColumns} from consent
    where county = ${county} and person = ${person} order by signed_on desc, id desc`.execute(tx);
  return rows;
};

/** Every agreement of a person, newest first. */
export const listAgreements = async (tx: Tx, county: string, person: string): Promise<AgreementView[]> => {
  const { rows } = await sql<AgreementView>`
    select a.id, a.organisation, o.name as "organisationName", a.signed_on as "signedOn", a.signed_by as "signedBy", a.signer,
      a.from_on as "fromOn", a.until_on as "untilOn", a.frequency, a.items, a.price::float8 as price
    from agreement a left join organisation o on o.id = a.organisation
    where a.county = ${county} and a.person = ${person} order by a.signed_on desc, a.id desc`.execute(tx);
  return rows;
};

/** A consent whose person the actor sees, or undefined. */
export const findConsent = async (tx: Tx, id: string): Promise<(ConsentView & { person: string }) | undefined> => {
  const { rows } = await sql<ConsentView & { person: string }>`
    select person, ${consentColumns} from consent where id = ${id}`.execute(tx);
  return rows[0];
};

/** One row per person that an entry is about, with the entry's own fields first. */
const rowsOf = (entries: readonly Entry[]): object[] =>
  entries.flatMap((entry) =>
    subjectIds(entry, 'person').map((person) => ({
      ...(entry.body as object),
      county: entry.county,
      id: entry.id,
      person,
      signedOn: entry.on,
    })),
  );

const insertConsents = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  await sql`
    insert into consent (county, id, person, signed_on, signed_by, signer, from_on, until_on, version, purposes, recipients)
    select county, id, person, "signedOn", "signedBy", signer, "fromOn", "untilOn", version, purposes, recipients
    from json_to_recordset(${JSON.stringify(rowsOf(entries))}::json) as t(county text, id uuid, person uuid, "signedOn" date, "signedBy" text, signer text,
      "fromOn" date, "untilOn" date, version text, purposes text[], recipients text[])
    on conflict (county, id) do update set signed_on = excluded.signed_on, signed_by = excluded.signed_by, signer = excluded.signer,
      from_on = excluded.from_on, until_on = excluded.until_on, version = excluded.version, purposes = excluded.purposes,
      recipients = excluded.recipients`.execute(tx);
};

const withdrawConsents = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  await sql`
    update consent c set withdrawn_on = least(c.withdrawn_on, t.first)
    from (select county, person, consent, min("signedOn") as first
      from json_to_recordset(${JSON.stringify(rowsOf(entries))}::json) as t(county text, person uuid, consent uuid, "signedOn" date)
      group by county, person, consent) t
    where c.county = t.county and c.id = t.consent and c.person = t.person`.execute(tx);
};

const insertAgreements = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  await sql`
    insert into agreement (county, id, person, organisation, signed_on, signed_by, signer, from_on, until_on, frequency, items, price)
    select county, id, person, organisation, "signedOn", "signedBy", signer, "fromOn", "untilOn", frequency, items, price
    from json_to_recordset(${JSON.stringify(rowsOf(entries))}::json) as t(county text, id uuid, person uuid, organisation uuid, "signedOn" date, "signedBy" text,
      signer text, "fromOn" date, "untilOn" date, frequency int, items text[], price numeric)
    on conflict (county, id) do update set organisation = excluded.organisation, signed_on = excluded.signed_on, signed_by = excluded.signed_by,
      signer = excluded.signer, from_on = excluded.from_on, until_on = excluded.until_on, frequency = excluded.frequency,
      items = excluded.items, price = excluded.price`.execute(tx);
};

export const agreementProjection: Projection = {
  types: [consentSigned.type, consentWithdrawn.type, agreementSigned.type],
  tables: [
    { name: 'consent', kind: 'person', column: 'person' },
    { name: 'agreement', kind: 'person', column: 'person' },
  ],
  apply: async (tx, entries) => {
    const of = (type: string): Entry[] => entries.filter((entry) => entry.type === type);
    const consents = of(consentSigned.type);
    if (consents.length) await insertConsents(tx, consents);
    const withdrawals = of(consentWithdrawn.type);
    if (withdrawals.length) await withdrawConsents(tx, withdrawals);
    const agreements = of(agreementSigned.type);
    if (agreements.length) await insertAgreements(tx, agreements);
  },
};
