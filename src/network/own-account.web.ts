// What a screen asks about one's own account: its sessions, second factor and password. These routes stand beside the contract.
import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { fetchJson, postJson } from '../web/client.ts';

const Sessions = z.object({
  rows: z.array(
    z.object({
      id: z.string(),
      begunAt: z.string(),
      activeAt: z.string(),
      address: z.string().nullable(),
      agent: z.string().nullable(),
      current: z.boolean(),
    }),
  ),
  /** Left to use; null without a second factor. */
  recoveryCodes: z.int().nullable(),
});
export type OwnSession = z.infer<typeof Sessions>['rows'][number];

export const sessionsQuery = queryOptions({
  queryKey: ['own', 'sessions'],
  queryFn: ({ signal }) => fetchJson('/api/auth/sessions', Sessions, { signal }),
});

const send = async <T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> =>
  schema.parse(await (await postJson(`/api/auth/${path}`, body)).json());

export interface PasswordChange {
  readonly id: string;
  readonly currentPassword: string;
  readonly password: string;
}
export const changePassword = (change: PasswordChange) =>
  send('password', change, z.object({ changed: z.literal(true) }));

export const endOtherSessions = (input: { readonly id: string }) =>
  send('sessions/end-others', input, z.object({ ended: z.int() }));

/** The same until it is confirmed. */
export const proposalQuery = queryOptions({
  queryKey: ['own', 'secondFactor', 'proposal'],
  queryFn: () => send('second-factor/propose', {}, z.object({ secret: z.string(), uri: z.string() })),
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: 0,
});

export const confirmSecondFactor = (input: { readonly id: string; readonly code: string }) =>
  send('second-factor/confirm', input, z.object({ recoveryCodes: z.array(z.string()) }));

export const giveSecondFactor = (code: string) =>
  send('second-factor/give', { code }, z.object({ ok: z.literal(true) }));
