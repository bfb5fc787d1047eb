// The standardized-service rate in SQL: who counts on a day and what is missing, from dated state rows and tallies, never from sessions.
import { type RawBuilder, sql } from 'kysely';
import { type Day, firstDayOf, lastWholeMonthBefore } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { ServiceCondition, type ServiceRateParams } from '../policy/measure.ts';
import {
  type ClientPage,
  countiesOf,
  listLacking,
  type MeasuredArea,
  type MeasuredClient,
  placedOn,
  type RateGroup,
  sessionsWhere,
} from './measure-area.sql.ts';

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
export const clients = (params: ServiceRateParams, area: MeasuredArea, on: Day): RawBuilder<unknown> => {
  const each = met(params, area, on);
  return sql`
    client as (select p.county, p.person, p.town, p.site, ${sql.join(
      ServiceCondition.options.map((name) => sql`${each[name]} as ${sql.ref(name)}`),
    )}, ${sql.join(
      conditionsOf(params).map((name) => each[name]),
      sql` and `,
    )} as counts
    from placement p left join standing s on s.county = p.county and s.file = p.file where ${placedOn(area, on)})`;
};

/** In the order of the answer. */
export const conditionsOf = (params: ServiceRateParams): ServiceCondition[] => [
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
    with ${clients(params, area, on)}
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
    with ${clients(params, { counties: [county] }, on)}
    select coalesce(town, ${county}) as area, count(*)::int as registered, (count(*) filter (where consent))::int as "withConsent",
      (count(*) filter (where agreement))::int as "withAgreement", (count(*) filter (where baseline))::int as "withBaseline",
      (count(*) filter (where plan))::int as "withPlan", (count(*) filter (where counts))::int as standardized
    from client group by 1`.execute(tx);
  return rows;
};

/** Names of the conditions that a row of `client` does not meet. */
export const missingOf = (params: ServiceRateParams): RawBuilder<unknown> => {
  const names = conditionsOf(params).map((name) => sql`case when not ${sql.ref(name)} then ${name}::text end`);
  return sql`array_remove(array[${sql.join(names)}], null)`;
};

/** The clients behind the rate, as `listLacking` has them. */
export const listServiceRate = (
  tx: Tx,
  params: ServiceRateParams,
  area: MeasuredArea,
  on: Day,
  page: ClientPage,
): Promise<{ rows: MeasuredClient[]; total: number }> =>
  listLacking(
    tx,
    sql`with ${clients(params, area, on)},
      lacking as (select county, person, town, site, counts, ${missingOf(params)} as missing from client)`,
    page,
  );
