// Voids and corrections in governance: what takes the place of an entry that stands, be it another officer's.
import type { Day } from '../kernel/contract.ts';
import { type Tx, withCountyReach } from '../kernel/database.ts';
import type { Subject } from '../kernel/entry.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Ctx } from '../policy/context.ts';

export interface Replacement {
  readonly county: string;
  /** The entry that was recorded first; what stands under it now is replaced. */
  readonly root: string;
  readonly id: string;
  readonly type: string;
  /** Today where nothing else is said. */
  readonly on?: Day;
  readonly body: object;
  /** Those of what stands where nothing else is said. */
  readonly subjects?: readonly Subject[];
}

/** Refuses (`alreadyReplaced`) where nothing stands any more. Row-level security shows another officer's entry to the county alone. */
export const replaceStanding = (
  tx: Tx,
  ctx: Ctx,
  { root, county, body, on = ctx.today, ...draft }: Replacement,
): Promise<void> =>
  withCountyReach(
    tx,
    async () => {
      const standing = await ctx.journal.findStanding(tx, county, root);
      if (!standing)
        throw new Refusal('alreadyReplaced', '这条记录已更正、撤销或作废，请刷新后再试。', { kind: 'conflict' });
      const entry = { subjects: standing.subjects, ...draft, county, on, body: { ...body } };
      await ctx.journal.append(tx, ctx, [{ ...entry, replaces: standing.source }]);
    },
    county,
  );
