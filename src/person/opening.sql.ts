// Rows of openings: reads, and the projection that writes them from entries.
import { sql } from 'kysely';
import { countyIn, type Tx } from '../kernel/database.ts';
import type { Entry } from '../kernel/entry.ts';
import { subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import { openingEnded, openingRequested } from './opening.ts';

export interface StoredOpening {
  readonly county: string;
  readonly id: string;
  readonly person: string;
  readonly openedBy: string;
  readonly openedAt: string;
  readonly endsAt: string;
  readonly endedAt: string | null;
  readonly endedBy: string | null;
}

interface OpeningDetails extends StoredOpening {
  /** Null where the reader does not see the person. */
  readonly name: string | null;
  readonly by: string;
  readonly organisation: string | null;
  readonly body: { readonly reason: string };
}

const columns = sql`o.county, o.id, o.person, o.opened_by as "openedBy", o.opened_at as "openedAt", o.ends_at as "endsAt",
  o.ended_at as "endedAt", coalesce(z.name, o.ended_by) as "endedBy"`;
const enders = sql`left join account z on z.username = o.ended_by`;

export const findOpening = async (tx: Tx, id: string): Promise<StoredOpening | undefined> => {
  const { rows } = await sql<StoredOpening>`select ${columns} from opening o ${enders} where o.id = ${id}`.execute(tx);
  return rows[0];
};

/** The actor's openings of a person that still last. */
export const findRunning = async (
  tx: Tx,
  county: string,
  { person, user, now }: { person: string; user: string; now: string },
): Promise<StoredOpening | undefined> => {
  const { rows } = await sql<StoredOpening>`select ${columns} from opening o ${enders}
    where o.county = ${county} and o.person = ${person} and o.opened_by = ${user} and o.ended_at is null and o.ends_at > ${now} limit 1`.execute(
    tx,
  );
  return rows[0];
};

interface OpeningQuery {
  readonly area: string;
  /** Only those of this officer. */
  readonly user?: string;
  /** Only those that last at this instant. */
  readonly runningAt?: string;
}

const matching = ({ area, user, runningAt }: OpeningQuery) => sql`from opening o where ${countyIn('o.county', area)}
  ${user === undefined ? sql`` : sql`and o.opened_by = ${user}`}
  ${runningAt === undefined ? sql`` : sql`and o.ended_at is null and o.ends_at > ${runningAt}`}`;

/** The newest first. */
export const listOpenings = async (
  tx: Tx,
  query: OpeningQuery,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<{ rows: OpeningDetails[]; total: number }> => {
  const { rows } = await sql<OpeningDetails>`
    select ${columns}, p.name, coalesce(a.name, o.opened_by) as by, u.name as organisation, e.body
    from (select o.* ${matching(query)} order by o.opened_at desc, o.id desc limit ${limit} offset ${offset}) o
    join entry e on e.county = o.county and e.id = o.id
    left join person p on p.county = o.county and p.id = o.person
    left join account a on a.username = o.opened_by ${enders}
    left join organisation u on u.id::text = e.organisation
    order by o.opened_at desc, o.id desc`.execute(tx);
  const counted = await sql<{ total: number }>`select count(*) as total ${matching(query)}`.execute(tx);
  return { rows, total: counted.rows[0]?.total ?? 0 };
};

const applyRequests = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries.filter(openingRequested.is).flatMap((entry) =>
    subjectIds(entry, 'person').map((person) => ({
      ...{ county: entry.county, id: entry.id, person, opened_by: entry.actor, opened_at: entry.at },
      ends_at: entry.body.endsAt,
    })),
  );
  await sql`insert into opening (county, id, person, opened_by, opened_at, ends_at)
    select * from json_to_recordset(${JSON.stringify(rows)}::json)
      as t(county text, id uuid, person uuid, opened_by text, opened_at timestamptz, ends_at timestamptz)`.execute(tx);
};

const applyEnds = async (tx: Tx, entries: readonly Entry[]): Promise<void> => {
  const rows = entries.filter(openingEnded.is).map(({ county, actor, at, body }) => ({
    ...{ county, id: body.opening, ended_by: actor, ended_at: at },
  }));
  await sql`update opening o set ended_at = t.ended_at, ended_by = t.ended_by
    from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, id uuid, ended_by text, ended_at timestamptz)
    where o.county = t.county and o.id = t.id`.execute(tx);
};

/** An end comes after its request, in a batch too. */
export const openingProjection: Projection = {
  types: [openingRequested.type, openingEnded.type],
  tables: [{ name: 'opening', kind: 'person', column: 'person' }],
  apply: async (tx, entries) => {
    await applyRequests(tx, entries);
    await applyEnds(tx, entries);
  },
};
