// Loads the demo into an empty database: organisations, accounts, then each county's entries through the journal.
import { machineActor } from '../src/kernel/access.ts';
import type { EntryDraft } from '../src/kernel/entry.ts';
import type { Journal } from '../src/kernel/journal.ts';
import { createAccount } from '../src/network/account.server.ts';
import { nameOfDivision } from '../src/network/division.ts';
import type { Ctx } from '../src/policy/context.ts';
import type { PackLibrary } from '../src/policy/library.ts';
import type { DemoLoad } from '../src/server/demo-mode.ts';
import { generateDemo } from './generate.ts';

export interface LoadOptions extends DemoLoad {
  readonly journal: Journal;
  readonly packs: PackLibrary;
  readonly onProgress: (line: string) => void;
  /** Number of persons; for tests. */
  readonly size?: number;
}

const batchSize = 1000;

/** Accounts last, because each password takes a tenth of a second to hash; all in parallel with the counties. */
export const loadDemo = async ({
  database,
  clock,
  password,
  journal,
  packs,
  onProgress,
  size,
}: LoadOptions): Promise<void> => {
  const ctx: Ctx = { actor: machineActor, now: clock.now(), today: clock.today(), requestId: 'demo', journal, packs };
  const append = (drafts: readonly EntryDraft[]): Promise<unknown> =>
    database.as(machineActor, (tx) => journal.append(tx, ctx, drafts));
  const demo = generateDemo({ packs, ...(size === undefined ? {} : { size }) });
  const total = demo.network.length + [...demo.counties.values()].reduce((sum, drafts) => sum + drafts.length, 0);
  onProgress(`演示数据共 ${total} 条记录。`);
  await append(demo.network);
  const loadCounty = async ([county, drafts]: readonly [string, readonly EntryDraft[]]): Promise<void> => {
    for (let i = 0; i < drafts.length; i += batchSize) await append(drafts.slice(i, i + batchSize));
    onProgress(`${nameOfDivision(county)}:${drafts.length} 条记录已装入。`);
  };
  for (const account of demo.accounts)
    await database.as(machineActor, (tx) => createAccount(tx, ctx, { ...account, password }));
  // Two at a time: counties share no row, and the database works while the next batch is prepared.
  const waiting = [...demo.counties];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await loadCounty(next);
  };
  await Promise.all([worker(), worker()]);
};
