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

/** The persons of a town or a site on `on`, so that every table is read by person; the whole of a county is read as it lies. */
const chosen = (area: MeasuredArea, on: Day): RawBuilder<unknown> => sql`
  chosen as materialized (
    select array_agg(person) as persons from placement where county = ${countiesOf(area)} and ${heldOn(on)}
      ${area.town ? sql`and town = ${area.town}` : sql``} ${area.site ? sql`and site = ${area.site}` : sql``})`;
const amongChosen = (area: MeasuredArea): RawBuilder<unknown> =>
  area.town || area.site ? sql`and person = any((select persons from chosen)::uuid[])` : sql``;

const countiesOf = ({ counties }: MeasuredArea): RawBuilder<unknown> => sql`any(${[...counties]}::text[])`;
const heldOn = (on: Day): RawBuilder<unknown> => sql`from_on <= ${on} and (until_on is null or until_on > ${on})`;
/** The last day included, as papers say it. */
const validOn = (on: Day): RawBuilder<unknown> => sql`from_on <= ${on} and (until_on is null or until_on >= ${on})`;

/** One row of a table as columns of the union below; columns not named are null. */
const part = (
  columns: Readonly<Partial<Record<PartColumn, RawBuilder<unknown>>>>,
  rest: RawBuilder<unknown>,
): RawBuilder<unknown> =>
  sql`select county, person, ${sql.join(partColumns.map(([name, type]) => sql`${columns[name] ?? sql`null`}::${sql.raw(type)} as ${sql.ref(name)}`))} ${rest}`;
const partColumns = [
  ['registered_on', 'date'],
  ['placed_on', 'date'],
  ['town', 'text'],
  ['site', 'text'],
  ['consented_on', 'date'],
  ['agreed_on', 'date'],
  ['asked_on', 'date'],
  ['planned_on', 'date'],
  ['baseline_on', 'date'],
  ['assessed_on', 'date'],
  ['sessions', 'int'],
] as const;
type PartColumn = (typeof partColumns)[number][0];

/**
 * Rows of several tables as one row a person. A union that is grouped once, and no join: row-level security hides from the planner how
 * many rows there are, and a join that it took to be of one row would cost the square of the persons.
 */
const perPerson = (parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> => sql`
  select county, person, ${sql.join(partColumns.map(([name]) => sql`max(${sql.ref(name)}) as ${sql.ref(name)}`))}
  from (${sql.join(parts, sql` union all `)}) part group by person, county
  having max(registered_on) is not null and max(placed_on) is not null`;

const sessionsOf = (area: MeasuredArea, on: Day): RawBuilder<unknown> => sql`
  from (select county, subject as person, count from tally where county = ${countiesOf(area)} and kind = 'person' and type = 'session.record'
    and part = 'standardized' and month = ${lastWholeMonthBefore(on)}) tally where true ${amongChosen(area)}`;

/**
 * Registered clients on `on` with one column per condition (DESIGN, Standardized-service rate; the pure definition is
 * `serviceConditions`). Papers signed or made before registration belong to an earlier episode and do not count: of what holds on the
 * day the newest is kept, and counts if it is not older than the registration.
 */
const clients = (params: ServiceRateParams, area: MeasuredArea, on: Day): RawBuilder<unknown> => {
  const among = amongChosen(area);
  const from = (table: string) => sql`from ${sql.table(table)} where county = ${countiesOf(area)} ${among}`;
  const monthOn = firstDayOf(lastWholeMonthBefore(on));
  const interval = `${params.reassessEveryMonths ?? 0} months`;
  const parts = [
    part(
      { registered_on: sql`registered_on` },
      sql`${from('file')} and registered_on <= ${on} and (ended_on is null or ended_on > ${on})`,
    ),
    part({ placed_on: sql`from_on`, town: sql`town`, site: sql`site` }, sql`${from('placement')} and ${heldOn(on)}`),
    part(
      { consented_on: sql`signed_on` },
      sql`${from('consent')} and ${validOn(on)} and (withdrawn_on is null or withdrawn_on > ${on})`,
    ),
    part(
      {
        agreed_on: sql`case when ${validOn(on)} then signed_on end`,
        asked_on: sql`case when from_on < ${monthOn} then signed_on end`,
      },
      from('agreement'),
    ),
    part(
      { planned_on: sql`made_on` },
      sql`${from('plan')} and ${validOn(on)} and (superseded_on is null or superseded_on > ${on})`,
    ),
    part(
      { baseline_on: sql`case when kind = 'baseline' then happened_on end`, assessed_on: sql`happened_on` },
      sql`${from('assessment')} and kind in ('baseline', 'process') and happened_on <= ${on}`,
    ),
    part({ sessions: sql`count` }, sessionsOf(area, on)),
  ];
  const since = (column: string) => sql`coalesce(${sql.ref(column)} >= registered_on, false)`;
  return sql`
    with ${area.town || area.site ? sql`${chosen(area, on)},` : sql``} client as (${perPerson(parts)}),
    condition as (
      select county, person, town, site::uuid as site, ${since('consented_on')} as consent, ${since('agreed_on')} as agreement,
        ${since('baseline_on')} as baseline, ${since('planned_on')} as plan,
        ${params.reassessEveryMonths ? sql`not ${since('assessed_on')} or assessed_on + ${interval}::interval >= ${on}::date` : sql`true`} as reassessment,
        not ${since('asked_on')} or coalesce(sessions, 0) >= ${params.sessionsPerMonth} as sessions
      from client)`;
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

/** Persons in service on `on`, as `client`, with their sessions of the measuring month. */
const inService = (area: MeasuredArea, on: Day): RawBuilder<unknown> => {
  const from = (table: string) => sql`from ${sql.table(table)} where county = ${countiesOf(area)} ${amongChosen(area)}`;
  const parts = [
    part(
      { registered_on: sql`in_service_on` },
      sql`${from('file')} and in_service_on <= ${on} and (ended_on is null or ended_on > ${on})`,
    ),
    part({ placed_on: sql`from_on`, town: sql`town`, site: sql`site` }, sql`${from('placement')} and ${heldOn(on)}`),
    part({ sessions: sql`count` }, sessionsOf(area, on)),
  ];
  return sql`with ${area.town || area.site ? sql`${chosen(area, on)},` : sql``} client as (${perPerson(parts)})`;
};

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
    select ${column} as area, count(*)::int as clients, coalesce(sum(sessions), 0)::int as sessions
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
    select county, person as id, town, site::uuid as site, true as counts, '{}'::text[] as missing, coalesce(sessions, 0) as sessions,
      (count(*) over ())::int as total
    from client order by town, person limit ${page.limit} offset ${page.offset}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};
