// Page state that lives in the address, so that back, reload and a copied link bring it back. Words that are sought may be somebody's name:
// they live in the browser's history entry, which no address, bookmark or log shows.
import { useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { z } from 'zod';
import { type QuerySchema, type QueryValues, readQuery, writeQuery } from './url.ts';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** What is typed in the search box of the page. */
    words?: string | undefined;
  }
}

/** The page's query, checked by the schema, and a setter for some of its fields. `replace` (default) adds no step to the browser's history. */
export const useSearchState = <T extends object>(
  schema: QuerySchema<T>,
): readonly [T, (change: Partial<T>, options?: { replace: boolean }) => void] => {
  const raw: QueryValues = useSearch({ strict: false });
  const words = useLocation({ select: ({ state }) => state.words });
  const navigate = useNavigate();
  const value = useMemo(
    () => readQuery(schema, words === undefined ? raw : { ...raw, search: words }),
    [schema, raw, words],
  );
  const change = useCallback(
    (fields: Partial<T>, { replace } = { replace: true }) => {
      const { search: sought, ...search } = writeQuery(schema, { ...value, ...fields });
      const state = { words: typeof sought === 'string' ? sought : undefined };
      void navigate({ to: '.', search, state: (before) => ({ ...before, ...state }), replace });
    },
    [navigate, schema, value],
  );
  return [value, change];
};

/** The parameters of the page's path, checked by the schema; one that does not fit throws to the error page. */
export const usePathParams = <T extends object>(schema: z.ZodType<T>): T => {
  const raw = useParams({ strict: false });
  return useMemo(() => schema.parse(raw), [schema, raw]);
};
