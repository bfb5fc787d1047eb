// Who is signed in, where, in which role, and what day it is there.
import { queryOptions } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { z } from 'zod';
import { Role } from '../kernel/access.ts';
import { Todo } from '../network/sign-in-rules.ts';
import { fetchJson, postJson } from './client.ts';

export const Me = z.object({
  user: z.object({ id: z.string(), name: z.string(), username: z.string() }),
  role: Role,
  organisation: z.object({ id: z.string(), name: z.string(), kind: z.string() }).nullable(),
  /** GB/T 2260 prefix: '' nation, 4 digits a city, 6 a county, 9 a town. */
  scope: z.string(),
  scopeName: z.string(),
  /** What is to be done before anything else. */
  todo: Todo.nullable(),
  hasSecondFactor: z.boolean(),
  /** Present in a demo database: its clock at the moment of the answer. */
  demo: z.object({ now: z.string() }).nullable(),
  clock: z.object({ today: z.iso.date() }),
});
export type Me = z.infer<typeof Me>;

const minute = 60_000;

/** Asked again every ten minutes, so that `today` turns at midnight on a screen left open. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => fetchJson('/api/me', Me, { signal }),
  staleTime: 10 * minute,
  refetchInterval: 10 * minute,
});

export const MeContext = createContext<Me | undefined>(undefined);

/** Who is signed in; only below a page that is not `open`. */
export const useMe = (): Me => {
  const me = useContext(MeContext);
  if (me === undefined) throw new Error('useMe: the page is open to everyone, or outside the frame');
  return me;
};

/** The server's day 'YYYY-MM-DD', never the computer's; undefined on pages without a session. */
export const useToday = (): string | undefined => useContext(MeContext)?.clock.today;

export const DemoAccount = z.object({
  username: z.string(),
  name: z.string(),
  role: Role,
  scope: z.string(),
  organisation: z.string().nullable(),
});
export type DemoAccount = z.infer<typeof DemoAccount>;

/** Accounts to try the demo with; the address is absent (404) where there is no demo. */
export const demoAccountsQuery = queryOptions({
  queryKey: ['demo', 'accounts'],
  queryFn: ({ signal }) => fetchJson('/api/demo/accounts', z.array(DemoAccount), { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Loads the app anew, so that nothing of the former user stays in memory. */
const enter = (path: string) => location.assign(path);

export const signIn = async (username: string, password: string, next = '/'): Promise<void> => {
  await postJson('/api/auth/sign-in/username', { username, password });
  enter(next);
};

export const signInToDemo = async (username: string, next = '/'): Promise<void> => {
  await postJson('/api/demo/sign-in', { username });
  enter(next);
};

export const signOut = async (): Promise<void> => {
  await postJson('/api/auth/sign-out', {});
  enter('/sign-in');
};

const Ways = z.object({ identityServer: z.object({ name: z.string() }).nullable() });

/** How one may sign in beside user name and password. */
export const waysQuery = queryOptions({
  queryKey: ['signIn', 'ways'],
  queryFn: ({ signal }) => fetchJson('/api/auth/ways', Ways, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Leaves for the identity server, which sends the browser back. */
export const signInByIdentityServer = async (next: string): Promise<void> => {
  const answer = await postJson('/api/auth/begin/identityServer', { next });
  location.assign(z.object({ url: z.url() }).parse(await answer.json()).url);
};

/** After a step that the session had to take first: the page that was wanted, from the beginning. */
export const reloadPage = (): void => location.reload();

/** After a change of password, which ends every session of the account. */
export const signInAgain = (): void => enter('/sign-in');
