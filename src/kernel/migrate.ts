// Brings a database to the newest schema: roles, forward-only SQL files under an advisory lock, and the schema dump the tests compare.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Connection } from './database.ts';
import { installJobQueue } from './jobs.ts';
import { Refusal } from './refusal.ts';

const folder = fileURLToPath(new URL('../../migrations/', import.meta.url));

/** Names are of the whole server, so every Kangtu database on it shares them; each holds no right outside its grants. */
export const roles = { owner: 'kangtu_owner', app: 'kangtu_app', report: 'kangtu_report' } as const;

const ensureRoles = async (client: pg.Client, appPassword: string): Promise<void> => {
  for (const role of Object.values(roles)) {
    const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role]);
    if (!rowCount) await client.query(`create role ${role} nosuperuser nocreatedb nocreaterole nobypassrls`);
  }
  await client.query(`alter role ${roles.app} login password ${pg.escapeLiteral(appPassword)}`);
  // Statements are prepared (kernel/database.ts); planning each anew under row-level security would cost more than running it.
  await client.query(`alter role ${roles.app} set plan_cache_mode = force_generic_plan`);
  // Starting workers costs more than they save on what the app asks, and many ask at once.
  await client.query(`alter role ${roles.app} set max_parallel_workers_per_gather = 0`);
  await client.query(`grant ${roles.owner} to current_user`);
};

const migrationFiles = (): { name: string; text: string }[] =>
  readdirSync(folder)
    .filter((name) => /^\d{4}-.+\.sql$/.test(name))
    .sort()
    .map((name) => ({ name, text: readFileSync(folder + name, 'utf8') }));

/**
 * Creates the roles and applies the migrations that the database has not seen, each in its own transaction.
 * `admin` must be able to create roles. Refuses (`tooOld`) a server before PostgreSQL 15 and (`tooNew`) a schema this version does not know.
 */
export const migrate = async (admin: Connection, appPassword: string): Promise<string[]> => {
  const client = new pg.Client({ ...admin });
  await client.connect();
  try {
    const version = Number((await client.query('show server_version_num')).rows[0].server_version_num);
    if (version < 150000) throw new Refusal('tooOld', `需要 PostgreSQL 15 或更新版本，当前为 ${version}。`);
    await client.query('select pg_advisory_lock(724683)');
    await ensureRoles(client, appPassword);
    await client.query(`grant create, usage on schema public to ${roles.owner}`);
    await client.query(`grant usage on schema public to ${roles.app}, ${roles.report}`);
    await client.query(
      `create table if not exists migration (name text primary key, applied_at timestamptz not null default now())`,
    );
    const seen = new Set((await client.query('select name from migration')).rows.map((row) => row.name as string));
    const files = migrationFiles();
    const unknown = [...seen].filter((name) => !files.some((file) => file.name === name));
    if (unknown.length)
      throw new Refusal('tooNew', `数据库由更新版本的康途建立（${unknown.join('、')}），请升级程序。`);
    const applied: string[] = [];
    for (const file of files.filter(({ name }) => !seen.has(name))) {
      await client.query('begin');
      await client.query(`set local role ${roles.owner}`);
      await client.query(file.text);
      await client.query('reset role');
      await client.query('insert into migration (name) values ($1)', [file.name]);
      await client.query('commit');
      applied.push(file.name);
    }
    await installJobQueue(client, roles.owner, roles.app);
    return applied;
  } finally {
    await client.end();
  }
};
