// Distinct persons served since the first of January, in SQL: whole months from the tallies, the month of the day from attendance.
import { type RawBuilder, sql } from 'kysely';
import { type Day, firstDayOf, monthOf } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import { firstDayOfYear } from '../policy/measure-network.ts';
import {
  type ClientPage,
  countiesOf,
  inPlace,
  lastPlaced,
  type MeasuredArea,
  type MeasuredClient,
  pageOf,
  type RateGroup,
} from './measure-area.sql.ts';

const served = (minimumSessions: number, area: MeasuredArea, on: Day): RawBuilder<unknown> => sql`
  with came as (
    select x.county, x.subject as person, x.count from tally x where x.county = ${countiesOf(area)} and x.kind = 'person'
      and x.type = 'session.record' and x.part = '' and x.month >= ${monthOf(firstDayOfYear(on))} and x.month < ${monthOf(on)}
    union all select county, person, 1 from attendance
      where county = ${countiesOf(area)} and happened_on between ${firstDayOf(monthOf(on))} and ${on}),
  much as (select county, person, sum(count)::int as sessions from came group by county, person having sum(count) >= ${minimumSessions}),
  ${lastPlaced(area, on)},
  served as (select m.county, m.person, p.town, p.site, m.sessions from much m
    join placed p on p.county = m.county and p.person = m.person where ${inPlace(area)})`;

/** Numerator and denominator are both the persons served. */
export const countServed = async (
  tx: Tx,
  minimumSessions: number,
  area: MeasuredArea,
  on: Day,
): Promise<RateGroup[]> => {
  const { rows } = await sql<RateGroup>`
    ${served(minimumSessions, area, on)}
    select county, town, site, count(*)::int as denominator, count(*)::int as numerator from served group by county, town, site`.execute(
    tx,
  );
  return rows;
};

export const listServed = async (
  tx: Tx,
  minimumSessions: number,
  area: MeasuredArea,
  on: Day,
  page: Pick<ClientPage, 'limit' | 'offset'>,
): Promise<{ rows: MeasuredClient[]; total: number }> => {
  const { rows } = await sql<MeasuredClient & { total: number }>`
    ${served(minimumSessions, area, on)}
    select county, person as id, town, site, true as counts, '{}'::text[] as missing, sessions, (count(*) over ())::int as total
    from served order by town, person limit ${page.limit} offset ${page.offset}`.execute(tx);
  return pageOf(rows);
};
