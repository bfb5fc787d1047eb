// Rows of checks and hazards: reads, and the projection that writes them.
import { sql } from 'kysely';
import { countyIn, type Tx } from '../kernel/database.ts';
import type { Entry } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import { type OrganisationKind, servingKinds } from './organisation.ts';
import {
  type CheckDepartment,
  type CheckedItem,
  type HazardState,
  hazardClosed,
  type Score,
  type SiteCheckKind,
  scoreOf,
  siteCheckRecorded,
} from './site-check.ts';

export interface SiteCheckRow extends Score {
  readonly id: string;
  readonly kind: SiteCheckKind;
  readonly on: string;
  readonly items: readonly CheckedItem[];
  readonly inspectors: readonly string[];
  readonly departments: readonly CheckDepartment[];
  readonly recorder: string;
}

/** The checks of an organisation, newest first. */
export const listSiteChecks = async (
  tx: Tx,
  county: string,
  organisation: string,
): Promise<readonly SiteCheckRow[]> => {
  const { rows } = await sql<SiteCheckRow>`
    select id, kind, happened_on as "on", ok, asked, items, inspectors, departments, recorder from site_check
    where county = ${county} and organisation = ${organisation} order by happened_on desc, id desc limit 200`.execute(
    tx,
  );
  return rows;
};

export interface SiteCheckKey {
  readonly county: string;
  readonly organisation: string;
}

export const findSiteCheckKey = async (tx: Tx, id: string): Promise<SiteCheckKey | undefined> => {
  const { rows } = await sql<SiteCheckKey>`select county, organisation from site_check where id = ${id}`.execute(tx);
  return rows[0];
};

export interface HazardRow extends HazardState {
  readonly id: string;
  readonly county: string;
  readonly organisation: string;
  readonly division: string;
  readonly kind: SiteCheckKind;
  readonly item: string;
  readonly label: string;
  readonly remark: string;
  readonly done: string | null;
}

/** The first later check of the same kind that did not find the gap again. */
const clearedBut = (without: string | null) => sql`(select min(c.happened_on) from site_check c
  where c.county = h.county and c.id is distinct from ${without}::uuid and c.organisation = h.organisation and c.kind = h.kind and (c.happened_on, c.id) > (h.found_on, h.found_by)
    and exists (select from jsonb_array_elements(c.items) i where i ->> 'item' = h.item and i ->> 'result' <> 'gap'))`;

const clearedOn = clearedBut(null);

const hazardRows = (
  cleared = clearedOn,
) => sql`select h.id, h.county, h.organisation, o.division, h.kind, h.item, h.label, h.remark, h.found_on as "foundOn", h.due_on as "dueOn",
  least(h.closed_on, ${cleared}) as "closedOn", h.done
  from hazard h join organisation o on o.id = h.organisation`;

/** Hazards of an area or of one organisation, the earliest deadline first; as if the check `without` had not been. */
export const listHazardRows = async (
  tx: Tx,
  query: { readonly area: string; readonly organisation?: string; readonly without?: string },
): Promise<readonly HazardRow[]> => {
  const { area, organisation, without } = query;
  const { rows } = await sql<HazardRow>`
    ${hazardRows(without === undefined ? clearedOn : clearedBut(without))} where ${countyIn('h.county', area)} and starts_with(o.division, ${area})
      and (${organisation ?? null}::uuid is null or h.organisation = ${organisation ?? null}::uuid)
    order by h.due_on, h.id`.execute(tx);
  return rows;
};

export const findHazard = async (tx: Tx, id: string): Promise<HazardRow | undefined> => {
  const { rows } = await sql<HazardRow>`${hazardRows()} where h.id = ${id}`.execute(tx);
  return rows[0];
};

export interface HazardClosing {
  readonly id: string;
  readonly hazard: string;
  /** Of whoever closed. */
  readonly role: string;
}

/** The entries that stand and say of an organisation's hazards that they were put right. */
export const listHazardClosings = async (
  tx: Tx,
  county: string,
  organisation: string,
): Promise<readonly HazardClosing[]> => {
  const { rows } = await sql<HazardClosing>`
    select e.id, e.body ->> 'hazard' as hazard, e.role from entry e
    join entry_subject s on s.county = e.county and s.entry = e.id and s.kind = 'organisation' and s.subject = ${organisation}
    where e.county = ${county} and e.type = ${hazardClosed.type}
      and not exists (select from entry n where n.county = e.county and n.replaces = e.id)`.execute(tx);
  return rows;
};

export interface CheckedSiteRow {
  readonly organisation: string;
  readonly name: string;
  readonly division: string;
  readonly kind: OrganisationKind;
  readonly lastOn: string | null;
  /** The newest check of each kind. */
  readonly checks: readonly ({ readonly kind: SiteCheckKind; readonly on: string } & Score)[];
  readonly openHazards: number;
  readonly overdueHazards: number;
}

/** Open organisations that serve, with what their newest checks found: most overdue first, then those longest unchecked. */
export const listCheckedSites = async (
  tx: Tx,
  query: {
    readonly area: string;
    readonly own: string | null;
    readonly today: string;
    readonly show?: 'hazards' | 'overdue' | 'never' | undefined;
    readonly search?: string | undefined;
    readonly limit: number;
    readonly offset: number;
  },
): Promise<{ rows: CheckedSiteRow[]; total: number }> => {
  const { area, own, today, show = null, search = null } = query;
  const { rows } = await sql<CheckedSiteRow & { total: number }>`
    select *, count(*) over ()::int as total from (
      select o.id as organisation, o.name, o.division, o.kind, c.last_on as "lastOn", coalesce(c.checks, '[]') as checks,
        coalesce(h.open, 0) as "openHazards", coalesce(h.overdue, 0) as "overdueHazards"
      from organisation o
      left join (
        select k.organisation, max(k.happened_on) as last_on,
          json_agg(json_build_object('kind', k.kind, 'on', k.happened_on, 'ok', k.ok, 'asked', k.asked) order by k.kind) as checks
        from (select distinct on (organisation, kind) * from site_check where ${countyIn('county', area)}
          order by organisation, kind, happened_on desc, id desc) k group by k.organisation) c on c.organisation = o.id
      left join (
        select organisation, count(*)::int as open, (count(*) filter (where due_on < ${today}))::int as overdue
        from hazard h where ${countyIn('h.county', area)} and closed_on is null and ${clearedOn} is null group by organisation) h on h.organisation = o.id
      where starts_with(o.division, ${area}) and o.closed_on is null and o.kind = any(${[...servingKinds]}::text[])
        and (${own}::uuid is null or o.id = ${own}::uuid)
        and (${search}::text is null or position(${search ?? ''} in o.name) > 0)) sites
    where case ${show}::text when 'hazards' then "openHazards" > 0 when 'overdue' then "overdueHazards" > 0 when 'never' then "lastOn" is null else true end
    order by "overdueHazards" desc, "openHazards" desc, "lastOn" nulls first, division, name, organisation
    limit ${query.limit} offset ${query.offset}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};

const insertChecks = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries.filter(siteCheckRecorded.is).map(({ id, county, on, role, body }) => ({
    ...{ id, county, on, recorder: role, ...body, ...scoreOf(body.items) },
    inspectors: JSON.stringify(body.inspectors),
    departments: JSON.stringify(body.departments),
  }));
  if (rows.length)
    await sql`
      insert into site_check (county, id, organisation, kind, happened_on, ok, asked, items, inspectors, departments, recorder)
      select county, id, organisation, kind, "on", ok, asked, items, array(select jsonb_array_elements_text(inspectors::jsonb)),
        array(select jsonb_array_elements_text(departments::jsonb)), recorder
      from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, id uuid, organisation uuid, kind text, "on" date, ok int, asked int,
        items jsonb, inspectors text, departments text, recorder text)
      on conflict (county, id) do update set organisation = excluded.organisation, kind = excluded.kind, happened_on = excluded.happened_on,
        ok = excluded.ok, asked = excluded.asked, items = excluded.items, inspectors = excluded.inspectors, departments = excluded.departments,
        recorder = excluded.recorder`.execute(tx);
};

/** A gap that is found again has the hazard of the first time, whichever of the two was recorded first. */
const insertHazards = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const found = entries
    .filter(siteCheckRecorded.is)
    .flatMap(({ id: found_by, county, on, body: { organisation, kind, items } }) =>
      items.flatMap(({ hazard, item, text: label, remark = '', dueOn }) =>
        hazard === undefined
          ? []
          : [{ id: hazard, county, organisation, found_by, kind, item, label, remark, found_on: on, due_on: dueOn }],
      ),
    );
  const rows = new Map<string, (typeof found)[number]>();
  for (const row of found) if (row.found_on < (rows.get(row.id)?.found_on ?? '9999')) rows.set(row.id, row);
  if (rows.size)
    await sql`
      insert into hazard as h (county, id, organisation, found_by, kind, item, label, remark, found_on, due_on)
      select * from json_to_recordset(${JSON.stringify([...rows.values()])}::json) as t(county text, id uuid, organisation uuid, found_by uuid, kind text,
        item text, label text, remark text, found_on date, due_on date)
      on conflict (county, id) do update set found_by = excluded.found_by, remark = excluded.remark, found_on = excluded.found_on, due_on = excluded.due_on
        where excluded.found_on < h.found_on or excluded.found_by = h.found_by`.execute(tx);
};

const applySiteChecks = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  await insertChecks(tx, entries);
  await insertHazards(tx, entries);
  for (const { county, on, body } of entries.filter(hazardClosed.is))
    await sql`update hazard set closed_on = ${on}, done = ${body.done} where county = ${county} and id = ${body.hazard}`.execute(
      tx,
    );
};

export const siteCheckProjection: Projection = {
  types: [siteCheckRecorded, hazardClosed].map(({ type }) => type),
  tables: [
    { name: 'site_check', kind: 'organisation', column: 'organisation' },
    { name: 'hazard', kind: 'organisation', column: 'organisation' },
  ],
  apply: applySiteChecks,
};
