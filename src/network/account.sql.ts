// Rows of accounts, their credentials and sessions. Not state of the journal: passwords are not in it, so backups carry these rows.
import { sql } from 'kysely';
import type { Role } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import type { AccountFields, AccountRights, AccountRole, AccountStatus } from './account.ts';

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
}

const columns = sql`a.id, a.username, a.name, a.role, a.organisation, o.name as "organisationName", a.scope, a.disabled_at as "disabledAt",
  a.created_at as "createdAt", a.signed_in_at as "signedInAt", f.failures, f.failed_at as "failedAt",
  exists (select 1 from account_second_factor s where s.account = a.id and s.confirmed_at is not null) as "hasSecondFactor"`;
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

export const setRights = async (tx: Tx, id: string, rights: AccountRights, now: string): Promise<void> => {
  const { role, organisation = null, scope } = rights;
  await sql`update account set role = ${role}, organisation = ${organisation}, scope = ${scope}, updated_at = ${now}
    where id = ${id}`.execute(tx);
};

export const setDisabled = async (tx: Tx, id: string, at: string | null): Promise<void> => {
  await sql`update account set disabled_at = ${at} where id = ${id}`.execute(tx);
};
