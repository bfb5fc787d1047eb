// The outcomes of a cohort by entry into service (AL-17), in SQL: relapse, self-care, work.
import { type RawBuilder, sql } from 'kysely';
import type { Day } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import {
  enteredBy,
  type OutcomeMeasure,
  outcomesFrom,
  relapseRisk,
  selfCareItems,
  selfCaringAtMost,
} from '../policy/measure-outcome.ts';
import {
  type ClientPage,
  countiesOf,
  inPlace,
  type MeasuredArea,
  type MeasuredClient,
  pageOf,
  type RateGroup,
} from './measure-area.sql.ts';

export interface OutcomeAsked {
  readonly measure: OutcomeMeasure;
  readonly afterMonths: number;
  readonly on: Day;
}

/** Facts of a person and of the records linked to it. */
const factOf = (area: MeasuredArea, kinds: readonly string[], on: Day): RawBuilder<unknown> => sql`
  select l.county, coalesce(l.linked_to, l.id) as person, x.kind, x.happened_on, x.value, x.entry, x.position
  from fact x join person l on l.county = x.county and l.id = x.person
  where x.county = ${countiesOf(area)} and x.kind = any(${[...kinds]}::text[]) and x.happened_on <= ${on}`;

/** Table `cohort`: the stay of `findCohortStay`, and where the person was counted in it last. */
const cohort = (area: MeasuredArea, { afterMonths, on }: OutcomeAsked): RawBuilder<unknown> => sql`
  with stay as materialized (select distinct on (f.county, f.person) f.county, f.person, f.id as file, f.in_service_on, f.ended_on, f.stage, f.outcome
    from file f where f.county = ${countiesOf(area)} and f.in_service_on <= ${enteredBy(afterMonths, on)}
      and (f.ended_on is null or f.ended_on >= ${outcomesFrom(on)}) order by f.county, f.person, f.episode desc),
  place as (select distinct on (p.county, p.file) p.county, p.file, p.town, p.site
    from placement p join stay s on s.county = p.county and s.file = p.file where p.county = ${countiesOf(area)} and p.from_on <= ${on}
    order by p.county, p.file, p.from_on desc, p.until_on desc nulls first, p.entry desc),
  cohort as materialized (select s.*, p.town, p.site from stay s left join place p on p.county = s.county and p.file = s.file
    where not (s.stage in ('moved', 'died') and s.ended_on <= ${on}) and ${inPlace(area)})`;

const relapsed = (area: MeasuredArea, { on }: OutcomeAsked): RawBuilder<unknown> => sql`
  relapse as (
    select county, person, from_on as happened_on, case reason when 'relapse' then 'paused' else 'hospital' end as what
      from suspension where county = ${countiesOf(area)} and reason in ('relapse', 'hospital')
    union all select county, person, ended_on, 'hospital' from file
      where county = ${countiesOf(area)} and stage = 'discharged' and outcome = 'hospitalised'
    union all select county, person, happened_on, case kind when 'risk' then 'risk' else 'hospital' end
      from (${factOf(area, ['risk', 'livesAt'], on)}) f
      where (kind = 'livesAt' and value = '"hospital"') or (kind = 'risk' and value >= to_jsonb(${relapseRisk}::int))),
  outcome as (select distinct on (c.county, c.person) c.county, c.person, r.what, r.happened_on as what_on
    from cohort c join relapse r on r.county = c.county and r.person = c.person
      and r.happened_on > c.in_service_on and r.happened_on between ${outcomesFrom(on)} and ${on}
    order by c.county, c.person, r.happened_on desc, r.what),
  measured as (select c.county, c.person, c.town, c.site, o.person is not null as counts, false as unknown, false as at_entry, o.what, o.what_on
    from cohort c left join outcome o on o.county = c.county and o.person = c.person)`;

/** On one day a scale says more than a fact. */
const caring = (area: MeasuredArea, { on }: OutcomeAsked): RawBuilder<unknown> => sql`
  said as materialized (
    select county, person, happened_on, value = 'true' as caring, 0 as rank, entry, position from (${factOf(area, ['selfCaring'], on)}) f
    union all select a.county, a.person, a.happened_on,
        not exists (select 1 from unnest(${[...selfCareItems]}::text[]) as i(code) where (r -> 'answers' ->> i.code)::int > ${selfCaringAtMost}), 1, a.id, 0
      from assessment a cross join jsonb_array_elements(a.results) r
      where a.county = ${countiesOf(area)} and a.happened_on <= ${on} and r ->> 'instrument' = 'adl'
        and jsonb_exists_all(r -> 'answers', ${[...selfCareItems]}::text[])),
  outcome as (select distinct on (county, person) county, person, caring, happened_on from said
    order by county, person, happened_on desc, rank desc, entry desc, position desc),
  entered as (select distinct on (c.county, c.person) c.county, c.person, s.caring
    from cohort c join said s on s.county = c.county and s.person = c.person and s.happened_on <= c.in_service_on
    order by c.county, c.person, s.happened_on desc, s.rank desc, s.entry desc, s.position desc),
  measured as (select c.county, c.person, c.town, c.site, coalesce(o.caring, false) as counts, o.person is null as unknown,
      coalesce(e.caring, false) as at_entry, case when o.caring then 'caring' when not o.caring then 'notCaring' end as what, o.happened_on as what_on
    from cohort c left join outcome o on o.county = c.county and o.person = c.person
    left join entered e on e.county = c.county and e.person = c.person)`;

const working = ({ on }: OutcomeAsked): RawBuilder<unknown> => sql`
  measured as (select county, person, town, site, works as counts, false as unknown, false as at_entry,
      case when works then outcome end as what, case when works then ended_on end as what_on
    from (select *, stage = 'discharged' and outcome in ('job', 'shelteredJob') and ended_on <= ${on} as works from cohort) c)`;

const measured = (area: MeasuredArea, asked: OutcomeAsked): RawBuilder<unknown> => {
  const of = {
    relapseRate: () => relapsed(area, asked),
    selfCareRate: () => caring(area, asked),
    employmentRate: () => working(asked),
  };
  return sql`${cohort(area, asked)}, ${of[asked.measure]()}`;
};

export const countOutcome = async (tx: Tx, area: MeasuredArea, asked: OutcomeAsked): Promise<RateGroup[]> => {
  const { rows } = await sql<RateGroup>`
    ${measured(area, asked)}
    select county, town, site, (count(*) filter (where not unknown))::int as denominator, (count(*) filter (where counts))::int as numerator,
      (count(*) filter (where unknown))::int as unknown, (count(*) filter (where at_entry))::int as "atEntry"
    from measured group by county, town, site`.execute(tx);
  return rows;
};

/** The cohort, those whom somebody should look at first: who relapsed, or does not (yet) care for himself or herself, or work. */
export const listOutcome = async (
  tx: Tx,
  area: MeasuredArea,
  asked: OutcomeAsked,
  page: ClientPage,
): Promise<{ rows: MeasuredClient[]; total: number }> => {
  const first = asked.measure === 'relapseRate' ? sql`not counts` : sql`counts`;
  const { rows } = await sql<MeasuredClient & { total: number }>`
    ${measured(area, asked)}
    select county, person as id, town, site, counts, '{}'::text[] as missing, what, what_on as "whatOn", (count(*) over ())::int as total
    from measured where ${page.counts === undefined ? sql`true` : sql`counts = ${page.counts}`}
    order by ${first}, unknown, town, person limit ${page.limit} offset ${page.offset}`.execute(tx);
  return pageOf(rows);
};
