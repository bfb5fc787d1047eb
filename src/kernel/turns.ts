// Long work in short turns: between them statements reach the database, its answers are taken, and other requests are served.
import { setImmediate } from 'node:timers/promises';

/** Some milliseconds of sealing or hashing. */
export const aTurn = 20;

/** `items.map(change)`, in turns; few items are one turn. */
export const mapInTurns = async <T, R>(items: readonly T[], change: (item: T) => R): Promise<R[]> => {
  const changed: R[] = [];
  for (const item of items) {
    if (changed.length > 0 && changed.length % aTurn === 0) await setImmediate();
    changed.push(change(item));
  }
  return changed;
};
