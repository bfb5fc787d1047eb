// A real identity server on loopback for the tests, whose id tokens a test may spoil, and a browser that goes there and back.
import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { callbackPath } from '../network/identity-server.ts';
import { cookieOf, post, type SignInApp } from './sign-in.fixtures.ts';

export const publicUrl = 'http://localhost:8080';
export const clientId = 'kangtu';
export const clientSecret = 'a-secret-of-the-client-for-tests-only';

type Claims = Record<string, unknown>;

/** What the server says next; a test changes it. */
export interface Behaviour {
  sub: string;
  amr: string[];
  acr: string | undefined;
  /** Signed anew with the server's own key. */
  alter: ((claims: Claims) => Claims) | undefined;
  /** Of the token's three parts, as they are sent. */
  spoil: ((parts: [string, string, string]) => [string, string, string]) | undefined;
  /** Of what the server says about itself. */
  describe: ((said: Claims) => Claims) | undefined;
  /** Every request is answered 503. */
  isAway: boolean;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The answer of the token endpoint with its id token changed as the test wants it. */
const changeToken = (body: string, { alter, spoil }: Behaviour, key: ReturnType<typeof makeKey>): string => {
  const answer = JSON.parse(body) as { id_token?: string };
  if (!answer.id_token) return body;
  let parts = answer.id_token.split('.') as [string, string, string];
  if (alter) {
    const claims = alter(JSON.parse(Buffer.from(parts[1], 'base64url').toString()));
    const text = `${parts[0]}.${encode(claims)}`;
    parts = [parts[0], encode(claims), createSign('sha256').update(text).sign(key.privateKey, 'base64url')];
  }
  return JSON.stringify({ ...answer, id_token: (spoil?.(parts) ?? parts).join('.') });
};

const makeKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

/** Holds back what the provider writes until it is complete, and sends it changed. */
const changing = (response: ServerResponse, change: (body: string) => string): void => {
  const end = response.end.bind(response);
  response.end = ((body: unknown) => {
    const text = change(String(body ?? ''));
    response.setHeader('content-length', Buffer.byteLength(text));
    return end(text);
  }) as typeof response.end;
};

const openProvider = (issuer: string, key: ReturnType<typeof makeKey>): Provider => {
  const provider: Provider = new Provider(issuer, {
    clients: [
      { client_id: clientId, client_secret: clientSecret, redirect_uris: [`${publicUrl}${callbackPath}`] },
      { client_id: 'another', client_secret: 'another-secret', redirect_uris: ['http://localhost/other'] },
    ],
    jwks: { keys: [{ ...key.privateKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: ['only for tests'] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    claims: { openid: ['sub', 'amr', 'acr'], profile: ['preferred_username'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, sub: string) => ({
      accountId: sub,
      claims: () => ({
        sub,
        preferred_username: `name.of.${sub}`,
      }),
    }),
    loadExistingGrant: async ({ oidc }: { oidc: { session: { accountId: string } } }) => {
      const grant = new provider.Grant({ accountId: oidc.session.accountId, clientId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  return provider;
};

export const startIdentityServer = async () => {
  const behaviour: Behaviour = {
    sub: 'nobody',
    amr: [],
    acr: undefined,
    alter: undefined,
    spoil: undefined,
    describe: undefined,
    isAway: false,
  };
  const key = makeKey();
  let provider: Provider | undefined;
  const asked: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = request.url ?? '';
    asked.push(url.split('?')[0] ?? '');
    if (behaviour.isAway) return response.writeHead(503).end();
    if (url.startsWith('/interaction/'))
      return provider?.interactionFinished(request, response, {
        login: { accountId: behaviour.sub, amr: behaviour.amr, ...(behaviour.acr && { acr: behaviour.acr }) },
      });
    const { describe } = behaviour;
    if (describe && url.startsWith('/.well-known/'))
      changing(response, (body) => JSON.stringify(describe(JSON.parse(body))));
    if (url === '/token') changing(response, (body) => changeToken(body, behaviour, key));
    return provider?.callback()(request, response);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider = openProvider(issuer, key);
  const stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { issuer, behaviour, asked, stop };
};
export type IdentityServerForTests = Awaited<ReturnType<typeof startIdentityServer>>;

const host = 'localhost:8080';
export const begin = (app: SignInApp, next = '/') =>
  post(app, '/api/auth/begin/identityServer', { next }, { origin: publicUrl }, nextAddress());

let addresses = 0;
/** Each time from another address, because they are counted. */
const nextAddress = (): string => {
  addresses += 1;
  return `10.9.${addresses >> 8}.${addresses & 255}`;
};

/** Walks through the identity server as a browser does, up to the address that it sends back to. */
const walk = async (from: string): Promise<string> => {
  const jar = new Map<string, string>();
  let url = from;
  for (let hops = 0; hops < 10; hops += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      jar.set(name, value);
    }
    const to = answer.headers.get('location');
    if (!to) throw new Error(`the identity server answered ${answer.status}: ${await answer.text()}`);
    url = new URL(to, url).href;
    if (url.startsWith(publicUrl)) return url.slice(publicUrl.length);
  }
  throw new Error('the identity server never sent back');
};

/** Goes there; what comes back has not been shown to our server yet. */
export const goThere = async (app: SignInApp, next?: string) => {
  const begun = await begin(app, next);
  if (begun.statusCode !== 200) throw new Error(begun.body);
  return { path: await walk(begun.json().url), state: cookieOf(begun), url: new URL(begun.json().url) };
};

export const comeBack = (app: SignInApp, path: string, cookie: string) =>
  app.inject({ method: 'GET', url: path, headers: { host, cookie }, remoteAddress: nextAddress() });

export const signInThere = async (app: SignInApp, next?: string) => {
  const { path, state } = await goThere(app, next);
  return comeBack(app, path, state);
};
