// Institutions, their staff and new sites as of a day, in SQL.
import { type RawBuilder, sql } from 'kysely';
import type { Day } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { type Discipline, servingKinds } from '../network/organisation.ts';
import type { Qualification } from '../policy/measure.ts';
import { firstDayOfYear } from '../policy/measure-network.ts';
import type { ProviderFunction } from '../policy/standard.ts';

/** An area code ('' the nation), or one organisation of it. */
export interface NetworkArea {
  readonly area: string;
  readonly organisation: string | undefined;
}

/** Organisations that serve, of the area and open on the day. */
const openOn = ({ area, organisation }: NetworkArea, on: Day): RawBuilder<unknown> => sql`
  starts_with(o.division, ${area}) and ${organisation ? sql`o.id = ${organisation}` : sql`true`}
    and o.kind = any(${[...servingKinds]}::text[]) and o.opened_on <= ${on} and (o.closed_on is null or o.closed_on > ${on})`;

export interface OpenOrganisation {
  readonly id: string;
  readonly name: string;
  readonly division: string;
  readonly functions: ProviderFunction[];
  readonly openedOn: Day;
}

/** Open organisations with one of these functions, by division and name. */
export const listInstitutions = async (
  tx: Tx,
  area: string,
  functions: readonly ProviderFunction[],
  on: Day,
): Promise<OpenOrganisation[]> => {
  const { rows } = await sql<OpenOrganisation>`
    select o.id, o.name, o.division, o.functions, o.opened_on as "openedOn" from organisation o
    where ${openOn({ area, organisation: undefined }, on)} and o.functions && ${[...functions]}::text[]
    order by o.division, o.name, o.id`.execute(tx);
  return rows;
};

/** Sites that opened in the year of the day, by the day of opening. */
export const listNewSites = async (tx: Tx, area: NetworkArea, on: Day): Promise<OpenOrganisation[]> => {
  const { rows } = await sql<OpenOrganisation>`
    select o.id, o.name, o.division, o.functions, o.opened_on as "openedOn" from organisation o
    where ${openOn(area, on)} and o.kind = 'site' and o.opened_on >= ${firstDayOfYear(on)} order by o.opened_on, o.id`.execute(
    tx,
  );
  return rows;
};

/** Table `employed`: staff of organisations that serve, with the background that holds on the day. */
const employed = (area: NetworkArea, on: Day): RawBuilder<unknown> => sql`
  with employed as (select s.id, s.name, s.discipline, o.id as organisation, o.name as "organisationName", o.division, q.kind as qualification
    from staff s join organisation o on o.id = s.organisation
    left join lateral (select x.kind from staff_qualification x where x.county = s.county and x.staff = s.id and x.from_on <= ${on}
      order by x.from_on desc, x.entry desc limit 1) q on true
    where ${openOn(area, on)} and s.since_on <= ${on} and (s.until_on is null or s.until_on > ${on}))`;

export interface StaffGroup {
  readonly organisation: string;
  readonly name: string;
  readonly division: string;
  readonly denominator: number;
  readonly numerator: number;
  /** Whose background nobody recorded. */
  readonly unknown: number;
}

export const countQualified = async (
  tx: Tx,
  qualifications: readonly Qualification[],
  area: NetworkArea,
  on: Day,
): Promise<StaffGroup[]> => {
  const { rows } = await sql<StaffGroup>`
    ${employed(area, on)}
    select organisation, "organisationName" as name, division, count(*)::int as denominator,
      (count(*) filter (where qualification = any(${[...qualifications]}::text[])))::int as numerator,
      (count(*) filter (where qualification is null))::int as unknown
    from employed group by 1, 2, 3 order by division, name, organisation`.execute(tx);
  return rows;
};

export interface MeasuredStaff {
  readonly id: string;
  readonly name: string;
  readonly discipline: Discipline;
  readonly organisation: string;
  readonly organisationName: string;
  readonly qualification: Qualification | null;
  readonly counts: boolean;
}

/** Staff, those who do not count first; and how many there are. */
export const listQualified = async (
  tx: Tx,
  qualifications: readonly Qualification[],
  area: NetworkArea,
  on: Day,
  page: { readonly counts?: boolean; readonly limit: number; readonly offset: number },
): Promise<{ rows: MeasuredStaff[]; total: number }> => {
  const { rows } = await sql<MeasuredStaff & { total: number }>`
    ${employed(area, on)},
    measured as (select *, coalesce(qualification = any(${[...qualifications]}::text[]), false) as counts from employed)
    select id, name, discipline, organisation, "organisationName", qualification, counts, (count(*) over ())::int as total
    from measured where ${page.counts === undefined ? sql`true` : sql`counts = ${page.counts}`}
    order by counts, qualification is not null, division, "organisationName", name, id limit ${page.limit} offset ${page.offset}`.execute(
    tx,
  );
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};
