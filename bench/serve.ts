// The server under the bench, in its own process: Kangtu without sign-in, or the floor (Fastify and one raw statement).
import Fastify from 'fastify';
import type pg from 'pg';
import type { Actor } from '../src/kernel/access.ts';
import { systemClock } from '../src/kernel/calendar.ts';
import { type Connection, openDatabase, openPool } from '../src/kernel/database.ts';
import { openKeys } from '../src/kernel/key-ring.ts';
import type { Keys } from '../src/kernel/keys.ts';
import { metaOf } from '../src/kernel/perform.ts';
import { getPackLibrary } from '../src/policy/library.ts';
import { contract } from '../src/server/contract.ts';
import { createHttp } from '../src/server/http.ts';
import { masterKeys } from './harness.ts';

const [kind, connectionText, actorText] = process.argv.slice(2);
const connection = JSON.parse(connectionText ?? '') as Connection;
const actor = JSON.parse(actorText ?? '') as Actor;

/** Keys that seal and open nothing; what is sought is hashed as ever. */
const noKeys = (keys: Keys): Keys => ({
  suite: keys.suite,
  index: keys.index,
  forWriting: async () => new Map(),
  seal: (value) => value,
  open: async () => undefined,
  destroy: async () => undefined,
  withhold: async () => undefined,
  reload: async () => undefined,
  receive: async () => undefined,
  rewrap: async () => 0,
});

/** The product; `bare` is without sealing, without audit, and connects past row-level security. */
const kangtu = async () => {
  const own = await openKeys(connection, masterKeys);
  const keys = kind === 'bare' ? noKeys(own) : own;
  if (kind === 'bare')
    for (const slice of Object.values(contract))
      for (const operation of Object.values(slice)) Object.assign(metaOf(operation as never), { audit: null });
  const app = createHttp({
    database: openDatabase(connection, { keys }),
    packs: getPackLibrary(),
    clock: systemClock,
    actorOf: async () => actor,
    onFault: (_, error) => console.error(error),
  });
  return app;
};

const insert = `insert into bench_floor (county, id, type, happened_on, recorded_at, actor, body)
  select '511902', id, 'session.record', current_date, now(), 'bench', $2::jsonb from unnest($1::uuid[]) as t(id)`;
/** The same answer as the product's first page: the 25 persons listed last with their stage, and how many there are. */
const list = `select p.id, p.name, p.sex, p.birth_date, p.id_number, p.town, p.listed_on, f.stage, f.stage_on,
    (select count(*) from person where county = $1 and town = $2 and linked_to is null) as total
  from person p join file f on f.county = p.county and f.person = p.id
  where p.county = $1 and p.town = $2 and p.linked_to is null order by p.listed_on desc nulls last, p.id desc limit 25`;

const floor = () => {
  const app = Fastify();
  const pool: pg.Pool = openPool(connection);
  app.post<{ Body: { ids: string[]; body: object } }>('/insert', async ({ body }) => {
    await pool.query({ name: 'insert', text: insert, values: [body.ids, JSON.stringify(body.body)] });
    return { done: true };
  });
  app.get<{ Querystring: { town: string } }>('/list', async ({ query }) => {
    const { rows } = await pool.query({ name: 'list', text: list, values: ['511902', query.town] });
    return { rows };
  });
  return app;
};

const app = kind === 'floor' ? floor() : await kangtu();
await app.listen({ port: 0, host: '127.0.0.1' });
process.send?.({ port: (app.server.address() as { port: number }).port });
process.on('message', () => process.send?.({ rss: process.memoryUsage().rss }));
