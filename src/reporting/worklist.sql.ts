// What waits, from state rows and tallies: for each kind one statement for the days it waits since, and one for a page of it.
import { type RawBuilder, sql } from 'kysely';
import { type Day, firstDayOf, monthOf } from '../kernel/calendar.ts';
import type { Tx } from '../kernel/database.ts';
import type { WorkKind } from './worklist.ts';

/** Kinds that hang on persons and rows; openings, the exchange, meetings' tasks, reports, duties and targets are worked out elsewhere. */
export type RowKind = Exclude<WorkKind, 'opening' | 'exchange' | 'meetingTask' | 'report' | 'duty' | 'target'>;

export interface WorkScope {
  readonly counties: readonly string[];
  readonly town: string | null;
  /** Null for an office. */
  readonly organisation: string | null;
  readonly today: Day;
  /** Standardized sessions a month that the place asks for; 0 where it asks for none. */
  readonly sessionsPerMonth: number;
  /** Consents whose last day falls on or before this day. */
  readonly consentsBefore: Day;
  /** Plans whose review falls on or before this day. */
  readonly plansBefore: Day;
}

export interface WaitingRow {
  readonly county: string;
  readonly id: string;
  readonly person: string | null;
  readonly name: string;
  readonly town: string | null;
  readonly site: string | null;
  readonly sinceOn: Day;
  readonly missing: readonly string[];
}

const none = sql`'{}'::text[]`;
const served = sql`f.stage in ('accepted', 'inService', 'suspended')`;

interface Source {
  readonly id: RawBuilder<unknown>;
  readonly since: RawBuilder<unknown>;
  readonly missing: RawBuilder<unknown>;
  /** From person p and the newest file f on. */
  readonly from: RawBuilder<unknown>;
  readonly where: RawBuilder<unknown>;
}

const newestFile = sql`join file f on f.county = p.county and f.person = p.id
  and not exists (select 1 from file later where later.county = f.county and later.person = f.person and later.episode > f.episode)`;

/** Step → a paper of the file's episode that holds today; the same conditions as the rate's. */
const paper = (step: string, today: Day): RawBuilder<unknown> => {
  const valid = sql`x.from_on <= ${today} and (x.until_on is null or x.until_on >= ${today})`;
  const own = sql`x.county = f.county and x.person = f.person`;
  if (step === 'consent')
    return sql`exists (select 1 from consent x where ${own} and x.signed_on >= f.registered_on and ${valid} and (x.withdrawn_on is null or x.withdrawn_on > ${today}))`;
  if (step === 'agreement')
    return sql`exists (select 1 from agreement x where ${own} and x.signed_on >= f.registered_on and ${valid})`;
  if (step === 'baseline')
    return sql`exists (select 1 from assessment x where ${own} and x.kind = 'baseline' and x.happened_on between f.registered_on and ${today})`;
  return sql`exists (select 1 from plan x where ${own} and x.made_on >= f.registered_on and ${valid} and (x.superseded_on is null or x.superseded_on > ${today}))`;
};
const papers = ['consent', 'agreement', 'baseline', 'plan'];

const atSite = ({ organisation }: WorkScope) => (organisation ? sql`f.site = ${organisation}` : sql`true`);

const referrals = (scope: WorkScope, status: 'sent' | 'queued'): Source => ({
  id: sql`r.id`,
  since: status === 'sent' ? sql`r.sent_on` : sql`coalesce(r.reviewed_on, r.queued_on, r.sent_on)`,
  missing: none,
  from: sql`${newestFile} join referral r on r.county = p.county and r.person = p.id and r.status = ${status}`,
  where: scope.organisation ? sql`r.organisation = ${scope.organisation}` : sql`true`,
});

/** Something about the person, or about a record linked to it, was recorded after the newest screening `s`. */
const factsChanged = sql`exists (select 1 from fact x join entry e on e.county = x.county and e.id = x.entry
  where x.county = p.county and e.seq > s.seq and x.person in (
    select p.id union all select l.id from person l where l.county = p.county and l.linked_to = p.id))`;

const sourceOf = (kind: Exclude<RowKind, 'censusReview'>, scope: WorkScope): Source => {
  const person = { id: sql`p.id`, missing: none, from: newestFile };
  switch (kind) {
    case 'screening':
      return {
        ...person,
        since: sql`f.stage_on`,
        missing: sql`case when ${factsChanged} then array['factsChanged'] else ${none} end`,
        from: sql`${newestFile} left join lateral (select x.outcome, e.seq from screening x
          left join entry e on e.county = x.county and e.id = x.id where x.county = p.county and x.person = p.id
          order by x.happened_on desc, x.id desc limit 1) s on true`,
        where: sql`(f.stage = 'listed' and coalesce(s.outcome, 'unknown') = 'unknown'
          or f.stage in ('listed', 'ineligible') and ${factsChanged})`,
      };
    case 'applicationReview':
      return {
        id: sql`a.id`,
        since: sql`a.received_on`,
        missing: none,
        from: sql`${newestFile} join application a on a.county = p.county and a.person = p.id and a.decision is null`,
        where: sql`f.stage = 'applied'`,
      };
    case 'referralSend':
      return { ...person, since: sql`f.stage_on`, where: sql`f.stage = 'registered'` };
    case 'referralReceive':
      return referrals(scope, 'sent');
    case 'queueReview':
      return referrals(scope, 'queued');
    case 'teamAssessment':
      return {
        ...person,
        since: sql`f.accepted_on`,
        where: sql`${served} and ${atSite(scope)} and not exists (select 1 from team_assessment x
          where x.county = f.county and x.person = f.person and x.happened_on >= f.registered_on)`,
      };
    case 'papers':
      return {
        ...person,
        since: sql`f.accepted_on`,
        missing: sql`array_remove(array[${sql.join(papers.map((step) => sql`case when ${paper(step, scope.today)} then null else ${step}::text end`))}], null)`,
        where: sql`${served} and ${atSite(scope)} and not (${sql.join(
          papers.map((step) => paper(step, scope.today)),
          sql` and `,
        )})`,
      };
    case 'consentEnded':
      return {
        ...person,
        since: sql`e.ended_on`,
        from: sql`${newestFile} cross join lateral (select sharing_ended(f.county, f.person, f.registered_on, ${scope.today}) as ended_on) e`,
        where: sql`${served} and ${atSite(scope)} and e.ended_on is not null`,
      };
    case 'consentEnding':
      return {
        ...person,
        since: sql`c.until_on`,
        from: sql`${newestFile} cross join lateral (select max(coalesce(x.until_on, 'infinity')) as until_on from consent x
          where x.county = f.county and x.person = f.person and x.signed_on >= f.registered_on and x.withdrawn_on is null
            and coalesce(x.until_on, 'infinity') >= ${scope.today}) c`,
        where: sql`${served} and ${atSite(scope)} and c.until_on <= ${scope.consentsBefore}`,
      };
    case 'sessionsShort':
      return {
        ...person,
        since: sql`f.in_service_on`,
        missing: sql`array['short:' || (${scope.sessionsPerMonth}::int - coalesce(t.count, 0))]`,
        from: sql`${newestFile} left join tally t on t.county = f.county and t.kind = 'person' and t.subject = f.person
          and t.type = 'session.record' and t.part = 'standardized' and t.month = ${monthOf(scope.today)}`,
        where: sql`f.stage in ('accepted', 'inService') and ${atSite(scope)} and coalesce(t.count, 0) < ${scope.sessionsPerMonth}
          and exists (select 1 from agreement x where x.county = f.county and x.person = f.person and x.signed_on >= f.registered_on
            and x.from_on < ${firstDayOf(monthOf(scope.today))})`,
      };
    case 'planReview':
      return {
        ...person,
        since: sql`l.review_on`,
        from: sql`${newestFile} join plan l on l.county = p.county and l.person = p.id and l.made_on >= f.registered_on
          and l.from_on <= ${scope.today} and (l.superseded_on is null or l.superseded_on > ${scope.today})`,
        where: sql`${served} and ${atSite(scope)} and l.review_on <= ${scope.plansBefore}`,
      };
  }
};

/** Rows of a kind; county and town stand as constants, RLS narrows the rest. */
const waiting = (kind: RowKind, scope: WorkScope): RawBuilder<unknown> => {
  const counties = sql`any(${[...scope.counties]}::text[])`;
  if (kind === 'censusReview')
    return sql`select l.county, l.id, null::uuid as person, l.file_name as name, null::text as town, null::text as site,
        l.listed_on as "sinceOn", ${none} as missing
      from census_list l where l.county = ${counties}
        and exists (select 1 from census_row r where r.county = l.county and r.list = l.id and r.outcome = 'waiting')`;
  const { id, since, missing, from, where } = sourceOf(kind, scope);
  return sql`select p.county, ${id} as id, p.id as person, p.name, p.town, o.name as site, ${since} as "sinceOn", ${missing} as missing
    from person p ${from} left join organisation o on o.id = f.site
    where p.county = ${counties} and p.linked_to is null and ${scope.town ? sql`p.town = ${scope.town}` : sql`true`} and ${where}`;
};

/** How many wait since each day, by county: enough to count what is overdue. */
export const countWaiting = async (
  tx: Tx,
  kind: RowKind,
  scope: WorkScope,
): Promise<{ county: string; sinceOn: Day; count: number }[]> => {
  const { rows } = await sql<{ county: string; sinceOn: Day; count: number }>`
    select county, "sinceOn", count(*)::int as count from (${waiting(kind, scope)}) w group by 1, 2`.execute(tx);
  return rows;
};

/** A page of those that wait since `until` or longer, the longest first. */
export const listWaiting = async (
  tx: Tx,
  kind: RowKind,
  scope: WorkScope,
  page: { readonly until: Day | null; readonly limit: number; readonly offset: number },
): Promise<WaitingRow[]> => {
  const { rows } = await sql<WaitingRow>`
    select * from (${waiting(kind, scope)}) w where ${page.until}::date is null or "sinceOn" <= ${page.until}
    order by "sinceOn", county, id limit ${page.limit} offset ${page.offset}`.execute(tx);
  return rows;
};
