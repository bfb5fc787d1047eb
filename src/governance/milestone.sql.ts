// Rows of what is noted as done, the days that business records give for dated steps, and the projection of the notes.
import { sql } from 'kysely';
import type { Day } from '../kernel/contract.ts';
import type { Tx } from '../kernel/database.ts';
import type { Projection } from '../kernel/projection.ts';
import type { ProviderFunction } from '../policy/standard.ts';
import { dutyRecorded } from './milestone.ts';

export interface StoredRecord {
  readonly county: string;
  readonly id: string;
  readonly rule: string;
  readonly area: string;
  readonly organisation: string | null;
  readonly dueOn: Day;
  readonly step: string | null;
  readonly on: Day;
  readonly note: string;
  readonly by: string;
  readonly role: string;
}

const columns = sql`r.county, r.id, r.rule, r.area, r.organisation, r.due_on as "dueOn", r.step, r.happened_on as "on", r.note,
  coalesce(o.name, a.name, r.recorded_by) as by, r.recorded_role as role`;
const names = sql`left join organisation o on o.id::text = r.recorded_organisation left join account a on a.username = r.recorded_by`;

export const findRecord = async (tx: Tx, id: string): Promise<StoredRecord | undefined> => {
  const { rows } = await sql<StoredRecord>`select ${columns} from duty_record r ${names} where r.id = ${id}`.execute(
    tx,
  );
  return rows[0];
};

/** Notes on rules in areas, of things done by a day, the earliest first. */
export const listRecords = async (
  tx: Tx,
  {
    counties,
    rules,
    on,
  }: { readonly counties: readonly string[]; readonly rules: readonly string[]; readonly on: Day },
): Promise<StoredRecord[]> => {
  const { rows } = await sql<StoredRecord>`select ${columns} from duty_record r ${names}
    where r.county = any(${[...counties]}::text[]) and r.rule = any(${[...rules]}::text[]) and r.happened_on <= ${on}
    order by r.happened_on, r.id`.execute(tx);
  return rows;
};

/** The first day on which somebody attended a standardized session, by county (AL-02, BZ-01). */
export const listServiceStarts = async (tx: Tx, counties: readonly string[]): Promise<Map<string, Day>> => {
  const { rows } = await sql<{ county: string; on: Day }>`select county, min(happened_on) as on from attendance
    where county = any(${[...counties]}::text[]) and standardized group by county`.execute(tx);
  return new Map(rows.map(({ county, on }) => [county, on]));
};

/** The first day on which each town had somebody listed (BZ-06). */
export const listFirstListed = async (tx: Tx, counties: readonly string[]): Promise<Map<string, Day>> => {
  const { rows } = await sql<{ town: string; on: Day }>`select town, min(listed_on) as on from person
    where county = any(${[...counties]}::text[]) and town is not null group by town`.execute(tx);
  return new Map(rows.map(({ town, on }) => [town, on]));
};

/** The first day since which a county has one open organisation with all these functions (BZ-17). */
export const listInstitutionStarts = async (
  tx: Tx,
  counties: readonly string[],
  functions: readonly ProviderFunction[],
): Promise<Map<string, Day>> => {
  const { rows } = await sql<{
    county: string;
    on: Day;
  }>`select left(division, 6) as county, min(opened_on) as on from organisation
    where left(division, 6) = any(${[...counties]}::text[]) and closed_on is null and functions @> ${[...functions]}::text[] group by 1`.execute(
    tx,
  );
  return new Map(rows.map(({ county, on }) => [county, on]));
};

/**
 * By town: the newest registration, and how many persons on `on` have been screened as eligible and have no file yet (QS-12). Done is a
 * town with files and nobody left.
 */
export const listFiling = async (
  tx: Tx,
  counties: readonly string[],
  on: Day,
): Promise<Map<string, { last: Day | null; open: number }>> => {
  const { rows } = await sql<{ town: string; last: Day | null; open: number }>`
    select p.town, max(f.registered_on) filter (where f.registered_on <= ${on}) as last,
      (count(*) filter (where s.outcome = 'eligible' and (f.registered_on is null or f.registered_on > ${on}) and f.ended_on is null))::int as open
    from person p left join file f on f.county = p.county and f.person = p.id
    left join lateral (select x.outcome from screening x where x.county = p.county and x.person = p.id and x.happened_on <= ${on}
      order by x.happened_on desc, x.id desc limit 1) s on true
    where p.county = any(${[...counties]}::text[]) and p.linked_to is null and p.town is not null and p.listed_on <= ${on} group by p.town`.execute(
    tx,
  );
  return new Map(rows.map(({ town, last, open }) => [town, { last, open }]));
};

export const milestoneProjection: Projection = {
  types: [dutyRecorded.type],
  tables: [{ name: 'duty_record', kind: 'record', column: 'id' }],
  apply: async (tx, entries) => {
    const rows = entries.filter(dutyRecorded.is).map(({ county, id, on, actor, role, organisation, body }) => ({
      ...{
        county,
        id,
        rule: body.rule,
        area: body.area,
        organisation: body.organisation,
        due_on: body.dueOn,
        step: body.step,
      },
      ...{
        happened_on: on,
        note: body.note,
        recorded_by: actor,
        recorded_role: role,
        recorded_organisation: organisation,
      },
    }));
    await sql`insert into duty_record (county, id, rule, area, organisation, due_on, step, happened_on, note, recorded_by, recorded_role, recorded_organisation)
      select * from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, id uuid, rule text, area text, organisation uuid,
        due_on date, step text, happened_on date, note text, recorded_by text, recorded_role text, recorded_organisation text)
      on conflict (county, id) do update set rule = excluded.rule, area = excluded.area, organisation = excluded.organisation,
        due_on = excluded.due_on, step = excluded.step, happened_on = excluded.happened_on, note = excluded.note`.execute(
      tx,
    );
  },
};
