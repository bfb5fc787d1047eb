// Sign-in: passwords and sessions by better-auth on our tables, who am I, and the demo's "sign in as".
import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import { username } from 'better-auth/plugins';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { type Actor, Role } from '../kernel/access.ts';
import type { Clock } from '../kernel/calendar.ts';
import { type Connection, type Database, tolerateLoss } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { Username } from '../network/account.ts';
import { fullNameOfDivision } from '../network/division.ts';
import { type DemoSetting, isFromThisMachine } from './demo-mode.ts';
import { createLimit, signInRates } from './limits.ts';
import { recordSignIn, recordSignOut } from './sign-in-audit.ts';

export interface SignInOptions {
  readonly connection: Connection;
  /** Where the audit's lines are written. */
  readonly database: Database;
  /** Signs the session cookies; changing it signs everybody out. */
  readonly secret: string;
  readonly clock: Clock;
  readonly demo?: DemoSetting | undefined;
  /** The address that users open, when it is https: cookies are then Secure. */
  readonly secure?: boolean;
}

export interface SignIn {
  /** The actor of the request's session; null without one, or when the account is disabled. */
  actorOf(request: FastifyRequest): Promise<Actor | null>;
  /** Adds the routes: /api/auth/…, /api/me, /api/demo/…. */
  addRoutes(app: FastifyInstance): void;
  close(): Promise<void>;
}

const clientHeader = 'x-kangtu-client';
const hours = 3600;
const stamps = { createdAt: 'created_at', updatedAt: 'updated_at' };

const openAuth = (pool: pg.Pool, options: SignInOptions) =>
  betterAuth({
    appName: '康途',
    database: pool,
    secret: options.secret,
    logger: { disabled: true },
    // Faults come to our own error handler; otherwise the library prints them with the values of the row.
    onAPIError: { throw: true },
    telemetry: { enabled: false },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, autoSignIn: false },
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
      // A working day, and prolonged while in use.
      expiresIn: 12 * hours,
      updateAge: hours,
    },
    verification: { modelName: 'account_verification', fields: { expiresAt: 'expires_at', ...stamps } },
    // Ours counts by account too (limits.ts).
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
        create: {
          before: async ({ userId }) => {
            const { rowCount } = await pool.query('select 1 from account where id = $1 and disabled_at is null', [
              userId,
            ]);
            if (!rowCount) throw new APIError('FORBIDDEN', { code: 'accountDisabled' });
          },
        },
      },
    },
  });

const toWebRequest = (request: FastifyRequest, secure: boolean): Request => {
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

const refusalOf = async (response: Response): Promise<Refusal> => {
  const { code } = (await response.json().catch(() => ({}))) as { code?: string };
  if (code === 'accountDisabled')
    return new Refusal('accountDisabled', '这个账号已停用，请联系本单位的系统管理员。', { kind: 'access' });
  if (code?.includes('ORIGIN')) return new Refusal('originNotAllowed', '请从本系统的页面登录。', { kind: 'access' });
  return new Refusal('signInRefused', '用户名或密码不正确。', { kind: 'access' });
};

/**
 * Hands better-auth's answer on; its refusals become ours. The audit is told first: without its line nobody gets the cookie, nor hears
 * whether the password was right.
 */
const answer = async (
  reply: FastifyReply,
  response: Response,
  record: (outcome: string) => Promise<void>,
): Promise<FastifyReply> => {
  if (response.status >= 500) throw new Error(`sign-in answered ${response.status}: ${await response.text()}`);
  const refusal = response.ok ? undefined : await refusalOf(response);
  await record(refusal?.code ?? 'ok');
  if (refusal) throw refusal;
  reply.header('set-cookie', response.headers.getSetCookie());
  // The token is for the cookie alone: a page has no use for it.
  return reply.send({ ok: true });
};

const Name = z.object({ username: z.string() });

interface SessionRow {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly role: string;
  readonly organisation: string | null;
  readonly organisationName: string | null;
  readonly organisationKind: string | null;
  readonly scope: string;
}

export const createSignIn = (options: SignInOptions): SignIn => {
  const { clock, demo, database, secure = false } = options;
  // Its own pool, because the library reads instants as Date and the app as text.
  const pool = tolerateLoss(
    new pg.Pool({
      ...options.connection,
      max: 6,
      application_name: 'kangtu sign-in',
      connectionTimeoutMillis: 10_000,
    }),
  );
  const auth = openAuth(pool, options);
  const cookieName = `${secure ? '__Secure-' : ''}kangtu.session_token`;

  /** One statement per request. The token is 32 random characters, so looking it up is the proof; its signature adds nothing here. */
  const findSession = async (request: FastifyRequest): Promise<SessionRow | undefined> => {
    const cookies = request.headers.cookie?.split(/; */) ?? [];
    const cookie = cookies.find((part) => part.startsWith(`${cookieName}=`));
    if (cookie === undefined) return undefined;
    const [token = ''] = decodeURIComponent(cookie.slice(cookieName.length + 1)).split('.');
    const { rows } = await pool.query<SessionRow>({
      name: 'session',
      text: `select a.id, a.username, a.name, a.role, a.organisation, o.name as "organisationName", o.kind as "organisationKind", a.scope
        from account_session s join account a on a.id = s.account left join organisation o on o.id = a.organisation
        where s.token = $1 and s.expires_at > now() and a.disabled_at is null`,
      values: [token],
    });
    return rows[0];
  };

  const actorOf: SignIn['actorOf'] = async (request) => {
    const row = await findSession(request);
    return row
      ? {
          user: row.username,
          name: row.name,
          role: Role.parse(row.role),
          organisation: row.organisation,
          scope: row.scope,
        }
      : null;
  };

  const me = async (request: FastifyRequest, reply: FastifyReply) => {
    const row = await findSession(request);
    if (!row) throw new Refusal('signInNeeded', '请先登录。', { kind: 'access' });
    // Prolongs the session, and its cookie.
    const { headers } = await auth.api.getSession({
      headers: toWebRequest(request, secure).headers,
      returnHeaders: true,
    });
    for (const cookie of headers.getSetCookie()) reply.header('set-cookie', cookie);
    return {
      user: { id: row.id, name: row.name, username: row.username },
      role: row.role,
      organisation:
        row.organisation === null
          ? null
          : { id: row.organisation, name: row.organisationName ?? '', kind: row.organisationKind ?? '' },
      scope: row.scope,
      scopeName: row.scope === '' ? '全国' : fullNameOfDivision(row.scope),
      demo: demo ? { now: clock.now() } : null,
      clock: { today: clock.today() },
    };
  };

  const listDemoAccounts = async () => {
    const { rows } = await pool.query(
      `select a.username, a.name, a.role, o.name as organisation from account a left join organisation o on o.id = a.organisation
        where a.disabled_at is null order by length(a.scope), a.scope, a.role, a.username limit 60`,
    );
    return rows;
  };

  const addDemoRoutes = (app: FastifyInstance, password: string): void => {
    const refuseOthers = async (request: FastifyRequest) => {
      if (!isFromThisMachine(request)) throw new Refusal('notFound', '没有这个接口。', { kind: 'absent' });
    };
    app.get('/api/demo/accounts', { onRequest: refuseOthers }, listDemoAccounts);
    app.post('/api/demo/sign-in', { onRequest: refuseOthers }, async (request, reply) => {
      const { data } = Name.safeParse(request.body);
      if (!data) throw new Refusal('inputInvalid', '请指明用户名。', { kind: 'input' });
      const headers = toWebRequest(request, secure).headers;
      return answer(
        reply,
        await auth.api.signInUsername({ body: { username: data.username, password }, headers, asResponse: true }),
        (outcome) => recordSignIn({ database, clock }, { username: data.username, address: request.ip, outcome }),
      );
    });
  };

  return {
    actorOf,
    addRoutes: (app) => {
      const byAddress = createLimit(app, signInRates.address);
      const byAccount = createLimit(app, signInRates.account);
      const limitGuesses = async (request: FastifyRequest) => {
        await byAddress(request);
        const { data } = Name.safeParse(request.body);
        // Unknown names count alike, so that the limit does not tell who has an account.
        if (data) await byAccount(request, data.username.trim().toLowerCase());
      };
      const signIn = async (request: FastifyRequest, reply: FastifyReply) => {
        const username = Name.safeParse(request.body).data?.username ?? '';
        const response = await auth.handler(toWebRequest(request, secure));
        return answer(reply, response, (outcome) =>
          recordSignIn({ database, clock }, { username, address: request.ip, outcome }),
        );
      };
      const signOut = async (request: FastifyRequest, reply: FastifyReply) => {
        const actor = await actorOf(request);
        return answer(reply, await auth.handler(toWebRequest(request, secure)), (outcome) =>
          recordSignOut({ database, clock }, { actor, address: request.ip, outcome }),
        );
      };
      app.post('/api/auth/sign-in/username', { preHandler: limitGuesses }, signIn);
      app.post('/api/auth/sign-out', signOut);
      app.get('/api/me', me);
      if (demo) addDemoRoutes(app, demo.password);
    },
    close: () => pool.end(),
  };
};
