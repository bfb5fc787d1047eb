// Sign-in over HTTP: passwords with a lock after failures, who am I, and the demo's "sign in as".
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import pg from 'pg';
import { z } from 'zod';
import { type Actor, machineActor } from '../kernel/access.ts';
import { recordAudit } from '../kernel/audit.ts';
import type { Clock } from '../kernel/calendar.ts';
import { type Connection, type Database, tolerateLoss } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { fullNameOfDivision } from '../network/division.ts';
import { countTry, takeBackTry } from '../network/own-account.server.ts';
import type { PackLibrary } from '../policy/library.ts';
import { openAuth, toWebRequest } from './auth-library.ts';
import { type DemoSetting, isFromThisMachine } from './demo-mode.ts';
import { createIdentitySignIn } from './identity-server.ts';
import { createLimit, signInRate } from './limits.ts';
import { addOwnAccountRoutes } from './own-account.ts';
import { actorIn, openSessions, type Session } from './session.ts';
import { recordSignIn, recordSignOut } from './sign-in-audit.ts';

export interface SignInOptions {
  readonly connection: Connection;
  readonly database: Database;
  readonly packs: PackLibrary;
  /** Signs the session cookies, and seals second factors: changing it signs everybody out, and second factors are set up anew. */
  readonly secret: string;
  readonly clock: Clock;
  readonly demo?: DemoSetting | undefined;
  /** The address that users open, when it is https: cookies are then Secure. */
  readonly secure?: boolean;
  /** The address that users open; without it nobody signs in by an identity server. */
  readonly publicUrl?: string;
  /** Ours at the identity server. */
  readonly clientSecret?: string | undefined;
}

export interface SignIn {
  /**
   * The actor of the request's session; null without one, or when the account is disabled. Refuses a session that has a step to take
   * first (`secondFactorNeeded`, `passwordChangeNeeded`, `secondFactorSetUpNeeded`).
   */
  actorOf(request: FastifyRequest): Promise<Actor | null>;
  /** Adds the routes: /api/auth/…, /api/me, /api/demo/…. */
  addRoutes(app: FastifyInstance): void;
  close(): Promise<void>;
}

const refusalOf = async (response: Response, left: number | undefined): Promise<Refusal> => {
  const { code } = (await response.json().catch(() => ({}))) as { code?: string };
  if (code === 'accountDisabled')
    return new Refusal('accountDisabled', '这个账号已停用，请联系本单位的系统管理员。', { kind: 'access' });
  if (code === 'accountPending')
    return new Refusal('accountPending', '这个账号的开设或变更还须由安全管理员确认，请联系本单位的安全管理员。', {
      kind: 'access',
    });
  if (code?.includes('ORIGIN')) return new Refusal('originNotAllowed', '请从本系统的页面登录。', { kind: 'access' });
  const warning =
    left === undefined || left > 2 ? '' : left > 0 ? `再错 ${left} 次将暂停登录。` : '错误次数过多，已暂停登录。';
  return new Refusal('signInRefused', `用户名或密码不正确。${warning}`, {
    kind: 'access',
  });
};

/**
 * Hands better-auth's answer on; its refusals become ours. The audit is told first: without its line nobody gets the cookie, nor hears
 * whether the password was right.
 */
const answer = async (
  reply: FastifyReply,
  response: Response,
  { record, left }: { record: (outcome: string) => Promise<void>; left?: number },
): Promise<FastifyReply> => {
  if (response.status >= 500) throw new Error(`sign-in answered ${response.status}: ${await response.text()}`);
  const refusal = response.ok ? undefined : await refusalOf(response, left);
  await record(refusal?.code ?? 'ok');
  if (refusal) throw refusal;
  reply.header('set-cookie', response.headers.getSetCookie());
  // The token is for the cookie alone: a page has no use for it.
  return reply.send({ ok: true });
};

const meOf = (session: Session, { clock, demo }: SignInOptions) => {
  const { actor, organisationName, organisationKind, todo, hasSecondFactor } = session;
  return {
    user: { id: session.account, name: actor.name, username: actor.user },
    role: actor.role,
    organisation:
      actor.organisation === null
        ? null
        : { id: actor.organisation, name: organisationName ?? '', kind: organisationKind ?? '' },
    scope: actor.scope,
    scopeName: actor.scope === '' ? '全国' : fullNameOfDivision(actor.scope),
    todo,
    hasSecondFactor,
    demo: demo ? { now: clock.now() } : null,
    clock: { today: clock.today() },
  };
};

const openSignInPool = (connection: Connection): pg.Pool =>
  tolerateLoss(
    new pg.Pool({ ...connection, max: 6, application_name: 'kangtu sign-in', connectionTimeoutMillis: 10_000 }),
  );

const addDemoRoutes = (
  app: FastifyInstance,
  pool: pg.Pool,
  enter: (request: FastifyRequest, reply: FastifyReply, username: string) => Promise<FastifyReply>,
): void => {
  const refuseOthers = async (request: FastifyRequest) => {
    if (!isFromThisMachine(request)) throw new Refusal('notFound', '没有这个接口。', { kind: 'absent' });
  };
  app.get('/api/demo/accounts', { onRequest: refuseOthers }, async () => {
    const { rows } = await pool.query(
      `select a.username, a.name, a.role, a.scope, o.name as organisation from account a left join organisation o on o.id = a.organisation
        where a.disabled_at is null order by length(a.scope), a.scope, a.role, a.username limit 60`,
    );
    return rows;
  });
  app.post('/api/demo/sign-in', { onRequest: refuseOthers }, async (request, reply) => {
    const { data } = z.object({ username: z.string() }).safeParse(request.body);
    if (!data) throw new Refusal('inputInvalid', '请指明用户名。', { kind: 'input' });
    return enter(request, reply, data.username);
  });
};

const Credentials = z.object({ username: z.string().trim().toLowerCase().max(64), password: z.string() });

export const createSignIn = (options: SignInOptions): SignIn => {
  const { clock, database, demo, secure = false } = options;
  // Its own pool, because the library reads instants as Date and the app as text.
  const pool = openSignInPool(options.connection);
  const auth = openAuth(pool, options);
  const cookieName = `${secure ? '__Secure-' : ''}kangtu.session_token`;
  const sessions = openSessions({
    pool,
    clock,
    cookieName,
    secret: options.secret,
    isDemo: demo !== undefined,
    onEnded: (actor, address, outcome) =>
      recordAudit(database, { actor, at: clock.now(), address, operation: 'sessionEnd', kind: 'signOut', outcome }),
  });
  const identity = createIdentitySignIn({
    ...options,
    pool,
    publicUrl: options.publicUrl ?? '',
    clientSecret: options.clientSecret,
  });

  const getSession = async (request: FastifyRequest, active: boolean): Promise<Session> => {
    const session = await sessions.find(request, active);
    if (!session) throw new Refusal('signInNeeded', '请先登录。', { kind: 'access' });
    return session;
  };

  const record =
    (request: FastifyRequest, username: string) =>
    (outcome: string): Promise<void> =>
      recordSignIn({ database, clock }, { username, address: request.ip, outcome });

  const signIn = async (request: FastifyRequest, reply: FastifyReply) => {
    const { data } = Credentials.safeParse(request.body);
    if (!data) throw new Refusal('inputInvalid', '请填写用户名和密码。', { kind: 'input' });
    const told = record(request, data.username);
    const left = await database
      .as(machineActor, (tx) => countTry(tx, data.username, clock.now()))
      .catch(async (error) => {
        if (error instanceof Refusal) await told(error.code);
        throw error;
      });
    const response = await auth.handler(toWebRequest(request, secure));
    // A disabled account gave the right password too, but whoever it is stays out: the failure counts.
    if (response.ok) await database.as(machineActor, (tx) => takeBackTry(tx, data.username));
    return answer(reply, response, { record: told, left });
  };

  return {
    actorOf: async (request) => actorIn(await sessions.find(request, true)),
    addRoutes: (app) => {
      const byAddress = createLimit(app, signInRate);
      app.post('/api/auth/sign-in/username', { preHandler: (request) => byAddress(request) }, signIn);
      identity.addRoutes(app, byAddress);
      app.post('/api/auth/sign-out', async (request, reply) => {
        const session = await sessions.find(request, true);
        return answer(reply, await auth.handler(toWebRequest(request, secure)), {
          record: (outcome) =>
            recordSignOut({ database, clock }, { actor: session?.actor ?? null, address: request.ip, outcome }),
        });
      });
      // Asked again by a screen that nobody looks at, so that asking is no activity.
      app.get('/api/me', async (request) => meOf(await getSession(request, false), options));
      addOwnAccountRoutes(app, options, (request) => getSession(request, true));
      if (demo)
        addDemoRoutes(app, pool, async (request, reply, username) => {
          const { headers } = toWebRequest(request, secure);
          const body = { username, password: demo.password };
          return answer(reply, await auth.api.signInUsername({ body, headers, asResponse: true }), {
            record: record(request, username),
          });
        });
    },
    close: () => pool.end(),
  };
};
