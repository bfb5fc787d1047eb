// Loads the instruments that ship with the product, checks them, and keeps them for the process.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { Instrument } from './instrument.ts';

export interface InstrumentLibrary {
  /** The newest version of each, by id. */
  readonly current: readonly Instrument[];
  /** Older versions stay, so that what was answered then can be scored again. */
  find(id: string, version: string): Instrument | undefined;
}

/** Every instrument of a folder; an Error naming the file if one does not hold together. */
export const loadInstruments = (folder: string): InstrumentLibrary => {
  const all = new Map<string, Instrument>();
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()) {
    const read = Instrument.safeParse(parse(readFileSync(join(folder, file), 'utf8')));
    if (!read.success) throw new Error(`instrument ${file} is broken:\n${z.prettifyError(read.error)}`);
    const key = `${read.data.id}@${read.data.version}`;
    if (all.has(key)) throw new Error(`instrument ${file}: ${key} is defined twice`);
    all.set(key, read.data);
  }
  const newest = new Map<string, Instrument>();
  for (const instrument of all.values()) {
    const known = newest.get(instrument.id);
    if (!known || Number(instrument.version) > Number(known.version)) newest.set(instrument.id, instrument);
  }
  return { current: [...newest.values()], find: (id, version) => all.get(`${id}@${version}`) };
};

let shipped: InstrumentLibrary | undefined;

/** The instruments that ship with the product, loaded once. */
export const getInstruments = (): InstrumentLibrary => {
  shipped ??= loadInstruments(fileURLToPath(new URL('../../instruments/', import.meta.url)));
  return shipped;
};
