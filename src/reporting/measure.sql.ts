// The measures in SQL: who counts in an area on a day and what is missing, from dated state rows and tallies, never from sessions.
import { type RawBuilder, sql } from 'kysely';
import { type Day, firstDayOf, lastWholeMonthBefore } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { ServiceCondition, type ServiceRateParams } from '../policy/measure.ts';

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

const countiesOf = ({ counties }: MeasuredArea): RawBuilder<unknown> => sql`any(${[...counties]}::text[])`;
/** Where each registered client is counted on `on`: a placement lasts exactly as long as somebody is registered. */
const placedOn = (area: MeasuredArea, on: Day): RawBuilder<unknown> => sql`
  p.county = ${countiesOf(area)} and p.from_on <= ${on} and (p.until_on is null or p.until_on > ${on})
    ${area.town ? sql`and p.town = ${area.town}` : sql``} ${area.site ? sql`and p.site = ${area.site}` : sql``}`;

const sessionsWhere = (on: Day): RawBuilder<unknown> =>
  sql`x.type = 'session.record' and x.part = 'standardized' and x.month = ${lastWholeMonthBefore(on)}`;

/** Each condition of the rate for a placement `p` with its episode's standing `s`. */
const met = (params: ServiceRateParams, area: MeasuredArea, on: Day): Record<ServiceCondition, RawBuilder<unknown>> => {
  const interval = `${params.reassessEveryMonths ?? 0} months`;
  return {
    consent: sql`coalesce(s.consent @> ${on}::date, false)`,
    agreement: sql`coalesce(s.agreement @> ${on}::date, false)`,
    baseline: sql`coalesce(s.baseline_on <= ${on}, false)`,
    plan: sql`coalesce(s.plan @> ${on}::date, false)`,
    reassessment:
      params.reassessEveryMonths === undefined
        ? sql`true`
        : sql`(coalesce(s.assessed_on[1] > ${on}, true) or exists (
            select 1 from unnest(s.assessed_on) as a(day) where a.day <= ${on} and a.day + ${interval}::interval >= ${on}::date))`,
    sessions: sql`(coalesce(s.asked_from >= ${firstDayOf(lastWholeMonthBefore(on))}, true) or p.person in (
      select x.subject from tally x where x.county = ${countiesOf(area)} and ${sessionsWhere(on)} and x.count >= ${params.sessionsPerMonth}))`,
  };
};

/**
 * Table `client`: the registered clients of an area on `on`, with one column per condition and `counts`, whether all that are asked for
 * are met (DESIGN, Standardized-service rate; the pure definition is `serviceConditions`).
 */
const clients = (params: ServiceRateParams, area: MeasuredArea, on: Day): RawBuilder<unknown> => {
  const each = met(params, area, on);
  return sql`
    with client as (select p.county, p.person, p.town, p.site, ${sql.join(
      ServiceCondition.options.map((name) => sql`${each[name]} as ${sql.ref(name)}`),
    )}, ${sql.join(
      conditionsOf(params).map((name) => each[name]),
      sql` and `,
    )} as counts
    from placement p left join standing s on s.county = p.county and s.file = p.file where ${placedOn(area, on)})`;
};

const conditionsOf = (params: ServiceRateParams): ServiceCondition[] => [
  ...params.requires,
  'reassessment',
  'sessions',
];

/** Denominator and numerator by county, town and site; add them up for any area above. */
export const countServiceRate = async (
  tx: Tx,
  params: ServiceRateParams,
  area: MeasuredArea,
  on: Day,
): Promise<RateGroup[]> => {
  const { rows } = await sql<RateGroup>`
    ${clients(params, area, on)}
    select county, town, site, count(*)::int as denominator, (count(*) filter (where counts))::int as numerator
    from client group by county, town, site`.execute(tx);
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
      (count(*) filter (where plan))::int as "withPlan", (count(*) filter (where counts))::int as standardized
    from client group by 1`.execute(tx);
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
    select county, person as id, town, site, counts, array_remove(array[${missing}], null) as missing,
      (count(*) over ())::int as total
    from client
    where ${page.counts === undefined ? sql`true` : sql`counts = ${page.counts}`}
      and ${page.missing ? sql`not ${sql.ref(page.missing)}` : sql`true`}
    order by counts, town, person limit ${page.limit} offset ${page.offset}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};

export interface AreaService {
  readonly area: string;
  readonly clients: number;
  /** Standardized sessions attended in the measuring month, counted per person. */
  readonly sessions: number;
}

/** Persons in service on `on`, as `client`, with their standardized sessions of the measuring month. */
const inService = (area: MeasuredArea, on: Day): RawBuilder<unknown> => sql`
  with client as materialized (
    select p.county, p.person, p.town, p.site, coalesce((select x.count from tally x
      where x.county = p.county and x.kind = 'person' and x.subject = p.person and ${sessionsWhere(on)}), 0) as sessions
    from placement p where ${placedOn(area, on)} and p.file in (select f.id from file f where f.county = ${countiesOf(area)} and f.in_service_on <= ${on}))`;

/** Persons in service on `on` and their standardized sessions of the measuring month, by county (BZ-01) or by town (QS-03). */
export const countAreaService = async (
  tx: Tx,
  by: 'county' | 'town',
  counties: readonly string[],
  on: Day,
): Promise<AreaService[]> => {
  const column = sql.ref(by);
  const { rows } = await sql<AreaService>`
    ${inService({ counties }, on)}
    select ${column} as area, count(*)::int as clients, sum(sessions)::int as sessions
    from client where ${column} is not null group by 1`.execute(tx);
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
    ${inService(area, on)}
    select county, person as id, town, site, true as counts, '{}'::text[] as missing, sessions,
      (count(*) over ())::int as total
    from client order by town, person limit ${page.limit} offset ${page.offset}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};
