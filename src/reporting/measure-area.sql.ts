// What all measures of persons in SQL share: the area, the groups that they are counted in, and where somebody is counted.
import { type RawBuilder, sql } from 'kysely';
import { type Day, lastWholeMonthBefore } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import type { HomeCondition } from '../policy/measure-network.ts';

/** Who is measured: counties by code (named in every statement), and inside one county a town or a site. */
export interface MeasuredArea {
  readonly counties: readonly string[];
  readonly town?: string;
  readonly site?: string;
}

/** Persons of one town and site, and how many of them count. */
export interface RateGroup {
  readonly county: string;
  readonly town: string | null;
  readonly site: string | null;
  readonly denominator: number;
  readonly numerator: number;
  /** Persons of whom nothing tells whether they belong or count. */
  readonly unknown?: number;
  /** Of the denominator, those who cared for themselves when they entered service. */
  readonly atEntry?: number;
}

export interface MeasuredClient {
  readonly county: string;
  readonly id: string;
  readonly town: string | null;
  readonly site: string | null;
  readonly counts: boolean;
  readonly missing: HomeCondition[];
  readonly sessions?: number;
  /** What came of the person, and when it was recorded. */
  readonly what?: string | null;
  readonly whatOn?: Day | null;
}

export interface ClientPage {
  readonly counts?: boolean;
  readonly missing?: HomeCondition;
  readonly limit: number;
  readonly offset: number;
}

export const countiesOf = ({ counties }: MeasuredArea): RawBuilder<unknown> => sql`any(${[...counties]}::text[])`;

/** Rows of a table with a town and a site that lie in the area. */
export const inPlace = ({ town, site }: MeasuredArea): RawBuilder<unknown> =>
  sql`${town ? sql`town = ${town}` : sql`true`} and ${site ? sql`site = ${site}` : sql`true`}`;

/** Where each registered client is counted on `on`: a placement lasts exactly as long as somebody is registered. */
export const placedOn = (area: MeasuredArea, on: Day): RawBuilder<unknown> => sql`
  p.county = ${countiesOf(area)} and p.from_on <= ${on} and (p.until_on is null or p.until_on > ${on})
    ${area.town ? sql`and p.town = ${area.town}` : sql``} ${area.site ? sql`and p.site = ${area.site}` : sql``}`;

/** Table `placed`: where each person was counted last on or before `on`, also who has left since. */
export const lastPlaced = (area: MeasuredArea, on: Day): RawBuilder<unknown> => sql`
  placed as materialized (select distinct on (p.county, p.person) p.county, p.person, p.town, p.site
    from placement p where p.county = ${countiesOf(area)} and p.from_on <= ${on}
    order by p.county, p.person, p.from_on desc, p.until_on desc nulls first, p.entry desc)`;

export const sessionsWhere = (on: Day): RawBuilder<unknown> =>
  sql`x.type = 'session.record' and x.part = 'standardized' and x.month = ${lastWholeMonthBefore(on)}`;

/** The page that was asked for, and how many the filter matches. */
export const pageOf = (rows: readonly (MeasuredClient & { total: number })[]) => ({
  rows: rows.map(({ total: _, ...row }): MeasuredClient => row),
  total: rows[0]?.total ?? 0,
});

/**
 * One page of a table `lacking` (county, person, town, site, counts, missing) that `tables` defines: those who do not count first, the
 * unregistered before the others, each with what is missing; and how many the filter matches.
 */
export const listLacking = async (
  tx: Tx,
  tables: RawBuilder<unknown>,
  page: ClientPage,
): Promise<{ rows: MeasuredClient[]; total: number }> => {
  const { rows } = await sql<MeasuredClient & { total: number }>`
    ${tables}
    select county, person as id, town, site, counts, missing, (count(*) over ())::int as total from lacking
    where ${page.counts === undefined ? sql`true` : sql`counts = ${page.counts}`}
      and ${page.missing === undefined ? sql`true` : sql`${page.missing} = any(missing)`}
    order by counts, 'registration' <> all(missing), town, person limit ${page.limit} offset ${page.offset}`.execute(
    tx,
  );
  return pageOf(rows);
};
