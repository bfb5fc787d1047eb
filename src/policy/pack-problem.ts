// A mistake in a policy file, as the command line and the screen tell it.
import { z } from 'zod';

/** A mistake in a policy file, for the person who writes it. */
export const PackProblem = z.object({
  file: z.string(),
  line: z.int(),
  message: z.string(),
  hint: z.string().optional(),
});
export type PackProblem = z.infer<typeof PackProblem>;
