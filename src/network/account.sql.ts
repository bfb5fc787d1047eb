// Rows of accounts, their credentials and sessions. Not state of the journal: passwords are not in it, so backups carry these rows.
import { sql } from 'kysely';
import type { Role } from '../kernel/access.ts';
import type { Tx } from '../kernel/database.ts';
import type { AccountFields, AccountRights, AccountRole } from './account.ts';

export interface AccountRow {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly organisation: string | null;
  readonly organisationName: string | null;
  readonly scope: string;
  readonly disabledAt: string | null;
}

const columns = sql`a.id, a.username, a.name, a.role, a.organisation, o.name as "organisationName", a.scope, a.disabled_at as "disabledAt"`;
const source = sql`account a left join organisation o on o.id = a.organisation`;

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
  readonly status?: 'enabled' | 'disabled' | undefined;
  readonly page: number;
  readonly pageSize: number;
}

export const listAccountRows = async (
  tx: Tx,
  { scope, search = '', role, status, page, pageSize }: AccountFilter,
): Promise<{ rows: AccountRow[]; total: number }> => {
  const { rows } = await sql<AccountRow & { total: number }>`
    select ${columns}, (count(*) over ())::int as total from ${source}
    where starts_with(a.scope, ${scope}) and (${search} = '' or strpos(a.username, lower(${search})) > 0 or strpos(a.name, ${search}) > 0
        or strpos(o.name, ${search}) > 0)
      and a.role = coalesce(${role ?? null}, a.role)
      and (a.disabled_at is not null) = coalesce(${status ? status === 'disabled' : null}, a.disabled_at is not null)
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
  readonly now: string;
}

export const insertAccount = async (tx: Tx, account: NewAccount): Promise<void> => {
  const { id, username, name, role, organisation = null, scope, passwordHash, now } = account;
  await sql`
    with a as (
      insert into account (id, username, name, email, email_verified, role, organisation, scope, created_at, updated_at)
      values (${id}, ${username}, ${name}, ${`${id}@account.invalid`}, false, ${role}, ${organisation}, ${scope}, ${now}, ${now})
      returning id)
    insert into account_credential (id, account, provider, subject, password, created_at, updated_at)
    select id, id, 'credential', id::text, ${passwordHash}, ${now}, ${now} from a`.execute(tx);
};

export const setRights = async (tx: Tx, id: string, rights: AccountRights, now: string): Promise<void> => {
  const { role, organisation = null, scope } = rights;
  await sql`update account set role = ${role}, organisation = ${organisation}, scope = ${scope}, updated_at = ${now}
    where id = ${id}`.execute(tx);
};

export const setDisabled = async (tx: Tx, id: string, at: string | null): Promise<void> => {
  await sql`update account set disabled_at = ${at} where id = ${id}`.execute(tx);
};

export const deleteSessions = async (tx: Tx, id: string): Promise<void> => {
  await sql`delete from account_session where account = ${id}`.execute(tx);
};

export const setPasswordHash = async (tx: Tx, id: string, hash: string, now: string): Promise<void> => {
  await sql`update account_credential set password = ${hash}, updated_at = ${now}
    where account = ${id} and provider = 'credential'`.execute(tx);
};

export const findPasswordHash = async (tx: Tx, id: string): Promise<string | null | undefined> => {
  const { rows } = await sql<{ password: string | null }>`
    select password from account_credential where account = ${id} and provider = 'credential'`.execute(tx);
  return rows[0]?.password;
};
