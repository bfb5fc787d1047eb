// Row-level security really holds: the login role owns nothing, no table of a county is without a policy, silence sees nothing.

import { sql } from 'kysely';
import type { QueryResult } from 'pg';
import { expect, test } from 'vitest';
import { anActor, newId, openTestApp } from '../server/app.fixtures.ts';
import { aClient, anOrganisation } from '../server/client.fixtures.ts';
import type { Actor } from './access.ts';
import { recordAudit } from './audit.ts';
import { roles } from './migrate.ts';

const app = await openTestApp();
const site = anOrganisation('site');
const sister = anOrganisation('site', { division: '511902002' });
const served = aClient()
  .registered('2024-02-01')
  .accepted(site.id, '2024-03-01')
  .withPapers(site.id, '2024-03-02')
  .session(site.id, '2024-03-10');
const elsewhere = aClient({ county: '511903' });
const otherTown = aClient({ town: '511902002' });
await app.record(site.draft, sister.draft, ...served.drafts, ...elsewhere.drafts, ...otherTown.drafts);

/** Tables whose rows name a person, and how many rows of them an actor sees. */
const seen = async (actor: Actor): Promise<Record<string, number>> =>
  app.database.as(actor, async (tx) => {
    const counts: Record<string, number> = {};
    for (const table of [
      'person',
      'fact',
      'file',
      'placement',
      'consent',
      'agreement',
      'plan',
      'assessment',
      'attendance',
      'entry',
    ])
      counts[table] =
        (await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(tx)).rows[0]?.n ?? -1;
    return counts;
  });

test('the login role owns nothing and cannot leave its policies', async () => {
  // Of every kind of object, in every database of the server.
  const owned = await app.admin.query(
    `select d.classid::regclass::text as kind, d.objid from pg_shdepend d join pg_roles r on r.oid = d.refobjid
     where d.refclassid = 'pg_authid'::regclass and d.deptype = 'o' and r.rolname = any($1)`,
    [[roles.app, roles.report]],
  );
  expect(owned.rows).toEqual([]);
  const rights = await app.admin.query(
    `select rolname, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as strong,
       (select count(*)::int from pg_auth_members m where m.member = r.oid) as memberships from pg_roles r where rolname = any($1)`,
    [[roles.app, roles.report]],
  );
  expect(rights.rows).toHaveLength(2);
  for (const row of rights.rows) expect(row).toMatchObject({ strong: false, memberships: 0 });
  await expect(app.database.pool.query('set role kangtu_owner')).rejects.toThrow(/permission denied/);
});

test('the login role changes no schema: neither by right nor by trying', async () => {
  const { rows } = await app.admin.query(
    `select r.rolname, n.nspname from pg_roles r, pg_namespace n
     where r.rolname = any($1) and n.nspname !~ '^pg_(temp|toast_temp)' and has_schema_privilege(r.oid, n.oid, 'create')
     union all select r.rolname, 'database' from pg_roles r where r.rolname = any($1) and has_database_privilege(r.oid, current_database(), 'create')
     union all select r.rolname, c.relname from pg_roles r, pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
       where r.rolname = any($1) and c.relkind in ('r', 'p') and has_table_privilege(r.oid, c.oid, 'truncate, references, trigger')`,
    [[roles.app, roles.report]],
  );
  expect(rows).toEqual([]);
  for (const statement of [
    'create table mine (id int)',
    'alter table person add column mine int',
    'alter table person disable row level security',
    'drop policy visible on person',
    'create policy mine on person using (true)',
    'truncate person',
    `create function mine() returns int language sql as 'select 1'`,
  ])
    await expect(app.database.pool.query(statement), statement).rejects.toMatchObject({ code: '42501' });
});

/** Tables without row-level security, and why that may be. */
const openTables: Readonly<Record<string, string>> = {
  account: 'who may sign in: read by sign-in before there is an actor; no person in it',
  account_credential: 'as account: hashes of passwords',
  account_password: 'as account: hashes of earlier passwords',
  account_recovery_code: 'as account: hashes',
  account_second_factor: 'as account: secrets sealed by a key outside the database',
  account_session: 'as account: the sessions that say who the actor is',
  account_verification: 'as account',
  audit_day: 'secured without a policy: the app has no right to it at all, the archive works as the owner',
  audit_link: 'as audit_day; written by chain_audit alone',
  migration: 'which migrations were applied; out of the login role’s reach',
  organisation: 'a reference table: offices and sites, no person (DESIGN, Engine)',
  pack_adoption: 'a reference table: which document holds where, read before there is an actor; no person',
  setting: 'settings of the installation, no person',
  sign_in_failure: 'as account: counts by name typed',
};

test('every table has row-level security and a policy, or a reason not to', async () => {
  const { rows } = await app.admin.query(
    `select c.relname as name, c.relrowsecurity as secured, (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
     from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
     where c.relkind in ('r', 'p', 'f') order by c.relname`,
  );
  const open = rows.filter((row) => !row.secured || row.policies === 0).map((row) => row.name);
  expect(open).toEqual(Object.keys(openTables));
  expect(rows.length).toBeGreaterThan(20);
  await expect(app.database.pool.query('select from migration')).rejects.toMatchObject({ code: '42501' });
});

/** What works as its owner, past the policies, and why that may be. */
const pastPolicies: Readonly<Record<string, string>> = {
  audit_of_persons:
    'repeats the policy of audit_line, and shows others only the lines about persons that the policy of person shows them',
  chain_audit: 'chains lines that nobody may write links for; answers with their number alone',
  sharing_ended:
    'tells a day and nothing else, within the actor’s counties; the policy of consent asks it, so that it cannot ask that policy',
  town_entry: 'ids of entries about the persons of `town_person`, without asking the policy of person for each entry',
  town_person:
    'repeats what the policy of person says of an office of a town, and shows nobody else any row; ids alone',
};

test('no view and no function looks past the policies without a reason', async () => {
  const { rows } = await app.admin.query(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and (c.relkind = 'm' or c.relkind = 'v' and not coalesce('security_invoker=true' = any(c.reloptions), false))
     union all select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema') order by name`,
  );
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(pastPolicies));
});

test('a connection that names no actor sees no row', async () => {
  const { rows } = await app.database.pool.query(
    'select (select count(*) from person) + (select count(*) from entry) + (select count(*) from audit_line) as n',
  );
  expect(rows).toEqual([{ n: 0 }]);
  await recordAudit(app.database, {
    ...{ actor: anActor('civilAffairs'), at: app.clock.now(), address: null, operation: 'person.file' },
    ...{ kind: 'read' as const, outcome: 'ok', persons: [served.person] },
  });
  const asking = await app.database.pool.query(
    `begin; set local kangtu.audit_county = '511902'; set local kangtu.audit_persons = '{${served.person}}';
     select * from audit_of_persons; rollback`,
  );
  expect((asking as unknown as QueryResult[])[3]?.rows).toEqual([]);
});

test('county, town, site and sister each see their own persons', async () => {
  const county = await seen(anActor('civilAffairs'));
  expect(county).toMatchObject({ person: 2, consent: 1, attendance: 1 });
  expect(await seen(anActor('machine', { scope: '5119' }))).toMatchObject({ person: 3 });
  const nothing = { person: 0, consent: 0, attendance: 0, entry: 0 };
  for (const scope of ['5119', '']) expect(await seen(anActor('civilAffairs', { scope }))).toMatchObject(nothing);
  expect(await seen(anActor('civilAffairs', { scope: '511903' }))).toMatchObject({
    person: 1,
    consent: 0,
    attendance: 0,
    entry: 1,
  });
  expect(await seen(anActor('civilAffairs', { scope: '511902002' }))).toMatchObject({
    person: 1,
    consent: 0,
    attendance: 0,
    entry: 1,
  });
  expect(await seen(anActor('site', { organisation: site.id }))).toMatchObject({
    person: 1,
    consent: 1,
    attendance: 1,
    entry: served.drafts.length,
  });
  for (const role of ['site', 'finance', 'publicSecurity', 'systemAdmin', 'public'] as const)
    expect(await seen(anActor(role, { organisation: sister.id }))).toEqual(
      Object.fromEntries(Object.keys(county).map((table) => [table, 0])),
    );
});

test('an actor cannot write into a county outside its scope, nor in another name', async () => {
  const actor = anActor('civilAffairs', { scope: '511903' });
  const insert = (county: string, by: string) =>
    app.database.as(actor, (tx) =>
      sql`insert into entry (county, id, type, happened_on, recorded_at, actor, role, body, findings, hash)
        values (${county}, ${newId()}, 'fact.record', '2024-01-01', now(), ${by}, 'site', '{}', '[]', '\\x00')`.execute(
        tx,
      ),
    );
  await expect(insert('511902', actor.user)).rejects.toMatchObject({ code: 'outOfScope' });
  await expect(insert('511903', 'someone')).rejects.toMatchObject({ code: 'outOfScope' });
  await expect(insert('511903', actor.user)).resolves.toBeDefined();
});

test('the journal cannot be edited, not even by the app itself', async () => {
  await expect(
    app.database.as(anActor('civilAffairs'), (tx) => sql`update entry set body = '{}'`.execute(tx)),
  ).rejects.toMatchObject({ code: 'outOfScope' });
  await expect(
    app.database.as(anActor('civilAffairs'), (tx) => sql`delete from entry`.execute(tx)),
  ).rejects.toMatchObject({ code: 'outOfScope' });
});
