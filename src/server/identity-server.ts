// Signing in by the government's identity server: begun on our page, answered at the callback, and told to the audit like a password.
import { AsyncLocalStorage } from 'node:async_hooks';
import { betterAuth } from 'better-auth';
import { genericOAuth } from 'better-auth/plugins';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';
import { machineActor } from '../kernel/access.ts';
import type { Database } from '../kernel/database.ts';
import { Refusal } from '../kernel/refusal.ts';
import { findSetting } from '../kernel/setting.ts';
import { findBoundUsername } from '../network/account.server.ts';
import {
  callbackPath,
  hasSecondFactor,
  IdentityProblem,
  type IdentityServer,
  identityProvider,
  identityServerSetting,
  refuseAway,
} from '../network/identity-server.ts';
import { type AuthOptions, beginSession, libraryOptions, toWebRequest } from './auth-library.ts';
import type { Limit } from './limits.ts';
import { recordSignIn } from './sign-in-audit.ts';

export interface IdentityServerOptions extends AuthOptions {
  readonly pool: pg.Pool;
  readonly database: Database;
  /** The client's secret; it comes from outside the database. */
  readonly clientSecret: string | undefined;
  /** The address that users open. Taken from nothing that a request says, because the answer is sent there. */
  readonly publicUrl: string;
}

const Discovered = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
});

const answerWithinMs = 5_000;

/** Asks the server about itself, and takes no address from it but its own host's. Refuses `identityServerAway`. */
const discover = async (issuer: string): Promise<void> => {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const said = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(answerWithinMs) })
    .then((answer) => (answer.ok ? answer.json() : undefined))
    .catch(() => undefined);
  const { data } = Discovered.safeParse(said);
  if (!data) throw refuseAway();
  const { origin } = new URL(issuer);
  const { issuer: named, ...addresses } = data;
  if (named !== issuer || Object.values(addresses).some((address) => new URL(address).origin !== origin))
    throw new Refusal(
      'identityServerWrong',
      '统一身份认证给出的地址与设置的不一致，不能登录。请用用户名和密码登录，并告诉系统管理员。',
      { kind: 'conflict' },
    );
};

/** What is learnt while the library works on one callback. */
interface Trail {
  subject?: string;
  secondFactor: boolean;
}
const trails = new AsyncLocalStorage<Trail>();

const Claims = z.looseObject({
  azp: z.string().optional(),
  amr: z.array(z.string()).catch([]),
  acr: z.string().optional().catch(undefined),
});

/** Of an id token whose signature, issuer, audience, times and nonce the library has checked. Null: it vouches for nobody. */
const profileOf = (token: string, server: IdentityServer) => {
  const { data } = Claims.safeParse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()));
  const subject = data?.[server.claim];
  const isOurs = data?.azp === undefined || data.azp === server.clientId;
  if (!data || !isOurs || typeof subject !== 'string' || subject.trim() === '') return null;
  const trail = trails.getStore();
  if (trail) {
    trail.subject = subject;
    trail.secondFactor = hasSecondFactor(server, data);
  }
  // The library asks for an address; no account has this one.
  return { sub: String(data.sub), subject, email: 'nobody@identity.invalid', emailVerified: false, name: '' };
};

const openLibrary = (options: IdentityServerOptions, server: IdentityServer) => {
  const begin = (account: string) =>
    beginSession(options.pool, options.clock, account, { secondFactor: trails.getStore()?.secondFactor ?? false });
  return betterAuth({
    ...libraryOptions(options.pool, options, begin),
    baseURL: options.publicUrl,
    onAPIError: { throw: true, errorURL: '/sign-in' },
    plugins: [
      genericOAuth({
        config: [
          {
            providerId: identityProvider,
            discoveryUrl: `${server.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
            // With headers of its own the library follows no redirect to another host.
            discoveryHeaders: { accept: 'application/json' },
            requireIdTokenVerification: true,
            clientId: server.clientId,
            ...(options.clientSecret && { clientSecret: options.clientSecret }),
            authentication: 'basic',
            scopes: ['openid', 'profile'],
            pkce: true,
            disableSignUp: true,
            accountSubject: ({ profile }) => String(profile.subject),
            getUserInfo: async ({ idToken }) => (idToken ? profileOf(idToken, server) : null),
          },
        ],
      }),
    ],
  });
};

/** The library's words for what went wrong, as ours. */
const problemOf = (error: string): IdentityProblem => {
  const own = IdentityProblem.safeParse(error).data;
  if (own) return own;
  if (error === 'access_denied') return 'identityCancelled';
  if (/^(state|please_restart|invalid_callback|no_code)/.test(error)) return 'identityExpired';
  return /signup_disabled|account_not_linked|unable_to_link/.test(error) ? 'accountNotBound' : 'identityRefused';
};

export interface IdentitySignIn {
  addRoutes(app: FastifyInstance, byAddress: Limit): void;
}

const Begin = z.object({
  next: z
    .string()
    .regex(/^\/(?![/\\])/)
    .max(2000)
    .catch('/'),
});

const parametersOf = (response: Response, publicUrl: string): URL =>
  new URL(response.headers.get('location') ?? '/sign-in', publicUrl);

export const createIdentitySignIn = (options: IdentityServerOptions): IdentitySignIn => {
  const { database, clock, publicUrl, secure = false } = options;
  let opened: { readonly key: string; readonly library: ReturnType<typeof openLibrary> } | undefined;

  const findServer = async (): Promise<IdentityServer | null> => {
    if (!options.clientSecret || !publicUrl) return null;
    return (await database.as(machineActor, (tx) => findSetting(tx, identityServerSetting))) ?? null;
  };
  const getServer = async (): Promise<IdentityServer> => {
    const server = await findServer();
    if (!server) throw new Refusal('notFound', '没有设置统一身份认证，请用用户名和密码登录。', { kind: 'absent' });
    return server;
  };
  /** Opened anew where the setting has changed. */
  const libraryFor = (server: IdentityServer) => {
    const key = JSON.stringify(server);
    if (opened?.key !== key) opened = { key, library: openLibrary(options, server) };
    return opened.library;
  };

  const begin = async (request: FastifyRequest, reply: FastifyReply) => {
    const { next } = Begin.parse(request.body ?? {});
    const server = await getServer();
    await discover(server.issuer);
    const response = await libraryFor(server).api.signInSocial({
      body: { provider: identityProvider, callbackURL: next, errorCallbackURL: '/sign-in', disableRedirect: true },
      headers: new Headers(),
      asResponse: true,
    });
    const { data } = z.object({ url: z.url() }).safeParse(await response.json().catch(() => undefined));
    if (!response.ok || !data) throw refuseAway();
    reply.header('set-cookie', response.headers.getSetCookie());
    return reply.send({ url: data.url });
  };

  /** The library says only that it learnt nothing: whether the server is there is asked once more. */
  const outcomeOf = async (error: string | null, server: IdentityServer): Promise<'ok' | IdentityProblem> => {
    if (error === null) return 'ok';
    const problem = problemOf(error);
    if (problem !== 'identityRefused') return problem;
    return discover(server.issuer).then(
      () => problem,
      () => 'identityServerAway',
    );
  };

  const callback = async (request: FastifyRequest, reply: FastifyReply) => {
    const server = await getServer();
    const trail: Trail = { secondFactor: false };
    const response = await trails.run(trail, () => libraryFor(server).handler(toWebRequest(request, secure)));
    const to = parametersOf(response, publicUrl);
    const hasCookie = response.headers.getSetCookie().some((cookie) => cookie.includes('session_token='));
    const error = to.searchParams.get('error') ?? (hasCookie ? null : 'refused');
    const outcome = await outcomeOf(error, server);
    const { subject } = trail;
    const username =
      subject === undefined ? '' : await database.as(machineActor, (tx) => findBoundUsername(tx, subject));
    const told = { username: username ?? '', address: request.ip, outcome, details: { by: identityProvider } };
    await recordSignIn({ database, clock }, told);
    if (outcome !== 'ok') return reply.redirect(`/sign-in?problem=${outcome}`);
    reply.header('set-cookie', response.headers.getSetCookie());
    return reply.redirect(`${to.pathname}${to.search}${to.hash}`);
  };

  return {
    addRoutes: (app, byAddress) => {
      const limited = { preHandler: (request: FastifyRequest) => byAddress(request) };
      app.get('/api/auth/ways', async () => {
        const server = await findServer();
        return { identityServer: server && { name: server.name } };
      });
      app.post(`/api/auth/begin/${identityProvider}`, limited, begin);
      app.get(callbackPath, limited, callback);
    },
  };
};
