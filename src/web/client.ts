// The typed client of the server's operations, and its TanStack Query helpers.
import { createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import { QueryCache, QueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { contract } from '../server/contract.ts';
import { FailedRequest, isKeptOut, RefusedRequest, readProblem } from './problem.ts';

/** fetch that throws RefusedRequest or FailedRequest for whatever is not an ok answer. */
export const send = async (input: Request | string, init?: RequestInit): Promise<Response> => {
  const response = await fetch(input, { credentials: 'same-origin', ...init }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new FailedRequest();
  });
  if (!response.ok) throw await readProblem(response);
  return response;
};

/** Requests outside the contract (sign-in, who am I, demo): the answer checked by its schema. */
export const fetchJson = async <T>(path: string, schema: z.ZodType<T>, init?: RequestInit): Promise<T> =>
  schema.parse(await (await send(path, init)).json());

export const postJson = (path: string, body: unknown): Promise<Response> =>
  send(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** A word that is sought may be somebody's name: it goes in a header, which no log of addresses keeps (server/http.ts). */
const withoutWords = (request: Request): Request => {
  const url = new URL(request.url);
  const words = url.searchParams.get('search');
  if (request.method !== 'GET' || words === null) return request;
  url.searchParams.delete('search');
  const asked = new Request(url, request);
  asked.headers.set('x-kangtu-search', encodeURIComponent(words));
  return asked;
};

/** `client.session.record({...})`: calls an operation. For writes from a screen use `useOperation`. */
export const client: ContractRouterClient<typeof contract> = createORPCClient(
  new OpenAPILink(contract, {
    url: () => `${location.origin}/api`,
    fetch: (request, init) => send(withoutWords(request), init),
  }),
);

/** `useQuery(api.session.list.queryOptions({ input }))`. */
export const api = createTanstackQueryUtils(client);

/** Only what never reached the server is worth asking again; a refusal will be the same. */
const retryUnreached = (failures: number, error: Error) =>
  error instanceof FailedRequest && error.status === undefined && failures < 2;

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (isKeptOut(error) && query.queryKey[0] !== 'me') void queryClient.invalidateQueries({ queryKey: ['me'] });
    },
  }),
  defaultOptions: {
    queries: { retry: retryUnreached, staleTime: 10_000, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
});

export const isNotFound = (error: unknown): boolean => error instanceof RefusedRequest && error.status === 404;
