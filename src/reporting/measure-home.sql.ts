// Listed persons who live at home on a day, and who of them receives standardized service: the rate of 民发〔2017〕167号, in SQL.
import { type RawBuilder, sql } from 'kysely';
import type { Day } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import type { ServiceRateParams } from '../policy/measure.ts';
import { clients, conditionsOf, missingOf } from './measure.sql.ts';
import {
  type ClientPage,
  countiesOf,
  inPlace,
  listLacking,
  type MeasuredArea,
  type MeasuredClient,
  type RateGroup,
} from './measure-area.sql.ts';

/**
 * Table `listed`: who is listed and has neither died nor moved away by `on`, with the newest fact of where the person lives, and what the
 * rate says of whom it counts. Registered persons are where they are counted, the others where their record says.
 * Joined by person, the county in a case: sorted by it already, the planner would compare everybody of a county with everybody.
 */
const listed = (params: ServiceRateParams, area: MeasuredArea, on: Day): RawBuilder<unknown> => sql`
  with ${clients(params, { counties: area.counties }, on)},
  episode as (select f.county, f.person, f.episode, f.stage, f.ended_on, coalesce(a.received_on, f.registered_on) as began_on
    from file f left join application a on a.county = f.county and a.id = f.id and f.episode > 1 where f.county = ${countiesOf(area)}),
  gone as (select e.county, e.person from episode e where e.stage in ('moved', 'died') and e.ended_on <= ${on}
    and not exists (select 1 from episode n where n.county = e.county and n.person = e.person and n.episode > e.episode and n.began_on <= ${on})),
  lives as (select distinct on (l.county, coalesce(l.linked_to, l.id)) l.county, coalesce(l.linked_to, l.id) as person, x.value
    from fact x join person l on l.county = x.county and l.id = x.person
    where x.county = ${countiesOf(area)} and x.kind = 'livesAt' and x.happened_on <= ${on}
    order by l.county, coalesce(l.linked_to, l.id), x.happened_on desc, x.entry desc, x.position desc),
  lived as (select distinct on (r.county, r.person) r.county, r.person, r.town from residence r
    where r.county = ${countiesOf(area)} and r.from_on <= ${on} order by r.county, r.person, r.from_on desc, r.entry desc),
  listed as materialized (select p.county, p.id as person, case when c.person is null then r.town else c.town end as town, c.site,
      l.value = '"home"' as home, c.person is not null as registration, coalesce(c.counts, false) as counts,
      ${sql.join(conditionsOf(params).map((name) => sql`c.${sql.ref(name)}`))}
    from person p left join client c on c.county = p.county and c.person = p.id
    left join lives l on l.person = p.id and case when l.county = p.county then true else false end
    left join lived r on r.person = p.id and case when r.county = p.county then true else false end
    where p.county = ${countiesOf(area)} and p.listed_on <= ${on} and p.linked_to is null
      and p.id not in (select g.person from gone g))`;

export const countAtHome = async (
  tx: Tx,
  params: ServiceRateParams,
  area: MeasuredArea,
  on: Day,
): Promise<RateGroup[]> => {
  const { rows } = await sql<RateGroup>`
    ${listed(params, area, on)}
    select county, town, site, (count(*) filter (where home))::int as denominator, (count(*) filter (where home and counts))::int as numerator,
      (count(*) filter (where home is null))::int as unknown
    from listed where (home or home is null) and ${inPlace(area)} group by county, town, site`.execute(tx);
  return rows;
};

/** Listed persons at home, as `listLacking` has them. */
export const listAtHome = (
  tx: Tx,
  params: ServiceRateParams,
  area: MeasuredArea,
  on: Day,
  page: ClientPage,
): Promise<{ rows: MeasuredClient[]; total: number }> =>
  listLacking(
    tx,
    sql`${listed(params, area, on)},
      lacking as (select county, person, town, site, counts,
        case when registration then ${missingOf(params)} else array['registration'] end as missing
        from listed where home and ${inPlace(area)})`,
    page,
  );
