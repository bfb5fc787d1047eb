// Table `standing`: what the rate asks of an episode, summed up whenever a paper, an assessment or a registration is recorded.
import { sql } from 'kysely';
import { assessmentRecorded } from '../assessment/assessment.ts';
import { agreementSigned, consentSigned, consentWithdrawn, planMade } from '../care/agreement.ts';
import type { Tx } from '../kernel/database.ts';
import { subjectIds } from '../kernel/entry.ts';
import type { Projection } from '../kernel/projection.ts';
import { applicationReviewed } from '../referral/application.ts';

/** Sums up the episodes of these persons from their rows as they are now. */
export const refreshStanding = async (tx: Tx, county: string, persons: readonly string[]): Promise<void> => {
  await sql`
    insert into standing select * from standing_of(${county}, ${[...persons]}::uuid[])
    on conflict (county, file) do update set consent = excluded.consent, agreement = excluded.agreement, plan = excluded.plan,
      asked_from = excluded.asked_from, baseline_on = excluded.baseline_on, assessed_on = excluded.assessed_on`.execute(
    tx,
  );
};

/** Reads what the projections before it wrote, so it comes after them all. */
export const standingProjection: Projection = {
  types: [
    applicationReviewed.type,
    consentSigned.type,
    consentWithdrawn.type,
    agreementSigned.type,
    planMade.type,
    assessmentRecorded.type,
  ],
  tables: [{ name: 'standing', kind: 'person', column: 'person' }],
  apply: async (tx, entries) => {
    const byCounty = Map.groupBy(entries, ({ county }) => county);
    for (const [county, own] of byCounty)
      await refreshStanding(tx, county, [...new Set(own.flatMap((entry) => subjectIds(entry, 'person')))]);
  },
};
