// Rows of signing in: failures by name, passwords and their history, second factors, sessions. None is state of the journal.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';
import type { Failures } from './sign-in-rules.ts';

export interface CountedFailures {
  readonly username: string;
  readonly now: string;
  /** Failures before this instant are forgotten. */
  readonly forgottenBefore: string;
  readonly lockAfter: number;
}

/**
 * Counts a failure and says how many there are, this one included. Beyond `lockAfter` neither count nor instant moves on, so that
 * whoever goes on trying does not prolong the lock.
 */
export const countFailure = async (tx: Tx, counted: CountedFailures): Promise<number> => {
  const { username, now, forgottenBefore, lockAfter } = counted;
  const { rows } = await sql<{ failures: number }>`
    insert into sign_in_failure as f (username, failures, failed_at) values (${username}, 1, ${now})
    on conflict (username) do update set
      failures = case when f.failed_at <= ${forgottenBefore} then 1 else least(f.failures, ${lockAfter}::int) + 1 end,
      failed_at = case when f.failures >= ${lockAfter}::int and f.failed_at > ${forgottenBefore} then f.failed_at else ${now} end
    returning failures`.execute(tx);
  return rows[0]?.failures ?? 0;
};

export const findFailures = async (tx: Tx, username: string): Promise<Failures | undefined> => {
  const { rows } = await sql<Failures>`
    select failures, failed_at as "failedAt" from sign_in_failure where username = ${username}`.execute(tx);
  return rows[0];
};

export const deleteFailures = async (tx: Tx, username: string): Promise<void> => {
  await sql`delete from sign_in_failure where username = ${username}`.execute(tx);
};

/** Takes one failure back; all of them where the password is all that the account asks for. */
export const takeBackFailure = async (tx: Tx, username: string): Promise<void> => {
  await sql`
    with asked as (
      select exists (select 1 from account a join account_second_factor f on f.account = a.id
        where a.username = ${username} and f.confirmed_at is not null) as more),
    kept as (
      update sign_in_failure f set failures = f.failures - 1 from asked where f.username = ${username} and asked.more)
    delete from sign_in_failure f using asked where f.username = ${username} and not asked.more`.execute(tx);
};

/** Whoever tries names without end would fill the table. */
export const deleteForgottenFailures = async (tx: Tx, forgottenBefore: string): Promise<void> => {
  await sql`delete from sign_in_failure where failed_at <= ${forgottenBefore}`.execute(tx);
};

/** The newest first, the present one among them. */
export const listPasswordHashes = async (tx: Tx, account: string, most: number): Promise<string[]> => {
  const { rows } = await sql<{ hash: string }>`
    select hash from account_password where account = ${account} order by set_at desc limit ${most}`.execute(tx);
  return rows.map((row) => row.hash);
};

export interface NewPassword {
  readonly account: string;
  readonly hash: string;
  /** Set by somebody else than its owner. */
  readonly mustChange: boolean;
  readonly now: string;
}

export const setPassword = async (tx: Tx, { account, hash, mustChange, now }: NewPassword): Promise<void> => {
  await sql`
    with set as (
      update account_credential set password = ${hash}, updated_at = ${now}, password_set_at = ${now}, must_change = ${mustChange}
      where account = ${account} and provider = 'credential' returning account)
    insert into account_password (account, hash, set_at) select account, ${hash}, ${now} from set`.execute(tx);
};

/** Of the last `most` alone. */
export const forgetOldPasswords = async (tx: Tx, account: string, most: number): Promise<void> => {
  await sql`delete from account_password where account = ${account} and hash not in
    (select hash from account_password where account = ${account} order by set_at desc limit ${most})`.execute(tx);
};

export const findPasswordHash = async (tx: Tx, id: string): Promise<string | null | undefined> => {
  const { rows } = await sql<{ password: string | null }>`
    select password from account_credential where account = ${id} and provider = 'credential'`.execute(tx);
  return rows[0]?.password;
};

export interface SecondFactorRow {
  /** Sealed. */
  readonly secret: string;
  readonly confirmedAt: string | null;
  readonly lastStep: number | null;
}

/** Locked, so that one code is taken once. */
export const findSecondFactor = async (tx: Tx, account: string): Promise<SecondFactorRow | undefined> => {
  const { rows } = await sql<SecondFactorRow>`
    select secret, confirmed_at as "confirmedAt", last_step as "lastStep"
    from account_second_factor where account = ${account} for update`.execute(tx);
  return rows[0];
};

/** Never in place of one that counts. */
export const putProposedSecret = async (tx: Tx, account: string, secret: string, now: string): Promise<void> => {
  await sql`insert into account_second_factor as f (account, secret, proposed_at) values (${account}, ${secret}, ${now})
    on conflict (account) do update set secret = excluded.secret, proposed_at = excluded.proposed_at
    where f.confirmed_at is null`.execute(tx);
};

export const confirmSecret = async (tx: Tx, account: string, step: number, now: string): Promise<void> => {
  await sql`update account_second_factor set confirmed_at = ${now}, last_step = ${step} where account = ${account}`.execute(
    tx,
  );
};

export const setLastStep = async (tx: Tx, account: string, step: number): Promise<void> => {
  await sql`update account_second_factor set last_step = ${step} where account = ${account}`.execute(tx);
};

export const putRecoveryCodes = async (tx: Tx, account: string, hashes: readonly string[]): Promise<void> => {
  await sql`delete from account_recovery_code where account = ${account}`.execute(tx);
  await sql`insert into account_recovery_code (account, hash)
    select ${account}::uuid, hash from unnest(${[...hashes]}::text[]) as hash`.execute(tx);
};

/** Whether there was such a code; it is gone. */
export const takeRecoveryCode = async (tx: Tx, account: string, hash: string): Promise<boolean> => {
  const { rows } = await sql`
    delete from account_recovery_code where account = ${account} and hash = ${hash} returning 1`.execute(tx);
  return rows.length > 0;
};

export const countRecoveryCodes = async (tx: Tx, account: string): Promise<number> => {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from account_recovery_code where account = ${account}`.execute(tx);
  return rows[0]?.n ?? 0;
};

/** Whether there was one. */
export const deleteSecondFactor = async (tx: Tx, account: string): Promise<boolean> => {
  await sql`delete from account_recovery_code where account = ${account}`.execute(tx);
  const { rows } = await sql<{ confirmed: boolean }>`
    delete from account_second_factor where account = ${account} returning confirmed_at is not null as confirmed`.execute(
    tx,
  );
  return rows[0]?.confirmed ?? false;
};

export const setSecondFactorGiven = async (tx: Tx, session: string, now: string): Promise<void> => {
  await sql`update account_session set second_factor_at = ${now} where id = ${session}`.execute(tx);
};

export interface SessionRow {
  readonly id: string;
  readonly begunAt: string;
  readonly activeAt: string;
  readonly address: string | null;
  readonly agent: string | null;
}

export const listSessionRows = async (tx: Tx, account: string): Promise<SessionRow[]> => {
  const { rows } = await sql<SessionRow>`
    select id, created_at as "begunAt", updated_at as "activeAt", ip_address as address, user_agent as agent
    from account_session where account = ${account} order by updated_at desc`.execute(tx);
  return rows;
};

/** All of an account, but for `keep`; how many they were. */
export const deleteSessions = async (tx: Tx, account: string, keep?: string): Promise<number> => {
  const { rows } = await sql`
    delete from account_session where account = ${account} and id is distinct from ${keep ?? null}::uuid returning 1`.execute(
    tx,
  );
  return rows.length;
};
