// What stands around every request: strict headers, writes only from our own pages, answers that no cache keeps, files that are saved.
import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../kernel/refusal.ts';

const contentSecurityPolicy = (secure: boolean) => ({
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    scriptSrc: ["'self'"],
    // Ant Design writes its styles into the page as it goes.
    styleSrc: ["'self'", "'unsafe-inline'"],
    imgSrc: ["'self'", 'data:', 'blob:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    workerSrc: ["'self'", 'blob:'],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    ...(secure ? { upgradeInsecureRequests: [] } : {}),
  },
});

const isApi = (request: FastifyRequest): boolean => /^\/api(?:[/?]|$)/.test(request.url);

/** A request that may change something. */
export const isWrite = (request: FastifyRequest): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(request.method);

const originOf = (url: string): URL | undefined => (URL.canParse(url) ? new URL(url) : undefined);

/**
 * Whether a page of ours made the request, by what the browser says and no page can change. Browsers send `Sec-Fetch-Site` where the
 * connection is private and `Origin` with every write; without either it is a program, which nobody can lead astray with a cookie.
 */
const isFromOwnPage = (request: FastifyRequest, publicUrl: string): boolean => {
  const { 'sec-fetch-site': site, origin } = request.headers;
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  if (origin === undefined) return true;
  const [from, own] = [originOf(origin), originOf(publicUrl)];
  if (from === undefined) return false;
  if (from.origin === own?.origin) return true;
  return from.host === request.host && (own?.protocol !== 'https:' || from.protocol === 'https:');
};

/**
 * Adds the guards to all routes that are added after it. `publicUrl` is the address that users open, '' where it is the server's own;
 * with `https://…` browsers are told to come by TLS alone. Refuses `originNotAllowed`.
 */
export const addGuards = (app: FastifyInstance, publicUrl: string): void => {
  const secure = publicUrl.startsWith('https:');
  app.register(helmet, {
    contentSecurityPolicy: contentSecurityPolicy(secure),
    // Other services may live under names below this one.
    strictTransportSecurity: secure ? { maxAge: 365 * 24 * 3600, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
  // After helmet, so that its headers are on refusals too.
  app.after(() => {
    app.addHook('onRequest', async (request, reply) => {
      if (!isApi(request)) return;
      reply.header('cache-control', 'no-store');
      if (isWrite(request) && !isFromOwnPage(request, publicUrl))
        throw new Refusal('originNotAllowed', '这个请求来自其他网页，已拒绝。请从本系统的页面操作。', {
          kind: 'access',
        });
    });
    app.addHook('onSend', async (_request, reply) => {
      // The contract's handler names a file as something to show.
      const disposition = reply.getHeader('content-disposition');
      if (typeof disposition === 'string')
        reply.header('content-disposition', disposition.replace(/^inline\b/i, 'attachment'));
    });
  });
};
