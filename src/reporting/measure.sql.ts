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
/** The last day included, as papers say it. */
const validOn = (on: Day): RawBuilder<unknown> =>
  sql`x.from_on <= ${on} and (x.until_on is null or x.until_on >= ${on})`;

/** Where each registered client is counted on `on`: a placement lasts exactly as long as somebody is registered. */
const placements = (area: MeasuredArea, on: Day): RawBuilder<unknown> => sql`
  from placement p where p.county = ${countiesOf(area)} and p.from_on <= ${on} and (p.until_on is null or p.until_on > ${on})
    ${area.town ? sql`and p.town = ${area.town}` : sql``} ${area.site ? sql`and p.site = ${area.site}` : sql``}`;

/** What the conditions of the rate ask of the papers, assessments and tallies of a person. */
type Evidence = 'consent' | 'agreement' | 'baseline' | 'plan' | 'assessed' | 'fresh' | 'asked' | 'served';

/** A table whose rows stand for something done for a person; `dayOf` says to which episode a row belongs. */
interface EvidenceTable {
  readonly table: string;
  readonly person?: string;
  readonly dayOf?: string;
  readonly where: RawBuilder<unknown>;
}

const evidenceOf = (params: ServiceRateParams, on: Day): [Evidence, EvidenceTable][] => {
  const done = sql`x.kind in ('baseline', 'process') and x.happened_on <= ${on}`;
  const interval = `${params.reassessEveryMonths} months`;
  const again: [Evidence, EvidenceTable][] = [
    ['assessed', { table: 'assessment', dayOf: 'happened_on', where: done }],
    [
      'fresh',
      {
        table: 'assessment',
        dayOf: 'happened_on',
        where: sql`${done} and x.happened_on + ${interval}::interval >= ${on}::date`,
      },
    ],
  ];
  return [
    [
      'consent',
      {
        table: 'consent',
        dayOf: 'signed_on',
        where: sql`${validOn(on)} and (x.withdrawn_on is null or x.withdrawn_on > ${on})`,
      },
    ],
    ['agreement', { table: 'agreement', dayOf: 'signed_on', where: validOn(on) }],
    [
      'baseline',
      { table: 'assessment', dayOf: 'happened_on', where: sql`x.kind = 'baseline' and x.happened_on <= ${on}` },
    ],
    [
      'plan',
      {
        table: 'plan',
        dayOf: 'made_on',
        where: sql`${validOn(on)} and (x.superseded_on is null or x.superseded_on > ${on})`,
      },
    ],
    ...(params.reassessEveryMonths === undefined ? [] : again),
    [
      'asked',
      {
        table: 'agreement',
        dayOf: 'signed_on',
        where: sql`x.from_on < ${firstDayOf(lastWholeMonthBefore(on))}`,
      },
    ],
    [
      'served',
      {
        table: 'tally',
        person: 'subject',
        where: sql`${sessionsWhere(on)} and x.count >= ${params.sessionsPerMonth}`,
      },
    ],
  ];
};

const sessionsWhere = (on: Day): RawBuilder<unknown> =>
  sql`x.type = 'session.record' and x.part = 'standardized' and x.month = ${lastWholeMonthBefore(on)}`;

/** Papers signed or made before the registration that holds on `on` belong to an earlier episode. */
const ofEpisode = (dayOf: string, on: Day): RawBuilder<unknown> =>
  sql`${sql.ref(`x.${dayOf}`)} >= (select max(f.registered_on) from file f where f.county = x.county and f.person = x.person and f.registered_on <= ${on})`;

/** Each condition of the rate, given how to say that there is evidence. */
const met = (
  params: ServiceRateParams,
  has: (evidence: Evidence) => RawBuilder<unknown>,
): Record<ServiceCondition, RawBuilder<unknown>> => ({
  consent: has('consent'),
  agreement: has('agreement'),
  baseline: has('baseline'),
  plan: has('plan'),
  reassessment: params.reassessEveryMonths === undefined ? sql`true` : sql`(not ${has('assessed')} or ${has('fresh')})`,
  sessions: sql`(${has('served')} or not ${has('asked')})`,
});

const mapValues = <K extends string, A, B>(of: Record<K, A>, change: (value: A) => B): Record<K, B> =>
  Object.fromEntries(Object.entries<A>(of).map(([key, value]) => [key, change(value)])) as Record<K, B>;

const allOf = (params: ServiceRateParams, conditions: Record<ServiceCondition, RawBuilder<unknown>>) =>
  sql.join(
    conditionsOf(params).map((condition) => conditions[condition]),
    sql` and `,
  );

/**
 * Table `client`: the registered clients of an area on `on`, with `counts` and, if asked for, one column per condition (DESIGN,
 * Standardized-service rate; the pure definition is `serviceConditions`).
 *
 * For whole counties each table is read once and what it says becomes one bit of a person, so that a person's conditions are a test of
 * one number. A town or a site is looked up person by person. Nothing is joined: row-level security hides from the planner how many
 * rows there are, and a join that it took to be of one row would cost the square of the persons.
 */
const clients = (
  params: ServiceRateParams,
  area: MeasuredArea,
  on: Day,
  withConditions = true,
): RawBuilder<unknown> => {
  const evidence = evidenceOf(params, on);
  const columns = (all: RawBuilder<unknown>, each: Record<ServiceCondition, RawBuilder<unknown>>) => sql`
    p.county, p.person, p.town, p.site, ${all} as counts ${
      withConditions
        ? sql.join(
            ServiceCondition.options.map((name) => sql`, ${each[name]} as ${sql.ref(name)}`),
            sql``,
          )
        : sql``
    } ${placements(area, on)}`;
  if (area.town || area.site) {
    const tables = new Map(evidence);
    const each = met(params, (name) => {
      const { table, person = 'person', dayOf, where } = tables.get(name) as EvidenceTable;
      return sql`exists (select 1 from ${sql.table(table)} x where ${where} and x.county = p.county
        and ${sql.ref(`x.${person}`)} = p.person ${dayOf ? sql`and ${ofEpisode(dayOf, on)}` : sql``})`;
    });
    return sql`with client as materialized (select ${columns(allOf(params, each), each)})`;
  }
  const bitOf = new Map(evidence.map(([name], i) => [name, sql.lit(1 << i)]));
  const bits = met(params, (name) => sql`bits & ${bitOf.get(name)} <> 0`);
  const among = (condition: RawBuilder<unknown>) => sql`p.person in (select person from evidence where ${condition})`;
  const each = {
    ...mapValues(bits, among),
    // Met by whoever there is no evidence of, too.
    reassessment: sql`not ${among(sql`not (${bits.reassessment})`)}`,
    sessions: sql`not ${among(sql`not (${bits.sessions})`)}`,
  };
  const byTable = Map.groupBy(evidence, ([, { table }]) => table);
  // Only who came back may have papers of an earlier episode: nobody signs anything before the first registration.
  const rows = [...byTable].map(([table, kinds]) => {
    const { person = 'person', dayOf } = kinds[0]?.[1] ?? {};
    const whens = kinds.map(([name, { where }]) => sql`case when ${where} then ${bitOf.get(name)} else 0 end`);
    return sql`select ${sql.ref(`x.${person}`)} as person, ${sql.join(whens, sql` | `)} as bit from ${sql.table(table)} x
      where x.county = ${countiesOf(area)} and (${sql.join(
        kinds.map(([, { where }]) => sql`(${where})`),
        sql` or `,
      )}) ${dayOf ? sql`and (x.person not in (select person from returned) or ${ofEpisode(dayOf, on)})` : sql``}`;
  });
  return sql`
    with returned as materialized (select person from file where county = ${countiesOf(area)} and episode > 1),
    evidence as materialized (select person, bit_or(bit) as bits from (${sql.join(rows, sql` union all `)}) x group by person),
    client as materialized (select ${columns(among(allOf(params, bits)), each)})`;
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
    ${clients(params, area, on, false)}
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
    ${placements(area, on)} and p.file in (select f.id from file f where f.county = ${countiesOf(area)} and f.in_service_on <= ${on}))`;

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
