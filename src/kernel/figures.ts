// Counting for whoever sees nobody: offices above the counties, and finance. The only way past row-level security to a figure.
import { sql } from 'kysely';
import { type Actor, type Reach, reachOf } from './access.ts';
import type { Tx } from './database.ts';
import { Refusal } from './refusal.ts';

export interface CountingContext {
  readonly actor: Actor;
  /** Set by `perform` for operations whose contract says `city: 'figures'`, and for no other. */
  readonly counts?: boolean;
}

/** Both are ours, never typed by anybody. */
const settings = (reach: Reach, scope: string): string =>
  `set local kangtu.reach = '${reach}'; set local kangtu.scope = '${scope}'`;

/**
 * Runs `work` over every row of the actor's counties, or of the area `over`, and gives its counts. `work` returns numbers by place, never a row of a person: what
 * names somebody is read outside of it, and row-level security hides it there. An operation that its contract does not declare may not.
 */
export const asFigures = async <T>(
  tx: Tx,
  { actor, counts }: CountingContext,
  work: () => Promise<T>,
  over?: string,
): Promise<T> => {
  const reach = reachOf(actor);
  if (over === undefined && (reach === 'area' || reach === 'organisation')) return work();
  if (!counts) throw new Error('an operation that is not declared to count asked for figures');
  await sql.raw(settings('area', over ?? actor.scope)).execute(tx);
  try {
    return await work();
  } finally {
    // After a failed statement the transaction takes no other: it ends, and its settings with it.
    await sql
      .raw(settings(reach, actor.scope))
      .execute(tx)
      .catch(() => undefined);
  }
};

/** Names the way that is there: the law's minimum (PIPL 6) is what makes it narrow. */
export const figuresOnly = (): Refusal =>
  new Refusal(
    'figuresOnly',
    '市级及以上单位只看汇总数字，不逐人查看、办理（《个人信息保护法》第六条）。履行职责确需查阅某人档案的，请在“临时查阅”中写明理由。',
    { kind: 'access' },
  );
