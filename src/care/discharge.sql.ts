// What a transfer-out rests on: the assessment of this episode and the sessions of this stay.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';
import type { File } from '../person/file.ts';

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
