// Coverage in SQL: persons in service and their sessions of the measuring month, by county or town.
import { type RawBuilder, sql } from 'kysely';
import type { Day } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import {
  type ClientPage,
  countiesOf,
  type MeasuredArea,
  type MeasuredClient,
  pageOf,
  placedOn,
  sessionsWhere,
} from './measure-area.sql.ts';

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
): Promise<{ rows: MeasuredClient[]; total: number }> => {
  const { rows } = await sql<MeasuredClient & { total: number }>`
    ${inService(area, on)}
    select county, person as id, town, site, true as counts, '{}'::text[] as missing, sessions,
      (count(*) over ())::int as total
    from client order by town, person limit ${page.limit} offset ${page.offset}`.execute(tx);
  return pageOf(rows);
};
