// Counts for the policy page: screenings by outcome, bodies with their rosters' items, sites by their newest checks, entries of a year.
import { sql } from 'kysely';
import type { Day } from '../kernel/contract.ts';
import { countyIn, type Tx } from '../kernel/database.ts';
import { correctType } from '../kernel/entry.ts';
import type { BodyKind } from '../policy/duty.ts';
import { keyOfRecords, type RecordsAsked } from './evidence.ts';

export interface EvidencePlace {
  readonly area: string;
  /** An organisation that asks for itself. */
  readonly site: string | undefined;
}

export interface ScreenedCount {
  readonly county: string;
  readonly town: string | null;
  /** `waiting`: listed or applied, and never screened. */
  readonly outcome: 'eligible' | 'ineligible' | 'unknown' | 'waiting';
  readonly count: number;
}

/** Persons by their newest screening; `unknown` as far as they still wait for what comes of it. */
export const countScreened = async (tx: Tx, area: string): Promise<ScreenedCount[]> => {
  const inTown = area.length === 9 ? sql`and p.town = ${area}` : sql``;
  const { rows } = await sql<ScreenedCount>`
    with newest as (
      select distinct on (f.county, f.person) f.county, f.person, f.stage from file f
      where ${countyIn('f.county', area)} order by f.county, f.person, f.episode desc),
    screened as (
      select distinct on (s.county, s.person) s.county, s.person, s.outcome from screening s
      where ${countyIn('s.county', area)} order by s.county, s.person, s.happened_on desc, s.id desc)
    select county, town, outcome, count(*)::int as count from (
      select n.county, p.town, case when s.outcome is null then 'waiting' else s.outcome end as outcome,
        n.stage in ('listed', 'ineligible') as open
      from newest n join person p on p.county = n.county and p.id = n.person and p.linked_to is null
      left join screened s on s.county = n.county and s.person = n.person
      where ${countyIn('p.county', area)} ${inTown}) persons
    where open or outcome in ('eligible', 'ineligible') group by 1, 2, 3`.execute(tx);
  return rows;
};

export interface BodyItems {
  readonly kind: BodyKind;
  readonly division: string;
  /** Required members that somebody of the roster is. */
  readonly items: readonly string[];
}

/** Open bodies of an area; those about a person as far as the actor sees the person. */
export const listBodyItems = async (tx: Tx, area: string, on: Day): Promise<BodyItems[]> => {
  const { rows } = await sql<BodyItems>`
    select b.kind, b.division, coalesce(array_agg(distinct m.item) filter (where m.item is not null), '{}') as items
    from body b left join body_member m on m.county = b.county and m.body = b.id and m.from_on <= ${on}
      and (m.until_on is null or m.until_on > ${on})
    where ${countyIn('b.county', area)} and starts_with(b.division, ${area}) and b.closed_on is null
    group by b.county, b.id, b.kind, b.division`.execute(tx);
  return rows;
};

export interface CheckedSites {
  readonly kind: string;
  readonly checked: number;
  /** Items of the newest checks that still are not in order. */
  readonly gaps: number;
}

/** How many open sites there are, and what their newest checks of each kind found. */
export const countCheckedSites = async (
  tx: Tx,
  { area, site }: EvidencePlace,
): Promise<{ sites: number; kinds: CheckedSites[] }> => {
  const own = sql`select o.id, o.county from organisation o where o.kind = 'site' and o.closed_on is null
    and starts_with(o.division, ${area}) and (${site ?? null}::uuid is null or o.id = ${site ?? null}::uuid)`;
  const { rows: kinds } = await sql<CheckedSites>`
    select c.kind, count(*)::int as checked, sum(c.gaps)::int as gaps from (
      select distinct on (k.organisation, k.kind) k.organisation, k.kind, (
        select count(*) from jsonb_array_elements(k.items) as i(found)
        where found ->> 'result' = 'gap' and not exists (
          select from hazard h where h.county = k.county and h.id = (found ->> 'hazard')::uuid and h.closed_on is not null)) as gaps
      from site_check k join (${own}) o on o.id = k.organisation
      where ${countyIn('k.county', area)} order by k.organisation, k.kind, k.happened_on desc, k.id desc) c
    group by 1`.execute(tx);
  const { rows } = await sql<{ sites: number }>`select count(*)::int as sites from (${own}) o`.execute(tx);
  return { sites: rows[0]?.sites ?? 0, kinds };
};

export interface RecordCount {
  readonly county: string;
  /** `keyOfRecords` of what was asked. */
  readonly key: string;
  readonly count: number;
  readonly latestOn: Day;
}

interface RecordSpan extends EvidencePlace {
  readonly asked: readonly RecordsAsked[];
  readonly from: Day;
  readonly to: Day;
}

/** A town's records are those about its persons and its organisations; an organisation's, those that it made. */
const within = ({ area, site }: EvidencePlace) => {
  if (site !== undefined) return sql`and e.organisation = ${site}`;
  if (area.length < 9) return sql``;
  // An array and a test, neither a join: who and what lies in the town, and which entries are about it, is found once and not for each entry.
  const own = sql`array(select id from person where county = ${area.slice(0, 6)} and town = ${area}
    union all select id from organisation where starts_with(division, ${area}))`;
  return sql`and (e.id in (select s.entry from entry_subject s where s.county = ${area.slice(0, 6)} and s.subject = any(${own}))) is true`;
};

/** Entries that stand, a corrected one under the type and day of its correction. */
export const countRecords = async (tx: Tx, span: RecordSpan): Promise<RecordCount[]> => {
  const { asked, area, from, to } = span;
  const types = [...new Set(asked.flatMap(({ type }) => [type, correctType(type)]))];
  const kinds = [...new Map(asked.map((one) => [keyOfRecords(one), one]))].map(([key, one]) => ({ key, ...one }));
  const { rows } = await sql<RecordCount>`
    select e.county, a.key, count(*)::int as count, max(e.happened_on) as "latestOn"
    from entry e left join entry r on r.county = e.county and r.id = e.root and e.root <> e.id
    join json_to_recordset(${JSON.stringify(kinds)}::json) as a(key text, type text, holding jsonb)
      on a.type = coalesce(r.type, e.type) and case when jsonb_typeof(a.holding) = 'array'
        then exists (select from jsonb_array_elements(a.holding) as h(part) where e.body @> h.part) else true end
    where ${countyIn('e.county', area)} and e.type = any(${types}::text[]) and e.happened_on between ${from} and ${to}
      and not exists (select from entry n where n.county = e.county and n.replaces = e.id) ${within(span)}
    group by 1, 2`.execute(tx);
  return rows;
};
