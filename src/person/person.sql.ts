// Rows of persons and their facts: reads for other slices, and the projection that writes them from entries.
import { sql } from 'kysely';
import { pinyin } from 'pinyin-pro';
import type { Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import {
  factsOf,
  type Identity,
  type personLinked,
  personListed,
  personUnlinked,
  personUpdated,
  type StoredFact,
} from './person.ts';

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

/** 张三丰 → zsf: what a clerk types to find a name. */
export const initialsOf = (name: string): string =>
  pinyin(name, { pattern: 'first', toneType: 'none', type: 'array' }).join('').toLowerCase().slice(0, 40);

const identityRow = (entry: Entry, id: string, identity: Partial<Identity>) => ({
  id,
  county: entry.county,
  name: identity.name,
  name_initials: identity.name === undefined ? undefined : initialsOf(identity.name),
  sex: identity.sex,
  birth_date: identity.birthDate,
  id_number: identity.idNumber,
  id_kind: identity.idKind,
  certificate_number: identity.certificateNumber,
  phone: identity.phone,
  address: identity.address,
  town: identity.town,
  village: identity.village,
  household_division: identity.householdDivision,
  // As text, because a JSON null (known to have none) must not be read as absent.
  guardian: identity.guardian === undefined ? undefined : JSON.stringify(identity.guardian),
});

const insertPersons = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries.flatMap((entry) =>
    subjectIds(entry, 'person').map((id) => ({
      ...identityRow(entry, id, (entry.body as { identity: Identity }).identity),
      listed_on: entry.on,
      entry: entry.id,
    })),
  );
  await sql`
    insert into person (county, id, name, name_initials, sex, birth_date, id_number, id_kind, certificate_number, phone, address, town, village, household_division, guardian, listed_on, entry)
    select county, id, name, name_initials, sex, birth_date, id_number, id_kind, certificate_number, phone, address, town, village, household_division,
      nullif(guardian::jsonb, 'null'::jsonb), listed_on, entry
    from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, id uuid, name text, name_initials text, sex text, birth_date date, id_number text, id_kind text,
      certificate_number text, phone text, address text, town text, village text, household_division text, guardian text, listed_on date, entry uuid)`.execute(
    tx,
  );
};

/** Later updates of one person in a batch win field by field; absent fields stay as they are. */
const updatePersons = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const merged = new Map<string, ReturnType<typeof identityRow>>();
  for (const entry of entries)
    for (const id of subjectIds(entry, 'person')) {
      const row = identityRow(entry, id, (entry.body as { identity: Partial<Identity> }).identity);
      const defined = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
      merged.set(id, { ...(merged.get(id) ?? row), ...defined });
    }
  await sql`
    update person p set name = coalesce(t.name, p.name), name_initials = coalesce(t.name_initials, p.name_initials), sex = coalesce(t.sex, p.sex),
      birth_date = coalesce(t.birth_date, p.birth_date), id_number = coalesce(t.id_number, p.id_number), id_kind = coalesce(t.id_kind, p.id_kind),
      certificate_number = coalesce(t.certificate_number, p.certificate_number), phone = coalesce(t.phone, p.phone), address = coalesce(t.address, p.address),
      town = coalesce(t.town, p.town), village = coalesce(t.village, p.village), household_division = coalesce(t.household_division, p.household_division),
      guardian = case when t.guardian = 'null' then null else coalesce(t.guardian::jsonb, p.guardian) end
    from json_to_recordset(${JSON.stringify([...merged.values()])}::json) as t(county text, id uuid, name text, name_initials text, sex text, birth_date date, id_number text, id_kind text,
      certificate_number text, phone text, address text, town text, village text, household_division text, guardian text)
    where p.county = t.county and p.id = t.id`.execute(tx);
};

const linkPersons = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  for (const entry of entries) {
    const { person, other } = entry.body as (typeof personLinked.body)['_output'];
    if (!subjectIds(entry, 'person').includes(other)) continue;
    await sql`update person set linked_to = ${entry.type === personUnlinked.type ? null : person}
      where county = ${entry.county} and id = ${other}`.execute(tx);
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

const applyPersons = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const of = (...types: string[]): Entry[] => entries.filter((entry) => types.includes(entry.type));
  const listed = of(personListed.type);
  if (listed.length) await insertPersons(tx, listed);
  const updated = of(personUpdated.type);
  if (updated.length) await updatePersons(tx, updated);
  await linkPersons(tx, of('person.link', 'person.unlink'));
};

export const personProjection: Projection = {
  types: ['person.list', 'person.update', 'person.link', 'person.unlink'],
  tables: [{ name: 'person', kind: 'person', column: 'id' }],
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
