// better-auth on our tables: it checks user name and password, makes the session and its cookie, and ends it. All else is ours.
import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import { username } from 'better-auth/plugins';
import type { FastifyRequest } from 'fastify';
import type pg from 'pg';
import { uuidv7 } from 'uuidv7';
import type { Clock } from '../kernel/calendar.ts';
import { Username } from '../network/account.ts';
import { defaultRules, SignInRules } from '../network/sign-in-rules.ts';

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

/** Instants of a new session by the product's clock, which in a demo is another than the library's; and the account is marked as in use. */
const beginSession = async (pool: pg.Pool, clock: Clock, account: string) => {
  const now = clock.now();
  const { rows } = await pool.query<{ rules: unknown }>(
    `update account set signed_in_at = $2 where id = $1 and disabled_at is null
      returning (select value from setting where name = 'signIn') as rules`,
    [account, now],
  );
  if (!rows[0]) throw new APIError('FORBIDDEN', { code: 'accountDisabled' });
  const { sessionHours } = rows[0].rules ? SignInRules.parse(rows[0].rules) : defaultRules;
  // Those that ended by time, and were never asked about again.
  await pool.query('delete from account_session where account = $1 and expires_at <= $2', [account, now]);
  const begun = new Date(now);
  return { createdAt: begun, updatedAt: begun, expiresAt: new Date(begun.getTime() + sessionHours * hourMs) };
};

// The second factor is not the library's (its twoFactor plugin): that keeps recovery codes readable instead of hashed, seals them and
// the secret with the key of the cookies, counts failures apart from those of the password, and knows no account that must set it up first.
export const openAuth = (pool: pg.Pool, options: AuthOptions) =>
  betterAuth({
    appName: '康途',
    database: pool,
    secret: options.secret,
    logger: { disabled: true },
    // Faults come to our own error handler; otherwise the library prints them with the values of the row.
    onAPIError: { throw: true },
    telemetry: { enabled: false },
    emailAndPassword: { enabled: true, disableSignUp: true, autoSignIn: false },
    plugins: [username({ displayUsername: false, usernameValidator: (name) => Username.safeParse(name).success })],
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
      session: {
        create: { before: async ({ userId }) => ({ data: await beginSession(pool, options.clock, userId) }) },
      },
    },
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
