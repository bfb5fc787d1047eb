// The figures of a county's report as of a day, by town: one statement a group of columns, from the rows that stand.
import { type RawBuilder, sql } from 'kysely';
import { type Day, firstDayOf, monthOf } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';

/** What is counted: a county, from the first day of the period to the day of the figures. */
export interface FigureSpan {
  readonly county: string;
  readonly fromOn: Day;
  readonly asOf: Day;
}

/** Counts of one town, or of the county's own level where `area` is the county. */
export type FigureRow = { readonly area: string } & Readonly<Record<string, number | string>>;

const run = async (tx: Tx, query: RawBuilder<FigureRow>): Promise<FigureRow[]> => (await query.execute(tx)).rows;

const countOrganisations = ({ county, fromOn, asOf }: FigureSpan) => sql<FigureRow>`
  select case when length(division) = 9 then division else ${county} end as area,
    (count(*) filter (where kind = 'site'))::int as sites,
    (count(*) filter (where kind = 'site' and opened_on >= ${fromOn}))::int as "newSites",
    (count(*) filter (where kind in ('hospital', 'centre')))::int as institutions
  from organisation where starts_with(division, ${county}) and kind in ('site', 'hospital', 'centre')
    and opened_on <= ${asOf} and (closed_on is null or closed_on > ${asOf}) group by 1`;

/** The newest fact of a kind on the day, of the person or of a record linked to it; in one pass over the county's facts. */
const newestFact = (kind: string, { county, asOf }: FigureSpan) => sql`
  left join (select distinct on (coalesce(l.linked_to, l.id)) coalesce(l.linked_to, l.id) as person, x.value
    from fact x join person l on l.county = x.county and l.id = x.person
    where x.county = ${county} and x.kind = ${kind} and x.happened_on <= ${asOf}
    order by coalesce(l.linked_to, l.id), x.happened_on desc, x.entry desc, x.position desc) ${sql.ref(kind)} on ${sql.ref(kind)}.person = p.id`;

const countListed = (span: FigureSpan) => sql<FigureRow>`
  select coalesce(p.town, ${span.county}) as area, count(*)::int as listed,
    (count(*) filter (where "livesAt".value = '"home"'))::int as "atHome",
    (count(*) filter (where "clientWilling".value = 'true'))::int as willing,
    (count(*) filter (where s.outcome = 'eligible'))::int as eligible
  from person p ${newestFact('livesAt', span)} ${newestFact('clientWilling', span)}
  left join lateral (select x.outcome from screening x where x.county = ${span.county} and x.person = p.id and x.happened_on <= ${span.asOf}
    order by x.happened_on desc, x.id desc limit 1) s on true
  where p.county = ${span.county} and p.listed_on <= ${span.asOf} and p.linked_to is null group by 1`;

/** Where each person of the county was counted last, on or before the day. */
const placed = ({ county, asOf }: FigureSpan) => sql`
  with placed as (
    select distinct on (person) person, coalesce(town, ${county}) as area from placement
    where county = ${county} and from_on <= ${asOf} and (until_on is null or until_on > from_on)
    order by person, from_on desc, until_on desc nulls first, entry desc)`;

const countRegistrations = (span: FigureSpan) => sql<FigureRow>`
  ${placed(span)} select area, count(*)::int as "newlyRegistered" from file f join placed using (person)
  where f.county = ${span.county} and f.registered_on between ${span.fromOn} and ${span.asOf} group by 1`;

const countSessions = (span: FigureSpan, domains: readonly string[]) => sql<FigureRow>`
  ${placed(span)} select area, count(distinct a.person)::int as served, count(*)::int as sessions,
    (count(*) filter (where standardized))::int as "standardizedSessions",
    ${sql.join(domains.map((domain) => sql`(count(*) filter (where domain = ${domain}))::int as ${sql.ref(domain)}`))}
  from attendance a join placed using (person)
  where a.county = ${span.county} and a.happened_on between ${span.fromOn} and ${span.asOf} group by 1`;

const countProcessAssessments = (span: FigureSpan) => sql<FigureRow>`
  ${placed(span)} select area, count(*)::int as "processAssessments" from assessment a join placed using (person)
  where a.county = ${span.county} and a.kind = 'process' and a.happened_on between ${span.fromOn} and ${span.asOf} group by 1`;

const countDischarges = (span: FigureSpan) => sql<FigureRow>`
  ${placed(span)} select area,
    (count(*) filter (where outcome = 'job'))::int as "dischargedJob",
    (count(*) filter (where outcome = 'shelteredJob'))::int as "dischargedShelteredJob",
    (count(*) filter (where outcome = 'returnedHome'))::int as "dischargedHome",
    (count(*) filter (where outcome not in ('job', 'shelteredJob', 'returnedHome')))::int as "dischargedOther"
  from file f join placed using (person)
  where f.county = ${span.county} and f.stage = 'discharged' and f.ended_on between ${span.fromOn} and ${span.asOf} group by 1`;

const countStaff = ({ county, asOf }: FigureSpan) => sql<FigureRow>`
  select case when length(o.division) = 9 then o.division else ${county} end as area, count(*)::int as staff,
    (count(*) filter (where s.discipline not in ('manager', 'other')))::int as professionals
  from staff s join organisation o on o.id = s.organisation
  where s.county = ${county} and starts_with(o.division, ${county}) and o.kind in ('site', 'hospital', 'centre')
    and s.since_on <= ${asOf} and (s.until_on is null or s.until_on > ${asOf}) group by 1`;

/** Who is asked for sessions in the running month, by the rate's own rule, and has or has not so many by the day. */
const countMonth = ({ county, asOf }: FigureSpan, asked: number) => sql<FigureRow>`
  select coalesce(p.town, ${county}) as area, (count(*) filter (where m.held >= ${asked}))::int as "enoughSessions",
    (count(*) filter (where m.held < ${asked}))::int as "shortSessions"
  from placement p join standing s on s.county = p.county and s.file = p.file
  cross join lateral (select count(*) as held from attendance a where a.county = ${county} and a.person = p.person and a.standardized
    and a.happened_on between ${firstDayOf(monthOf(asOf))} and ${asOf}) m
  where p.county = ${county} and p.from_on <= ${asOf} and (p.until_on is null or p.until_on > ${asOf})
    and s.agreement @> ${asOf}::date and s.asked_from < ${firstDayOf(monthOf(asOf))} group by 1`;

/** Every group of columns that SQL alone can count. */
export const countFigures = async (
  tx: Tx,
  span: FigureSpan,
  { domains, sessionsAsked }: { domains: readonly string[]; sessionsAsked: number | null },
): Promise<FigureRow[]> => {
  const rows: FigureRow[] = [];
  for (const query of [
    countOrganisations(span),
    countListed(span),
    countRegistrations(span),
    countSessions(span, domains),
    countProcessAssessments(span),
    countDischarges(span),
    countStaff(span),
    ...(sessionsAsked === null ? [] : [countMonth(span, sessionsAsked)]),
  ])
    rows.push(...(await run(tx, query)));
  return rows;
};

/** A referral as far as its clock needs it. */
export interface ReferralDays {
  readonly area: string;
  readonly sentOn: Day;
  readonly queuedOn: Day | null;
  readonly answeredOn: Day | null;
}

/** Referrals that were sent by the day and were sent in the period or may still have waited on the day. */
export const listReferralDays = async (tx: Tx, span: FigureSpan): Promise<ReferralDays[]> => {
  const { rows } = await sql<ReferralDays>`
    select coalesce(p.town, r.county) as area, r.sent_on as "sentOn", r.queued_on as "queuedOn", r.answered_on as "answeredOn"
    from referral r join person p on p.county = r.county and p.id = r.person
    where r.county = ${span.county} and r.sent_on <= ${span.asOf}
      and (r.sent_on >= ${span.fromOn} or r.answered_on is null or r.answered_on > ${span.asOf})`.execute(tx);
  return rows;
};
