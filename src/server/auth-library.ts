// better-auth on our tables: it checks user name and password, makes the session and its cookie, and ends it. All else is ours.
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import { username } from 'better-auth/plugins';
import type { FastifyRequest } from 'fastify';
import type pg from 'pg';
import { uuidv7 } from 'uuidv7';
import type { Clock } from '../kernel/calendar.ts';
import { Username } from '../network/account.ts';
import { defaultRules, lockedUntil, SignInRules } from '../network/sign-in-rules.ts';

export interface AuthOptions {
  /** Signs the session cookies; changing it signs everybody out. */
  readonly secret: string;
  readonly clock: Clock;
  /** The address that users open, when it is https: cookies are then Secure. */
  readonly secure?: boolean;
}

const clientHeader = 'x-kangtu-client';
const hourMs = 3_600_000;
const stamps = { createdAt: 'created_at', updatedAt: 'updated_at' };

/** What an identity server said of whom a session is for. */
export interface Proof {
  readonly secondFactor: boolean;
}

interface AccountNow {
  readonly username: string;
  readonly disabled: boolean;
  readonly pending: boolean;
  readonly failures: number | null;
  readonly failedAt: Date | null;
  readonly rules: unknown;
}
const accountNow = `select a.username, a.disabled_at is not null as disabled, a.pending_at is not null as pending, f.failures,
    f.failed_at as "failedAt", (select value from setting where name = 'signIn') as rules
  from account a left join sign_in_failure f on f.username = a.username where a.id = $1`;

const forbid = (code: string): APIError => new APIError('FORBIDDEN', { code });

/**
 * Instants of a new session by the product's clock, which in a demo is another than the library's; and the account is marked as in use.
 * With a password the lock is checked before it is looked at (countTry); here it is for whoever comes without one.
 */
export const beginSession = async (pool: pg.Pool, clock: Clock, account: string, proof?: Proof) => {
  const now = clock.now();
  const { rows } = await pool.query<AccountNow>(accountNow, [account]);
  const found = rows[0];
  if (!found || found.disabled) throw forbid('accountDisabled');
  if (found.pending) throw forbid('accountPending');
  const rules = found.rules ? SignInRules.parse(found.rules) : defaultRules;
  const { failures, failedAt } = found;
  const failed = failures === null || failedAt === null ? null : { failures, failedAt: failedAt.toISOString() };
  if (proof && lockedUntil(failed, rules, now) !== null) throw forbid('accountLocked');
  await pool.query('update account set signed_in_at = $2 where id = $1', [account, now]);
  // Those that ended by time, and were never asked about again.
  await pool.query('delete from account_session where account = $1 and expires_at <= $2', [account, now]);
  const begun = new Date(now);
  return {
    createdAt: begun,
    updatedAt: begun,
    expiresAt: new Date(begun.getTime() + rules.sessionHours * hourMs),
    byIdentityServer: proof !== undefined,
    ...(proof?.secondFactor && { secondFactorAt: begun }),
  };
};

// The second factor is not the library's (its twoFactor plugin): that keeps recovery codes readable instead of hashed, seals them and
// the secret with the key of the cookies, counts failures apart from those of the password, and knows no account that must set it up first.
export const libraryOptions = (
  pool: pg.Pool,
  options: AuthOptions,
  begin: (account: string) => ReturnType<typeof beginSession>,
) =>
  ({
    appName: '康途',
    database: pool,
    secret: options.secret,
    logger: { disabled: true },
    // Faults come to our own error handler; otherwise the library prints them with the values of the row.
    onAPIError: { throw: true },
    telemetry: { enabled: false },
    user: { modelName: 'account', fields: { emailVerified: 'email_verified', ...stamps } },
    account: {
      modelName: 'account_credential',
      fields: {
        userId: 'account',
        providerId: 'provider',
        accountId: 'subject',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        scope: 'token_scope',
        ...stamps,
      },
      // Who is bound is said by an administrator alone, never by an e-mail address that is the same; and no token is kept.
      accountLinking: { enabled: false },
      updateAccountOnSignIn: false,
    },
    session: {
      modelName: 'account_session',
      fields: {
        userId: 'account',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        ...stamps,
      },
      additionalFields: {
        byIdentityServer: { type: 'boolean', fieldName: 'by_identity_server', input: false },
        secondFactorAt: { type: 'date', fieldName: 'second_factor_at', required: false, input: false },
      },
      // How long a browser keeps the cookie. The session behind it ends earlier, by our own limits (server/session.ts).
      expiresIn: (24 * hourMs) / 1000,
    },
    verification: { modelName: 'account_verification', fields: { expiresAt: 'expires_at', ...stamps } },
    // Ours counts by name too, in the database (network/own-account.server.ts).
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'kangtu',
      useSecureCookies: options.secure ?? false,
      // Said, because the library leaves the check out where it takes itself to be under test.
      disableOriginCheck: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      // It would object to role and scope, required columns that it never writes: accounts are made by account.create alone.
      database: { generateId: () => uuidv7(), validateSchema: false },
      ipAddress: { ipAddressHeaders: [clientHeader] },
    },
    databaseHooks: {
      session: { create: { before: async ({ userId }) => ({ data: await begin(userId) }) } },
    },
  }) satisfies BetterAuthOptions;

export const openAuth = (pool: pg.Pool, options: AuthOptions) =>
  betterAuth({
    ...libraryOptions(pool, options, (account) => beginSession(pool, options.clock, account)),
    emailAndPassword: { enabled: true, disableSignUp: true, autoSignIn: false },
    plugins: [username({ displayUsername: false, usernameValidator: (name) => Username.safeParse(name).success })],
  });

export const toWebRequest = (request: FastifyRequest, secure: boolean): Request => {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined && name !== 'content-length') headers.set(name, String(value));
  headers.set(clientHeader, request.ip);
  const body = request.method === 'GET' ? null : JSON.stringify(request.body ?? {});
  return new Request(`${secure ? 'https' : 'http'}://${request.host}${request.url}`, {
    method: request.method,
    headers,
    body,
  });
};
