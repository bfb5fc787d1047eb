// Rows of persons and their facts: reads for other slices, and the projection that writes them from entries.
import { sql } from 'kysely';
import { keysOf, type Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import { type Index, isHidden } from '../kernel/keys.ts';
import type { Projection } from '../kernel/projection.ts';
import { closureEntries, personErased, personReleased, personWithheld } from './closure.ts';
import {
  factsOf,
  type Identity,
  type personLinked,
  personListed,
  personUnlinked,
  personUpdated,
  type StoredFact,
} from './person.ts';
import { type Term, termsOf, wholeCertificate, wholeName, wholeNumber } from './person-search.ts';

export interface PersonRow {
  readonly county: string;
  readonly id: string;
  readonly name: string;
  readonly sex: Identity['sex'];
  readonly birthDate: string | null;
  readonly idNumber: string | null;
  readonly idKind: Identity['idKind'] | null;
  readonly certificateNumber: string | null;
  readonly phone: string | null;
  readonly address: string | null;
  readonly town: string | null;
  readonly village: string | null;
  readonly householdDivision: string | null;
  readonly guardian: Identity['guardian'] | null;
  readonly linkedTo: string | null;
  readonly listedOn: string;
}

export const personColumns = sql`county, id, name, sex, birth_date as "birthDate", id_number as "idNumber", id_kind as "idKind",
  certificate_number as "certificateNumber", phone, address, town, village, household_division as "householdDivision", guardian,
  linked_to as "linkedTo", listed_on as "listedOn"`;

/** A person whom the actor sees, in any of the actor's counties, or undefined. */
export const findPerson = async (tx: Tx, id: string): Promise<PersonRow | undefined> => {
  const { rows } = await sql<PersonRow>`select ${personColumns} from person where id = ${id}`.execute(tx);
  return rows[0];
};

/** Every fact of a person and of the records linked to it, newest first; of one day the later recorded first. */
export const listFacts = async (tx: Tx, county: string, person: string): Promise<StoredFact[]> => {
  const { rows } = await sql<StoredFact>`
    select f.kind, f.happened_on as "on", f.value, f.source, f.entry from fact f
    where f.county = ${county} and (f.person = ${person} or f.person in (select id from person where county = ${county} and linked_to = ${person}))
    order by f.happened_on desc, f.entry desc, f.position desc`.execute(tx);
  return rows;
};

interface IdentityChange {
  readonly county: string;
  readonly id: string;
  /** As the journal keeps it, sealed. */
  readonly sealed: Partial<Identity>;
  /** Opened, for the hashes alone. */
  readonly open: Partial<Identity>;
}

const changesOf = async (tx: Tx, entries: readonly Entry[]): Promise<(IdentityChange & { entry: Entry })[]> => {
  const changes = entries.flatMap((entry) => {
    const sealed = (entry.body as { identity: Partial<Identity> }).identity;
    return subjectIds(entry, 'person').map((id) => ({
      county: entry.county,
      id,
      sealed,
      open: structuredClone(sealed),
      entry,
    }));
  });
  await keysOf(tx).open(
    tx,
    changes.map(({ open }) => open),
  );
  return changes;
};

/** Hashes of terms; of a person whose key is destroyed or withheld there are none. */
const hashed = (index: Index, terms: readonly Term[] | undefined, value: string | null | undefined) => {
  if (terms === undefined) return undefined;
  return isHidden(value) ? null : terms.map(([field, term]) => index(field, term));
};

const hashedWhole = (index: Index, whole: (index: Index, value: string) => number, value: string | undefined) => {
  if (value === undefined) return undefined;
  return isHidden(value) ? null : whole(index, value);
};

const identityRow = (index: Index, { county, id, sealed, open }: IdentityChange) => {
  const terms = termsOf(open);
  return {
    id,
    county,
    name: sealed.name,
    sex: sealed.sex,
    birth_date: sealed.birthDate,
    id_number: sealed.idNumber,
    id_kind: sealed.idKind,
    certificate_number: sealed.certificateNumber,
    phone: sealed.phone,
    address: sealed.address,
    town: sealed.town,
    village: sealed.village,
    household_division: sealed.householdDivision,
    // As text, because a JSON null (known to have none) must not be read as absent.
    guardian: sealed.guardian === undefined ? undefined : JSON.stringify(sealed.guardian),
    name_index: hashedWhole(index, wholeName, open.name),
    id_number_index: hashedWhole(index, wholeNumber, open.idNumber),
    certificate_index: hashedWhole(index, wholeCertificate, open.certificateNumber),
    name_search: hashed(index, terms.name, open.name),
    id_number_search: hashed(index, terms.idNumber, open.idNumber),
    certificate_search: hashed(index, terms.certificate, open.certificateNumber),
    phone_search: hashed(index, terms.phone, open.phone),
    guardian_search: hashed(index, terms.guardian, open.guardian?.phone),
  };
};

const identityShape = sql`county text, id uuid, name text, sex text, birth_date date, id_number text, id_kind text, certificate_number text, phone text,
  address text, town text, village text, household_division text, guardian text, name_index bigint, id_number_index bigint, certificate_index bigint,
  name_search bigint[], id_number_search bigint[], certificate_search bigint[], phone_search bigint[], guardian_search bigint[]`;

const insertPersons = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const { index } = keysOf(tx);
  const rows = (await changesOf(tx, entries)).map((change) => ({
    ...identityRow(index, change),
    listed_on: change.entry.on,
    entry: change.entry.id,
  }));
  await sql`
    insert into person (county, id, name, sex, birth_date, id_number, id_kind, certificate_number, phone, address, town, village, household_division,
      guardian, name_index, id_number_index, certificate_index, name_search, id_number_search, certificate_search, phone_search, guardian_search, listed_on, entry)
    select county, id, name, sex, birth_date, id_number, id_kind, certificate_number, phone, address, town, village, household_division,
      nullif(guardian::jsonb, 'null'::jsonb), name_index, id_number_index, certificate_index, name_search, id_number_search, certificate_search, phone_search,
      guardian_search, listed_on, entry
    from json_to_recordset(${JSON.stringify(rows)}::json) as t(${identityShape}, listed_on date, entry uuid)`.execute(
    tx,
  );
};

/** Later updates of one person in a batch win field by field; absent fields stay as they are. */
const updatePersons = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const { index } = keysOf(tx);
  const merged = new Map<string, ReturnType<typeof identityRow>>();
  for (const change of await changesOf(tx, entries)) {
    const row = identityRow(index, change);
    const defined = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
    merged.set(change.id, { ...(merged.get(change.id) ?? row), ...defined });
  }
  await sql`
    update person p set name = coalesce(t.name, p.name), sex = coalesce(t.sex, p.sex),
      birth_date = coalesce(t.birth_date, p.birth_date), id_number = coalesce(t.id_number, p.id_number), id_kind = coalesce(t.id_kind, p.id_kind),
      certificate_number = coalesce(t.certificate_number, p.certificate_number), phone = coalesce(t.phone, p.phone), address = coalesce(t.address, p.address),
      town = coalesce(t.town, p.town), village = coalesce(t.village, p.village), household_division = coalesce(t.household_division, p.household_division),
      guardian = case when t.guardian = 'null' then null else coalesce(t.guardian::jsonb, p.guardian) end,
      name_index = coalesce(t.name_index, p.name_index), id_number_index = coalesce(t.id_number_index, p.id_number_index),
      certificate_index = coalesce(t.certificate_index, p.certificate_index), name_search = coalesce(t.name_search, p.name_search),
      id_number_search = coalesce(t.id_number_search, p.id_number_search), certificate_search = coalesce(t.certificate_search, p.certificate_search),
      phone_search = coalesce(t.phone_search, p.phone_search), guardian_search = coalesce(t.guardian_search, p.guardian_search)
    from json_to_recordset(${JSON.stringify([...merged.values()])}::json) as t(${identityShape})
    where p.county = t.county and p.id = t.id`.execute(tx);
};

/** Where listed persons live, dated: `person.town` tells of today alone. */
const insertResidences = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries.flatMap((entry) => {
    const { town } = (entry.body as { identity: Partial<Identity> }).identity;
    const row = { county: entry.county, from_on: entry.on, town, entry: entry.id };
    return town === undefined ? [] : subjectIds(entry, 'person').map((person) => ({ ...row, person }));
  });
  if (rows.length)
    await sql`
      insert into residence (county, person, from_on, town, entry) select county, person, from_on, town, entry
      from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, person uuid, from_on date, town text, entry uuid)`.execute(
      tx,
    );
};

const linkPersons = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  for (const entry of entries) {
    const { person, other } = entry.body as (typeof personLinked.body)['_output'];
    if (!subjectIds(entry, 'person').includes(other)) continue;
    await sql`update person set linked_to = ${entry.type === personUnlinked.type ? null : person}
      where county = ${entry.county} and id = ${other}`.execute(tx);
  }
};

const hashColumns = sql`name_index = t.name_index, id_number_index = t.id_number_index, certificate_index = t.certificate_index, name_search = t.name_search,
  id_number_search = t.id_number_search, certificate_search = t.certificate_search, phone_search = t.phone_search, guardian_search = t.guardian_search`;

/** Whose data is closed is found by nothing; whose data is opened again is found as before. */
const closePersons = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const { index } = keysOf(tx);
  for (const entry of entries)
    for (const id of subjectIds(entry, 'person')) {
      const on = entry.on;
      const withheld = entry.type === personWithheld.type ? on : null;
      const erased = entry.type === personErased.type ? on : null;
      const { rows } = await sql<Identity>`
        update person set withheld_on = ${withheld}, erased_on = ${erased} where county = ${entry.county} and id = ${id}
        returning name, id_number as "idNumber", certificate_number as "certificateNumber", phone, guardian`.execute(
        tx,
      );
      const sealed = Object.fromEntries(Object.entries(rows[0] ?? {}).filter(([, value]) => value !== null));
      const open = structuredClone(sealed) as Partial<Identity>;
      if (entry.type === personReleased.type) await keysOf(tx).open(tx, [open]);
      const row = identityRow(index, {
        county: entry.county,
        id,
        sealed,
        open: entry.type === personReleased.type ? open : {},
      });
      await sql`update person p set ${hashColumns} from json_to_recordset(${JSON.stringify([row])}::json) as t(${identityShape})
        where p.county = t.county and p.id = t.id`.execute(tx);
    }
};

const insertFacts = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries.flatMap((entry) =>
    subjectIds(entry, 'person').flatMap((person) =>
      factsOf(entry).map((fact, position) => ({
        county: entry.county,
        person,
        ...fact,
        value: JSON.stringify(fact.value),
        entry: entry.id,
        position,
      })),
    ),
  );
  if (!rows.length) return;
  await sql`
    insert into fact (county, person, kind, happened_on, value, source, entry, position)
    select county, person, kind, "on", value::jsonb, source, entry, position
    from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, person uuid, kind text, "on" date, value text, source text, entry uuid, position int)`.execute(
    tx,
  );
};

const closureTypes = closureEntries.map(({ type }) => type);

const applyPersons = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const of = (...types: string[]): Entry[] => entries.filter((entry) => types.includes(entry.type));
  const listed = of(personListed.type);
  if (listed.length) await insertPersons(tx, listed);
  const updated = of(personUpdated.type);
  if (updated.length) await updatePersons(tx, updated);
  await insertResidences(tx, of(personListed.type, personUpdated.type));
  await linkPersons(tx, of('person.link', 'person.unlink'));
  await closePersons(tx, of(...closureTypes));
};

export const personProjection: Projection = {
  types: ['person.list', 'person.update', 'person.link', 'person.unlink', ...closureTypes],
  tables: [
    { name: 'person', kind: 'person', column: 'id' },
    { name: 'residence', kind: 'person', column: 'person' },
  ],
  apply: applyPersons,
};

/** Facts may be stated by entries of any slice whose body has `facts`; those types are named here. */
export const factProjection: Projection = {
  types: [
    'person.list',
    'person.update',
    'fact.record',
    'visit.record',
    'recommendation.record',
    'application.submit',
    'assessment.record',
  ],
  tables: [{ name: 'fact', kind: 'person', column: 'person' }],
  apply: insertFacts,
};
