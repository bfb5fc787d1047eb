// Names of the persons and sites behind a figure.
import { sql } from 'kysely';
import type { Tx } from '../kernel/database.ts';

export const findPersonNames = async (
  tx: Tx,
  counties: readonly string[],
  persons: readonly string[],
): Promise<Map<string, string>> => {
  if (!persons.length) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from person where county = any(${[...counties]}::text[]) and id = any(${[...persons]}::uuid[])`.execute(
    tx,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
};

export const findSiteNames = async (tx: Tx, sites: readonly string[]): Promise<Map<string, string>> => {
  if (!sites.length) return new Map();
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from organisation where id = any(${[...new Set(sites)]}::uuid[])`.execute(tx);
  return new Map(rows.map(({ id, name }) => [id, name]));
};
