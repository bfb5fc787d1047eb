// The packs as they hold now: those of the product and what places have adopted, kept in the process and read anew when there is more.
import { machineActor } from '../kernel/access.ts';
import type { Database } from '../kernel/database.ts';
import { listAdoptions, readAdoptionStamp } from './adoption.sql.ts';
import { type AdoptionRow, inAreas } from './adoption.ts';
import { type PackLibrary, readDraft } from './library.ts';
import type { Pack } from './pack.ts';
import { type Adoption, slotOf } from './resolve.ts';

/** Another server's adoption is known here after so long at most. */
const checkEveryMs = 500;

/** A text is read once per process: it never changes under its version. */
const readAdopted = (shipped: PackLibrary, read: Map<string, Pack>, { pack, version, text }: AdoptionRow): Pack => {
  const key = `${pack}@${version}`;
  const known = read.get(key);
  if (known) return known;
  const { pack: found, problems } = readDraft(shipped, { file: key, text: text ?? '' });
  if (found === undefined || version === null)
    throw new Error(`the adopted pack ${key} cannot be read by this release: ${problems[0]?.message ?? ''}`);
  // The version that its findings name is the one of the day of its adoption, whatever its parents say today.
  const kept = { ...found, version };
  read.set(key, kept);
  return kept;
};

/** The shipped packs with every decision of every place. */
const withAdoptions = (shipped: PackLibrary, read: Map<string, Pack>, rows: readonly AdoptionRow[]): PackLibrary => {
  const texts = rows.map((row) => (row.text === null ? null : readAdopted(shipped, read, row)));
  const all = new Map([...texts.flatMap((pack) => (pack ? [[pack.id, pack] as const] : [])), ...shipped.packs]);
  const adoptions = rows.map(({ id, pack, areas, fromOn, by, reason, recordedAt }, index): Adoption => {
    const text = texts[index] ?? null;
    return {
      id,
      slot: slotOf(text ?? all.get(pack) ?? { id: pack }, all),
      pack: text && inAreas(text, areas),
      areas,
      fromOn,
      decided: { by, reason, at: recordedAt },
    };
  });
  return { ...shipped, adoptions };
};

export interface HeldPacks {
  /** Looks for new decisions, unless that was done a moment ago. */
  current(): Promise<PackLibrary>;
  /** As of the last look. */
  known(): PackLibrary;
  /** The next `current` looks. */
  forget(): void;
}

const holdAnew = (database: Database, shipped: PackLibrary): HeldPacks => {
  const read = new Map<string, Pack>();
  let library = shipped;
  let stamp = '';
  let generation = 0;
  let checkedAt = Number.NEGATIVE_INFINITY;
  const look = () =>
    database.as(machineActor, async (tx) => {
      const [asked, lookingFor] = [performance.now(), generation];
      const found = await readAdoptionStamp(tx);
      if (found !== stamp) {
        library = withAdoptions(shipped, read, await listAdoptions(tx));
        stamp = found;
      }
      // A look that began before something was adopted here has not seen it.
      if (lookingFor === generation) checkedAt = asked;
    });
  return {
    current: async () => {
      if (performance.now() - checkedAt > checkEveryMs) await look();
      return library;
    },
    known: () => library,
    forget: () => {
      generation += 1;
      checkedAt = Number.NEGATIVE_INFINITY;
    },
  };
};

const held = new WeakMap<Database, HeldPacks>();

/** One per database, whoever asks: requests, jobs and commands see the same. */
export const holdPacks = (database: Database, shipped: PackLibrary): HeldPacks => {
  const known = held.get(database) ?? holdAnew(database, shipped);
  held.set(database, known);
  return known;
};
