// Background jobs on a real queue: with the transaction, seen by their owner alone, run again after a fault and after a stop.
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { addJobRoutes } from '../server/job-routes.ts';
import type { Actor } from './access.ts';
import { defineJob, findJob, type Jobs, type JobType, openJobs, startJob } from './jobs.ts';
import { Refusal } from './refusal.ts';

const app = await openTestApp();
const { user = '', password = '', host = '', port = 0, database: name = '' } = app.admin.options;
const connection = { user, host, port, database: name, password: String(password) };
const owner = anActor('civilAffairs');
const define = defineJob<Actor>();
const faults: unknown[] = [];

let jobs: Jobs | undefined;
const open = async (type: JobType<Actor>, isAlone = false) => {
  jobs = await openJobs({
    connection,
    database: app.database,
    types: [type],
    isAlone,
    contextOf: (actor) => actor,
    onFault: (_, error) => faults.push(error),
  });
  return jobs;
};
afterEach(async () => {
  await jobs?.stop();
  jobs = undefined;
  faults.length = 0;
});

const start = async (kind: string, payload: object = {}) => {
  const id = newId();
  await app.database.as(owner, (tx) => startJob(tx, { actor: owner, now: app.clock.now() }, { id, kind, payload }));
  return id;
};
const look = (id: string, actor: Actor = owner) => app.database.as(actor, (tx) => findJob(tx, id));
const until = async (id: string, state: string) => {
  for (;;) {
    const job = await look(id);
    if (job?.state === state) return job;
    await sleep(50);
  }
};

test('runs as its owner, once per id, and tells its result to the owner alone', async () => {
  const type = define({
    kind: 'double',
    payload: z.object({ number: z.int() }),
    run: async (job, { number }) => {
      await job.progress(1, 2, '一半');
      return { doubled: number * 2, by: job.ctx.user };
    },
  });
  const id = await start('double', { number: 21 });
  await app.database.as(owner, (tx) =>
    startJob(tx, { actor: owner, now: app.clock.now() }, { id, kind: 'double', payload: { number: 1 } }),
  );
  expect(await look(id)).toMatchObject({ state: 'waiting', done: 0, total: null });
  await open(type);
  expect(await until(id, 'done')).toMatchObject({ done: 1, total: 2, result: { doubled: 42, by: owner.user } });
  expect(await look(id, anActor('civilAffairs', { user: 'another' }))).toBeUndefined();
});

test('is not there when its transaction is rolled back', async () => {
  const id = newId();
  const attempt = app.database.as(owner, async (tx) => {
    await startJob(tx, { actor: owner, now: app.clock.now() }, { id, kind: 'double', payload: {} });
    throw new Refusal('no', '不行');
  });
  await expect(attempt).rejects.toThrow('不行');
  expect(await look(id)).toBeUndefined();
  expect((await app.admin.query('select 1 from pgboss.job where id = $1', [id])).rowCount).toBe(0);
});

test('a refusal ends it for good, in its own words', async () => {
  let runs = 0;
  await open(
    define({
      kind: 'refuse',
      payload: z.object({}),
      run: async () => {
        runs += 1;
        throw new Refusal('bad', '名册中没有一行可用。');
      },
    }),
  );
  expect(await until(await start('refuse'), 'failed')).toMatchObject({ note: '名册中没有一行可用。' });
  expect(runs).toBe(1);
  expect(faults).toEqual([]);
});

test('a fault runs it again from the beginning', async () => {
  let runs = 0;
  await open(
    define({
      kind: 'stumble',
      payload: z.object({}),
      run: async () => {
        runs += 1;
        if (runs === 1) throw new Error('stumbled');
        return { runs };
      },
    }),
  );
  const id = await start('stumble');
  await until(id, 'waiting');
  while (!faults.length) await sleep(20);
  await app.admin.query(`update pgboss.job set start_after = now() where id = $1`, [id]);
  expect((await until(id, 'done')).result).toEqual({ runs: 2 });
});

test('a server that stops leaves it to the next one', async () => {
  let steps = 0;
  const endless = define({
    kind: 'long',
    payload: z.object({}),
    run: async (job) => {
      for (;;) {
        steps += 1;
        await job.progress(steps, null);
        await sleep(10);
      }
    },
  });
  const first = await open(endless);
  const id = await start('long');
  while (!steps) await sleep(10);
  await first.stop();
  expect(await look(id)).toMatchObject({ state: 'waiting' });
  await app.admin.query(`update pgboss.job set start_after = now() where id = $1`, [id]);
  await open(define({ kind: 'long', payload: z.object({}), run: async () => 'finished' }));
  expect((await until(id, 'done')).result).toBe('finished');
  expect(faults).toEqual([]);
});

test('a server that works alone takes up at once what a killed one had under way', async () => {
  const id = await start('orphan');
  // Heard of just now: by its heartbeat alone it would lie for an hour.
  await app.admin.query(
    `update pgboss.job set state = 'active', started_on = now(), heartbeat_on = now(), heartbeat_seconds = 3600 where id = $1`,
    [id],
  );
  await open(define({ kind: 'orphan', payload: z.object({}), run: async () => 'finished' }), true);
  expect((await until(id, 'done')).result).toBe('finished');
});

test('goes on by itself when the database was away, but not for ever', async () => {
  let runs = 0;
  const away = Object.assign(new Error('terminating connection'), { code: '57P01' });
  await open(
    define({
      kind: 'cut',
      payload: z.object({ times: z.int() }),
      run: async (_, { times }) => {
        runs += 1;
        if (runs <= times) throw away;
        return { runs };
      },
    }),
  );
  const queued = async (id: string) =>
    (await app.admin.query('select state, retry_count from pgboss.job where id = $1', [id])).rows[0];
  const passing = await start('cut', { times: 2 });
  expect((await until(passing, 'done')).result).toEqual({ runs: 3 });
  expect((await queued(passing)).retry_count).toBe(0);
  runs = 0;
  const fatal = await start('cut', { times: 1000 });
  while ((await queued(fatal)).state !== 'retry') await sleep(50);
  expect(await look(fatal)).toMatchObject({ state: 'waiting' });
  expect(faults).toEqual([]);
});

test('a server that was killed leaves it to the next one', async () => {
  const id = await start('orphan');
  // What a killed server leaves: taken, and not heard of since.
  await app.admin.query(
    `update pgboss.job set state = 'active', started_on = now(), heartbeat_on = now() - interval '1 hour' where id = $1`,
    [id],
  );
  await open(define({ kind: 'orphan', payload: z.object({}), run: async () => 'finished' }));
  while ((await app.admin.query(`select state from pgboss.job where id = $1`, [id])).rows[0].state === 'active')
    await sleep(100);
  await app.admin.query(`update pgboss.job set start_after = now() where id = $1`, [id]);
  expect((await until(id, 'done')).result).toBe('finished');
});

test('its events: from the version last seen, then 204 for one who saw the end, and 404 for others', async () => {
  const http = Fastify();
  let actor: Actor | null = owner;
  addJobRoutes(http, { database: app.database, actorOf: async () => actor });
  http.setErrorHandler((error, _, reply) => reply.status(error instanceof Refusal ? 404 : 500).send());
  await open(
    define({
      kind: 'count',
      payload: z.object({}),
      run: async (job) => {
        await job.progress(1, 3);
        await job.progress(3, 3);
        return 'counted';
      },
    }),
  );
  const id = await start('count');
  const events = (last?: string) =>
    http.inject({
      method: 'GET',
      url: `/api/jobs/${id}/events`,
      headers: last === undefined ? {} : { 'last-event-id': last },
    });
  const { body, headers } = await events();
  expect(headers['content-type']).toContain('text/event-stream');
  const messages = body.split('\n\n').filter((part) => part.startsWith('id: '));
  expect(messages.at(-1)).toContain('"state":"done","done":3,"total":3,"result":"counted"');
  const version = /^id: (\d+)/.exec(messages.at(-1) ?? '')?.[1] ?? '';
  expect((await events(version)).statusCode).toBe(204);
  expect((await events(String(Number(version) - 1))).body).toContain('counted');
  actor = anActor('civilAffairs', { user: 'another' });
  expect((await events()).statusCode).toBe(404);
  actor = null;
  expect((await http.inject({ method: 'GET', url: `/api/jobs/${id}` })).statusCode).toBe(404);
  await http.close();
});
