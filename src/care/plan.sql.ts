// Rows of individual plans: a person's plans in order, and the projection that writes them and says when the next took over.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import { planMade } from './agreement.ts';
import type { PlanView } from './plan.ts';

/** Every plan of a person, newest first. */
export const listPlans = async (tx: Tx, county: string, person: string): Promise<PlanView[]> => {
  const { rows } = await sql<PlanView>`
    select id, made_on as "madeOn", from_on as "fromOn", until_on as "untilOn", review_on as "reviewOn", superseded_on as "supersededOn",
      agreed, goals
    from plan where county = ${county} and person = ${person} order by from_on desc, made_on desc, id desc`.execute(tx);
  return rows;
};

const insertPlans = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries.flatMap((entry) =>
    subjectIds(entry, 'person').map((person) => ({
      ...(entry.body as object),
      county: entry.county,
      id: entry.id,
      person,
      madeOn: entry.on,
    })),
  );
  await sql`
    insert into plan (county, id, person, made_on, from_on, until_on, review_on, agreed, goals)
    select county, id, person, "madeOn", "fromOn", "untilOn", "reviewOn", agreed, goals
    from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, id uuid, person uuid, "madeOn" date, "fromOn" date, "untilOn" date,
      "reviewOn" date, agreed boolean, goals jsonb)
    on conflict (county, id) do update set made_on = excluded.made_on, from_on = excluded.from_on, until_on = excluded.until_on,
      review_on = excluded.review_on, agreed = excluded.agreed, goals = excluded.goals`.execute(tx);
};

/** A plan is superseded on the next one's first day, in order of first day, also when the earlier one is entered late. */
const supersede = async (tx: Tx, county: string, persons: readonly string[]): Promise<void> => {
  await sql`
    update plan p set superseded_on = t.next
    from (select id, lead(from_on) over (partition by person order by from_on, made_on, id) as next
      from plan where county = ${county} and person = any(${[...persons]}::uuid[])) t
    where p.county = ${county} and p.id = t.id and p.superseded_on is distinct from t.next`.execute(tx);
};

export const planProjection: Projection = {
  types: [planMade.type],
  tables: [{ name: 'plan', kind: 'person', column: 'person' }],
  apply: async (tx, entries) => {
    for (const county of new Set(entries.map((entry) => entry.county))) {
      const own = entries.filter((entry) => entry.county === county);
      await insertPlans(tx, own);
      await supersede(tx, county, [...new Set(own.flatMap((entry) => subjectIds(entry, 'person')))]);
    }
  },
};
