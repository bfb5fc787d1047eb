// How outcomes of screening differ between two texts of the rules, for whoever decides on the second.
import { z } from 'zod';
import { ScreeningOutcome } from '../policy/screen.ts';
import { Stage } from './file.ts';

/** `none`: no document says who is in scope there. */
export const ScreenedAs = z.enum([...ScreeningOutcome.options, 'none']);
export type ScreenedAs = z.infer<typeof ScreenedAs>;

/** Whoever is served or about to be goes on being served, whatever a later text says: a screening is no longer theirs to take. */
export const servedStages: readonly Stage[] = [
  'registered',
  'referred',
  'queued',
  'accepted',
  'inService',
  'suspended',
];

export const ChangedOutcome = z.object({
  person: z.uuid(),
  /** Masked. */
  name: z.string(),
  /** Town, or the county where the town is not known. */
  place: z.string(),
  stage: Stage,
  /** Stays as is; looked at by the new text at the next assessment. */
  served: z.boolean(),
  before: ScreenedAs,
  after: ScreenedAs,
  /** Titles of the criteria that answer differently. */
  because: z.array(z.string()),
});
export type ChangedOutcome = z.infer<typeof ChangedOutcome>;

export const ScreeningChange = z.object({
  screened: z.int(),
  changed: z.int(),
  /** Of those changed. */
  served: z.int(),
  counts: z.array(z.object({ before: ScreenedAs, after: ScreenedAs, people: z.int() })),
  persons: z.array(ChangedOutcome),
});
export type ScreeningChange = z.infer<typeof ScreeningChange>;
