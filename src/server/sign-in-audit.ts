// The audit's lines of signing in and out.
import { type Actor, machineActor } from '../kernel/access.ts';
import { type AuditDetails, recordAudit, writeAudit } from '../kernel/audit.ts';
import type { Clock } from '../kernel/calendar.ts';
import type { Database } from '../kernel/database.ts';
import { findActor } from '../network/account.server.ts';

interface Where {
  readonly database: Database;
  readonly clock: Clock;
}

/** Whoever typed a name that no account has. What was typed is not kept: it may be a password in the wrong box. */
const nobody: Actor = { user: '', name: '', role: 'public', organisation: null, scope: '' };

export const recordSignIn = (
  { database, clock }: Where,
  told: { username: string; address: string; outcome: string; details?: AuditDetails },
): Promise<void> =>
  database.as(machineActor, async (tx) => {
    const { username, ...rest } = told;
    const actor = (await findActor(tx, username.trim().toLowerCase())) ?? nobody;
    await writeAudit(tx, { actor, at: clock.now(), operation: 'signIn', kind: 'signIn', ...rest });
  });

/** A request without a session ends none and leaves no line. */
export const recordSignOut = async (
  { database, clock }: Where,
  { actor, address, outcome }: { actor: Actor | null; address: string; outcome: string },
): Promise<void> => {
  if (actor)
    await recordAudit(database, {
      actor,
      at: clock.now(),
      address,
      operation: 'signOut',
      kind: 'signOut',
      outcome,
    });
};
