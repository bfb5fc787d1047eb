// Lines of the audit for requests that were turned away before it was known what they asked for: too many, or not to be read.
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../kernel/access.ts';
import { recordAudit } from '../kernel/audit.ts';
import type { Clock } from '../kernel/calendar.ts';
import type { Database } from '../kernel/database.ts';

/** Of whoever asks: it was not looked up. */
const unknown: Actor = { user: '', name: '', role: 'public', organisation: null, scope: '' };

/** A flood must not become one of lines: one for each address and kind in this time. */
const everyMs = 60_000;
const mostKept = 10_000;

export type TurnedAway = 'tooManyRequests' | 'inputInvalid';

/** Writes at most one line a minute for an address; the answer does not wait for it. */
export const createRefusedRequests = (
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  onFault: (error: unknown) => void,
) => {
  const told = new Map<string, number>();
  return (request: FastifyRequest, outcome: TurnedAway): void => {
    const key = `${outcome} ${request.ip}`;
    const now = Date.now();
    if (now - (told.get(key) ?? Number.NEGATIVE_INFINITY) < everyMs) return;
    if (told.size >= mostKept) told.clear();
    told.set(key, now);
    const line = { actor: unknown, at: clock.now(), address: request.ip, operation: 'request', outcome };
    recordAudit(database, { ...line, kind: 'request' }).catch(onFault);
  };
};
