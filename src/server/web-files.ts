// Serves the built web app: files for ever under their hashed names, index.html always asked anew.
import statics from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Adds the files of `folder`; any other path that asks for a page gets index.html, whose router knows it. */
export const addWebFiles = (app: FastifyInstance, folder: string): void => {
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
