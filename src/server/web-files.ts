// Serves the built web app: files for ever under their hashed names, index.html always asked anew, and strict headers on everything.
import helmet from '@fastify/helmet';
import statics from '@fastify/static';
import type { FastifyInstance } from 'fastify';

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

/** Adds the headers and the files of `folder`; any other path that asks for a page gets index.html, whose router knows it. */
export const addWebFiles = (app: FastifyInstance, folder: string, secure: boolean): void => {
  app.register(helmet, {
    contentSecurityPolicy: contentSecurityPolicy(secure),
    strictTransportSecurity: secure,
    referrerPolicy: { policy: 'same-origin' },
  });
  app.register(statics, {
    root: folder,
    preCompressed: true,
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.includes('assets') ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && !/\.\w{1,5}$/.test(request.url.split('?')[0] ?? '');
    return wantsPage ? reply.sendFile('index.html') : reply.status(404).type('text/plain; charset=utf-8').send('404');
  });
};
