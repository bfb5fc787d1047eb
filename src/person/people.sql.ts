// Persons as lists: sought, filtered, sorted and paged in SQL; who is alike; and the rows of the ledger.
import { type RawBuilder, sql } from 'kysely';
import { countyIn, type Tx } from '../kernel/database.ts';
import type { Alike, PersonListRow, PersonSort, Sought } from './people.ts';
import type { PersonRow } from './person.sql.ts';
import type { Identity } from './person.ts';

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

const literal = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** The last four characters are indexed; the rest is compared on what they leave. */
const endsWith = (column: 'id_number' | 'certificate_number', tail: string): RawBuilder<unknown> => {
  const value = sql.ref(`p.${column}`);
  const whole = sql`${value} like ${`%${literal(tail)}`}`;
  return tail.length < 4 ? whole : sql`(right(${value}, 4) = ${tail.slice(-4)} and ${whole})`;
};

const soughtBy = (sought: Sought): RawBuilder<unknown> => {
  if (sought.by === 'number')
    return sql`(${endsWith('id_number', sought.tail)} or ${endsWith('certificate_number', sought.tail)})`;
  if (sought.by === 'initials') return sql`p.name_initials collate "C" like ${`${sought.start}%`}`;
  return sql`p.name like ${`%${literal(sought.part)}%`}`;
};

const needsFile = (filter: PersonFilter, sort?: PersonSort): boolean =>
  filter.stage !== undefined || filter.site !== undefined || sort?.endsWith('stageOn') === true;

/** From and where of the persons that a filter means; joins only what is asked for. A search also finds records that are linked away. */
const matching = (filter: PersonFilter, sort?: PersonSort): RawBuilder<unknown> => {
  const { area, sought, stage, outcome, site } = filter;
  const file = sql`join file f on f.county = p.county and f.person = p.id
    and not exists (select from file n where n.county = f.county and n.person = f.person and n.episode > f.episode)`;
  const screening = sql`left join lateral (select s.outcome from screening s where s.county = p.county and s.person = p.id
    order by s.happened_on desc, s.id desc limit 1) s on true`;
  const conditions = [
    countyIn('p.county', area),
    ...(area.length > 6 ? [sql`p.town = ${area}`] : []),
    sought ? soughtBy(sought) : sql`p.linked_to is null`,
    ...(stage === undefined ? [] : [sql`f.stage = ${stage}`]),
    ...(site === undefined ? [] : [sql`f.site = ${site}`]),
    ...(outcome === undefined ? [] : [outcome === 'none' ? sql`s.outcome is null` : sql`s.outcome = ${outcome}`]),
  ];
  return sql`from person p ${needsFile(filter, sort) ? file : sql``} ${outcome === undefined ? sql`` : screening}
    where ${sql.join(conditions, sql` and `)}`;
};

const orders: Readonly<Record<string, RawBuilder<unknown>>> = {
  name: sql`p.name_initials collate "C"`,
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

/** A page of persons; names and numbers in full, to be masked by the caller. The details are read for the rows of the page only. */
export const searchPersons = async (
  tx: Tx,
  filter: PersonFilter,
  { sort, page, pageSize }: PersonPage,
): Promise<{ rows: ListedPerson[]; total: number }> => {
  const { rows } = await sql<ListedPerson>`
    with page as materialized (
      select p.*, row_number() over () as place from (select p.* ${matching(filter, sort)}
        order by ${orderOf(sort)} limit ${pageSize} offset ${(page - 1) * pageSize}) p)
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
  const { rows } = await sql<{ total: number }>`select count(*) as total ${matching(filter)}`.execute(tx);
  return rows[0]?.total ?? 0;
};

/** Records that may be of the same human as a new one, among those whom the actor sees. */
export const findAlike = async (tx: Tx, area: string, identity: Identity): Promise<Alike[]> => {
  const { idNumber = null, certificateNumber = null, name, birthDate = null } = identity;
  const { rows } = await sql<Alike>`
    select p.id, p.name, p.town, case when p.id_number = ${idNumber} then 'idNumber'
      when p.certificate_number = ${certificateNumber} then 'certificateNumber' else 'nameAndBirth' end as "by"
    from person p where ${countyIn('p.county', area)} and (p.id_number = ${idNumber} or p.certificate_number = ${certificateNumber}
      or (p.name = ${name} and p.birth_date = ${birthDate}::date))
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
  const { rows } = await sql<LedgerRow>`
    with page as materialized (
      select p.*, row_number() over () as place from (select p.* ${matching(filter, sort)} order by ${orderOf(sort)} limit ${limit}) p)
    select p.county, p.name, p.sex, p.birth_date as "birthDate", p.id_number as "idNumber", p.certificate_number as "certificateNumber",
      p.phone, p.address, p.town, p.village, p.guardian, p.listed_on as "listedOn", f.stage, f.applied_on as "appliedOn",
      f.registered_on as "registeredOn", f.accepted_on as "acceptedOn", f.in_service_on as "inServiceOn", f.ended_on as "endedOn", o.name as site
    from page p
    join lateral (select * from file where county = p.county and person = p.id order by episode desc limit 1) f on true
    left join organisation o on o.id = f.site
    order by p.place`.execute(tx);
  return rows;
};
