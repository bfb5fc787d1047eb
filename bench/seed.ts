// Rows for the bench, written past the journal: 100,000 listed persons, 7,000 clients with 1,000,000 attended sessions, 100,000 clients with tallies.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type pg from 'pg';
import { machineActor } from '../src/kernel/access.ts';
import { asSealed, openDatabase } from '../src/kernel/database.ts';
import { nameTerms } from '../src/person/person-search.ts';
import type { Bench } from './harness.ts';

const surnames = '张王李赵刘陈杨黄周吴';

/** 100,000 persons of one county in 25 towns, sealed and found as the product does. */
export const seedPersons = async ({ app, keys }: Bench, county: string): Promise<void> => {
  const database = openDatabase(app, { keys, max: 1 });
  for (let from = 0; from < 100_000; from += 2000)
    await database.as(machineActor, async (tx) => {
      const ids = Array.from({ length: 2000 }, () => randomUUID());
      const dataKeys = await keys.forWriting(asSealed(tx), county, ids);
      const rows = ids.map((id, at) => {
        const i = from + at;
        const name = `${surnames[i % 10]}${String.fromCharCode(0x4e00 + (i % 5000), 0x4e20 + (i % 3000))}`;
        const seal = (value: string) => keys.seal(value, { county, subject: id }, dataKeys);
        return {
          id,
          name: seal(name),
          number: seal(`00000019${500000 + i}0000`),
          phone: seal('19900000001'),
          sex: i % 2 ? 'female' : 'male',
          born: new Date(Date.UTC(1950, 0, 1 + (i % 20000))).toISOString().slice(0, 10),
          town: county + String(1 + (i % 25)).padStart(3, '0'),
          index: keys.index('wholeName', name),
          search: nameTerms(name).map(([field, term]) => keys.index(field, term)),
        };
      });
      await sql`insert into person (county, id, name, id_number, phone, sex, birth_date, town, listed_on, entry, name_index, name_search)
        select ${county}, id, name, number, phone, sex, born, town, '2023-12-01', id, index, search from json_to_recordset(${JSON.stringify(rows)}::json)
          as t(id uuid, name text, number text, phone text, sex text, born date, town text, index bigint, search bigint[])`.execute(
        tx,
      );
      await sql`insert into file (county, id, person, episode, stage, stage_on, town, entry)
        select county, gen_random_uuid(), id, 1, 'listed', listed_on, town, entry from person where county = ${county} and id = any(${ids}::uuid[])`.execute(
        tx,
      );
    });
  await database.close();
};

/** 7,000 registered clients of one county with papers since 2022 and 143 sessions each over 24 months of 2022–2023. */
export const seedClients = async (admin: pg.Pool, county: string): Promise<void> => {
  await admin.query(
    `insert into person (county, id, name, sex, town, listed_on, entry)
     select $1, gen_random_uuid(), '王' || i, 'male', $1 || lpad((1 + i % 18)::text, 3, '0'), '2021-12-01', gen_random_uuid() from generate_series(1, 7000) i`,
    [county],
  );
  await admin.query(
    `insert into file (county, id, person, episode, stage, stage_on, town, registered_on, in_service_on, entry)
     select county, gen_random_uuid(), id, 1, 'inService', '2022-01-05', town, '2021-12-20', '2022-01-05', entry from person where county = $1`,
    [county],
  );
  await admin.query(
    `insert into placement (county, person, file, town, from_on, entry) select county, person, id, town, registered_on, entry from file where county = $1`,
    [county],
  );
  const some = (share: number): string =>
    `county = $1 and ('x' || substr(person::text, 1, 4))::bit(16)::int % 100 < ${share}`;
  await admin.query(
    `insert into consent (county, id, person, signed_on, signed_by, signer, from_on, version, purposes, recipients)
    select county, gen_random_uuid(), person, '2022-01-02', 'both', 'x', '2022-01-02', '1', '{}', '{}' from file where ${some(90)}`,
    [county],
  );
  await admin.query(
    `insert into agreement (county, id, person, organisation, signed_on, signed_by, signer, from_on, frequency, items, price)
    select county, gen_random_uuid(), person, gen_random_uuid(), '2022-01-02', 'both', 'x', '2022-01-02', 4, '{}', 0 from file where ${some(85)}`,
    [county],
  );
  await admin.query(
    `insert into assessment (county, id, person, kind, happened_on, assessor, results)
    select county, gen_random_uuid(), person, 'baseline', '2022-01-03', 'x', '[]' from file where ${some(80)}`,
    [county],
  );
  await admin.query(
    `insert into plan (county, id, person, made_on, from_on, review_on, agreed, goals)
    select county, gen_random_uuid(), person, '2022-01-04', '2022-01-04', '2022-07-04', true, '[]' from file where ${some(75)}`,
    [county],
  );
  await admin.query(
    `insert into standing select * from standing_of($1, array(select person from file where county = $1))`,
    [county],
  );
  await admin.query(
    `insert into attendance (county, session, person, organisation, happened_on, kind, domain, standardized, start_at, minutes, leader)
     select f.county, gen_random_uuid(), f.person, f.id, date '2022-01-06' + (i * 5 % 720), 'group', 'lifeSkills', i % 4 > 0, '09:00', 60, 'x'
     from file f, generate_series(1, 143) i where f.county = $1`,
    [county],
  );
  await admin.query(
    `insert into tally (county, kind, subject, type, part, month, count, amount)
     select county, 'person', person, 'session.record', 'standardized', to_char(happened_on, 'YYYY-MM'), count(*), sum(minutes)
     from attendance where county = $1 and standardized group by 1, 3, 6`,
    [county],
  );
};

/** 100,000 clients of one county with an agreement since January 2024 and the tally of October: two of three came six times. */
export const seedServed = async (admin: pg.Pool, county: string): Promise<void> => {
  await admin.query(
    `insert into person (county, id, name, sex, town, listed_on, entry)
     select $1, gen_random_uuid(), '王' || i, 'male', $1 || lpad((1 + i % 25)::text, 3, '0'), '2023-12-01', gen_random_uuid() from generate_series(1, 100000) i`,
    [county],
  );
  await admin.query(
    `insert into file (county, id, person, episode, stage, stage_on, town, registered_on, in_service_on, entry)
     select county, gen_random_uuid(), id, 1, 'inService', '2024-01-05', town, '2023-12-20', '2024-01-05', entry from person where county = $1`,
    [county],
  );
  await admin.query(
    `insert into placement (county, person, file, town, from_on, entry) select county, person, id, town, registered_on, entry from file where county = $1`,
    [county],
  );
  await admin.query(
    `insert into agreement (county, id, person, organisation, signed_on, signed_by, signer, from_on, frequency, items, price)
    select county, gen_random_uuid(), person, gen_random_uuid(), '2024-01-02', 'both', 'x', '2024-01-02', 6, '{}', 0 from file where county = $1`,
    [county],
  );
  await admin.query(
    `insert into tally (county, kind, subject, type, part, month, count, amount)
     select county, 'person', person, 'session.record', 'standardized', '2024-10', case when row_number() over () % 3 = 0 then 4 else 6 end, 360
     from file where county = $1`,
    [county],
  );
};

/** The table of the raw inserts: one entry, with the journal's own key and index. */
export const seedFloor = async (admin: pg.Pool): Promise<void> => {
  await admin.query(`create table bench_floor (county text, id uuid, type text, happened_on date, recorded_at timestamptz, actor text, body jsonb, primary key (county, id));
    create index on bench_floor (county, type, happened_on); grant select, insert on bench_floor to kangtu_app`);
};
