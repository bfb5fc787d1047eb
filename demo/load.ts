// Loads the demo into an empty database: organisations, accounts, then each county's entries through the journal.
import { machineActor } from '../src/kernel/access.ts';
import type { Tx } from '../src/kernel/database.ts';
import type { EntryDraft } from '../src/kernel/entry.ts';
import type { Journal } from '../src/kernel/journal.ts';
import { createAccount } from '../src/network/account.server.ts';
import { nameOfDivision } from '../src/network/division.ts';
import type { Ctx } from '../src/policy/context.ts';
import type { PackLibrary } from '../src/policy/library.ts';
import type { DemoLoad } from '../src/server/demo-mode.ts';
import { sendExchanges } from './exchange.ts';
import { type DemoCounty, generateDemo } from './generate.ts';
import { addPhotos } from './pictures.ts';
import { fileReports } from './reports.ts';

export interface LoadOptions extends DemoLoad {
  readonly journal: Journal;
  readonly packs: PackLibrary;
  readonly onProgress: (line: string) => void;
  /** Number of persons; for tests. */
  readonly size?: number;
}

const batchSize = 1000;

/** What is written in one transaction: entries, or reports taken from all entries before it. */
type Work = (tx: Tx, ctx: Ctx) => Promise<unknown>;

const worksOf = ({ drafts, filings }: DemoCounty): { work: Work; entries: number }[] => {
  const works: { work: Work; entries: number }[] = [];
  const addUntil = (from: number, until: number): void => {
    for (let i = from; i < until; i += batchSize) {
      const batch: readonly EntryDraft[] = drafts.slice(i, Math.min(i + batchSize, until));
      works.push({ work: (tx, ctx) => ctx.journal.append(tx, ctx, batch), entries: batch.length });
    }
  };
  let done = 0;
  for (const filing of [...filings].sort((a, b) => (a.at < b.at ? -1 : 1))) {
    const later = drafts.findIndex(({ recorded }) => (recorded?.at ?? '') >= filing.at);
    const until = later < 0 ? drafts.length : later;
    addUntil(done, until);
    works.push({ work: (tx, ctx) => fileReports(tx, ctx, filing), entries: 2 * filing.reporters.length });
    done = until;
  }
  addUntil(done, drafts.length);
  return works;
};

export const loadDemo = async (options: LoadOptions): Promise<void> => {
  const { database, clock, password, journal, packs, onProgress, size } = options;
  const moment = { now: clock.now(), today: clock.today() };
  const ctx: Ctx = { actor: machineActor, ...moment, requestId: 'demo', address: null, journal, packs };
  const write = (work: Work): Promise<unknown> => database.as(machineActor, (tx) => work(tx, ctx));
  const demo = generateDemo({ packs, ...(size === undefined ? {} : { size }) });
  const waiting = demo.counties.map((county) => ({ county, works: worksOf(county) }));
  const total = waiting.flatMap(({ works }) => works).reduce((sum, { entries }) => sum + entries, 0);
  await write((tx) => journal.append(tx, ctx, demo.network));
  let done = 0;
  const loadCounties = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      for (const { work, entries } of next.works) {
        await write(work);
        done += entries;
      }
      onProgress(`  ${nameOfDivision(next.county.county)}已装入（${Math.round((100 * done) / total)}%）`);
    }
  };
  const openAccounts = async (): Promise<void> => {
    for (const account of demo.accounts) await write((tx) => createAccount(tx, ctx, { ...account, password }));
  };
  // Two counties at a time, which share no row: the database writes one while the other's next batch is prepared.
  await Promise.all([openAccounts(), loadCounties(), loadCounties()]);
  await write((tx) => sendExchanges(tx, ctx));
  await write((tx) => addPhotos(tx, ctx, demo.network));
};
