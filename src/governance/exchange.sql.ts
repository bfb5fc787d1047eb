// Rows of the exchange between departments: batches, their lines while they are on their way, lists that came back, and what a batch is made from.
import { sql } from 'kysely';
import type { Day, Month } from '../kernel/calendar.ts';
import { asSealed, countyIn, keysOf, type Tx } from '../kernel/database.ts';
import { subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import {
  type BatchKind,
  type Department,
  type ExchangeListRow,
  type ExchangeRow,
  exchangeReceived,
  exchangeSent,
  listReconciled,
  listTaken,
  type Reconciled,
} from './exchange.ts';
import { type Cells, type ExchangedPerson, exchangedFacts } from './exchange-columns.ts';

export interface FoundExchange extends ExchangeRow {
  readonly county: string;
  readonly hash: string;
  readonly purpose: string;
  readonly sentAt: string;
  readonly sentBy: string;
  readonly receivedBy: string | null;
  readonly remark: string | null;
}

const nameOfAccount = (column: string) =>
  sql`coalesce((select a.name from account a where a.username = ${sql.ref(column)}), ${sql.ref(column)})`;
const columns = sql`x.county, x.id, x.month, x.sender, x.receiver, x.kind, x.rows, x.hash, x.purpose, x.sent_on as "sentOn", x.sent_at as "sentAt",
  ${nameOfAccount('x.sent_by')} as "sentBy", x.received_on as "receivedOn", x.received_rows as "receivedRows", x.remark, ${nameOfAccount('x.received_by')} as "receivedBy"`;

export const findExchange = async (tx: Tx, id: string): Promise<FoundExchange | undefined> => {
  const { rows } = await sql<FoundExchange>`select ${columns} from exchange x where x.id = ${id}`.execute(tx);
  return rows[0];
};

export interface ExchangeQuery {
  readonly area: string;
  readonly month?: Month | undefined;
  /** Only what this department sent or received. */
  readonly of: Department | null;
  /** Only what waits for this department's agreeing receipt. */
  readonly waitingFor: Department | null;
  readonly limit: number;
  readonly offset: number;
}

/** The newest first. */
export const listExchanges = async (
  tx: Tx,
  { area, month, of, waitingFor, limit, offset }: ExchangeQuery,
): Promise<{ rows: FoundExchange[]; total: number }> => {
  const { rows } = await sql<FoundExchange & { total: number }>`
    select ${columns}, count(*) over ()::int as total from exchange x where ${countyIn('x.county', area)}
      and (${month ?? null}::text is null or x.month = ${month ?? null}) and (${of}::text is null or ${of} in (x.sender, x.receiver))
      and (${waitingFor}::text is null or (x.receiver = ${waitingFor} and x.received_rows is distinct from x.rows))
    order by x.sent_at desc, x.id desc limit ${limit} offset ${offset}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};

/** Whose turn it is: to receive what came, to send anew what was disputed, to reconcile a department's list. */
export interface ExchangeWork {
  readonly turn: 'receive' | 'resend' | 'reconcile';
  /** Of the batch or the list. */
  readonly id: string;
  readonly month: Month;
  readonly other: Department;
  /** Null of a list. */
  readonly kind: BatchKind | null;
}

/** What waits for a department of a county, the oldest month first. A disputed batch waits until another one of its kind is sent. */
export const listExchangeTurns = async (tx: Tx, county: string, department: Department): Promise<ExchangeWork[]> => {
  const { rows } = await sql<ExchangeWork>`
    select turn, id, month, other, kind from (
      select 'receive' as turn, id, month, sender as other, kind, sent_on as since_on from exchange
      where county = ${county} and receiver = ${department} and received_on is null
      union all
      select 'resend', x.id, x.month, x.receiver, x.kind, x.received_on from exchange x
      where x.county = ${county} and x.sender = ${department} and x.received_rows <> x.rows and not exists (
        select from exchange n where n.county = x.county and n.month = x.month and n.sender = x.sender and n.receiver = x.receiver
          and n.kind = x.kind and (n.sent_at, n.id) > (x.sent_at, x.id))
      union all
      select 'reconcile', list, month, department, null, taken_on from exchange_list
      where county = ${county} and ${department} = 'civilAffairs' and reconciled_on is null) w
    order by month, since_on, id`.execute(tx);
  return rows;
};

/** Keeps the lines of a batch until its receipt, each sealed with its person's key. */
export const insertLines = async (
  tx: Tx,
  { county, exchange }: { readonly county: string; readonly exchange: string },
  lines: readonly { readonly person: string; readonly cells: Cells }[],
): Promise<void> => {
  if (lines.length === 0) return;
  const keys = keysOf(tx);
  const dataKeys = await keys.forWriting(
    asSealed(tx),
    county,
    lines.map(({ person }) => person),
  );
  const rows = lines.map(({ person, cells }, position) => ({
    ...{ position, person },
    cells: keys.seal(cells, { county, subject: person }, dataKeys),
  }));
  await sql`insert into exchange_row (county, exchange, position, person, cells)
    select ${county}, ${exchange}, position, person, cells
    from json_to_recordset(${JSON.stringify(rows)}::json) as t(position int, person uuid, cells jsonb)
    on conflict (county, exchange, position) do nothing`.execute(tx);
};

export const listLines = async (tx: Tx, county: string, exchange: string): Promise<{ cells: Cells | string }[]> => {
  const { rows } = await sql<{ cells: Cells | string }>`
    select cells from exchange_row where county = ${county} and exchange = ${exchange} order by position`.execute(tx);
  return rows;
};

export const hasLines = async (tx: Tx, county: string, exchange: string): Promise<boolean> => {
  const { rows } =
    await sql`select from exchange_row where county = ${county} and exchange = ${exchange} limit 1`.execute(tx);
  return rows.length > 0;
};

/** Takes away the lines of one batch, or of all that were sent before a day. */
export const deleteLines = async (
  tx: Tx,
  county: string,
  which: { readonly exchange: string } | { readonly sentBefore: Day },
): Promise<void> => {
  const those =
    'exchange' in which
      ? sql`exchange = ${which.exchange}`
      : sql`exchange in (select id from exchange where county = ${county} and sent_on < ${which.sentBefore})`;
  await sql`delete from exchange_row where county = ${county} and ${those}`.execute(tx);
};

type Exchanged = Omit<ExchangedPerson, 'facts'> & { readonly facts: ExchangedPerson['facts'] | null };

/** Persons of a county as known on `on`: registered and not ended by then; or those whose file moved from `from` to `on`. */
export const listExchanged = async (
  tx: Tx,
  { county, on, from, limit }: { county: string; on: Day; from: Day | null; limit: number },
): Promise<ExchangedPerson[]> => {
  const days = sql.join(
    ['listed_on', 'applied_on', 'registered_on', 'accepted_on', 'in_service_on', 'ended_on', 'stage_on'].map(
      (day) => sql`${sql.ref(day === 'listed_on' ? 'p.listed_on' : `f.${day}`)} between ${from}::date and ${on}::date`,
    ),
    sql` or `,
  );
  const whom =
    from === null ? sql`f.registered_on <= ${on} and (f.ended_on is null or f.ended_on > ${on})` : sql`(${days})`;
  const { rows } = await sql<Exchanged>`
    select p.id as person, p.name, p.sex, p.birth_date as "birthDate", p.id_number as "idNumber", p.certificate_number as "certificateNumber",
      p.phone, p.address, p.town, p.village, p.guardian, f.stage, f.registered_on as "registeredOn", f.ended_on as "endedOn", o.name as site,
      (select jsonb_object_agg(x.kind, x.value) from (select distinct on (kind) kind, value from fact
        where county = p.county and person = p.id and kind = any(${[...exchangedFacts]}::text[]) and happened_on <= ${on}
        order by kind, happened_on desc, entry desc, position desc) x) as facts
    from person p
    join lateral (select * from file where county = p.county and person = p.id order by episode desc limit 1) f on true
    left join organisation o on o.id = f.site
    where p.county = ${county} and p.linked_to is null and ${whom} order by p.town nulls last, p.id limit ${limit}`.execute(
    tx,
  );
  return rows.map((row) => ({ ...row, facts: row.facts ?? {} }));
};

interface StoredList extends Omit<ExchangeListRow, 'fileName' | 'counts'> {
  readonly county: string;
  readonly reconciled: Reconciled | null;
}

const listColumns = sql`county, list, month, department, taken_on as "takenOn", reconciled_on as "reconciledOn",
  case when reconciled_on is not null then json_build_object('matched', matched, 'created', created, 'refused', refused, 'dismissed', dismissed) end as reconciled`;

export const findTakenList = async (tx: Tx, list: string): Promise<StoredList | undefined> => {
  const { rows } = await sql<StoredList>`select ${listColumns} from exchange_list where list = ${list}`.execute(tx);
  return rows[0];
};

/** The entry that a list was taken by, which a void replaces. */
export const findTaking = async (tx: Tx, county: string, list: string): Promise<string | undefined> => {
  const { rows } = await sql<{ id: string }>`
    select e.id from entry e join entry_subject s on s.county = e.county and s.entry = e.id and s.kind = 'list' and s.subject = ${list}
    where e.county = ${county} and e.type = ${listTaken.type} order by e.seq desc limit 1`.execute(tx);
  return rows[0]?.id;
};

export const listTakenLists = async (tx: Tx, county: string, month: Month): Promise<StoredList[]> => {
  const { rows } = await sql<StoredList>`
    select ${listColumns} from exchange_list where county = ${county} and month = ${month} order by taken_on, list`.execute(
    tx,
  );
  return rows;
};

const applyBatches: Projection['apply'] = async (tx, entries) => {
  const sent = entries.filter(exchangeSent.is).map(({ body, county, id, on, at, actor }) => ({
    ...{ ...body, county, id },
    ...{ sent_on: on, sent_at: at, sent_by: actor },
  }));
  if (sent.length)
    await sql`insert into exchange (county, id, month, sender, receiver, kind, rows, hash, purpose, sent_on, sent_at, sent_by)
      select * from json_to_recordset(${JSON.stringify(sent)}::json) as t(county text, id uuid, month text, sender text, receiver text, kind text,
        rows int, hash text, purpose text, sent_on date, sent_at timestamptz, sent_by text) on conflict (county, id) do nothing`.execute(
      tx,
    );
  // In order, one after the other: the last receipt stands.
  for (const { county, subjects, on, actor, body } of entries.filter(exchangeReceived.is))
    await sql`update exchange set received_on = ${on}, received_rows = ${body.rows}, remark = ${body.remark ?? null}, received_by = ${actor}
      where county = ${county} and id = any(${subjectIds({ subjects }, 'record')}::uuid[])`.execute(tx);
};

export const exchangeProjection: Projection = {
  types: [exchangeSent.type, exchangeReceived.type],
  tables: [{ name: 'exchange', kind: 'record', column: 'id' }],
  apply: applyBatches,
};

export const exchangeListProjection: Projection = {
  types: [listTaken.type, listReconciled.type],
  tables: [{ name: 'exchange_list', kind: 'list', column: 'list' }],
  apply: async (tx, entries) => {
    for (const { county, on, body } of entries.filter(listTaken.is))
      await sql`insert into exchange_list (county, list, month, department, taken_on)
        values (${county}, ${body.list}, ${body.month}, ${body.department}, ${on}) on conflict (county, list) do nothing`.execute(
        tx,
      );
    for (const { county, on, body } of entries.filter(listReconciled.is))
      await sql`update exchange_list set reconciled_on = ${on}, matched = ${body.matched}, created = ${body.created}, refused = ${body.refused},
        dismissed = ${body.dismissed} where county = ${county} and list = ${body.list}`.execute(tx);
  },
};
