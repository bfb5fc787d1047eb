// What a handler is given besides its transaction: who acts, what day it is, the journal, and the policy packs.
import type { Actor } from '../kernel/access.ts';
import type { Day } from '../kernel/contract.ts';
import type { Journal } from '../kernel/journal.ts';
import type { Handlers as KernelHandlers } from '../kernel/perform.ts';
import type { PackLibrary } from './library.ts';

export interface Ctx {
  readonly actor: Actor;
  /** ISO instant of this request, from the kernel's clock. */
  readonly now: string;
  /** Day in Asia/Shanghai of the same instant. */
  readonly today: Day;
  readonly requestId: string;
  /** The IP address that asks; null for commands and jobs. */
  readonly address: string | null;
  readonly journal: Journal;
  readonly packs: PackLibrary;
  /** Whether the operation may count for who sees nobody (kernel/figures.ts). */
  readonly counts?: boolean;
}

/** The handlers of a contract, in the contract's shape: `(tx, ctx, input) => output`. */
export type Handlers<C> = KernelHandlers<C, Ctx>;
