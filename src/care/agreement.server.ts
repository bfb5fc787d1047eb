// Signing and withdrawing consent, signing the agreement, and what stands for persons on a day.
import type { Tx } from '../kernel/database.ts';
import { findServicePapers } from './agreement.sql.ts';
import type { ServicePapers } from './agreement.ts';

/**
 * What stands on a day for each of these persons of a county, in one statement: valid consent and agreement, baseline, plan in
 * force, each as an id or null. Papers of an earlier episode do not count. Every person asked for is in the map.
 */
export const getServicePapers = async (
  tx: Tx,
  county: string,
  persons: readonly string[],
  on: string,
): Promise<ReadonlyMap<string, ServicePapers>> =>
  new Map((await findServicePapers(tx, county, persons, on)).map((papers) => [papers.person, papers]));
