// The closed registries of what duties stand on: the records that show them done, what starts their clocks, and whom they are owed for.
import { type RawBuilder, sql } from 'kysely';
import { type Day, firstDayOf, lastDayOf, monthOf } from '../kernel/calendar.ts';
import type { DutyEvent, DutyEvidence, DutySubject } from '../policy/duty.ts';
import type { AsOf } from '../policy/duty-instance.ts';

/** What the registries may look at: counties stand as constants, and the span keeps the rows few. */
export interface EvidenceSpan {
  readonly counties: readonly string[];
  /** First and last day on which a record may count. */
  readonly from: Day;
  readonly at: AsOf;
  readonly today: Day;
  /** Id of the rule, which notes name. */
  readonly rule: string;
  /** Which kind counts, where the evidence has kinds. */
  readonly of: string | undefined;
  /** Count times, else hours. */
  readonly times: boolean;
  /** Whether town and site of a client are asked for, which a count of whole counties does without. */
  readonly placed: boolean;
}

type Rows = RawBuilder<unknown>;
const any = (values: readonly string[]): Rows => sql`any(${[...values]}::text[])`;
/** What a city keeps for itself stands under its four digits; among counties it is told by six. */
const stored = (counties: readonly string[]): string[] => counties.map((county) => county.replace(/00$/, ''));
const asCounty = (county: Rows): Rows => sql`rpad(${county}, 6, '0')`;
const none = sql`null::timestamptz as done_at, null::date as for_on`;

/** Sessions by month from the tallies; of a month that is cut short by the day asked, by day, for a later session is no answer to it. */
const sessions = ({ counties, from, at, today, times }: EvidenceSpan): Rows => {
  const month = monthOf(at.on);
  const whole = at.on === today || at.on === lastDayOf(month);
  const tallies = sql`
    select county, subject::text as subject, (month || '-01')::date as done_on, ${none},
      ${times ? sql`count::numeric` : sql`amount / 60`} as amount, null::uuid as id
    from tally where county = ${any(counties)} and type = 'session.record' and part = 'standardized' and kind = 'person'
      and month >= ${monthOf(from)} and month ${whole ? sql`<=` : sql`<`} ${month}`;
  if (whole) return tallies;
  return sql`${tallies} union all
    select county, person::text, happened_on, ${none}, ${times ? sql`1::numeric` : sql`minutes / 60.0`}, session
    from attendance where county = ${any(counties)} and standardized and happened_on between ${firstDayOf(month)} and ${at.on}`;
};

/** Visits that stand, and what others than lists say of risk or stability: both mean that somebody looked after the person. */
const followUps = ({ counties, from, at }: Pick<EvidenceSpan, 'counties' | 'from' | 'at'>): Rows => sql`
  select e.county, s.subject::text as subject, e.happened_on as done_on, ${none}, 1::numeric as amount, coalesce(e.root, e.id) as id
  from entry e join entry_subject s on s.county = e.county and s.entry = e.id and s.kind = 'person' and s.about
  where e.county = ${any(counties)} and e.type in ('visit.record', 'visit.correct') and e.happened_on between ${from} and ${at.on}
    and not exists (select from entry n where n.county = e.county and n.replaces = e.id)
  union all
  select county, person::text, happened_on, ${none}, 1, entry from fact
  where county = ${any(counties)} and kind in ('risk', 'stability') and source in ('hospital', 'assessment', 'manual')
    and happened_on between ${from} and ${at.on}`;

const reviews = ({ counties, at }: Pick<EvidenceSpan, 'counties' | 'at'>): Rows => sql`
  select e.county, e.body ->> 'referral' as subject, e.happened_on as done_on, ${none}, 1::numeric as amount, e.id
  from entry e where e.county = ${any(counties)} and e.type = 'referral.review' and e.happened_on <= ${at.on}`;

const monthEnd = sql`((month || '-01')::date + interval '1 month - 1 day')::date as for_on`;

/** A month is made by a batch whose receipt agrees, or by a department's list that was taken in and reconciled (CM-07). */
const exchanges = ({ counties }: EvidenceSpan): Rows => sql`
  select county, county as subject, received_on as done_on, null::timestamptz as done_at, ${monthEnd}, 1::numeric as amount, id
  from exchange where county = ${any(counties)} and received_rows = rows
  union all
  select county, county, reconciled_on, null, ${monthEnd}, 1, list
  from exchange_list where county = ${any(counties)} and reconciled_on is not null`;

/** A closed sweep stands for the year that it was opened for, late or not (CM-06). */
const sweeps = ({ counties }: EvidenceSpan): Rows => sql`
  select county, county as subject, closed_on as done_on, null::timestamptz as done_at, (year || '-12-31')::date as for_on, 1::numeric as amount, id
  from sweep where county = ${any(counties)} and closed_on is not null`;

/**
 * Evidence: a statement of rows (county, subject, done_on, done_at, for_on, amount, id), or null while no ledger of the product holds it.
 * `subject` is the id of whom the duty is owed for, or the code of the area. `for_on`: the due day that the record was made for.
 * State rows and tallies alone, or entries of one type by its index: never the journal of a person.
 */
type Source = (span: EvidenceSpan) => Rows | null;

const evidence: Readonly<Record<DutyEvidence, Source>> = {
  applicationDecided: ({ counties }) => sql`
    select county, id::text as subject, decided_on as done_on, ${none}, 1::numeric as amount, id
    from application where county = ${any(counties)} and decision <> 'closed'`,
  referralSent: ({ counties }) => sql`
    select county, person::text as subject, sent_on as done_on, ${none}, 1::numeric as amount, id
    from referral where county = ${any(counties)}`,
  referralAnswered: ({ counties }) => sql`
    select county, id::text as subject, least(queued_on, case when status <> 'withdrawn' then answered_on end) as done_on, ${none},
      1::numeric as amount, id
    from referral where county = ${any(counties)}`,
  queueReviewed: (span) => sql`
    ${reviews(span)} union all
    select county, id::text, answered_on, ${none}, 1, id from referral
    where county = ${any(span.counties)} and queued_on is not null and status in ('accepted', 'declined')`,
  transferOutAssessed: ({ counties }) => sql`
    select county, person::text as subject, happened_on as done_on, ${none}, 1::numeric as amount, id
    from assessment where county = ${any(counties)} and kind = 'transferOut'`,
  followedUp: followUps,
  sessionAttended: sessions,
  // A half year is '2024-H1', a year '2024', a half month its last day.
  reportFiled: ({ counties, of }) => sql`
    select county, area as subject, filed_on as done_on, filed_at as done_at, due_on as for_on, 1::numeric as amount, id
    from report where county = ${any(counties)} and filed_on is not null
      and ${of ?? ''} = case when period like '%H%' then 'halfYear' when length(period) = 4 then 'year' else 'halfMonth' end`,
  // Put right by word, or not found again by a later check of the kind.
  hazardClosed: ({ counties }) => sql`
    select county, id::text as subject, closed_on as done_on, ${none}, 1::numeric as amount, id
    from hazard where county = ${any(counties)} and closed_on is not null union all
    select h.county, h.id::text, c.happened_on, ${none}, 1, c.id from hazard h join site_check c on c.county = h.county
      and c.organisation = h.organisation and c.kind = h.kind and (c.happened_on, c.id) > (h.found_on, h.found_by)
    where h.county = ${any(counties)} and exists (
      select from jsonb_array_elements(c.items) i where i ->> 'item' = h.item and i ->> 'result' <> 'gap')`,
  trainingHours: ({ counties, from, at, times }) => sql`
    select s.county, s.staff::text as subject, a.held_on as done_on, ${none}, ${times ? sql`1::numeric` : sql`s.hours`} as amount, a.id
    from activity_staff s join activity a on a.county = s.county and a.id = s.activity
    where s.county = ${any(counties)} and a.county = ${any(counties)} and a.kind in ('staffTraining', 'assessorTraining')
      and a.held_on between ${from} and ${at.on}`,
  // Of a body for the whole area: one of a person or a village is another's duty.
  meetingHeld: ({ counties, from, at, of }) => sql`
    select ${asCounty(sql`m.county`)} as county, b.division as subject, m.held_on as done_on, ${none}, 1::numeric as amount, m.id
    from meeting m join body b on b.county = m.county and b.id = m.body
    where m.county = ${any(stored(counties))} and b.kind = ${of ?? ''} and b.person is null and m.held_on between ${from} and ${at.on}`,
  activityHeld: ({ counties, from, at, of }) => sql`
    select ${asCounty(sql`a.county`)} as county, a.division as subject, a.held_on as done_on, ${none}, 1::numeric as amount, a.id
    from activity a where a.county = ${any(stored(counties))} and a.kind = ${of ?? ''} and a.held_on between ${from} and ${at.on}`,
  exchangeMade: exchanges,
  sweepDone: sweeps,
  siteInspected: ({ counties, from, at }) => sql`
    select county, organisation::text as subject, happened_on as done_on, ${none}, 1::numeric as amount, id
    from site_check where county = ${any(counties)} and kind = 'safety' and happened_on between ${from} and ${at.on}`,
  recorded: ({ counties, rule }) => sql`
    select ${asCounty(sql`r.county`)} as county, coalesce(r.organisation::text, r.area) as subject, r.happened_on as done_on,
      null::timestamptz as done_at, r.due_on as for_on, 1::numeric as amount, r.id
    from duty_record r where r.county = ${any(stored(counties))} and r.rule = ${rule} and r.step is null`,
};

export const evidenceRows = (name: DutyEvidence, span: EvidenceSpan): Rows | null => evidence[name](span);

/** Episodes of registered persons with where they were counted on the day asked, or when they left. */
const clients = ({ counties, at, placed }: Pick<EvidenceSpan, 'counties' | 'at' | 'placed'>): Rows => sql`
  select f.county, f.person::text as subject, f.id as part, f.person, ${placed ? sql`p.town, p.site` : sql`null::text as town, null::uuid`} as organisation,
    f.registered_on, f.ended_on as end_on, f.stage, f.outcome
  from file f ${
    placed
      ? sql`left join placement p on p.county = f.county and p.person = f.person and p.file = f.id and p.from_on <= ${at.on}
    and (p.until_on is null or p.until_on > ${at.on} or (p.until_on = f.ended_on and p.from_on < p.until_on))`
      : sql``
  }
  where f.county = ${any(counties)} and f.registered_on <= ${at.on}`;

const referred = (
  { counties }: Pick<EvidenceSpan, 'counties'>,
  startOn: Rows,
  from: Rows = sql`referral r`,
): Rows => sql`
  select r.county, r.id::text as subject, r.id as part, r.person, null::text as town, r.organisation, ${startOn} as start_on,
    case when r.status = 'withdrawn' then r.answered_on end as end_on
  from ${from} where r.county = ${any(counties)} and ${startOn} is not null`;

/** Starts of clocks: rows (county, subject, part, person, town, organisation, start_on, end_on); null: nothing starts them yet. */
const starts: Readonly<Record<DutyEvent, (span: EvidenceSpan) => Rows | null>> = {
  applied: ({ counties }) => sql`
    select a.county, a.id::text as subject, a.id as part, a.person, null::text as town, null::uuid as organisation, a.received_on as start_on,
      case when a.decision = 'closed' then a.decided_on end as end_on
    from application a where a.county = ${any(counties)}`,
  registered: (span) => sql`select *, registered_on as start_on from (${clients(span)}) c`,
  referred: (span) => referred(span, sql`r.sent_on`),
  queued: (span) => sql`
    ${referred(span, sql`r.queued_on`)} union all
    ${referred(span, sql`v.done_on`, sql`referral r join (${reviews(span)}) v on v.county = r.county and v.subject = r.id::text`)}`,
  // A process assessment looks back on the plan; the clock to the next transfer-out runs from the first assessment and from the last of its kind.
  assessed: (span) => sql`
    select c.*, x.happened_on as start_on from (${clients(span)}) c join assessment x on x.county = c.county and x.person = c.person
      and x.kind in ('baseline', 'transferOut') and x.happened_on >= c.registered_on and (c.end_on is null or x.happened_on <= c.end_on)
    where x.county = ${any(span.counties)}`,
  discharged: (span) => sql`
    select county, subject, part, person, town, organisation, end_on as start_on, null::date as end_on
    from (${clients(span)}) c where stage = 'discharged'`,
  followedUp: (span) => sql`
    with c as (${clients(span)})
    select *, registered_on as start_on from c union
    select c.*, x.done_on from c join (${followUps(span)}) x on x.county = c.county and x.subject = c.subject
      and x.done_on >= c.registered_on and (c.end_on is null or x.done_on <= c.end_on)`,
  hazardFound: ({ counties }) => sql`
    select h.county, h.id::text as subject, h.id as part, null::uuid as person, left(o.division, 9) as town, h.organisation, h.found_on as start_on,
      null::date as end_on
    from hazard h join organisation o on o.id = h.organisation where h.county = ${any(counties)} and h.kind = 'safety'`,
};

const startColumns = sql`county, subject, part, person, town, organisation, start_on, end_on`;
const stabilityOf = sql`(select x.value #>> '{}' from fact x where x.county = s.county and x.person = s.person and x.kind = 'stability'
  and x.happened_on <= s.start_on order by x.happened_on desc, x.entry desc, x.position desc limit 1)`;

/** Each start once, with the stability of its day in `band` where the duty asks for it. The span stands in a case: see `clockRows`. */
export const startRows = (event: DutyEvent, span: EvidenceSpan, byStability: boolean): Rows | null => {
  const rows = starts[event](span);
  if (rows === null) return null;
  return sql`select distinct ${startColumns}, ${byStability ? stabilityOf : sql`null::text`} as band
    from (select ${startColumns} from (${rows}) r) s where case when start_on between ${span.from} and ${span.at.on} then true else false end`;
};

export interface AreaSubject {
  readonly county: string;
  readonly area: string;
}

/** Whom a duty of the calendar is owed for: rows (county, subject, person, town, organisation, since_on, end_on). */
export const subjectRows = (kind: DutySubject, span: EvidenceSpan, areas: readonly AreaSubject[]): Rows | null => {
  const counties = any(span.counties);
  switch (kind) {
    case 'client':
      // Owed to whoever signed an agreement, as the rate counts them, and had signed it by the day asked.
      return sql`select c.county, c.subject, c.person, c.town, c.organisation, min(a.from_on) as since_on, c.end_on
        from (${clients(span)}) c join agreement a on a.county = c.county and a.person = c.person and a.signed_on >= c.registered_on
          and (c.end_on is null or a.signed_on <= c.end_on)
        where a.county = ${counties} and a.signed_on <= ${span.at.on} group by c.county, c.subject, c.part, c.person, c.town, c.organisation, c.end_on`;
    case 'staff':
      return sql`select s.county, s.id::text as subject, null::uuid as person, left(o.division, 9) as town, s.organisation, s.since_on, s.until_on as end_on
        from staff s join organisation o on o.id = s.organisation where s.county = ${counties}`;
    case 'site':
      return sql`select county, id::text as subject, null::uuid as person, left(division, 9) as town, id as organisation, opened_on as since_on, closed_on as end_on
        from organisation where county = ${counties} and kind = 'site'`;
    case 'town':
    case 'county':
    case 'city':
      return sql`select county, area as subject, null::uuid as person, case when length(area) = 9 then area end as town, null::uuid as organisation,
          null::date as since_on, null::date as end_on
        from json_to_recordset(${JSON.stringify(areas)}::json) as a(county text, area text)`;
    default:
      return null;
  }
};
