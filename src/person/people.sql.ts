// Persons as lists: sought, filtered, sorted and paged in SQL; who is alike; and the rows of the ledger.
import { type RawBuilder, sql } from 'kysely';
import { countyIn, keysOf, type Tx } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { byName } from './identity.ts';
import type { Alike, PersonListRow, PersonSort, Sought } from './people.ts';
import type { PersonRow } from './person.sql.ts';
import type { Identity } from './person.ts';
import { soughtTerms, wholeCertificate, wholeName, wholeNumber } from './person-search.ts';

export interface PersonFilter {
  readonly area: string;
  readonly sought: Sought | undefined;
  readonly stage: string | undefined;
  /** `none`: never screened. */
  readonly outcome: string | undefined;
  readonly site: string | undefined;
}

export interface PersonPage {
  readonly sort: PersonSort;
  readonly page: number;
  readonly pageSize: number;
}

/** Rows of persons (`p`) who have every term of what is sought. */
export const soughtBy = (tx: Tx, sought: Sought): RawBuilder<unknown> => {
  const { index } = keysOf(tx);
  const hashes = soughtTerms(sought).map(([field, value]) => index(field, value));
  if (sought.by === 'number')
    return sql`(${sql.join(
      ['id_number_search', 'certificate_search', 'phone_search', 'guardian_search'].map(
        (column) => sql`p.${sql.ref(column)} @> ${hashes}::bigint[]`,
      ),
      sql` or `,
    )})`;
  return sql`p.name_search @> ${hashes}::bigint[]`;
};

const needsFile = (filter: PersonFilter, sort?: PersonSort): boolean =>
  filter.stage !== undefined || filter.site !== undefined || sort?.endsWith('stageOn') === true;

/** From and where of the persons that a filter means; joins only what is asked for. A search also finds records that are linked away. */
const matching = (tx: Tx, filter: PersonFilter, sort?: PersonSort): RawBuilder<unknown> => {
  const { area, sought, stage, outcome, site } = filter;
  const file = sql`join file f on f.county = p.county and f.person = p.id
    and not exists (select from file n where n.county = f.county and n.person = f.person and n.episode > f.episode)`;
  const screening = sql`left join lateral (select s.outcome from screening s where s.county = p.county and s.person = p.id
    order by s.happened_on desc, s.id desc limit 1) s on true`;
  const conditions = [
    countyIn('p.county', area),
    ...(area.length > 6 ? [sql`p.town = ${area}`] : []),
    sought ? soughtBy(tx, sought) : sql`p.linked_to is null`,
    ...(stage === undefined ? [] : [sql`f.stage = ${stage}`]),
    ...(site === undefined ? [] : [sql`f.site = ${site}`]),
    ...(outcome === undefined ? [] : [outcome === 'none' ? sql`s.outcome is null` : sql`s.outcome = ${outcome}`]),
  ];
  return sql`from person p ${needsFile(filter, sort) ? file : sql``} ${outcome === undefined ? sql`` : screening}
    where ${sql.join(conditions, sql` and `)}`;
};

const orders: Readonly<Record<string, RawBuilder<unknown>>> = {
  listedOn: sql`p.listed_on`,
  stageOn: sql`f.stage_on`,
  birthDate: sql`p.birth_date`,
};
const orderOf = (sort: PersonSort): RawBuilder<unknown> => {
  const [column, direction] = [orders[sort.replace('-', '')] ?? sql`p.id`, sort.startsWith('-') ? sql`desc` : sql`asc`];
  return sql`${column} ${direction} nulls last, p.id ${direction}`;
};

export interface ListedPerson extends Omit<PersonListRow, 'age'> {
  readonly birthDate: string | null;
}

const isByName = (sort: PersonSort): boolean => sort.endsWith('name');

/** Names are sealed, so that the database cannot order them; so many are opened and ordered here. */
const mostByName = 2000;

/** The persons that a filter means, by name. Refuses (`tooManyByName`). */
const listByName = async (tx: Tx, filter: PersonFilter, sort: PersonSort): Promise<string[]> => {
  const { rows } = await sql<{ id: string; name: string }>`
    select p.id, p.name ${matching(tx, filter)} limit ${mostByName + 1}`.execute(tx);
  if (rows.length > mostByName)
    throw new Refusal(
      'tooManyByName',
      `超过 ${mostByName} 人，不能按姓名排序。请先按乡镇、阶段等筛选，或按建档日期排序。`,
      {
        kind: 'input',
        fields: { sort: '人数过多' },
      },
    );
  const ordered = rows.sort((a, b) => byName(a.name, b.name) || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
  return sort.startsWith('-') ? ordered.reverse() : ordered;
};

/** The persons of one page, in order, as `p` with their place. */
const pageOf = async (
  tx: Tx,
  filter: PersonFilter,
  { sort, limit, offset }: { sort: PersonSort; limit: number; offset: number },
): Promise<RawBuilder<unknown>> => {
  if (!isByName(sort))
    return sql`select p.*, row_number() over () as place from (select p.* ${matching(tx, filter, sort)}
      order by ${orderOf(sort)} limit ${limit} offset ${offset}) p`;
  const ids = (await listByName(tx, filter, sort)).slice(offset, offset + limit);
  return sql`select p.*, one.place from unnest(${ids}::uuid[]) with ordinality as one(id, place)
    join person p on ${countyIn('p.county', filter.area)} and p.id = one.id`;
};

/** A page of persons; names and numbers in full, to be masked by the caller. The details are read for the rows of the page only. */
export const searchPersons = async (
  tx: Tx,
  filter: PersonFilter,
  { sort, page, pageSize }: PersonPage,
): Promise<{ rows: ListedPerson[]; total: number }> => {
  const listed = await pageOf(tx, filter, { sort, limit: pageSize, offset: (page - 1) * pageSize });
  const { rows } = await sql<ListedPerson>`
    with page as materialized (${listed})
    select p.id, p.name, p.sex, p.birth_date as "birthDate", p.id_number as "idNumber", p.town, p.village,
      p.certificate_number is not null as "hasCertificate", p.listed_on as "listedOn", p.linked_to as "linkedTo",
      f.stage, f.stage_on as "stageOn", o.name as site, s.outcome
    from page p
    join lateral (select stage, stage_on, site from file where county = p.county and person = p.id order by episode desc limit 1) f on true
    left join organisation o on o.id = f.site
    left join lateral (select outcome from screening where county = p.county and person = p.id order by happened_on desc, id desc limit 1) s on true
    order by p.place`.execute(tx);
  const short = page === 1 && rows.length < pageSize;
  return { rows, total: short ? rows.length : await countPersons(tx, filter) };
};

export const countPersons = async (tx: Tx, filter: PersonFilter): Promise<number> => {
  const { rows } = await sql<{ total: number }>`select count(*) as total ${matching(tx, filter)}`.execute(tx);
  return rows[0]?.total ?? 0;
};

/** What the columns of a record's whole name and numbers are compared with; null: not given. */
export const indexesOf = (
  tx: Tx,
  of: { idNumber: string | null; certificateNumber: string | null; name: string },
): { idNumber: number | null; certificate: number | null; name: number } => {
  const { index } = keysOf(tx);
  return {
    idNumber: of.idNumber === null ? null : wholeNumber(index, of.idNumber),
    certificate: of.certificateNumber === null ? null : wholeCertificate(index, of.certificateNumber),
    name: wholeName(index, of.name),
  };
};

/** Records that may be of the same human as a new one, among those whom the actor sees. */
export const findAlike = async (tx: Tx, area: string, identity: Identity): Promise<Alike[]> => {
  const { idNumber = null, certificateNumber = null, name, birthDate = null } = identity;
  const keys = indexesOf(tx, { idNumber, certificateNumber, name });
  const { rows } = await sql<Alike>`
    select p.id, p.name, p.town, case when p.id_number_index = ${keys.idNumber} then 'idNumber'
      when p.certificate_index = ${keys.certificate} then 'certificateNumber' else 'nameAndBirth' end as "by"
    from person p where ${countyIn('p.county', area)} and (p.id_number_index = ${keys.idNumber} or p.certificate_index = ${keys.certificate}
      or (p.name_index = ${keys.name} and p.birth_date = ${birthDate}::date))
    order by p.linked_to nulls first, p.id limit 20`.execute(tx);
  return rows;
};

export interface LedgerRow
  extends Pick<
    PersonRow,
    | 'name'
    | 'sex'
    | 'birthDate'
    | 'idNumber'
    | 'certificateNumber'
    | 'phone'
    | 'address'
    | 'town'
    | 'village'
    | 'guardian'
  > {
  readonly county: string;
  readonly listedOn: string;
  readonly stage: PersonListRow['stage'];
  readonly appliedOn: string | null;
  readonly registeredOn: string | null;
  readonly acceptedOn: string | null;
  readonly inServiceOn: string | null;
  readonly endedOn: string | null;
  readonly site: string | null;
}

/** The rows of the ledger in the order of the list, at most `limit`. */
export const listLedger = async (
  tx: Tx,
  filter: PersonFilter,
  { sort, limit }: { sort: PersonSort; limit: number },
): Promise<LedgerRow[]> => {
  const listed = await pageOf(tx, filter, { sort, limit, offset: 0 });
  const { rows } = await sql<LedgerRow>`
    with page as materialized (${listed})
    select p.county, p.name, p.sex, p.birth_date as "birthDate", p.id_number as "idNumber", p.certificate_number as "certificateNumber",
      p.phone, p.address, p.town, p.village, p.guardian, p.listed_on as "listedOn", f.stage, f.applied_on as "appliedOn",
      f.registered_on as "registeredOn", f.accepted_on as "acceptedOn", f.in_service_on as "inServiceOn", f.ended_on as "endedOn", o.name as site
    from page p
    join lateral (select * from file where county = p.county and person = p.id order by episode desc limit 1) f on true
    left join organisation o on o.id = f.site
    order by p.place`.execute(tx);
  return rows;
};
