// A new master key for all data keys while the server runs, and how many keys there are.
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { machineActor } from './access.ts';
import type { Database, Tx } from './database.ts';
import { freshMs, type MasterKeySource, makeMasterKey } from './master-key.ts';

export interface KeyCounts {
  readonly byMaster: readonly { readonly master: string; readonly keys: number }[];
  readonly withheld: number;
  readonly destroyed: number;
}

/** How many data keys each master key wraps, and how many are closed or gone. */
export const countKeys = async (tx: Tx): Promise<KeyCounts> => {
  const { rows: byMaster } = await sql<{ master: string; keys: number }>`
    select master, count(*)::int as keys from sealing_key where master is not null group by 1 order by 1`.execute(tx);
  const { rows } = await sql<{ withheld: number; destroyed: number }>`
    select count(withheld_at)::int as withheld, count(destroyed_at)::int as destroyed from sealing_key`.execute(tx);
  return { byMaster, withheld: rows[0]?.withheld ?? 0, destroyed: rows[0]?.destroyed ?? 0 };
};

const rewrapAtOnce = 500;

/**
 * Gives the data keys a new master key, batch by batch, while others read and write; interrupted, it goes on where it was when it is called
 * again. A new master key is made only where it can be written (a file) and no earlier rotation is unfinished; otherwise all are brought
 * to the source's first key.
 */
export const rotateMaster = async (
  database: Database,
  source: MasterKeySource,
  { forgetOld = false, progress = () => undefined }: { forgetOld?: boolean; progress?: (keys: number) => void },
): Promise<{ master: string; rewrapped: number }> => {
  const { keys } = database;
  if (!keys) throw new Error('this database was opened without keys');
  const before = await source.read();
  const { byMaster } = await database.as(machineActor, countKeys);
  const unfinished = byMaster.some(({ master }) => master !== before[0]?.id);
  if (source.write && !unfinished) await source.write([makeMasterKey(), ...before]);
  let rewrapped = 0;
  const rewrapAll = async (): Promise<void> => {
    for (;;) {
      const count = await database.as(machineActor, (tx) => keys.rewrap(tx, rewrapAtOnce));
      if (count === 0) return;
      rewrapped += count;
      progress(rewrapped);
    }
  };
  await rewrapAll();
  // A server that had read the file just before wraps what it makes with the old key a moment longer.
  await sleep(2 * freshMs);
  await rewrapAll();
  const [current, ...old] = await source.read();
  if (forgetOld && current && old.length > 0) await source.write?.([current]);
  return { master: current?.id ?? '', rewrapped };
};
