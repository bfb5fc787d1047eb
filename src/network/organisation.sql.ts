// Rows of organisations and staff: reads, and the projection that writes them.
import { sql } from 'kysely';
import { activityRecorded } from '../governance/activity.ts';
import { countyIn, type Tx } from '../kernel/database.ts';
import { type Entry, subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import { registeredStages } from '../person/file.ts';
import {
  type Organisation,
  type OrganisationKind,
  organisationChanged,
  organisationClosed,
  organisationOpened,
  type Staff,
  staffJoined,
  staffLeft,
  staffQualified,
  type Tier,
} from './organisation.ts';

export type OrganisationRow = Omit<Organisation, 'serving'> & { readonly county: string };

const columns = sql`o.id, o.county, o.division, o.kind, o.tier, o.name, o.parent, o.phone, o.address, o.functions, o.capacity,
  o.opened_on as "openedOn", o.changed_on as "changedOn", o.closed_on as "closedOn", p.name as "parentName"`;

export const findOrganisation = async (tx: Tx, id: string): Promise<OrganisationRow | undefined> => {
  const { rows } = await sql<OrganisationRow>`
    select ${columns} from organisation o left join organisation p on p.id = o.parent where o.id = ${id}`.execute(tx);
  return rows[0];
};

export interface OrganisationFilter {
  readonly area: string;
  /** Those of the divisions above the area too. */
  readonly above?: boolean;
  readonly search?: string | undefined;
  readonly kinds?: readonly OrganisationKind[] | undefined;
  readonly tier?: Tier | undefined;
  readonly status?: 'open' | 'closed' | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** Organisations of an area, open ones first, by division and name. */
export const listOrganisations = async (
  tx: Tx,
  { area, above = false, search, kinds, tier, status, limit, offset }: OrganisationFilter,
): Promise<{ rows: OrganisationRow[]; total: number }> => {
  const { rows } = await sql<OrganisationRow & { total: number }>`
    select ${columns}, count(*) over ()::int as total
    from organisation o left join organisation p on p.id = o.parent
    where (starts_with(o.division, ${area}) or (${above} and starts_with(${area}, o.division)))
      and (${search ?? null}::text is null or position(${search ?? ''} in o.name) > 0)
      and (${kinds ?? null}::text[] is null or o.kind = any(${kinds ?? null}::text[]))
      and (${tier ?? null}::text is null or o.tier = ${tier ?? null})
      and (${status ?? null}::text is null or (o.closed_on is null) = (${status ?? null} = 'open'))
    order by o.closed_on is not null, o.division, o.name, o.id limit ${limit} offset ${offset}`.execute(tx);
  return { rows: rows.map(({ total: _, ...row }) => row), total: rows[0]?.total ?? 0 };
};

/** Clients placed at each of these organisations now, as far as the actor sees them. */
export const countServing = async (
  tx: Tx,
  area: string,
  organisations: readonly string[],
): Promise<Map<string, number>> => {
  const { rows } = await sql<{ site: string; count: number }>`
    select site, count(*)::int as count from file
    where ${countyIn('county', area)} and site = any(${[...organisations]}::uuid[]) and stage = any(${[...registeredStages]}::text[])
    group by site`.execute(tx);
  return new Map(rows.map(({ site, count }) => [site, count]));
};

/** Open referrals and open organisations below that hang on an organisation. */
export const countDependants = async (
  tx: Tx,
  area: string,
  organisation: string,
): Promise<{ referrals: number; children: number }> => {
  const { rows } = await sql<{ referrals: number; children: number }>`
    select
      (select count(*)::int from referral where ${countyIn('county', area)} and organisation = ${organisation} and status in ('sent', 'queued')) as referrals,
      (select count(*)::int from organisation where parent = ${organisation} and closed_on is null) as children`.execute(
    tx,
  );
  return rows[0] ?? { referrals: 0, children: 0 };
};

/** Whether another open organisation of the division has the name. */
export const isNameTaken = async (
  tx: Tx,
  { id, division, name }: { readonly id: string; readonly division: string; readonly name: string },
): Promise<boolean> => {
  const { rows } = await sql`
    select 1 from organisation where division = ${division} and name = ${name} and closed_on is null and id <> ${id}`.execute(
    tx,
  );
  return rows.length > 0;
};

export type StaffRow = Staff & { readonly county: string };

/** The newest background on record, which may begin only later than today's figures ask. */
const staffColumns = sql`s.id, s.county, s.organisation, o.name as "organisationName", s.name, s.discipline, s.qualification,
  (select q.kind from staff_qualification q where q.county = s.county and q.staff = s.id
    order by q.from_on desc, q.entry desc limit 1) as "qualificationKind",
  s.assessor_trained_on as "assessorTrainedOn", s.since_on as "sinceOn", s.until_on as "untilOn"`;

export const findStaff = async (tx: Tx, id: string): Promise<StaffRow | undefined> => {
  const { rows } = await sql<StaffRow>`
    select ${staffColumns} from staff s join organisation o on o.id = s.organisation where s.id = ${id}`.execute(tx);
  return rows[0];
};

/** Those of these whom the actor sees. */
export const listStaffById = async (tx: Tx, ids: readonly string[]): Promise<StaffRow[]> => {
  const { rows } = await sql<StaffRow>`
    select ${staffColumns} from staff s join organisation o on o.id = s.organisation where s.id = any(${[...ids]}::uuid[])`.execute(
    tx,
  );
  return rows;
};

export const listStaff = async (
  tx: Tx,
  query: {
    readonly area: string;
    readonly organisation: string | null;
    readonly search: string | undefined;
    readonly employed: boolean;
    readonly limit: number;
    readonly offset: number;
  },
): Promise<{ rows: Staff[]; total: number }> => {
  const { rows } = await sql<StaffRow & { total: number }>`
    select ${staffColumns}, count(*) over ()::int as total from staff s join organisation o on o.id = s.organisation
    where ${countyIn('s.county', query.area)} and (${query.organisation}::uuid is null or s.organisation = ${query.organisation}::uuid)
      and (${query.search ?? null}::text is null or position(${query.search ?? ''} in s.name) > 0 or position(${query.search ?? ''} in o.name) > 0)
      and (s.until_on is null) = ${query.employed}
    order by o.division, o.name, s.name, s.id limit ${query.limit} offset ${query.offset}`.execute(tx);
  return { rows: rows.map(({ total: _, county: __, ...row }) => row), total: rows[0]?.total ?? 0 };
};

const openOrganisations = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries.filter(organisationOpened.is).flatMap((entry) =>
    subjectIds(entry, 'organisation').map((id) => ({
      id,
      county: entry.county,
      ...entry.body,
      functions: entry.body.functions.join(','),
      opened_on: entry.on,
      entry: entry.id,
    })),
  );
  if (rows.length)
    await sql`
      insert into organisation (id, county, division, kind, tier, name, parent, phone, address, functions, capacity, opened_on, entry)
      select id, county, division, kind, tier, name, parent, phone, address, string_to_array(functions, ','), capacity, opened_on, entry
      from json_to_recordset(${JSON.stringify(rows)}::json) as t(id uuid, county text, division text, kind text, tier text, name text, parent uuid,
        phone text, address text, functions text, capacity int, opened_on date, entry uuid)
      on conflict (id) do update set county = excluded.county, division = excluded.division, kind = excluded.kind, tier = excluded.tier, name = excluded.name,
        parent = excluded.parent, phone = excluded.phone, address = excluded.address, functions = excluded.functions, capacity = excluded.capacity,
        opened_on = excluded.opened_on, entry = excluded.entry`.execute(tx);
};

const changeOrganisation = async (tx: Tx, entry: Entry): Promise<void> => {
  if (!organisationChanged.is(entry)) return;
  const { name, phone = null, address = null, functions, capacity = null } = entry.body;
  await sql`
    update organisation set name = ${name}, phone = ${phone}, address = ${address}, functions = ${functions}::text[], capacity = ${capacity},
      changed_on = ${entry.on}, entry = ${entry.id}
    where county = ${entry.county} and id = any(${subjectIds(entry, 'organisation')}::uuid[])`.execute(tx);
};

const joinStaff = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries.filter(staffJoined.is).flatMap((entry) =>
    subjectIds(entry, 'staff').map((id) => ({
      id,
      county: entry.county,
      ...entry.body,
      since_on: entry.on,
      entry: entry.id,
    })),
  );
  if (rows.length)
    await sql`
      insert into staff (county, id, organisation, name, discipline, qualification, assessor_trained_on, since_on, entry)
      select county, id, organisation, name, discipline, qualification, "assessorTrainedOn", since_on, entry
      from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, id uuid, organisation uuid, name text, discipline text, qualification text,
        "assessorTrainedOn" date, since_on date, entry uuid)
      on conflict (county, id) do update set organisation = excluded.organisation, name = excluded.name, discipline = excluded.discipline,
        qualification = excluded.qualification, assessor_trained_on = excluded.assessor_trained_on, since_on = excluded.since_on, entry = excluded.entry`.execute(
      tx,
    );
};

const qualifyStaff = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries.flatMap((entry) => {
    const kind = staffJoined.is(entry) ? entry.body.qualificationKind : staffQualified.is(entry) && entry.body.kind;
    const row = { county: entry.county, from_on: entry.on, kind, entry: entry.id };
    return kind ? subjectIds(entry, 'staff').map((staff) => ({ ...row, staff })) : [];
  });
  if (rows.length)
    await sql`
      insert into staff_qualification (county, staff, from_on, kind, entry)
      select county, staff, from_on, kind, entry
      from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, staff uuid, from_on date, kind text, entry uuid)
      on conflict (county, staff, from_on, entry) do update set kind = excluded.kind`.execute(tx);
};

const applyNetwork = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  await openOrganisations(tx, entries);
  await joinStaff(tx, entries);
  await qualifyStaff(tx, entries);
  for (const entry of entries) {
    const { county, on } = entry;
    await changeOrganisation(tx, entry);
    if (organisationClosed.is(entry))
      await sql`update organisation set closed_on = ${on} where county = ${county} and id = any(${subjectIds(entry, 'organisation')}::uuid[])`.execute(
        tx,
      );
    // Trained since the first such event; a void folds the staff anew.
    if (activityRecorded.is(entry) && entry.body.kind === 'assessorTraining')
      await sql`update staff set assessor_trained_on = least(assessor_trained_on, ${on}::date)
        where county = ${county} and id = any(${subjectIds(entry, 'staff')}::uuid[])`.execute(tx);
    if (staffQualified.is(entry) && entry.body.qualification !== undefined)
      await sql`update staff set qualification = ${entry.body.qualification} where county = ${county} and id = any(${subjectIds(entry, 'staff')}::uuid[])`.execute(
        tx,
      );
    if (staffLeft.is(entry))
      await sql`update staff set until_on = ${on} where county = ${county} and id = any(${subjectIds(entry, 'staff')}::uuid[])`.execute(
        tx,
      );
  }
};

export const networkProjection: Projection = {
  types: [
    organisationOpened,
    organisationChanged,
    organisationClosed,
    staffJoined,
    staffQualified,
    staffLeft,
    activityRecorded,
  ].map(({ type }) => type),
  tables: [
    { name: 'organisation', kind: 'organisation', column: 'id' },
    { name: 'staff', kind: 'staff', column: 'id' },
    { name: 'staff_qualification', kind: 'staff', column: 'staff' },
  ],
  apply: applyNetwork,
};
