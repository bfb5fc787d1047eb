// Rows of accounts, their credentials and sessions. Not state of the journal: passwords are not in it, so backups carry these rows.
import { sql } from 'kysely';
import type { Role } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import {
  type AccountFields,
  type AccountReview,
  type AccountRights,
  type AccountRole,
  type AccountStatus,
  administrators,
  type Verdict,
} from './account.ts';
import { identityProvider } from './identity-server.ts';

export interface AccountRow {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly organisation: string | null;
  readonly organisationName: string | null;
  readonly scope: string;
  readonly disabledAt: string | null;
  readonly createdAt: string;
  readonly signedInAt: string | null;
  readonly failures: number | null;
  readonly failedAt: string | null;
  readonly hasSecondFactor: boolean;
  readonly isBound: boolean;
  readonly pendingFor: string[];
  readonly review: AccountReview | null;
}

const columns = sql`a.id, a.username, a.name, a.role, a.organisation, o.name as "organisationName", a.scope, a.disabled_at as "disabledAt",
  a.created_at as "createdAt", a.signed_in_at as "signedInAt", f.failures, f.failed_at as "failedAt",
  exists (select 1 from account_second_factor s where s.account = a.id and s.confirmed_at is not null) as "hasSecondFactor",
  exists (select 1 from account_credential c where c.account = a.id and c.provider = ${identityProvider}) as "isBound",
  a.pending_for as "pendingFor",
  case when a.review is not null then jsonb_build_object('verdict', a.review, 'by', a.reviewed_by, 'note', a.review_note,
    'at', to_char(a.reviewed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end as review`;
const source = sql`account a left join organisation o on o.id = a.organisation left join sign_in_failure f on f.username = a.username`;

/** An account whose area lies in `scope`. */
export const findAccount = async (tx: Tx, id: string, scope: string): Promise<AccountRow | undefined> => {
  const { rows } = await sql<AccountRow>`
    select ${columns} from ${source} where a.id = ${id} and starts_with(a.scope, ${scope})`.execute(tx);
  return rows[0];
};

export const findAccountByUsername = async (tx: Tx, username: string): Promise<AccountRow | undefined> => {
  const { rows } = await sql<AccountRow>`select ${columns} from ${source} where a.username = ${username}`.execute(tx);
  return rows[0];
};

export interface AccountFilter {
  readonly scope: string;
  readonly search?: string | undefined;
  readonly role?: AccountRole | undefined;
  readonly status?: AccountStatus | undefined;
  readonly page: number;
  readonly pageSize: number;
  /** Last seen before this instant is unused. */
  readonly unusedBefore: string;
  /** So many failures since this instant lock. */
  readonly lockAfter: number;
  readonly forgottenBefore: string;
}

const inStatus = ({ status, unusedBefore, lockAfter, forgottenBefore }: AccountFilter) => {
  const enabled = sql`a.disabled_at is null`;
  if (status === 'enabled') return enabled;
  if (status === 'disabled') return sql`a.disabled_at is not null`;
  if (status === 'unused') return sql`${enabled} and coalesce(a.signed_in_at, a.created_at) <= ${unusedBefore}`;
  if (status === 'pending') return sql`${enabled} and a.pending_at is not null`;
  if (status === 'flagged') return sql`a.review = 'flagged'`;
  if (status === 'unreviewed') return sql`${enabled} and a.review is null`;
  if (status === 'highRights')
    return sql`${enabled} and (a.role = any (${[...administrators]}::text[]) or length(a.scope) <= 4)`;
  if (status === 'locked') return sql`f.failures >= ${lockAfter} and f.failed_at > ${forgottenBefore}`;
  return sql`true`;
};

export const listAccountRows = async (
  tx: Tx,
  filter: AccountFilter,
): Promise<{ rows: AccountRow[]; total: number }> => {
  const { scope, search = '', role, page, pageSize } = filter;
  const { rows } = await sql<AccountRow & { total: number }>`
    select ${columns}, (count(*) over ())::int as total from ${source}
    where starts_with(a.scope, ${scope}) and (${search} = '' or strpos(a.username, lower(${search})) > 0 or strpos(a.name, ${search}) > 0
        or strpos(o.name, ${search}) > 0)
      and a.role = coalesce(${role ?? null}, a.role)
      and ${inStatus(filter)}
    order by a.scope, a.username limit ${pageSize} offset ${(page - 1) * pageSize}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};

export const hasAccounts = async (tx: Tx): Promise<boolean> =>
  (await sql`select 1 from account limit 1`.execute(tx)).rows.length > 0;

/** An organisation that is not closed. */
export const findOpenOrganisation = async (
  tx: Tx,
  id: string,
): Promise<{ kind: string; division: string } | undefined> => {
  const { rows } = await sql<{ kind: string; division: string }>`
    select kind, division from organisation where id = ${id} and closed_on is null`.execute(tx);
  return rows[0];
};

export interface NewAccount extends AccountFields {
  readonly id: string;
  readonly passwordHash: string;
  /** The password was chosen by somebody else than its owner. */
  readonly mustChange: boolean;
  readonly now: string;
}

export const insertAccount = async (tx: Tx, account: NewAccount): Promise<void> => {
  const { id, username, name, role, organisation = null, scope, passwordHash, mustChange, now } = account;
  await sql`
    with a as (
      insert into account (id, username, name, email, email_verified, role, organisation, scope, created_at, updated_at)
      values (${id}, ${username}, ${name}, ${`${id}@account.invalid`}, false, ${role}, ${organisation}, ${scope}, ${now}, ${now})
      returning id),
    p as (insert into account_password (account, hash, set_at) select id, ${passwordHash}, ${now} from a)
    insert into account_credential (id, account, provider, subject, password, password_set_at, must_change, created_at, updated_at)
    select id, id, 'credential', id::text, ${passwordHash}, ${now}, ${mustChange}, ${now}, ${now} from a`.execute(tx);
};

/** What was said of it was said of other rights. */
export const setRights = async (tx: Tx, id: string, rights: AccountRights, now: string): Promise<void> => {
  const { role, organisation = null, scope } = rights;
  await sql`update account set role = ${role}, organisation = ${organisation}, scope = ${scope}, updated_at = ${now}, review = null
    where id = ${id}`.execute(tx);
};

export const setDisabled = async (tx: Tx, id: string, at: string | null): Promise<void> => {
  await sql`update account set disabled_at = ${at} where id = ${id}`.execute(tx);
};

export interface Binding {
  readonly id: string;
  readonly account: string;
  readonly subject: string;
  readonly now: string;
}

/** In place of one that was there. */
export const putBinding = async (tx: Tx, { id, account, subject, now }: Binding): Promise<void> => {
  await deleteBinding(tx, account);
  await sql`insert into account_credential (id, account, provider, subject, created_at, updated_at)
    values (${id}, ${account}, ${identityProvider}, ${subject}, ${now}, ${now})`.execute(tx);
};

/** Whether there was one. */
export const deleteBinding = async (tx: Tx, account: string): Promise<boolean> => {
  const { rows } = await sql`
    delete from account_credential where account = ${account} and provider = ${identityProvider} returning 1`.execute(
    tx,
  );
  return rows.length > 0;
};

export const deleteAllBindings = async (tx: Tx): Promise<number> => {
  const { rows } = await sql`delete from account_credential where provider = ${identityProvider} returning 1`.execute(
    tx,
  );
  return rows.length;
};

export const findBound = async (tx: Tx, subject: string): Promise<{ id: string; username: string } | undefined> => {
  const { rows } = await sql<{ id: string; username: string }>`
    select a.id, a.username from account_credential c join account a on a.id = c.account
    where c.provider = ${identityProvider} and c.subject = ${subject}`.execute(tx);
  return rows[0];
};

/** Keeps everybody out until `deletePending`; `what` is added to what waits. */
export const addPending = async (tx: Tx, account: string, what: string, now: string): Promise<void> => {
  await sql`update account set pending_at = coalesce(pending_at, ${now}),
      pending_for = case when ${what} = any (pending_for) then pending_for else pending_for || ${what}::text end
    where id = ${account}`.execute(tx);
};

export const deletePending = async (tx: Tx, account: string): Promise<void> => {
  await sql`update account set pending_at = null, pending_for = '{}' where id = ${account}`.execute(tx);
};

export interface Review {
  readonly verdict: Verdict;
  readonly by: string;
  readonly note: string | null;
  readonly now: string;
}

export const setReview = async (tx: Tx, account: string, { verdict, by, note, now }: Review): Promise<void> => {
  await sql`update account set review = ${verdict}, reviewed_by = ${by}, review_note = ${note}, reviewed_at = ${now}
    where id = ${account}`.execute(tx);
};

/** Accounts in use that an area does not hold. */
export const hasAccountOutside = async (tx: Tx, scope: string): Promise<boolean> =>
  (await sql`select 1 from account where disabled_at is null and not starts_with(scope, ${scope}) limit 1`.execute(tx))
    .rows.length > 0;

export const hasAccountOfRole = async (tx: Tx, role: AccountRole): Promise<boolean> =>
  (
    await sql`select 1 from account where role = ${role} and disabled_at is null and pending_at is null limit 1`.execute(
      tx,
    )
  ).rows.length > 0;
