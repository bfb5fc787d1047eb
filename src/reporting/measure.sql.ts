// The measures in SQL: who counts in an area on a day and what is missing, from dated state rows and tallies, never from sessions.
import { type RawBuilder, sql } from 'kysely';
import { type Day, firstDayOf, lastWholeMonthBefore } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import type { ServiceCondition, ServiceRateParams } from '../policy/measure.ts';

/** Who is measured: counties by code (named in every statement), and inside one county a town or a site. */
export interface MeasuredArea {
  readonly counties: readonly string[];
  readonly town?: string;
  readonly site?: string;
}

/** Clients of one town and site, and how many of them count. */
export interface RateGroup {
  readonly county: string;
  readonly town: string | null;
  readonly site: string | null;
  readonly denominator: number;
  readonly numerator: number;
}

export interface MeasuredClient {
  readonly county: string;
  readonly id: string;
  readonly town: string | null;
  readonly site: string | null;
  readonly counts: boolean;
  readonly missing: ServiceCondition[];
}

/**
 * Registered clients on `on` with one column per condition (DESIGN, Standardized-service rate; the pure definition is
 * `serviceConditions`). Papers signed or made before registration belong to an earlier episode and do not count.
 */
const clients = (params: ServiceRateParams, area: MeasuredArea, on: Day): RawBuilder<unknown> => {
  const month = lastWholeMonthBefore(on);
  const counties = sql`any(${[...area.counties]}::text[])`;
  const interval = `${params.reassessEveryMonths ?? 0} months`;
  return sql`
    with client as materialized (
      select f.county, f.person, f.registered_on, p.town, p.site
      from file f join placement p on p.county = f.county and p.person = f.person and p.file = f.id
        and p.from_on <= ${on} and (p.until_on is null or p.until_on > ${on})
      where f.county = ${counties} and f.registered_on <= ${on} and (f.ended_on is null or f.ended_on > ${on})
        ${area.town ? sql`and p.town = ${area.town}` : sql``} ${area.site ? sql`and p.site = ${area.site}` : sql``}),
    consented as (
      select c.county, c.person from client c join consent x using (county, person)
      where x.signed_on >= c.registered_on and x.from_on <= ${on} and (x.until_on is null or x.until_on >= ${on})
        and (x.withdrawn_on is null or x.withdrawn_on > ${on}) group by 1, 2),
    agreed as (
      select c.county, c.person, min(x.from_on) as first_on,
        bool_or(x.from_on <= ${on} and (x.until_on is null or x.until_on >= ${on})) as valid
      from client c join agreement x using (county, person) where x.signed_on >= c.registered_on group by 1, 2),
    planned as (
      select c.county, c.person from client c join plan x using (county, person)
      where x.made_on >= c.registered_on and x.from_on <= ${on} and (x.until_on is null or x.until_on >= ${on})
        and (x.superseded_on is null or x.superseded_on > ${on}) group by 1, 2),
    assessed as (
      select c.county, c.person, bool_or(x.kind = 'baseline') as baseline, max(x.happened_on) as last_on
      from client c join assessment x using (county, person)
      where x.kind in ('baseline', 'process') and x.happened_on >= c.registered_on and x.happened_on <= ${on} group by 1, 2),
    condition as (
      select c.county, c.person, c.town, c.site,
        y.person is not null as consent, coalesce(a.valid, false) as agreement, coalesce(s.baseline, false) as baseline,
        p.person is not null as plan,
        ${params.reassessEveryMonths ? sql`coalesce(s.last_on + ${interval}::interval >= ${on}::date, true)` : sql`true`} as reassessment,
        coalesce(a.first_on < ${firstDayOf(month)}::date, false) is false or coalesce(t.count, 0) >= ${params.sessionsPerMonth} as sessions
      from client c
      left join consented y using (county, person)
      left join agreed a using (county, person)
      left join planned p using (county, person)
      left join assessed s using (county, person)
      left join tally t on t.county = c.county and t.county = ${counties} and t.kind = 'person' and t.subject = c.person
        and t.type = 'session.record' and t.part = 'standardized' and t.month = ${month})`;
};

const conditionsOf = (params: ServiceRateParams): ServiceCondition[] => [
  ...params.requires,
  'reassessment',
  'sessions',
];
const allMet = (params: ServiceRateParams): RawBuilder<boolean> =>
  sql.join(
    conditionsOf(params).map((condition) => sql.ref(condition)),
    sql` and `,
  );

/** Denominator and numerator by county, town and site; add them up for any area above. */
export const countServiceRate = async (
  tx: Tx,
  params: ServiceRateParams,
  area: MeasuredArea,
  on: Day,
): Promise<RateGroup[]> => {
  const { rows } = await sql<RateGroup>`
    ${clients(params, area, on)}
    select county, town, site, count(*)::int as denominator, (count(*) filter (where ${allMet(params)}))::int as numerator
    from condition group by county, town, site`.execute(tx);
  return rows;
};

/** Registered clients by town, and how many of them meet each condition. */
export const countConditions = async (
  tx: Tx,
  params: ServiceRateParams,
  county: string,
  on: Day,
): Promise<
  {
    area: string;
    registered: number;
    withConsent: number;
    withAgreement: number;
    withBaseline: number;
    withPlan: number;
    standardized: number;
  }[]
> => {
  const { rows } = await sql<Awaited<ReturnType<typeof countConditions>>[number]>`
    ${clients(params, { counties: [county] }, on)}
    select coalesce(town, ${county}) as area, count(*)::int as registered, (count(*) filter (where consent))::int as "withConsent",
      (count(*) filter (where agreement))::int as "withAgreement", (count(*) filter (where baseline))::int as "withBaseline",
      (count(*) filter (where plan))::int as "withPlan", (count(*) filter (where ${allMet(params)}))::int as standardized
    from condition group by 1`.execute(tx);
  return rows;
};

export interface ClientPage {
  readonly counts?: boolean;
  readonly missing?: ServiceCondition;
  readonly limit: number;
  readonly offset: number;
}

/** The clients behind the rate, those who do not count first, with what each is missing; and how many the filter matches. */
export const listServiceRate = async (
  tx: Tx,
  params: ServiceRateParams,
  area: MeasuredArea,
  on: Day,
  page: ClientPage,
): Promise<{ rows: MeasuredClient[]; total: number }> => {
  const asked = conditionsOf(params);
  const missing = sql.join(
    asked.map((condition) => sql`case when ${sql.ref(condition)} then null else ${condition}::text end`),
  );
  const { rows } = await sql<MeasuredClient & { total: number }>`
    ${clients(params, area, on)}
    select county, person as id, town, site, (${allMet(params)}) as counts, array_remove(array[${missing}], null) as missing,
      (count(*) over ())::int as total
    from condition
    where ${page.counts === undefined ? sql`true` : sql`(${allMet(params)}) = ${page.counts}`}
      and ${page.missing ? sql`not ${sql.ref(page.missing)}` : sql`true`}
    order by (${allMet(params)}), town, person limit ${page.limit} offset ${page.offset}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};

export interface AreaService {
  readonly area: string;
  readonly clients: number;
  /** Standardized sessions attended in the measuring month, counted per person. */
  readonly sessions: number;
}

const inService = (counties: readonly string[], on: Day): RawBuilder<unknown> => sql`
    from file f
    join placement p on p.county = f.county and p.person = f.person and p.file = f.id
      and p.from_on <= ${on} and (p.until_on is null or p.until_on > ${on})
    left join tally t on t.county = f.county and t.kind = 'person' and t.subject = f.person and t.type = 'session.record'
      and t.part = 'standardized' and t.month = ${lastWholeMonthBefore(on)}
    where f.county = any(${[...counties]}::text[]) and f.in_service_on <= ${on} and (f.ended_on is null or f.ended_on > ${on})`;

/** Persons in service on `on` and their standardized sessions of the measuring month, by county (BZ-01) or by town (QS-03). */
export const countAreaService = async (
  tx: Tx,
  by: 'county' | 'town',
  counties: readonly string[],
  on: Day,
): Promise<AreaService[]> => {
  const column = by === 'county' ? sql`f.county` : sql`p.town`;
  const { rows } = await sql<AreaService>`
    select ${column} as area, count(*)::int as clients, coalesce(sum(t.count), 0)::int as sessions
    ${inService(counties, on)} and ${column} is not null
    group by 1`.execute(tx);
  return rows;
};

/** Persons in service on `on`, with their standardized sessions of the measuring month; and how many there are. */
export const listInService = async (
  tx: Tx,
  area: MeasuredArea,
  on: Day,
  page: Pick<ClientPage, 'limit' | 'offset'>,
): Promise<{ rows: (MeasuredClient & { sessions: number })[]; total: number }> => {
  const { rows } = await sql<MeasuredClient & { sessions: number; total: number }>`
    select f.county, f.person as id, p.town, p.site, true as counts, '{}'::text[] as missing, coalesce(t.count, 0) as sessions,
      (count(*) over ())::int as total
    ${inService([...area.counties], on)}
      ${area.town ? sql`and p.town = ${area.town}` : sql``} ${area.site ? sql`and p.site = ${area.site}` : sql``}
    order by p.town, f.person limit ${page.limit} offset ${page.offset}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};
