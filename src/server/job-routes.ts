// A job's state, and its progress as server-sent events; only for who started it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor } from '../kernel/access.ts';
import { type Database, isDatabaseAway } from '../kernel/database.ts';
import { findJob, type JobState } from '../kernel/jobs.ts';
import { Refusal } from '../kernel/refusal.ts';

export interface JobRoutesOptions {
  readonly database: Database;
  readonly actorOf: (request: FastifyRequest) => Promise<Actor | null>;
}

const viewOf = ({ state, done, total, note, result }: JobState) => ({
  state,
  done,
  total,
  ...(note === null ? {} : { note }),
  ...(result === null ? {} : { result }),
});

const isOver = ({ state }: JobState): boolean => state === 'done' || state === 'failed';

const lookEveryMs = 400;
/** Proxies cut a connection that says nothing for a minute. */
const aliveEveryMs = 15_000;

export const addJobRoutes = (app: FastifyInstance, { database, actorOf }: JobRoutesOptions): void => {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });

  const identify = async (request: FastifyRequest): Promise<{ actor: Actor; id: string }> => {
    const actor = await actorOf(request);
    if (!actor) throw new Refusal('signInNeeded', '请先登录。', { kind: 'access' });
    const { data } = z.object({ id: z.uuid() }).safeParse(request.params);
    return { actor, id: data?.id ?? '' };
  };
  const getJob = async (actor: Actor, id: string): Promise<JobState> => {
    const job = id === '' ? undefined : await database.as(actor, (tx) => findJob(tx, id));
    if (!job) throw new Refusal('notFound', '没有找到这项任务。', { kind: 'absent' });
    return job;
  };

  app.get('/api/jobs/:id', async (request) => {
    const { actor, id } = await identify(request);
    return viewOf(await getJob(actor, id));
  });

  /** Sends each change once, by its version, until the job is over, the reader is gone, or the server stops. */
  const stream = async (reply: FastifyReply, next: () => Promise<JobState>, first: JobState, seen: number) => {
    const { raw } = reply;
    let [job, last, quietSince] = [first, seen, performance.now()];
    while (!closing && !raw.destroyed) {
      if (job.version !== last) {
        raw.write(`id: ${job.version}\ndata: ${JSON.stringify(viewOf(job))}\n\n`);
        [last, quietSince] = [job.version, performance.now()];
      } else if (performance.now() - quietSince > aliveEveryMs) {
        raw.write(': alive\n\n');
        quietSince = performance.now();
      }
      if (isOver(job)) return;
      await sleep(lookEveryMs);
      try {
        job = await next();
      } catch (error) {
        if (!isDatabaseAway(error)) return;
      }
    }
  };

  app.get('/api/jobs/:id/events', async (request, reply) => {
    const { actor, id } = await identify(request);
    const job = await getJob(actor, id);
    const seen = Number(request.headers['last-event-id'] ?? 0);
    // 204 tells the browser's EventSource to stop asking.
    if (isOver(job) && job.version === seen) return reply.status(204).send();
    reply.hijack();
    reply.raw.writeHead(200, {
      ...reply.getHeaders(),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    } as Record<string, string>);
    reply.raw.write('retry: 2000\n\n');
    await stream(reply, () => getJob(actor, id), job, seen);
    reply.raw.end();
    return reply;
  });
};
