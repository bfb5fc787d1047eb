// What a transfer-out rests on: the assessment of this episode and the sessions of this stay; and the rows of pauses.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';
import { subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import type { File } from '../person/file.ts';
import { serviceSuspended } from './discharge.ts';

/** The newest transfer-out assessment of this episode on or before a day. */
export const findTransferOut = async (
  tx: Tx,
  file: Pick<File, 'county' | 'person' | 'registeredOn'>,
  on: string,
): Promise<{ id: string; on: string } | undefined> => {
  const { rows } = await sql<{ id: string; on: string }>`
    select id, happened_on as "on" from assessment
    where county = ${file.county} and person = ${file.person} and kind = 'transferOut' and happened_on between ${file.registeredOn} and ${on}
    order by happened_on desc, id desc limit 1`.execute(tx);
  return rows[0];
};

export interface StaySummary {
  readonly sessions: number;
  readonly standardized: number;
  readonly minutes: number;
  readonly lastSessionOn: string | null;
}

/** The sessions of a person since the day of acceptance; none before there is one. */
export const getStaySummary = async (
  tx: Tx,
  file: Pick<File, 'county' | 'person' | 'acceptedOn'>,
): Promise<StaySummary> => {
  const { rows } = await sql<StaySummary>`
    select count(*) as sessions, count(*) filter (where standardized) as standardized, coalesce(sum(minutes), 0) as minutes,
      max(happened_on) as "lastSessionOn"
    from attendance where county = ${file.county} and person = ${file.person} and happened_on >= ${file.acceptedOn}`.execute(
    tx,
  );
  return rows[0] ?? { sessions: 0, standardized: 0, minutes: 0, lastSessionOn: null };
};

/** Table `suspension`: when and why service paused, which the relapse rate reads (AL-17). */
export const suspensionProjection: Projection = {
  types: [serviceSuspended.type],
  tables: [{ name: 'suspension', kind: 'person', column: 'person' }],
  apply: async (tx, entries) => {
    const rows = entries
      .filter(serviceSuspended.is)
      .flatMap(({ county, id, on, body, ...entry }) =>
        subjectIds(entry, 'person').map((person) => ({ county, id, person, reason: body.reason, from_on: on })),
      );
    await sql`
      insert into suspension (county, id, person, reason, from_on) select county, id, person, reason, from_on
      from json_to_recordset(${JSON.stringify(rows)}::json) as t(county text, id uuid, person uuid, reason text, from_on date)`.execute(
      tx,
    );
  },
};
