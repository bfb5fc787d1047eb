// Counts for settlement: sessions, persons and agreed fees of a month, by organisation and in all.
import { sql } from 'kysely';
import { countyIn, type Tx } from '../kernel/database.ts';

interface MonthSpan {
  readonly area: string;
  readonly from: string;
  readonly to: string;
}

export interface Provided {
  /** Null: all of the area. */
  readonly organisation: string | null;
  readonly sessions: number;
  readonly attendances: number;
  readonly standardized: number;
  readonly minutes: number;
  readonly served: number;
}

/** What was attended, by organisation, and the sum of the area. */
export const countProvided = async (tx: Tx, { area, from, to }: MonthSpan): Promise<Provided[]> => {
  const { rows } = await sql<Provided>`
    select organisation, count(distinct session)::int as sessions, count(*)::int as attendances,
      (count(*) filter (where standardized))::int as standardized, coalesce(sum(minutes), 0)::int as minutes, count(distinct person)::int as served
    from attendance where ${countyIn('county', area)} and happened_on between ${from} and ${to}
    group by grouping sets ((organisation), ())`.execute(tx);
  return rows;
};

/** Of each person the newest agreement that held in the month. */
export const sumFees = async (
  tx: Tx,
  { area, from, to }: MonthSpan,
): Promise<{ organisation: string; fees: number }[]> => {
  const { rows } = await sql<{ organisation: string; fees: number }>`
    select organisation, sum(price)::float8 as fees from (
      select distinct on (a.county, a.person) a.organisation, a.price from agreement a
      join file f on f.county = a.county and f.person = a.person and a.signed_on >= f.registered_on and (f.ended_on is null or f.ended_on > ${from})
      where ${countyIn('a.county', area)} and a.from_on <= ${to} and (a.until_on is null or a.until_on >= ${from})
      order by a.county, a.person, a.from_on desc, a.id desc) a
    group by organisation`.execute(tx);
  return rows;
};

export const listNames = async (
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { readonly name: string; readonly division: string }>> => {
  const { rows } = await sql<{ id: string; name: string; division: string }>`
    select id, name, division from organisation where id = any(${[...ids]}::uuid[])`.execute(tx);
  return new Map(rows.map(({ id, ...row }) => [id, row]));
};
